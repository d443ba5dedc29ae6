//! A list over many processes and machines: GNU parallel runs the line of the documents, and the
//! Kubernetes manifest is one by Kubernetes' own schema, with arguments that make what it says.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, process::Command};

use super::common::{certkit, folder, has_peer, peer, python_with, root, text};

/// The first line of docs/batch.md's code that holds `word`.
fn documented(word: &str) -> String {
    let page = fs::read_to_string(root().join("docs/batch.md")).expect("docs/batch.md is there");
    page.lines().find(|line| line.contains(word)).expect("the line is there").to_owned()
}

/// Eight parts in two processes make each row once, and once more nothing.
#[test]
fn gnu_parallel_runs_the_documented_line() {
    if !has_peer("parallel", "a list in parts, by GNU parallel") {
        return;
    }
    let line = documented("| parallel ");
    let folder = folder();
    let names: BTreeSet<String> = (0..40).map(|index| format!("tenant{index:02}")).collect();
    let list: String = names.iter().map(|name| format!("{name},p256\n")).collect();
    fs::write(folder.path().join("tenants.csv"), format!("name,key\n{list}")).expect("the list is written");
    let program = env!("CARGO_BIN_EXE_certkit");
    let path = format!(
        "{}:{}",
        std::path::Path::new(program).parent().expect("its folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    for status in ["made", "skipped"] {
        let mut shell = Command::new("sh");
        shell.args(["-ec", &line]).current_dir(folder.path()).env("PATH", &path).env("HOME", folder.path());
        peer(&mut shell);
        let results = fs::read_to_string(folder.path().join("made.jsonl")).expect("the results");
        let found: Vec<serde_json::Value> =
            results.lines().map(|line| serde_json::from_str(line).expect("whole lines")).collect();
        assert_eq!(found.len(), names.len());
        assert!(found.iter().all(|result| result["status"] == status), "{results}");
        let made: BTreeSet<String> =
            found.iter().filter_map(|result| result["name"].as_str().map(str::to_owned)).collect();
        assert_eq!(made, names);
    }
    assert!(names.iter().all(|name| folder.path().join(format!("out/{name}/{name}.json")).exists()));
}

/// Kubernetes' strict schema takes the manifest, and refuses it with a misspelt field.
#[test]
fn kubernetes_takes_the_manifest() {
    let Some(python) = python_with("kubernetes_validate", "the Kubernetes manifest, by Kubernetes' schema")
    else {
        return;
    };
    let script = "\
import copy, json, sys, yaml, kubernetes_validate as kubernetes
job = yaml.safe_load(open(sys.argv[1]))
kubernetes.validate(job, '1.37', strict=True)
for spoil in (lambda job: job['spec'].update(completionMod='Indexed'),
              lambda job: job['spec']['template']['spec']['containers'][0].update(arg=[]),
              lambda job: job['spec'].update(completions='four')):
    spoilt = copy.deepcopy(job)
    spoil(spoilt)
    try:
        kubernetes.validate(spoilt, '1.37', strict=True)
    except kubernetes.ValidationError:
        continue
    sys.exit('a spoilt manifest passes')
container = job['spec']['template']['spec']['containers'][0]
json.dump({'args': container['args'], 'completions': job['spec']['completions']}, sys.stdout)
";
    let manifest = root().join("docs/examples/kubernetes-job.yaml");
    let said = peer(Command::new(python).args(["-c", script]).arg(manifest));
    let said: serde_json::Value = serde_json::from_slice(&said).expect("what the manifest says");

    // The pods' own command lines, with the folders of this test in place of the mounted ones.
    let folder = folder();
    let names: Vec<String> = (0..6).map(|index| format!("tenant{index}")).collect();
    let list: String = names.iter().map(|name| format!("{name},p256\n")).collect();
    fs::write(folder.path().join("tenants.csv"), format!("name,key\n{list}")).expect("the list is written");
    let completions = said["completions"].as_u64().expect("a number");
    for index in 0..completions {
        let arguments = said["args"].as_array().expect("the arguments").iter().map(|argument| {
            let argument = argument.as_str().expect("a text");
            argument
                .replace("$(JOB_COMPLETION_INDEX)", &index.to_string())
                .replace("/list/", "")
                .replace("/credentials/", "credentials/")
        });
        let output = certkit(folder.path()).args(arguments).output().expect("the program starts");
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    for name in &names {
        let made = folder.path().join(format!("credentials/{name}/{name}.pfx"));
        let mode = fs::metadata(made).expect("each tenant's PFX is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
