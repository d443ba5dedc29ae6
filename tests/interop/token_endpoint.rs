//! Kits of `certkit connector init` sign in: MSAL for Python and for Node, unaltered, ask a token
//! endpoint on loopback for a token, over TLS, and it holds their assertions to the `.cer` that was
//! uploaded, as Microsoft Entra ID does (`token_endpoint/server.py` has the rules). The same clients
//! show what is refused, and that the endpoint is not too kind is shown with requests made by hand.

mod clients;
mod kits;
mod server;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    common,
    support::{between, tool},
};
use clients::{Answer, Client, Job, With, sign_in, sign_in_trusting};
use kits::Kit;
use server::{Endpoint, beside, trusting};

const TENANT: &str = "7a1f0c52-93de-4b0a-8f6e-2c4d5b6a7980";
const CLIENT: &str = "c3d2b1a0-5e4f-4a6b-9c8d-7e6f5a4b3c2d";
const OTHER_TENANT: &str = "0f9e8d7c-6b5a-4948-8776-655443322110";
const OTHER_CLIENT: &str = "1b2c3d4e-5f60-4172-8394-a5b6c7d8e9f0";
const IDS: [&str; 4] = ["--tenant-id", TENANT, "--client-id", CLIENT];
const OTHER_IDS: [&str; 4] = ["--tenant-id", OTHER_TENANT, "--client-id", OTHER_CLIENT];

/// With what YAML and a shell would take for their own.
const SECRET: &str = r#"8Q~x_Y-.z: #"'\%s"#;

/// An administrator's order of events: the kit first, then the upload, then the ids, which the kit is
/// brought up to. From there on every file of it signs in, and not before the upload.
#[test]
fn a_kit_signs_in_by_all_of_its_files() {
    let Some(endpoint) = endpoint() else { return };
    let folder = common::folder();
    let root = folder.path();
    let own = beside("contoso-archive.toml").display().to_string();
    for profile in [&["zscaler-sharepoint"][..], &["contoso-archive", "--profile-file", &own]] {
        let mut kit = Kit::make(root, profile[0], profile, &[]);
        let early = [Job::new(TENANT, CLIENT, by_thumbprint(&kit))];
        endpoint.register(&json!({ TENANT: { CLIENT: app(&[], &[]) } }));
        each(&endpoint, &early, |_, _, answer| {
            let said = answer.refused(700_027);
            assert!(said.contains("The key was not found") && said.contains(kit.thumbprint()), "{said}");
        });

        endpoint.register(&json!({ TENANT: { CLIENT: app(&[kit.file("certificate")], &[]) } }));
        kit.update(root, profile, &IDS);
        let ways = kit.ways();
        let job =
            |(with, _): &(With, _)| Job::new(kit.says("tenant_id"), kit.says("client_id"), with.clone());
        let jobs: Vec<Job> = ways.iter().map(job).collect();
        each(&endpoint, &jobs, |client, number, answer| {
            let claims = answer.claims();
            assert_eq!([&claims["tid"], &claims["appid"], &claims["azpacr"]], [TENANT, CLIENT, "2"]);
            assert_eq!(claims["aud"], "https://graph.microsoft.com");
            let algorithm = ways[number].1[usize::from(client == Client::Node)];
            assert_eq!(claims["used"]["alg"], algorithm, "{answer}");
            assert_eq!(claims["used"]["certificate"], kit.thumbprint(), "{answer}");
        });
    }
}

/// What the vendor is given holds the secret to the letter: the settings as they stand,
/// the YAML as PyYAML reads it, with the ids.
#[test]
fn a_secret_signs_in_from_what_the_vendor_is_given() {
    let Some(endpoint) = endpoint() else { return };
    let folder = common::folder();
    let root = folder.path();
    fs::write(root.join("secret.txt"), SECRET).expect("a secret");
    let given = |profile, out_dir| {
        let arguments = ["connector", "init", profile, "--out-dir", out_dir, "--client-secret"];
        common::ok(root, arguments.into_iter().chain(["file:secret.txt"]).chain(IDS));
    };
    given("zscaler-sharepoint", "z");
    given("zeron-office365", "y");
    let settings = fs::read_to_string(root.join("z/config.txt")).expect("settings");
    let secret = With::Secret(between(&settings, "Client Secret:\n  ", "\n")[0].to_owned());
    let mut jobs = vec![Job::new(TENANT, CLIENT, secret)];
    if has_yaml() {
        jobs.push(Job::new("in the file", "in the file", With::Yaml(root.join("y/config.yaml"))));
    }
    endpoint.register(&json!({ TENANT: { CLIENT: app(&[], &[SECRET]) } }));
    each(&endpoint, &jobs, |_, _, answer| {
        let claims = answer.claims();
        assert_eq!([&claims["tid"], &claims["appid"], &claims["azpacr"]], [TENANT, CLIENT, "1"]);
    });
    endpoint.register(&json!({ TENANT: { CLIENT: app(&[], &["another", &SECRET.to_uppercase()]) } }));
    each(&endpoint, &jobs, |_, _, answer| {
        answer.refused(7_000_215);
    });
}

/// A kit is for one app in one organization: with another's key or ids nobody gets in.
#[test]
fn a_kit_of_another_tenant_is_refused() {
    let Some(endpoint) = endpoint() else { return };
    let folder = common::folder();
    let profile = ["zscaler-sharepoint"];
    let kit = Kit::make(folder.path(), "kit", &profile, &IDS);
    let other = Kit::make(folder.path(), "other", &profile, &OTHER_IDS);
    let registered = app(&[kit.file("certificate")], &[]);
    let other_registered = app(&[other.file("certificate")], &[]);
    endpoint.register(
        &json!({ TENANT: { CLIENT: registered }, OTHER_TENANT: { OTHER_CLIENT: other_registered } }),
    );
    let json = |kit: &Kit| With::Json(kit.file("connector_json"));
    let jobs = [
        Job::new(OTHER_TENANT, OTHER_CLIENT, json(&other)),
        Job::new(TENANT, CLIENT, json(&other)),
        Job::new(TENANT, other.says("client_id"), json(&other)),
        Job::new(OTHER_TENANT, CLIENT, json(&kit)),
        Job::new(&CLIENT.to_uppercase(), CLIENT, json(&kit)),
    ];
    each(&endpoint, &jobs, |client, number, answer| match (number, client) {
        (0, _) => assert_eq!(answer.claims()["tid"], OTHER_TENANT),
        (1, _) => {
            answer.refused(700_027);
        }
        (2 | 3, _) => {
            answer.refused(700_016);
        }
        (_, Client::Python) => {
            answer.refused(90_002);
        }
        // MSAL for Node keeps what the endpoint says of an unknown tenant to itself.
        (_, Client::Node) => {
            assert!(answer.refusal().starts_with("endpoints_resolution_error"), "{answer}")
        }
    });
}

/// A certificate out of its time signs nobody in, registered as it is.
#[test]
fn a_certificate_out_of_its_time_is_refused() {
    let Some(endpoint) = endpoint() else { return };
    let folder = common::folder();
    let mut jobs = Vec::new();
    let mut uploaded = Vec::new();
    for (name, from, to) in [("past", "2020-01-01", "2021-01-01"), ("future", "2190-01-01", "2191-01-01")] {
        let arguments =
            ["gen", "--name", name, "--emit", "cer,json", "--not-before", from, "--not-after", to];
        common::ok(folder.path(), arguments);
        uploaded.push(folder.path().join(format!("{name}.cer")));
        jobs.push(Job::new(TENANT, CLIENT, With::Json(folder.path().join(format!("{name}.json")))));
    }
    endpoint.register(&json!({ TENANT: { CLIENT: app(&uploaded, &[]) } }));
    each(&endpoint, &jobs, |_, number, answer| {
        let said = answer.refused(700_027);
        assert!(said.contains(["Start=2020-01-01", "Start=2190-01-01"][number]), "{said}");
    });
}

/// The successor beside the old one: both sign in while both are uploaded, and the old one no longer
/// once it is taken away.
#[test]
fn old_and_new_sign_in_side_by_side() {
    let Some(endpoint) = endpoint() else { return };
    let folder = common::folder();
    let kits = ["old", "new"].map(|name| Kit::make(folder.path(), name, &["zscaler-sharepoint"], &IDS));
    let both = kits.each_ref().map(|kit| kit.file("certificate"));
    let jobs = kits.each_ref().map(|kit| Job::new(TENANT, CLIENT, With::Json(kit.file("connector_json"))));
    let stages: [(&[PathBuf], [bool; 2]); 3] =
        [(&both[..1], [true, false]), (&both, [true, true]), (&both[1..], [false, true])];
    for (uploaded, admitted) in stages {
        endpoint.register(&json!({ TENANT: { CLIENT: app(uploaded, &[]) } }));
        each(&endpoint, &jobs, |_, number, answer| {
            if admitted[number] {
                assert_eq!(answer.claims()["used"]["certificate"], kits[number].thumbprint());
            } else {
                assert!(answer.refused(700_027).contains("The key was not found"), "{answer}");
            }
        });
    }
}

/// The clients really check the endpoint's certificate: one that trusts another gets no further.
#[test]
fn nobody_signs_in_at_an_endpoint_that_is_not_trusted() {
    let (Some(endpoint), Some(another)) = (endpoint(), endpoint()) else { return };
    endpoint.register(&json!({ TENANT: { CLIENT: app(&[], &[SECRET]) } }));
    let jobs = [Job::new(TENANT, CLIENT, With::Secret(SECRET.to_owned()))];
    each(&endpoint, &jobs, |_, _, answer| assert_eq!(answer.claims()["tid"], TENANT));
    for client in [Client::Python, Client::Node] {
        for answer in sign_in_trusting(&another.trust(), client, &endpoint, &jobs).unwrap_or_default() {
            let expected = ["CERTIFICATE_VERIFY_FAILED", "endpoints_resolution_error"];
            assert!(answer.refusal().contains(expected[usize::from(client == Client::Node)]), "{answer}");
        }
    }
}

/// The endpoint tells each fault: requests made with the kit's own key, right but for one thing.
#[test]
fn the_endpoint_refuses_what_is_wrong_in_one_thing() {
    let Some(endpoint) = endpoint() else { return };
    let Some(python) = common::python("requests made by hand") else { return };
    let folder = common::folder();
    let kit = Kit::make(folder.path(), "kit", &["zscaler-sharepoint"], &IDS);
    endpoint.register(&json!({ TENANT: { CLIENT: app(&[kit.file("certificate")], &[SECRET]) } }));
    let mut forge = tool(python);
    forge.arg(beside("forge.py")).args([&endpoint.base(), TENANT, CLIENT]).arg(kit.file("connector_json"));
    let printed = common::text(&common::peer(trusting(&mut forge, &endpoint.trust())));
    let found: BTreeMap<&str, &str> = printed.lines().filter_map(|line| line.split_once(' ')).collect();
    let expected = BTreeMap::from([
        ("PS256", "0"),
        ("RS256", "0"),
        ("another-key", "700027"),
        ("changed-claims", "700027"),
        ("sha256-in-x5t", "700027"),
        ("no-thumbprint", "50027"),
        ("no-signature", "5002730"),
        ("keyed-by-the-certificate", "5002730"),
        ("another-audience", "700023"),
        ("audiences", "700023"),
        ("another-issuer", "700021"),
        ("another-subject", "700021"),
        ("expired", "700024"),
        ("from-the-future", "700024"),
        ("an-hour", "700024"),
        ("no-end", "50027"),
        ("no-id", "50027"),
        ("first-use", "0"),
        ("second-use", "50027"),
        ("no-assertion", "7000218"),
        ("and-a-secret", "7000218"),
        ("another-assertion-type", "90013"),
        ("another-grant", "70003"),
        ("a-scope-by-name", "70011"),
        ("two-resources", "70011"),
    ]);
    assert_eq!(found, expected);
}

fn endpoint() -> Option<Endpoint> {
    common::python("sign-in at the token endpoint").map(|python| Endpoint::start(&python))
}

/// An app registration, with what is uploaded to it.
fn app(certificates: &[PathBuf], secrets: &[&str]) -> Value {
    json!({ "certificates": certificates, "secrets": secrets })
}

fn by_thumbprint(kit: &Kit) -> With {
    With::JsonAndThumbprint(kit.file("connector_json"), kit.thumbprint().to_owned())
}

/// Does every job by each client that is installed and has a way to, and looks at the answers: which
/// client, which job, what came of it.
fn each(endpoint: &Endpoint, jobs: &[Job], look: impl Fn(Client, usize, &Answer)) {
    for client in [Client::Python, Client::Node] {
        let suits = |job: &Job| client == Client::Python || job.with.suits_node();
        let (numbers, jobs): (Vec<usize>, Vec<Job>) =
            jobs.iter().cloned().enumerate().filter(|(_, job)| suits(job)).unzip();
        for (answer, number) in sign_in(client, endpoint, &jobs).unwrap_or_default().iter().zip(numbers) {
            look(client, number, answer);
        }
    }
}

/// Whether the Python of the tests has PyYAML.
fn has_yaml() -> bool {
    let what = "a configuration in YAML";
    common::python(what).is_some_and(|python| {
        let find = "import importlib.util as u; s = u.find_spec('yaml'); print(s.origin if s else 'PyYAML')";
        let found = common::text(&common::peer(tool(python).args(["-c", find])));
        common::has_peer(found.trim(), what) && Path::new(found.trim()).is_file()
    })
}
