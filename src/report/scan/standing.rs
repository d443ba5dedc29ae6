//! How far off an end is, and how that is said.

use super::{Distinct, Scan};
use crate::{report::text::counted, time::Instant};

/// Where something stands on the way to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its last second is over.
    Ended,
    /// It ends before the moment that counts as soon.
    Soon,
    /// It ends after that.
    Later,
    /// It has no end that is known.
    Undated,
}

impl Standing {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Soon => "ends soon",
            Self::Later => "ends later",
            Self::Undated => "no known end",
        }
    }
}

impl Scan {
    /// Where something that ends then stands; its last second still counts.
    #[must_use]
    pub fn standing(&self, ends: Option<Instant>) -> Standing {
        match ends {
            None => Standing::Undated,
            Some(end) if end < self.now => Standing::Ended,
            Some(end) if end < self.soon => Standing::Soon,
            Some(_) => Standing::Later,
        }
    }

    /// How many of these stand so.
    pub(super) fn number(&self, distinct: &[Distinct<'_>], standing: Standing) -> usize {
        distinct.iter().filter(|distinct| self.standing(distinct.ends()) == standing).count()
    }

    /// How it stands, in a few words.
    pub(super) fn verdict(&self, distinct: &[Distinct<'_>]) -> String {
        let (all, notice) = (distinct.len(), self.notice());
        let have = |number| if number == 1 { "has" } else { "have" };
        let end = |number| if number == 1 { "ends" } else { "end" };
        match (self.number(distinct, Standing::Ended), self.number(distinct, Standing::Soon)) {
            _ if all == 0 => "nothing was found".into(),
            (0, 0) => format!("none of {all} ends within {notice}"),
            (0, soon) => format!("{soon} of {all} {} within {notice}", end(soon)),
            (ended, 0) => format!("{ended} of {all} {} ended", have(ended)),
            (ended, soon) => {
                format!("{ended} of {all} {} ended, {soon} {} within {notice}", have(ended), end(soon))
            }
        }
    }

    /// How long "soon" is, such as `30 days`.
    pub(super) fn notice(&self) -> String {
        const UNITS: [(i64, &str); 4] = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
        let seconds = self.soon.unix() - self.now.unix();
        let whole = UNITS.iter().find(|(length, _)| seconds != 0 && seconds % length == 0);
        whole.map_or_else(|| "0 days".into(), |(length, unit)| counted(seconds / length, unit))
    }

    /// How far off a moment is: `in 12 days`, `3 days ago`, in whole days.
    pub(super) fn distance(&self, end: Instant) -> String {
        let (ahead, behind) = (end.days_since(self.now), self.now.days_since(end));
        match (end < self.now, ahead, behind) {
            (false, 0, _) => "in less than a day".into(),
            (false, days, _) => format!("in {}", counted(days, "day")),
            (true, _, 0) => "less than a day ago".into(),
            (true, _, days) => format!("{} ago", counted(days, "day")),
        }
    }
}
