//! The vendors' procedures: what their pages ask an administrator to do, as data, and what can be
//! made of it without touching anything: the manifest, the consent address, the configuration, the
//! steps for a person, the scripts for a shell.

pub mod answers;
pub mod cloud;
pub mod config;
pub mod consent;
pub mod error_code;
pub mod guid;
pub mod kit;
pub mod line;
pub mod manifest;
pub mod procedure;
pub mod profile;
pub mod read;
pub mod redirect;
pub mod registry;
pub mod script;

pub use answers::Answers;
pub use cloud::Cloud;
pub use guid::Guid;
pub use profile::Profile;
pub use redirect::RedirectUri;
pub use registry::Registry;
