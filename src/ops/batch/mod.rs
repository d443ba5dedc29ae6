//! `batch`: `gen` for every row of a list.
//!
//! [`list::read`] reads the rows, [`orders`] judges all of them before the first key is made, a
//! [`Shard`] takes its part, and [`standing`] tells what an earlier run has made. Working through
//! them, on as many threads as there are cores, is the program's.

pub mod list;
mod shard;
pub mod standing;

use self::list::{Fault, List, Row};
use super::generate::{Field, Options, Request};
use crate::{
    error::{Error, Result, shortened},
    time::Instant,
};

pub use self::shard::Shard;

/// One credential that is to be made.
pub struct Order {
    /// The row's line in the list.
    pub line: usize,
    /// What `gen` is asked for. The password is still to be filled in.
    pub options: Options,
    /// The source of the password, where a store is made and the row or the defaults name one.
    pub password_source: Option<String>,
}

/// What the rows of a list ask for, with `defaults` for what they leave open and their names in place
/// of `{name}`; what is wrong with any of them is added to the list's faults.
///
/// # Errors
/// [`Error::BadArgument`] where the defaults themselves cannot be used.
pub fn orders(list: List, defaults: &Request, now: Instant) -> Result<(Vec<Order>, Vec<Fault>)> {
    let mut example = Request::default();
    example.ask(Field::Name, ["name"]);
    example.or(defaults).filled().options(now)?;

    let mut faults = list.faults;
    let mut orders = Vec::with_capacity(list.rows.len());
    for Row { line, request } in list.rows {
        match order(line, request, defaults, now) {
            Ok(order) => orders.push(order),
            Err(error) => faults.push(Fault { line, error: in_columns(error) }),
        }
    }
    faults.sort_by_key(|fault| fault.line);
    Ok((orders, faults))
}

fn order(line: usize, request: Request, defaults: &Request, now: Instant) -> Result<Order> {
    let request = request.or(defaults).filled();
    let options = request.options(now)?;
    let password_source = request.one(Field::Password).filter(|_| options.needs_password());
    Ok(Order { line, password_source: password_source.map(str::to_owned), options })
}

/// The error of an option, said of columns.
fn in_columns(error: Error) -> Error {
    match error {
        Error::BadArgument { option, value, mut reason } => {
            for (column, option, _) in Field::ALL {
                reason = reason.replace(option, column);
            }
            let column = Field::column_of(option).unwrap_or(option);
            Error::BadRow { reason: format!("{column} \"{}\": {reason}", shortened(value)) }
        }
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
