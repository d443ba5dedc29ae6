//! What a caller asks of a new certificate, already validated.

use super::{name::DistinguishedName, san::SubjectAltName};
use crate::{
    error::{Error, Result},
    time::Instant,
};

/// The longest validity made, in days: 100 years. Anything beyond is a typing error.
const LONGEST_DAYS: i64 = 36_525;

/// When a certificate ends: after a span, or at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Days of 86,400 seconds from the start.
    Days(i64),
    /// An instant, included in the validity (RFC 5280 section 4.1.2.5).
    At(Instant),
}

/// A validity that holds together: start before end, both nameable in a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First second of validity.
    pub not_before: Instant,
    /// Last second of validity.
    pub not_after: Instant,
}

impl Validity {
    /// # Errors
    /// [`Error::BadArgument`] for zero, negative or absurd spans and for dates out of order.
    pub fn new(not_before: Instant, end: End) -> Result<Self> {
        if not_before.unix() < 0 {
            return Err(Error::argument(
                "--not-before",
                not_before.to_string(),
                "certificates start in 1970 or later",
            ));
        }
        let not_after = match end {
            End::Days(days) => {
                let refuse = |reason: String| Error::argument("--days", days.to_string(), reason);
                if !(1..=LONGEST_DAYS).contains(&days) {
                    return Err(refuse(format!(
                        "expected 1 to {LONGEST_DAYS} days (the default is 1461: four years)"
                    )));
                }
                not_before.plus_days(days).ok_or_else(|| refuse("this ends after the year 9999".into()))?
            }
            End::At(instant) => {
                let refuse = |reason: String| Error::argument("--not-after", instant.to_string(), reason);
                if instant <= not_before {
                    return Err(refuse(format!("the end must lie after the start, {not_before}")));
                }
                if instant.days_since(not_before) > LONGEST_DAYS {
                    return Err(refuse(format!(
                        "this is more than {LONGEST_DAYS} days after the start, {not_before}"
                    )));
                }
                instant
            }
        };
        Ok(Self { not_before, not_after })
    }
}

/// Everything that distinguishes one self-signed certificate from another, but its key and
/// its serial number.
#[derive(Clone, Debug)]
pub struct Params {
    pub(super) subject: DistinguishedName,
    pub(super) alt_names: Vec<SubjectAltName>,
    pub(super) validity: Validity,
}

impl Params {
    /// # Errors
    /// [`Error::BadArgument`] for an empty subject.
    pub fn new(
        subject: DistinguishedName,
        alt_names: Vec<SubjectAltName>,
        validity: Validity,
    ) -> Result<Self> {
        if subject.is_empty() {
            return Err(Error::argument("--subject", "", "the subject is empty; expected at least CN=name"));
        }
        Ok(Self { subject, alt_names, validity })
    }

    /// Whom the certificate is for.
    #[must_use]
    pub fn subject(&self) -> &DistinguishedName {
        &self.subject
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_bounds_and_an_order() {
        let start = Instant::from_unix(1_800_000_000).unwrap();
        for bad in [
            End::Days(0),
            End::Days(-1),
            End::Days(999_999),
            End::At(start),
            End::At(Instant::from_unix(1_000_000_000).unwrap()),
            End::At(Instant::from_unix(253_402_300_799).unwrap()),
        ] {
            assert!(matches!(Validity::new(start, bad), Err(Error::BadArgument { .. })), "{bad:?}");
        }
        let good = Validity::new(start, End::Days(1461)).unwrap();
        assert_eq!(good.not_after.unix() - good.not_before.unix(), 1461 * 86_400);
        assert!(Validity::new(start, End::Days(LONGEST_DAYS)).is_ok());
    }
}
