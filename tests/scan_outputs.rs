//! What is made of a scan for other programs: Prometheus, Nagios, browsers, calendars. What those
//! programs themselves say of it is asked in `interop/scan_outputs.rs`.
#![allow(clippy::disallowed_methods)] // Tests touch the world.

#[path = "common/scanned.rs"]
mod scanned;

use std::collections::BTreeSet;

use certkit::{
    finding::{Finding, Severity},
    report::scan::{Scan, Standing, Thing, Trouble, html, ics, nagios, prometheus},
    time::Instant,
};
use scanned::{certificate, days, hostile, key, many, now, ordinary, scan, secret};

/// The samples of one metric, as `labels value`.
fn samples<'a>(metrics: &'a str, name: &str) -> Vec<&'a str> {
    metrics
        .lines()
        .filter_map(|line| line.strip_prefix(name))
        .filter(|rest| rest.starts_with(['{', ' ']))
        .collect()
}

#[test]
fn what_is_one_thing_is_found_in_every_file_once() {
    let scan = ordinary();
    let distinct = scan.distinct();
    assert_eq!(distinct.len(), scan.sightings.len() - 2);
    let contoso = distinct.iter().find(|distinct| distinct.thing().title().contains("O=Contoso")).unwrap();
    assert_eq!(contoso.files(), ["backup/contoso.jks", "contoso/keystore.cer", "contoso/keystore.pfx"]);
    let ends: Vec<_> = distinct.iter().map(|distinct| (distinct.ends().is_none(), distinct.ends())).collect();
    assert!(ends.is_sorted(), "{ends:?}");
}

#[test]
fn two_keys_are_not_one() {
    let scan = scan(vec![key("a"), key("b"), secret("a", "App", Some(1)), secret("b", "App", Some(2))]);
    assert_eq!(scan.distinct().len(), 4);
}

#[test]
fn the_last_second_still_counts() {
    let scan = scan(Vec::new());
    let at = |seconds: i64| Instant::from_unix(seconds);
    assert_eq!(scan.standing(at(now().unix() - 1)), Standing::Ended);
    assert_eq!(scan.standing(at(now().unix())), Standing::Soon);
    assert_eq!(scan.standing(at(scan.soon.unix() - 1)), Standing::Soon);
    assert_eq!(scan.standing(at(scan.soon.unix())), Standing::Later);
    assert_eq!(scan.standing(None), Standing::Undated);
}

#[test]
fn metrics_tell_every_file_and_count_the_rest() {
    let metrics = prometheus(&ordinary());
    let ends = samples(&metrics, "certkit_certificate_not_after_timestamp_seconds");
    assert_eq!(ends.len(), 8);
    assert!(ends.is_sorted(), "{ends:?}");
    assert!(ends.iter().any(|sample| sample.contains(r#"file="contoso/keystore.cer",alias="selfsigned""#)
        && sample.ends_with(&format!(" {}", days(12).unix()))));
    assert_eq!(samples(&metrics, "certkit_certificate_not_before_timestamp_seconds").len(), 8);
    // A secret whose record tells no end has no sample.
    assert_eq!(samples(&metrics, "certkit_client_secret_expires_timestamp_seconds").len(), 1);
    assert_eq!(samples(&metrics, "certkit_findings"), ["{severity=\"error\"} 1", "{severity=\"warning\"} 1"]);
    assert_eq!(samples(&metrics, "certkit_locked_files"), [" 1"]);
    assert_eq!(samples(&metrics, "certkit_scan_files"), [" 15"]);
    assert_eq!(samples(&metrics, "certkit_scan_troubles"), [" 1"]);
    assert_eq!(samples(&metrics, "certkit_scan_timestamp_seconds"), [" 1800000000"]);
}

#[test]
fn no_series_is_there_twice() {
    let twice = vec![certificate("a.pem", "CN=a", 5), certificate("a.pem", "CN=a", 5)];
    let mut nearer = certificate("a.pem", "CN=a", 3);
    // Another certificate that was made to have the same SHA-1.
    if let Thing::Certificate(certificate) = &mut nearer.thing {
        certificate.sha256 = [7; 32];
    }
    let scan = scan([twice, vec![nearer]].concat());
    let metrics = prometheus(&scan);
    let ends = samples(&metrics, "certkit_certificate_not_after_timestamp_seconds");
    assert_eq!(ends.len(), 1);
    assert!(ends[0].ends_with(&format!(" {}", days(3).unix())), "the nearer end is told: {ends:?}");
}

#[test]
fn an_empty_scan_counts_zero() {
    let metrics = prometheus(&scan(Vec::new()));
    assert_eq!(samples(&metrics, "certkit_findings"), ["{severity=\"error\"} 0", "{severity=\"warning\"} 0"]);
    assert!(!metrics.contains("certkit_certificate"), "no metric without a sample");
}

/// The first line's words and figures.
fn first_line(text: &str) -> (&str, &str) {
    text.lines().next().and_then(|line| line.split_once(" | ")).expect("words | figures")
}

#[test]
fn the_plugin_says_how_it_stands() {
    let fine = certificate("fine.pfx", "CN=fine", 90);
    let soon = certificate("soon.pfx", "CN=soon", 12);
    let ended = certificate("ended.pfx", "CN=ended", -3);
    for (sightings, critical, code, words) in [
        (vec![fine.clone()], None, 0, "CERTKIT OK - none of 1 ends within 30 days, next in 90 days: CN=fine"),
        (
            vec![fine.clone(), soon.clone()],
            None,
            1,
            "CERTKIT WARNING - 1 of 2 ends within 30 days, next in 12 days: CN=soon",
        ),
        (
            vec![fine.clone(), soon.clone()],
            Some(7),
            1,
            "CERTKIT WARNING - 1 of 2 ends within 30 days, next in 12 days: CN=soon",
        ),
        (
            vec![fine.clone(), soon.clone()],
            Some(14),
            2,
            "CERTKIT CRITICAL - 1 of 2 ends within 30 days, next in 12 days: CN=soon",
        ),
        (vec![fine.clone(), ended], None, 2, "CERTKIT CRITICAL - 1 of 2 has ended, next in 90 days: CN=fine"),
        (vec![key("key.pem")], None, 0, "CERTKIT OK - none of 1 ends within 30 days"),
        (Vec::new(), None, 3, "CERTKIT UNKNOWN - nothing was found in 3 files"),
    ] {
        let said = nagios(&scan(sightings), critical.map(days));
        assert_eq!((first_line(&said.text).0, said.code), (words, code));
    }
}

#[test]
fn what_is_known_to_be_bad_is_worse_than_what_is_unknown() {
    let trouble = Trouble { path: "/private".into(), reason: "permission denied".into() };
    let unread =
        |left| Scan { troubles: vec![trouble.clone()], ..scan(vec![certificate("a.pfx", "CN=a", left)]) };
    assert_eq!(nagios(&unread(90), None).code, 3);
    assert_eq!(nagios(&unread(12), None).code, 1);
    assert_eq!(nagios(&unread(-1), None).code, 2);
    assert!(nagios(&unread(90), None).text.contains("\n[UNKNOWN] /private: permission denied\n"));
}

#[test]
fn an_error_is_critical_and_told_once() {
    let mut scan = scan(vec![certificate("a.pfx", "CN=a", -3)]);
    let finding = |id, text: &str| Finding::new(Severity::Error, id, text).in_file("a.pfx");
    scan.findings =
        vec![finding("certificate-expired", "it expired"), finding("key-mismatch", "it does not fit")];
    let said = nagios(&scan, None);
    let lines: Vec<&str> = said.text.lines().skip(1).collect();
    assert_eq!(lines, ["[CRITICAL] ended 3 days ago: CN=a (a.pfx)", "[CRITICAL] a.pfx: it does not fit"]);
    scan.sightings = vec![certificate("b.pfx", "CN=b", 90)];
    let said = nagios(&scan, None);
    assert_eq!(said.code, 2);
    assert!(said.text.contains("[CRITICAL] a.pfx: it expired\n"), "no other line tells of it: {}", said.text);
}

/// A trust store holds authorities that have ended; a credential beside one is another matter.
#[test]
fn an_authority_that_ended_where_it_is_trusted_is_a_warning() {
    let mut scan = scan(vec![certificate("ca.pem", "CN=root", -300)]);
    let finding = |severity, id| Finding::new(severity, id, "it expired").in_file("ca.pem");
    scan.findings = vec![finding(Severity::Warning, "trusted-expired")];
    assert_eq!(nagios(&scan, None).code, 1);
    scan.findings.push(finding(Severity::Error, "certificate-expired"));
    assert_eq!(nagios(&scan, None).code, 2);
}

#[test]
fn figures_have_the_thresholds() {
    let said = nagios(&scan(vec![certificate("a.pfx", "CN=a", 12)]), Some(days(7)));
    let (_, figures) = first_line(&said.text);
    assert!(
        figures.starts_with("time_left=1036800s;2592000:;604800: ended=0;0;;0 soon=1;0;;0 "),
        "{figures}"
    );
}

#[test]
fn the_plugin_says_no_more_than_is_read() {
    let said = nagios(&many(10_000), None);
    assert!(said.text.len() <= 4096, "{} octets", said.text.len());
    let last = said.text.lines().last().unwrap();
    let left: usize =
        last.strip_prefix("and ").and_then(|rest| rest.strip_suffix(" more")).unwrap().parse().unwrap();
    let told = said.text.lines().filter(|line| line.starts_with('[')).count();
    let (ended, soon) = (number(&many(10_000), Standing::Ended), number(&many(10_000), Standing::Soon));
    assert_eq!(told + left, ended + soon);
}

fn number(scan: &Scan, standing: Standing) -> usize {
    scan.distinct().iter().filter(|distinct| scan.standing(distinct.ends()) == standing).count()
}

/// Names cannot begin figures, markup or a line.
#[test]
fn hostile_names_are_words_to_nagios() {
    let said = nagios(&hostile(), None);
    assert_eq!(said.text.matches('|').count(), 1);
    assert!(!said.text.contains(['<', '>', '\u{202e}', '\u{1b}']), "{}", said.text);
    assert!(said.text.lines().skip(1).all(|line| line.starts_with('[')), "{}", said.text);
}

/// Content lines, unfolded.
fn content(calendar: &str) -> Vec<String> {
    assert!(calendar.ends_with("\r\n"));
    assert_eq!(calendar.matches('\n').count(), calendar.matches("\r\n").count());
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "a line is longer than 75 octets");
    calendar.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

fn values(calendar: &str, name: &str) -> Vec<String> {
    content(calendar)
        .iter()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::to_owned))
        .collect()
}

#[test]
fn every_end_is_an_event_and_some_have_alarms() {
    let calendar = ics(&ordinary());
    assert_eq!(values(&calendar, "DTSTART").len(), 7);
    assert_eq!(values(&calendar, "DTSTART")[0], "20270112T080000Z");
    assert_eq!(values(&calendar, "TRIGGER"), ["-P30D"; 6], "what has ended rings no more");
    let hours = Scan { soon: Instant::from_unix(now().unix() + 36 * 3600).unwrap(), ..ordinary() };
    assert_eq!(values(&ics(&hours), "TRIGGER"), ["-PT129600S"; 6]);
}

/// A later scan changes events and doubles none, wherever the files then are.
#[test]
fn events_keep_their_names() {
    let names = |scan: &Scan| values(&ics(scan), "UID");
    let earlier = names(&ordinary());
    assert_eq!(earlier.iter().collect::<BTreeSet<_>>().len(), earlier.len());
    let mut later = Scan { now: days(20), soon: days(50), ..ordinary() };
    for sighting in &mut later.sightings {
        sighting.file = format!("moved/{}", sighting.file).into();
        sighting.alias = None;
    }
    assert_eq!(names(&later), earlier);
    let stamps: BTreeSet<String> = values(&ics(&later), "DTSTAMP").into_iter().collect();
    assert_eq!(stamps.into_iter().collect::<Vec<_>>(), ["20270204T080000Z"]);
}

#[test]
fn what_never_ends_is_no_event() {
    let mut endless = certificate("a.pfx", "CN=a", 1);
    if let Thing::Certificate(certificate) = &mut endless.thing {
        certificate.not_after = Instant::LAST;
    }
    assert!(values(&ics(&scan(vec![endless])), "UID").is_empty());
}

/// Folding cuts between characters, whatever their length and place.
#[test]
fn folding_cuts_no_character() {
    for shift in 0..80 {
        let subject = format!("CN={}{}", "x".repeat(shift), "é🔑ẞ".repeat(40));
        let calendar = ics(&scan(vec![certificate("a.pfx", &subject, 5)]));
        assert_eq!(values(&calendar, "SUMMARY"), [format!("Ends: {subject}")]);
    }
}

/// How often a text is in the page.
fn times(page: &str, text: &str) -> usize {
    page.matches(text).count()
}

#[test]
fn the_page_has_a_row_for_each_thing() {
    let page = html(&ordinary());
    assert_eq!(times(&page, "<tr role=\"row\" data-state="), 10);
    assert!(page.contains("1 of 10 has ended, 2 end within 30 days"));
    for (state, rows) in [("ended", 1), ("soon", 2), ("later", 4), ("undated", 3)] {
        assert_eq!(times(&page, &format!("data-state=\"{state}\"")), rows, "{state}");
    }
    assert!(page.contains("northwind/mail.json:3:17"), "a finding tells its place");
    assert!(!page.contains("class=\"ends long\""));
}

#[test]
fn a_thing_in_many_files_shows_some_of_them_first() {
    let copies =
        |number: usize| (0..number).map(|index| certificate(&format!("{index}.pem"), "CN=a", 5)).collect();
    assert_eq!(times(&html(&scan(copies(4))), "<details>"), 0);
    let page = html(&scan(copies(200)));
    assert_eq!(times(&page, "<summary>197 more</summary>"), 1);
    assert_eq!(times(&page, ".pem <span"), 200);
}

/// Few ends have a mark each; many are bars; what lies far off is counted at the side.
#[test]
fn the_picture_gathers_what_is_too_much_for_marks() {
    let few = html(&ordinary());
    let marks = times(&few, "<use class=");
    assert_eq!((marks, times(&few, "class=\"piece ")), (6, 0));
    assert!(few.contains(">1</text><text x=\"960\" y=\"176\" text-anchor=\"middle\">after</text>"));
    let page = html(&many(10_000));
    assert_eq!(times(&page, "<use class="), 0);
    assert!(times(&page, "class=\"piece ended\"") > 0 && times(&page, "class=\"piece later\"") > 20);
    assert!(page.contains("class=\"ends long\""));
    assert!(!html(&scan(vec![key("a")])).contains("class=\"timeline\""), "nothing ends: no picture");
}

/// Ends at the edges of what can be named break nothing.
#[test]
fn any_end_has_a_place() {
    let first = Instant::from_unix(-62_167_219_200).unwrap();
    for ends in [vec![first], vec![Instant::LAST], vec![first, Instant::LAST, now()], vec![now()]] {
        let mut sightings = Vec::new();
        for (index, end) in ends.iter().enumerate() {
            let mut sighting = certificate("a.pfx", &format!("CN={index}"), 1);
            if let Thing::Certificate(certificate) = &mut sighting.thing {
                certificate.not_after = *end;
            }
            sightings.push(sighting);
        }
        for soon in [days(0), days(30), days(20_000), Instant::LAST] {
            let scan = Scan { soon, ..scan(sightings.clone()) };
            assert!(html(&scan).contains("class=\"timeline\""));
            assert!(!nagios(&scan, None).text.is_empty() && ics(&scan).ends_with("END:VCALENDAR\r\n"));
        }
    }
}

#[test]
fn hostile_names_are_words_on_the_page() {
    let page = html(&hostile());
    assert_eq!((times(&page, "<script"), times(&page, "<img"), times(&page, "</style>")), (1, 0, 1));
    assert!(!page.contains(['\u{202e}', '\u{1b}']));
    assert!(page.contains("\\u{a}\\u{202e}\\u{1b}[2J"));
}
