//! What is told of the rows as they are finished: a line each on standard output, a bar and words on
//! standard error.

use std::{
    collections::HashSet,
    fmt::Write,
    io::{self, IsTerminal},
    ops::ControlFlow,
};

use certkit::report::batch::{self as rendered, Outcome, Tally};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::Mode;
use crate::{
    context::Context,
    failure::{Failure, say_in_text, with_file},
};

/// Tells of the rows, and counts them.
pub(super) struct Reporter<'a> {
    context: &'a Context,
    mode: Mode,
    /// Whether standard output is for a program.
    for_program: bool,
    bar: ProgressBar,
    tally: Tally,
    /// Warnings and notes that were told: a list has the same ones on every row.
    told: HashSet<String>,
    /// Why no more results can be written to standard output.
    stdout_failure: Option<Failure>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(rows: usize, mode: Mode, context: &'a Context) -> Self {
        let for_program = context.is_json() || !io::stdout().is_terminal();
        let bar = if context.is_json() { ProgressBar::hidden() } else { bar(rows) };
        let (tally, told) = (Tally::of(rows), HashSet::new());
        Self { context, mode, for_program, bar, tally, told, stdout_failure: None }
    }

    /// Tells of one row. Breaks where its line could not be written, for the caller goes by these lines;
    /// not where nobody reads them any more: nobody has asked for fewer credentials.
    pub(super) fn record(&mut self, outcome: &Outcome) -> ControlFlow<()> {
        self.tally.count(&outcome.fate);
        self.bar.clone().suspend(|| {
            if self.stdout_failure.is_none() {
                self.stdout_failure = self.print(outcome).err();
            }
            if !self.context.is_json() {
                self.tell(outcome);
            }
        });
        self.bar.inc(1);
        match self.stdout_failure {
            None | Some(Failure::ClosedPipe) => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        }
    }

    fn print(&self, outcome: &Outcome) -> Result<(), Failure> {
        let render = if self.for_program { rendered::json } else { rendered::text };
        self.context.print(&render(outcome))
    }

    /// What a person is told of one row.
    fn tell(&mut self, outcome: &Outcome) {
        match outcome.fate.written() {
            Ok(written) => {
                let Self { told, context, .. } = self;
                let mut is_new = |sentence: &&String| told.insert((*sentence).clone());
                written.warnings.iter().filter(&mut is_new).for_each(|warning| context.warn(warning));
                written.notes.iter().filter(&mut is_new).for_each(|note| context.note(note));
            }
            Err(error) => {
                let place = format!("line {}, {}", outcome.line, outcome.name);
                say_in_text(&place, &with_file(error.file(), &error.to_string()), &[]);
            }
        }
    }

    /// What all of it came to; `signal` is one that came before the end.
    pub(super) fn finish(self, signal: Option<i32>) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        let tally = self.tally;
        if let Some(failure) = self.stdout_failure.filter(|failure| !matches!(failure, Failure::ClosedPipe)) {
            if !self.context.is_json() {
                self.context.note(&tally.to_string());
            }
            return Err(failure);
        }
        let hint = self.mode.rest().to_owned();
        if let Some(signal) = signal.filter(|_| tally.left > 0) {
            return Err(Failure::Interrupted { signal, tally, hint });
        }
        if !tally.is_good() {
            return Err(Failure::RowsFailed { tally, hint });
        }
        if !self.context.is_json() {
            self.context.note(&tally.to_string());
        }
        Ok(())
    }
}

/// How far it is, on standard error; it hides itself where that is no terminal.
fn bar(rows: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {human_pos} of {human_len}, {rate}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            // A bar that cannot be drawn is no reason to stop.
            let _ = write!(out, "{:.1} a second", state.per_sec());
        });
    ProgressBar::with_draw_target(Some(rows as u64), ProgressDrawTarget::stderr()).with_style(style)
}
