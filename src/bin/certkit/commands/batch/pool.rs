//! Work on several threads, with the results on one.

use std::{
    io,
    ops::ControlFlow,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

/// Runs `work` on every item, on at most `threads` threads; items are begun in order. `done` is called
/// on this thread with each result, and may break: then no further item is begun, and neither is one
/// once `stopped` says so. What is in hand is finished and handed to `done` all the same.
///
/// # Errors
/// Where the system has not even one thread to give.
pub(super) fn each<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    stopped: impl Fn() -> bool + Sync,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(R) -> ControlFlow<()>,
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let worker = |results: mpsc::Sender<R>| {
        while !stopped() {
            let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            if results.send(work(item)).is_err() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        let (sender, results) = mpsc::channel();
        for thread in 0..threads.clamp(1, items.len().max(1)) {
            let (worker, sender) = (&worker, sender.clone());
            match thread::Builder::new().spawn_scoped(scope, move || worker(sender)) {
                Err(error) if thread == 0 => return Err(error),
                // Those that there are do all of it.
                Err(_) => break,
                Ok(_) => {}
            }
        }
        drop(sender);
        for result in results {
            if done(result).is_break() {
                next.store(items.len(), Ordering::Relaxed);
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const GO_ON: ControlFlow<()> = ControlFlow::Continue(());

    #[test]
    fn all_items_are_done_once() {
        let items: Vec<usize> = (0..500).collect();
        for threads in [1, 2, 7, 1000] {
            let mut results = Vec::new();
            let done = |twice| {
                results.push(twice);
                GO_ON
            };
            each(&items, threads, || false, |item| item * 2, done).expect("threads");
            results.sort_unstable();
            assert_eq!(results, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
        each(&[(); 0], 4, || false, |()| (), |()| GO_ON).expect("threads");
    }

    #[test]
    fn what_was_begun_is_told_however_it_ends() {
        let items = [(); 500];
        for threads in [1, 3] {
            let (begun, mut told) = (AtomicUsize::new(0), 0);
            let work = |_: &()| begun.fetch_add(1, Ordering::SeqCst);
            let done = |_| {
                told += 1;
                GO_ON
            };
            each(&items, threads, || begun.load(Ordering::SeqCst) >= 10, work, done).expect("threads");
            assert_eq!(told, begun.into_inner());
            assert!((10..10 + threads).contains(&told), "{told}");

            let (begun, mut told) = (AtomicUsize::new(0), 0);
            let work = |_: &()| {
                begun.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(2));
            };
            let done = |()| {
                told += 1;
                if told < 5 { GO_ON } else { ControlFlow::Break(()) }
            };
            each(&items, threads, || false, work, done).expect("threads");
            assert_eq!(told, begun.into_inner());
            assert!((5..100).contains(&told), "{told}");
        }
    }
}
