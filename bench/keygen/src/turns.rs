//! Turn by turn: all ways of a comparison are measured in one run, one turn each per round, and each round
//! starts with the next way. So whatever else the machine does, and whatever a turn leaves behind
//! in its caches, hits all of them alike.

use std::io;

use crate::{
    samples::{Comparison, Samples},
    usage::Usage,
};

/// One way to do what is compared.
pub(crate) struct Way<'a> {
    pub(crate) name: String,
    /// How many turns it takes; those with fewer than the others take theirs evenly spread.
    pub(crate) turns: usize,
    pub(crate) work: Box<dyn FnMut() -> io::Result<Usage> + 'a>,
}

impl<'a> Way<'a> {
    pub(crate) fn new(
        name: impl Into<String>,
        turns: usize,
        work: impl FnMut() -> io::Result<Usage> + 'a,
    ) -> Self {
        Self { name: name.into(), turns, work: Box::new(work) }
    }
}

/// Measures ways turn by turn. Each has a turn before the first round that is not counted, for what
/// happens once in a process; a way that fails there is left out.
///
/// # Errors
/// If a way fails later.
pub(crate) fn compare(
    name: &str,
    references: &[&str],
    ways: Vec<Way<'_>>,
    mut left_out: Vec<String>,
) -> io::Result<Comparison> {
    let mut takers = Vec::new();
    for mut way in ways.into_iter().filter(|way| way.turns > 0) {
        eprintln!("{name}: {}, {} turns", way.name, way.turns);
        match (way.work)() {
            Ok(_) => takers.push((Samples { way: way.name.clone(), ..Samples::default() }, way)),
            Err(error) => left_out.push(format!("{}: {error}", way.name)),
        }
    }
    let rounds = takers.iter().map(|(_, way)| way.turns).max().unwrap_or(0);
    for round in 0..rounds {
        for place in 0..takers.len() {
            let place = (place + round) % takers.len();
            let (samples, way) = &mut takers[place];
            if is_due(way.turns, round, rounds) {
                samples.add((way.work)()?);
            }
        }
    }
    let references = references.iter().map(|name| (*name).to_owned()).collect();
    let ways = takers.into_iter().map(|(samples, _)| samples).collect();
    Ok(Comparison { name: name.to_owned(), references, ways, left_out })
}

/// Whether one of `turns` turns, evenly spread over `rounds` rounds, falls on this round.
fn is_due(turns: usize, round: usize, rounds: usize) -> bool {
    (round + 1) * turns / rounds > round * turns / rounds
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Three ways of four, four and two turns: after one uncounted turn each, every round starts with the next way.
    #[test]
    fn ways_take_turns() {
        let order = RefCell::new(String::new());
        let way = |name: &'static str, turns| {
            let order = &order;
            Way::new(name, turns, move || {
                order.borrow_mut().push_str(name);
                Ok(Usage::default())
            })
        };
        let comparison = compare("", &[], vec![way("a", 4), way("b", 4), way("c", 2)], Vec::new());
        let ways = comparison.expect("no way fails").ways;
        assert_eq!(order.into_inner(), "abc ab bca ab abc".replace(' ', ""));
        assert_eq!(ways.iter().map(|way| way.cpu_ms.len()).collect::<Vec<_>>(), [4, 4, 2]);
    }

    #[test]
    fn a_way_that_cannot_start_is_left_out() {
        let ways = vec![Way::new("broken", 3, || Err(io::Error::other("no such program")))];
        let comparison = compare("", &[], ways, Vec::new()).expect("nothing else fails");
        assert!(comparison.ways.is_empty());
        assert_eq!(comparison.left_out, ["broken: no such program"]);
    }
}
