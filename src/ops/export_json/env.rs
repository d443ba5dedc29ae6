//! The connector JSON in one line, for an environment variable: the value alone, or `NAME=VALUE`
//! as dotenv files, `docker run --env-file` and shells read it.

use super::{Made, line, source::Credential};
use crate::{
    error::{Error, Result},
    ops::prove_store,
    store::{Unlock, connector_json},
};

pub(super) fn make(credential: &Credential, variable: Option<String>) -> Result<Made> {
    let prefix = variable.map(|name| name + "=").unwrap_or_default();
    let connector = connector_json::write(credential.key, &credential.chain)?;
    let contents = line::write(&prefix, &connector)?;
    let (key, chain) = (credential.key.pkcs8_der().clone(), credential.chain.clone());
    Ok(Made {
        leaf: credential.leaf().clone(),
        warnings: line::warnings(&contents),
        contents,
        proof: Box::new(move |octets| {
            let connector = line::read(&prefix, octets)?;
            prove_store(connector.expose(), &Unlock::default(), None, &key, &chain)
        }),
    })
}

/// Whether every shell takes a name for a variable's (POSIX, Base Definitions section 3.216).
///
/// # Errors
/// [`Error::BadArgument`].
pub(super) fn check_name(name: &str) -> Result<()> {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    let expected = "expected letters, digits and underscores, no digit first, such as CONNECTOR_JSON";
    Err(Error::argument("--env-name", name, expected))
}
