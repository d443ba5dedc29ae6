//! The rooms of the library and who may use whom: read from the `use crate::` lines.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // Tests read files and say what they skip.

mod common;

use std::{collections::BTreeMap, fs, path::Path};

/// Rooms from the ground up: each may use those before it.
const FLOORS: &[&[&str]] = &[
    &["quote"],
    &["error"],
    &["finding", "limits", "secret", "time"],
    &["ber", "armor", "json"],
    &["pbe"],
    &["key"],
    &["cert"],
    &["store"],
    &["connector"],
    &["check"],
    &["output"],
    &["report"],
    &["ops"],
];

/// Formats of key stores: none of them may use another.
const FORMATS: &[&str] = &["connector_json", "java", "json", "pem", "pkcs12", "pkcs7", "single"];

/// Words that touch the world, and the files of the library that may hold them.
const WORLD: &[&str] =
    &["std::fs", "std::env", "std::net::Tcp", "SystemTime", "std::io::std", "println!", "eprintln!"];
const WRITERS: [&str; 2] = ["output/folders.rs", "output/write.rs"];

fn sources() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let source = common::root().join("src");
    collect(&source, &source, &mut found);
    assert!(found.len() > 30, "only {} source files were found", found.len());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("the source folder is readable") {
        let path = entry.expect("the source folder is readable").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("it was found below").display().to_string();
            found.insert(name, fs::read_to_string(&path).expect("sources are text"));
        }
    }
}

/// The code of a file without its tests, which stand at the end.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// The first words after `from` (`crate::`) in every path of the code, `use crate::{a::…, b::…}`
/// included.
fn used_from(from: &str, code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (position, _) in code.match_indices(from) {
        let before = code[..position].lines().last().unwrap_or_default().trim_start();
        if before.starts_with("//") {
            continue;
        }
        let rest = &code[position + from.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            rooms.extend(heads_of_list(list));
        } else {
            rooms.push(word(rest));
        }
    }
    rooms
}

/// The first word of every member of a `{…}` list, nested lists passed over.
fn heads_of_list(list: &str) -> Vec<String> {
    let (mut heads, mut depth, mut at_start) = (Vec::new(), 0, true);
    for (position, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            c if depth == 0 && at_start && c.is_alphabetic() => {
                heads.push(word(&list[position..]));
                at_start = false;
            }
            _ => {}
        }
    }
    heads
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// No room uses one that stands above it.
#[test]
fn rooms_use_only_what_stands_below_them() {
    let mut wrong = Vec::new();
    for (file, text) in sources().iter().filter(|(file, _)| !file.starts_with("bin/") && *file != "lib.rs") {
        let room = file.split(['/', '.']).next().unwrap_or_default();
        let own = floor(room).unwrap_or_else(|| panic!("src/{file} is in no room of the table"));
        for used in used_from("crate::", code(text)) {
            match floor(&used) {
                Some(other) if other < own || used == room => {}
                Some(_) => wrong.push(format!("src/{file} uses {used}")),
                None => wrong.push(format!("src/{file} uses crate::{used}, which is in no room")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The formats that a file's code uses besides its own.
fn foreign_formats(own: &str, code: &str) -> Vec<String> {
    let used = [used_from("super::", code), used_from("store::", code)].concat();
    used.into_iter().filter(|room| room != own && FORMATS.contains(&room.as_str())).collect()
}

/// A format goes through the store, never through another format; the pieces of a file know none.
#[test]
fn formats_do_not_use_each_other() {
    let mut seen = 0;
    for (file, text) in &sources() {
        let Some(name) = file.strip_prefix("store/").and_then(|rest| rest.split(['/', '.']).next()) else {
            continue;
        };
        if name == "loose" || FORMATS.contains(&name) {
            let foreign = foreign_formats(name, code(text));
            assert!(foreign.is_empty(), "src/{file} uses {foreign:?}");
            seen += 1;
        }
    }
    assert!(seen > FORMATS.len(), "only {seen} files were looked at");
}

/// The look sees every way to write a use, or it would find nothing whatever the code says.
#[test]
fn a_use_of_another_format_is_seen() {
    for line in [
        "use super::pkcs12;",
        "use super::{\n    Content, Store,\n    loose::{Loose, LooseKey},\n    pkcs12,\n};",
        "use super::super::pkcs12::read;",
        "use crate::store::pkcs12;",
        "use crate::{\n    limits,\n    store::{Content, pkcs12},\n};",
        "let store = super::pkcs12::read(octets)?;",
    ] {
        assert_eq!(foreign_formats("pem", line), ["pkcs12"], "{line}");
        assert!(foreign_formats("pkcs12", line).is_empty(), "{line}");
    }
    assert!(foreign_formats("pem", "use super::{Content, loose::pkcs12};").is_empty());
}

/// Files, environment, clock, terminal: only the writer and the program.
#[test]
fn the_library_does_not_touch_the_world() {
    for (file, text) in sources().iter().filter(|(file, _)| {
        !file.starts_with("bin/") && !WRITERS.contains(&file.as_str()) && *file != "lib.rs"
    }) {
        for word in WORLD {
            let touched =
                code(text).lines().any(|line| line.contains(word) && !line.trim_start().starts_with("//"));
            assert!(!touched, "src/{file} touches the world: {word}");
        }
    }
}

/// The writer is the program's: operations only say what they want.
#[test]
fn only_the_program_writes() {
    for (file, text) in sources()
        .iter()
        .filter(|(file, _)| !file.starts_with("bin/") && !file.starts_with("output/") && *file != "lib.rs")
    {
        assert!(!code(text).contains("output::write"), "src/{file} uses the writer");
    }
}

/// A command is a grammar: commands do not call each other (but `help::find`, which `man` shares, and
/// `connector/shared.rs`, options that several subcommands share). The files of `batch/` are one command,
/// and so are those of `scan/`.
#[test]
fn commands_do_not_use_each_other() {
    let commands = "bin/certkit/commands/";
    for (file, text) in sources().iter().filter(|(file, _)| {
        file.starts_with(commands)
            && !file.ends_with("mod.rs")
            && !["batch/", "scan/"].iter().any(|one| file[commands.len()..].starts_with(one))
    }) {
        let shared = ["super::help::find", "super::shared"].map(|path| text.matches(path).count());
        let uses = text.matches("super::").count() - shared.iter().sum::<usize>();
        assert_eq!(uses, 0, "src/{file} uses another command");
    }
    let of_one = |file: &str| file.contains("commands/batch/") || file.contains("commands/scan/");
    for (file, text) in sources().iter().filter(|(file, _)| of_one(file)) {
        assert!(!text.contains("super::super"), "src/{file} uses another command");
    }
}
