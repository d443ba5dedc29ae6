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
    key::rsa,
    time::Instant,
};

/// One thing that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // They are gen's options, which its help describes.
pub enum Item {
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
const PARTS: [(Item, &str); 6] = [
    (Item::Cn, "CN"),
    (Item::Ou, "OU"),
    (Item::Org, "O"),
    (Item::Locality, "L"),
    (Item::State, "ST"),
    (Item::Country, "C"),
];

impl Item {
    /// Every item: as a column of a list, as an option of the command line.
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

    /// The item of a column; upper case, blanks and hyphens do not matter.
    #[must_use]
    pub fn of_column(heading: &str) -> Option<Self> {
        let heading = heading.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.iter().find(|(column, _, _)| *column == heading).map(|(_, _, item)| *item)
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

/// What is asked for, item by item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request(BTreeMap<Item, Vec<String>>);

impl Request {
    /// Asks for an item; without a value, for nothing.
    pub fn set(&mut self, item: Item, values: impl IntoIterator<Item = impl Into<String>>) {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.0.insert(item, values);
        }
    }

    /// An item that there is one of.
    #[must_use]
    pub fn one(&self, item: Item) -> Option<&str> {
        self.0.get(&item).and_then(|values| values.first()).map(String::as_str)
    }

    fn all(&self, item: Item) -> impl Iterator<Item = &str> {
        self.0.get(&item).into_iter().flatten().map(String::as_str)
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The request with `defaults` for what it does not ask for.
    #[must_use]
    pub fn or(mut self, defaults: &Self) -> Self {
        let asked: Vec<Item> = self.0.keys().copied().collect();
        for (item, values) in &defaults.0 {
            let replaced = item.rivals().iter().any(|rival| asked.contains(rival));
            if !replaced && !asked.contains(item) {
                self.0.insert(*item, values.clone());
            }
        }
        self
    }

    /// The request with `{name}` replaced by its name, wherever it stands.
    #[must_use]
    pub fn filled(mut self) -> Self {
        let name = self.one(Item::Name).unwrap_or(DEFAULT_NAME).to_owned();
        for values in self.0.iter_mut().filter(|(item, _)| **item != Item::Name).map(|(_, values)| values) {
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
            name: self.one(Item::Name).unwrap_or(DEFAULT_NAME).to_owned(),
            out_dir: PathBuf::from(self.one(Item::OutDir).unwrap_or(".")),
            emit: self.emit()?,
            alias: self.one(Item::Alias).unwrap_or(DEFAULT_ALIAS).to_owned(),
            params: self.params(now)?,
            key: self.parsed(Item::Key)?.unwrap_or_default(),
            compat: self.parsed(Item::Compat)?.unwrap_or_default(),
            iterations: self.number(Item::Iterations, "a number of rounds")?,
            password: None,
            search: rsa::Options::default(),
        };
        options.check()?;
        Ok(options)
    }

    fn check_rivals(&self) -> Result<()> {
        for (item, values) in &self.0 {
            if let Some(rival) = item.rivals().iter().find(|rival| self.0.contains_key(rival)) {
                let reason = format!("cannot stand beside {}: leave one of them out", rival.option());
                return Err(Error::argument(item.option(), values.join(", "), reason));
            }
        }
        Ok(())
    }

    fn emit(&self) -> Result<Vec<Emit>> {
        let words = self.all(Item::Emit).map(|word| word.trim().parse()).collect::<Result<Vec<Emit>>>()?;
        Ok(if words.is_empty() { vec![Emit::Pfx, Emit::Cer] } else { words })
    }

    fn parsed<T: FromStr<Err = Error>>(&self, item: Item) -> Result<Option<T>> {
        self.one(item).map(str::parse).transpose()
    }

    fn number<T: FromStr>(&self, item: Item, expected: &str) -> Result<Option<T>> {
        let refuse = |text| Error::argument(item.option(), text, format!("expected {expected}"));
        self.one(item).map(|text| text.parse().map_err(|_| refuse(text))).transpose()
    }

    fn params(&self, now: Instant) -> Result<Params> {
        let at = |item: Item| self.one(item).map(|text| Instant::parse(item.option(), text, now)).transpose();
        let not_before = at(Item::NotBefore)?.unwrap_or(now);
        let end = match at(Item::NotAfter)? {
            Some(instant) => End::At(instant),
            None => End::Days(self.number(Item::Days, "a whole number of days")?.unwrap_or(DEFAULT_DAYS)),
        };
        let alt_names = self.all(Item::San).map(str::parse).collect::<Result<Vec<SubjectAltName>>>()?;
        Params::new(self.subject()?, alt_names, Validity::new(not_before, end)?)
    }

    /// The subject as it is written out, or put together from its parts; the common name is the name
    /// where nothing else is said.
    fn subject(&self) -> Result<DistinguishedName> {
        if let Some(text) = self.one(Item::Subject) {
            return DistinguishedName::parse(text);
        }
        let name = (Item::Name, "CN", self.one(Item::Name).unwrap_or(DEFAULT_NAME));
        let named = Some(name).filter(|_| !self.0.contains_key(&Item::Cn));
        let parts = PARTS
            .iter()
            .flat_map(|(item, keyword)| self.all(*item).map(move |value| (*item, *keyword, value)));
        DistinguishedName::from_parts(
            named.into_iter().chain(parts).map(|(item, keyword, value)| (item.option(), keyword, value)),
        )
    }
}

/// What stands for the name.
pub const PLACEHOLDER: &str = "{name}";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn request(words: &[(Item, &str)]) -> Request {
        let mut request = Request::default();
        words.iter().for_each(|(item, value)| request.set(*item, [*value]));
        request
    }

    fn now() -> Instant {
        Instant::from_unix(1_800_000_000).unwrap()
    }

    #[test]
    fn the_table_is_in_the_items_order() {
        for (column, option, item) in Item::ALL {
            assert_eq!(item.option(), option);
            assert_eq!(option, format!("--{}", column.replace('_', "-")));
            assert_eq!(Item::of_column(&column.to_uppercase().replace('_', " ")), Some(item));
        }
    }

    #[test]
    fn what_a_row_says_takes_the_place_of_the_defaults_and_of_their_rivals() {
        let defaults = request(&[(Item::Subject, "CN=x,O=y"), (Item::Days, "30"), (Item::Alias, "a")]);
        let row = request(&[(Item::Cn, "z"), (Item::NotAfter, "2030-01-01")]);
        let merged = row.clone().or(&defaults);
        assert_eq!(merged.one(Item::Subject), None);
        assert_eq!(merged.one(Item::Days), None);
        assert_eq!(merged.one(Item::Alias), Some("a"));
        assert!(merged.options(now()).is_ok());
        let row = request(&[(Item::Subject, "CN=x"), (Item::Days, "1")]);
        let defaults = request(&[(Item::Org, "Contoso"), (Item::NotAfter, "2030-01-01")]);
        assert_eq!(row.clone().or(&defaults), row);
    }

    #[test]
    fn a_request_does_not_contradict_itself() {
        for pair in
            [[(Item::Subject, "CN=x"), (Item::Org, "y")], [(Item::Days, "3"), (Item::NotAfter, "2030-01-01")]]
        {
            assert!(matches!(request(&pair).options(now()), Err(Error::BadArgument { .. })), "{pair:?}");
        }
    }

    #[test]
    fn the_name_is_filled_in_everywhere() {
        let filled = request(&[
            (Item::Name, "contoso"),
            (Item::OutDir, "out/{name}"),
            (Item::Cn, "{name} at {name}, not {NAME}"),
        ])
        .filled();
        assert_eq!(filled.one(Item::OutDir), Some("out/contoso"));
        assert_eq!(filled.one(Item::Cn), Some("contoso at contoso, not {NAME}"));
        let options = filled.options(now()).unwrap();
        assert_eq!(options.targets()[0], PathBuf::from("out/contoso/contoso.pfx"));
    }
}
