//! File systems that are full, or that take nothing.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // It mounts, and says where it may not.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A small file system of its own, taken away with the value.
pub struct Mounted(PathBuf);

impl Mounted {
    /// Needs root and the right to mount; says so where that is missing.
    pub fn tmpfs(folder: &Path, options: &str) -> Option<Self> {
        let place = folder.join("disk");
        fs::create_dir(&place).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "certkit-test"]).arg(&place);
        let done = mount.output().is_ok_and(|output| output.status.success());
        if !done {
            eprintln!("SKIPPED: a file system of {options}: mounting one is not allowed here");
        }
        done.then_some(Self(place))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes it one that is only read.
    pub fn make_read_only(&self) {
        let mounted = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).status();
        assert!(mounted.is_ok_and(|status| status.success()), "mounting it again");
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Nothing is left to tell of a failure here.
        let _ = Command::new("umount").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}
