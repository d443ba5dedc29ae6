//! The search for a number that passes the Fermat test: by the means that the processor has, and
//! by one thread or more.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{
    portable,
    sieve::{Limbs, Window},
};

/// How candidates are tested. Which it is changes the time only, never the key.
#[derive(Clone, Copy)]
pub(super) enum Screen {
    /// Four at a time.
    #[cfg(target_arch = "x86_64")]
    Lanes(fearless_simd::Avx2),
    /// One at a time.
    Portable,
    /// Whatever a test makes of a candidate.
    #[cfg(test)]
    Faulty(fn(&[u64]) -> bool),
}

impl Screen {
    /// The fastest that this processor can.
    pub(super) fn fastest() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = fearless_simd::Level::new().as_avx2() {
            return Self::Lanes(avx2);
        }
        Self::Portable
    }

    /// How many candidates are tested in one go.
    fn width(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Lanes(_) => super::lanes::LANES,
            Self::Portable => 1,
            #[cfg(test)]
            Self::Faulty(_) => 1,
        }
    }

    /// The first in the window from `position` on that passes, of as many as are tested in one go.
    fn first(self, window: &Window, position: usize) -> Option<usize> {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Lanes(avx2) => {
                // Beyond the end of the window the last candidate is tested again.
                let candidates: [Limbs; super::lanes::LANES] =
                    std::array::from_fn(|lane| window.candidate(position + lane));
                let passes = super::lanes::fermat(avx2, candidates.each_ref().map(|limbs| limbs.as_slice()));
                passes.iter().position(|passes| *passes)
            }
            Self::Portable => portable::fermat(&window.candidate(position)).then_some(0),
            #[cfg(test)]
            Self::Faulty(passes) => passes(&window.candidate(position)).then_some(0),
        }
        .map(|ahead| position + ahead)
    }
}

/// The search through one window, which any number of threads may share. It finds the first that
/// passes in the window's order, whichever thread comes upon it, so the threads change nothing
/// about the key.
pub(super) struct Search {
    window: Window,
    /// The first position that no thread has taken.
    next: AtomicUsize,
    /// The first position known to pass, the window's length while there is none.
    found: AtomicUsize,
}

impl Search {
    /// The search from the start of a window.
    pub(super) fn new(window: Window) -> Self {
        let found = AtomicUsize::new(window.len());
        Self { window, next: AtomicUsize::new(0), found }
    }

    /// Searches until something is found or all candidates are taken. Positions are taken in order,
    /// so when every thread is back, none before the one found is untested.
    fn run(&self, screen: Screen) {
        loop {
            let position = self.next.fetch_add(screen.width(), Ordering::Relaxed);
            if position >= self.found.load(Ordering::Relaxed) {
                return;
            }
            if let Some(found) = screen.first(&self.window, position) {
                self.found.fetch_min(found, Ordering::Relaxed);
            }
        }
    }

    /// What was found.
    pub(super) fn found(&self) -> Option<Limbs> {
        let position = self.found.load(Ordering::Relaxed);
        (position < self.window.len()).then(|| self.window.candidate(position))
    }

    /// Goes on behind what was found, which turned out to be no prime.
    pub(super) fn reject(&mut self) {
        *self.next.get_mut() = *self.found.get_mut() + 1;
        *self.found.get_mut() = self.window.len();
    }

    /// Where its window starts.
    #[cfg(test)]
    pub(super) fn start(&self) -> Limbs {
        self.window.start()
    }

    /// How many candidates were taken, the one found included.
    #[cfg(test)]
    pub(super) fn tested(&self) -> usize {
        self.found.load(Ordering::Relaxed) + 1
    }
}

/// Runs both searches to their end: one after the other, or on two threads, of which each takes one
/// search and then helps with the other.
pub(super) fn run([one, other]: [&Search; 2], screen: Screen, alone: bool) {
    beside(
        alone,
        || {
            one.run(screen);
            other.run(screen);
        },
        || {
            other.run(screen);
            one.run(screen);
        },
    );
}

/// Runs `helper` on a thread of its own beside `work`; before it, if it shall be `alone` or there is no
/// thread to be had.
pub(super) fn beside(alone: bool, work: impl FnOnce(), helper: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        let thread = || std::thread::Builder::new().spawn_scoped(scope, &helper);
        if alone || thread().is_err() {
            helper();
        }
        work();
    });
}
