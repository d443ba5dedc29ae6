//! Patterns for files, as options and lists have them.

use std::path::{self, Path};

use globset::{GlobBuilder, GlobMatcher};

/// A pattern for files: `*.pfx`, `contoso/*.pfx`, `/etc/ssl/**`.
///
/// It is held against the end of a path, or, where it begins with a slash, against all of it. `*` and
/// `?` stay within one name; `**` goes through folders.
#[derive(Clone)]
pub(crate) struct Pattern(GlobMatcher);

impl Pattern {
    /// Reads one; what is wrong with it, in words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("expected a pattern such as *.pfx".into());
        }
        let text = text.trim_end_matches('/');
        let anchored = if Path::new(text).is_absolute() { text.to_owned() } else { format!("**/{text}") };
        let glob = GlobBuilder::new(&anchored).literal_separator(true).build();
        glob.map(|glob| Self(glob.compile_matcher())).map_err(|error| error.kind().to_string())
    }

    /// Whether a file or folder is meant.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        // Without its folder a name that was given relative to it has no beginning.
        path::absolute(path).is_ok_and(|path| self.0.is_match(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_the_end_of_a_path_or_all_of_it() {
        let matches =
            |pattern: &str, path: &str| Pattern::parse(pattern).expect("a pattern").matches(Path::new(path));
        assert!(matches("*.pfx", "/srv/a/b.pfx"));
        assert!(matches("*.pfx", "b.pfx"));
        assert!(matches("a/*.pfx", "/srv/a/b.pfx"));
        assert!(!matches("a/*.pfx", "/srv/a/c/b.pfx"));
        assert!(matches("a/**/*.pfx", "/srv/a/c/b.pfx"));
        assert!(matches("node_modules/", "/srv/node_modules"));
        assert!(matches("/srv/**", "/srv/a/b.pfx"));
        assert!(!matches("/a/*", "/srv/a/b.pfx"));
        assert!(Pattern::parse("a[").is_err());
        assert!(Pattern::parse("").is_err());
    }
}
