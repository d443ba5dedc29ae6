//! Nothing but names, one a line.

use super::{DELIMITERS, List};
use crate::ops::generate::{Field, Request};

pub(super) fn read(text: &str) -> List {
    let mut list = List::default();
    for (index, line) in text.lines().enumerate() {
        let name = line.trim();
        if name.is_empty() {
            continue;
        }
        if name.contains(DELIMITERS) {
            // A name may hold them, but it is likelier that the heading is missing.
            list.fault(
                index + 1,
                "it looks like CSV, and the list has no heading; expected one name a line, or a first line such as name,cn,days",
            );
            continue;
        }
        let mut request = Request::default();
        request.ask(Field::Name, [name]);
        list.row(index + 1, request);
    }
    list
}
