//! Connectors and their procedures, rendered: one file per form.

mod check;
pub mod consent;
mod html;
mod json_v1;
pub mod manifest;
mod markdown;
mod text;

pub use check::{findings_json, findings_text};
pub use html::procedure as html;
pub use json_v1::{list as list_json, procedure as json};
pub use markdown::procedure as markdown;
pub use text::{list as list_text, procedure as text};

use crate::connector::profile::Api;

/// What the vendor's page calls an API, where the portal's tile says something else.
fn other_name(api: &Api) -> Option<&str> {
    api.page_name.as_deref().filter(|name| **name != *api.tile)
}
