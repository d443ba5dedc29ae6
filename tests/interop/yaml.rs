//! Zeron's file as PyYAML reads it, which is a parser of YAML 1.1: whatever the client secret is, it
//! comes back as the text that it was.

use std::{fs, process::Command};

use crate::common;

const TENANT: &str = "11111111-2222-3333-4444-555555555555";
const CLIENT: &str = "00000000-0000-0000-0000-0000000001e3";

/// Prints each file's `client_secret` as UTF-8 octets in hexadecimal, once the rest is as it must be.
const READ: &str = r#"
import sys, yaml
for name in sys.argv[3:]:
    read = yaml.safe_load(open(name, encoding="utf-8"))
    assert set(read) == {"tenant_id", "client_id", "client_secret", "subscriptions"}, read.keys()
    assert read["tenant_id"] == sys.argv[1] and read["client_id"] == sys.argv[2]
    assert read["subscriptions"] == ["Audit.AzureActiveDirectory", "Audit.SharePoint", "Audit.General", "DLP.All"]
    assert type(read["client_secret"]) is str
    print(read["client_secret"].encode("utf-8").hex())
"#;

#[test]
fn awkward_secrets_come_back_from_pyyaml() {
    let Some(python) = common::python("YAML read by PyYAML") else { return };
    let secrets = [
        "abc8Q~xyz-._0123456789",
        "- leading hyphen",
        "key: value",
        "a #comment",
        "#comment",
        "\"double\" and 'single'",
        "back\\slash \\n \\u0041",
        "*alias &anchor !tag %directive @at `tick`",
        "{a: b, c}",
        "[1, 2]",
        "> folded",
        "| literal",
        "yes",
        "null",
        "~",
        "1e3",
        "0x10",
        "2026-11-22",
        "? question",
        "---",
        "...",
        "größe 密碼 🔑",
        "line\u{2028}separator",
        "mark\u{feff}inside",
        " blanks around ",
        "ends with a backslash\\",
    ];
    let folder = common::folder();
    let mut names = Vec::new();
    for (index, secret) in secrets.iter().enumerate() {
        let (source, name) = (format!("{index}.txt"), format!("{index}.yaml"));
        fs::write(folder.path().join(&source), secret).expect("the secret is written");
        let secret = format!("file:{source}");
        let start = ["connector", "config", "zeron-office365", "--tenant-id", TENANT, "--client-id", CLIENT];
        common::ok(
            folder.path(),
            start.iter().chain(&["--client-secret", secret.as_str(), "-o", name.as_str()]),
        );
        names.push(name);
    }
    let mut read = Command::new(python);
    read.current_dir(folder.path()).args(["-c", READ, TENANT, CLIENT]).args(&names);
    let printed = common::text(&common::peer(&mut read));
    let hex = |text: &str| text.bytes().map(|octet| format!("{octet:02x}")).collect::<String>();
    let expected: Vec<String> = secrets.iter().map(|secret| hex(secret)).collect();
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}
