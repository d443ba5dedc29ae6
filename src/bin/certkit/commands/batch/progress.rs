//! How far a batch is, for a person at a terminal.

use std::fmt::Write;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// A bar on standard error, which hides itself where that is no terminal.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(total: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:32} {human_pos} of {human_len}, {rate}, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
                // A bar that cannot be drawn is no reason to stop.
                let _ = write!(out, "{:.1} a second", state.per_sec());
            });
        Self(bar.with_style(style))
    }

    /// Says something else while the bar is out of the way.
    pub(super) fn beside<T>(&self, say: impl FnOnce() -> T) -> T {
        self.0.suspend(say)
    }

    pub(super) fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
