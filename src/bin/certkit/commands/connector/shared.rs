//! Options that several subcommands share.

use certkit::connector::{
    Answers, Cloud, Guid, Profile, RedirectUri,
    config::{Domain, SecretValue},
    line::Line,
    profile::{Credential, OutputForm, SettingValue},
};
use clap::Args;

use crate::{failure::Failure, password};

/// The ids of an app registration, its redirect URI and its cloud; each may be left out.
#[derive(Args)]
pub(super) struct Ids {
    /// The Application (client) ID, from the app's Overview page.
    #[arg(long, value_name = "GUID", value_parser = Guid::parse)]
    pub(super) client_id: Option<Guid>,

    /// The Directory (tenant) ID, from the same page.
    #[arg(long, value_name = "GUID", value_parser = Guid::parse)]
    pub(super) tenant_id: Option<Guid>,

    /// The redirect URI, to the letter as it is registered.
    #[arg(long, value_name = "URI", value_parser = RedirectUri::parse)]
    pub(super) redirect_uri: Option<RedirectUri>,

    /// Microsoft's cloud: global (GCC too), usgov (GCC High), dod or china [default: global].
    #[arg(long, value_name = "CLOUD", value_parser = cloud)]
    pub(super) cloud: Option<Cloud>,
}

/// A cloud, or why the word is none.
pub(super) fn cloud(word: &str) -> Result<Cloud, String> {
    let named = Cloud::ALL.iter().find(|(name, _)| *name == word);
    named.map(|(_, cloud)| *cloud).ok_or_else(|| {
        let names = Cloud::ALL.map(|(name, _)| name).join(", ");
        format!("expected one of {names}")
    })
}

impl Ids {
    /// Fills in what is given.
    pub(super) fn fill(&self, answers: &mut Answers) {
        answers.client_id = self.client_id.or(answers.client_id);
        answers.tenant_id = self.tenant_id.or(answers.tenant_id);
        answers.cloud = self.cloud.unwrap_or(answers.cloud);
        if let Some(uri) = &self.redirect_uri {
            answers.redirect_uri = Some(uri.clone());
        }
    }

    /// The client ID, which the command cannot do without.
    pub(super) fn client_id(&self) -> Result<Guid, Failure> {
        self.client_id.ok_or_else(|| {
            Failure::usage(
                "--client-id is missing: the Application (client) ID of the app registration",
                "copy it from the app's Overview page, or list all apps: az ad app list --query '[].{name:displayName,id:appId}' -o table",
            )
        })
    }

    /// The redirect URI: the one that was given, else the one that the vendor's page fixes.
    pub(super) fn redirect_uri(&self, profile: &Profile) -> Result<RedirectUri, Failure> {
        let redirect = profile.registration.redirect.as_ref();
        let fixed = || redirect?.uri.clone();
        self.redirect_uri.clone().or_else(fixed).ok_or_else(|| {
            let what = redirect.map_or("one that is registered for the app", |redirect| &*redirect.what);
            let example = redirect.and_then(|redirect| redirect.example.as_ref());
            let example = example.map_or("https://admin.example.com/", RedirectUri::as_str);
            Failure::usage(
                format!("--redirect-uri is missing: {what}"),
                format!("give it to the letter as it is registered, for example: --redirect-uri {example}"),
            )
        })
    }
}

/// What the vendor is given besides the ids.
#[derive(Args)]
pub(super) struct ValueOptions {
    /// Where the client secret is read from: env:VAR, file:PATH, fd:N, stdin or prompt.
    ///
    /// It is the secret's Value, which the portal shows once, not the Secret ID.
    #[arg(long, value_name = "SOURCE")]
    client_secret: Option<String>,

    /// A path at which the vendor's program finds the client secret, in place of the secret itself.
    #[arg(long, value_name = "PATH", conflicts_with = "client_secret", value_parser = Line::parse)]
    client_secret_path: Option<Line>,

    /// A domain that the connector is limited to (repeatable) [default: *, all of them].
    #[arg(long = "domain", value_name = "DOMAIN", value_parser = domain)]
    domains: Vec<Option<Domain>>,

    /// The connection's name in the vendor's portal; it must be unique there.
    #[arg(long, value_name = "TEXT", value_parser = Line::parse)]
    connection_name: Option<Line>,
}

/// A domain; none for the asterisk.
fn domain(text: &str) -> Result<Option<Domain>, String> {
    if text == "*" { Ok(None) } else { Domain::parse(text).map(Some) }
}

impl ValueOptions {
    /// Where the client secret comes from, if the vendor takes one.
    pub(super) fn secret_source(&self, profile: &Profile) -> Result<Option<password::Client>, Failure> {
        let given = self.client_secret.is_some() || self.client_secret_path.is_some();
        if given && !profile.takes(Credential::Secret) {
            return Err(Failure::usage(
                format!("--client-secret: {} takes no client secret", profile.name),
                "leave the option out",
            ));
        }
        self.client_secret.as_deref().map(|text| password::Client::new("--client-secret", text)).transpose()
    }

    /// The path that stands for the client secret: only a file that is read by a program can name one.
    pub(super) fn secret_path(&self, profile: &Profile) -> Result<Option<SecretValue>, Failure> {
        if self.client_secret_path.is_some() && profile.output.form != OutputForm::Yaml {
            return Err(Failure::usage(
                format!("--client-secret-path: {} takes its values by hand, not from a file", profile.name),
                "give the secret itself: --client-secret SOURCE",
            ));
        }
        Ok(self.client_secret_path.clone().map(SecretValue::Path))
    }

    /// Fills in what is given and needs no reading.
    pub(super) fn fill(&self, profile: &Profile, answers: &mut Answers) -> Result<(), Failure> {
        let wants = |value| profile.output.settings.iter().any(|setting| setting.value == value);
        let unwanted = |option: &str| {
            Failure::usage(
                format!("{option}: {} has no such setting", profile.name),
                format!("leave {option} out"),
            )
        };
        if !self.domains.is_empty() && !wants(SettingValue::Domains) {
            return Err(unwanted("--domain"));
        }
        if self.connection_name.is_some() && !wants(SettingValue::Name) {
            return Err(unwanted("--connection-name"));
        }
        if self.domains.len() > 1 && self.domains.contains(&None) {
            return Err(Failure::usage(
                "--domain *: the asterisk stands for all domains and goes with no other",
                "name the domains, or leave the option out for all of them",
            ));
        }
        if !self.domains.is_empty() {
            answers.domains = self.domains.iter().flatten().cloned().collect();
        }
        if let Some(name) = &self.connection_name {
            answers.connection_name = Some(name.clone());
        }
        Ok(())
    }
}
