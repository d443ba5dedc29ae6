//! The options that say what credential is made, of every command that makes some.

use certkit::ops::generate::{self, Field, Request};
use clap::Args;

/// What is made.
#[derive(Args)]
pub(crate) struct CredentialOptions {
    /// What to make: a list of pfx, cer, json, key, cert, jks.
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "pfx,cer")]
    emit: Vec<String>,

    /// The entry's name in the stores.
    #[arg(long, default_value = generate::DEFAULT_ALIAS)]
    alias: String,

    /// The subject as a distinguished name, most specific part first: "CN=a,OU=b,O=c,C=DE".
    #[arg(long, value_name = "DN", conflicts_with_all = ["cn", "ou", "org", "locality", "state", "country"])]
    subject: Option<String>,

    /// Common name [default: the name].
    #[arg(long, value_name = "TEXT")]
    cn: Option<String>,

    /// Organizational unit (repeatable).
    #[arg(long, value_name = "TEXT")]
    ou: Vec<String>,

    /// Organization.
    #[arg(long, value_name = "TEXT")]
    org: Option<String>,

    /// Locality.
    #[arg(long, value_name = "TEXT")]
    locality: Option<String>,

    /// State or province.
    #[arg(long, value_name = "TEXT")]
    state: Option<String>,

    /// Country, two letters.
    #[arg(long, value_name = "CC")]
    country: Option<String>,

    /// A subject alternative name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI (repeatable).
    #[arg(long, value_name = "KIND:VALUE")]
    san: Vec<String>,

    /// Days of validity.
    #[arg(long, value_name = "N", default_value_t = generate::DEFAULT_DAYS, allow_negative_numbers = true)]
    days: i64,

    /// End of validity: 2030-01-31T12:00:00Z, 2030-01-31, or a span from now such as 90d.
    #[arg(long, value_name = "TIME", conflicts_with = "days")]
    not_after: Option<String>,

    /// Start of validity [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    not_before: Option<String>,

    /// The kind of key: rsa-2048, rsa-3072, rsa-4096, p256 or p384.
    ///
    /// Microsoft Entra ID takes RSA only.
    #[arg(long, value_name = "KIND", default_value = "rsa-2048")]
    key: String,

    /// Whom the PFX is for: modern, windows-2016, java8 or macos.
    ///
    /// modern is AES-256 with HMAC-SHA256; the others are 3DES with SHA-1, for systems that read
    /// nothing newer: Windows Server 2012 and 2016, Java 8 before update 301, and the import of
    /// macOS.
    #[arg(long, value_name = "TARGET", default_value = "modern")]
    compat: String,

    /// Rounds of key derivation for each part of the PFX [default: 10000].
    ///
    /// Ten thousand is what keytool writes. More of them slow down whoever guesses the password, and
    /// every program that opens the store; a generated password needs no help.
    #[arg(long, value_name = "N")]
    iterations: Option<u32>,

    /// Where the stores' password comes from: env:VAR, file:PATH, fd:N, stdin, prompt or
    /// generate:PATH.
    ///
    /// generate:PATH makes a new random password and writes it to PATH. Without this option
    /// CERTKIT_PASSWORD is used if it is set, else a terminal is asked, twice. Needed only where
    /// a pfx or jks is made.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) password: Option<String>,
}

impl CredentialOptions {
    /// What the options ask for.
    pub(crate) fn request(&self) -> Request {
        let mut request = Request::default();
        request.ask(Field::Emit, &self.emit);
        request.ask(Field::Alias, [&self.alias]);
        request.ask(Field::Subject, &self.subject);
        request.ask(Field::Cn, &self.cn);
        request.ask(Field::Ou, &self.ou);
        request.ask(Field::Org, &self.org);
        request.ask(Field::Locality, &self.locality);
        request.ask(Field::State, &self.state);
        request.ask(Field::Country, &self.country);
        request.ask(Field::San, &self.san);
        match &self.not_after {
            Some(end) => request.ask(Field::NotAfter, [end]),
            None => request.ask(Field::Days, [self.days.to_string()]),
        }
        request.ask(Field::NotBefore, &self.not_before);
        request.ask(Field::Key, [&self.key]);
        request.ask(Field::Compat, [&self.compat]);
        request.ask(Field::Iterations, self.iterations.map(|rounds| rounds.to_string()));
        request
    }
}
