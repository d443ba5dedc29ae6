//! The endpoint as a process that lives as long as its value, and what is registered with it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::{common, support::tool};

/// A running `server.py`.
pub struct Endpoint {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Endpoint {
    /// Starts it with nobody registered; it listens when this returns.
    pub fn start(python: &Path) -> Self {
        let folder = common::folder();
        fs::write(folder.path().join("directory.json"), "{}").expect("a directory");
        let mut child = tool(python)
            .arg(beside("server.py"))
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let mut line = String::new();
        let printed = child.stdout.take().expect("its output is a pipe");
        // Nothing to read means that it has ended, and has said why on the tests' own standard error.
        BufReader::new(printed).read_line(&mut line).expect("the port is text");
        let port = line.trim().parse().expect("the endpoint starts and prints its port");
        Self { child, port, folder }
    }

    /// Its address, to which the tenant is added.
    pub fn base(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The certificate that its clients must trust.
    pub fn trust(&self) -> PathBuf {
        self.folder.path().join("tls.pem")
    }

    /// Replaces all that is registered: `{tenant: {client: {"certificates": […], "secrets": […]}}}`.
    pub fn register(&self, directory: &Value) {
        fs::write(self.folder.path().join("directory.json"), directory.to_string()).expect("a directory");
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        // It may have ended by itself, and nobody is left to be told.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One of the files beside this one.
pub fn beside(name: &str) -> PathBuf {
    common::root().join("tests/interop/token_endpoint").join(name)
}

/// Lets a client trust the endpoint and nobody else, and reach it without a proxy.
pub fn trusting<'a>(client: &'a mut Command, certificate: &Path) -> &'a mut Command {
    for proxy in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        client.env_remove(proxy);
    }
    client.env("REQUESTS_CA_BUNDLE", certificate).env("NODE_EXTRA_CA_CERTS", certificate)
}
