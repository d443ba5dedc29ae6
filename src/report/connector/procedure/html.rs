//! For a browser: one page that needs nothing else, to be followed with the portal beside it.
//!
//! Its policy lets no request out and runs no script but its own, which is named by its hash. What a
//! profile says is text wherever it stands: askama escapes it.

use askama::Template;

use super::{MIND, Notes, WHO, notes, other_name, reasons};
use crate::{
    connector::{
        Cloud, Profile, WebAddress,
        procedure::{Part, Procedure, Step, Value},
    },
    report::page,
};

const STYLE: &str =
    concat!(include_str!("../../templates/page.css"), include_str!("templates/procedure.css"));
const SCRIPT: &str = include_str!("templates/procedure.js");

/// A procedure, as one HTML page.
#[must_use]
pub fn html(procedure: &Procedure<'_>) -> String {
    let profile = procedure.profile;
    let client_id = procedure.client_id.map(|id| id.to_string());
    let steps: Vec<Shown<'_>> = procedure.steps.iter().map(Shown::of).collect();
    let page = Page {
        profile,
        // Two apps for one connector are ticked off apart from each other.
        key: format!("certkit/{}/{}", profile.id, client_id.as_deref().unwrap_or("-")),
        client_id,
        total: steps.iter().flat_map(|shown| &shown.parts).map(|part| part.actions.len()).sum(),
        steps,
        notes: notes(procedure),
        policy: page::policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
    };
    page::rendered(&page)
}

#[derive(Template)]
#[template(path = "procedure.html")]
struct Page<'a> {
    profile: &'a Profile,
    key: String,
    client_id: Option<String>,
    total: usize,
    steps: Vec<Shown<'a>>,
    notes: Vec<Notes<'a>>,
    policy: String,
    style: &'static str,
    script: &'static str,
}

/// A step with what the page adds to it.
struct Shown<'a> {
    step: &'a Step<'a>,
    parts: Vec<ShownPart<'a>>,
}

struct ShownPart<'a> {
    part: &'a Part<'a>,
    actions: Vec<Action>,
    /// What the vendor calls the API, where it is another name.
    called: Option<String>,
    /// Whether the value is an address of Microsoft's, to be opened from here.
    opens: bool,
}

/// Something to tick off.
struct Action {
    /// Under which the tick is kept.
    id: String,
    pieces: Vec<Piece>,
}

enum Piece {
    Text(String),
    Link(String),
}

impl<'a> Shown<'a> {
    fn of(step: &'a Step<'a>) -> Self {
        let mut number = 0;
        let parts = step.parts.iter().map(|part| ShownPart {
            part,
            actions: match part {
                Part::Do(actions) => {
                    let action = |text: &String| {
                        number += 1;
                        Action { id: format!("{}-{number}", step.id), pieces: pieces(text) }
                    };
                    actions.iter().map(action).collect()
                }
                _ => Vec::new(),
            },
            called: match part {
                Part::Permissions { api, .. } => api.page_name.as_ref().map(|name| other_name(name)),
                _ => None,
            },
            opens: matches!(part, Part::Value { value: Value::Known(text), .. } if is_microsoft(text)),
        });
        Self { step, parts: parts.collect() }
    }
}

/// Text with the addresses of Microsoft's portals as links; any other address stays text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece::Text(String::new())];
    for word in text.split_inclusive(' ') {
        let address = word.trim_end_matches([' ', ',', '.', ';', ':']);
        if is_microsoft(address) {
            pieces.push(Piece::Link(address.to_owned()));
            pieces.push(Piece::Text(word[address.len()..].to_owned()));
        } else if let Some(Piece::Text(last)) = pieces.last_mut() {
            last.push_str(word);
        }
    }
    pieces
}

/// Whether this is an address at a portal or a sign-in host of a cloud.
fn is_microsoft(text: &str) -> bool {
    WebAddress::parse(text).is_ok_and(|address| {
        Cloud::ALL.iter().any(|(_, cloud)| [cloud.portal(), cloud.authority()].contains(&address.host()))
    })
}
