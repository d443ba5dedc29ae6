//! Admin consent: the address to open, and the answer that came back.

use serde::Serialize;

use crate::{
    connector::{
        Cloud, Profile,
        consent::{Address, Answer, Parts, Verdict},
        error_code::Advice,
    },
    report::{
        json_v1::render,
        text::{clean, field},
    },
};

#[derive(Serialize)]
struct AddressDocument<'a> {
    schema: &'static str,
    connector: &'a str,
    url: &'a str,
    cloud: &'static str,
    host: &'static str,
    tenant_id: &'a str,
    client_id: &'a str,
    scope: Option<&'a str>,
    state: Option<&'a str>,
    redirect_uri: &'a str,
    warnings: &'a [String],
}

/// `certkit.connector-consent-url/1`
#[must_use]
pub fn address_json(profile: &Profile, cloud: Cloud, address: &Address) -> String {
    let Address { url, parts, warnings } = address;
    let Parts { host, tenant, client_id, scope, state, redirect_uri } = parts;
    let document = AddressDocument {
        schema: "certkit.connector-consent-url/1",
        connector: profile.id.as_str(),
        url,
        cloud: cloud.word(),
        host,
        tenant_id: tenant,
        client_id: client_id.as_str(),
        scope: scope.as_deref(),
        state: state.as_deref(),
        redirect_uri,
        warnings,
    };
    render(&document, true)
}

#[derive(Serialize)]
struct AnswerDocument<'a> {
    schema: &'static str,
    verdict: &'static str,
    tenant_id: Option<String>,
    state: Option<&'a str>,
    scope: Option<&'a str>,
    error: Option<&'a str>,
    error_description: Option<&'a str>,
    error_code: Option<u32>,
    meaning: Option<&'a str>,
    remedy: Option<&'a str>,
    differences: &'a [String],
    warnings: &'a [String],
}

/// `certkit.connector-consent-result/1`
#[must_use]
pub fn answer_json(answer: &Answer) -> String {
    let Answer { verdict, tenant, state, scope, error, description, code, advice, differences, warnings } =
        answer;
    let document = AnswerDocument {
        schema: "certkit.connector-consent-result/1",
        verdict: match verdict {
            Verdict::Granted => "granted",
            Verdict::Refused => "refused",
            Verdict::Unexpected => "unexpected",
        },
        tenant_id: tenant.map(|tenant| tenant.to_string()),
        state: state.as_deref(),
        scope: scope.as_deref(),
        error: error.as_deref(),
        error_description: description.as_deref(),
        error_code: *code,
        meaning: advice.as_ref().map(|advice| advice.meaning.as_str()),
        remedy: advice.as_ref().map(|advice| advice.remedy.as_str()),
        differences,
        warnings,
    };
    render(&document, true)
}

/// The answer for a terminal.
#[must_use]
pub fn answer_text(answer: &Answer) -> String {
    let mut text = String::new();
    let mut say = |name: &str, value: &str| field(&mut text, 0, name, &clean(value));
    say(
        "consent",
        match answer.verdict {
            Verdict::Granted => "granted",
            Verdict::Refused => "NOT granted",
            Verdict::Unexpected => "granted, but NOT AS EXPECTED",
        },
    );
    answer.differences.iter().for_each(|difference| say("differs", difference));
    if let Some(tenant) = answer.tenant {
        say("tenant", &format!("{tenant} (as the address says: no proof of who consented)"));
    }
    let rest = [
        ("state", &answer.state),
        ("scope", &answer.scope),
        ("error", &answer.error),
        ("Entra says", &answer.description),
    ];
    for (name, value) in rest {
        value.iter().for_each(|value| say(name, value));
    }
    if let Some(Advice { meaning, remedy }) = &answer.advice {
        say("meaning", meaning);
        say("what to do", remedy);
    }
    text
}
