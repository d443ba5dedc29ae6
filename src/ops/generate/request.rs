//! What `gen` is asked for, in words: as a command line has them, or a row of a list.

use std::{collections::BTreeMap, path::PathBuf, str::FromStr};

use super::{DEFAULT_ALIAS, DEFAULT_DAYS, DEFAULT_NAME, Emit, Options};
use crate::{
    cert::{
        name::DistinguishedName,
        params::{End, Params, Validity},
        san::SubjectAltName,
    },
    error::{Error, Result},
    time::Instant,
};

/// One thing that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // They are gen's options, which its help describes.
pub enum Field {
    Name,
    OutDir,
    Emit,
    Alias,
    Subject,
    Cn,
    Ou,
    Org,
    Locality,
    State,
    Country,
    San,
    Days,
    NotAfter,
    NotBefore,
    Key,
    Compat,
    Iterations,
    Password,
}

/// The parts of a distinguished name, in its order, with their keywords (RFC 4514 section 3).
const PARTS: [(Field, &str); 6] = [
    (Field::Cn, "CN"),
    (Field::Ou, "OU"),
    (Field::Org, "O"),
    (Field::Locality, "L"),
    (Field::State, "ST"),
    (Field::Country, "C"),
];

impl Field {
    /// Every field: as a column of a list, as an option of the command line.
    pub const ALL: [(&'static str, &'static str, Self); 19] = [
        ("name", "--name", Self::Name),
        ("out_dir", "--out-dir", Self::OutDir),
        ("emit", "--emit", Self::Emit),
        ("alias", "--alias", Self::Alias),
        ("subject", "--subject", Self::Subject),
        ("cn", "--cn", Self::Cn),
        ("ou", "--ou", Self::Ou),
        ("org", "--org", Self::Org),
        ("locality", "--locality", Self::Locality),
        ("state", "--state", Self::State),
        ("country", "--country", Self::Country),
        ("san", "--san", Self::San),
        ("days", "--days", Self::Days),
        ("not_after", "--not-after", Self::NotAfter),
        ("not_before", "--not-before", Self::NotBefore),
        ("key", "--key", Self::Key),
        ("compat", "--compat", Self::Compat),
        ("iterations", "--iterations", Self::Iterations),
        ("password", "--password", Self::Password),
    ];

    /// The field of a column; upper case, blanks and hyphens do not matter.
    #[must_use]
    pub fn of_column(heading: &str) -> Option<Self> {
        let heading = heading.trim().trim_matches('"').trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.iter().find(|(column, _, _)| *column == heading).map(|(_, _, field)| *field)
    }

    /// The column that stands for an option in a list.
    #[must_use]
    pub fn column_of(option: &str) -> Option<&'static str> {
        Self::ALL.iter().find(|(_, known, _)| *known == option).map(|(column, _, _)| *column)
    }

    /// The option, as typed.
    #[must_use]
    pub fn option(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether there may be several of it.
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self, Self::Emit | Self::Ou | Self::San)
    }

    /// What it takes the place of, and what takes its place: a subject stands for all its parts.
    fn rivals(self) -> &'static [Self] {
        match self {
            Self::Subject => &[Self::Cn, Self::Ou, Self::Org, Self::Locality, Self::State, Self::Country],
            Self::Cn | Self::Ou | Self::Org | Self::Locality | Self::State | Self::Country => {
                &[Self::Subject]
            }
            Self::Days => &[Self::NotAfter],
            Self::NotAfter => &[Self::Days],
            _ => &[],
        }
    }
}

/// What is asked for, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request(BTreeMap<Field, Vec<String>>);

impl Request {
    /// Asks for a field; without a value, for nothing.
    pub fn ask(&mut self, field: Field, values: impl IntoIterator<Item = impl Into<String>>) {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.0.insert(field, values);
        }
    }

    /// A field that there is one of.
    #[must_use]
    pub fn one(&self, field: Field) -> Option<&str> {
        self.0.get(&field).and_then(|values| values.first()).map(String::as_str)
    }

    fn all(&self, field: Field) -> impl Iterator<Item = &str> {
        self.0.get(&field).into_iter().flatten().map(String::as_str)
    }

    /// The request with `defaults` for what it does not ask for.
    #[must_use]
    pub fn or(mut self, defaults: &Self) -> Self {
        let asked: Vec<Field> = self.0.keys().copied().collect();
        for (field, values) in &defaults.0 {
            let replaced = field.rivals().iter().any(|rival| asked.contains(rival));
            if !replaced && !asked.contains(field) {
                self.0.insert(*field, values.clone());
            }
        }
        self
    }

    /// The request with `{name}` replaced by its name, wherever it stands: in a subject so that it is
    /// one value, whatever it holds.
    #[must_use]
    pub fn filled(mut self) -> Self {
        let name = self.one(Field::Name).unwrap_or(DEFAULT_NAME).to_owned();
        for (field, values) in self.0.iter_mut().filter(|(field, _)| **field != Field::Name) {
            let name = if *field == Field::Subject { escaped(&name) } else { name.clone() };
            values.iter_mut().for_each(|value| *value = value.replace(PLACEHOLDER, &name));
        }
        self
    }

    /// What `gen` does of it. The password's source is left to the caller.
    ///
    /// # Errors
    /// [`Error::BadArgument`], naming the option.
    pub fn options(&self, now: Instant) -> Result<Options> {
        self.check_rivals()?;
        let options = Options {
            name: self.one(Field::Name).unwrap_or(DEFAULT_NAME).to_owned(),
            out_dir: PathBuf::from(self.one(Field::OutDir).unwrap_or(".")),
            emit: self.emit()?,
            alias: self.one(Field::Alias).unwrap_or(DEFAULT_ALIAS).to_owned(),
            params: self.params(now)?,
            key: self.parsed(Field::Key)?.unwrap_or_default(),
            compat: self.parsed(Field::Compat)?.unwrap_or_default(),
            iterations: self.number(Field::Iterations, "a number of rounds")?,
            password: None,
        };
        options.check()?;
        Ok(options)
    }

    fn check_rivals(&self) -> Result<()> {
        for (field, values) in &self.0 {
            if let Some(rival) = field.rivals().iter().find(|rival| self.0.contains_key(rival)) {
                let reason = format!("cannot stand beside {}: leave one of them out", rival.option());
                return Err(Error::argument(field.option(), values.join(", "), reason));
            }
        }
        Ok(())
    }

    fn emit(&self) -> Result<Vec<Emit>> {
        let words = self.all(Field::Emit).map(|word| word.trim().parse()).collect::<Result<Vec<Emit>>>()?;
        Ok(if words.is_empty() { vec![Emit::Pfx, Emit::Cer] } else { words })
    }

    fn parsed<T: FromStr<Err = Error>>(&self, field: Field) -> Result<Option<T>> {
        self.one(field).map(str::parse).transpose()
    }

    fn number<T: FromStr>(&self, field: Field, expected: &str) -> Result<Option<T>> {
        let refuse = |text| Error::argument(field.option(), text, format!("expected {expected}"));
        self.one(field).map(|text| text.parse().map_err(|_| refuse(text))).transpose()
    }

    fn params(&self, now: Instant) -> Result<Params> {
        let at =
            |field: Field| self.one(field).map(|text| Instant::parse(field.option(), text, now)).transpose();
        let not_before = at(Field::NotBefore)?.unwrap_or(now);
        let end = match at(Field::NotAfter)? {
            Some(instant) => End::At(instant),
            None => End::Days(self.number(Field::Days, "a whole number of days")?.unwrap_or(DEFAULT_DAYS)),
        };
        let alt_names = self.all(Field::San).map(str::parse).collect::<Result<Vec<SubjectAltName>>>()?;
        Params::new(self.subject()?, alt_names, Validity::new(not_before, end)?)
    }

    /// The subject as it is written out, or put together from its parts; the common name is the name
    /// where nothing else is said.
    fn subject(&self) -> Result<DistinguishedName> {
        if let Some(text) = self.one(Field::Subject) {
            return DistinguishedName::parse(text);
        }
        let name = (Field::Name, "CN", self.one(Field::Name).unwrap_or(DEFAULT_NAME));
        let named = Some(name).filter(|_| !self.0.contains_key(&Field::Cn));
        let parts = PARTS
            .iter()
            .flat_map(|(field, keyword)| self.all(*field).map(move |value| (*field, *keyword, value)));
        DistinguishedName::from_parts(
            named.into_iter().chain(parts).map(|(field, keyword, value)| (field.option(), keyword, value)),
        )
    }
}

/// A text as part of a distinguished name's value (RFC 4514 section 2.4).
fn escaped(text: &str) -> String {
    let special = |c: char| matches!(c, '"' | '+' | ',' | ';' | '<' | '=' | '>' | '\\' | '#' | ' ');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// What stands for the name.
pub const PLACEHOLDER: &str = "{name}";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn request(words: &[(Field, &str)]) -> Request {
        let mut request = Request::default();
        words.iter().for_each(|(field, value)| request.ask(*field, [*value]));
        request
    }

    fn now() -> Instant {
        Instant::from_unix(1_800_000_000).unwrap()
    }

    #[test]
    fn the_table_is_in_the_fields_order() {
        for (column, option, field) in Field::ALL {
            assert_eq!(field.option(), option);
            assert_eq!(option, format!("--{}", column.replace('_', "-")));
            assert_eq!(Field::of_column(&column.to_uppercase().replace('_', " ")), Some(field));
        }
    }

    #[test]
    fn what_a_row_says_takes_the_place_of_the_defaults_and_of_their_rivals() {
        let defaults = request(&[(Field::Subject, "CN=x,O=y"), (Field::Days, "30"), (Field::Alias, "a")]);
        let row = request(&[(Field::Cn, "z"), (Field::NotAfter, "2030-01-01")]);
        let merged = row.clone().or(&defaults);
        assert_eq!(merged.one(Field::Subject), None);
        assert_eq!(merged.one(Field::Days), None);
        assert_eq!(merged.one(Field::Alias), Some("a"));
        assert!(merged.options(now()).is_ok());
        let row = request(&[(Field::Subject, "CN=x"), (Field::Days, "1")]);
        let defaults = request(&[(Field::Org, "Contoso"), (Field::NotAfter, "2030-01-01")]);
        assert_eq!(row.clone().or(&defaults), row);
    }

    #[test]
    fn a_request_does_not_contradict_itself() {
        for pair in [
            [(Field::Subject, "CN=x"), (Field::Org, "y")],
            [(Field::Days, "3"), (Field::NotAfter, "2030-01-01")],
        ] {
            assert!(matches!(request(&pair).options(now()), Err(Error::BadArgument { .. })), "{pair:?}");
        }
    }

    #[test]
    fn the_name_is_filled_in_everywhere() {
        let filled = request(&[
            (Field::Name, "contoso"),
            (Field::OutDir, "out/{name}"),
            (Field::Cn, "{name} at {name}, not {NAME}"),
        ])
        .filled();
        assert_eq!(filled.one(Field::OutDir), Some("out/contoso"));
        assert_eq!(filled.one(Field::Cn), Some("contoso at contoso, not {NAME}"));
        let wild = request(&[(Field::Name, " a,O=Evil+#\" "), (Field::Subject, "CN={name} of {name},C=DE")])
            .filled();
        let subject = wild.options(now()).unwrap().params.subject().clone();
        let name = " a,O=Evil+#\" ";
        let meant = [("--cn", "CN", format!("{name} of {name}")), ("--country", "C", "DE".to_owned())];
        let meant = meant.iter().map(|(option, keyword, value)| (*option, *keyword, value.as_str()));
        assert_eq!(subject, DistinguishedName::from_parts(meant).unwrap());
        let options = filled.options(now()).unwrap();
        assert_eq!(options.targets()[0], PathBuf::from("out/contoso/contoso.pfx"));
    }
}
