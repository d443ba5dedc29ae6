//! Admin consent: every address reads back as it was meant, and every answer is told apart.

mod common;

use std::{io::Write, process::Stdio};

use certkit::{
    Error,
    connector::{
        Cloud, Guid, RedirectUri, Registry,
        consent::{self, Answer, Expected, Request, Verdict},
        line::Line,
    },
    error::Class,
};
use common::{certkit, folder, run, text};
use proptest::prelude::*;
use serde_json::Value;
use url::Url;

const CLIENT: &str = "6731de76-14a6-49ae-97bc-6eba6914391e";
const TENANT: &str = "a8990e1f-ff32-408a-9f8e-78d3b9139b95";
const BACK: &str = "https://admin.zscalertwo.net/";

fn guid(text: &str) -> Guid {
    Guid::parse(text).expect("a GUID")
}

fn states() -> impl Strategy<Value = Line> {
    "\\PC{1,60}".prop_filter_map("a state that can be seen", |text| Line::try_from(text).ok())
}

fn redirect_uris() -> impl Strategy<Value = RedirectUri> {
    "(https://[a-zA-Z]{1,9}\\.example\\.com|http://localhost|http://127\\.0\\.0\\.1)(:[1-9][0-9]{1,3})?(/[!$&'()+,;=:@%/?~A-Za-z0-9_.äß-]{0,40})?"
        .prop_filter_map("a redirect URI", |text| RedirectUri::parse(&text).ok())
}

proptest! {
    /// A reader that knows nothing of certkit finds every part as it was given, in every cloud, on
    /// both endpoints, for every connector.
    #[test]
    fn every_address_reads_back(
        state in proptest::option::of(states()),
        redirect_uri in redirect_uris(),
        tenant in any::<bool>(),
        cloud in prop::sample::select(Cloud::ALL.map(|(_, cloud)| cloud).to_vec()),
        v2 in any::<bool>(),
    ) {
        let registry = Registry::built_in();
        for profile in registry.iter() {
            let request = Request {
                client_id: guid(CLIENT),
                redirect_uri: &redirect_uri,
                tenant_id: tenant.then(|| guid(TENANT)),
                state: state.as_ref(),
                cloud,
                v2,
            };
            let made = consent::address(profile, &request).url;
            prop_assert!(made.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'+'), "{made}");
            let url = Url::parse(&made).expect("an address");
            prop_assert_eq!(url.as_str(), &made);
            prop_assert_eq!(url.scheme(), "https");
            prop_assert_eq!(url.host_str(), Some(cloud.authority()));
            let anyone = if v2 { "organizations" } else { "common" };
            let whose = if tenant { TENANT } else { anyone };
            let version = if v2 { "/v2.0" } else { "" };
            prop_assert_eq!(url.path(), format!("/{whose}{version}/adminconsent"));
            let mut expected = vec![("client_id".to_owned(), CLIENT.to_owned())];
            if v2 {
                let graph = profile.apis.iter().any(|api| api.id == Guid::MICROSOFT_GRAPH);
                let scope = match graph {
                    true => format!("https://{}/.default", cloud.graph()),
                    false => format!("{}/.default", profile.apis[0].id),
                };
                expected.push(("scope".into(), scope));
            }
            let sent = state.as_ref().or(profile.consent.state.as_ref());
            expected.extend(sent.map(|state| ("state".to_owned(), state.to_string())));
            expected.push(("redirect_uri".into(), redirect_uri.to_string()));
            let found: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            prop_assert_eq!(found, expected);
            prop_assert_eq!(url.fragment(), None);
        }
    }

    /// Whatever the state is, the answer that carries it is read back with it.
    #[test]
    fn every_state_comes_back(state in states(), redirect_uri in redirect_uris(), plus in any::<bool>()) {
        let mut url = Url::parse(redirect_uri.as_str()).expect("an address");
        url.query_pairs_mut()
            .append_pair("admin_consent", "True")
            .append_pair("tenant", TENANT)
            .append_pair("state", &state);
        let spelt = if plus { url.to_string() } else { url.as_str().replace('+', "%20") };
        // The redirect URI may have parameters of its own.
        prop_assume!(redirect_uri.as_str().split(['?', '&']).all(|part| !part.starts_with("state")));
        let expected = Expected { state: Some(&state), tenant_id: Some(guid(TENANT)) };
        let answer = consent::read("URL", &spelt, &expected).expect("an answer");
        prop_assert_eq!(answer.verdict, Verdict::Granted, "{} {:?}", spelt, answer.differences);
        prop_assert_eq!(answer.state.as_deref(), Some(&*state));
    }

    /// Nothing that is pasted makes the reader panic, and nothing without a tenant is a consent.
    #[test]
    fn anything_is_read_or_refused(
        text in "\\PC{0,80}|https://x/[?#](admin_consent|tenant|error|state|=|&|#|true|%|[0-9a-f-]){0,12}",
    ) {
        match consent::read("URL", &text, &Expected::default()) {
            Ok(answer) if answer.verdict == Verdict::Granted => {
                prop_assert!(answer.tenant.is_some() && answer.error.is_none());
            }
            Ok(_) => {}
            Err(error) => prop_assert!(matches!(error.class(), Class::Usage | Class::Input)),
        }
    }
}

/// The vendor's own page writes the same address, but for its encoding.
#[test]
fn the_pages_address_is_written() {
    let output = run(
        folder().path(),
        ["connector", "consent-url", "zscaler-mip", "--client-id", CLIENT, "--redirect-uri", BACK],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let expected = format!(
        "https://login.microsoftonline.com/common/adminconsent?client_id={CLIENT}&state=administration%2Fmip-labels&redirect_uri=https%3A%2F%2Fadmin.zscalertwo.net%2F\n"
    );
    assert_eq!(text(&output.stdout), expected);
    assert_eq!(text(&output.stderr), "");
}

/// Every connector has an address, once a client ID and a redirect URI are known; where the vendor's
/// page fixes the redirect URI that one is used, and elsewhere it is asked for.
#[test]
fn every_connector_has_an_address() {
    let folder = folder();
    let registry = Registry::built_in();
    let mut fixed = 0;
    for profile in registry.iter() {
        let id = profile.id.as_str();
        let output = run(folder.path(), ["connector", "consent-url", id, "--client-id", CLIENT]);
        let redirect = profile.registration.redirect.as_ref();
        if let Some(uri) = redirect.and_then(|redirect| redirect.uri.as_ref()) {
            let url = Url::parse(text(&output.stdout).trim_end()).expect("an address");
            assert!(
                url.query_pairs().any(|pair| pair == ("redirect_uri".into(), uri.as_str().into())),
                "{id}"
            );
            fixed += 1;
        } else {
            assert_eq!(output.status.code(), Some(2), "{id}");
            assert!(text(&output.stderr).contains("--redirect-uri is missing"), "{id}");
        }
        let given = [
            "connector",
            "consent-url",
            id,
            "--client-id",
            CLIENT,
            "--redirect-uri",
            BACK,
            "--format",
            "json",
        ];
        let output = run(folder.path(), given);
        assert_eq!(output.status.code(), Some(0), "{id}: {}", text(&output.stderr));
        assert!(output.stderr.is_empty(), "{id}: warnings are in the document");
        let document: Value = serde_json::from_slice(&output.stdout).expect("one document");
        assert_eq!(document["connector"], id);
        assert_eq!(document["redirect_uri"], BACK);
    }
    assert_eq!(fixed, 2, "both of Snow's pages fix it");
}

/// What cannot be used is refused by the name of its option, with what is wrong.
#[test]
fn bad_values_are_named() {
    let folder = folder();
    let cases = [
        ("--client-id", "<client_id>", "placeholder"),
        ("--client-id", "{6731de76-14a6-49ae-97bc-6eba6914391e}", "braces"),
        ("--client-id", " 6731de76-14a6-49ae-97bc-6eba6914391e", "blanks"),
        ("--client-id", "6731de7614a649ae97bc6eba6914391e", "hyphens"),
        ("--tenant-id", "contoso.onmicrosoft.com", "no GUID"),
        ("--redirect-uri", "<redirect_uri>", "placeholder"),
        ("--redirect-uri", "https://admin.example.com/a b", "blank"),
        ("--redirect-uri", "http://admin.example.com/", "Entra wants https"),
        ("--redirect-uri", "admin.example.com", "no absolute address"),
        ("--state", "a\u{1b}[2Jb", "U+001B"),
        ("--state", "", "empty"),
        ("--cloud", "mars", "expected one of global, usgov, dod, china"),
    ];
    for (option, value, reason) in cases {
        let mut arguments = vec!["connector", "consent-url", "zscaler-mip"];
        for (name, good) in [("--client-id", CLIENT), ("--redirect-uri", BACK)] {
            if name != option {
                arguments.extend([name, good]);
            }
        }
        arguments.extend([option, value]);
        let output = run(folder.path(), &arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said.contains(option) && said.contains(reason), "{said}");
        assert!(!said.contains('\u{1b}') && output.stdout.is_empty(), "{said}");
    }
}

fn answer(address: &str) -> Answer {
    consent::read("URL", address, &Expected::default()).unwrap_or_else(|error| panic!("{address}: {error}"))
}

/// Both endpoints' answers, in every spelling that browsers and mails leave.
#[test]
fn a_consent_is_seen() {
    for address in [
        format!("{BACK}?tenant={TENANT}&state=12345&admin_consent=True"),
        format!(
            "{BACK}?admin_consent=True&tenant={TENANT}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&state=12345"
        ),
        format!("  '{BACK}?tenant={TENANT}&amp;state=12345&amp;admin_consent=true'\n"),
        format!("<{BACK}?tenant={}&state=12345&admin_consent=TRUE#>", TENANT.to_uppercase()),
        format!("http://localhost/?admin_consent=True&tenant={TENANT}&state=12345"),
        format!("{BACK}?admin_consent=True&admin_consent=True&tenant={TENANT}&state=12345"),
        format!(
            "https://login.microsoftonline.com/common/oauth2/nativeclient?admin_consent=True&tenant={TENANT}&state=12345"
        ),
    ] {
        let answer = answer(&address);
        assert_eq!(answer.verdict, Verdict::Granted, "{address}");
        assert_eq!(answer.tenant, Some(guid(TENANT)), "{address}");
        assert_eq!(answer.state.as_deref(), Some("12345"), "{address}");
        assert!(answer.warnings.is_empty() && answer.advice.is_none(), "{address}");
    }
    let behind = answer(&format!("{BACK}#admin_consent=True&tenant={TENANT}"));
    assert_eq!(behind.verdict, Verdict::Granted);
    assert!(behind.warnings[0].contains('#'), "{:?}", behind.warnings);
}

/// An error is one, whatever else the address says.
#[test]
fn a_refusal_is_seen() {
    let cases = [
        (
            "admin_consent=True&error=consent_required&error_description=AADSTS65004%3a+The+resource+owner&state=1",
            Some(65004),
            "declined",
        ),
        ("error=permission_denied&error_description=The+admin+canceled+the+request", None, "cancelled"),
        (
            "error=access_denied&error_subcode=cancel&state=1&admin_consent=True&tenant=a8990e1f-ff32-408a-9f8e-78d3b9139b95",
            None,
            "cancelled",
        ),
        ("error=invalid_client&error_description=AADSTS650051%3a+x", Some(650_051), "not among the codes"),
        ("error=server_error", None, "could not answer"),
        ("error=other", None, "no code"),
        ("error=", None, "not given"),
        ("error_description=AADSTS50011%3A+x&admin_consent=True", Some(50011), "redirect URI"),
        ("admin_consent=False&tenant=a8990e1f-ff32-408a-9f8e-78d3b9139b95", None, "not given"),
    ];
    for (query, code, meaning) in cases {
        let answer = answer(&format!("{BACK}?{query}"));
        assert_eq!(answer.verdict, Verdict::Refused, "{query}");
        assert_eq!(answer.code, code, "{query}");
        let advice = answer.advice.expect("advice");
        assert!(advice.meaning.contains(meaning), "{query}: {}", advice.meaning);
    }
    let unknown =
        answer(&format!("{BACK}?error=x&error_description=AADSTS650051%3a+x")).advice.expect("advice");
    assert_eq!(unknown.remedy, "See https://login.microsoftonline.com/error?code=650051");
}

/// What is no answer is told from one, and what it is instead is said.
#[test]
fn what_is_no_answer_is_named() {
    let wrong_kind = [
        (BACK.to_owned(), "without an answer"),
        (format!("{BACK}?admin_consent=True"), "ends before its tenant"),
        (format!("{BACK}?tenant={TENANT}"), "ends before its admin_consent"),
        (format!("{BACK}?admin_consent=True&tenant=contoso"), "tenant is no GUID"),
        (format!("{BACK}?admin_consent=maybe&tenant={TENANT}"), "\"maybe\""),
        (format!("{BACK}?admin_consent=True&tenant={TENANT}&tenant={CLIENT}"), "tenant in it twice"),
        (
            format!("{BACK}?admin_consent=True&admin_consent=False&tenant={TENANT}"),
            "admin_consent in it twice",
        ),
        (format!("{BACK}?error=a#admin_consent=True&tenant={TENANT}"), "another behind its #"),
        (format!("{BACK}?code=0.AX&state=1&session_state={TENANT}"), "a sign-in"),
        (
            format!("https://login.microsoftonline.com/common/adminconsent?client_id={CLIENT}&state=1"),
            "the consent page itself",
        ),
        (
            format!("https://login.microsoftonline.us/{TENANT}/v2.0/adminconsent?client_id={CLIENT}"),
            "the consent page itself",
        ),
        ("https://login.microsoftonline.com/common/login".into(), "a page of Microsoft's own"),
    ];
    for (address, said) in wrong_kind {
        let error = consent::read("URL", &address, &Expected::default()).expect_err(&address);
        assert_eq!(error.class(), Class::Input, "{address}");
        assert!(error.to_string().contains(said), "{address}: {error}");
        assert!(error.hint().is_some_and(|hint| !hint.is_empty()), "{address}");
    }
    for address in
        ["", "  ", "granted", "admin.zscalertwo.net/?admin_consent=True", "ftp://x/?error=1", "https://a/ b"]
    {
        let error = consent::read("URL", address, &Expected::default()).expect_err(address);
        assert!(matches!(error, Error::BadArgument { option: "URL", .. }), "{address}: {error}");
    }
    let long = format!("{BACK}?error={}", "x".repeat(1 << 17));
    let error = consent::read("URL", &long, &Expected::default()).expect_err("too long");
    assert!(error.to_string().len() < 1000, "{error}");
}

/// What the caller expects decides too, and a refusal stays one.
#[test]
fn expectations_are_held_to() {
    let folder = folder();
    let address = format!("{BACK}?tenant={TENANT}&state=12345&admin_consent=True");
    let with = |options: &[&str]| {
        let output = run(folder.path(), ["connector", "consent-result", &address].iter().chain(options));
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    assert_eq!(with(&["--state", "12345", "--tenant-id", TENANT]).0, Some(0));
    let (code, said, _) = with(&["--state", "other"]);
    assert_eq!(code, Some(10));
    assert!(said.contains("NOT AS EXPECTED") && said.contains("expected \"other\""), "{said}");
    let (code, said, _) = with(&["--tenant-id", CLIENT, "--format", "json"]);
    assert_eq!(code, Some(10));
    let document: Value = serde_json::from_str(&said).expect("one document");
    assert_eq!(document["verdict"], "unexpected");
    assert_eq!(document["differences"].as_array().map(Vec::len), Some(1));
    assert_eq!(with(&["--tenant-id", "contoso"]).0, Some(2));

    let expected = Expected { state: Some("1"), tenant_id: Some(guid(TENANT)) };
    let refused = consent::read("URL", &format!("{BACK}?error=x"), &expected).expect("an answer");
    assert_eq!(refused.verdict, Verdict::Refused);
    assert_eq!(refused.differences.len(), 1, "an error need not tell whose it is");
}

/// The address comes from standard input as well, and what it holds cannot move the cursor.
#[test]
fn standard_input_and_hostile_words() {
    let folder = folder();
    let fed = |octets: &[u8], format: &str| {
        let mut child = certkit(folder.path())
            .args(["connector", "consent-result", "-", "--format", format])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("its input").write_all(octets).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let hostile = format!(
        "{BACK}?error=x%1b%5b2J&error_description=%e2%80%aeAADSTS65001%0aconsent++granted%ff&state=%00\n"
    );
    let (code, said, _) = fed(hostile.as_bytes(), "text");
    assert_eq!(code, Some(10));
    assert!(said.starts_with("consent                  NOT granted\n"), "{said}");
    assert!(said.lines().all(|line| !line.starts_with("consent  granted")), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{202e}', '\0']), "{said:?}");
    let (code, said, _) = fed(hostile.as_bytes(), "json");
    assert_eq!(code, Some(10));
    let document: Value = serde_json::from_str(&said).expect("one document");
    assert_eq!(document["error_code"], 65001);
    let (code, said, error) = fed(b"\xff\xfe", "text");
    assert_eq!((code, said.as_str()), (Some(3), ""));
    assert!(error.contains("standard input"), "{error}");
    let (code, _, error) = fed(b"nothing", "text");
    assert_eq!(code, Some(3));
    assert!(error.contains("standard input: it is no address"), "{error}");
    let (code, _, error) = fed(b"admin.example.com/?code=0.ATEST-code", "text");
    assert_eq!(code, Some(3));
    assert!(!error.contains("0.ATEST"), "a sign-in's code is not repeated: {error}");
}
