//! Interrupts that must not come in the middle of something.

/// Runs `work`; a signal that would end the process (^C, termination, a closed terminal) takes
/// effect behind it.
#[cfg(unix)]
pub(crate) fn held<T>(work: impl FnOnce() -> T) -> T {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        flag, low_level,
    };

    let held: Vec<_> = [SIGHUP, SIGINT, SIGTERM]
        .into_iter()
        .map(|signal| {
            let came = Arc::new(AtomicBool::new(false));
            let handler = flag::register(signal, Arc::clone(&came));
            (signal, came, handler)
        })
        .collect();
    let result = work();
    let mut ends = None;
    for (signal, came, handler) in held {
        if let Ok(handler) = handler {
            low_level::unregister(handler);
        }
        if came.load(Ordering::SeqCst) {
            ends = Some(signal);
        }
    }
    if let Some(signal) = ends {
        // Ends the process the way the signal would have.
        let _ = low_level::emulate_default_handler(signal);
    }
    result
}

/// Elsewhere an interrupt ends the process at once.
#[cfg(not(unix))]
pub(crate) fn held<T>(work: impl FnOnce() -> T) -> T {
    work()
}
