//! The text of `docs/readers.md`, and what an existing one says.

use super::{
    peers::Reader,
    rows::{REFUSED, ROWS},
};

const READERS: usize = Reader::ALL.len();

/// A row of a table: what it is about, and a mark for each reader that was asked.
#[derive(Clone)]
pub struct Line {
    pub heads: Vec<String>,
    pub cells: [Option<String>; READERS],
}

impl Line {
    pub fn new(heads: Vec<String>) -> Self {
        Self { heads, cells: Default::default() }
    }
}

/// The two tables, and whose marks they hold.
pub struct Document {
    pub versions: [Option<String>; READERS],
    pub stores: Vec<Line>,
    pub written: Vec<Line>,
}

impl Document {
    /// What a text that [`Self::render`] made says; as good as nothing where it is another text.
    pub fn parse(text: &str) -> Self {
        let cells = |line: &str| -> Vec<String> {
            line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
        };
        let mut versions: [Option<String>; READERS] = Default::default();
        let mut tables: Vec<Vec<Line>> = Vec::new();
        let mut heads = 0;
        for line in text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|--")) {
            let cells = cells(line);
            if let Some(first) = cells.iter().position(|cell| cell == Reader::Certkit.title()) {
                heads = first;
                tables.push(Vec::new());
                for (version, (reader, cell)) in
                    versions.iter_mut().zip(Reader::ALL.iter().zip(&cells[heads..]))
                {
                    *version = cell.strip_prefix(reader.title()).map(|rest| rest.trim().to_owned());
                }
            } else if let Some(table) = tables.last_mut()
                && cells.len() == heads + READERS
            {
                let mut row = Line::new(cells[..heads].to_vec());
                row.cells.iter_mut().zip(&cells[heads..]).for_each(|(to, cell)| *to = Some(cell.clone()));
                table.push(row);
            }
        }
        let mut tables = tables.into_iter();
        let mut next = || tables.next().unwrap_or_default();
        Self { versions, stores: next(), written: next() }
    }

    /// The version that a column is about.
    pub fn version(&self, reader: Reader) -> Option<&String> {
        self.versions[reader as usize].as_ref()
    }

    /// With the marks of another document where there is none here.
    pub fn filled_from(mut self, other: &Self) -> Self {
        for (mine, theirs) in [(&mut self.stores, &other.stores), (&mut self.written, &other.written)] {
            for line in mine {
                let Some(same) = theirs.iter().find(|other| other.heads == line.heads) else { continue };
                for (cell, other) in line.cells.iter_mut().zip(&same.cells) {
                    *cell = cell.take().or_else(|| other.clone());
                }
            }
        }
        self
    }

    /// The text.
    pub fn render(&self) -> String {
        let mut stores = self.stores.clone();
        stores.push(self.totals());
        let refused: String = REFUSED
            .iter()
            .filter_map(|(file, why)| Some((ROWS.iter().find(|row| row.file == *file)?, why)))
            .map(|(row, why)| format!("- {}, {}: {why}.\n", row.maker, row.variant))
            .collect();
        [
            INTRODUCTION,
            &self.table(&["made by", "what it is", "file"], &stores),
            "\nWhat certkit refuses of these, it refuses on purpose:\n\n",
            &refused,
            WRITTEN,
            &self.table(&["written by certkit"], &self.written),
        ]
        .concat()
    }

    fn table(&self, heads: &[&str], lines: &[Line]) -> String {
        let columns = Reader::ALL.iter().zip(&self.versions).map(|(reader, version)| {
            [reader.title(), version.as_deref().unwrap_or_default()].join(" ").trim_end().to_owned()
        });
        let head: Vec<String> = heads.iter().map(|head| (*head).to_owned()).chain(columns).collect();
        let rule = "|---".repeat(head.len());
        let mut text = format!("| {} |\n{rule}|\n", head.join(" | "));
        for line in lines {
            let cells = line.cells.iter().map(|cell| cell.as_deref().unwrap_or("?"));
            let all: Vec<&str> = line.heads.iter().map(String::as_str).chain(cells).collect();
            text += &format!("| {} |\n", all.join(" | "));
        }
        text
    }

    /// How many stores each reader reads, of those in a format that it knows.
    fn totals(&self) -> Line {
        let mut totals = Line::new(vec!["**all**".into(), String::new(), String::new()]);
        for (reader, total) in totals.cells.iter_mut().enumerate() {
            let marks = || self.stores.iter().filter_map(move |line| line.cells[reader].as_deref());
            let read = marks().filter(|mark| matches!(*mark, "yes" | "`-legacy`")).count();
            let known = marks().filter(|mark| *mark != "–").count();
            *total = Some(format!("{read} of {known}"));
        }
        totals
    }
}

const INTRODUCTION: &str = "\
# Who reads what

Made by a test, which asks every reader: `tests/interop/readers`. Not to be edited by hand; see
CONTRIBUTING.md.

## Stores of every maker

The files are those of `fixtures/stores`, with the right password. What is in each is known from how
it was made (`fixtures/manifest.toml`).

| mark | means |
|---|---|
| yes | no error, and all that is there: as many private keys, and the same certificates |
| `-legacy` | the same, once openssl is given this option |
| part | no error, and fewer or other keys or certificates than there are |
| 0 entries | no error, and nothing found |
| no | an error, or a wrong password said of the right one |
| – | a format that it does not claim to read |

How each is asked:

- certkit and p12-keystore (with its default features): as libraries. Every key is opened, and its public half compared.
- openssl: `openssl pkcs12 -nodes`, and again with `-legacy`. Every key is opened, and its public half
  compared.
- certtool: `certtool --p12-info`, then `--pubkey-info` on each key that it shows. Every key is opened,
  and its public half compared.
- cryptography (Python): `pkcs12.load_key_and_certificates`, which returns one key. It is opened, and
  its public half compared.
- keytool: `keytool -list -rfc`; pk12util: `pk12util -l`. Both list the keys and open none, so a \"yes\"
  says that the entries are found, not that the keys can be used.

Where a password is empty, certtool and cryptography are asked with the empty password and with none.
Where a key has a password of its own, only certkit is given it: it is the only one of these that has
an option for it here.

";

const WRITTEN: &str = "
## What certkit writes

Here \"yes\" means that the file opens and that key and certificate, taken out again, are the same. keytool
and pk12util take the store over (`keytool -importkeystore`; `pk12util -i`, then `-o`), which opens the
key; what they made of it is looked at with openssl. What is no store is given to `openssl storeutl`,
`pkey` and `pkcs7 -print_certs`, to `keytool -printcert`, to `certtool --load-privkey`,
`--certificate-info` and `--p7-info`, and to the loaders of cryptography.

";
