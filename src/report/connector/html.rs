//! To be written: html.

use crate::connector::procedure::Procedure;

/// A procedure.
#[must_use]
pub fn procedure(procedure: &Procedure<'_>) -> String {
    super::text(procedure)
}
