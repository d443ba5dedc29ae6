//! README, documents and help texts say what the program does.
#![allow(clippy::disallowed_methods)] // Tests read files.

mod common;

use std::{collections::BTreeSet, fs};

use common::{ok, root, run, text};
use serde_json::Value;

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("README.md is there")
}

/// The code blocks of a language in a Markdown text.
fn blocks<'a>(markdown: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    markdown.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// The README's table of exit codes is the program's.
#[test]
fn the_readme_has_the_programs_exit_codes() {
    let folder = common::folder();
    let help = text(&ok(folder.path(), ["help", "exit-codes"]));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let from_help = words(help.strip_prefix("Exit codes:").expect("the table has its heading"));
    let readme = readme();
    let rows: Vec<String> = readme
        .split("## Exit codes")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("the README has the section")
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| code"))
        .map(|line| words(&line.replace('|', " ")))
        .collect();
    assert_eq!(rows.join(" "), from_help);
}

/// Every option that the README and the pages on single commands show exists in the help of its command.
#[test]
fn the_readmes_commands_exist() {
    let folder = common::folder();
    let page = |name: &str| fs::read_to_string(root().join("docs").join(name)).expect(name);
    let pages = readme() + &page("batch.md") + &page("check.md") + &page("rotate.md") + &page("scan.md");
    let mut checked = 0;
    for line in blocks(&pages, "sh").iter().chain(&blocks(&pages, "console")).flat_map(|block| block.lines())
    {
        let Some(position) = line.find("certkit ") else { continue };
        let mut words = line[position..].split_whitespace().skip(1);
        let Some(command) = words.next() else { continue };
        let mut topic = vec!["help", command];
        if command == "connector" {
            topic.extend(words.next());
        }
        let help = text(&ok(folder.path(), topic));
        for option in words.filter(|word| word.starts_with("--")) {
            let option = option.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            assert!(
                help.contains(option),
                "the README shows {option}, which `certkit help` of it does not: {line}"
            );
            checked += 1;
        }
    }
    assert!(checked > 15, "only {checked} options were found in the README");
}

/// Every form of `export-json --for` is in its help and in the README.
#[test]
fn every_form_is_described() {
    let folder = common::folder();
    let help = text(&ok(folder.path(), ["help", "export-json"]));
    for (form, _) in certkit::ops::export_json::Form::ALL {
        assert!(help.contains(&format!("          {form}: ")), "{form} is not in the help");
        assert!(form == "connector" || readme().contains(&format!("- `{form}` is ")), "{form}: README");
    }
}

/// The README's first example is what the program prints.
#[test]
fn the_readmes_example_is_what_is_printed() {
    let folder = common::folder();
    let readme = readme();
    let example = blocks(&readme, "console")[0];
    let (command, expected) = example.split_once('\n').expect("a command and its output");
    assert!(command.starts_with("$ certkit gen --name keystore --cn \"SharePoint connector\" "), "{command}");
    let printed = text(&ok(
        folder.path(),
        [
            "gen",
            "--name",
            "keystore",
            "--cn",
            "SharePoint connector",
            "--emit",
            "pfx,cer,json",
            "--password",
            "generate:pw.txt",
        ],
    ));
    let shape = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| match line.split_once("  ") {
                Some((name @ ("valid from" | "valid to" | "SHA-1" | "SHA-256"), _)) => name.to_owned(),
                _ => line.to_owned(),
            })
            .collect()
    };
    assert_eq!(shape(&printed), shape(expected));
}

/// Every field of the JSON documents is described, and every described field exists.
#[test]
fn every_json_field_is_described() {
    let folder = common::folder();
    let stores = root().join("fixtures/stores");
    let mut found = BTreeSet::new();
    let made = ok(folder.path(), ["gen", "--emit", "cer,key", "--format", "json"]);
    collect(&serde_json::from_slice(&made).expect("one JSON document"), &mut found);
    for form in ["connector", "msal", "graph"] {
        let made = ok(
            folder.path(),
            ["export-json", "--for", form, "--key", "keystore.key.pem", "--cert", "keystore.cer"],
        );
        collect(&serde_json::from_slice(&made).expect("one JSON object"), &mut found);
    }
    let files = ["keytool-17-chain.pfx", "no-such-file"].map(|name| stores.join(name).display().to_string());
    let arguments = ["inspect", files[0].as_str(), files[1].as_str(), "--format", "json"];
    let inspected = common::certkit(folder.path())
        .args(arguments)
        .env("CERTKIT_PASSWORD", "test-1234")
        .output()
        .expect("the program starts");
    assert_eq!(inspected.status.code(), Some(1), "{}", text(&inspected.stderr));
    collect(&serde_json::from_slice(&inspected.stdout).expect("one JSON document"), &mut found);
    collect(&serde_json::from_slice(&inspected.stderr).expect("one JSON error"), &mut found);
    ok(folder.path(), ["gen", "--name", "pasted", "--emit", "json"]);
    let pasted = fs::read_to_string(folder.path().join("pasted.json")).expect("a connector JSON");
    fs::write(folder.path().join("pasted.json"), pasted.replace('"', "”")).expect("it is written");
    for check in [
        &["pasted.json", "no-such-file"][..],
        &["pasted.json", "--fix", "--in-place"],
        &["--explain", "chain-unwanted"],
    ] {
        let checked = run(folder.path(), ["check"].iter().chain(check).chain(&["--format", "json"]));
        collect(&serde_json::from_slice(&checked.stdout).expect("one JSON document"), &mut found);
    }
    let id = "00000003-0000-0000-c000-000000000000";
    for connector in [
        &["consent-url", "zeron-office365", "--client-id", id, "--redirect-uri", "http://localhost"][..],
        &["consent-result", "https://admin.example.com/?error=x"],
        &["manifest", "snow-atlas-m365-older", "--full", "--cert", "keystore.cer", "-o", "app.json"],
        &["manifest", "zscaler-mip", "--diff", "app.json"],
        &["config", "snow-atlas-m365-current", "--client-id", id, "--tenant-id", id, "--as", "json"],
        &["init", "zscaler-sharepoint", "--out-dir", "kit"],
        &["check", "kit"],
    ] {
        let printed = run(folder.path(), ["connector"].iter().chain(connector).chain(&["--format", "json"]));
        collect(&serde_json::from_slice(&printed.stdout).expect("one JSON document"), &mut found);
    }
    let rotated = ok(folder.path(), ["rotate", "keystore.key.pem", "--format", "json"]);
    collect(&serde_json::from_slice(&rotated).expect("one JSON document"), &mut found);
    fs::write(folder.path().join("list"), "name,dayz\na,3\n").expect("the list is written");
    let bad = run(folder.path(), ["batch", "list", "--format", "json"]);
    collect(&serde_json::from_slice(&bad.stderr).expect("one JSON error"), &mut found);
    fs::write(folder.path().join("list"), "keystore\nnew\n").expect("the list is written");
    let resumed = run(folder.path(), ["batch", "list", "--resume", "--emit", "key,cer", "--key", "p256"]);
    for line in text(&resumed.stdout).lines() {
        collect(&serde_json::from_str(line).expect("one JSON document a line"), &mut found);
    }
    let record = folder.path().join("kit/certkit.toml");
    let known = fs::read_to_string(&record).expect("the record");
    let known = known.replace("# expires_on = ", "expires_on = 2020-01-01 #");
    fs::write(record, known).expect("the record is written");
    fs::copy(stores.join("openssl-3-pbes2-aes256.pfx"), folder.path().join("locked.pfx")).expect("a store");
    // A BKS store is recognised and not read.
    fs::write(folder.path().join("store.bks"), [0, 0, 0, 2, 0, 0, 0, 20, 1]).expect("a file");
    let scanned = run(folder.path(), ["scan", ".", "--format", "json"]);
    for line in text(&scanned.stdout).lines() {
        collect(&serde_json::from_str(line).expect("one JSON object a line"), &mut found);
    }
    let application = fs::read(folder.path().join("app.json")).expect("the app registration");
    collect(&serde_json::from_slice(&application).expect("one JSON object"), &mut found);

    for profile in ["zscaler-mip", "zscaler-blob-storage", "zeron-office365", "snow-atlas-m365-current"] {
        let shown = ok(folder.path(), ["connector", "show", profile, "--format", "json"]);
        collect(&serde_json::from_slice(&shown).expect("one JSON document"), &mut found);
    }
    let listed = ok(folder.path(), ["connector", "list", "--format", "json"]);
    collect(&serde_json::from_slice(&listed).expect("one JSON document"), &mut found);

    let page = fs::read_to_string(root().join("docs/json.md")).expect("docs/json.md is there");
    let described: BTreeSet<String> = page.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let missing: Vec<_> = found.difference(&described).collect();
    assert!(missing.is_empty(), "not described in docs/json.md: {missing:?}");
    let rows = page.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    let in_tables: BTreeSet<String> =
        rows.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    let unknown: Vec<_> = in_tables.difference(&found).collect();
    assert!(unknown.is_empty(), "described in docs/json.md and never printed: {unknown:?}");
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                names.insert(name.clone());
                collect(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}

/// The columns of docs/batch.md are those of a list, with the options that they stand for.
#[test]
fn every_column_is_described() {
    let page = fs::read_to_string(root().join("docs/batch.md")).expect("docs/batch.md is there");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let described: Vec<(String, String)> = rows
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            (cells[0].replace('`', ""), cells[2].replace('`', ""))
        })
        .collect();
    let known: Vec<(String, String)> = certkit::ops::generate::Field::ALL
        .iter()
        .map(|(column, option, _)| {
            let option = if *column == "name" { "" } else { option };
            ((*column).to_owned(), option.to_owned())
        })
        .collect();
    assert_eq!(described, known);
    let help = text(&ok(common::folder().path(), ["batch", "--help"]));
    let columns = known.iter().map(|(column, _)| column.as_str()).collect::<Vec<_>>().join(", ");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&help).contains(&columns), "the help names other columns: {help}");
}

/// Every command's help ends in examples, and those that can fail in many ways in the exit codes.
#[test]
fn every_command_has_examples() {
    let folder = common::folder();
    for command in [
        "gen",
        "batch",
        "export-json",
        "export-cer",
        "convert",
        "passwd",
        "rotate",
        "inspect",
        "check",
        "scan",
        "completions",
        "man",
    ] {
        let help = text(&ok(folder.path(), [command, "--help"]));
        assert!(help.contains("Examples:"), "`certkit {command} --help` has no examples");
        if !matches!(command, "completions" | "man") {
            assert!(help.contains("Exit codes:"), "`certkit {command} --help` has no exit codes");
        }
        assert_eq!(help, text(&ok(folder.path(), ["help", command])), "help and --help differ for {command}");
    }
    let subcommands = common::listed(&["help", "connector"]);
    assert!(subcommands.len() > 5, "{subcommands:?}");
    for subcommand in subcommands {
        let help = text(&ok(folder.path(), ["connector", &subcommand, "--help"]));
        assert!(help.contains("Examples:") && help.contains("Exit codes:"), "connector {subcommand}");
    }
}

/// Completions and manual pages come out for every shell and command.
#[test]
fn completions_and_manual_pages_come_out() {
    let folder = common::folder();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(text(&ok(folder.path(), ["completions", shell])).contains("export-json"), "{shell}");
    }
    for page in ["gen", "export-json", "export-cer", "inspect", "check"] {
        assert!(
            text(&ok(folder.path(), ["man", page])).contains(".SH EXAMPLES")
                || text(&ok(folder.path(), ["man", page])).contains("Examples:"),
            "{page}"
        );
    }
    assert_eq!(run(folder.path(), ["man", "nonsense"]).status.code(), Some(2));
}
