//! The connector JSON, which is a format that is read as well ([`connector_json`]).

use super::{Made, source::Credential};
use crate::{
    error::Result,
    ops::prove_store,
    store::{Unlock, connector_json},
};

pub(super) fn make(credential: &Credential) -> Result<Made> {
    let (key, chain) = (credential.key.pkcs8_der().clone(), credential.chain.clone());
    Ok(Made {
        leaf: credential.leaf().clone(),
        contents: connector_json::write(credential.key, &credential.chain)?,
        proof: Box::new(move |octets| prove_store(octets, &Unlock::default(), None, &key, &chain)),
        warnings: Vec::new(),
    })
}
