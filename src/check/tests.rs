use super::*;
use crate::{
    cert::{
        self,
        name::DistinguishedName,
        params::{End, Params, Validity},
    },
    key::{NewKey, PrivateKey},
    store::{connector_json, pem},
    time::Instant,
};
use getrandom::{SysRng, rand_core::UnwrapErr};

fn now() -> Instant {
    Instant::from_unix(1_800_000_000).unwrap()
}

/// A credential of a year that began yesterday.
fn credential(kind: NewKey) -> (PrivateKey, cert::Certificate) {
    let mut rng = UnwrapErr(SysRng);
    let key = kind.generate(&mut rng).unwrap();
    let validity = Validity::new(now().plus_days(-1).unwrap(), End::Days(365)).unwrap();
    let params = Params::new(DistinguishedName::parse("CN=x").unwrap(), Vec::new(), validity).unwrap();
    let certificate = cert::self_signed(&params, &key, &mut rng).unwrap();
    (key, certificate)
}

fn options() -> Options {
    Options { now: now(), soon: now().plus_days(30).unwrap(), exposed: false, wanted: None, profile: None }
}

fn ids(octets: &[u8], options: &Options) -> Vec<&'static str> {
    let mut ids: Vec<_> =
        check("x", octets, &Unlock::default(), options).iter().map(|finding| finding.id).collect();
    ids.dedup();
    ids
}

#[test]
fn what_people_paste_is_found_and_a_good_file_is_good() {
    let (key, certificate) = credential(NewKey::Rsa2048);
    let chain = [certificate.clone()];
    let good = connector_json::write(&key, &chain).unwrap();
    let good = std::str::from_utf8(good.expose()).unwrap();
    let key_pem = String::from_utf8(pem::private_key(&key).unwrap().expose().to_vec()).unwrap();
    let cert_pem = pem::certificates(&chain).unwrap();
    let json =
        |key: &str, cert: &str| serde_json::json!({"private_key": key, "public_cert": cert}).to_string();
    let raw = |key: &str, cert: &str| format!("{{\"private_key\":\"{key}\",\"public_cert\":\"{cert}\"}}");
    let utf16: Vec<u8> = format!("\u{feff}{good}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (text, expected) in [
        (good.to_owned(), &[][..]),
        (good.replace(",\"", " ,\n \""), &[]),
        (good.replace('"', "”"), &["json-quotes"]),
        (good.replace('"', "'"), &["json-quotes"]),
        (good.replace(':', "\u{a0}:"), &["json-blanks"]),
        (good.replace('}', ",}"), &["json-punctuation"]),
        (good.replace('}', ""), &["json-punctuation"]),
        (raw(&key_pem, &cert_pem), &["json-line-breaks"]),
        (format!("```json\n{good}```"), &["json-text-around"]),
        (format!("\u{feff}{good}"), &["text-encoding"]),
        (good.replace("private_key", "privateKey"), &["member-unknown"]),
        (good.replace('}', ",\"x\":1}"), &["member-unknown"]),
        (format!("{{\"public_cert\":{0:?},\"private_key\":{1:?}}}", cert_pem, key_pem), &["member-order"]),
        (json(&cert_pem, &key_pem), &["members-swapped"]),
        (good.replace("\\n", "\\\\n"), &["pem-escaped"]),
        (good.replace("\\n", "\\r\\n"), &["pem-crlf"]),
        (json(&key_pem.replace('\n', " "), &cert_pem), &["pem-line-breaks", "pem-final-newline"]),
        (json(key_pem.trim_end(), &cert_pem), &["pem-final-newline"]),
        (json(&format!("Bag Attributes\n    localKeyID: 01\n{key_pem}"), &cert_pem), &["pem-text-around"]),
        (json(&key_pem, &format!("{cert_pem}{cert_pem}")), &["chain"]),
        ("{\"private_key\":\"<private key>\",\"public_cert\":\"\"}".into(), &["placeholder"]),
        ("{\"private_key\": & }".into(), &["json-syntax"]),
    ] {
        let found = ids(text.as_bytes(), &options());
        let missing: Vec<_> = expected.iter().filter(|id| !found.contains(id)).collect();
        assert!(missing.is_empty(), "{missing:?} not among {found:?}: {text}");
        assert!(!expected.is_empty() || found.is_empty(), "{found:?}: {text}");
    }
    assert_eq!(ids(&utf16, &options()), ["text-encoding"]);
}

#[test]
fn what_the_credential_itself_lacks_is_found() {
    let (key, certificate) = credential(NewKey::Rsa2048);
    let (other, curve) = credential(NewKey::P256);
    let file = |key: &PrivateKey, leaf: &cert::Certificate| {
        let mut text = pem::private_key(key).unwrap().expose().to_vec();
        text.extend(pem::certificates([leaf]).unwrap().into_bytes());
        text
    };
    let at = |days| {
        let now = now().plus_days(days).unwrap();
        Options { now, soon: now.plus_days(30).unwrap(), ..options() }
    };
    let good = file(&key, &certificate);
    assert_eq!(ids(&good, &options()), [""; 0]);
    assert_eq!(ids(&good, &at(340)), ["certificate-expires-soon"]);
    assert_eq!(ids(&good, &at(400)), ["certificate-expired"]);
    assert_eq!(ids(&good, &at(-9)), ["certificate-not-yet-valid"]);
    assert_eq!(ids(&good, &Options { exposed: true, ..options() }), ["exposed"]);
    assert_eq!(ids(certificate.der(), &Options { exposed: true, ..options() }), [""; 0]);
    assert_eq!(ids(&file(&other, &curve), &options()), ["key-kind"]);
    assert!(ids(&file(&other, &certificate), &options()).contains(&"key-mismatch"));
    let wanted = |wanted| Options { wanted: Some(wanted), ..options() };
    assert_eq!(ids(&good, &wanted(Wanted::Certificate(certificate.clone()))), [""; 0]);
    assert_eq!(ids(&good, &wanted(Wanted::Thumbprint(certificate.fingerprints().sha256))), [""; 0]);
    assert_eq!(ids(&good, &wanted(Wanted::Certificate(curve))), ["uploaded"]);
    assert_eq!(ids(b"", &options()), ["unreadable"]);
}

#[test]
fn rules_have_names_of_their_own() {
    let mut names: Vec<_> = rules::ALL.iter().map(|rule| rule.id).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), rules::ALL.len());
    for rule in rules::ALL {
        assert!(std::ptr::eq(Rule::named(rule.id).unwrap(), rule), "{}", rule.id);
        assert!(
            [rule.finds, rule.why, rule.remedy].iter().all(|text| text.len() > 10 && !text.ends_with('.'))
        );
    }
}
