//! Subjects that go wrong elsewhere: every attribute is there, in order, with its text unharmed and
//! in the right ASN.1 string type.

use std::path::{Path, PathBuf};

use crate::{
    common,
    support::{asn1parse, between, keytool, openssl},
};

struct Case {
    /// What is given to `--subject`.
    subject: &'static str,
    /// What openssl makes of the certificate in RFC 2253 form: most specific first.
    openssl: &'static str,
    /// What keytool makes of it.
    keytool: &'static str,
    /// The encoded attributes, least specific first.
    encoded: &'static [(&'static str, &'static str, &'static str)],
}

const CASES: &[Case] = &[
    Case {
        subject: r#"CN="Contoso, Ltd.",O=Say \"hi\"\; \<a\+b=c\>,C=DE"#,
        openssl: r#"CN=Contoso\, Ltd.,O=Say \"hi\"\; \<a\+b=c\>,C=DE"#,
        keytool: r#"CN="Contoso, Ltd.", O="Say \"hi\"; <a+b=c>", C=DE"#,
        encoded: &[
            ("countryName", "PRINTABLESTRING", "DE"),
            ("organizationName", "UTF8STRING", r#"Say "hi"; <a+b=c>"#),
            ("commonName", "UTF8STRING", "Contoso, Ltd."),
        ],
    },
    Case {
        subject: "CN=Zürich Büro, OU=Straße, L=München, ST=Øst, C=CH",
        openssl: "CN=Zürich Büro,OU=Straße,L=München,ST=Øst,C=CH",
        keytool: "CN=Zürich Büro, OU=Straße, L=München, ST=Øst, C=CH",
        encoded: &[
            ("countryName", "PRINTABLESTRING", "CH"),
            ("stateOrProvinceName", "UTF8STRING", "Øst"),
            ("localityName", "UTF8STRING", "München"),
            ("organizationalUnitName", "UTF8STRING", "Straße"),
            ("commonName", "UTF8STRING", "Zürich Büro"),
        ],
    },
    Case {
        subject: "CN=株式会社コネクタ,O=北京 公司,C=JP",
        openssl: "CN=株式会社コネクタ,O=北京 公司,C=JP",
        keytool: "CN=株式会社コネクタ, O=北京 公司, C=JP",
        encoded: &[
            ("countryName", "PRINTABLESTRING", "JP"),
            ("organizationName", "UTF8STRING", "北京 公司"),
            ("commonName", "UTF8STRING", "株式会社コネクタ"),
        ],
    },
    // rcgen and others keep one attribute of a type only.
    Case {
        subject: "CN=app,OU=first,OU=second,OU=first,DC=contoso,DC=com",
        openssl: "CN=app,OU=first,OU=second,OU=first,DC=contoso,DC=com",
        keytool: "CN=app, OU=first, OU=second, OU=first, DC=contoso, DC=com",
        encoded: &[
            ("domainComponent", "IA5STRING", "com"),
            ("domainComponent", "IA5STRING", "contoso"),
            ("organizationalUnitName", "UTF8STRING", "first"),
            ("organizationalUnitName", "UTF8STRING", "second"),
            ("organizationalUnitName", "UTF8STRING", "first"),
            ("commonName", "UTF8STRING", "app"),
        ],
    },
    // DER sorts the attributes of one part by their octets; openssl's RFC 2253 form turns even
    // these around, keytool's does not.
    Case {
        subject: "CN=app+UID=42,OU=x+OU=a,O=Contoso",
        openssl: "UID=42+CN=app,OU=x+OU=a,O=Contoso",
        keytool: "CN=app + UID=42, OU=a + OU=x, O=Contoso",
        encoded: &[
            ("organizationName", "UTF8STRING", "Contoso"),
            ("organizationalUnitName", "UTF8STRING", "a"),
            ("organizationalUnitName", "UTF8STRING", "x"),
            ("commonName", "UTF8STRING", "app"),
            ("userId", "UTF8STRING", "42"),
        ],
    },
    Case {
        subject: r"CN=\#1 back\\slash 'single' $dollar,E=a@example.com,SERIALNUMBER=42,T=boss,STREET=Main 1",
        openssl: r"CN=\#1 back\\slash 'single' $dollar,emailAddress=a@example.com,serialNumber=42,title=boss,street=Main 1",
        keytool: r##"CN="#1 back\\slash 'single' $dollar", EMAILADDRESS=a@example.com, SERIALNUMBER=42, T=boss, STREET=Main 1"##,
        encoded: &[
            ("streetAddress", "UTF8STRING", "Main 1"),
            ("title", "UTF8STRING", "boss"),
            ("serialNumber", "PRINTABLESTRING", "42"),
            ("emailAddress", "IA5STRING", "a@example.com"),
            ("commonName", "UTF8STRING", r"#1 back\slash 'single' $dollar"),
        ],
    },
    // RFC 4514 section 2.4: a blank at either end of a value is escaped.
    Case {
        subject: r"CN=\ both ends\ ,O=tail\ ",
        openssl: r"CN=\ both ends\ ,O=tail\ ",
        keytool: r#"CN=" both ends ", O="tail ""#,
        encoded: &[("organizationName", "UTF8STRING", "tail "), ("commonName", "UTF8STRING", " both ends ")],
    },
];

/// The peers print each subject with the same attributes in the same order, and the encoding holds
/// the types that RFC 5280 section 4.1.2.4 wants: country and serial number PrintableString,
/// e-mail and domain component IA5String, all text UTF8String.
#[test]
fn the_peers_read_every_subject_as_it_was_meant() {
    let what = "subjects";
    if !common::has_peer("openssl", what) {
        return;
    }
    let with_keytool = common::has_peer("keytool", what);
    let mut failures = Vec::new();
    for case in CASES {
        let folder = common::folder();
        let made =
            common::run(folder.path(), ["gen", "--key", "p256", "--emit", "cer", "--subject", case.subject]);
        if !made.status.success() {
            failures.push(format!("{}: {}", case.subject, common::text(&made.stderr)));
            continue;
        }
        let certificate = folder.path().join("keystore.cer");
        let mut compare = |what: &str, found: &str, expected: &str| {
            if found != expected {
                failures.push(format!(
                    "{}: {what}:\n    found    {found}\n    expected {expected}",
                    case.subject
                ));
            }
        };
        for end in ["subject", "issuer"] {
            compare(end, &printed_by_openssl(&certificate, end), case.openssl);
        }
        if with_keytool {
            compare("keytool", &printed_by_keytool(&certificate), case.keytool);
        }
        let expected = Vec::from_iter(
            case.encoded.iter().map(|(attribute, kind, text)| format!("{attribute} {kind} {text}")),
        );
        compare("encoding", &encoded_subject(&certificate).join("; "), &expected.join("; "));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The single options give the same order as `--subject` does, and nothing in their values is
/// special.
#[test]
fn single_options_give_a_subject_in_the_usual_order() {
    if !common::has_peer("openssl", "a subject from single options") {
        return;
    }
    let folder = common::folder();
    let arguments =
        ["gen", "--key", "p256", "--emit", "cer", "--country", "DE", "--state", "Bayern", "--locality"];
    let more = ["München", "--org", "A, B + \"C\"", "--ou", "first", "--ou", "second=2", "--cn", r"#1 \ one"];
    common::ok(folder.path(), arguments.into_iter().chain(more));
    assert_eq!(
        encoded_subject(&folder.path().join("keystore.cer")),
        [
            "countryName PRINTABLESTRING DE",
            "stateOrProvinceName UTF8STRING Bayern",
            "localityName UTF8STRING München",
            "organizationName UTF8STRING A, B + \"C\"",
            "organizationalUnitName UTF8STRING second=2",
            "organizationalUnitName UTF8STRING first",
            r"commonName UTF8STRING #1 \ one",
        ]
    );
}

/// keytool and certkit make the same Name, to the octet, of the same text.
#[test]
fn keytools_dname_gives_the_same_encoding() {
    let what = "keytool -dname";
    if !common::has_peer("keytool", what) || !common::has_peer("openssl", what) {
        return;
    }
    let folder = common::folder();
    let path: PathBuf = folder.path().to_owned();
    let name = r#"cn = Zürich\, One ; ou="a, b", ou=c, O=d+O=b, C=DE"#;
    let mut genkeypair = keytool();
    genkeypair.current_dir(&path).args(["-genkeypair", "-keyalg", "EC", "-alias", "a", "-keystore", "k.p12"]);
    common::peer(genkeypair.args(["-storepass", "secret-1", "-dname", name]));
    let mut exportcert = keytool();
    exportcert.current_dir(&path).args(["-exportcert", "-alias", "a", "-keystore", "k.p12"]);
    common::peer(exportcert.args(["-storepass", "secret-1", "-file", "keytool.cer"]));
    common::ok(&path, ["gen", "--key", "p256", "--emit", "cer", "--subject", name]);
    let ours = printed_by_openssl(&path.join("keystore.cer"), "subject");
    assert_eq!(ours, printed_by_openssl(&path.join("keytool.cer"), "subject"));
    assert_eq!(attributes_only(&path.join("keystore.cer")), attributes_only(&path.join("keytool.cer")));
}

fn printed_by_openssl(certificate: &Path, end: &str) -> String {
    let options = ["-noout", &format!("-{end}"), "-nameopt", "RFC2253,-esc_msb,utf8"];
    let line = common::text(&openssl("x509", certificate, &options));
    line.strip_prefix(&format!("{end}="))
        .and_then(|name| name.strip_suffix('\n'))
        .expect("one line")
        .to_owned()
}

fn printed_by_keytool(certificate: &Path) -> String {
    let printed = common::text(&common::peer(keytool().args(["-printcert", "-file"]).arg(certificate)));
    let owner = between(&printed, "Owner: ", "\n");
    let [owner] = owner[..] else { panic!("no owner in\n{printed}") };
    owner.to_owned()
}

/// The subject's attributes as they are encoded: `attribute TYPE text`, least specific first.
fn encoded_subject(certificate: &Path) -> Vec<String> {
    let parsed = asn1parse(certificate);
    // The subject lies between the dates and the public key.
    let lines = parsed
        .lines()
        .skip_while(|line| !line.contains("TIME"))
        .take_while(|line| !line.contains("BIT STRING"));
    let mut attributes = Vec::new();
    let mut attribute = "";
    for line in lines {
        let Some((head, value)) =
            line.split_once("prim: ").map(|(_, element)| element.split_once(':').unwrap_or((element, "")))
        else {
            continue;
        };
        match head.trim() {
            "OBJECT" => attribute = value,
            kind if kind.ends_with("STRING") => attributes.push(format!("{attribute} {kind} {value}")),
            _ => {}
        }
    }
    attributes
}

/// The same without the string types: keytool uses PrintableString wherever it can.
fn attributes_only(certificate: &Path) -> Vec<String> {
    let strip = |line: String| line.replace(" PRINTABLESTRING ", " ").replace(" UTF8STRING ", " ");
    encoded_subject(certificate).into_iter().map(strip).collect()
}
