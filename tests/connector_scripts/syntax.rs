//! The scripts of every connector, judged by shellcheck, by Bash and by PowerShell's grammar.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use certkit::connector::{
    Answers, Cloud, Guid, Profile, RedirectUri, Registry,
    line::Line,
    script::{Language, Values, script},
};

use crate::{HOSTILE, common};

/// A profile with hostile text wherever text may stand.
fn hostile_profile() -> Profile {
    let text = include_str!("../../src/connector/profiles/zscaler-blob-storage.toml");
    let mut table: toml::Table = text.parse().expect("TOML");
    fn spoil(value: &mut toml::Value) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table.iter_mut() {
                    let text_for_people = matches!(
                        key.as_str(),
                        "name"
                            | "vendor"
                            | "summary"
                            | "traps"
                            | "app"
                            | "what"
                            | "note"
                            | "page"
                            | "place"
                            | "steps"
                    );
                    if text_for_people || !value.is_str() {
                        spoil(value);
                    }
                }
            }
            toml::Value::Array(items) => items.iter_mut().for_each(spoil),
            toml::Value::String(text) if text.contains(' ') => {
                *text = format!("{HOSTILE} # {text} <# #> EOF")
            }
            _ => {}
        }
    }
    table.iter_mut().for_each(|(key, value)| match value {
        toml::Value::String(text) if matches!(key.as_str(), "name" | "vendor") => *text = HOSTILE.into(),
        value => spoil(value),
    });
    Profile::read(toml::to_string(&table).expect("TOML").as_bytes()).expect("a profile")
}

fn filled(profile: &Profile) -> Values {
    let guid = |text| Some(Guid::parse(text).expect("a GUID"));
    let line = |text: &str| Some(Line::try_from(text.to_owned()).expect("a line"));
    Values {
        known: Answers {
            app: line(HOSTILE),
            redirect_uri: profile.registration.redirect.as_ref().map(|_| {
                RedirectUri::parse("https://admin.example.com/it's;$(id)?a=%27&b=(1)")
                    .expect("a redirect URI")
            }),
            tenant_id: guid("11111111-2222-3333-4444-555555555555"),
            client_id: guid("66666666-7777-8888-9999-aaaaaaaaaaaa"),
            cloud: Cloud::China,
            ..Answers::default()
        },
        certificate: line(HOSTILE).filter(|_| profile.needs_certificate()),
        secret_file: line(HOSTILE).filter(|_| profile.takes(certkit::connector::profile::Credential::Secret)),
        subscription: guid("bbbbbbbb-cccc-dddd-eeee-ffffffffffff").filter(|_| !profile.roles.is_empty()),
    }
}

/// Every script there is, in files with their language's ending.
fn scripts(folder: &Path, language: Language) -> Vec<PathBuf> {
    let registry = Registry::built_in();
    let hostile = hostile_profile();
    let mut files = Vec::new();
    for profile in registry.iter().chain([&hostile]) {
        for (kind, values) in [("empty", Values::default()), ("filled", filled(profile))] {
            let text = script(profile, &values, language).expect("a script");
            assert!(text.ends_with('\n') && !text.contains('\r'));
            let file = folder.join(format!("{}-{}-{kind}", files.len(), profile.id));
            fs::write(&file, text).expect("a file");
            files.push(file);
        }
    }
    assert!(files.len() >= 20, "{}", files.len());
    files
}

#[test]
fn the_shell_scripts_are_good() {
    let folder = common::folder();
    for language in [Language::Az, Language::Graph] {
        let files = scripts(folder.path(), language);
        for file in &files {
            common::peer(Command::new("bash").arg("-n").arg(file));
        }
        if common::has_peer("shellcheck", "judging the scripts") {
            // SC1112 and SC2016 ask whether typographic quotation marks and what looks like a variable
            // are meant: in hostile names they are.
            common::peer(
                Command::new("shellcheck").args(["--shell=bash", "--exclude=SC1112,SC2016"]).args(&files),
            );
        }
    }
}

/// Fails for what the grammar does not know: the check can fail.
const GRAMMAR: &str = r#"
import sys, tree_sitter, tree_sitter_powershell
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
def faults(text):
    nodes, found = [parser.parse(text).root_node], []
    while nodes:
        node = nodes.pop()
        if node.is_error or node.is_missing:
            found.append(f"{node.start_point}: {text[node.start_byte:node.end_byte][:80]}")
        nodes += node.children
    return found
assert faults(b"if ($x { 'y }")
for name in sys.argv[1:]:
    text = open(name, "rb").read()
    text.decode("ascii")
    if faults(text):
        sys.exit(f"{name}: {faults(text)}")
"#;

#[test]
fn powershells_grammar_knows_the_scripts() {
    let folder = common::folder();
    let files = scripts(folder.path(), Language::PowerShell);
    let what = "parsing the PowerShell scripts";
    if let Some(python) = common::python_with("tree_sitter_powershell", what) {
        common::peer(Command::new(python).args(["-c", GRAMMAR]).args(&files));
    }
    // PowerShell's own parser, where somebody has it; tests/setup.sh does not install it.
    let on_path = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|at| at.join("pwsh").is_file()));
    for file in files.iter().filter(|_| on_path) {
        let command = "$e = $null; [void][Management.Automation.Language.Parser]::ParseFile($args[0], [ref]$null, [ref]$e); $e; exit $e.Count";
        let parse = format!("& {{ {command} }} '{}'", file.display());
        common::peer(Command::new("pwsh").args(["-NoProfile", "-Command", &parse]));
    }
}

/// What the connector has no use for is refused, by its option.
#[test]
fn what_is_not_used_is_refused() {
    let folder = common::folder();
    for (id, option, value) in [
        ("zscaler-mip", "--cert", "x.cer"),
        ("zscaler-mip", "--subscription", "bbbbbbbb-cccc-dddd-eeee-ffffffffffff"),
        ("zeron-office365", "--redirect-uri", "https://admin.example.com/"),
    ] {
        for form in ["az", "powershell", "graph"] {
            let output = common::run(folder.path(), ["connector", "show", id, "--as", form, option, value]);
            assert_eq!(output.status.code(), Some(2));
            assert!(output.stdout.is_empty());
            assert!(common::text(&output.stderr).contains(option), "{}", common::text(&output.stderr));
        }
    }
}
