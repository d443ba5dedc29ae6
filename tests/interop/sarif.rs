//! SARIF against its schema, as OASIS publishes it.

use std::fs;

use serde_json::{Value, json};

use crate::{common, support};

fn log() -> Value {
    json!({
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "certkit" } },
            "results": [{ "message": { "text": "an end" }, "level": "warning" }],
        }],
    })
}

/// The schema is one that refuses: what is wrong in it is named.
#[test]
fn the_schema_tells_good_logs_from_bad_ones() {
    let folder = common::folder();
    let file = folder.path().join("log.sarif");
    let faults = |log: &Value| {
        fs::write(&file, log.to_string()).expect("the log is written");
        support::sarif_faults(&file, "SARIF")
    };
    let Some(none) = faults(&log()) else { return };
    assert_eq!(none, Vec::<String>::new());
    for (member, value) in
        [("/runs/0/results/0/level", json!("bad")), ("/version", json!("2.0.0")), ("/runs/0/tool", json!({}))]
    {
        let mut wrong = log();
        *wrong.pointer_mut(member).expect("it is there") = value;
        let faults = faults(&wrong).expect("the schema was there");
        let place = member.rsplit('/').next().expect("a member");
        assert!(faults.iter().any(|fault| fault.contains(place)), "{member}: {faults:?}");
    }
}
