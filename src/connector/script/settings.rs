//! The variables at the top of every script: one table, which each language writes in its own way.

use super::{Language, Values, header};
use crate::connector::{Profile, profile::Credential};

/// One variable.
pub(super) struct Setting {
    /// What it is, one line of a comment each.
    pub(super) comment: Vec<String>,
    /// Its name, as the language spells names.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) value: Value,
}

/// What a variable holds.
pub(super) enum Value {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(u16),
    /// Text, to be quoted.
    Text(String),
    /// An Azure scope: this text, then what another variable holds.
    Under(&'static str, &'static str),
}

/// What a script needs to know, in order.
pub(super) fn settings(profile: &Profile, values: &Values, language: Language) -> Vec<Setting> {
    let table = Table { profile, values, language };
    let mut settings = table.app();
    settings.extend(table.certificate());
    settings.extend(table.secret());
    settings.extend(table.roles());
    settings
}

struct Table<'a> {
    profile: &'a Profile,
    values: &'a Values,
    language: Language,
}

impl Table<'_> {
    /// One row: what it is, its name in the shells and in PowerShell, what it holds.
    fn row(&self, comment: &str, shell: &'static str, powershell: &'static str, value: Value) -> Setting {
        let name = self.language.name(shell, powershell);
        Setting { comment: comment.lines().map(str::to_owned).collect(), name, value }
    }

    /// A row that PowerShell alone has: the shells are signed in already.
    fn signing_in(&self, comment: &str, name: &'static str, value: &str) -> Option<Setting> {
        (self.language == Language::PowerShell)
            .then(|| self.row(comment, "", name, Value::Text(value.to_owned())))
    }

    fn app(&self) -> Vec<Setting> {
        let (profile, known) = (self.profile, &self.values.known);
        let (app, redirect) = (&profile.registration, profile.registration.redirect.as_ref());
        let about_redirect = match redirect {
            Some(redirect) => format!("Where the browser returns to after a consent: {}.", redirect.what),
            None => "Where the browser returns to after a consent.".to_owned(),
        };
        let mut rows = vec![
            self.row(
                "The app's display name; it is found by it, or made.",
                "APP_NAME",
                "AppName",
                text(Some(known.app(profile))),
            ),
            self.row(
                "An app that exists, by its Application (client) ID; empty: by its name.",
                "CLIENT_ID",
                "ClientId",
                text(known.client_id),
            ),
            self.row(
                "The only organization in which this may act; empty: whichever one is signed in to.",
                "TENANT_ID",
                "TenantId",
                text(known.tenant_id),
            ),
        ];
        rows.extend(self.signing_in(
            "Microsoft's cloud, as Connect-MgGraph calls it.",
            "GraphEnvironment",
            known.cloud.graph_environment(),
        ));
        rows.extend(self.signing_in(
            "What the administrator's own token is good for.",
            "TokenScopes",
            &header::token_scopes(profile).join(" "),
        ));
        let audience = text(Some(app.audience.sign_in_audience()));
        rows.push(self.row("Whose accounts the app serves.", "AUDIENCE", "Audience", audience));
        let uri = text(known.redirect(profile));
        rows.push(self.row(&about_redirect, "REDIRECT_URI", "RedirectUri", uri));
        let needed = Value::Flag(redirect.is_some());
        rows.push(self.row("Whether it needs one.", "REDIRECT_NEEDED", "RedirectNeeded", needed));
        rows
    }

    fn certificate(&self) -> Option<Setting> {
        let file = || text(self.values.certificate.as_ref());
        let comment = "The certificate to add, DER or PEM; empty: none. Never a key or a PFX.";
        self.profile.needs_certificate().then(|| self.row(comment, "CERT_FILE", "CertFile", file()))
    }

    fn secret(&self) -> Vec<Setting> {
        if !self.profile.takes(Credential::Secret) {
            return Vec::new();
        }
        vec![
            self.row(
                "Where a new client secret goes; empty, or a file that is there: none is made.",
                "SECRET_FILE",
                "SecretFile",
                text(self.values.secret_file.as_ref()),
            ),
            self.row(
                "How long it lasts; Microsoft recommends less than 12 months.",
                "SECRET_DAYS",
                "SecretDays",
                Value::Number(360),
            ),
        ]
    }

    fn roles(&self) -> Vec<Setting> {
        if self.profile.roles.is_empty() {
            return Vec::new();
        }
        let mut rows = Vec::new();
        rows.extend(self.signing_in(
            "Microsoft's cloud, as Connect-AzAccount calls it.",
            "AzureEnvironment",
            self.values.known.cloud.azure_environment(),
        ));
        let subscription = self.row(
            "The Azure subscription; empty: no Azure role is assigned.",
            "SUBSCRIPTION",
            "Subscription",
            text(self.values.subscription),
        );
        let scope = Value::Under("/subscriptions/", subscription.name);
        rows.push(subscription);
        rows.push(self.row(
            "What the roles are good for. Less is better, such as one storage account:\n/subscriptions/.../resourceGroups/.../providers/Microsoft.Storage/storageAccounts/...",
            "ROLE_SCOPE",
            "RoleScope",
            scope,
        ));
        rows
    }
}

/// Text; empty where nothing is known.
fn text(known: Option<impl ToString>) -> Value {
    Value::Text(known.map(|known| known.to_string()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::Registry;

    /// A name of PowerShell's as a shell spells it.
    fn in_shell(name: &str) -> String {
        let mut spelled = String::new();
        for c in name.chars() {
            if c.is_ascii_uppercase() && !spelled.is_empty() {
                spelled.push('_');
            }
            spelled.push(c.to_ascii_uppercase());
        }
        spelled
    }

    #[test]
    fn a_variable_has_one_name_in_two_spellings() {
        let registry = Registry::built_in();
        for profile in registry.iter() {
            let names = |language| {
                let all = settings(profile, &Values::default(), language);
                all.into_iter().map(|setting| setting.name).collect::<Vec<_>>()
            };
            let shell = names(Language::Az);
            assert_eq!(shell, names(Language::Graph));
            let mut powershell = names(Language::PowerShell);
            powershell.retain(|name| !["GraphEnvironment", "TokenScopes", "AzureEnvironment"].contains(name));
            assert_eq!(powershell.into_iter().map(in_shell).collect::<Vec<_>>(), shell, "{}", profile.id);
        }
    }
}
