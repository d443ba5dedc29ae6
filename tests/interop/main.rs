//! Interoperation with the real peers, in both directions: keytool (JDK), OpenSSL 3, certtool
//! (GnuTLS), pk12util (NSS), Python's `cryptography`, MSAL for Python and for Node, and what reads
//! dotenv files.
//!
//! certkit proves its own files by reading them back, which shows that it agrees with itself;
//! these tests show that everybody else agrees with it. A peer that is missing is a visible skip,
//! and a failure with `CERTKIT_REQUIRE_INTEROP=1` (`tests/setup.sh` installs them all).
//!
//! | file | what it proves |
//! |---|---|
//! | `vendor_page` | the vendor page's commands, then `export-json` on what they made |
//! | `stores` | every peer opens every store that `gen` makes, and finds the same key and certificate |
//! | `peers_write` | `export-json` on the PFX that every peer makes |
//! | `msal` | the JSON, the PFX and the file for MSAL sign client assertions that the certificate verifies |
//! | `forms` | the lines of base64 survive shells, dotenv files and Docker; jq takes the Graph object |
//! | `check` | MSAL signs in with every JSON that `check --fix` mended |
//! | `consent` | Python reads the consent addresses, certkit the answers that Python writes |
//! | `certificate` | every extension, the dates and the signature, as OpenSSL prints them |
//! | `names` | subjects and alternative names come out in order and with the right string types |
//! | `passwords` | passwords that shells and tools trip over |
//! | `readers` | `docs/readers.md`: who reads which stores, and who reads what certkit writes |
//! | `written` | every peer opens every form that `convert` writes |
//! | `batch` | GNU parallel runs the documented line; Kubernetes' schema takes the manifest |
//! | `browser` | the page of `connector show` in a browser: ticks, copying, no request, widths, contrast |
//! | `scan_outputs` | promtool, calendars and a browser take what is made of a scan; so does the plugins' grammar |
//! | `sarif` | the schema that SARIF is held against tells good logs from bad ones |
//! | `rotate` | OpenSSL and keytool take the successor of a store by keytool |
//! | `thousand` | a thousand runs: every serial and key new, every pair good |
//! | `yaml` | the file for Zeron comes back from PyYAML, whatever the client secret is |
//! | `token_endpoint` | kits of `connector init` sign in with MSAL, at an endpoint that checks as Entra does |
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world and say what they skip.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/credentials.rs"]
mod credentials;
#[path = "../common/pasted.rs"]
mod pasted;
#[path = "../common/scanned.rs"]
mod scanned;

mod batch;
mod browser;
mod certificate;
mod check;
mod consent;
mod forms;
mod msal;
mod names;
mod passwords;
mod peers_write;
mod readers;
mod rotate;
mod sarif;
mod scan_outputs;
mod stores;
mod support;
mod thousand;
mod token_endpoint;
mod vendor_page;
mod written;
mod yaml;
