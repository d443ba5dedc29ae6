//! A comparison as a Markdown table.

use std::iter;

use crate::{
    samples::{Comparison, Samples},
    statistics::{self, Estimate},
};

/// What a table is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Processor time, in milliseconds.
    Cpu,
    /// Time on the clock, in milliseconds.
    Wall,
    /// Both in short, and the most memory: for what is not compared.
    Cost,
}

impl Measure {
    pub(crate) const ALL: [(&'static str, Self); 3] =
        [("cpu", Self::Cpu), ("wall", Self::Wall), ("cost", Self::Cost)];

    fn times(self, samples: &Samples) -> &[f64] {
        if self == Self::Cpu { &samples.cpu_ms } else { &samples.wall_ms }
    }
}

/// The table, with what was left out below it.
pub(crate) fn markdown(comparison: &Comparison, measure: Measure) -> String {
    let table = match measure {
        _ if comparison.ways.is_empty() => String::new(),
        Measure::Cost => costs(&comparison.ways),
        Measure::Cpu | Measure::Wall => times(comparison, measure),
    };
    let left_out = comparison.left_out.iter().map(|reason| format!("Left out: {reason}.\n"));
    iter::once(table).filter(|table| !table.is_empty()).chain(left_out).collect::<Vec<_>>().join("\n")
}

fn times(comparison: &Comparison, measure: Measure) -> String {
    let references: Vec<&Samples> = comparison
        .references
        .iter()
        .filter_map(|name| comparison.ways.iter().find(|samples| samples.way == *name))
        .collect();
    let mut head = vec!["".to_owned(), "n".into(), "mean, ms (95 %)".into(), "median, ms".into()];
    head.extend(references.iter().map(|reference| format!("{} ÷ it (95 %)", reference.way)));
    let mut text = row(&head) + &rule(head.len());
    for samples in &comparison.ways {
        let own = measure.times(samples);
        let mut cells = vec![
            samples.way.clone(),
            own.len().to_string(),
            interval(statistics::mean(own)),
            figure(statistics::median(own)),
        ];
        cells.extend(references.iter().map(|reference| match reference.way == samples.way {
            true => "1".into(),
            false => interval(statistics::ratio(measure.times(reference), own)),
        }));
        text += &row(&cells);
    }
    text
}

fn costs(ways: &[Samples]) -> String {
    let head = ["", "n", "processor, mean, ms (95 %)", "clock, median, ms", "most memory, MiB"];
    let mut text = row(&head.map(str::to_owned)) + &rule(head.len());
    for samples in ways {
        let peak = samples.peak_kib.iter().max().copied().unwrap_or_default();
        text += &row(&[
            format!("`{}`", samples.way),
            samples.cpu_ms.len().to_string(),
            interval(statistics::mean(&samples.cpu_ms)),
            figure(statistics::median(&samples.wall_ms)),
            figure(peak as f64 / 1024.0),
        ]);
    }
    text
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn rule(columns: usize) -> String {
    format!("|---|{}\n", "--:|".repeat(columns - 1))
}

fn interval(estimate: Estimate) -> String {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(figure);
    format!("{value} ({low} to {high})")
}

/// Three digits, which is more than the intervals allow for.
fn figure(value: f64) -> String {
    let decimals = match value {
        value if value >= 99.95 => 0,
        value if value >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(way: &str, times: [f64; 2]) -> Samples {
        Samples { way: way.into(), cpu_ms: times.into(), wall_ms: times.into(), peak_kib: vec![2048, 1024] }
    }

    fn comparison() -> Comparison {
        Comparison {
            name: "rsa-2048".into(),
            references: vec!["slow".into()],
            ways: vec![samples("quick", [2.0, 2.0]), samples("slow", [300.0, 300.0])],
            left_out: vec!["other: it is not installed".into()],
        }
    }

    #[test]
    fn ratios_say_how_often_the_reference_is_slower() {
        let table = markdown(&comparison(), Measure::Cpu);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "|  | n | mean, ms (95 %) | median, ms | slow ÷ it (95 %) |");
        assert_eq!(lines[2], "| quick | 2 | 2.00 (2.00 to 2.00) | 2.00 | 150 (150 to 150) |");
        assert_eq!(lines[3], "| slow | 2 | 300 (300 to 300) | 300 | 1 |");
        assert_eq!(lines[5], "Left out: other: it is not installed.");
    }

    #[test]
    fn costs_give_the_most_memory() {
        let table = markdown(&comparison(), Measure::Cost);
        assert!(table.contains("| `quick` | 2 | 2.00 (2.00 to 2.00) | 2.00 | 2.00 |"), "{table}");
    }
}
