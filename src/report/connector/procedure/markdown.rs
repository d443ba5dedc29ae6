//! As Markdown: CommonMark with GitHub's tables and check boxes. What a profile says is text
//! wherever it stands, never markup, a link or HTML.

use std::fmt::Write;

use super::{MIND, Notes, WHO, goes_on, notes, other_name, reasons};
use crate::{
    connector::{
        Profile,
        line::Line,
        procedure::{Part, Procedure, Step, Value},
        profile::{Api, Kind, Permission, Role},
    },
    report::text::clean,
};

/// A procedure, as a check list.
#[must_use]
pub fn markdown(procedure: &Procedure<'_>) -> String {
    let mut page = head(procedure.profile);
    for (index, step) in procedure.steps.iter().enumerate() {
        page.push_str(&format!("\n## {}. {}\n", index + 1, inline(&step.title)));
        page.push_str(&body(step));
    }
    notes(procedure).iter().for_each(|notes| page.push_str(&list(notes)));
    page
}

fn head(profile: &Profile) -> String {
    let source = &profile.source;
    let mut head = format!("# {}\n\n{}\n\n", inline(&profile.name), block(&profile.summary));
    line(&mut head, &format!("- Vendor: {}", inline(&profile.vendor)));
    line(&mut head, &format!("- Vendor's page: {}, read on {}", inline(&source.page), source.read));
    if let Some(url) = &source.url {
        line(&mut head, &format!("- Address: <{url}>"));
    }
    line(&mut head, &format!("- Profile: {}", code(profile.id.as_str())));
    head
}

/// What stands under a step's heading.
fn body(step: &Step<'_>) -> String {
    let mut body = String::new();
    if let Some(who) = &step.who {
        body.push_str(&format!("\n{WHO}: {}\n", inline(who)));
    }
    let mut before = None;
    for part in &step.parts {
        if !goes_on(part, before) {
            body.push('\n');
        }
        before = Some(part);
        write_part(&mut body, part);
    }
    body
}

fn write_part(body: &mut String, part: &Part<'_>) {
    match part {
        Part::Command(command) => body.push_str(&fenced(command)),
        Part::Do(actions) => {
            actions.iter().for_each(|action| line(body, &format!("- [ ] {}", block(action))));
        }
        Part::Permissions { api, kind, rows } => body.push_str(&permissions(api, *kind, rows)),
        Part::Roles(roles) => body.push_str(&role_table(roles)),
        Part::Say(text) => line(body, &block(text)),
        Part::Value { name, value, note } => {
            let held = match value {
                Value::Known(known) => code(known),
                Value::Missing(place) => format!("*{}*", inline(place)),
            };
            let note = note.as_ref().map(|note| format!(" ({})", inline(note))).unwrap_or_default();
            // Another kind of list item than the check boxes: the two never run into one list.
            line(body, &format!("* {}: {held}{note}", block(name)));
        }
        Part::Warning(text) => line(body, &format!("> **{MIND}:** {}", inline(text))),
    }
}

fn permissions(api: &Api, kind: Kind, rows: &[&Permission]) -> String {
    let mut text = format!("**{}** > {}, API {}", inline(&api.tile), kind.in_portal(), code(api.id.as_str()));
    if let Some(name) = &api.page_name {
        let _ = write!(text, "; {}", inline(&other_name(name)));
    }
    if let Some(note) = &api.note {
        let _ = write!(text, ". {}", inline(note));
    }
    text.push_str("\n\n| permission | what for | id |\n|---|---|---|\n");
    for row in rows {
        text.push_str(&table_row(&row.value, &reasons(row), row.id.as_str(), row.note.as_ref()));
    }
    text
}

fn role_table(roles: &[Role]) -> String {
    let mut text = "| role | what for | id |\n|---|---|---|\n".to_owned();
    for role in roles {
        text.push_str(&table_row(&role.name, &role.why, role.id.as_str(), role.note.as_ref()));
    }
    text
}

fn table_row(name: &str, why: &str, id: &str, note: Option<&Line>) -> String {
    let note = note.map(|note| format!(" ({})", inline(note))).unwrap_or_default();
    format!("| {} | {}{note} | {} |\n", code(name), inline(why), code(id))
}

fn list(notes: &Notes<'_>) -> String {
    let mut text = format!("\n## {}\n\n", notes.title);
    notes.lines.iter().for_each(|item| line(&mut text, &format!("- {}", block(item))));
    text
}

fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

/// Text at the beginning of a block, where a list, a heading or a rule could begin.
fn block(text: &str) -> String {
    let text = inline(text);
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let behind = &text[digits..];
    if digits > 0 && behind.starts_with(['.', ')']) {
        format!("{}\\{behind}", &text[..digits])
    } else if text.starts_with(['-', '+', '=']) {
        format!("\\{text}")
    } else {
        text
    }
}

/// Text within a line. Addresses become code: else a reader that looks for them would make links.
fn inline(text: &str) -> String {
    let text = clean(text);
    let words = text.split_whitespace().map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let is_address = bare.contains("://") || bare.contains('@') || bare.to_lowercase().contains("www.");
        match word.split_once(bare).filter(|_| is_address) {
            Some((before, after)) => format!("{}{}{}", escaped(before), code(bare), escaped(after)),
            None => escaped(word),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// One word with a backslash before everything that Markdown, its tables or mathematics on GitHub
/// would read as markup (CommonMark 0.31 section 2.4).
fn escaped(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    let mut before = ' ';
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        // Within a word an underscore means nothing.
        let inside = before.is_alphanumeric() && rest.peek().is_some_and(|after| after.is_alphanumeric());
        match c {
            // No parser of tables takes this for the end of a cell.
            '|' => text.push_str("&#124;"),
            // The addresses that are not code.
            ':' if rest.peek() == Some(&'/') => text.push_str("&#58;"),
            '_' if inside => text.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '~' | '$' | '@' => {
                text.extend(['\\', c]);
            }
            c => text.push(c),
        }
        before = c;
    }
    text
}

/// A word or value as code, to be copied; as plain text where a cell of a table could not hold it.
fn code(text: &str) -> String {
    let text = clean(text);
    let text = text.trim();
    if text.is_empty() || text.contains('|') {
        return escaped(text);
    }
    let fence = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// How many backticks stand together at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A command in a block of its own, whose fence is longer than any within.
fn fenced(command: &str) -> String {
    let command = clean(command);
    let fence = "`".repeat(longest_run(&command).max(2) + 1);
    format!("{fence}sh\n{command}\n{fence}\n")
}
