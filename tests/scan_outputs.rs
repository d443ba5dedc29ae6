//! What is made of a scan for other programs: Prometheus, Nagios, browsers, calendars.
#![allow(clippy::disallowed_methods)] // Tests touch the world.

#[path = "common/scanned.rs"]
mod scanned;

use certkit::report::scan::{html, ics, nagios, prometheus};

#[test]
fn dump() {
    for (name, scan) in [
        ("ordinary", scanned::ordinary()),
        ("hostile", scanned::hostile()),
        ("many", scanned::many(10_000)),
        ("hundreds", scanned::many(60)),
        ("empty", scanned::scan(vec![])),
    ] {
        std::fs::write(format!("/tmp/so/out/{name}.html"), html(&scan)).unwrap();
        std::fs::write(format!("/tmp/so/out/{name}.prom"), prometheus(&scan)).unwrap();
        std::fs::write(format!("/tmp/so/out/{name}.ics"), ics(&scan)).unwrap();
        let n = nagios(&scan, None);
        std::fs::write(format!("/tmp/so/out/{name}.nagios"), format!("{}{}", n.text, n.code)).unwrap();
    }
}
