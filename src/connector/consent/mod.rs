//! Admin consent: the address that an administrator opens, and the one that the browser comes back
//! to.

mod address;
mod answer;

pub use address::{Address, Parts, Request, address};
pub use answer::{Answer, Expected, Verdict, read};
