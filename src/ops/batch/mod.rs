//! `batch`: `gen` for every row of a list.
//!
//! [`list::read`] reads the rows, [`orders`] judges all of them before the first key is made, a
//! [`Shard`] takes its part, [`standing`] tells what an earlier run has made, and [`each`] works
//! through the rest on as many threads as there are cores.

pub mod list;
mod pool;
mod shard;
pub mod standing;

use self::list::{Fault, List, Row};
use super::generate::{Item, Options, Request};
use crate::{
    error::{Error, Result},
    key::rsa,
    time::Instant,
};

pub use self::{pool::each, shard::Shard};

/// One credential that is to be made.
pub struct Order {
    /// The row's line in the list.
    pub line: usize,
    /// What `gen` is asked for. The password is still to be filled in.
    pub options: Options,
    /// Where the password comes from, if the row says so or the defaults do with the row's name in
    /// it.
    pub password: Option<String>,
}

/// What the rows of a list ask for, with `defaults` for what they leave open and their names in place
/// of `{name}`; what is wrong with any of them is added to the list's faults.
///
/// # Errors
/// [`Error::BadArgument`] where the defaults themselves cannot be used.
pub fn orders(list: List, defaults: &Request, now: Instant) -> Result<(Vec<Order>, Vec<Fault>)> {
    let mut example = Request::default();
    example.set(Item::Name, ["name"]);
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
    let mut options = request.options(now)?;
    // The rows keep the cores busy.
    options.search = rsa::Options { alone: true, ..rsa::Options::default() };
    let password = request.one(Item::Password).filter(|_| options.needs_password());
    Ok(Order { line, password: password.map(str::to_owned), options })
}

/// The error of an option, said of the column.
fn in_columns(error: Error) -> Error {
    match error {
        Error::BadArgument { option, value, reason } => {
            let option = Item::column_of(option).unwrap_or(option);
            Error::BadRow { reason: format!("{option} \"{value}\": {reason}") }
        }
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
