//! For a terminal. Nothing of a profile reaches it uncleaned.

use super::{MIND, WHO, goes_on, notes, other_name, reasons};
use crate::{
    connector::{
        Profile,
        procedure::{Part, Procedure, Step, Value},
        profile::{Api, Kind, Permission, Role},
    },
    report::{connector::wrapped::Page, text::clean},
};

/// A procedure, step by step. Commands and values are never broken: they are to be copied.
#[must_use]
pub fn text(procedure: &Procedure<'_>, width: usize) -> String {
    let mut page = Page::new(width);
    page.head(procedure.profile);
    for (index, step) in procedure.steps.iter().enumerate() {
        page.step(index + 1, step);
    }
    for notes in notes(procedure) {
        page.list(notes.title, &notes.lines);
    }
    page.text
}

impl Page {
    fn head(&mut self, profile: &Profile) {
        let underline = "=".repeat(profile.name.chars().count().min(self.width));
        self.wrapped("", 0, &profile.name);
        self.line(0, &underline);
        self.wrapped("", 0, &profile.summary);
        self.line(0, "");
        let source = &profile.source;
        self.wrapped("Vendor's page  ", 15, &format!("{}: {}", profile.vendor, source.page));
        if let Some(url) = &source.url {
            self.line(15, url.as_str());
        }
        self.line(15, &format!("read on {}", source.read));
        self.line(0, &format!("Profile        {}", profile.id));
    }

    fn step(&mut self, number: usize, step: &Step<'_>) {
        let title = format!("{number}. {}", clean(&step.title));
        self.line(0, "");
        self.line(0, &title);
        self.line(0, &"-".repeat(title.chars().count().min(self.width)));
        if let Some(who) = &step.who {
            let first = format!("   {WHO}: ");
            self.wrapped(&first, first.len(), who);
        }
        // The actions of a step are counted through, whatever stands between them.
        let mut actions = 0;
        let mut before = None;
        for part in &step.parts {
            if !goes_on(part, before) && (before.is_some() || step.who.is_some()) {
                self.line(0, "");
            }
            before = Some(part);
            self.part(part, step, &mut actions);
        }
    }

    fn part(&mut self, part: &Part<'_>, step: &Step<'_>, actions: &mut usize) {
        match part {
            Part::Command(command) => self.line(6, &clean(command)),
            Part::Do(list) => {
                for action in list {
                    *actions += 1;
                    self.wrapped(&format!("   {actions}) "), 3 + actions.to_string().len() + 2, action);
                }
            }
            Part::Permissions { api, kind, rows } => self.permissions(api, *kind, rows),
            Part::Roles(roles) => self.roles(roles),
            Part::Say(text) => self.wrapped("   ", 3, text),
            Part::Value { name, value, note } => {
                let widest = names(step).map(|name| name.chars().count()).max().unwrap_or(0);
                self.value(&format!("      {:widest$}  ", clean(name)), value, note.as_deref());
            }
            Part::Warning(text) => {
                let first = format!("   {MIND}: ");
                self.wrapped(&first, first.len(), text);
            }
        }
    }

    fn value(&mut self, first: &str, value: &Value, note: Option<&str>) {
        let indent = first.chars().count();
        match value {
            Value::Known(known) => self.line(0, &format!("{first}{}", clean(known))),
            Value::Missing(place) => self.wrapped(&format!("{first}<"), indent + 1, &format!("{place}>")),
        }
        if let Some(note) = note {
            self.wrapped(&format!("{:indent$}(", ""), indent + 1, &format!("{note})"));
        }
    }

    fn permissions(&mut self, api: &Api, kind: Kind, rows: &[&Permission]) {
        self.wrapped("      ", 6, &format!("{} > {}", api.tile, kind.in_portal()));
        let called = api.page_name.as_ref().map(|name| format!("; {}", other_name(name))).unwrap_or_default();
        self.wrapped("      ", 6, &format!("API {}{called}", api.id));
        if let Some(note) = &api.note {
            self.wrapped("      ", 6, note);
        }
        self.line(0, "");
        let rows = rows.iter().map(|row| Row {
            name: &row.value,
            id: row.id.to_string(),
            why: reasons(row),
            note: row.note.as_deref(),
        });
        self.rows(&rows.collect::<Vec<_>>());
    }

    fn roles(&mut self, roles: &[Role]) {
        let rows = roles.iter().map(|role| Row {
            name: &role.name,
            id: role.id.to_string(),
            why: role.why.to_string(),
            note: role.note.as_deref(),
        });
        self.rows(&rows.collect::<Vec<_>>());
    }

    /// A table: name, id and reason side by side where the reason has room, else the reason below.
    fn rows(&mut self, rows: &[Row<'_>]) {
        const INDENT: usize = 6;
        const ENOUGH: usize = 24;
        let widest = rows.iter().map(|row| clean(row.name).chars().count()).max().unwrap_or(0);
        let beside = INDENT + widest + 2 + 36 + 2;
        for row in rows {
            let first = format!("{:INDENT$}{:widest$}  {}", "", clean(row.name), row.id);
            let why = match row.note {
                Some(note) => format!("{} ({note})", row.why),
                None => row.why.clone(),
            };
            if beside + ENOUGH <= self.width {
                self.wrapped(&format!("{first}  "), beside, &why);
            } else if first.chars().count() <= self.width {
                self.line(0, &first);
                self.wrapped(&" ".repeat(INDENT + 2), INDENT + 2, &why);
            } else {
                self.line(INDENT, &clean(row.name));
                self.line(INDENT + 2, &row.id);
                self.wrapped(&" ".repeat(INDENT + 2), INDENT + 2, &why);
            }
        }
    }

    fn list(&mut self, title: &str, lines: &[&str]) {
        self.line(0, "");
        self.line(0, title);
        self.line(0, &"-".repeat(title.chars().count()));
        for line in lines {
            self.wrapped(" - ", 3, line);
        }
    }
}

/// One row of a table.
struct Row<'a> {
    name: &'a str,
    id: String,
    why: String,
    note: Option<&'a str>,
}

/// The names of a step's values.
fn names<'a>(step: &'a Step<'_>) -> impl Iterator<Item = &'a str> {
    step.parts.iter().filter_map(|part| match part {
        Part::Value { name, .. } => Some(name.as_str()),
        _ => None,
    })
}
