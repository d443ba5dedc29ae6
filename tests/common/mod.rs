//! What the integration tests share: the program with a scrubbed environment, temporary folders,
//! fixtures, and the real peers with a visible skip where one is missing.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // It starts programs and says what is skipped.
#![allow(dead_code)] // Each test file uses its own part of this.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Where the project lies.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A fixture's path.
pub fn fixture(path: &str) -> PathBuf {
    root().join("fixtures").join(path)
}

/// A fresh folder that goes away with the value.
pub fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("certkit-test-").tempdir().expect("a temporary folder")
}

/// The program, in `folder`, without input, without a terminal, and with nothing of the caller's
/// environment that could change what it does.
pub fn certkit(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null());
    command
}

/// Runs the program; its output whatever became of it.
pub fn run<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Output {
    certkit(folder).args(arguments).output().expect("the program starts")
}

/// Runs the program and requires success; standard output.
pub fn ok<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Vec<u8> {
    let output = run(folder, arguments);
    assert!(output.status.success(), "exit {:?}: {}", output.status.code(), text(&output.stderr));
    output.stdout
}

/// The commands that a help page lists.
pub fn listed(page: &[&str]) -> BTreeSet<String> {
    let help = text(&ok(root(), page));
    let list = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("the list");
    list.lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

/// Octets as text, for messages and comparisons.
pub fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Whether a missing peer fails the tests, as in CI, or skips them visibly.
pub fn interop_is_required() -> bool {
    std::env::var_os("CERTKIT_REQUIRE_INTEROP").is_some_and(|value| value == "1")
}

/// Whether a program is there. Where it is not, says that `what` is skipped, or fails where
/// interoperation is required.
pub fn has_peer(program: &str, what: &str) -> bool {
    let found = program.contains('/') && Path::new(program).exists()
        || std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
    if !found {
        assert!(
            !interop_is_required(),
            "{program} is missing, and CERTKIT_REQUIRE_INTEROP=1 requires it for {what}"
        );
        eprintln!("SKIPPED: {what}: {program} is not installed (tests/setup.sh installs it)");
    }
    found
}

/// Python with `cryptography` and `msal`, from the virtual environment that tests/setup.sh makes.
pub fn python(what: &str) -> Option<PathBuf> {
    let python = root().join("target/peers/venv/bin/python");
    has_peer(&python.display().to_string(), what).then_some(python)
}

/// The same Python, where it has this module too.
pub fn python_with(module: &str, what: &str) -> Option<PathBuf> {
    python(what).filter(|python| {
        let found = Command::new(python).args(["-c", &format!("import {module}")]).output();
        let found = found.is_ok_and(|output| output.status.success());
        assert!(
            found || !interop_is_required(),
            "Python's {module} is missing, and CERTKIT_REQUIRE_INTEROP=1 requires it for {what}"
        );
        if !found {
            eprintln!("SKIPPED: {what}: Python has no {module} (tests/setup.sh installs it)");
        }
        found
    })
}

/// python-dotenv's own Python: the same virtual environment, where it is there too.
pub fn python_with_dotenv(what: &str) -> Option<PathBuf> {
    let dotenv = root().join("target/peers/venv/bin/dotenv");
    python(what).filter(|_| has_peer(&dotenv.display().to_string(), what))
}

/// Node with a package of those that tests/setup.sh installs: the command, to be given a script.
pub fn node(package: &str, what: &str) -> Option<Command> {
    let modules = root().join("target/peers/node/node_modules");
    let package = modules.join(package).join("package.json");
    (has_peer("node", what) && has_peer(&package.display().to_string(), what)).then(|| {
        let mut node = Command::new("node");
        node.env("NODE_PATH", modules);
        node
    })
}

/// Runs a peer and requires success; standard output.
pub fn peer(command: &mut Command) -> Vec<u8> {
    let output = command.stdin(Stdio::null()).output().expect("the peer starts");
    assert!(
        output.status.success(),
        "{command:?}: exit {:?}\n{}\n{}",
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr)
    );
    output.stdout
}

/// Whether this run was told to ignore a signal, as `nohup` and a script's background jobs are: then so
/// are the programs that it starts. Linux tells.
pub fn is_ignored(signal: u32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.is_some_and(|mask| {
        u64::from_str_radix(mask.trim(), 16).expect("a mask of signals") >> (signal - 1) & 1 == 1
    })
}
