//! The names in a credential's line: `keystore.pfx`, then `keystore-2026-11-22.pfx`, and
//! `keystore-2026-11-22-2.pfx` for a second one of that day.

use std::fmt;

use crate::time::Instant;

/// Endings that are one although there is a dot in them.
const DOUBLE: [&str; 4] = ["key.pem", "cert.pem", "key.der", "cert.der"];

/// The endings under which the other forms of a credential are looked for, in whatever case: Windows
/// writes `.CER` and `.PFX`.
const SUFFIXES: [&str; 20] = [
    "pfx", "p12", "pkcs12", "cer", "crt", "cert", "der", "json", "key", "key.pem", "cert.pem", "key.der",
    "cert.der", "pem", "p8", "pk8", "pkcs8", "jks", "jceks", "keystore",
];

/// What tells the members of a line apart: the day, and the number of that day. Later ones are greater.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    /// `2026-11-22`
    day: String,
    /// From 1; the first has none in its name.
    number: u32,
}

impl Mark {
    /// The first of today that is not among `taken`.
    pub(super) fn next(now: Instant, taken: impl IntoIterator<Item = Self>) -> Self {
        let day = day_of(now);
        let of_day = taken.into_iter().filter(|mark| mark.day == day).map(|mark| mark.number);
        let number = of_day.max().unwrap_or(0).saturating_add(1);
        Self { day, number }
    }

    /// Whether it is of the day of a moment, or of one before.
    pub(super) fn is_by(&self, moment: Instant) -> bool {
        self.day <= day_of(moment)
    }

    /// Whether it is of the day of a moment, or of one after.
    pub(super) fn is_since(&self, moment: Instant) -> bool {
        self.day >= day_of(moment)
    }

    /// The mark at the end of a base, and what stands before it.
    fn split(base: &str) -> Option<(&str, Self)> {
        let dated = |base: &'_ str| -> Option<(usize, String)> {
            let cut = base.len().checked_sub(DAY.len() + 1).filter(|cut| *cut > 0)?;
            let day = base.get(cut..)?.strip_prefix('-')?;
            is_day(day).then(|| (cut, day.to_owned()))
        };
        if let Some((cut, day)) = dated(base) {
            return Some((&base[..cut], Self { day, number: 1 }));
        }
        let (base, number) = base.rsplit_once('-')?;
        let number =
            number.parse().ok().filter(|parsed: &u32| *parsed > 1 && parsed.to_string() == number)?;
        let (cut, day) = dated(base)?;
        Some((&base[..cut], Self { day, number }))
    }
}

fn day_of(moment: Instant) -> String {
    moment.to_string().chars().take(DAY.len()).collect()
}

/// The form of a day.
const DAY: &str = "dddd-dd-dd";

fn is_day(text: &str) -> bool {
    text.len() == DAY.len()
        && text.bytes().zip(DAY.bytes()).all(|(found, form)| match form {
            b'd' => found.is_ascii_digit(),
            _ => found == form,
        })
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.day)?;
        if self.number > 1 { write!(f, "-{}", self.number) } else { Ok(()) }
    }
}

/// A file's name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    stem: String,
    /// None of the first of a line.
    pub(super) mark: Option<Mark>,
    /// What follows the base's dot; empty where there is none.
    suffix: String,
}

impl Name {
    pub(super) fn parse(name: &str) -> Self {
        let double = DOUBLE.iter().find_map(|double| {
            let (base, suffix) = name.split_at_checked(name.len().checked_sub(double.len())?)?;
            let is_it = suffix.eq_ignore_ascii_case(double);
            is_it.then(|| Some((base.strip_suffix('.')?, suffix))).flatten()
        });
        let (base, suffix) = double
            .or_else(|| name.rsplit_once('.'))
            .filter(|(base, _)| !base.is_empty())
            .unwrap_or((name, ""));
        match Mark::split(base) {
            Some((stem, mark)) => Self { stem: stem.into(), mark: Some(mark), suffix: suffix.into() },
            None => Self { stem: base.into(), mark: None, suffix: suffix.into() },
        }
    }

    /// The name of the same form with another mark.
    pub(super) fn with(&self, mark: Option<Mark>) -> Self {
        Self { mark, ..self.clone() }
    }

    /// The name in the archive of the record that watched this one.
    pub(super) fn record(&self, mark: &Mark) -> String {
        format!("{}-{mark}.certkit.toml", self.stem)
    }

    /// Whether a file of this name may belong to the same line, this one or an earlier or later one.
    pub(super) fn is_in_line_with(&self, own: &Self) -> bool {
        if *self == own.with(self.mark.clone()) {
            return true;
        }
        // OpenSSL's examples call the two files of a credential key.pem and cert.pem.
        let pem_pair = |name: &Self| {
            name.suffix.eq_ignore_ascii_case("pem") && matches!(name.stem.as_str(), "key" | "cert")
        };
        let is_known = || SUFFIXES.iter().any(|suffix| suffix.eq_ignore_ascii_case(&self.suffix));
        (self.stem == own.stem && is_known()) || (pem_pair(self) && pem_pair(own))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stem)?;
        if let Some(mark) = &self.mark {
            write!(f, "-{mark}")?;
        }
        if self.suffix.is_empty() { Ok(()) } else { write!(f, ".{}", self.suffix) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_apart_and_together_again() {
        for (name, stem, mark, suffix) in [
            ("keystore.pfx", "keystore", "", "pfx"),
            ("keystore-2026-11-22.pfx", "keystore", "2026-11-22", "pfx"),
            ("a.b-2026-11-22-3.key.pem", "a.b", "2026-11-22-3", "key.pem"),
            ("key.pem", "key", "", "pem"),
            ("keystore", "keystore", "", ""),
            (".pfx", ".pfx", "", ""),
            ("2026-11-22.pfx", "2026-11-22", "", "pfx"),
            ("keystore-2026-11-22-1.pfx", "keystore-2026-11-22-1", "", "pfx"),
            ("keystore-2026-11-22-02.pfx", "keystore-2026-11-22-02", "", "pfx"),
            ("größe-2026-11-22.cer", "größe", "2026-11-22", "cer"),
            ("KEYSTORE-2026-11-22.KEY.PEM", "KEYSTORE", "2026-11-22", "KEY.PEM"),
            ("ß.pem", "ß", "", "pem"),
        ] {
            let parsed = Name::parse(name);
            assert_eq!(parsed.to_string(), name);
            let found = parsed.mark.as_ref().map(Mark::to_string).unwrap_or_default();
            assert_eq!((&*parsed.stem, &*found, &*parsed.suffix), (stem, mark, suffix), "{name}");
        }
    }

    #[test]
    fn a_line_is_of_one_stem_and_known_endings() {
        let own = Name::parse("keystore-2024-01-01.store");
        for (name, is_in_line) in [
            ("keystore.pfx", true),
            ("keystore-2028-10-01-2.cert.pem", true),
            ("keystore.store", true),
            ("keystore.CER", true),
            ("keystore-2026-11-22.Key.PEM", true),
            ("keystore.key", true),
            ("keystore.txt", false),
            ("keystore2.pfx", false),
        ] {
            assert_eq!(Name::parse(name).is_in_line_with(&own), is_in_line, "{name}");
        }
        let pair = |one, other| Name::parse(one).is_in_line_with(&Name::parse(other));
        assert!(pair("cert-2026-11-22.pem", "key.pem"));
        assert!(!pair("cert.pem", "site.pem"));
    }

    #[test]
    fn marks_follow_each_other() {
        let now = Instant::from_unix(1_800_000_000).unwrap();
        let mark = |name| Name::parse(name).mark.unwrap();
        let first = Mark::next(now, [mark("a-2026-01-01-7.pfx")]);
        assert_eq!(first.to_string(), "2027-01-15");
        let third = Mark::next(now, [first.clone(), mark("a-2027-01-15-2.pfx")]);
        assert_eq!(third.to_string(), "2027-01-15-3");
        assert!(first < third && third < mark("a-2027-01-16.pfx"));
    }
}
