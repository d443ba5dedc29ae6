//! Rules over files: what is wrong with a credential, or will be.

pub mod document;
