//! The address that the browser comes back to: whether the consent was given.
//!
//! What Entra appends to the redirect URI is described on Microsoft's pages "Admin consent on the
//! Microsoft identity platform" (as of 8 November 2023) and "OAuth 2.0 client credentials flow", both
//! read on 22 November 2026. Whoever has the address can have written it: it is a report, not a proof.

use url::{Url, form_urlencoded};

use crate::{
    connector::{
        Cloud, Guid,
        error_code::{self, Advice},
    },
    error::{self, Error, shortened},
};

/// The longest address that is read, in octets: a limit of certkit's own, far above any that Entra
/// makes of a redirect URI of 256 characters, a state and an error's description.
const LONGEST: usize = 64 << 10;

/// What the caller knows of the answer beforehand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// The state that went into the address.
    pub state: Option<&'a str>,
    /// The organization that was to consent.
    pub tenant_id: Option<Guid>,
}

/// What became of the consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was given.
    Granted,
    /// It was not given.
    Refused,
    /// It was given, but not as expected: another organization, another state.
    Unexpected,
}

/// An answer, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What became of it.
    pub verdict: Verdict,
    /// The organization, as the address has it.
    pub tenant: Option<Guid>,
    /// What went into the consent address, as it came back.
    pub state: Option<String>,
    /// What was consented to; only the second endpoint tells.
    pub scope: Option<String>,
    /// The kind of error, such as `consent_required`.
    pub error: Option<String>,
    /// Entra's own words on it.
    pub description: Option<String>,
    /// The number behind `AADSTS` in them.
    pub code: Option<u32>,
    /// What the error means and what to do about it.
    pub advice: Option<Advice>,
    /// What differs from what was expected, one sentence each.
    pub differences: Vec<String>,
    /// What else is to be said, one sentence each.
    pub warnings: Vec<String>,
}

/// Reads the address that the browser came back to; `source` is what the user calls it, for messages.
///
/// # Errors
/// [`Error::BadArgument`] where it is no address, [`Error::WrongKind`] where it holds no answer.
pub fn read(source: &'static str, text: &str, expected: &Expected<'_>) -> error::Result<Answer> {
    let url = address(text).map_err(|reason| Error::argument(source, without_query(text), reason))?;
    interpret(&url, expected).map_err(|wrong| {
        let Wrong { found, remedy } = wrong;
        let expected = "the address that the browser came back to, with admin_consent or error in it";
        Error::WrongKind { found: shortened(found), expected, remedy: Some(remedy.into()) }.in_file(source)
    })
}

/// What is repeated of a text that is no address: behind its `?` or `#` may stand a sign-in's code.
fn without_query(text: &str) -> String {
    match text.trim().split_once(['?', '#']) {
        Some((before, _)) => shortened(format!("{before}?…")),
        None => shortened(text.trim().to_owned()),
    }
}

/// The address in what was pasted.
fn address(text: &str) -> Result<Url, String> {
    const FORM: &str = "expected the whole address from the browser's address bar, such as https://admin.example.com/?admin_consent=True&tenant=…";
    let bare = text.trim().trim_matches(['"', '\'', '<', '>', '`']);
    let fault = if bare.is_empty() {
        "it is empty"
    } else if bare.len() > LONGEST {
        "it is longer than any address"
    } else if bare.chars().any(|c| c.is_whitespace() || c.is_control()) {
        "it holds a blank, a line break or a control character"
    } else {
        // Copied out of a page's source, a mail or a log.
        let plain = bare.replace("&amp;", "&");
        match Url::parse(&plain) {
            Ok(url) if matches!(url.scheme(), "https" | "http") => return Ok(url),
            Ok(_) => "its scheme is neither https nor http",
            Err(_) => "it is no address",
        }
    };
    Err(format!("{fault}; {FORM}"))
}

/// Why an address holds no answer that can be relied on, and what to do.
struct Wrong {
    found: String,
    remedy: &'static str,
}

impl Wrong {
    fn new(found: impl Into<String>, remedy: &'static str) -> Self {
        Self { found: found.into(), remedy }
    }
}

const WHOLE: &str = "copy the whole address from the browser's address bar, and put it between single quotation marks: a shell ends the command at the first &";
const CONSENT: &str = "open the consent address in a browser, choose Accept, and copy the address that the browser ends at; the consent address is written by: certkit connector consent-url ID --client-id GUID --redirect-uri URI";

fn interpret(url: &Url, expected: &Expected<'_>) -> Result<Answer, Wrong> {
    let (parameters, warnings) = parameters(url)?;
    if let Some(page) = microsofts_page(url)
        && !parameters.is_answer()
    {
        return Err(Wrong::new(page, CONSENT));
    }
    let tenant = parameters.tenant.as_deref().map(Guid::parse);
    // `admin_consent=True` stands in the second endpoint's errors too.
    let refused = parameters.error.is_some() || parameters.error_description.is_some();
    let granted = match parameters.admin_consent.as_deref() {
        _ if refused => false,
        None => return Err(no_answer(&parameters)),
        Some(word) if word.eq_ignore_ascii_case("true") => true,
        Some(word) if word.eq_ignore_ascii_case("false") => false,
        Some(word) => {
            return Err(Wrong::new(format!("an address whose admin_consent is \"{word}\", not True"), WHOLE));
        }
    };
    let tenant = match tenant {
        Some(Err(reason)) if granted => {
            return Err(Wrong::new(format!("an address whose tenant is no GUID ({reason})"), WHOLE));
        }
        // Where the address was cut off, an error may be what is missing.
        None if granted => return Err(Wrong::new("an address that ends before its tenant", WHOLE)),
        other => other.and_then(Result::ok),
    };
    let differences = differences(&parameters, tenant, granted, expected);
    let verdict = match (granted, differences.is_empty()) {
        (false, _) => Verdict::Refused,
        (true, true) => Verdict::Granted,
        (true, false) => Verdict::Unexpected,
    };
    let Parameters { state, scope, error, error_description: description, .. } = parameters;
    let code = description.as_deref().and_then(error_code::first_in);
    let advice = (!granted).then(|| error_code::advice(error.as_deref().unwrap_or_default(), code));
    Ok(Answer { verdict, tenant, state, scope, error, description, code, advice, differences, warnings })
}

/// What the address is, if it is one of Microsoft's own pages. An answer may stand there too: some apps
/// have Microsoft's page for programs (`…/oauth2/nativeclient`) as their redirect URI.
fn microsofts_page(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_end_matches('.');
    // The older names of the hosts still lead there.
    const OLDER: [&str; 3] = ["login.windows.net", "login.microsoft.com", "login.chinacloudapi.cn"];
    let known = Cloud::ALL.iter().any(|(_, cloud)| cloud.authority() == host) || OLDER.contains(&host);
    known.then(|| match url.path().to_ascii_lowercase().ends_with("/adminconsent") {
        true => "the address of the consent page itself".into(),
        false => format!("the address of a page of Microsoft's own ({host})"),
    })
}

/// What Entra appends.
#[derive(Default)]
struct Parameters {
    admin_consent: Option<String>,
    tenant: Option<String>,
    state: Option<String>,
    scope: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    /// The answer to a sign-in has one of these.
    sign_in: bool,
}

/// The answer's parameters, from the query or, with a warning, from behind the `#`.
fn parameters(url: &Url) -> Result<(Parameters, Vec<String>), Wrong> {
    let query = Parameters::of(url.query().unwrap_or_default())?;
    let fragment = Parameters::of(url.fragment().unwrap_or_default())?;
    match (query.is_answer(), fragment.is_answer()) {
        (true, true) => Err(Wrong::new("an address with an answer before and another behind its #", WHOLE)),
        (false, true) => {
            let warning = "the answer stands behind a #, where no web server sees it";
            Ok((fragment, vec![warning.to_owned()]))
        }
        _ => Ok((query, Vec::new())),
    }
}

impl Parameters {
    fn of(query: &str) -> Result<Self, Wrong> {
        let mut found = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "admin_consent" => &mut found.admin_consent,
                "tenant" => &mut found.tenant,
                "state" => &mut found.state,
                "scope" => &mut found.scope,
                "error" => &mut found.error,
                "error_description" => &mut found.error_description,
                "code" | "id_token" | "access_token" => {
                    found.sign_in = true;
                    continue;
                }
                _ => continue,
            };
            match place.replace(value.clone().into_owned()) {
                Some(first) if first != *value => {
                    let found = format!("an address with {name} in it twice: \"{first}\" and \"{value}\"");
                    return Err(Wrong::new(found, "open the consent address again and copy what comes back"));
                }
                _ => {}
            }
        }
        Ok(found)
    }

    fn is_answer(&self) -> bool {
        self.admin_consent.is_some() || self.error.is_some() || self.error_description.is_some()
    }
}

/// What an address without `admin_consent` and `error` is instead.
fn no_answer(parameters: &Parameters) -> Wrong {
    if parameters.sign_in {
        Wrong::new("the answer to a sign-in, not to a consent", CONSENT)
    } else if parameters.tenant.is_some() || parameters.state.is_some() {
        Wrong::new("an address that ends before its admin_consent", WHOLE)
    } else {
        Wrong::new("an address without an answer in it", WHOLE)
    }
}

fn differences(
    parameters: &Parameters,
    tenant: Option<Guid>,
    granted: bool,
    expected: &Expected<'_>,
) -> Vec<String> {
    let mut differences = Vec::new();
    if let Some(wanted) = expected.state
        && parameters.state.as_deref() != Some(wanted)
    {
        let found = parameters.state.as_ref().map_or("missing".into(), |state| format!("\"{state}\""));
        differences.push(format!(
            "the state is {found}; expected \"{wanted}\": this is the answer to another consent address"
        ));
    }
    // An error does not always tell whose it is.
    if let Some(wanted) = expected.tenant_id
        && tenant != Some(wanted)
        && (granted || tenant.is_some())
    {
        let found = tenant.map_or("missing".into(), |tenant| tenant.to_string());
        differences.push(format!("the tenant is {found}; expected {wanted}: another organization answered"));
    }
    differences
}
