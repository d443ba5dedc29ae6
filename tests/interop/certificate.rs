//! What stands in the certificate, as OpenSSL prints it: DESIGN.md section 3, `gen`.

use std::path::{Path, PathBuf};

use crate::{
    common,
    support::{asn1parse, between, keytool, openssl},
};

/// The certificate of one `gen` run in `folder`.
fn generate(folder: &Path, options: &[&str]) -> PathBuf {
    common::ok(folder, ["gen", "--emit", "cer"].iter().chain(options));
    folder.join("keystore.cer")
}

fn text(certificate: &Path) -> String {
    common::text(&openssl("x509", certificate, &["-noout", "-text", "-ocspid"]))
}

/// The lines of the extensions, without indentation.
fn extensions(text: &str) -> Vec<&str> {
    let block = between(text, "X509v3 extensions:\n", "    Signature Algorithm:");
    let [block] = block[..] else { panic!("no extensions in\n{text}") };
    block.lines().map(str::trim).collect()
}

/// SHA-1 of the public key's bit string as openssl computes it: it calls this the public key's
/// OCSP hash, and RFC 5280 section 4.2.1.2 the first method for key identifiers.
fn key_identifier(text: &str) -> String {
    let hash = between(text, "Public key OCSP hash: ", "\n");
    let [hash] = hash[..] else { panic!("no public key hash in\n{text}") };
    let octets: Vec<&str> = (0..hash.len()).step_by(2).map(|at| &hash[at..at + 2]).collect();
    octets.join(":")
}

/// An RSA certificate holds exactly these four extensions, and version, algorithms and sizes are
/// as promised.
#[test]
fn an_rsa_certificate_says_exactly_what_design_says() {
    if !common::has_peer("openssl", "the extensions of an RSA certificate") {
        return;
    }
    let folder = common::folder();
    let certificate = generate(folder.path(), &["--cn", "TEST extensions"]);
    let text = text(&certificate);
    assert_eq!(
        extensions(&text),
        [
            "X509v3 Key Usage: critical",
            "Digital Signature, Key Encipherment",
            "X509v3 Extended Key Usage:",
            "TLS Web Client Authentication",
            "X509v3 Subject Key Identifier:",
            &key_identifier(&text),
            "X509v3 Basic Constraints: critical",
            "CA:FALSE",
        ]
    );
    for expected in [
        "Version: 3 (0x2)",
        "Signature Algorithm: sha256WithRSAEncryption",
        "Public-Key: (2048 bit)",
        "Exponent: 65537 (0x10001)",
        "Issuer: CN = TEST extensions\n",
        "Subject: CN = TEST extensions\n",
    ] {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
    assert_serial(&certificate);
}

/// An EC certificate leaves out keyEncipherment, which RFC 8813 section 3 forbids there, and is
/// signed with the digest of its curve's strength.
#[test]
fn an_ec_certificate_has_no_key_encipherment() {
    if !common::has_peer("openssl", "the extensions of EC certificates") {
        return;
    }
    for (kind, signature) in [("p256", "ecdsa-with-SHA256"), ("p384", "ecdsa-with-SHA384")] {
        let folder = common::folder();
        let certificate = generate(folder.path(), &["--key", kind]);
        let text = text(&certificate);
        assert_eq!(
            extensions(&text),
            [
                "X509v3 Key Usage: critical",
                "Digital Signature",
                "X509v3 Extended Key Usage:",
                "TLS Web Client Authentication",
                "X509v3 Subject Key Identifier:",
                &key_identifier(&text),
                "X509v3 Basic Constraints: critical",
                "CA:FALSE",
            ],
            "{kind}"
        );
        assert!(text.contains(&format!("Signature Algorithm: {signature}\n")), "{kind}:\n{text}");
        assert_serial(&certificate);
    }
}

/// All kinds of alternative names in one extension, not critical, in the order given.
#[test]
fn alternative_names_come_first_and_in_order() {
    let what = "alternative names";
    if !common::has_peer("openssl", what) {
        return;
    }
    let folder = common::folder();
    let names = [
        "uri:https://example.com/a?b=c,d",
        "dns:host.example.com",
        "dns:*.example.com",
        "ip:192.0.2.1",
        "ip:2001:db8::1",
        "email:admin@example.com",
        "uri:urn:example:x",
    ];
    let options: Vec<&str> =
        ["--key", "p256"].into_iter().chain(names.into_iter().flat_map(|name| ["--san", name])).collect();
    let certificate = generate(folder.path(), &options);
    let text = text(&certificate);
    assert_eq!(
        extensions(&text)[..4],
        [
            "X509v3 Subject Alternative Name:",
            "URI:https://example.com/a?b=c,d, DNS:host.example.com, DNS:*.example.com, IP Address:192.0.2.1, \
             IP Address:2001:DB8:0:0:0:0:0:1, email:admin@example.com, URI:urn:example:x",
            "X509v3 Key Usage: critical",
            "Digital Signature",
        ]
    );
    assert_eq!(extensions(&text).len(), 10, "nothing is lost or added:\n{text}");
    if !common::has_peer("keytool", what) {
        return;
    }
    let printed = common::text(&common::peer(keytool().args(["-printcert", "-file"]).arg(&certificate)));
    let block = between(&printed, "SubjectAlternativeName [\n", "]");
    let [block] = block[..] else { panic!("no alternative names in\n{printed}") };
    let lines: Vec<&str> = block.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "URIName: https://example.com/a?b=c,d",
            "DNSName: host.example.com",
            "DNSName: *.example.com",
            "IPAddress: 192.0.2.1",
            "IPAddress: 2001:db8:0:0:0:0:0:1",
            "RFC822Name: admin@example.com",
            "URIName: urn:example:x",
        ]
    );
}

/// The default validity is 1461 days, to the second.
#[test]
fn the_default_validity_is_1461_days() {
    if !common::has_peer("openssl", "the default validity") {
        return;
    }
    let folder = common::folder();
    let certificate = generate(folder.path(), &["--key", "p256", "--not-before", "2027-03-01T12:34:56Z"]);
    assert_eq!(encoded_times(&certificate), ["UTCTIME 270301123456Z", "UTCTIME 310301123456Z"]);
}

/// UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5), each date by
/// itself; and the peers read back the second that was asked for.
#[test]
fn dates_change_their_form_between_2049_and_2050() {
    let what = "dates around 2050";
    if !common::has_peer("openssl", what) {
        return;
    }
    let cases = [
        ("2049-12-30T00:00:00Z", "2049-12-31T23:59:59Z", ["UTCTIME 491230000000Z", "UTCTIME 491231235959Z"]),
        (
            "2049-12-31T23:59:59Z",
            "2050-01-01T00:00:00Z",
            ["UTCTIME 491231235959Z", "GENERALIZEDTIME 20500101000000Z"],
        ),
        (
            "2050-01-01T00:00:00Z",
            "2050-01-01T00:00:01Z",
            ["GENERALIZEDTIME 20500101000000Z", "GENERALIZEDTIME 20500101000001Z"],
        ),
        ("1999-12-31T23:59:59Z", "2000-02-29T00:00:00Z", ["UTCTIME 991231235959Z", "UTCTIME 000229000000Z"]),
    ];
    for (from, to, encoded) in cases {
        let folder = common::folder();
        let certificate =
            generate(folder.path(), &["--key", "p256", "--not-before", from, "--not-after", to]);
        assert_eq!(encoded_times(&certificate), encoded);
        let dates =
            common::text(&openssl("x509", &certificate, &["-noout", "-dates", "-dateopt", "iso_8601"]));
        let plain = |time: &str| time.replace('T', " ");
        assert_eq!(dates, format!("notBefore={}\nnotAfter={}\n", plain(from), plain(to)));
    }
    if common::has_peer("keytool", what) {
        let folder = common::folder();
        let certificate = generate(
            folder.path(),
            &["--key", "p256", "--not-before", cases[1].0, "--not-after", cases[1].1],
        );
        let printed = common::text(&common::peer(keytool().args(["-printcert", "-file"]).arg(&certificate)));
        let expected = "Valid from: Fri Dec 31 23:59:59 UTC 2049 until: Sat Jan 01 00:00:00 UTC 2050\n";
        assert!(printed.contains(expected), "no {expected:?} in\n{printed}");
    }
}

/// The two dates with their ASN.1 types.
fn encoded_times(certificate: &Path) -> Vec<String> {
    asn1parse(certificate)
        .lines()
        .filter(|line| line.contains("TIME"))
        .map(|line| {
            let (head, value) = line.rsplit_once(':').expect("asn1parse prints :value");
            let kind = head.rsplit("prim:").next().expect("rsplit gives at least one part");
            format!("{} {value}", kind.trim())
        })
        .collect()
}

/// The serial number takes exactly 16 octets and is positive.
fn assert_serial(certificate: &Path) {
    let parsed = asn1parse(certificate);
    let serial = parsed.lines().find(|line| line.contains("d=2") && line.contains("prim: INTEGER"));
    let serial = serial.unwrap_or_else(|| panic!("no serial number in\n{parsed}"));
    assert!(serial.contains("l=  16 "), "{serial}");
    let (_, digits) = serial.rsplit_once(':').expect("asn1parse prints :value");
    assert_eq!(digits.len(), 32, "{serial}: no sign, no leading zero");
}
