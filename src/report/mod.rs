//! What commands tell: findings as values, and one rendering per file.
//!
//! The JSON renderings are versioned copies of these types: a change here does not change them
//! unnoticed.

pub mod batch;
pub mod connector;
pub mod inspection;
pub mod json_v1;
mod page;
pub mod scan;
pub mod text;
mod written;

pub use crate::finding::{Finding, Place, Severity};
pub use inspection::{EntryFacts, FileFacts, KeyState};
pub use written::{CertificateSummary, Written};
