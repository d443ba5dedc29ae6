//! The scripts of `connector show --as`: what stands in them is what was meant, whatever was typed;
//! they are good scripts by the judgement of others; and they do what they say, against a directory
//! that refuses what Microsoft Graph refuses (`tests/interop/entra`).
#![cfg(unix)] // They run in Bash.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // Tests touch the world and say what they skip.

mod common;

#[path = "connector_scripts/behaviour.rs"]
mod behaviour;
#[path = "connector_scripts/quoting.rs"]
mod quoting;
#[path = "connector_scripts/refusals.rs"]
mod refusals;
#[path = "connector_scripts/syntax.rs"]
mod syntax;
#[path = "connector_scripts/words.rs"]
mod words;
#[path = "connector_scripts/world.rs"]
mod world;

/// A display name with everything that shells, PowerShell, OData and JSON trip over.
const HOSTILE: &str = r#"@O'Brien's "app" $HOME $(id) `id` \n %41 & <x> ‘q’ ‚q‛ !! {0} größe 🔑 end;"#;
