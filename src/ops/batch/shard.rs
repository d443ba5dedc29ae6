//! One of several equal parts of a list, for as many machines that know nothing of each other.

use std::str::FromStr;

use crate::error::{Error, Result};

/// Part `index` of `count`, from 0: every `count`th row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// Whether it takes the row at `position`, from 0. Rows go round, so that parts differ by one row
    /// at most.
    #[must_use]
    pub fn takes(self, position: usize) -> bool {
        position % self.count == self.index
    }
}

impl FromStr for Shard {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |reason: &str| Error::argument("--shard", text, reason);
        let expected = "expected I/N, such as 0/4 for the first of four parts";
        let (index, count) = text.split_once('/').ok_or_else(|| refuse(expected))?;
        let number = |text: &str| text.parse::<usize>().map_err(|_| refuse(expected));
        let (index, count) = (number(index)?, number(count)?);
        if index >= count {
            return Err(refuse("parts are counted from 0: the last of N is N-1/N"));
        }
        Ok(Self { index, count })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "1/", "/2", "2/2", "0/0", "-1/2", "1/2/3", "a/b", "0x0/2"] {
            assert!(matches!(text.parse::<Shard>(), Err(Error::BadArgument { .. })), "{text}");
        }
        assert!("0/1".parse::<Shard>().is_ok());
    }

    proptest! {
        /// Every row is in exactly one part.
        #[test]
        fn the_parts_are_the_whole(count in 1..50usize, position in 0..10_000usize) {
            let takers = (0..count).filter(|index| Shard { index: *index, count }.takes(position));
            prop_assert_eq!(takers.count(), 1);
        }
    }
}
