//! Transcripts: what the program says and makes, word for word, in `tests/cmd/<command>/`.
//!
//! A case is a `.trycmd` file: commands with what they write, standard output and standard error
//! together. `NAME.in/` is the folder it runs in; with a `NAME.out/` beside it the run gets a copy
//! of that folder, and the files there are compared too. What is random stands as `[..]` or `...`.
//! trycmd turns every backslash into a slash, so that `\n` in JSON stands as `/n` in these files.
//! `TRYCMD=overwrite cargo test --test cli` writes down what the program says now: then put the
//! random parts back and read the difference. The credentials in the `.in` folders are TEST keys.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world.

mod common;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use common::{certkit, listed, root, text};

/// Set for the run of this test whose environment is scrubbed.
const SCRUBBED: &str = "CERTKIT_TEST_SCRUBBED";

/// Every transcript holds. trycmd hands its own environment on, so the test runs itself again in
/// a scrubbed one: no `CERTKIT_PASSWORD`, no width, no colour, no language of the caller.
#[test]
fn transcripts() {
    if std::env::var_os(SCRUBBED).is_some() {
        let cases = trycmd::TestCases::new();
        cases.register_bin("certkit", Path::new(env!("CARGO_BIN_EXE_certkit")));
        cases.case("tests/cmd/*/*.trycmd");
        cases.run();
        return;
    }
    let scrubbed = certkit(root());
    let mut again = Command::new(std::env::current_exe().expect("this test"));
    again
        .args(["transcripts", "--exact", "--nocapture"])
        .args(std::env::args().filter(|argument| argument.starts_with("trycmd=")))
        .current_dir(root())
        .env_clear()
        .envs(scrubbed.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env(SCRUBBED, "1");
    for name in ["TRYCMD", "TMPDIR", "SystemRoot", "LLVM_PROFILE_FILE"] {
        again.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    let output = again.output().expect("this test starts again");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("1 passed"), "it ran: {}", text(&output.stdout));
}

/// No file of `tests/cmd` is forgotten: each is a case, or belongs to one.
#[test]
fn every_file_belongs_to_a_case() {
    let mut forgotten = Vec::new();
    for path in files(&root().join("tests/cmd")) {
        let inside = path.strip_prefix(root().join("tests/cmd")).expect("it lies there");
        let mut parts = inside.iter().map(|part| part.to_str().expect("a plain name"));
        let (Some(command), Some(name)) = (parts.next(), parts.next()) else {
            forgotten.push(path);
            continue;
        };
        let is_case = parts.next().is_none() && name.ends_with(".trycmd");
        let case = name.strip_suffix(".in").or_else(|| name.strip_suffix(".out"));
        let belongs = case.is_some_and(|case| {
            root().join("tests/cmd").join(command).join(format!("{case}.trycmd")).is_file()
        });
        if !is_case && !belongs {
            forgotten.push(path);
        }
    }
    assert!(forgotten.is_empty(), "no case runs these: {forgotten:?}");
}

/// Every case runs something, and nothing but certkit: trycmd passes over a file without a code
/// block, and over a program that it does not know, without a word.
#[test]
fn every_case_runs_certkit() {
    for path in files(&root().join("tests/cmd")) {
        if path.extension().is_none_or(|extension| extension != "trycmd") {
            continue;
        }
        let case = fs::read_to_string(&path).expect("a case");
        let commands: Vec<&str> = case.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
        assert!(!commands.is_empty(), "{}: it runs nothing", path.display());
        for command in commands {
            let program = command.split(' ').find(|word| !word.contains('='));
            assert_eq!(program, Some("certkit"), "{}: {command}", path.display());
        }
        let fences = case.lines().filter(|line| line.starts_with("```")).collect::<Vec<_>>();
        assert!(fences.len() % 2 == 0, "{}: a code block is open", path.display());
        assert!(
            fences.iter().all(|fence| matches!(*fence, "```" | "```console")),
            "{}: a code block that does not run",
            path.display()
        );
    }
}

/// Every command of the program has transcripts of its own, its help page with examples among
/// them, and the commands in `tests/cmd` are those of the program. A subcommand of `connector` has
/// its folder as `connector-SUBCOMMAND`.
#[test]
fn every_command_has_transcripts() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("tests/cmd"))
        .expect("the cases")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let mut commands = listed(&["help"]);
    assert!(commands.contains("gen") && commands.len() > 5, "{commands:?}");
    assert!(commands.contains("connector"), "{commands:?}");
    commands.extend(listed(&["help", "connector"]).iter().map(|name| format!("connector-{name}")));
    assert_eq!(folders, commands);
    for folder in &commands {
        let page = root().join("tests/cmd").join(folder).join("help.trycmd");
        let page = fs::read_to_string(&page).unwrap_or_else(|_| panic!("{} is missing", page.display()));
        let command = folder.replacen("connector-", "connector ", 1);
        assert!(page.contains(&format!("$ certkit {command} --help")), "{command}");
    }
}

/// `help COMMAND` and `COMMAND --help` say the same, so that one transcript serves both.
#[test]
fn both_ways_to_help_agree() {
    for command in ["gen", "export-json", "export-cer", "inspect", "scan", "completions", "man"] {
        let (by_help, by_flag) =
            (common::ok(root(), ["help", command]), common::ok(root(), [command, "--help"]));
        let first = |page: &[u8]| text(page).lines().next().map(str::to_owned);
        assert_eq!(first(&by_help), first(&by_flag), "{command}");
        assert!(text(&by_flag).contains("Examples:"), "{command}");
    }
}

/// The connector JSON octet by octet, as no transcript can show it: the line breaks are `\n`.
#[test]
fn connector_json_octet_by_octet() {
    let folder = root().join("tests/cmd/export-json/stores.in");
    let expected = fs::read(folder.join("test.json")).expect("the JSON");
    assert!(text(&expected).contains("-----BEGIN PRIVATE KEY-----\\nMII"));
    for store in ["test.pfx", "test.jks", "test.json"] {
        let made = common::ok(&folder, ["export-json", store, "--password", "file:pw.txt"]);
        assert_eq!(made, expected, "{store}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
