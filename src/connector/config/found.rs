//! What stands in a configuration that somebody may have completed or edited by hand.

use super::TO_FILL_IN;
use crate::connector::{
    Profile,
    profile::{OutputForm, Setting, SettingValue},
};

/// The values that stand for a setting, marks of what is still to be filled in left out. Slices of the
/// text: a secret is not copied.
pub(crate) fn values<'a>(profile: &Profile, setting: &Setting, text: &'a str) -> Vec<&'a str> {
    let found = match profile.output.form {
        OutputForm::Settings => below_label(setting, text),
        OutputForm::Yaml => behind_key(setting, text),
    };
    found.into_iter().filter(|value| !value.is_empty() && !value.contains(TO_FILL_IN)).collect()
}

/// What became of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// A value stands there.
    Filled,
    /// It says that the value is still to be filled in.
    Open,
    /// Nothing speaks of it.
    Gone,
}

/// What became of every setting that the vendor cannot do without.
pub(crate) fn states(profile: &Profile, text: &str) -> Vec<State> {
    let needed = profile.output.settings.iter().filter(|setting| setting.value != SettingValue::Name);
    needed.map(|setting| state(profile, setting, text)).collect()
}

fn state(profile: &Profile, setting: &Setting, text: &str) -> State {
    if !values(profile, setting, text).is_empty() {
        return State::Filled;
    }
    let marked = match profile.output.form {
        OutputForm::Settings => below_label(setting, text).iter().any(|line| line.contains(TO_FILL_IN)),
        OutputForm::Yaml => {
            text.lines().any(|line| line.contains(&*setting.name) && line.contains(TO_FILL_IN))
        }
    };
    if marked { State::Open } else { State::Gone }
}

/// The lines below a label, up to the next blank one.
fn below_label<'a>(setting: &Setting, text: &'a str) -> Vec<&'a str> {
    let is_label = |line: &&str| line.starts_with(&*setting.name) && line.trim_end().ends_with(':');
    let mut lines = text.lines().skip_while(|line| !is_label(line));
    lines.next();
    lines.map(str::trim).take_while(|line| !line.is_empty()).collect()
}

/// What stands behind a key, at the beginning of a line; a secret may be named by its path.
fn behind_key<'a>(setting: &Setting, text: &'a str) -> Vec<&'a str> {
    let path = (setting.value == SettingValue::ClientSecret).then(|| setting.path_name());
    let value = |line: &'a str| {
        let behind = |name: &str| line.strip_prefix(name)?.trim_start().strip_prefix(':');
        let value = behind(&setting.name).or_else(|| behind(path.as_deref()?))?.trim();
        Some(value.trim_matches(['"', '\'']))
    };
    text.lines().filter_map(value).collect()
}
