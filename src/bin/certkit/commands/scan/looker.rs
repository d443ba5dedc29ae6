//! What looks at the files of one thread.

use std::{
    fs, mem,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::SyncSender,
    },
    time::{Duration, Instant},
};

use certkit::{
    ops::scan::{self, File, Gathering, Looked, Options},
    report::scan::{Trouble, json_lines},
};
use indicatif::ProgressBar;

use super::reading::{Contents, Reader};
use crate::{password::Ring, walk::Visitor};

/// What the threads share.
pub(super) struct Shared<'a> {
    pub(super) options: &'a Options,
    pub(super) passwords: &'a Ring,
    pub(super) bar: &'a ProgressBar,
    /// What threads have gathered that are through.
    pub(super) gathered: Mutex<Gathering>,
    pub(super) target: Replaced,
}

/// The file that the result is to replace, if there is one: no file that something was found in.
#[derive(Default)]
pub(super) struct Replaced {
    /// Its real path, for names tell little: they may be links, or no text at all.
    place: Option<PathBuf>,
    is_input: AtomicBool,
}

impl Replaced {
    pub(super) fn new(target: &Path) -> Self {
        Self { place: fs::canonicalize(target).ok(), is_input: AtomicBool::new(false) }
    }

    /// Whether something was found in it. Then there is no result to put there.
    pub(super) fn is_input(&self) -> bool {
        self.is_input.load(Ordering::Relaxed)
    }

    /// Breaks where a file that something was found in is the one to be replaced.
    fn spare(&self, path: &Path) -> ControlFlow<()> {
        let is_at = |place: &PathBuf| fs::canonicalize(path).is_ok_and(|found| found == *place);
        if !self.place.as_ref().is_some_and(is_at) {
            return ControlFlow::Continue(());
        }
        self.is_input.store(true, Ordering::Relaxed);
        ControlFlow::Break(())
    }
}

/// Files that the bar is told of at a time, so that threads do not wait for it.
const STEP: u64 = 64;

/// So much text is handed on at once, or what there is after so much time.
const CHUNK: usize = 16 << 10;
const PATIENCE: Duration = Duration::from_millis(200);

/// Looks at files, gathers what they give, and hands it on as lines where it is asked to.
pub(super) struct Looker<'a> {
    shared: &'a Shared<'a>,
    reader: Reader,
    gathered: Gathering,
    untold: u64,
    lines: Option<Lines>,
}

/// Lines on their way to whoever prints them.
struct Lines {
    printer: SyncSender<String>,
    waiting: String,
    since: Instant,
}

impl<'a> Looker<'a> {
    pub(super) fn new(shared: &'a Shared<'a>, printer: Option<SyncSender<String>>) -> Self {
        let lines = printer.map(|printer| Lines { printer, waiting: String::new(), since: Instant::now() });
        Self { shared, reader: Reader::default(), gathered: Gathering::default(), untold: 0, lines }
    }

    /// Takes in what a file gave.
    fn take(&mut self, looked: Looked) -> ControlFlow<()> {
        let now = self.shared.options.now;
        let sent = self.lines.as_mut().map_or(ControlFlow::Continue(()), |lines| {
            looked.sightings.iter().for_each(|one| lines.waiting += &json_lines::sighting(one, now));
            looked.findings.iter().for_each(|one| lines.waiting += &json_lines::finding(one));
            looked.troubles.iter().for_each(|one| lines.waiting += &json_lines::trouble(one));
            lines.send_if_due()
        });
        self.gathered.add(looked);
        sent
    }

    fn tell_bar(&mut self) {
        self.shared.bar.inc(mem::take(&mut self.untold));
    }
}

impl Lines {
    /// Hands on what waits. Breaks where nobody prints any more.
    fn send(&mut self) -> ControlFlow<()> {
        self.since = Instant::now();
        match self.waiting.is_empty() || self.printer.send(mem::take(&mut self.waiting)).is_ok() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }

    fn send_if_due(&mut self) -> ControlFlow<()> {
        let due = self.waiting.len() >= CHUNK || self.since.elapsed() >= PATIENCE;
        if due { self.send() } else { ControlFlow::Continue(()) }
    }
}

impl Visitor for Looker<'_> {
    fn file(&mut self, path: &Path) -> ControlFlow<()> {
        self.gathered.files += 1;
        self.untold += 1;
        if self.untold >= STEP {
            self.tell_bar();
        }
        let name = path.to_string_lossy();
        let Shared { options, passwords, .. } = self.shared;
        let looked = match self.reader.read(path) {
            Ok(Contents::Nothing) => return ControlFlow::Continue(()),
            Ok(Contents::Whole { octets, exposed }) => {
                scan::look(&File { name: &name, octets, exposed }, || passwords.of(path), options)
            }
            Ok(Contents::TooLarge { head, size }) => {
                let troubles = scan::too_large(&name, head, size).into_iter().collect();
                Looked { troubles, ..Looked::default() }
            }
            Err(error) => {
                self.trouble(path, format!("cannot read it: {error}"));
                return self.shared.target.spare(path);
            }
        };
        if looked.is_empty() {
            return ControlFlow::Continue(());
        }
        self.reader.wipe();
        self.shared.target.spare(path)?;
        self.take(looked)
    }

    fn trouble(&mut self, path: &Path, reason: String) {
        let path = path.display().to_string();
        let looked = Looked { troubles: vec![Trouble { path, reason }], ..Looked::default() };
        // Whether anyone prints still is asked with the next file.
        let _ = self.take(looked);
    }
}

impl Drop for Looker<'_> {
    fn drop(&mut self) {
        self.tell_bar();
        if let Some(lines) = &mut self.lines {
            let _ = lines.send();
        }
        let mut all = self.shared.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        all.join(mem::take(&mut self.gathered));
    }
}
