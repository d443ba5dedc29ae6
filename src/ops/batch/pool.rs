//! Work on several threads, with the results in one place.

use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use crate::error::{Error, Result};

/// Does `work` on every item on up to `jobs` threads, in order as far as there are several of them, and
/// hands each result to `done` on this one. No further item is begun once `done` says no or `stopped`
/// says so; those in hand are finished. How many were begun.
///
/// # Errors
/// [`Error::Internal`] where the system has not even one thread to give.
pub fn each<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    stopped: impl Fn() -> bool + Sync,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(&T, R) -> bool,
) -> Result<usize> {
    let next = AtomicUsize::new(0);
    let worker = |results: mpsc::Sender<(usize, R)>| {
        while !stopped() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            // Where nobody listens any more, what is in hand was the last.
            if results.send((index, work(item))).is_err() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        let (sender, results) = mpsc::channel();
        let jobs = jobs.clamp(1, items.len().max(1));
        for job in 0..jobs {
            let (worker, sender) = (&worker, sender.clone());
            if let Err(error) = thread::Builder::new().spawn_scoped(scope, move || worker(sender))
                && job == 0
            {
                return Err(Error::Internal(format!("no thread could be started: {error}")));
            }
        }
        drop(sender);
        let (mut begun, mut go_on) = (0, true);
        for (index, result) in results {
            begun += 1;
            if go_on && !done(&items[index], result) {
                go_on = false;
                next.store(items.len(), Ordering::Relaxed);
            }
        }
        Ok(begun)
    })
}
