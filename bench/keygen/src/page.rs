//! The page of figures: a template's prose with the tables in their places.
//!
//! A line of the template that is `{{NAME}}` is replaced. NAME is `date`, `machine`, or a comparison
//! with a measure, such as `rsa-2048 cpu`.

use std::error::Error;

use crate::{
    machine::Machine,
    samples::{Comparison, Run},
    table::{self, Measure},
};

/// Fills a template in with what the runs measured. What no run measured is said to be missing.
///
/// # Errors
/// If the template names something that does not exist, or there is no run.
pub(crate) fn page(template: &str, date: &str, runs: &[Run]) -> Result<String, Box<dyn Error>> {
    let machine = &runs.first().ok_or("there are no samples")?.machine;
    let mut page = String::new();
    for line in template.lines() {
        match line.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) {
            None => page += &format!("{line}\n"),
            Some("date") => page += &format!("{date}\n"),
            Some("machine") => page += &facts(machine),
            Some(name) => page += &comparison(name, runs)?,
        }
    }
    Ok(page)
}

fn facts(machine: &Machine) -> String {
    machine.0.iter().map(|(name, value)| format!("- {name}: {value}\n")).collect()
}

fn comparison(name: &str, runs: &[Run]) -> Result<String, Box<dyn Error>> {
    let unknown = || format!("the template names {name}, which is no comparison with its measure");
    let (wanted, measure) = name.split_once(' ').ok_or_else(unknown)?;
    let (_, measure) = Measure::ALL.into_iter().find(|(word, _)| *word == measure).ok_or_else(unknown)?;
    let found = runs.iter().flat_map(|run| &run.comparisons).find(|comparison| comparison.name == wanted);
    let measured = |comparison: &Comparison| table::markdown(comparison, measure);
    Ok(found.map_or_else(|| "Not measured in this run.\n".into(), measured))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_filled_in() {
        let machine = Machine(vec![("kernel".into(), "6.1".into())]);
        let run = Run { machine, comparisons: Vec::new() };
        let page = |template| page(template, "2026-01-31", std::slice::from_ref(&run));
        let filled = page("# Title\n{{date}}\n{{machine}}\n{{rsa-2048 cpu}}").expect("all are known");
        assert_eq!(filled, "# Title\n2026-01-31\n- kernel: 6.1\nNot measured in this run.\n");
        assert!(page("{{rsa-2048 colour}}").is_err());
    }
}
