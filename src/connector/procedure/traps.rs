//! What goes wrong: what the profile says, and what follows from it for every connector of its kind.

use crate::connector::{
    Profile,
    profile::{Audience, ConsentWay},
};

/// What goes wrong, and how not to let it: the profile's own, then what follows from its way to
/// consent. One sentence or two each.
#[must_use]
pub fn traps(profile: &Profile) -> Vec<String> {
    let mut traps: Vec<String> = profile.traps.iter().map(ToString::to_string).collect();
    if profile.consent.by == ConsentWay::Address {
        traps.push("The redirect URI in the consent address must be the registered one to the letter, a final slash included; otherwise Entra answers AADSTS50011.".into());
        if profile.registration.audience == Audience::Multitenant {
            traps.push("The consent address is one for any organization: an app that was registered for a single tenant is refused there with AADSTS50194.".into());
        }
    }
    traps
}
