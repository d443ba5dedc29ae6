//! A directory to run scripts against: by a stand-in for `az`, or by a server that stands in for
//! Microsoft Graph and Azure Resource Manager.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::common;

pub const TENANT: &str = "11111111-2222-3333-4444-555555555555";
pub const SUBSCRIPTION: &str = "bbbbbbbb-cccc-dddd-eeee-ffffffffffff";
pub const REDIRECT: &str = "https://admin.example.com/";

/// The two kinds of script that can be run here.
pub const FORMS: [&str; 2] = ["az", "graph"];

/// A folder with a directory's state, and what the scripts call.
pub struct World {
    folder: tempfile::TempDir,
    form: &'static str,
    server: Child,
    port: String,
}

impl Drop for World {
    fn drop(&mut self) {
        // It ends with its standard input; whatever became of it, the test is over.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

impl World {
    /// An empty directory; none where a peer is missing.
    pub fn new(form: &'static str) -> Option<Self> {
        let what = format!("running the scripts of --as {form}");
        let python = common::python_with("jmespath", &what)?;
        if !["curl", "jq", "openssl"].iter().all(|peer| common::has_peer(peer, &what)) {
            return None;
        }
        let folder = common::folder();
        let entra = common::root().join("tests/interop/entra");
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).expect("a folder");
        let exec = format!("exec '{}' '{}' \"$@\"", python.display(), entra.join("az.py").display());
        program(&bin.join("az"), &exec);
        for name in ["curl", "jq", "openssl"] {
            // Whoever can list processes sees the arguments.
            let log = "printf '%s\\n' \"$*\" >>\"$ENTRA_STATE.argv\"";
            program(&bin.join(name), &format!("{log}\nexec {} \"$@\"", on_path(name).display()));
        }
        let state = folder.path().join("state.json");
        let empty =
            "import directory, json, sys; json.dump(directory.new(sys.argv[1]), open(sys.argv[2], 'w'))";
        common::peer(python_at(&python, &entra).args(["-c", empty, TENANT]).arg(&state));
        let mut server = python_at(&python, &entra)
            .arg(entra.join("server.py"))
            .arg(&state)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut port = String::new();
        let said = server.stdout.take().expect("its output");
        BufReader::new(said).read_line(&mut port).expect("its port");
        Some(Self { folder, form, server, port: port.trim().to_owned() })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn state(&self) -> Value {
        let text = fs::read(self.path("state.json")).expect("the state");
        serde_json::from_slice(&text).expect("JSON")
    }

    /// Changes the directory behind the script's back.
    pub fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut state = self.state();
        change(&mut state);
        fs::write(self.path("state.json"), state.to_string()).expect("the state");
    }

    /// The changes that were made since the last call of this.
    pub fn changes(&self) -> Vec<Value> {
        let changes = self.state()["log"].as_array().expect("the log").clone();
        self.change(|state| state["log"] = json!([]));
        changes
    }

    /// Makes a certificate; its name, for `--cert`.
    pub fn certificate(&self, name: &str) -> String {
        common::ok(self.folder.path(), ["gen", "--name", name, "--emit", "cer,key", "--key", "p256"]);
        format!("{name}.cer")
    }

    /// certkit's script for a connector, and what becomes of it.
    pub fn run(&self, id: &str, options: &[&str], environment: &[(&str, &str)]) -> Output {
        let arguments = ["connector", "show", id, "--as", self.form];
        let script = common::ok(self.folder.path(), arguments.iter().chain(options));
        fs::write(self.path("script.sh"), script).expect("the script");
        let here = format!("http://127.0.0.1:{}", self.port);
        let path = std::env::var("PATH").unwrap_or_default();
        Command::new("bash")
            .arg("script.sh")
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("HOME", self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("ENTRA_STATE", self.path("state.json"))
            .envs([("PAUSE", "0"), ("GRAPH_TOKEN", "graph-token-1"), ("ARM_TOKEN", "arm-token-1")])
            .envs([("GRAPH_URL", &here), ("ARM_URL", &here)])
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("bash starts")
    }

    /// The same, and it succeeds; what it prints, for programs and for people.
    pub fn ok(&self, id: &str, options: &[&str]) -> (String, String) {
        let output = self.run(id, options, &[]);
        let (out, err) = (common::text(&output.stdout), common::text(&output.stderr));
        assert!(output.status.success(), "{} {id}: {:?}\n{out}\n{err}", self.form, output.status.code());
        (out, err)
    }

    /// Everything that stood in an argument.
    pub fn arguments(&self) -> String {
        fs::read_to_string(self.path("state.json.argv")).expect("the arguments")
    }
}

fn program(path: &Path, lines: &str) {
    fs::write(path, format!("#!/bin/sh\n{lines}\n")).expect("a program");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("its mode");
}

fn on_path(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .expect("it is there")
}

fn python_at(python: &Path, modules: &Path) -> Command {
    let mut command = Command::new(python);
    command.env("PYTHONPATH", modules).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
