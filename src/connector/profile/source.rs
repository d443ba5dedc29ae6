//! Where a profile's facts come from.

use serde::{Deserialize, Deserializer, de::Error};
use toml::value::Datetime;

use crate::connector::{WebAddress, line::Line};

/// The page that a profile was written from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The page's title.
    pub page: Line,
    /// Its address, where it is known.
    pub url: Option<WebAddress>,
    /// The day it was read.
    #[serde(deserialize_with = "day")]
    pub read: Day,
}

/// A day, written as TOML writes dates: `2026-01-31`.
#[derive(Clone, Debug)]
pub struct Day(String);

/// A date of TOML without a time.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
    match Datetime::deserialize(from)? {
        Datetime { date: Some(date), time: None, offset: None } => Ok(Day(date.to_string())),
        _ => Err(D::Error::custom("expected a date such as 2026-01-31")),
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
