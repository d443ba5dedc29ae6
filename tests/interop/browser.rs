//! The page of `connector show --format html` in a real browser (Chromium, driven by Playwright):
//! ticks that stay, their count, copying, no request, no fault, no overflow at desktop and phone
//! width, contrast in light and dark, printing, and reading without scripts. `browser.js` asks.

use std::{
    fs,
    path::{Path, PathBuf},
};

use certkit::{
    connector::{Answers, Guid, RedirectUri, Registry, answers::Files, procedure::procedure},
    report::connector::procedure::html,
};

use crate::common;

/// What a hostile profile says, in TOML's literal string of several lines.
const HOSTILE: &str = r#"</style></script><script>window.ran=1</script><img src=x onerror=alert(1)>"'&lt;"#;

#[test]
fn the_page_serves_a_person_in_a_browser() {
    let what = "the page of connector show";
    let Some(mut node) = common::node("playwright-core", what) else { return };
    let Some(browser) = chromium(what) else { return };
    let folder = common::folder();
    let registry = Registry::built_in();
    let mut pages = vec![filled_in(&registry, folder.path()), hostile(&registry, folder.path())];
    for profile in registry.iter() {
        let page = common::ok(folder.path(), ["connector", "show", profile.id.as_str(), "--format", "html"]);
        let path = folder.path().join(format!("{}.html", profile.id));
        fs::write(&path, page).expect("a page");
        pages.push(path);
    }
    let script = concat!(include_str!("page.js"), include_str!("browser.js"));
    let seen = common::peer(node.arg("-e").arg(script).arg(browser).args(&pages));
    assert_eq!(common::text(&seen).lines().count(), pages.len());
}

/// Debian's Chromium, where it is on the path.
pub fn chromium(what: &str) -> Option<PathBuf> {
    if !common::has_peer("chromium", what) {
        return None;
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("chromium")).find(|file| file.is_file())
}

/// The page of a kit: everything that can be known is.
fn filled_in(registry: &Registry, folder: &Path) -> PathBuf {
    let answers = Answers {
        client_id: Guid::parse("11111111-2222-3333-4444-555555555555").ok(),
        tenant_id: Guid::parse("99999999-8888-7777-6666-555555555555").ok(),
        redirect_uri: RedirectUri::parse("https://admin.example.com/").ok(),
        files: Files {
            certificate: Some("it's \"ours\" & <theirs>.cer".into()),
            thumbprint: Some("0123456789ABCDEF0123456789ABCDEF01234567".into()),
            ..Files::default()
        },
        ..Answers::default()
    };
    let profile = registry.get("zscaler-sharepoint").expect("a profile");
    let path = folder.join("filled-in.html");
    fs::write(&path, html(&procedure(profile, &answers))).expect("a page");
    path
}

/// The page of a profile whose every sentence tries to be markup, by way of the program.
fn hostile(registry: &Registry, folder: &Path) -> PathBuf {
    let profile = registry.get("zscaler-blob-storage").expect("a profile");
    let mut toml = String::new();
    for line in registry.text(profile).lines() {
        let (name, _) = line.split_once(" = ").unwrap_or((line, ""));
        let says = ["name", "vendor", "summary", "page", "app", "tile", "page_name", "note", "place", "what"];
        match name {
            "id" if toml.lines().count() < 3 => toml.push_str("id = \"hostile\"\n"),
            name if says.contains(&name) => toml.push_str(&format!("{name} = '''{HOSTILE}'''\n")),
            _ => toml.push_str(&format!("{line}\n")),
        }
    }
    fs::write(folder.join("hostile.toml"), toml).expect("a profile");
    let page = common::ok(
        folder,
        ["connector", "show", "hostile", "--profile-file", "hostile.toml", "--format", "html"],
    );
    let path = folder.join("hostile.html");
    fs::write(&path, page).expect("a page");
    path
}
