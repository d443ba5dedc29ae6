//! Passwords typed at a terminal, on a real pseudo-terminal: who is asked what, how often, and
//! that nothing typed is shown.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world.
#![cfg(unix)]

mod common;

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use base64ct::{Base64, Encoding};
use certkit::{
    secret::Password,
    store::{self, Unlock},
};
use common::{certkit, fixture, folder, text};
use rexpect::{
    process::WaitStatus,
    session::{PtySession, spawn_command},
};

const TYPED: &str = "typed-in-4711";
const FIXTURE_PASSWORD: &str = "test-1234";

/// A new store's password is asked for twice, is not shown, and opens the store.
#[test]
fn gen_asks_twice() {
    let folder = folder();
    let mut terminal = Terminal::open(folder.path(), "gen --key p256");
    terminal.answer("New password: ", TYPED);
    terminal.answer("The same again: ", TYPED);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains(TYPED), "{shown}");
    let pfx = fs::read(folder.path().join("keystore.pfx")).expect("the store");
    let store = store::read(&pfx, &Unlock::with(Password::new(TYPED.into()))).expect("it opens");
    assert!(store.key_entry(None).is_ok());
}

/// `batch` asks once for all rows, after it has judged them, and shows how far it is: a bar with rate and
/// time left, and a line of words for each row.
#[test]
fn batch_asks_once_and_shows_how_far_it_is() {
    let folder = folder();
    fs::write(folder.path().join("list"), "name\na\nb\nc\n").expect("the list is written");
    let mut terminal = Terminal::open(folder.path(), "TERM=xterm batch list --key p256 --emit pfx");
    terminal.answer("New password: ", TYPED);
    terminal.answer("The same again: ", TYPED);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains(TYPED) && !shown.contains("certkit.batch/1"), "{shown}");
    for words in ["3 of 3, ", " a second, ", " left", "3 made"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(
        ["a", "b", "c"].iter().all(|name| shown.contains(&format!("made     {name}  SHA-1 "))),
        "{shown}"
    );
    for name in ["a", "b", "c"] {
        let pfx = fs::read(folder.path().join(format!("{name}.pfx"))).expect("the store");
        assert!(store::read(&pfx, &Unlock::with(Password::new(TYPED.into()))).is_ok());
    }

    let (code, shown) = Terminal::open(folder.path(), "batch list --days 0 --emit pfx").end();
    assert_eq!(code, 2, "{shown}");
    assert!(!shown.contains("assword"), "asked before the rows were judged: {shown}");
}

/// Typed differently the second time: exit code 4, nothing written, neither try shown.
#[test]
fn gen_refuses_two_different_passwords() {
    let folder = folder();
    let mut terminal = Terminal::open(folder.path(), "gen --key p256");
    terminal.answer("New password: ", TYPED);
    terminal.answer("The same again: ", "something-else");
    let (code, shown) = terminal.end();
    assert_eq!(code, 4, "{shown}");
    assert!(shown.contains("typed differently the second time"), "{shown}");
    assert!(!shown.contains(TYPED) && !shown.contains("something-else"), "{shown}");
    assert_eq!(files(folder.path()), [""; 0]);
}

/// No password at all, twice, is refused as an empty one is from any source.
#[test]
fn gen_refuses_an_empty_password() {
    let folder = folder();
    let mut terminal = Terminal::open(folder.path(), "gen --key p256 --password prompt");
    terminal.answer("New password: ", "");
    terminal.answer("The same again: ", "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 4, "{shown}");
    assert!(shown.contains("is empty"), "{shown}");
    assert_eq!(files(folder.path()), [""; 0]);
}

/// What makes no store asks nothing.
#[test]
fn gen_without_a_store_asks_nothing() {
    let folder = folder();
    let (code, shown) = Terminal::open(folder.path(), "gen --key p256 --emit cer,json").end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("assword"), "{shown}");
    assert_eq!(files(folder.path()), ["keystore.cer", "keystore.json"]);
}

/// An existing store's password is asked for once, also where the store comes by standard input.
#[test]
fn export_json_asks_once() {
    for arguments in [
        "export-json store.pfx -o out.json",
        "export-json - -o out.json <store.pfx",
        "export-json locked.key.pem",
    ] {
        let folder = inputs();
        let mut terminal = Terminal::open(folder.path(), arguments);
        terminal.answer("Password: ", FIXTURE_PASSWORD);
        let (code, shown) = terminal.end();
        assert!(!shown.contains("Password: "), "asked once: {shown}");
        assert!(!shown.contains(FIXTURE_PASSWORD), "{shown}");
        if arguments.contains("locked") {
            // The key opens, and there is no certificate in that file: no question was in vain.
            assert_eq!(code, 3, "{arguments}: {shown}");
            assert!(shown.contains("no certificate"), "{shown}");
        } else {
            assert_eq!(code, 0, "{arguments}: {shown}");
            assert!(folder.path().join("out.json").is_file());
        }
    }
}

/// What was typed to open a store is the password of the PFX made from it; where nothing was
/// locked, a new one is asked for, twice.
#[test]
fn the_password_of_a_new_pfx() {
    let folder = inputs();
    let mut terminal = Terminal::open(folder.path(), "export-json store.pfx --for base64-pfx -o same.txt");
    terminal.answer("Password: ", FIXTURE_PASSWORD);
    let (code, shown) = terminal.end();
    assert!(code == 0 && !shown.contains("New password: "), "{shown}");
    assert!(shown.contains("its password is the one that was typed"), "{shown}");

    let mut terminal = Terminal::open(folder.path(), "export-json pair.pem --for base64-pfx -o new.txt");
    terminal.answer("New password: ", TYPED);
    terminal.answer("The same again: ", TYPED);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");

    for (file, password) in [("same.txt", FIXTURE_PASSWORD), ("new.txt", TYPED)] {
        let line = fs::read_to_string(folder.path().join(file)).expect("the line");
        let pfx = Base64::decode_vec(line.trim_end()).expect("base64");
        assert!(store::read(&pfx, &Unlock::with(Password::new(password.into()))).is_ok(), "{file}");
    }
}

/// What was typed for one file serves the next.
#[test]
fn one_question_for_two_files() {
    let folder = inputs();
    let mut terminal =
        Terminal::open(folder.path(), "export-json --key locked.key.pem --cert store.pfx -o out.json");
    terminal.answer("Password: ", FIXTURE_PASSWORD);
    let (code, shown) = terminal.end();
    assert!(!shown.contains("Password: "), "{shown}");
    // Whether the two belong together is another question, and comes after.
    assert!(code == 0 || shown.contains("does not fit"), "{shown}");
}

/// A wrong password at the prompt is not asked for again: exit code 4, nothing written.
#[test]
fn a_wrong_password_is_final() {
    let folder = inputs();
    let before = files(folder.path());
    let mut terminal = Terminal::open(folder.path(), "export-json store.pfx -o out.json");
    terminal.answer("Password: ", TYPED);
    let (code, shown) = terminal.end();
    assert_eq!(code, 4, "{shown}");
    assert!(
        shown.contains("wrong password") && !shown.contains(TYPED) && !shown.contains("Password: "),
        "{shown}"
    );
    assert_eq!(files(folder.path()), before);
}

/// Nothing is asked where nothing is locked, or where the password is given.
#[test]
fn no_question_without_need() {
    for arguments in [
        "export-json pair.pem -o out.json",
        "export-json --key key.pem --cert pair.pem -o out.json",
        "export-json store.pfx --password file:pw.txt -o out.json",
        "CERTKIT_PASSWORD=test-1234 export-json store.pfx -o out.json",
        "export-cer pair.pem -o out.cer",
        "inspect store.pfx",
    ] {
        let folder = inputs();
        let (code, shown) = Terminal::open(folder.path(), arguments).end();
        assert_eq!(code, 0, "{arguments}: {shown}");
        assert!(!shown.contains("Password: ") && !shown.contains("New password: "), "{arguments}: {shown}");
    }
}

/// The end of input and an interrupt at the prompt end the run; nothing is written.
#[test]
fn giving_up_at_the_prompt() {
    for key in ['d', 'c'] {
        let folder = folder();
        let mut terminal = Terminal::open(folder.path(), "gen --key p256");
        terminal.wait_for("New password: ");
        terminal.session.send_control(key).expect("a key press");
        let (code, shown) = terminal.end();
        // An interrupt is told as the signal's number and 128, as shells do.
        let is_heard = key == 'c' && !common::is_ignored(2);
        assert_eq!(code, if is_heard { 130 } else { 4 }, "{shown}");
        assert_eq!(files(folder.path()), [""; 0]);
    }
}

/// After an interrupt the terminal echoes again: the shell behind it is not left blind.
#[test]
fn an_interrupt_leaves_the_echo_on() {
    let folder = folder();
    let mut terminal = Terminal::open(folder.path(), "gen --key p256; stty -a; true");
    terminal.wait_for("New password: ");
    terminal.session.send_control('c').expect("a key press");
    let (_, shown) = terminal.end();
    assert!(shown.split_whitespace().any(|word| word == "echo"), "{shown}");
    assert!(!shown.contains("-echo "), "{shown}");
}

/// A private key is never shown on a terminal, binary data neither; a certificate in PEM is.
#[test]
fn no_secret_on_a_terminal() {
    for (arguments, expected) in [
        ("export-json pair.pem", 5),
        ("export-json pair.pem -o -", 5),
        ("export-json pair.pem --format json", 5),
        ("export-json pair.pem --for msal", 5),
        ("export-json pair.pem --for env", 5),
        ("export-json pair.pem --for env --env-name A", 5),
        ("CERTKIT_PASSWORD=test-1234 export-json pair.pem --for base64-pfx", 5),
        ("CERTKIT_PASSWORD=test-1234 export-json pair.pem --for base64-pfx --out-password generate:n", 5),
        ("export-json pair.pem --for graph", 0),
        ("export-cer pair.pem", 5),
        ("export-cer pair.pem --pem", 0),
        ("export-json pair.pem | cat", 0),
    ] {
        let folder = inputs();
        let (code, shown) = Terminal::open(folder.path(), arguments).end();
        assert_eq!(code, expected, "{arguments}: {shown}");
        let refused = shown.contains("standard output is a terminal");
        assert_eq!(refused, expected == 5, "{arguments}: {shown}");
        assert_eq!(shown.contains("PRIVATE KEY"), arguments.contains("| cat"), "{arguments}: {shown}");
        assert!(!folder.path().join("n").exists(), "no password without its store");
    }
}

/// Without a terminal nothing waits: exit code 4 at once, with the options that would help, also
/// while standard input stays open.
#[test]
fn without_a_terminal_nothing_prompts() {
    for arguments in [
        ["gen", "--key", "p256"].as_slice(),
        &["gen", "--password", "prompt"],
        &["export-json", "store.pfx"],
        &["export-json", "store.pfx", "--password", "prompt"],
        &["export-json", "pair.pem", "--for", "base64-pfx"],
        &["export-json", "pair.pem", "--for", "base64-pfx", "--out-password", "prompt"],
        &["export-cer", "store.pfx"],
    ] {
        let folder = inputs();
        let before = files(folder.path());
        let started = Instant::now();
        let mut child = certkit(folder.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let open_input = child.stdin.take();
        let output = child.wait_with_output().expect("the program ends");
        drop(open_input);
        assert_eq!(output.status.code(), Some(4), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("password"), "{}", text(&output.stderr));
        assert!(started.elapsed() < Duration::from_secs(10), "{arguments:?}");
        assert_eq!(files(folder.path()), before);
    }
}

// ---------------------------------------------------------------- the terminal

/// The program on a pseudo-terminal that shows what is typed, as a person's does.
struct Terminal {
    session: PtySession,
    /// Holds a file `tty` with the name of the terminal's device.
    notes: tempfile::TempDir,
    shown: String,
}

impl Terminal {
    /// Starts `certkit ARGUMENTS`, words for a shell, variables in front allowed.
    fn open(folder: &Path, arguments: &str) -> Self {
        let (variables, arguments): (Vec<&str>, Vec<&str>) = arguments
            .split(' ')
            .partition(|word| ["CERTKIT_PASSWORD=", "TERM="].iter().any(|name| word.starts_with(name)));
        // rexpect turns echo off: on again, or this would prove nothing.
        let notes = tempfile::tempdir().expect("a folder");
        let script = format!(
            "stty echo && tty >'{}' && {} \"$0\" {}\nexit $?",
            notes.path().join("tty").display(),
            variables.join(" "),
            arguments.join(" ")
        );
        let scrubbed = certkit(folder);
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &script])
            .arg(scrubbed.get_program())
            .current_dir(folder)
            .env_clear()
            .envs(scrubbed.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let session = spawn_command(shell, Some(20_000)).expect("a pseudo-terminal");
        Self { session, notes, shown: String::new() }
    }

    /// Waits for a question, and until the terminal no longer shows what is typed.
    fn wait_for(&mut self, question: &str) {
        let before = self.session.exp_string(question).expect(question);
        self.shown.push_str(&before);
        let device = fs::read_to_string(self.notes.path().join("tty")).expect("the terminal's name");
        let started = Instant::now();
        loop {
            let terminal = File::open(device.trim()).expect("the terminal");
            let settings = Command::new("stty").arg("-a").stdin(terminal).output().expect("stty");
            if text(&settings.stdout).split_whitespace().any(|word| word == "-echo") {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(10), "typing at {question:?} is shown");
        }
    }

    fn answer(&mut self, question: &str, typed: &str) {
        self.wait_for(question);
        self.session.send_line(typed).expect("typing");
    }

    /// The exit code, and everything shown besides the questions that were answered.
    fn end(mut self) -> (i32, String) {
        self.shown.push_str(&self.session.exp_eof().expect("the end of the run"));
        let code = match self.session.process().wait().expect("an exit code") {
            WaitStatus::Exited(_, code) => code,
            WaitStatus::Signaled(_, signal, _) => 128 + signal as i32,
            other => panic!("{other:?}"),
        };
        (code, self.shown)
    }
}

/// A folder with a locked store, a locked key, and a key with its certificate in the open.
fn inputs() -> tempfile::TempDir {
    let folder = folder();
    for (from, to) in [
        ("stores/openssl-3-pbes2-aes256.pfx", "store.pfx"),
        ("certs/openssl-3-pkcs8-pbes2-aes256.key.pem", "locked.key.pem"),
        ("certs/openssl-3-pkcs8.key.pem", "key.pem"),
        ("certs/openssl-3-key-and-cert.pem", "pair.pem"),
    ] {
        fs::copy(fixture(from), folder.path().join(to)).expect(from);
    }
    fs::write(folder.path().join("pw.txt"), FIXTURE_PASSWORD).expect("a file");
    folder
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
