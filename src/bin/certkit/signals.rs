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
    use std::{
        io,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
    };

    use signal_hook::{
        SigId,
        consts::{SIGHUP, SIGINT, SIGTERM},
        flag, low_level,
    };

    /// Keeps signals that would end the process, until it ends.
    pub(crate) struct Watch([(i32, Arc<AtomicBool>, io::Result<SigId>); 3]);

    impl Watch {
        pub(crate) fn new() -> Self {
            Self([SIGHUP, SIGINT, SIGTERM].map(|signal| {
                let came = Arc::new(AtomicBool::new(false));
                let handler = flag::register(signal, Arc::clone(&came));
                (signal, came, handler)
            }))
        }

        /// The signal that came, the strongest of several.
        pub(crate) fn came(&self) -> Option<i32> {
            self.0.iter().rev().find(|(_, came, _)| came.load(Ordering::SeqCst)).map(|(signal, ..)| *signal)
        }

        /// Ends the process the way a signal that came would have.
        pub(crate) fn end(self) {
            let came = self.came();
            for (_, _, handler) in self.0 {
                handler.ok().map(low_level::unregister);
            }
            if let Some(signal) = came {
                let _ = low_level::emulate_default_handler(signal);
            }
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
