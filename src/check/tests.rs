use super::*;
use crate::{
    cert::{
        self,
        name::DistinguishedName,
        params::{End, Params, Validity},
    },
    key::{NewKey, PrivateKey},
    store::{Unlock, pem},
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
    Options {
        now: now(),
        soon: now().plus_days(30).unwrap(),
        exposed: false,
        wanted: None,
        thorough: true,
        profile: None,
    }
}

fn ids(octets: &[u8], options: &Options) -> Vec<&'static str> {
    let mut ids: Vec<_> = Subject::read("x", octets, &Unlock::default(), options)
        .findings()
        .iter()
        .map(|finding| finding.id)
        .collect();
    ids.dedup();
    ids
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
    assert_eq!(ids(&good, &Options { exposed: true, ..options() }), ["file-permissions"]);
    assert_eq!(ids(certificate.der(), &Options { exposed: true, ..options() }), [""; 0]);
    assert_eq!(ids(&file(&other, &curve), &options()), ["key-kind"]);
    assert!(ids(&file(&other, &certificate), &options()).contains(&"key-mismatch"));
    let wanted = |wanted| Options { wanted: Some(wanted), ..options() };
    assert_eq!(ids(&good, &wanted(Wanted::Certificate(certificate.clone()))), [""; 0]);
    assert_eq!(ids(&good, &wanted(Wanted::Thumbprint(certificate.fingerprints().sha256))), [""; 0]);
    assert_eq!(ids(&good, &wanted(Wanted::Certificate(curve))), ["not-uploaded"]);
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
