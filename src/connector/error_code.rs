//! Entra's error codes (`AADSTS…`): what they mean to whoever sets up a connector, and what to do.
//!
//! Meanings: Microsoft's page "Microsoft Entra authentication & authorization error codes"
//! (reference-error-codes) as of 24 April 2024, read on 22 November 2026; for the codes of client
//! assertions and secrets (50027, 700016 to 7000222) also the messages of Entra itself as reports
//! quote them. The texts of these messages change; the codes are what is relied on here.

/// What is known of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The number behind `AADSTS`.
    pub code: u32,
    /// What it means, half a sentence.
    pub meaning: &'static str,
    /// What to do, one sentence.
    pub remedy: &'static str,
}

/// The codes that come up with an app registration, its consent and its credentials.
const KNOWN: &[ErrorCode] = &[
    known(
        50011,
        "the redirect URI is not one of those that the app registration lists",
        "Register it, or use the registered one, equal to the letter: a final slash and upper case count.",
    ),
    known(
        50020,
        "the account belongs to another organization",
        "Sign in with an administrator's account of the organization that consents.",
    ),
    known(
        50027,
        "the client assertion is malformed or names no thumbprint",
        "Make the connector's credential anew from the store that holds the key and the certificate.",
    ),
    known(
        50194,
        "the app serves one organization only and was asked for at an address for all",
        "Write the address with --tenant-id.",
    ),
    known(
        53003,
        "a Conditional Access policy blocked the sign-in",
        "Sign in from a device and place that the policy allows, or ask its owner.",
    ),
    known(
        65001,
        "nobody has consented to what the app asks for",
        "Open the consent address as an administrator.",
    ),
    known(
        65004,
        "the consent was declined",
        "Open the consent address again and choose Accept, as an administrator who may.",
    ),
    known(
        65005,
        "the app registration asks for an API that this organization does not have, or lists none",
        "Compare its permissions: certkit connector manifest ID --diff CURRENT.json",
    ),
    known(
        90002,
        "there is no such tenant in this cloud",
        "Compare --tenant-id with the Directory (tenant) ID of the app's Overview page, and --cloud.",
    ),
    known(
        90094,
        "an administrator has to consent",
        "Open the consent address with an administrator's account.",
    ),
    known(
        500011,
        "an API that the app asks for has no service principal in this organization",
        "Make it: az ad sp create --id API_ID, the id as `certkit connector show` has it.",
    ),
    known(
        650052,
        "the app asks for a service that this organization has not subscribed to or not enabled",
        "Make the service's principal: az ad sp create --id API_ID; if that fails the subscription is missing.",
    ),
    known(
        650056,
        "the app registration is misconfigured: mostly it lists no permissions, or the address names another organization",
        "Compare its permissions: certkit connector manifest ID --diff CURRENT.json",
    ),
    known(
        700016,
        "the app is not known in this organization",
        "Compare --client-id with the Application (client) ID, and --tenant-id; the Secret ID and the Object ID are others.",
    ),
    known(
        700021,
        "the client assertion's issuer or subject is not the client ID",
        "Give the connector the Application (client) ID.",
    ),
    known(
        700024,
        "the client assertion is not within its time",
        "Set the clock of the machine that the connector runs on.",
    ),
    known(
        700027,
        "the certificate that signed is not registered for the app, or has expired",
        "Compare its thumbprint and dates (certkit inspect) with Certificates & secrets in the portal, and upload its .cer.",
    ),
    known(
        900144,
        "the address lacks a parameter",
        "Have it written anew: certkit connector consent-url ID --client-id GUID --redirect-uri URI",
    ),
    known(900971, "the app has no redirect URI", "Register it under Authentication, platform Web."),
    known(
        7000112,
        "the app is disabled in this organization",
        "Switch it on under Enterprise applications, Properties: Enabled for users to sign in.",
    ),
    known(7000215, "the client secret is wrong", "Give the connector the secret's Value, not its Secret ID."),
    known(
        7000222,
        "the client secret has expired",
        "Make a new one under Certificates & secrets, and give the connector its Value.",
    ),
];

const fn known(code: u32, meaning: &'static str, remedy: &'static str) -> ErrorCode {
    ErrorCode { code, meaning, remedy }
}

/// What a code means, where that is known here.
#[must_use]
pub fn meaning(code: u32) -> Option<&'static ErrorCode> {
    KNOWN.iter().find(|known| known.code == code)
}

/// Microsoft's own page on a code.
#[must_use]
pub fn page(code: u32) -> String {
    format!("https://login.microsoftonline.com/error?code={code}")
}

/// What an error means and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What it means, half a sentence.
    pub meaning: String,
    /// What to do, one sentence.
    pub remedy: String,
}

/// What is to be said of an error, such as `access_denied`, and its code, where it has one.
#[must_use]
pub fn advice(error: &str, code: Option<u32>) -> Advice {
    const AGAIN: &str = "Open the consent address again, as an administrator who may, and choose Accept.";
    let (meaning, remedy) = match (code.map(|code| (code, meaning(code))), error) {
        (Some((_, Some(known))), _) => (known.meaning, known.remedy),
        (Some((code, None)), _) => {
            let meaning = format!("AADSTS{code} is not among the codes that certkit knows");
            return Advice { meaning, remedy: format!("See {}", page(code)) };
        }
        (None, "permission_denied" | "access_denied") => {
            ("the administrator cancelled, or may not consent", AGAIN)
        }
        (None, "" | "consent_required") => ("the consent was not given", AGAIN),
        (None, "server_error" | "temporarily_unavailable") => {
            ("Entra could not answer", "Wait some minutes and open the consent address again.")
        }
        (None, _) => (
            "Entra gave no code with this error",
            "Read the description; the sign-in log of the organization has more.",
        ),
    };
    Advice { meaning: meaning.into(), remedy: remedy.into() }
}

/// The first code that stands in a message.
#[must_use]
pub fn first_in(message: &str) -> Option<u32> {
    message.split("AADSTS").skip(1).find_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_messages() {
        assert_eq!(first_in("AADSTS65004: The resource owner …"), Some(65004));
        assert_eq!(first_in("see AADSTS: AADSTS7000215"), Some(7_000_215));
        assert_eq!(first_in("The admin canceled the request"), None);
        assert_eq!(first_in("AADSTS99999999999999999999"), None);
    }

    #[test]
    fn every_code_stands_once_and_in_order() {
        assert!(KNOWN.is_sorted_by(|a, b| a.code < b.code));
        assert!(KNOWN.iter().all(|known| !known.meaning.ends_with('.')));
        assert_eq!(meaning(50011).map(|known| known.code), Some(50011));
        assert_eq!(meaning(1), None);
    }
}
