//! What the `connector` commands tell: a file for each subject, in it a function for each form.

pub mod check;
pub mod consent;
pub mod list;
pub mod manifest;
pub mod procedure;
mod profile_json;
mod wrapped;
