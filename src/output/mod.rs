//! Files that an operation wants, and the one writer that places them.

pub mod archive;
pub mod folders;
pub mod plan;
pub mod write;
