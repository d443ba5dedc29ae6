//! The profiles there are: certkit's own, and the user's.

use super::{profile::Profile, read};
use crate::error::{Error, Result};

/// certkit's own profiles, in the order of `connector list`.
const BUILT_IN: [&str; 9] = [
    include_str!("profiles/zscaler-exchange.toml"),
    include_str!("profiles/zscaler-onedrive.toml"),
    include_str!("profiles/zscaler-sharepoint.toml"),
    include_str!("profiles/zscaler-teams.toml"),
    include_str!("profiles/zscaler-blob-storage.toml"),
    include_str!("profiles/zscaler-mip.toml"),
    include_str!("profiles/zeron-office365.toml"),
    include_str!("profiles/snow-atlas-m365-current.toml"),
    include_str!("profiles/snow-atlas-m365-older.toml"),
];

/// The profiles that can be named.
pub struct Registry(Vec<Entry>);

/// A profile and the TOML that it was read from.
struct Entry {
    profile: Profile,
    text: String,
    /// The user's file, where it is not certkit's own.
    file: Option<String>,
}

impl Registry {
    /// certkit's own.
    ///
    /// # Errors
    /// [`Error::Internal`], never in a released program: the tests read them all.
    pub fn built_in() -> Result<Self> {
        let read = |text: &&str| match read::profile(text.as_bytes()) {
            Ok(profile) => Ok(Entry { profile, text: (*text).to_owned(), file: None }),
            Err(error) => Err(Error::Internal(format!("a built-in profile: {error}"))),
        };
        BUILT_IN.iter().map(read).collect::<Result<_>>().map(Self)
    }

    /// Adds the user's own.
    ///
    /// # Errors
    /// [`Error::BadToml`] where its id is taken, or as [`read::profile`].
    pub fn add(&mut self, octets: &[u8], file: &str) -> Result<()> {
        let profile = read::profile(octets)?;
        if self.iter().any(|other| other.id == profile.id) {
            let reason = format!("there is a profile {} already; choose another id", profile.id);
            return Err(read::at_id(octets, reason));
        }
        // It was read as UTF-8 just now.
        let text = String::from_utf8_lossy(octets).into_owned();
        self.0.push(Entry { profile, text, file: Some(file.to_owned()) });
        Ok(())
    }

    /// Every profile, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.0.iter().map(|entry| &entry.profile)
    }

    /// The file that a profile was read from, where it is the user's own.
    #[must_use]
    pub fn file(&self, profile: &Profile) -> Option<&str> {
        self.0.iter().find(|entry| entry.profile.id == profile.id)?.file.as_deref()
    }

    /// The TOML of a profile of this registry.
    #[must_use]
    pub fn text(&self, profile: &Profile) -> &str {
        self.0.iter().find(|entry| entry.profile.id == profile.id).map_or("", |entry| &entry.text)
    }

    /// A profile by its id.
    ///
    /// # Errors
    /// [`Error::ProfileUnknown`] with every id, the nearest first.
    pub fn get(&self, id: &str) -> Result<&Profile> {
        self.iter().find(|profile| profile.id.as_str() == id).ok_or_else(|| {
            let mut ids: Vec<String> = self.iter().map(|profile| profile.id.to_string()).collect();
            let wanted = id.to_lowercase();
            // What is contained, like `sharepoint` in `zscaler-sharepoint`, is nearer than what is alike.
            let far = |id: &String| match !wanted.is_empty() && id.contains(&wanted) {
                true => 0,
                false => 1 + ((1.0 - strsim::jaro_winkler(&wanted, id)) * 1000.0) as u32,
            };
            ids.sort_by_key(far);
            Error::ProfileUnknown { id: id.to_owned(), ids }
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_named_first() {
        let registry = Registry::built_in().unwrap();
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
        let mut registry = Registry::built_in().unwrap();
        let error = registry.add(BUILT_IN[3].as_bytes(), "own.toml").err().unwrap();
        assert!(matches!(error, Error::BadToml { line: 2, .. }), "{error}");
    }
}
