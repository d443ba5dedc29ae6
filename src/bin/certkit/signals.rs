//! Interrupts that must not come in the middle of something.

/// Runs `work`; a signal that would end the process (^C, termination, a closed terminal) takes
/// effect behind it.
pub(crate) fn held<T>(work: impl FnOnce() -> T) -> T {
    let watch = Watch::new();
    let result = work();
    watch.end();
    result
}

pub(crate) use watch::Watch;

#[cfg(unix)]
mod watch {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use signal_hook::{
        SigId,
        consts::{SIGHUP, SIGINT, SIGTERM},
        flag, low_level,
    };

    /// Keeps signals that would end the process, until it is dropped.
    pub(crate) struct Watch(Vec<Watched>);

    struct Watched {
        signal: i32,
        came: Arc<AtomicBool>,
        handler: SigId,
    }

    impl Watch {
        /// Signals that the caller has set to be ignored stay so: that is what `nohup` is for.
        pub(crate) fn new() -> Self {
            let signals = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
            Self(
                signals
                    .filter_map(|signal| {
                        let came = Arc::new(AtomicBool::new(false));
                        let handler = flag::register(signal, Arc::clone(&came)).ok()?;
                        Some(Watched { signal, came, handler })
                    })
                    .collect(),
            )
        }

        /// The signal that came, if one did.
        pub(crate) fn came(&self) -> Option<i32> {
            self.0
                .iter()
                .rev()
                .find(|watched| watched.came.load(Ordering::SeqCst))
                .map(|watched| watched.signal)
        }

        /// Ends the process the way a signal that came would have.
        pub(crate) fn end(self) {
            let came = self.came();
            drop(self);
            if let Some(signal) = came {
                let _ = low_level::emulate_default_handler(signal);
            }
        }
    }

    impl Drop for Watch {
        fn drop(&mut self) {
            for watched in &self.0 {
                low_level::unregister(watched.handler);
            }
        }
    }

    /// Whether the caller has set a signal to be ignored. Linux tells; elsewhere a hangup is taken for
    /// ignored, so that `nohup` works there too.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        match mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) {
            Some(mask) => mask >> (signal - 1) & 1 == 1,
            None => signal == SIGHUP,
        }
    }
}

#[cfg(not(unix))]
mod watch {
    /// Elsewhere an interrupt ends the process at once.
    pub(crate) struct Watch;

    impl Watch {
        pub(crate) fn new() -> Self {
            Self
        }

        pub(crate) fn came(&self) -> Option<i32> {
            None
        }

        pub(crate) fn end(self) {}
    }
}
