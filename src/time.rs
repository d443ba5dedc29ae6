//! Dates of certificates: UTC, to the second. The current time is always an argument.

use std::fmt;

use jiff::{SignedDuration, Timestamp, civil};

use crate::error::{Error, Result};

/// Seconds in a day of validity. Certificates count days of 86,400 seconds, as keytool and
/// OpenSSL do; leap seconds do not exist here.
const DAY: i64 = 86_400;

/// 9999-12-31T23:59:59Z, the last instant a certificate can name (RFC 5280 section 4.1.2.5).
const LAST: i64 = 253_402_300_799;

/// An instant in UTC, whole seconds, from year 0 to the end of 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// 9999-12-31T23:59:59Z: a certificate that names it as its end says that it has none (RFC 5280
    /// section 4.1.2.5).
    pub const LAST: Self = Self(LAST);

    /// From seconds since 1970-01-01T00:00:00Z; `None` outside what a certificate can name.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        const FIRST: i64 = -62_167_219_200; // 0000-01-01T00:00:00Z
        (FIRST..=LAST).contains(&seconds).then_some(Self(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0
    }

    /// Whole days from `earlier` to this instant, rounded down; negative when it lies before.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(DAY)
    }

    /// The instant `days` days of 86,400 seconds later; `None` past the year 9999.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Option<Self> {
        days.checked_mul(DAY).and_then(|seconds| self.0.checked_add(seconds)).and_then(Self::from_unix)
    }

    /// Its month in UTC, counted from January of year 0.
    pub(crate) fn month(self) -> i64 {
        let date =
            EPOCH.checked_add(SignedDuration::from_secs(self.0)).unwrap_or(civil::DateTime::MAX).date();
        i64::from(date.year()) * 12 + i64::from(date.month()) - 1
    }

    /// The first second of a month that is counted so; `None` outside the years 0 to 9999.
    pub(crate) fn from_month(month: i64) -> Option<Self> {
        let year = month.div_euclid(12).try_into().ok()?;
        let first = civil::Date::new(year, (month.rem_euclid(12) + 1).try_into().ok()?, 1).ok()?;
        Self::from_unix(first.at(0, 0, 0, 0).duration_since(EPOCH).as_secs())
    }

    /// Reads the value of `option`: RFC 3339 (`2030-01-31T12:00:00Z`, any offset), a date
    /// (`2030-01-31`, midnight UTC), or a span from `now` (`90d`, `36h`, `15m`, `30s`, each with an
    /// optional sign).
    ///
    /// # Errors
    /// [`Error::BadArgument`] for anything else.
    pub fn parse(option: &'static str, text: &str, now: Self) -> Result<Self> {
        let read = span(text)
            .map(|seconds| now.0.checked_add(seconds).and_then(Self::from_unix))
            .or_else(|| {
                let stamp = text.parse::<Timestamp>().ok()?;
                Some(Self::from_unix(stamp.as_second()))
            })
            .or_else(|| {
                let civil = match text.strip_suffix('Z') {
                    Some(time) => time.parse::<civil::DateTime>().ok().filter(|_| time.len() == 19)?,
                    None => text.parse::<civil::Date>().ok().filter(|_| text.len() == 10)?.at(0, 0, 0, 0),
                };
                Some(Self::from_unix(civil.duration_since(EPOCH).as_secs()))
            });
        read.flatten().ok_or_else(|| {
            Error::argument(
                option,
                text,
                "expected a time such as 2030-01-31T12:00:00Z, a date such as 2030-01-31 (midnight UTC), or a span from now such as 90d or 24h",
            )
        })
    }
}

/// `90d` and the like as seconds; `None` where the text is not a span.
fn span(text: &str) -> Option<i64> {
    let number = text.get(..text.len().checked_sub(1)?)?;
    let unit = match text.as_bytes().last()? {
        b'd' => DAY,
        b'h' => 3600,
        b'm' => 60,
        b's' => 1,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(unit)
}

/// 1970-01-01T00:00:00, from which instants are counted.
const EPOCH: civil::DateTime = civil::datetime(1970, 1, 1, 0, 0, 0, 0);

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, whole seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Civil time reaches the last second of 9999, which jiff's timestamps do not.
        match EPOCH.checked_add(SignedDuration::from_secs(self.0)) {
            Ok(time) => write!(f, "{time}Z"),
            Err(_) => write!(f, "@{}", self.0),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling() {
        let now = Instant::from_unix(1_000_000_000).unwrap();
        let read = |text| Instant::parse("--at", text, now).map(Instant::unix).ok();
        assert_eq!(read("2001-09-09T01:46:40Z"), Some(1_000_000_000));
        assert_eq!(read("2001-09-09T03:46:40+02:00"), Some(1_000_000_000));
        assert_eq!(read("2001-09-09"), Some(999_993_600));
        assert_eq!(read("90d"), Some(1_000_000_000 + 90 * DAY));
        assert_eq!(read("-1h"), Some(1_000_000_000 - 3600));
        for bad in [
            "",
            "d",
            "tomorrow",
            "2001-13-01",
            "2001-09-09T01:46:40",
            "9999999999d",
            "10001-01-01",
            "20010909",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn prints_utc_to_the_second() {
        assert_eq!(Instant::from_unix(LAST).unwrap().to_string(), "9999-12-31T23:59:59Z");
        assert!(Instant::from_unix(LAST + 1).is_none());
    }

    #[test]
    fn months_begin_with_their_first_second() {
        let at = |text| Instant::parse("--at", text, Instant(0)).unwrap();
        assert_eq!(at("2001-09-09T01:46:40Z").month(), 2001 * 12 + 8);
        for (inside, first) in [
            ("2000-02-29", "2000-02-01"),
            ("1969-12-31T23:59:59Z", "1969-12-01"),
            ("0000-01-31", "0000-01-01"),
        ] {
            assert_eq!(Instant::from_month(at(inside).month()), Some(at(first)), "{inside}");
        }
        assert_eq!(Instant::from_month(Instant::LAST.month() + 1), None);
        assert_eq!(Instant::from_month(-1), None);
    }

    #[test]
    fn days_round_down_on_both_sides_of_zero() {
        let at = |s| Instant::from_unix(s).unwrap();
        assert_eq!(at(DAY).days_since(at(1)), 0);
        assert_eq!(at(0).days_since(at(1)), -1);
    }
}
