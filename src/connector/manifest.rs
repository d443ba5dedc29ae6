//! x
use super::Profile;
/// x
#[must_use]
pub fn required(profile: &Profile) -> String {
    profile.id.to_string()
}
