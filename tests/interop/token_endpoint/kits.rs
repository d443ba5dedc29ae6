//! Kits as `certkit connector init` makes them, and what is read of their own record.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::clients::With;
use crate::common;

/// A kit in a folder of its own; the password of its PFX lies beside it.
pub struct Kit {
    folder: PathBuf,
    password: PathBuf,
    record: toml::Table,
}

impl Kit {
    /// Runs `certkit connector init PROFILE --out-dir ROOT/NAME OPTIONS…`, with a PFX.
    pub fn make(root: &Path, name: &str, profile: &[&str], options: &[&str]) -> Self {
        let password = root.join(format!("{name}.pw"));
        let source = format!("generate:{}", password.display());
        init(root, name, profile, &[options, &["--password", &source]].concat());
        Self { record: record(&root.join(name)), folder: root.join(name), password }
    }

    /// Runs the same with `--update`, which keeps key and certificate.
    pub fn update(&mut self, root: &Path, profile: &[&str], options: &[&str]) {
        let name = self.folder.file_name().and_then(|name| name.to_str()).expect("the kit's name").to_owned();
        init(root, &name, profile, &[options, &["--update"]].concat());
        self.record = record(&self.folder);
    }

    /// A value of the record, such as `tenant_id`.
    pub fn says(&self, key: &str) -> &str {
        self.record[key].as_str().expect("a string")
    }

    /// One of its files, by its key in the record.
    pub fn file(&self, key: &str) -> PathBuf {
        self.folder.join(self.record["files"][key].as_str().expect("a file's name"))
    }

    /// The SHA-1 thumbprint that the record has.
    pub fn thumbprint(&self) -> &str {
        self.record["certificate"]["thumbprint"].as_str().expect("a thumbprint")
    }

    /// Every way to sign in with its certificate, with the algorithm that each makes Python and Node
    /// use: both sign by SHA-256 unless SHA-1 is all that they are given, or, for Python, is given too.
    pub fn ways(&self) -> Vec<(With, [&'static str; 2])> {
        let msal = self.folder.join("msal.json");
        let json = self.file("connector_json");
        common::ok(
            &self.folder,
            ["export-json".as_ref(), json.as_os_str(), "--for".as_ref(), "msal".as_ref()]
                .into_iter()
                .chain(["-o".as_ref(), msal.as_os_str(), "--force".as_ref()]),
        );
        vec![
            (With::Json(json.clone()), ["PS256", "PS256"]),
            (With::JsonAndThumbprint(json, self.thumbprint().to_owned()), ["RS256", "RS256"]),
            (With::Pfx(self.file("pfx"), self.password.clone()), ["PS256", "PS256"]),
            (With::Msal(msal), ["RS256", "PS256"]),
        ]
    }
}

fn init(root: &Path, name: &str, profile: &[&str], options: &[&str]) {
    common::ok(root, ["connector", "init", "--out-dir", name].iter().chain(profile).chain(options));
}

fn record(kit: &Path) -> toml::Table {
    let text = fs::read_to_string(kit.join("certkit.toml")).expect("the kit has a record");
    text.parse().expect("the record is TOML")
}
