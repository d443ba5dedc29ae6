//! A connector's procedure in each of its forms: everything that the profile says is there, it can
//! be read by others, and nothing that a profile says becomes markup.

use std::collections::BTreeSet;

use certkit::{
    connector::{
        Cloud, Guid, Profile, RedirectUri, Registry,
        line::Line,
        procedure::{Answers, Files, Part, Procedure, Value, procedure},
    },
    report::connector::{list, procedure as rendered},
};
use html5ever::{ParseOpts, parse_document, tendril::TendrilSink, tree_builder::TreeBuilderOpts};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

fn built_in() -> Registry {
    Registry::built_in().expect("certkit's own profiles are good")
}

fn line(text: &str) -> Line {
    Line::try_from(text.to_owned()).expect("a line")
}

/// Answers as `connector init` knows them.
fn answers() -> Answers {
    Answers {
        app: Some(line("Contoso connector")),
        client_id: Guid::parse("11111111-2222-3333-4444-555555555555").ok(),
        tenant_id: Guid::parse("99999999-8888-7777-6666-555555555555").ok(),
        redirect_uri: RedirectUri::parse("https://admin.example.com/").ok(),
        cloud: Cloud::UsGov,
        files: Files {
            certificate: Some("contoso.cer".into()),
            thumbprint: Some("0123456789ABCDEF0123456789ABCDEF01234567".into()),
            connector_json: Some("contoso.json".into()),
            config: Some("contoso.yaml".into()),
            manifest: Some("manifest.json".into()),
        },
    }
}

/// Everything that a reader has to find: actions, values, permissions with ids and reasons, roles,
/// traps, departures.
fn said(procedure: &Procedure<'_>) -> Vec<String> {
    let profile = procedure.profile;
    let mut said: Vec<String> = Vec::new();
    for step in &procedure.steps {
        said.push(step.title.clone());
        said.extend(step.who.clone());
        for part in &step.parts {
            match part {
                Part::Command(text) | Part::Say(text) | Part::Warning(text) => said.push(text.clone()),
                Part::Do(actions) => said.extend(actions.iter().cloned()),
                Part::Value { name, value, note } => {
                    let (Value::Known(text) | Value::Missing(text)) = value;
                    said.extend([name.clone(), text.clone()]);
                    said.extend(note.clone());
                }
                Part::Permissions { .. } | Part::Roles(_) => {}
            }
        }
    }
    for (api, permission) in profile.permissions() {
        said.extend([api.tile.to_string(), api.id.to_string(), permission.kind.in_portal().to_owned()]);
        said.extend([permission.value.to_string(), permission.id.to_string()]);
        said.extend(permission.why.iter().chain(&permission.note).chain(&api.note).map(ToString::to_string));
    }
    for role in &profile.roles {
        said.extend([role.name.to_string(), role.id.to_string(), role.why.to_string()]);
        said.extend(role.note.iter().map(ToString::to_string));
    }
    said.extend(profile.traps.iter().chain(&profile.departures).map(ToString::to_string));
    said.extend([profile.name.to_string(), profile.source.page.to_string(), profile.source.read.to_string()]);
    said
}

/// Text without its line breaks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// In every form of every profile, with and without values filled in, everything is said.
#[test]
fn every_form_says_everything() {
    for profile in built_in().iter() {
        for answers in [Answers::default(), answers()] {
            let procedure = procedure(profile, &answers);
            // Tables put other words between those of one cell, so here they have no second line.
            let text: BTreeSet<String> =
                flat(&rendered::text(&procedure, 60)).split(' ').map(str::to_owned).collect();
            let forms = [
                ("markdown", flat(&markdown(&rendered::markdown(&procedure)).text)),
                ("html", flat(&html(&rendered::html(&procedure)).text)),
            ];
            for said in said(&procedure) {
                for (form, rendered) in &forms {
                    assert!(rendered.contains(&flat(&said)), "{} as {form}: {said}", profile.id);
                }
                for word in said.split_whitespace() {
                    let found = text.iter().any(|shown| shown.contains(word));
                    assert!(found, "{} as text: {word:?} of {said:?}", profile.id);
                }
            }
            let json: serde_json::Value =
                serde_json::from_str(&rendered::json(&procedure)).expect("one JSON document");
            assert_eq!(json["schema"], "certkit.connector-show/1");
            assert_eq!(json["steps"].as_array().map(Vec::len), Some(procedure.steps.len()));
            let told = strings(&json);
            for said in said(&procedure) {
                let kind = said.ends_with(" permissions");
                assert!(kind || told.contains(&said), "{} as JSON: {said}", profile.id);
            }
        }
    }
}

fn strings(value: &serde_json::Value) -> BTreeSet<String> {
    match value {
        serde_json::Value::String(text) => BTreeSet::from([text.clone()]),
        serde_json::Value::Array(items) => items.iter().flat_map(strings).collect(),
        serde_json::Value::Object(members) => members.values().flat_map(strings).collect(),
        _ => BTreeSet::new(),
    }
}

/// Lines end at the width, but for what is copied: commands, values, addresses.
#[test]
fn text_is_broken_at_the_width() {
    for profile in built_in().iter() {
        let procedure = procedure(profile, &answers());
        let copied: Vec<&str> = procedure
            .steps
            .iter()
            .flat_map(|step| &step.parts)
            .filter_map(|part| match part {
                Part::Command(text) | Part::Value { value: Value::Known(text), .. } => Some(text.as_str()),
                _ => None,
            })
            .chain(profile.source.url.as_deref())
            .collect();
        for width in [60, 72, 80, 100] {
            for line in rendered::text(&procedure, width).lines() {
                let fits = line.chars().count() <= width;
                assert!(fits || copied.iter().any(|copied| line.ends_with(copied)), "{width}: {line}");
                assert_eq!(line, line.trim_end(), "blanks at the end of a line");
            }
        }
    }
    let widest = |width| list::text(&built_in(), width).lines().map(|line| line.chars().count()).max();
    assert!(widest(100) <= Some(100) && widest(60) <= Some(60));
}

/// Both JSON documents say the same of a connector.
#[test]
fn the_list_and_the_procedure_agree() {
    let registry = built_in();
    let list: serde_json::Value = serde_json::from_str(&list::json(&registry)).expect("one JSON document");
    let listed = list["connectors"].as_array().expect("connectors");
    assert_eq!(listed.len(), registry.iter().count());
    for (listed, profile) in listed.iter().zip(registry.iter()) {
        let shown: serde_json::Value =
            serde_json::from_str(&rendered::json(&procedure(profile, &Answers::default())))
                .expect("one JSON document");
        for field in ["id", "name", "vendor", "summary", "takes", "source"] {
            assert_eq!(listed[field], shown["profile"][field], "{}: {field}", profile.id);
        }
        assert_eq!(listed["audience"], shown["profile"]["registration"]["audience"]);
    }
}

/// A document as somebody else's parser sees it.
struct Seen {
    /// Its elements in order, without their text.
    shape: Vec<String>,
    text: String,
}

fn markdown(page: &str) -> Seen {
    let mut seen = Seen { shape: Vec::new(), text: String::new() };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Text(text) | Event::Code(text) => seen.text.push_str(&text),
            Event::Start(Tag::Link { dest_url, .. }) => seen.shape.push(format!("link {dest_url}")),
            Event::Start(tag) => {
                // Words of different blocks are different words.
                seen.text.push_str(if is_inline(&tag) { "" } else { "\n" });
                seen.shape.push(format!("{tag:?}"));
            }
            Event::End(tag) => seen.shape.push(format!("{tag:?}")),
            Event::SoftBreak => seen.text.push('\n'),
            Event::TaskListMarker(_) => seen.shape.push("box".into()),
            other => seen.shape.push(format!("unexpected {other:?}")),
        }
    }
    seen
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong)
}

fn html(page: &str) -> Seen {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { exact_errors: true, ..Default::default() },
        ..Default::default()
    };
    let tree = parse_document(RcDom::default(), options).one(page);
    let errors = tree.errors.borrow();
    assert!(errors.is_empty(), "{errors:?}");
    let mut seen = Seen { shape: Vec::new(), text: String::new() };
    walk(&tree.document, &mut seen);
    seen
}

fn walk(node: &Handle, seen: &mut Seen) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let names = attrs.borrow();
            let names: Vec<String> = names.iter().map(|attr| attr.name.local.to_string()).collect();
            seen.shape.push(format!("{} {}", name.local, names.join(" ")));
            let apart = !matches!(&*name.local, "a" | "code" | "strong" | "span");
            seen.text.push_str(if apart { "\n" } else { "" });
        }
        NodeData::Text { contents } => seen.text.push_str(&contents.borrow()),
        NodeData::Comment { contents } => seen.shape.push(format!("comment {contents}")),
        _ => {}
    }
    node.children.borrow().iter().for_each(|child| walk(child, seen));
    if let NodeData::Element { name, .. } = &node.data {
        seen.shape.push(format!("/{}", name.local));
    }
}

/// A profile that says `text` wherever a profile may say something.
fn saying(text: &str) -> Profile {
    let registry = built_in();
    let mut profile = registry.get("zscaler-blob-storage").expect("a profile").clone();
    let say = line(text);
    profile.name = say.clone();
    profile.vendor = say.clone();
    profile.summary = say.clone();
    profile.traps = vec![say.clone()];
    profile.departures = vec![say.clone()];
    profile.source.page = say.clone();
    // The one thing that may be a link: see `the_page_needs_nothing_else`.
    profile.source.url = None;
    profile.registration.app = say.clone();
    for api in &mut profile.apis {
        api.name = say.clone();
        api.tile = say.clone();
        api.page_name = None;
        api.note = Some(say.clone());
        for permission in &mut api.permissions {
            permission.value = say.clone();
            permission.why = vec![say.clone(), say.clone()];
            permission.note = Some(say.clone());
        }
    }
    for role in &mut profile.roles {
        role.name = say.clone();
        role.why = say.clone();
        role.note = Some(say.clone());
    }
    profile.output.place = say.clone();
    profile.output.steps = vec![say.clone()];
    for setting in &mut profile.output.settings {
        setting.name = say.clone();
        setting.note = Some(say.clone());
    }
    profile
}

/// Both documents have the same elements, and the one says the text where the other says a word.
fn assert_only_text(text: &str) {
    const WORD: &str = "Harmless";
    let (profile, harmless) = (saying(text), saying(WORD));
    let (hostile, harmless) =
        (procedure(&profile, &Answers::default()), procedure(&harmless, &Answers::default()));
    let pairs = [
        (markdown(&rendered::markdown(&hostile)), markdown(&rendered::markdown(&harmless))),
        (html(&rendered::html(&hostile)), html(&rendered::html(&harmless))),
    ];
    for (hostile, harmless) in pairs {
        let differs = hostile.shape.iter().zip(&harmless.shape).position(|(one, other)| one != other);
        assert_eq!(differs.map(|at| &hostile.shape[at..]), None, "{text:?}");
        assert_eq!(hostile.shape.len(), harmless.shape.len(), "{text:?}");
        // Blanks at the ends of the text are not kept in Markdown.
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(solid(&hostile.text), solid(&harmless.text.replace(WORD, text)), "{text:?}");
    }
}

#[test]
fn what_a_profile_says_is_only_text() {
    for text in [
        "<script>alert(1)</script>",
        "</style><script>alert(1)</script><!--",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "&lt;b&gt; &amp;amp; &#60;",
        "{{ profile }} {% if x %}",
        "[a](https://evil.example) ![b](x.png) <https://evil.example>",
        "see https://evil.example/a_b_c*d*, www.evil.example or mail me@evil.example.",
        "https://a`b|c @ a|b@c.d www.x|y",
        "# heading",
        "## heading ##",
        "- item",
        "+ item",
        "* item",
        "1. item",
        "12) item",
        "- [x] done",
        "> quoted",
        "---",
        "===",
        "***",
        "```",
        "~~~ x",
        "a | b | c",
        "a \\| b \\",
        "``a` b",
        "`",
        "*a* **b** _c_ __d__ ~~e~~ $x$ $$y$$ a_b_c _d",
        "|---|---|",
        "[^1]: note",
        "[a]: https://evil.example",
        "<b>x</b> & <!-- --> <?x?> <![CDATA[x]]>",
        "a\\",
        ":-- :smile: ![x]",
        "    indented",
    ] {
        assert_only_text(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever characters come together.
    #[test]
    fn whatever_a_profile_says_is_only_text(text in r#"([-a-c1./:@ wh|\\`*_\[\]<>(){}#+=!&~$"';?^%]|https://|www\.|&lt;){1,24}"#) {
        prop_assume!(!text.trim().is_empty());
        assert_only_text(&text);
    }
}

/// What is known is there to be copied, and two apps keep their ticks apart.
#[test]
fn the_page_has_the_values() {
    let registry = built_in();
    let profile = registry.get("zscaler-sharepoint").expect("a profile");
    let page = rendered::html(&procedure(profile, &answers()));
    for known in [
        "<code>11111111-2222-3333-4444-555555555555</code>",
        "<code>99999999-8888-7777-6666-555555555555</code>",
        "<code>https://admin.example.com/</code>",
        "<code>0123456789ABCDEF0123456789ABCDEF01234567</code>",
        "<code>Contoso connector</code>",
        "<code>contoso.json</code>",
        "data-key=\"certkit/zscaler-sharepoint/11111111-2222-3333-4444-555555555555\"",
        "<a href=\"https://portal.azure.us\" target=\"_blank\" rel=\"noreferrer noopener\">",
        "<a href=\"https://login.microsoftonline.us/common/adminconsent?client_id=1111",
    ] {
        assert!(page.contains(known), "{known}");
    }
    let blank = rendered::html(&procedure(profile, &Answers::default()));
    assert!(blank.contains("data-key=\"certkit/zscaler-sharepoint/-\""));
}

/// Nothing is taken from elsewhere, and every link is to Microsoft or to the vendor's page.
#[test]
fn the_page_needs_nothing_else() {
    for profile in built_in().iter() {
        let page = rendered::html(&procedure(profile, &answers()));
        for outside in [" src=", "@import", "url(", "<link", "<iframe", "<form", "http-equiv=\"refresh\""] {
            assert!(!page.contains(outside), "{}: {outside}", profile.id);
        }
        for link in page.split("<a ").skip(1) {
            let href = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
            let known = ["#", "https://portal.azure.us", "https://login.microsoftonline.us/"];
            let source = profile.source.url.as_deref() == Some(href);
            assert!(source || known.iter().any(|known| href.starts_with(known)), "{}: {href}", profile.id);
        }
    }
    let mut profile = built_in().get("zscaler-mip").expect("a profile").clone();
    for elsewhere in
        ["javascript:alert(1)", "http://evil.example", "data:text/html,x", "https://u:p@evil.example"]
    {
        profile.source.url = Some(line(elsewhere));
        assert!(!rendered::html(&procedure(&profile, &Answers::default())).contains("href=\"javascript"));
        let page = rendered::html(&procedure(&profile, &Answers::default()));
        assert!(!page.contains(&format!("href=\"{elsewhere}")), "{elsewhere}");
    }
}

/// A file's name may hold anything: nothing of it moves the cursor or begins a line.
#[test]
fn names_of_files_are_shown_on_one_line() {
    let registry = built_in();
    let profile = registry.get("zscaler-sharepoint").expect("a profile");
    let name = "a\n\n# b\u{1b}[2J\u{202e}.cer";
    let files = Files { certificate: Some(name.into()), ..Files::default() };
    let procedure = procedure(profile, &Answers { files, ..Answers::default() });
    for page in [rendered::text(&procedure, 100), rendered::markdown(&procedure)] {
        assert!(!page.contains(['\u{1b}', '\u{202e}']));
        assert!(!page.lines().any(|line| line.starts_with("# b")), "{page}");
    }
    assert!(!rendered::html(&procedure).contains(['\u{1b}', '\u{202e}']));
}
