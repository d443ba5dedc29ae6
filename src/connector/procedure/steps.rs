//! The vendor's page as steps for a person, with what is known already filled in.

use super::{Part, Procedure, Step, Value, traps, who};
use crate::{
    connector::{
        Answers, Cloud, Profile,
        config::{CLIENT_ID, Filled, Held, TENANT_ID},
        profile::{Api, Audience, ConsentWay, Credential, Kind, OutputForm, Role, Setting, Tab},
    },
    quote,
};

/// The steps of a connector's procedure.
#[must_use]
pub fn procedure<'a>(profile: &'a Profile, answers: &Answers) -> Procedure<'a> {
    let maker = Maker { profile, answers };
    let mut steps = vec![maker.register(), maker.ids(), maker.permissions()];
    steps.extend(profile.takes(Credential::Secret).then(|| maker.secret()));
    steps.extend(profile.needs_certificate().then(|| maker.certificate()));
    steps.extend((!profile.roles.is_empty()).then(|| maker.roles()));
    steps.push(maker.consent());
    steps.push(maker.hand_over());
    Procedure { profile, client_id: answers.client_id, steps, traps: traps(profile) }
}

struct Maker<'a, 'b> {
    profile: &'a Profile,
    answers: &'b Answers,
}

impl<'a> Maker<'a, '_> {
    fn register(&self) -> Step<'a> {
        let registration = &self.profile.registration;
        let portal = self.answers.cloud.portal();
        let mut parts = vec![
            Part::Do(vec![
                format!("Sign in at https://{portal} and open App registrations (in Microsoft Entra ID)."),
                "Choose New registration and enter:".into(),
            ]),
            value("Name", Value::Known(self.app().into()), None),
            value("Supported account types", Value::Known(registration.audience.in_portal().into()), None),
        ];
        if let Some(redirect) = &registration.redirect {
            let missing = match &redirect.example {
                Some(example) => format!("{}, such as {example}", redirect.what),
                None => redirect.what.to_string(),
            };
            let note = redirect.uri.as_ref().map(|_| redirect.what.to_string());
            let uri = Value::of(self.answers.redirect(self.profile), &missing);
            parts.push(value("Redirect URI, platform Web", uri, note));
        }
        parts.push(Part::Do(vec!["Choose Register.".into()]));
        Step {
            id: "register",
            title: "Register the application".into(),
            who: Some(who::REGISTERS.into()),
            parts,
        }
    }

    fn app(&self) -> &str {
        self.answers.app(self.profile)
    }

    fn ids(&self) -> Step<'a> {
        Step {
            id: "ids",
            title: "Note the two ids".into(),
            who: None,
            parts: vec![
                Part::Do(vec!["Open the app's Overview page and copy both; they are no secrets.".into()]),
                value("Application (client) ID", Value::of(self.answers.client_id, CLIENT_ID), None),
                value("Directory (tenant) ID", Value::of(self.answers.tenant_id, TENANT_ID), None),
            ],
        }
    }

    fn permissions(&self) -> Step<'a> {
        let mut parts = vec![Part::Do(vec!["In the app, open API permissions.".into()])];
        for api in &self.profile.apis {
            if api.tab == Tab::Organization {
                parts.push(Part::Warning(format!(
                    "{} is found only once its service principal exists in the organization. If the search finds nothing, an Application Administrator makes it with:",
                    api.tile
                )));
                parts.push(Part::Command(format!("az ad sp create --id {}", api.id)));
            }
            for kind in [Kind::Role, Kind::Scope] {
                let rows: Vec<_> =
                    api.permissions.iter().filter(|permission| permission.kind == kind).collect();
                if !rows.is_empty() {
                    parts.push(Part::Do(vec![choose(api, kind, rows.len())]));
                    parts.push(Part::Permissions { api, kind, rows });
                }
            }
        }
        if self.wants_no_user_read() {
            parts.push(Part::Do(vec![
                "Remove User.Read, which the portal adds to every new app: the connector does not use it."
                    .into(),
            ]));
        }
        parts.push(Part::Say("The same as a manifest, for scripts and for Microsoft Graph:".into()));
        parts.push(Part::Command(self.answers.command(&format!("manifest {}", self.profile.id))));
        Step { id: "permissions", title: "Add the permissions".into(), who: None, parts }
    }

    /// Whether the permission that comes with every new app is one too many. Where other
    /// organizations consent, the vendor's page leaves it, and so does certkit.
    fn wants_no_user_read(&self) -> bool {
        self.profile.registration.audience == Audience::SingleTenant
            && !self.profile.permissions().any(|(_, permission)| &*permission.value == "User.Read")
    }

    fn secret(&self) -> Step<'a> {
        Step {
            id: "secret",
            title: "Make a client secret".into(),
            who: None,
            parts: vec![
                Part::Do(vec![
                    "Open Certificates & secrets, tab Client secrets, and choose New client secret.".into(),
                    "Enter a description, choose when it expires (at most 24 months; Microsoft recommends less than 12) and choose Add.".into(),
                    "Copy the Value at once: it is shown this one time. The Secret ID is of no use.".into(),
                    "Note the day on which it expires.".into(),
                ]),
                Part::Warning("Nothing tells anyone when the secret expires: put the day into a calendar.".into()),
            ],
        }
    }

    fn certificate(&self) -> Step<'a> {
        let files = &self.answers.files;
        let mut parts = Vec::new();
        if files.certificate.is_none() {
            parts.push(Part::Say("Make the key and its certificate:".into()));
            let emit = if self.profile.takes(Credential::ConnectorJson) { "cer,json" } else { "pfx,cer" };
            parts.push(Part::Command(format!(
                "certkit gen --name {} --cn {} --emit {emit}",
                self.profile.id,
                quote::word(self.app())
            )));
        }
        let cer = files.certificate.clone().unwrap_or_else(|| format!("{}.cer", self.profile.id));
        parts.push(Part::Do(vec![
            "Open Certificates & secrets, tab Certificates, and choose Upload certificate.".into(),
            format!("Choose {cer}, enter a description and choose Add."),
            "Compare the thumbprint that the portal shows with the one here.".into(),
        ]));
        let missing = format!("shown by: certkit inspect {cer}");
        parts.push(value("Thumbprint", Value::of(files.thumbprint.as_ref(), &missing), None));
        parts.push(Part::Warning(
            "Upload the .cer only. The key, the PFX and the JSON never go to Azure.".into(),
        ));
        Step { id: "certificate", title: "Upload the certificate".into(), who: None, parts }
    }

    fn roles(&self) -> Step<'a> {
        Step {
            id: "roles",
            title: "Assign the Azure roles".into(),
            who: Some(format!("{} of the subscription", who::ASSIGNS_ROLES)),
            parts: vec![
                Part::Do(vec![
                    "In the portal, open Subscriptions and the subscription, then Access control (IAM)."
                        .into(),
                ]),
                Part::Roles(&self.profile.roles),
                Part::Do(self.profile.roles.iter().map(|role| self.assign(role)).collect()),
            ],
        }
    }

    fn assign(&self, role: &Role) -> String {
        format!(
            "Choose Add > Add role assignment, select {}, choose Next, then Select members, find {} by its full name, and choose Review + assign.",
            role.name,
            self.app()
        )
    }

    fn consent(&self) -> Step<'a> {
        let consent = &self.profile.consent;
        let mut parts = Vec::new();
        if let Some(role) = &consent.role {
            parts.push(Part::Say(format!(
                "The vendor's page wants a {role}. Microsoft does not require that much."
            )));
        }
        match consent.by {
            ConsentWay::Portal => {
                parts.push(Part::Do(vec![
                    "Open API permissions and choose Grant admin consent for your organization, then Yes."
                        .into(),
                    "Every permission must then show \"Granted\".".into(),
                ]));
                if let Some(address) = self.answers.consent_address(self.profile) {
                    parts
                        .push(Part::Say("Or, in place of both, open this address and choose Accept:".into()));
                    parts.push(value("Consent address", Value::Known(address.url), None));
                }
            }
            ConsentWay::Address => parts.extend(self.consent_by_address()),
        }
        parts.push(Part::Warning(
            "Consenting again may revoke permissions that were granted to the app meanwhile and are not in its list.".into(),
        ));
        let who = Some(who::consents(self.profile).into());
        Step { id: "consent", title: "Consent for the organization".into(), who, parts }
    }

    fn consent_by_address(&self) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        match self.answers.consent_address(self.profile) {
            Some(address) => {
                parts.push(Part::Do(vec![
                    "Open this address in a browser, sign in, compare the permissions with those above, and choose Accept.".into(),
                ]));
                parts.push(value("Consent address", Value::Known(address.url), None));
            }
            None => {
                parts.push(Part::Say(
                    "certkit writes the address to open, once the app's id and its redirect URI are known:"
                        .into(),
                ));
                parts.push(Part::Command(self.consent_command()));
                parts.push(Part::Do(vec![
                    "Open that address in a browser, sign in, compare the permissions with those above, and choose Accept.".into(),
                ]));
            }
        }
        parts.push(Part::Say(
            "The address that the browser comes back to tells whether it worked; paste it between the quotation marks:".into(),
        ));
        parts.push(Part::Command("certkit connector consent-result '…'".into()));
        parts
    }

    fn client_id(&self) -> String {
        self.answers.client_id.map_or_else(|| "CLIENT_ID".to_owned(), |id| id.to_string())
    }

    fn tenant_id(&self) -> String {
        self.answers.tenant_id.map_or_else(|| "TENANT_ID".to_owned(), |id| id.to_string())
    }

    fn consent_command(&self) -> String {
        let mut words = format!("consent-url {} --client-id {}", self.profile.id, self.client_id());
        match self.answers.redirect(self.profile) {
            Some(uri) => words.push_str(&format!(" --redirect-uri {}", quote::word(uri.as_str()))),
            None => words.push_str(" --redirect-uri REDIRECT_URI"),
        }
        if self.profile.registration.audience == Audience::SingleTenant {
            words.push_str(&format!(" --tenant-id {}", self.tenant_id()));
        }
        if self.answers.cloud != Cloud::Global {
            words.push_str(&format!(" --cloud {}", self.answers.cloud.word()));
        }
        self.answers.command(&words)
    }

    fn config_command(&self) -> String {
        self.answers.command(&format!(
            "config {} --client-id {} --tenant-id {} --client-secret prompt -o config.yaml",
            self.profile.id,
            self.client_id(),
            self.tenant_id()
        ))
    }

    fn hand_over(&self) -> Step<'a> {
        let output = &self.profile.output;
        let mut parts = vec![Part::Say(format!("Where: {}.", output.place))];
        if output.form == OutputForm::Yaml {
            let file = self.answers.files.config.as_deref();
            parts.push(match file {
                Some(file) => Part::Say(format!("The file is {file}.")),
                None => Part::Command(self.config_command()),
            });
        }
        parts.extend(output.settings.iter().flat_map(|setting| self.setting(setting)));
        parts.extend(output.lists.iter().map(|list| {
            let values = list.values.iter().map(|line| line.to_string()).collect::<Vec<_>>().join(", ");
            value(&list.name, Value::Known(values), None)
        }));
        let steps = match output.steps.as_slice() {
            [] => vec!["Enter the values there.".into()],
            steps => steps.iter().map(ToString::to_string).collect(),
        };
        parts.push(Part::Do(steps));
        Step {
            id: "hand-over",
            title: format!("Give {} what it needs", self.profile.vendor),
            who: None,
            parts,
        }
    }

    /// What is typed into a setting: one value, or one for each row.
    fn setting(&self, setting: &Setting) -> Vec<Part<'a>> {
        let shown = |held| value(&setting.name, held, setting.note.as_ref().map(ToString::to_string));
        match Filled::of(setting, self.answers, None).held {
            Held::One(known) => vec![shown(Value::Known(known.to_owned()))],
            Held::Many(rows) => rows.into_iter().map(|row| shown(Value::Known(row.to_owned()))).collect(),
            Held::Missing(what) | Held::Free(what) => vec![shown(Value::Missing(what.to_owned()))],
        }
    }
}

/// What to choose for the permissions of one API and one kind.
fn choose(api: &Api, kind: Kind, count: usize) -> String {
    let permissions = match count {
        1 => "the permission".to_owned(),
        count => format!("the {count} permissions"),
    };
    format!(
        "Choose Add a permission. On the tab \"{}\" choose {}, then {}. Select {permissions} below and choose Add permissions.",
        api.tab.in_portal(),
        api.tile,
        kind.in_portal()
    )
}

fn value<'a>(name: &str, value: Value, note: Option<String>) -> Part<'a> {
    Part::Value { name: name.to_owned(), value, note }
}
