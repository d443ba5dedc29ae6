//! Python's `urllib.parse` reads every consent address as it was meant, and certkit the answers that
//! it writes.

use std::{fs, process::Command};

use certkit::connector::{
    Cloud, Guid, RedirectUri, Registry,
    consent::{self, Expected, Request, Verdict},
    line::Line,
};
use serde_json::{Value, json};

use crate::common;

const CLIENT: &str = "6731de76-14a6-49ae-97bc-6eba6914391e";
const TENANT: &str = "a8990e1f-ff32-408a-9f8e-78d3b9139b95";

/// Reads `addresses.json`; for each case compares the address, and writes the answer in two spellings.
const PYTHON: &str = r#"
import json, urllib.parse as parse
answers = []
for case in json.load(open("addresses.json", encoding="utf-8")):
    url = parse.urlsplit(case["url"])
    found = parse.parse_qsl(url.query, keep_blank_values=True, strict_parsing=True)
    assert (url.scheme, url.netloc, url.fragment) == ("https", case["host"], ""), case
    assert [list(pair) for pair in found] == case["pairs"], (found, case)
    sent = dict(found)
    answer = {"admin_consent": "True", "tenant": case["tenant"], "state": sent["state"]}
    for quote in (parse.quote_plus, parse.quote):
        answers.append({"url": sent["redirect_uri"] + "?" + parse.urlencode(answer, quote_via=quote),
            "state": sent["state"]})
json.dump(answers, open("answers.json", "w", encoding="utf-8"))
"#;

const STATES: [&str; 8] = [
    "12345",
    "administration/mip-labels",
    "a b+c%20d",
    "x&y=z;#?",
    "größe 🔑",
    "\"<'>\\`$(x)",
    "%00%",
    "&amp;",
];
const REDIRECT_URIS: [&str; 4] = [
    "https://admin.zscalertwo.net/",
    "http://localhost",
    "https://Admin.example.com:8443/a%20b+c/ü",
    "http://[::1]:8080/back",
];

fn cases() -> Vec<Value> {
    let registry = Registry::built_in();
    let guid = |text| Guid::parse(text).expect("a GUID");
    let mut cases = Vec::new();
    for profile in registry.iter() {
        for ((_, cloud), v2) in Cloud::ALL.into_iter().flat_map(|cloud| [(cloud, false), (cloud, true)]) {
            for (state, redirect_uri) in STATES.iter().flat_map(|s| REDIRECT_URIS.iter().map(move |r| (s, r)))
            {
                let state = Line::try_from((*state).to_owned()).expect("a state");
                let redirect_uri = &RedirectUri::parse(redirect_uri).expect("a redirect URI");
                let (client_id, tenant_id) = (guid(CLIENT), Some(guid(TENANT)));
                let request = Request { client_id, redirect_uri, tenant_id, state: Some(&state), cloud, v2 };
                let made = consent::address(profile, &request);
                let scope = made.parts.scope.map(|scope| json!(["scope", scope]));
                assert_eq!(scope.is_some(), v2);
                let rest = [json!(["state", &*state]), json!(["redirect_uri", redirect_uri.as_str()])];
                let pairs: Vec<Value> =
                    [json!(["client_id", CLIENT])].into_iter().chain(scope).chain(rest).collect();
                let host = cloud.authority();
                cases.push(json!({"url": made.url, "host": host, "tenant": TENANT, "pairs": pairs}));
            }
        }
    }
    cases
}

#[test]
fn python_reads_every_address_and_certkit_its_answers() {
    if !common::has_peer("python3", "consent addresses read by Python") {
        return;
    }
    let folder = common::folder();
    let cases = cases();
    let text = serde_json::to_string(&cases).expect("JSON");
    fs::write(folder.path().join("addresses.json"), text).expect("it is written");
    common::peer(Command::new("python3").args(["-c", PYTHON]).current_dir(folder.path()));
    let answers = fs::read(folder.path().join("answers.json")).expect("Python wrote them");
    let answers: Vec<Value> = serde_json::from_slice(&answers).expect("JSON");
    assert_eq!(answers.len(), 2 * cases.len());
    for answer in &answers {
        let (url, state) = (answer["url"].as_str().expect("text"), answer["state"].as_str());
        let tenant_id = Guid::parse(TENANT).ok();
        let read = consent::read("URL", url, &Expected { state, tenant_id });
        let read = read.unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!((read.verdict, read.state.as_deref()), (Verdict::Granted, state), "{url}");
    }
}
