//! For a terminal.

use crate::connector::{Registry, procedure::Procedure};

/// The connectors that there are, one per line.
#[must_use]
pub fn list(registry: &Registry) -> String {
    let widest = registry.iter().map(|profile| profile.id.as_str().len()).max().unwrap_or(0);
    let line = |profile: &crate::connector::Profile| {
        format!("{:widest$}  {}: {}\n", profile.id.as_str(), profile.name, profile.summary)
    };
    registry.iter().map(line).collect()
}

/// A procedure, step by step.
#[must_use]
pub fn procedure(procedure: &Procedure<'_>) -> String {
    procedure.steps.iter().map(|step| format!("{}\n", step.title)).collect()
}
