//! The clients: MSAL for Python and for Node, what they are given, and what came of it.

use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};

use super::server::{Endpoint, beside, trusting};
use crate::{common, support::tool};

/// Which MSAL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    Python,
    Node,
}

/// What a client is given to sign in with.
#[derive(Clone, Debug)]
pub enum With {
    /// The connector JSON.
    Json(PathBuf),
    /// Its key, and the certificate's SHA-1 thumbprint in hexadecimal.
    JsonAndThumbprint(PathBuf, String),
    /// The PFX, and the file with its password.
    Pfx(PathBuf, PathBuf),
    /// The file of `export-json --for msal`.
    Msal(PathBuf),
    /// A client secret.
    Secret(String),
    /// A configuration in YAML, which has tenant and client id too.
    Yaml(PathBuf),
}

impl With {
    /// Whether MSAL for Node has a way to take it.
    pub fn suits_node(&self) -> bool {
        !matches!(self, Self::Pfx(..) | Self::Yaml(_))
    }

    fn json(&self) -> Value {
        match self {
            Self::Json(file) => json!({"with": "json", "file": file}),
            Self::JsonAndThumbprint(file, thumbprint) => {
                json!({"with": "json-and-thumbprint", "file": file, "thumbprint": thumbprint})
            }
            Self::Pfx(file, password) => json!({"with": "pfx", "file": file, "password_file": password}),
            Self::Msal(file) => json!({"with": "msal", "file": file}),
            Self::Secret(secret) => json!({"with": "secret", "secret": secret}),
            Self::Yaml(file) => json!({"with": "yaml", "file": file}),
        }
    }
}

/// One sign-in: tenant, client id, credential.
#[derive(Clone, Debug)]
pub struct Job {
    pub tenant: String,
    pub client: String,
    pub with: With,
}

impl Job {
    pub fn new(tenant: &str, client: &str, with: With) -> Self {
        Self { tenant: tenant.to_owned(), client: client.to_owned(), with }
    }

    fn json(&self) -> Value {
        let mut job = self.with.json();
        job["tenant"] = self.tenant.as_str().into();
        job["client"] = self.client.as_str().into();
        job
    }
}

/// What came of a sign-in; it shows itself with what was asked.
pub struct Answer {
    about: String,
    value: Value,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:#}", self.about, self.value)
    }
}

impl Answer {
    /// The claims of the access token that it must be.
    pub fn claims(&self) -> Value {
        let token = self.value["access_token"].as_str().unwrap_or_else(|| panic!("{self}"));
        let claims = token.split('.').nth(1).expect("the token is a JWT");
        serde_json::from_slice(&Base64UrlUnpadded::decode_vec(claims).expect("base64url")).expect("JSON")
    }

    /// What is said of the refusal that it must be.
    pub fn refusal(&self) -> &str {
        self.value["refusal"].as_str().unwrap_or_else(|| panic!("{self}"))
    }

    /// It must be a refusal with Entra's code; what is said of it.
    pub fn refused(&self, code: u32) -> &str {
        let said = self.refusal();
        assert!(said.contains(&format!("AADSTS{code}: ")), "not {code}: {self}");
        said
    }
}

/// Signs in once for each job, by one process of the client; `None` where it is not installed.
pub fn sign_in(client: Client, endpoint: &Endpoint, jobs: &[Job]) -> Option<Vec<Answer>> {
    sign_in_trusting(&endpoint.trust(), client, endpoint, jobs)
}

/// The same with another certificate to trust.
pub fn sign_in_trusting(
    trust: &Path,
    client: Client,
    endpoint: &Endpoint,
    jobs: &[Job],
) -> Option<Vec<Answer>> {
    let mut command = start(client)?;
    let all: Value = jobs.iter().map(Job::json).collect();
    trusting(command.arg(endpoint.base()).arg(all.to_string()), trust);
    let printed = common::text(&common::peer(&mut command));
    let answers: Vec<Answer> = printed
        .lines()
        .zip(jobs)
        .map(|(line, job)| Answer {
            about: format!("{client:?}, {job:?}"),
            value: serde_json::from_str(line).expect("an answer is JSON"),
        })
        .collect();
    assert_eq!(answers.len(), jobs.len(), "{printed}");
    Some(answers)
}

fn start(client: Client) -> Option<Command> {
    let what = "sign-in at the token endpoint";
    match client {
        Client::Python => common::python(what).map(|python| {
            let mut command = tool(python);
            command.arg(beside("sign_in.py"));
            command
        }),
        Client::Node => common::node("@azure/msal-node", what).map(|mut node| {
            // The endpoint listens on IPv4 alone, and Node 18 tries only the first address of localhost.
            node.arg("--dns-result-order=ipv4first").arg(beside("sign_in.js"));
            node
        }),
    }
}
