//! A connector's procedure: the model of its steps.

mod steps;
mod traps;
pub(in crate::connector) mod who;

use super::{
    Guid, Profile,
    profile::{Api, Kind, Permission, Role},
};

pub use steps::procedure;
pub use traps::traps;

/// A whole procedure.
#[derive(Clone, Debug)]
pub struct Procedure<'a> {
    /// Whose.
    pub profile: &'a Profile,
    /// The app's Application (client) ID, where it is known: two apps for one connector are two
    /// procedures.
    pub client_id: Option<Guid>,
    /// What to do, in order.
    pub steps: Vec<Step<'a>>,
    /// What goes wrong, and how not to let it, one sentence or two each.
    pub traps: Vec<String>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Its stable name, such as `permissions`.
    pub id: &'static str,
    /// What is done.
    pub title: String,
    /// Who may do it, where not everybody may.
    pub who: Option<String>,
    /// How.
    pub parts: Vec<Part<'a>>,
}

/// A part of a step.
#[derive(Clone, Debug)]
pub enum Part<'a> {
    /// A certkit command that does or shows it.
    Command(String),
    /// What to do, in order.
    Do(Vec<String>),
    /// Permissions of one API and one kind.
    Permissions {
        /// The API.
        api: &'a Api,
        /// Their kind.
        kind: Kind,
        /// The permissions.
        rows: Vec<&'a Permission>,
    },
    /// Azure roles to assign.
    Roles(&'a [Role]),
    /// Something to know, one sentence or two.
    Say(String),
    /// A value that is typed or copied.
    Value {
        /// The field's words.
        name: String,
        /// What stands there.
        value: Value,
        /// What to know of it.
        note: Option<String>,
    },
    /// Something that goes wrong if it is not known.
    Warning(String),
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It is known: to be copied.
    Known(String),
    /// It is not known here: where it is found, in words.
    Missing(String),
}

impl Value {
    fn of(known: Option<impl ToString>, missing: &str) -> Self {
        match known {
            Some(value) => Self::Known(value.to_string()),
            None => Self::Missing(missing.to_owned()),
        }
    }
}
