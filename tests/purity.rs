//! Nothing in the tree needs a C compiler: read from the lock file, so no tool is needed.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // Tests read files and say what they skip.

mod common;

/// Crates that compile C or bind to a C library. Names ending in `-sys` are bindings too, but for
/// those that hold constants or declarations of the operating system alone.
const NEEDS_C: &[&str] =
    &["aws-lc-rs", "bindgen", "cc", "cmake", "openssl", "pkg-config", "ring", "vcpkg", "zstd-safe"];
const PLAIN_DECLARATIONS: &[&str] = &["linux-raw-sys", "windows-sys", "js-sys", "web-sys"];

/// The lock file names no package that compiles or links C, for the program or for its tests.
#[test]
fn no_package_needs_a_c_compiler() {
    let lock = std::fs::read_to_string(common::root().join("Cargo.lock")).expect("Cargo.lock is committed");
    let names: Vec<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(names.len() > 100, "the lock file was not understood: {} names", names.len());
    let offenders: Vec<&&str> = names
        .iter()
        .filter(|name| NEEDS_C.contains(name) || name.ends_with("-sys") && !PLAIN_DECLARATIONS.contains(name))
        .collect();
    assert!(offenders.is_empty(), "these need a C compiler or library: {offenders:?}");
}

/// The crate that measures certkit has a lock file of its own: what it builds of certkit is what certkit
/// builds.
#[test]
fn the_bench_measures_the_same_packages() {
    let locked = |path: &str| -> std::collections::BTreeSet<(String, String)> {
        let lock = std::fs::read_to_string(common::root().join(path)).expect("it is committed");
        let lock: toml::Table = lock.parse().expect("a lock file");
        let packages = lock["package"].as_array().expect("packages").iter();
        let word = |package: &toml::Value, key: &str| package[key].as_str().expect("a text").to_owned();
        packages.map(|package| (word(package, "name"), word(package, "version"))).collect()
    };
    let (ours, bench) = (locked("Cargo.lock"), locked("bench/keygen/Cargo.lock"));
    let manifest: toml::Table = include_str!("../Cargo.toml").parse().expect("a manifest");
    let dependencies = manifest["dependencies"].as_table().expect("dependencies").iter();
    // It builds the library alone.
    let names = dependencies.filter(|(_, entry)| entry.get("optional").is_none()).map(|(name, _)| name);
    let is_shared = |name: &str| ours.iter().any(|package| package.0 == name && bench.contains(package));
    let missing: Vec<&String> = names.filter(|name| !is_shared(name)).collect();
    assert!(missing.is_empty(), "cd bench/keygen && cargo update --workspace: {missing:?}");
}
