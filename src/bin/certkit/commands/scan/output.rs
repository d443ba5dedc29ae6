//! What a scan found, to where it belongs: lines as they come, all else when it is through.

use std::{
    io,
    path::{Path, PathBuf},
    sync::mpsc::Receiver,
};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use certkit::{
    finding::Finding,
    output::{
        plan::{Plan, PlannedFile, Purpose},
        write,
    },
    report::{
        json_v1::Cause,
        scan::{
            self as report, Nagios, Scan, Thing, json_lines,
            table::{self, Line, Tone},
        },
    },
    secret::SecretBytes,
    time::Instant,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    context::Context,
    deliver,
    failure::{Failure, with_file},
    options::{Format, Target},
    signals,
};

/// Where the scan goes.
pub(super) struct Sink<'a> {
    target: &'a Target,
    /// What was named and read.
    inputs: Vec<PathBuf>,
    context: &'a Context,
    /// Text for a file, which appears when it is whole.
    kept: String,
}

impl<'a> Sink<'a> {
    pub(super) fn new(target: &'a Target, inputs: Vec<PathBuf>, context: &'a Context) -> Self {
        Self { target, inputs, context, kept: String::new() }
    }

    fn is_stdout(&self) -> bool {
        self.target.output == Path::new("-")
    }

    /// Prints lines until no more come.
    pub(super) fn print_all(&mut self, lines: Receiver<String>) -> Result<(), Failure> {
        lines.into_iter().try_for_each(|chunk| self.print(&chunk))
    }

    fn print(&mut self, text: &str) -> Result<(), Failure> {
        if self.is_stdout() {
            return self.context.print(text);
        }
        self.kept.push_str(text);
        Ok(())
    }

    /// Prints what could not be printed before all of it was there: of JSON the findings that no file gave
    /// by itself, and the summary. The exit code, where the format has its own.
    pub(super) fn finish(
        mut self,
        scan: &Scan,
        of_all: &[Finding],
        critical: Option<Instant>,
    ) -> Result<Option<u8>, Failure> {
        let mut code = None;
        let text = match self.context.format {
            Format::Json => {
                let lines = of_all.iter().map(json_lines::finding).chain([json_lines::summary(scan)]);
                lines.collect()
            }
            Format::Html => report::html(scan),
            Format::Ics => report::ics(scan),
            Format::Nagios => {
                let Nagios { text, code: own } = report::nagios(scan, critical);
                code = Some(own);
                text
            }
            Format::Prometheus => report::prometheus(scan),
            _ => {
                let paints = self.is_stdout() && AutoStream::choice(&io::stdout()) != ColorChoice::Never;
                text(&table::table(scan, self.context.width()), paints)
            }
        };
        self.print(&text)?;
        if !self.is_stdout() {
            self.write()?;
        }
        Ok(code)
    }

    fn write(self) -> Result<(), Failure> {
        let Target { output, force } = self.target;
        let file = PlannedFile {
            path: output.clone(),
            contents: SecretBytes::new(self.kept.into_bytes()),
            purpose: Purpose::Report,
            // Its octets are compared by the writer; nothing in it has to hold together.
            proof: Box::new(|_| Ok(())),
        };
        let plan = Plan { files: vec![file], folder: None };
        signals::held(|| write::write(&plan, &self.inputs, deliver::existing(*force)))?;
        Ok(())
    }
}

/// The table as text, with colours where they can be seen.
fn text(lines: &[Line], paints: bool) -> String {
    let mut text = String::new();
    for line in lines {
        let style = if paints { style(line.tone) } else { Style::new() };
        text.push_str(&format!("{style}{}{style:#}\n", line.text));
    }
    text
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Soon => AnsiColor::Yellow.on_default(),
        Tone::Aside => Style::new().dimmed(),
    }
}

/// What a person should know who does not read all of the result.
pub(super) fn tell(scan: &Scan, context: &Context) {
    /// More of them are in the result.
    const MOST: usize = 10;
    for trouble in scan.troubles.iter().take(MOST) {
        context.warn(&format!("not looked into: {}: {}", trouble.path, trouble.reason));
    }
    if let Some(more) = scan.troubles.len().checked_sub(MOST).filter(|more| *more > 0) {
        context.warn(&format!("{more} more could not be looked into"));
    }
    let locked = scan.sightings.iter().filter(|one| matches!(one.thing, Thing::Locked { .. })).count();
    if locked > 0 {
        context.note(&format!(
            "{locked} locked: give their passwords with --password SOURCE or --passwords-from FILE"
        ));
    }
}

/// Says a failure as a plugin of Nagios does, which knows no other way to say one.
pub(super) fn unknown(failure: &Failure, context: &Context) -> Result<(), Failure> {
    let Cause { file, message, .. } = failure.cause();
    let Nagios { text, code } = report::unknown(&with_file(file.as_deref(), &message));
    context.print(&text)?;
    Err(Failure::Said(code))
}

/// How far it is, on standard error; it hides itself where that is no terminal.
pub(super) fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} files, {per_sec}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
}
