//! What a scan found, to where it belongs: lines as they come, all else when it is through.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use certkit::{
    finding::Finding,
    ops::scan::{Gathering, Options},
    output::{
        plan::{Plan, PlannedFile, Purpose},
        write,
    },
    report::scan::{
        Scan, Thing, json_lines,
        table::{self, Line, Tone},
    },
    secret::SecretBytes,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{
    Arguments,
    looker::{Looker, Shared},
};
use crate::{
    context::Context,
    deliver,
    failure::Failure,
    options::{Format, Target},
    password::Ring,
    signals,
};

/// Scans, and writes what was found.
pub(super) fn scan(
    arguments: &Arguments,
    passwords: &Ring,
    options: &Options,
    context: &Context,
) -> Result<Scan, Failure> {
    let bar = if context.is_json() { ProgressBar::hidden() } else { bar() };
    let shared = Shared { options, passwords, bar: &bar, gathered: Mutex::default() };
    let mut sink =
        Sink { target: &arguments.target, inputs: arguments.named_files(), context, kept: String::new() };
    thread::scope(|scope| {
        // A few chunks only: where they are printed slowly, the threads wait.
        let (sender, lines) = mpsc::sync_channel(16);
        let (walk, shared, as_lines) = (arguments.walk(), &shared, context.is_json());
        scope.spawn(move || walk.run(|| Looker::new(shared, as_lines.then(|| sender.clone()))));
        sink.print_all(lines)
    })?;
    bar.finish_and_clear();
    let gathered: Gathering = shared.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    let paths = arguments.paths.iter().map(|path| path.display().to_string()).collect();
    let (scan, of_all) = gathered.finish(paths, options);
    sink.finish(&scan, &of_all)?;
    if !context.is_json() {
        tell(&scan, context);
    }
    Ok(scan)
}

/// Where the scan goes.
struct Sink<'a> {
    target: &'a Target,
    /// What was named and read.
    inputs: Vec<PathBuf>,
    context: &'a Context,
    /// Lines for a file, which appears when it is whole.
    kept: String,
}

impl Sink<'_> {
    fn is_stdout(&self) -> bool {
        self.target.output == Path::new("-")
    }

    /// Prints lines until no more come.
    fn print_all(&mut self, lines: Receiver<String>) -> Result<(), Failure> {
        lines.into_iter().try_for_each(|chunk| self.print(&chunk))
    }

    fn print(&mut self, text: &str) -> Result<(), Failure> {
        if self.is_stdout() {
            return self.context.print(text);
        }
        self.kept.push_str(text);
        Ok(())
    }

    /// Prints what could not be printed before all of it was there.
    fn finish(mut self, scan: &Scan, of_all: &[Finding]) -> Result<(), Failure> {
        let paints = self.is_stdout() && AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let text = match self.context.format {
            Format::Json => {
                let lines = of_all.iter().map(json_lines::finding).chain([json_lines::summary(scan)]);
                lines.collect()
            }
            _ => text(&table::table(scan, self.context.width()), paints),
        };
        self.print(&text)?;
        if self.is_stdout() { Ok(()) } else { self.write(scan) }
    }

    fn write(self, scan: &Scan) -> Result<(), Failure> {
        let Target { output, force } = self.target;
        let file = PlannedFile {
            path: output.clone(),
            contents: SecretBytes::new(self.kept.into_bytes()),
            purpose: Purpose::Report,
            // Its octets are compared by the writer; nothing in it has to hold together.
            proof: Box::new(|_| Ok(())),
        };
        let plan = Plan { files: vec![file], folder: None };
        let found = scan.sightings.iter().map(|one| PathBuf::from(&*one.file));
        let mut inputs: Vec<PathBuf> = self.inputs.into_iter().chain(found).collect();
        inputs.dedup();
        signals::held(|| write::write(&plan, &inputs, deliver::existing(*force)))?;
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
fn tell(scan: &Scan, context: &Context) {
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

/// How far it is, on standard error; it hides itself where that is no terminal.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} files, {per_sec}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
}
