//! The profiles there are: certkit's own, and the user's.

use std::sync::OnceLock;

use super::profile::{self, Profile};
use crate::error::{Error, Result};

/// Profiles by their ids, which their files are named after.
macro_rules! profiles {
    ($($id:literal),+ $(,)?) => { [$(($id, include_str!(concat!("profiles/", $id, ".toml")))),+] };
}

/// certkit's own profiles, in the order of `connector list`.
const BUILT_IN: [(&str, &str); 9] = profiles![
    "zscaler-exchange",
    "zscaler-onedrive",
    "zscaler-sharepoint",
    "zscaler-teams",
    "zscaler-blob-storage",
    "zscaler-mip",
    "zeron-office365",
    "snow-atlas-m365-current",
    "snow-atlas-m365-older",
];

/// The profiles that can be named.
pub struct Registry(Vec<Entry>);

/// A profile's id and the TOML that it is read from.
struct Entry {
    id: String,
    text: String,
    /// The user's file, where it is not certkit's own.
    file: Option<String>,
    /// The profile, read when it is first asked for: reading all of them takes as long as everything else
    /// that a command does with one.
    profile: OnceLock<Profile>,
}

impl Entry {
    fn profile(&self) -> Result<&Profile> {
        if let Some(profile) = self.profile.get() {
            return Ok(profile);
        }
        let profile = Profile::read(self.text.as_bytes())
            .map_err(|error| Error::Internal(format!("a built-in profile: {error}")))?;
        Ok(self.profile.get_or_init(|| profile))
    }
}

impl Registry {
    /// certkit's own.
    #[must_use]
    pub fn built_in() -> Self {
        let entry = |(id, text): (&str, &str)| Entry {
            id: id.to_owned(),
            text: text.to_owned(),
            file: None,
            profile: OnceLock::new(),
        };
        Self(BUILT_IN.map(entry).into())
    }

    /// Adds the user's own.
    ///
    /// # Errors
    /// [`Error::BadToml`] where its id is taken, or as [`Profile::read`].
    pub fn add(&mut self, octets: &[u8], file: &str) -> Result<()> {
        let profile = Profile::read(octets)?;
        let id = profile.id.to_string();
        if self.entry(&id).is_some() {
            let reason = format!("there is a profile {id} already; choose another id");
            return Err(profile::fault_of_id(octets, reason));
        }
        // It was read as UTF-8 just now.
        let text = String::from_utf8_lossy(octets).into_owned();
        self.0.push(Entry { id, text, file: Some(file.to_owned()), profile: profile.into() });
        Ok(())
    }

    /// Every profile, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        // The tests read certkit's own, and the user's were read when they were added.
        self.0.iter().filter_map(|entry| entry.profile().ok())
    }

    /// The file that a profile was read from, where it is the user's own.
    #[must_use]
    pub fn file(&self, profile: &Profile) -> Option<&str> {
        self.entry(profile.id.as_str())?.file.as_deref()
    }

    /// The TOML of a profile of this registry.
    #[must_use]
    pub fn text(&self, profile: &Profile) -> &str {
        self.entry(profile.id.as_str()).map_or("", |entry| &entry.text)
    }

    fn entry(&self, id: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.id == id)
    }

    /// A profile by its id.
    ///
    /// # Errors
    /// [`Error::ProfileUnknown`] with every id, the nearest first.
    pub fn get(&self, id: &str) -> Result<&Profile> {
        self.entry(id).ok_or_else(|| self.unknown(id))?.profile()
    }

    fn unknown(&self, id: &str) -> Error {
        let mut ids: Vec<String> = self.0.iter().map(|entry| entry.id.clone()).collect();
        let wanted = id.to_lowercase();
        // What is contained, like `sharepoint` in `zscaler-sharepoint`, is nearer than what is alike.
        let far = |id: &String| match !wanted.is_empty() && id.contains(&wanted) {
            true => 0,
            false => 1 + ((1.0 - strsim::jaro_winkler(&wanted, id)) * 1000.0) as u32,
        };
        ids.sort_by_cached_key(far);
        Error::ProfileUnknown { id: id.to_owned(), ids }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_named_after_its_profile() {
        let registry = Registry::built_in();
        for entry in &registry.0 {
            assert_eq!(entry.profile().unwrap().id.as_str(), entry.id);
        }
        assert_eq!(registry.iter().count(), BUILT_IN.len());
    }

    #[test]
    fn the_nearest_is_named_first() {
        let registry = Registry::built_in();
        let nearest = |id: &str| match registry.get(id) {
            Err(Error::ProfileUnknown { ids, .. }) => ids[0].clone(),
            _ => panic!("{id}"),
        };
        assert_eq!(nearest("sharepoint"), "zscaler-sharepoint");
        assert_eq!(nearest("zscaler-sharpoint"), "zscaler-sharepoint");
        assert_eq!(nearest("Zeron"), "zeron-office365");
        assert_eq!(nearest("snow-atlas-m365"), "snow-atlas-m365-current");
        assert!(registry.get("zscaler-mip").is_ok());
    }

    #[test]
    fn a_taken_id_is_refused_at_its_line() {
        let mut registry = Registry::built_in();
        let error = registry.add(BUILT_IN[3].1.as_bytes(), "own.toml").err().unwrap();
        assert!(matches!(error, Error::BadToml { line: 2, .. }), "{error}");
    }
}
