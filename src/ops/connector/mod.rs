//! The connectors' operations that make files or judge them.

pub mod check;
pub mod config;
pub mod init;
pub mod manifest;
