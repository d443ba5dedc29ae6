//! What a piece of work used: processor time, time on the clock, memory.
//!
//! The processor time of this process is counted by the kernel in nanoseconds, that of a child in
//! microseconds. It covers all threads, and grows little with what else the machine does, where the time
//! on the clock does.

use std::{
    io,
    mem::MaybeUninit,
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Command, ExitStatus},
    time::Instant,
};

/// What one piece of work used.
#[derive(Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Processor time of all threads, in milliseconds.
    pub(crate) cpu_ms: f64,
    /// Time on the clock, in milliseconds.
    pub(crate) wall_ms: f64,
    /// The most memory that a child held, in KiB; nothing for work in this process.
    pub(crate) peak_kib: u64,
}

impl Usage {
    /// Of this and of what was done after it.
    pub(crate) fn and(self, next: Self) -> Self {
        Self {
            cpu_ms: self.cpu_ms + next.cpu_ms,
            wall_ms: self.wall_ms + next.wall_ms,
            peak_kib: self.peak_kib.max(next.peak_kib),
        }
    }

    /// Of one of `count` equal pieces.
    pub(crate) fn each(self, count: usize) -> Self {
        let count = count as f64;
        Self { cpu_ms: self.cpu_ms / count, wall_ms: self.wall_ms / count, ..self }
    }
}

/// Of work in this process.
pub(crate) fn of_work(work: impl FnOnce()) -> Usage {
    let (start, used) = (Instant::now(), own_cpu_ms());
    work();
    Usage { cpu_ms: own_cpu_ms() - used, wall_ms: milliseconds(start), peak_kib: 0 }
}

/// Of a child process, from before it starts until it has ended.
///
/// # Errors
/// If it does not start or does not end well.
pub(crate) fn of_process(command: &mut Command) -> io::Result<Usage> {
    // Linux charges a child with the memory of whom it shared its own with until it became another
    // program. A hook to run before that, though it does nothing, makes the child a copy of its own, which
    // is small.
    // SAFETY: the hook does nothing.
    unsafe { command.pre_exec(|| Ok(())) };
    let start = Instant::now();
    let child = command.spawn()?;
    let (status, used) = wait(child.id())?;
    let wall_ms = milliseconds(start);
    if !status.success() {
        return Err(io::Error::other(format!("it ended with {status}")));
    }
    let cpu_ms = of_timeval(used.ru_utime) + of_timeval(used.ru_stime);
    Ok(Usage { cpu_ms, wall_ms, peak_kib: u64::try_from(used.ru_maxrss).unwrap_or(0) })
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

fn of_timeval(time: libc::timeval) -> f64 {
    time.tv_sec as f64 * 1e3 + time.tv_usec as f64 / 1e3
}

fn own_cpu_ms() -> f64 {
    let mut time = MaybeUninit::uninit();
    // SAFETY: clock_gettime fills the whole structure, or says that it did not.
    let time = unsafe {
        assert_eq!(libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, time.as_mut_ptr()), 0);
        time.assume_init()
    };
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Waits for one child: how it ended and what it used, its own finished children included.
fn wait(child: u32) -> io::Result<(ExitStatus, libc::rusage)> {
    let (mut status, mut used) = (0, MaybeUninit::uninit());
    let child = libc::pid_t::try_from(child).map_err(io::Error::other)?;
    // SAFETY: wait4 fills both if it returns the child, which nobody else waits for.
    unsafe {
        match libc::wait4(child, &mut status, 0, used.as_mut_ptr()) {
            found if found == child => Ok((ExitStatus::from_raw(status), used.assume_init())),
            _ => Err(io::Error::last_os_error()),
        }
    }
}
