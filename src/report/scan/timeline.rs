//! When what was found ends, as a picture: where each mark stands. The picture itself is the page's.
//!
//! Ends gather in columns. While no column is higher than a few marks, each end has its own; beyond that
//! a column is a bar. What ends far outside the span that most ends lie in is counted at its side.

use std::collections::BTreeMap;

use super::{Distinct, Scan, Standing};
use crate::{
    report::text::{clean, counted},
    time::Instant,
};

/// The picture's left and right, and how wide a column is, in the picture's units.
const LEFT: i64 = 84;
const RIGHT: i64 = 916;
const STEP: i64 = 13;
/// Where marks stand, how high one is, and how many stand on each other.
const GROUND: i64 = 178;
const MARK: i64 = 13;
const MOST: usize = 9;

const DAY: i64 = 86_400;

/// What the picture is made of.
pub(super) struct Timeline {
    /// Where the scan's moment is, and the one that counts as soon.
    pub now: i64,
    pub soon: i64,
    pub ticks: Vec<Tick>,
    pub columns: Vec<Column>,
    /// Whether columns are bars, and then what the highest one stands for.
    pub bars: Option<usize>,
    /// How many ended before its left, and end after its right.
    pub before: usize,
    pub after: usize,
}

/// The first of a month.
pub(super) struct Tick {
    pub x: i64,
    pub label: String,
}

/// What ends within one stretch of time.
pub(super) struct Column {
    pub x: i64,
    /// What it stands for, in words.
    pub words: String,
    pub pieces: Vec<Piece>,
}

/// A mark, or the part of a bar whose ends stand alike.
pub(super) struct Piece {
    pub y: i64,
    pub height: i64,
    pub standing: Standing,
}

impl Timeline {
    /// The picture of everything that has an end; none where nothing has.
    pub(super) fn of(scan: &Scan, distinct: &[Distinct<'_>]) -> Option<Self> {
        let ends: Vec<(Instant, &Distinct<'_>)> =
            distinct.iter().filter_map(|distinct| Some((distinct.ends()?, distinct))).collect();
        if ends.is_empty() {
            return None;
        }
        let span = Span::around(scan, ends.iter().map(|(end, _)| *end));
        // Columns are counted from now on: none holds both what has ended and what has not.
        let now = span.x(scan.now.unix());
        let mut columns: BTreeMap<i64, Vec<(Instant, &Distinct<'_>)>> = BTreeMap::new();
        let (mut before, mut after) = (0, 0);
        for (end, distinct) in ends {
            match end.unix() {
                unix if unix < span.first => before += 1,
                unix if unix > span.last => after += 1,
                unix => {
                    columns.entry((span.x(unix) - now).div_euclid(STEP)).or_default().push((end, distinct))
                }
            }
        }
        let highest = columns.values().map(Vec::len).max().unwrap_or(0);
        let bars = (highest > MOST).then_some(highest);
        let column = |(place, ends): (i64, Vec<(Instant, &Distinct<'_>)>)| Column {
            x: now + place * STEP,
            words: words(&ends),
            pieces: pieces(scan, &ends, bars),
        };
        Some(Self {
            now,
            soon: span.x(scan.soon.unix()),
            ticks: span.ticks(),
            columns: columns.into_iter().map(column).collect(),
            bars,
            before,
            after,
        })
    }
}

/// The seconds that the picture shows.
struct Span {
    first: i64,
    last: i64,
}

impl Span {
    /// As far to both sides as three in four of the ends there lie, in steps.
    fn around(scan: &Scan, ends: impl Iterator<Item = Instant>) -> Self {
        const STEPS: [i64; 8] = [60, 120, 366, 731, 1462, 2192, 3653, 9131]; // days: two months to 25 years
        let (now, soon) = (scan.now.unix(), scan.soon.unix());
        let (past, future): (Vec<i64>, Vec<i64>) = ends.map(|end| end.unix() - now).partition(|off| *off < 0);
        let reach = |distances: &[i64]| {
            let covers = |days: &&i64| {
                let within = distances.iter().filter(|off| off.abs() <= **days * DAY).count();
                within * 4 >= distances.len() * 3
            };
            STEPS.iter().find(covers).map_or(9131, |days| *days) * DAY
        };
        let ahead = reach(&future).max((soon - now) * 4 / 3);
        let behind = if past.is_empty() { ahead / 16 } else { reach(&past).min(ahead / 2) };
        Self { first: now - behind, last: now + ahead }
    }

    fn x(&self, unix: i64) -> i64 {
        LEFT + (unix - self.first) * (RIGHT - LEFT) / (self.last - self.first)
    }

    /// Months that are round, not more than there is room for.
    fn ticks(&self) -> Vec<Tick> {
        const ROOM: i64 = 10;
        let month = |unix| Instant::from_unix(unix).map(Instant::month);
        let (Some(first), Some(last)) = (month(self.first), month(self.last)) else { return Vec::new() };
        let step = [1, 2, 3, 6, 12, 24].into_iter().find(|step| (last - first) / step < ROOM).unwrap_or(60);
        let round = (first / step + 1)..=(last / step);
        let tick = |number: i64| {
            let moment = Instant::from_month(number * step)?;
            let label: String = moment.to_string().chars().take(if step < 12 { 7 } else { 4 }).collect();
            Some(Tick { x: self.x(moment.unix()), label })
        };
        round.filter_map(tick).collect()
    }
}

/// From the ground up: what has ended, what ends soon, the rest.
fn pieces(scan: &Scan, ends: &[(Instant, &Distinct<'_>)], bars: Option<usize>) -> Vec<Piece> {
    let mut standings: Vec<Standing> = ends.iter().map(|(end, _)| scan.standing(Some(*end))).collect();
    standings.sort_unstable();
    let runs: Vec<(Standing, usize)> = match bars {
        None => standings.into_iter().map(|standing| (standing, 1)).collect(),
        Some(_) => {
            standings.chunk_by(PartialEq::eq).filter_map(|run| Some((*run.first()?, run.len()))).collect()
        }
    };
    let mut y = GROUND;
    let piece = |(standing, number): (Standing, usize)| {
        let height = match bars {
            None => MARK,
            Some(highest) => scaled(number, highest),
        };
        y -= height;
        Piece { y, height, standing }
    };
    runs.into_iter().map(piece).collect()
}

/// The height of a part of a bar; the highest bar is as high as a column of marks. One end is seen too.
fn scaled(number: usize, highest: usize) -> i64 {
    let share = number as f64 / highest.max(1) as f64;
    ((share * (MARK * 9) as f64).round() as i64).max(2)
}

/// What a column stands for: how much, when, and the first few names.
fn words(ends: &[(Instant, &Distinct<'_>)]) -> String {
    const NAMED: usize = 6;
    let date = |end: Option<&(Instant, &Distinct<'_>)>| {
        end.map_or_else(String::new, |(end, _)| end.to_string().chars().take(10).collect::<String>())
    };
    let (first, last) = (date(ends.first()), date(ends.last()));
    let mut words = if first == last { first } else { format!("{first} to {last}") };
    if ends.len() > 1 {
        words = format!("{words}, {}", counted(ends.len(), "end"));
    }
    for (_, distinct) in ends.iter().take(NAMED) {
        words.push('\n');
        words.push_str(&clean(&distinct.thing().title()));
    }
    if let Some(more @ 1..) = ends.len().checked_sub(NAMED) {
        words.push_str(&format!("\nand {more} more"));
    }
    words
}
