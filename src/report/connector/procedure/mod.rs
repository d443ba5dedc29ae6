//! A connector's procedure: one file per form, and here what all forms for people have in common,
//! their words and what they keep together.

mod html;
mod json;
mod markdown;
mod text;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use text::text;

use crate::connector::{
    procedure::{Part, Procedure},
    profile::Permission,
};

/// What stands before those who may do a step.
const WHO: &str = "Who may";

/// What stands before a warning.
const MIND: &str = "Mind";

/// A list behind the steps.
struct Notes<'a> {
    /// What the HTML page calls it.
    id: &'static str,
    title: &'static str,
    lines: Vec<&'a str>,
}

/// The lists behind the steps that have anything in them.
fn notes<'a>(procedure: &'a Procedure<'_>) -> Vec<Notes<'a>> {
    let traps = procedure.traps.iter().map(String::as_str).collect();
    let departures = procedure.profile.departures.iter().map(|line| &**line).collect();
    let both = [
        Notes { id: "traps", title: "What goes wrong", lines: traps },
        Notes { id: "departures", title: "Where certkit departs from the page", lines: departures },
    ];
    both.into_iter().filter(|notes| !notes.lines.is_empty()).collect()
}

/// What the vendor needs a permission for.
fn reasons(permission: &Permission) -> String {
    match permission.why.as_slice() {
        [] => "the page gives no reason".to_owned(),
        why => why.iter().map(|why| &**why).collect::<Vec<_>>().join("; "),
    }
}

/// What the vendor's page calls an API, where that is not what its tile says.
fn other_name(name: &str) -> String {
    format!("the page calls it {name}")
}

/// Whether a part goes on where the one before it stopped: actions and values are lists.
fn goes_on(part: &Part<'_>, before: Option<&Part<'_>>) -> bool {
    matches!(
        (before, part),
        (Some(Part::Do(_)), Part::Do(_)) | (Some(Part::Value { .. }), Part::Value { .. })
    )
}
