//! Keeps the memory of the process out of core dumps and from other processes of the same user,
//! where the platform lets safe Rust do it.

/// Turns core dumps off: by the resource limit on every Unix, and on Linux also for dump handlers
/// that the limit does not bind. Failure leaves things as they were, which is no reason to refuse
/// work.
pub(crate) fn process() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    set_dumpable(false);
}

/// Runs `work` with the process's own `/proc` entries readable: opening `/dev/fd/N` needs that.
pub(crate) fn with_own_descriptors<T>(work: impl FnOnce() -> T) -> T {
    set_dumpable(true);
    let result = work();
    set_dumpable(false);
    result
}

fn set_dumpable(dumpable: bool) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let behavior = if dumpable { DumpableBehavior::Dumpable } else { DumpableBehavior::NotDumpable };
        let _ = set_dumpable_behavior(behavior);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = dumpable;
}
