//! What was measured, as it is kept: every single turn, so that anything can be computed from it later.

use std::{error::Error, fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::{machine::Machine, usage::Usage};

/// One run of this program.
#[derive(Deserialize, Serialize)]
pub(crate) struct Run {
    pub(crate) machine: Machine,
    pub(crate) comparisons: Vec<Comparison>,
}

/// Ways to do one thing, measured turn by turn.
#[derive(Deserialize, Serialize)]
pub(crate) struct Comparison {
    /// How the page calls it.
    pub(crate) name: String,
    /// The ways that the others are compared with.
    pub(crate) references: Vec<String>,
    pub(crate) ways: Vec<Samples>,
    /// What could not be measured here, and why.
    pub(crate) left_out: Vec<String>,
}

/// The turns of one way, in their order.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct Samples {
    pub(crate) way: String,
    pub(crate) cpu_ms: Vec<f64>,
    pub(crate) wall_ms: Vec<f64>,
    /// The most memory of a turn's processes; 0 for work in the measuring process.
    pub(crate) peak_kib: Vec<u64>,
}

impl Samples {
    pub(crate) fn add(&mut self, usage: Usage) {
        self.cpu_ms.push(usage.cpu_ms);
        self.wall_ms.push(usage.wall_ms);
        self.peak_kib.push(usage.peak_kib);
    }
}

impl Run {
    pub(crate) fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(path, serde_json::to_vec(self)?)?)
    }
}
