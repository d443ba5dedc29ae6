//! What a script says is what certkit says elsewhere, and what it tells to type works.

use std::{collections::BTreeSet, fs};

use certkit::connector::{
    Answers, Registry,
    procedure::procedure,
    script::{Language, Values, script},
};
use serde_json::{Value, json};

use crate::common;

fn registry() -> Registry {
    Registry::built_in()
}

/// Who may consent is one answer, in a script and in the steps for a person.
#[test]
fn who_may_consent_is_told_as_in_the_steps() {
    let mut answers = BTreeSet::new();
    for profile in registry().iter() {
        let procedure = procedure(profile, &Answers::default());
        let step = procedure.steps.iter().find(|step| step.id == "consent").expect("the step");
        let who = step.who.clone().expect("not everybody may");
        for (word, language) in Language::ALL {
            let text = script(profile, &Values::default(), language).expect("a script");
            assert!(text.contains(&format!("\n#   - the consent: {who}\n")), "{} as {word}", profile.id);
        }
        answers.insert(who);
    }
    assert_eq!(answers.len(), 2, "Microsoft Graph's application permissions make a difference: {answers:?}");
}

/// The permissions in a shell script are the JSON that `connector manifest` writes.
#[test]
fn permissions_are_those_of_the_manifest() {
    let folder = common::folder();
    for profile in registry().iter() {
        let manifest =
            common::text(&common::ok(folder.path(), ["connector", "manifest", profile.id.as_str()]));
        let expected = format!("\nPERMISSIONS='{}'\n", manifest.trim_end());
        for language in [Language::Az, Language::Graph] {
            let text = script(profile, &Values::default(), language).expect("a script");
            assert!(text.contains(&expected), "{}: {expected}", profile.id);
        }
    }
}

/// Every command of certkit's that a script shows is one that certkit takes.
#[test]
fn the_commands_that_are_shown_work() {
    let mut shown = BTreeSet::new();
    for profile in registry().iter() {
        for (_, language) in Language::ALL {
            let text = script(profile, &Values::default(), language).expect("a script");
            let commands =
                text.split('`').filter(|part| part.starts_with("certkit ") && !part.contains('\n'));
            shown.extend(commands.map(str::to_owned));
            // Where one stands without marks around it, this test would pass it by.
            let bare = text.lines().filter(|line| line.contains("certkit connector ")).count();
            assert_eq!(bare, text.matches("`certkit connector ").count(), "{}", profile.id);
        }
    }
    assert!(!shown.is_empty(), "the scripts of older profiles lead to the newer ones");
    let folder = common::folder();
    let current = json!({"requiredResourceAccess": Value::Array(Vec::new())});
    fs::write(folder.path().join("CURRENT.json"), current.to_string()).expect("a file");
    for command in shown {
        let output = common::run(folder.path(), command.split(' ').skip(1));
        // 10 is the verdict that the empty app lacks permissions.
        let done = matches!(output.status.code(), Some(0 | 10));
        assert!(done, "{command}: {}", common::text(&output.stderr));
    }
}
