//! A list of credentials to make: CSV, JSON Lines, or nothing but names; each row a [`Request`]
//! with the line it starts on. What cannot be understood is a fault of its line, and all faults are
//! found.

mod csv;
mod jsonl;
mod names;

use std::str::FromStr;

use crate::{
    error::{Error, Result},
    ops::{
        Input,
        generate::{Field, Request},
    },
};

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values (RFC 4180) under a line of column names; semicolons and tabs do too.
    Csv,
    /// One JSON object a line, its members named like the columns.
    JsonLines,
    /// One name a line.
    Names,
}

impl Form {
    /// Every form, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 3] =
        [("csv", Self::Csv), ("jsonl", Self::JsonLines), ("names", Self::Names)];

    /// What a list looks like: objects, a heading, or names.
    fn of(text: &str) -> Self {
        let first = text.trim_start().lines().next().unwrap_or_default();
        if first.starts_with('{') {
            Self::JsonLines
        } else if csv::is_heading(first) {
            Self::Csv
        } else {
            Self::Names
        }
    }
}

impl FromStr for Form {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        Error::parse_word("--list-format", word, &Self::ALL)
    }
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// The line it starts on, from 1.
    pub line: usize,
    /// What it asks for.
    pub request: Request,
}

/// What is wrong with a line.
#[derive(Debug)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What was found and what was expected.
    pub error: Error,
}

/// A list as far as it could be understood.
#[derive(Debug, Default)]
pub struct List {
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// What is wrong, in order of the lines.
    pub faults: Vec<Fault>,
}

impl List {
    fn fault(&mut self, line: usize, reason: impl Into<String>) {
        self.faults.push(Fault { line, error: Error::BadRow { reason: reason.into() } });
    }

    fn row(&mut self, line: usize, request: Request) {
        if request.one(Field::Name).is_none() {
            self.fault(line, "there is no name; expected the base of the file names, such as contoso");
        } else {
            self.rows.push(Row { line, request });
        }
    }
}

/// Reads a list. Where no form is given, the first line tells.
///
/// # Errors
/// [`Error::WrongKind`] for what is no text in UTF-8 or holds no row, naming the file.
pub fn read(input: &Input, form: Option<Form>) -> Result<List> {
    let text = text(input.octets.expose()).map_err(|error| error.in_file(&input.name))?;
    let list = match form.unwrap_or_else(|| Form::of(text)) {
        Form::Csv => csv::read(text),
        Form::JsonLines => jsonl::read(text),
        Form::Names => names::read(text),
    };
    if list.rows.is_empty() && list.faults.is_empty() {
        return Err(wrong("a list without rows", None).in_file(&input.name));
    }
    Ok(list)
}

fn text(octets: &[u8]) -> Result<&str> {
    match octets {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            return Err(wrong("text in UTF-16", Some("iconv -f UTF-16 -t UTF-8 {file} > list.csv")));
        }
        [b'P', b'K', 3, 4, ..] => {
            return Err(wrong("an archive or a workbook", Some("save the sheet as \"CSV UTF-8\"")));
        }
        _ if octets.trim_ascii_start().first() == Some(&b'[') => {
            return Err(wrong("a JSON array", Some("jq -c '.[]' {file} > list.jsonl")));
        }
        _ => {}
    }
    let mut octets = octets;
    while let Some(rest) = octets.strip_prefix(b"\xef\xbb\xbf") {
        octets = rest;
    }
    std::str::from_utf8(octets).map_err(|error| {
        let line = octets[..error.valid_up_to()].iter().filter(|octet| **octet == b'\n').count() + 1;
        let remedy = "iconv -f WINDOWS-1252 -t UTF-8 {file} > list.csv";
        wrong(format!("no text in UTF-8: line {line} holds other octets"), Some(remedy))
    })
}

fn wrong(found: impl Into<String>, remedy: Option<&str>) -> Error {
    Error::WrongKind {
        found: found.into(),
        expected: "a list of credentials to make: CSV, JSON Lines or one name a line, in UTF-8",
        remedy: remedy.map(str::to_owned),
    }
}

/// What may stand between cells; spreadsheets choose by the user's language.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// How many faults are told of one line.
const FAULTS_OF_A_LINE: usize = 20;

/// What is wrong with a column's name.
fn unknown(what: &str, name: &str) -> String {
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let columns = Field::ALL.map(|(column, _, _)| column);
    let near = columns
        .iter()
        .map(|column| (strsim::jaro_winkler(&name.to_lowercase(), column), column))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let near = near.map(|(_, column)| format!("did you mean {column}? ")).unwrap_or_default();
    format!("unknown {what} \"{name}\"; {near}the columns are: {}", columns.join(", "))
}

/// How much of a name a message says.
const LONGEST_NAME: usize = 60;

/// The members of a list in one cell.
fn split(field: Field, text: &str) -> Vec<&str> {
    // No form has a comma in its name; an organizational unit may.
    let separators: &[char] = if field == Field::Emit { &[',', ';'] } else { &[';'] };
    match field.is_list() {
        true => text.split(separators).map(str::trim).filter(|word| !word.is_empty()).collect(),
        false => vec![text],
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
