//! Keys, certificates, key stores and connector JSON for Microsoft 365 connectors.
//!
//! certkit makes what a connector's administrator needs (a key, a self-signed certificate, a PFX,
//! the `.cer` for Azure, the connector JSON), reads key stores of any maker into one model, and
//! proves every file before it gets its name. The `certkit` program is a grammar over this
//! library.
//!
//! # The paved path
//!
//! ```
//! use certkit::{
//!     cert::{name::DistinguishedName, params::{End, Params, Validity}},
//!     key::NewKey,
//!     ops::generate::{Emit, Options, generate},
//!     output::write::{Existing, write},
//!     secret::Password,
//!     store::{self, Unlock},
//!     time::Instant,
//! };
//! use getrandom::{SysRng, rand_core::UnwrapErr};
//!
//! # fn main() -> certkit::error::Result<()> {
//! # let folder = tempfile::tempdir().expect("a temporary folder");
//! let now = Instant::from_unix(1_800_000_000).expect("a date in range");
//! let made = generate(
//!     &Options {
//!         name: "keystore".into(),
//!         out_dir: folder.path().into(),
//!         emit: vec![Emit::Pfx, Emit::Cer, Emit::Json],
//!         alias: "selfsigned".into(),
//!         params: Params::new(
//!             DistinguishedName::parse("CN=SharePoint connector,O=Contoso")?,
//!             Vec::new(),
//!             Validity::new(now, End::Days(1461))?,
//!         )?,
//!         key: NewKey::Rsa2048,
//!         compat: Default::default(),
//!         iterations: None,
//!         password: Some(Password::new("correct horse".into())),
//!     },
//!     now,
//!     &mut UnwrapErr(SysRng),
//! )?;
//! write(&made.plan, &[], Existing::Refuse)?;
//!
//! let pfx = std::fs::read(folder.path().join("keystore.pfx")).expect("it was just written");
//! let store = store::read(&pfx, &Unlock::with(Password::new("correct horse".into())))?;
//! let (_, key, chain) = store.key_entry(Some("selfsigned"))?;
//! certkit::cert::verify::require_fit(key, &chain[0])?;
//! # Ok(())
//! # }
//! ```
//!
//! # Rooms
//!
//! Each may use those before it, never those after it.
//!
//! | room | what it knows |
//! |---|---|
//! | [`quote`], [`error`], [`finding`], [`limits`], [`secret`], [`time`], `ber`, `armor`, `json` | foundations |
//! | `pbe` | password-based encryption: RFC 8018, RFC 7292 appendix B |
//! | [`key`] | private and public keys, their encodings, making them |
//! | [`cert`] | certificates: reading, naming, building, judging |
//! | [`store`] | the one model of a key store, and every format |
//! | [`connector`] | what the vendors' pages ask for, as data, and what is made of it |
//! | [`check`] | rules over files: what is wrong with a credential, or will be; mending what was pasted |
//! | [`output`] | files that are wanted, and the one writer |
//! | [`report`] | what commands say, as text and as JSON |
//! | [`ops`] | one operation per command: options in, plan or report out |

mod armor;
mod ber;
pub mod cert;
pub mod check;
pub mod connector;
pub mod error;
pub mod finding;
mod json;
pub mod key;
pub mod limits;
pub mod ops;
pub mod output;
mod pbe;
pub mod quote;
pub mod report;
pub mod secret;
pub mod store;
pub mod time;

pub use error::{Error, Result};

/// The README's library example is compiled and so kept true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
