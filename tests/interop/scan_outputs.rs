//! What is made of a scan, judged by the programs that it is made for: promtool, two readers of
//! calendars, a browser, and the grammar of the Monitoring Plugins' guidelines.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use certkit::report::scan::{Scan, html, ics, nagios, prometheus};
use serde_json::{Value, json};

use crate::{browser, common, scanned, support};

/// Every scan that the renderings have to stand.
fn scans() -> Vec<(&'static str, Scan)> {
    vec![
        ("ordinary", scanned::ordinary()),
        ("hostile", scanned::hostile()),
        ("many", scanned::many(2000)),
        ("empty", scanned::scan(Vec::new())),
    ]
}

fn promtool(what: &str) -> Option<Command> {
    let program = common::root().join("target/peers/bin/promtool");
    common::has_peer(&program.display().to_string(), what).then(|| Command::new(program))
}

/// Everything that promtool says of metrics; nothing is what it says of good ones.
fn said_of_metrics(mut promtool: Command, folder: &Path, metrics: &str) -> String {
    let file = folder.join("certkit.prom");
    fs::write(&file, metrics).expect("the metrics are written");
    promtool.args(["check", "metrics"]).stdin(File::open(file).expect("they are there"));
    let output = promtool.output().expect("promtool starts");
    assert!(output.status.success() || !output.stderr.is_empty(), "{:?} without a word", output.status);
    common::text(&output.stdout) + &common::text(&output.stderr)
}

#[test]
fn promtool_takes_the_metrics_without_a_word() {
    let what = "the metrics of a scan";
    let folder = common::folder();
    for (name, scan) in scans() {
        let Some(promtool) = promtool(what) else { return };
        assert_eq!(said_of_metrics(promtool, folder.path(), &prometheus(&scan)), "", "{name}");
    }
    // It would say if a series were there twice, or a name broke the conventions.
    for wrong in ["a_bytes{b=\"c\"} 1\na_bytes{b=\"c\"} 2\n", "# HELP aB b\n# TYPE aB gauge\naB 1\n"] {
        let Some(promtool) = promtool(what) else { return };
        assert_ne!(said_of_metrics(promtool, folder.path(), wrong), "");
    }
}

/// The same of what the program itself prints, of a store that it made.
#[test]
fn the_program_prints_what_others_take() {
    let what = "the output of certkit scan";
    let folder = common::folder();
    let password = support::password_file(folder.path(), support::PASSWORD);
    let arguments = ["gen", "--cn", "TEST scan", "--days", "400", "--password"];
    common::ok(folder.path(), arguments.into_iter().chain([support::source(&password).as_str()]));
    let scan = |format| {
        common::ok(folder.path(), ["scan", ".", "--format", format, "--password", "file:password.txt"])
    };
    let metrics = common::text(&scan("prometheus"));
    assert_eq!(metrics.matches("\ncertkit_certificate_not_after_timestamp_seconds{").count(), 2);
    if let Some(promtool) = promtool(what) {
        assert_eq!(said_of_metrics(promtool, folder.path(), &metrics), "");
    }
    assert!(common::text(&scan("nagios")).starts_with("CERTKIT OK - none of 1 ends within 30 days, "));
    if let Some(python) = common::python_with("icalendar", what) {
        let file = folder.path().join("ends.ics");
        fs::write(&file, scan("ics")).expect("the calendar is written");
        let found = common::peer(Command::new(python).args(["-c", include_str!("events.py")]).arg(file));
        let events: Vec<Value> = serde_json::from_slice(&found).expect("the script prints JSON");
        assert_eq!(events.len(), 1, "one certificate in two files");
        assert_eq!(events[0]["summary"], "Ends: CN=TEST scan");
    }
}

/// The alerts of docs/examples ring when they should, and not before.
#[test]
fn promtool_takes_the_alerts() {
    let what = "the alerts on a scan";
    let rules = common::root().join("docs/examples/prometheus-alerts.yaml");
    if let Some(mut promtool) = promtool(what) {
        common::peer(promtool.args(["check", "rules", "--lint-fatal"]).arg(rules));
    }
    if let Some(mut promtool) = promtool(what) {
        common::peer(
            promtool.args(["test", "rules", "tests/interop/alerts.yml"]).current_dir(common::root()),
        );
    }
}

/// The alerts and the rendering speak of the same metrics.
#[test]
fn alerts_name_metrics_that_there_are() {
    let rules =
        fs::read_to_string(common::root().join("docs/examples/prometheus-alerts.yaml")).expect("alerts");
    let metrics = prometheus(&scanned::ordinary());
    let named: Vec<&str> = rules
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("certkit_"))
        .collect();
    assert!(named.len() >= 6, "{named:?}");
    for name in named {
        assert!(metrics.contains(&format!("# TYPE {name} gauge\n")), "{name}");
    }
}

/// The units of docs/examples are what systemd takes. Its own check wants the program to be there.
#[test]
fn systemd_takes_the_units() {
    if !common::has_peer("systemd-analyze", "the units of a scan") {
        return;
    }
    let folder = common::folder();
    let examples = common::root().join("docs/examples");
    let program = env!("CARGO_BIN_EXE_certkit");
    let service = fs::read_to_string(examples.join("certkit-scan.service")).expect("the service");
    assert!(service.contains("ExecStart=/usr/local/bin/certkit "));
    let service = service.replace("/usr/local/bin/certkit", program).replace("man:certkit(1)", "file:///");
    fs::write(folder.path().join("certkit-scan.service"), service).expect("the service");
    fs::copy(examples.join("certkit-scan.timer"), folder.path().join("certkit-scan.timer"))
        .expect("the timer");
    let units = ["certkit-scan.service", "certkit-scan.timer"];
    let mut verify = Command::new("systemd-analyze");
    let output = verify.arg("verify").args(units).current_dir(folder.path()).output().expect("it starts");
    assert_eq!((output.status.code(), common::text(&output.stderr).as_str()), (Some(0), ""));
}

/// The events that a scan should give, from the scan itself.
fn events(scan: &Scan) -> Vec<Value> {
    let dated = scan.distinct().into_iter().filter_map(|distinct| Some((distinct.ends()?, distinct)));
    dated
        .map(|(end, distinct)| {
            let ended = end < scan.now;
            let title = certkit::report::text::clean(&distinct.thing().title());
            json!({
                "stamp": scan.now.to_string(),
                "start": end.to_string(),
                "summary": format!("{}: {title}", if ended { "Ended" } else { "Ends" }),
                "alarms": if ended { vec![] } else { vec![-30 * 86_400] },
            })
        })
        .collect()
}

/// Two readers that know nothing of each other find the same events, which are those of the scan.
#[test]
fn calendars_take_the_events() {
    let what = "the calendar of a scan";
    let folder = common::folder();
    let (Some(python), Some(_)) = (common::python_with("icalendar", what), common::node("ical.js", what))
    else {
        return;
    };
    for (name, scan) in scans() {
        let file = folder.path().join(format!("{name}.ics"));
        fs::write(&file, ics(&scan)).expect("the calendar is written");
        let read = |command: &mut Command| -> Vec<Value> {
            serde_json::from_slice(&common::peer(command.arg(&file))).expect("the script prints JSON")
        };
        let found = read(Command::new(&python).args(["-c", include_str!("events.py")]));
        let mut node = common::node("ical.js", what).expect("it was there");
        assert_eq!(read(node.args(["-e", include_str!("events.js")])), found, "{name}");
        assert_eq!(found.len(), events(&scan).len(), "{name}");
        for (event, expected) in found.iter().zip(events(&scan)) {
            for (member, value) in expected.as_object().expect("an object") {
                assert_eq!(&event[member], value, "{name}: {member}");
            }
            let files = event["description"].as_str().map_or(0, |text| text.matches("\nFile: ").count());
            assert!(files >= 1, "{name}: {event}");
        }
    }
}

/// A line of words, figures behind a bar, lines of words: the guidelines' grammar, by their own words.
#[test]
fn the_plugin_speaks_the_guidelines_grammar() {
    const GRAMMAR: &str = r#"
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
first, *more = text.removesuffix("\n").split("\n")
words, figures = re.fullmatch(r"CERTKIT (?:OK|WARNING|CRITICAL|UNKNOWN) - ([^|]+) \| ([^|]+)", first).groups()
number, span = r"-?\d+(?:\.\d+)?", r"(?:@?(?:~|-?\d+(?:\.\d+)?)?:?(?:-?\d+(?:\.\d+)?)?)"
label = r"(?:'[^'=]+'|[^'= ]+)"
one = rf"{label}={number}(?:u?s|ms|%|[KMGT]?B|c)?(?:;{span}(?:;{span}(?:;(?:{number})?(?:;(?:{number})?)?)?)?)?"
assert re.fullmatch(rf"{one}(?: {one})*", figures), figures
assert all(line and "|" not in line for line in more), more
print(len(figures.split(" ")))
"#;
    let Some(python) = common::python("the plugin's line of a scan") else { return };
    let folder = common::folder();
    for (name, scan) in scans() {
        for critical in [None, scan.now.plus_days(7)] {
            let file = folder.path().join(format!("{name}.txt"));
            fs::write(&file, nagios(&scan, critical).text).expect("the lines are written");
            let figures = common::peer(Command::new(&python).args(["-c", GRAMMAR]).arg(file));
            let expected = if scan.sightings.is_empty() { "7" } else { "8" };
            assert_eq!(common::text(&figures).trim(), expected, "{name}");
        }
    }
}

#[test]
fn the_page_of_a_scan_serves_a_person_in_a_browser() {
    let what = "the page of a scan";
    let Some(mut node) = common::node("playwright-core", what) else { return };
    let Some(browser) = browser::chromium(what) else { return };
    let folder = common::folder();
    let mut scans = scans();
    scans[2].1 = scanned::many(10_000);
    let pages: Vec<PathBuf> = scans
        .into_iter()
        .map(|(name, scan)| {
            let path = folder.path().join(format!("{name}.html"));
            fs::write(&path, html(&scan)).expect("a page");
            path
        })
        .collect();
    let script = concat!(include_str!("page.js"), include_str!("scan_page.js"));
    let seen = common::peer(node.arg("-e").arg(script).arg(browser).args(&pages));
    assert_eq!(common::text(&seen).lines().count(), pages.len());
}
