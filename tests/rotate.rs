//! `rotate`: what the successor keeps of the old credential, that there is one of it whatever happens,
//! and that the old one is never lost.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world.
#![cfg(unix)]

mod common;
#[path = "common/disk.rs"]
mod disk;

#[path = "rotate/archive.rs"]
mod archive;
#[path = "rotate/crash.rs"]
mod crash;
#[path = "rotate/forms.rs"]
mod forms;
#[path = "rotate/mixed.rs"]
mod mixed;
#[path = "rotate/once.rs"]
mod once;
#[path = "rotate/refusals.rs"]
mod refusals;
#[path = "rotate/support.rs"]
mod support;
