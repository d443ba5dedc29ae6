//! Operations of `certkit connector` that make files.

pub mod manifest;
