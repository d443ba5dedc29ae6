//! Scans made by hand, for the tests of what is made of a scan.
#![allow(dead_code)] // Each test file uses its own part of this.

use certkit::{
    finding::{Finding, Place, Severity},
    report::scan::{Certified, ClientSecret, Scan, Sighting, Thing, Trouble},
    time::Instant,
};

/// The moment of every scan: 2027-01-15T08:00:00Z.
pub fn now() -> Instant {
    Instant::from_unix(1_800_000_000).expect("a date in range")
}

/// The moment so many days later.
pub fn days(number: i64) -> Instant {
    now().plus_days(number).expect("a date in range")
}

/// A certificate whose key is beside it, that began a year before it ends so many days after now. The
/// subject decides its thumbprints.
pub fn certificate(file: &str, subject: &str, left: i64) -> Sighting {
    let mut print = [0; 32];
    for (index, octet) in subject.bytes().enumerate() {
        print[index % 32] ^= octet.rotate_left(u32::try_from(index / 32).expect("a subject is short"));
    }
    Sighting {
        file: file.into(),
        format: "PKCS#12 store (PFX)",
        alias: Some("selfsigned".into()),
        thing: Thing::Certificate(Box::new(Certified {
            subject: subject.into(),
            issuer: None,
            sha1: *print.first_chunk().expect("32 octets have 20"),
            sha256: print,
            not_before: days(left - 365),
            not_after: days(left),
            has_key: true,
        })),
    }
}

/// A client secret, as a record tells of it.
pub fn secret(file: &str, app: &str, left: Option<i64>) -> Sighting {
    Sighting {
        file: file.into(),
        format: "connector record",
        alias: None,
        thing: Thing::ClientSecret(Box::new(ClientSecret {
            profile: "zscaler-sharepoint".into(),
            app: app.into(),
            tenant_id: Some("99999999-8888-7777-6666-555555555555".into()),
            client_id: Some("11111111-2222-3333-4444-555555555555".into()),
            expires_on: left.map(days),
        })),
    }
}

/// A key without a certificate.
pub fn key(file: &str) -> Sighting {
    let thing = Thing::Key { algorithm: "RSA-2048".into() };
    Sighting { file: file.into(), format: "private key (PKCS#8, PEM)", alias: None, thing }
}

/// Something that no password opened.
pub fn locked(file: &str) -> Sighting {
    let thing = Thing::Locked { what: "private key, PBES2 (AES-256-CBC)".into() };
    Sighting { file: file.into(), format: "PKCS#12 store (PFX)", alias: None, thing }
}

/// A scan of these, with 30 days' notice.
pub fn scan(mut sightings: Vec<Sighting>) -> Scan {
    sightings.sort_by_key(|sighting| (sighting.ends().is_none(), sighting.ends()));
    let files = u64::try_from(sightings.len()).expect("a small number") + 3;
    Scan {
        paths: vec!["credentials".into(), "/etc/ssl".into()],
        now: now(),
        soon: days(30),
        sightings,
        findings: Vec::new(),
        troubles: Vec::new(),
        files,
    }
}

/// A scan as a person may have it: some of everything.
pub fn ordinary() -> Scan {
    let mut scan = scan(vec![
        certificate("contoso/keystore.pfx", "CN=SharePoint connector,O=Contoso", 12),
        certificate("contoso/keystore.cer", "CN=SharePoint connector,O=Contoso", 12),
        certificate("backup/contoso.jks", "CN=SharePoint connector,O=Contoso", 12),
        certificate("fabrikam/old.pfx", "CN=Teams connector,O=Fabrikam", -3),
        certificate("fabrikam/keystore.pfx", "CN=Teams connector 2,O=Fabrikam", 1400),
        certificate("northwind/keystore.json", "CN=OneDrive,O=Northwind", 200),
        certificate("northwind/mail.json", "CN=Exchange,O=Northwind", 203),
        certificate("ca/root.pem", "CN=TEST Root,O=Tailspin", 9000),
        secret("contoso/certkit.toml", "SharePoint connector", Some(25)),
        secret("fabrikam/certkit.toml", "Teams connector", None),
        key("northwind/key.pem"),
        locked("wingtip/store.pfx"),
    ]);
    scan.findings = vec![
        Finding::new(Severity::Warning, "certificate-expires-soon", "the certificate ends in 12 days")
            .in_file("contoso/keystore.pfx")
            .hint("make its successor: certkit gen --emit pfx,cer,json"),
        Finding {
            place: Some(Place { line: 3, column: 17 }),
            ..Finding::new(Severity::Error, "key-mismatch", "the key is not the certificate's")
                .in_file("northwind/mail.json")
        },
    ];
    scan.troubles =
        vec![Trouble { path: "/etc/ssl/private".into(), reason: "permission denied (os error 13)".into() }];
    scan
}

/// What an attacker would like to be called.
pub const HOSTILE: &str = "</style></script><script>window.ran=1</script><img src=x onerror=alert(1)>\"'&lt;|}\\,;\n\u{202e}\u{1b}[2J Ü🔑";

/// A scan whose every name tries to be markup, a label, a figure or a calendar's line.
pub fn hostile() -> Scan {
    let mut certificate = certificate(HOSTILE, HOSTILE, 5);
    certificate.alias = Some(HOSTILE.into());
    let mut scan = scan(vec![certificate, secret(HOSTILE, HOSTILE, Some(-1)), key(HOSTILE), locked(HOSTILE)]);
    scan.paths = vec![HOSTILE.into()];
    scan.findings = vec![Finding::new(Severity::Error, "unreadable", HOSTILE).in_file(HOSTILE).hint(HOSTILE)];
    scan.troubles = vec![Trouble { path: HOSTILE.into(), reason: HOSTILE.into() }];
    scan
}

/// A scan of so many certificates, most of which end within two years.
pub fn many(number: i64) -> Scan {
    let one = |index: i64| {
        let left = (index * 7919 % 997) * 3 / 4 - 20 + if index % 50 == 0 { 4000 } else { 0 };
        certificate(
            &format!("tenants/{:03}/store-{index}.pfx", index % 300),
            &format!("CN=Connector {index},O=Tenant {}", index % 300),
            left,
        )
    };
    scan((0..number).map(one).collect())
}
