//! Comma-separated values (RFC 4180), as spreadsheets write them.

use ::csv::{ReaderBuilder, StringRecord};

use super::{DELIMITERS, FAULTS_OF_A_LINE, List, split, unknown};
use crate::ops::generate::{Field, Request};

/// Whether a list's first line is one of column names: it has the name's, or a known one among others.
pub(super) fn is_heading(line: &str) -> bool {
    let cells: Vec<Option<Field>> = line.split(delimiter(line)).map(Field::of_column).collect();
    cells.contains(&Some(Field::Name)) || cells.len() > 1 && cells.iter().any(Option::is_some)
}

/// The delimiter that the heading has most of.
fn delimiter(heading: &str) -> char {
    let count = |delimiter: &char| heading.matches(*delimiter).count();
    // Of equals the last is taken, and the comma is to win.
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(',')
}

pub(super) fn read(text: &str) -> List {
    let heading = text.trim_start().lines().next().unwrap_or_default();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(heading) as u8)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut list = List::default();
    let mut columns: Option<Vec<Field>> = None;
    let mut record = StringRecord::new();
    let mut lines = Lines { text, position: 0, line: 1 };
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            // From memory and in UTF-8 there is none; a row that is not read would be a tenant forgotten.
            Err(error) => {
                list.fault(lines.line, error.to_string());
                break;
            }
        }
        let line = lines.of(record.position().map_or(0, |position| position.byte() as usize));
        match &columns {
            _ if record.iter().all(|cell| cell.trim().is_empty()) => {}
            Some(columns) => row(&mut list, line, columns, &record),
            None => {
                columns = Some(heading_of(&mut list, line, &record));
                if !list.faults.is_empty() {
                    break;
                }
            }
        }
    }
    list
}

/// Lines as an editor counts them. The reader's own count leaves out blank lines and the line feeds
/// of CRLF.
struct Lines<'a> {
    text: &'a str,
    position: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the octet at `position`, line ends there passed over first. Positions only grow.
    fn of(&mut self, position: usize) -> usize {
        let octets = self.text.as_bytes();
        while let Some(octet) = octets.get(self.position)
            && (self.position < position || matches!(octet, b'\r' | b'\n'))
        {
            // LF, CRLF, or CR alone.
            let ends = *octet == b'\n' || *octet == b'\r' && octets.get(self.position + 1) != Some(&b'\n');
            self.line += usize::from(ends);
            self.position += 1;
        }
        self.line
    }
}

/// The column names. Without all of them no row can be understood.
fn heading_of(list: &mut List, line: usize, record: &StringRecord) -> Vec<Field> {
    let mut columns = Vec::new();
    for name in record {
        if list.faults.len() >= FAULTS_OF_A_LINE {
            break;
        }
        match Field::of_column(name) {
            None => list.fault(line, unknown("column", name.trim())),
            Some(field) if columns.contains(&field) => {
                list.fault(line, format!("the column \"{}\" stands twice", name.trim()));
            }
            Some(field) => columns.push(field),
        }
    }
    if list.faults.is_empty() && !columns.contains(&Field::Name) {
        list.fault(line, "there is no column \"name\", which is the base of the file names");
    }
    columns
}

fn row(list: &mut List, line: usize, columns: &[Field], record: &StringRecord) {
    if record.iter().any(|cell| cell.contains(['\n', '\r'])) {
        return list.fault(line, "a cell goes on over the line's end; is a closing quotation mark missing?");
    }
    if record.len() != columns.len() {
        let (cells, wanted) = (record.len(), columns.len());
        return list.fault(
            line,
            format!("it has {cells} cells under {wanted} columns; a cell that holds the delimiter stands in quotation marks"),
        );
    }
    if columns.len() == 1 && record.iter().any(|cell| cell.contains(DELIMITERS)) {
        return list.fault(line, "it has several cells under the one column of the heading");
    }
    let mut request = Request::default();
    for (field, cell) in columns.iter().zip(record) {
        let cell = cell.trim();
        if !cell.is_empty() {
            request.ask(*field, split(*field, cell));
        }
    }
    list.row(line, request);
}
