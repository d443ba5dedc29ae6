//! A connector's procedure in each of its forms: everything that the profile says is there, it can
//! be read by others, and nothing that a profile says becomes markup.

use certkit::{
    connector::{
        Answers, Cloud, Guid, Profile, RedirectUri, Registry,
        answers::Files,
        line::Line,
        procedure::{Part, Procedure, Value, procedure},
        profile::{Api, Audience, ConsentWay, Permission, Role, Tab},
    },
    report::connector::{list, procedure as rendered},
};
use html5ever::{ParseOpts, parse_document, tendril::TendrilSink, tree_builder::TreeBuilderOpts};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::json;

fn built_in() -> Registry {
    Registry::built_in()
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
        },
        ..Answers::default()
    }
}

/// Text without its line breaks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Everything that a reader has to find, in the order in which it has to stand; a table's row is one
/// text, so that a reason stands with its permission or is missed.
fn said(procedure: &Procedure<'_>, row: impl Fn(&str, &str, &str) -> String) -> Vec<String> {
    let profile = procedure.profile;
    let mut said =
        vec![profile.name.to_string(), profile.summary.to_string(), profile.source.page.to_string()];
    said.push(format!("read on {}", profile.source.read));
    for step in &procedure.steps {
        said.push(step.title.clone());
        said.extend(step.who.as_ref().map(|who| format!("Who may: {who}")));
        step.parts.iter().for_each(|part| said.extend(said_by(part, &row)));
    }
    said.push("What goes wrong".into());
    said.extend(procedure.traps.iter().cloned());
    said.push("Where certkit departs from the page".into());
    said.extend(profile.departures.iter().map(ToString::to_string));
    said.iter().map(|text| flat(text)).collect()
}

fn said_by(part: &Part<'_>, row: impl Fn(&str, &str, &str) -> String) -> Vec<String> {
    let bracketed = |note: Option<&str>| note.map(|note| format!(" ({note})")).unwrap_or_default();
    match part {
        Part::Command(text) | Part::Say(text) => vec![text.clone()],
        Part::Warning(text) => vec![format!("Mind: {text}")],
        Part::Do(actions) => actions.clone(),
        Part::Value { name, value, note } => {
            let (Value::Known(text) | Value::Missing(text)) = value;
            let note = note.as_ref().map(|note| format!("({note})"));
            [name.clone(), text.clone()].into_iter().chain(note).collect()
        }
        Part::Permissions { api, kind, rows } => {
            let head = [&*api.tile, kind.in_portal()].map(str::to_owned).into_iter();
            let rows = rows.iter().map(|permission| {
                let why = permission.why.iter().map(|why| &**why).collect::<Vec<_>>().join("; ");
                let why = if why.is_empty() { "the page gives no reason".to_owned() } else { why };
                let why = why + &bracketed(permission.note.as_deref());
                row(&permission.value, permission.id.as_str(), &why)
            });
            head.chain(api.note.as_ref().map(ToString::to_string)).chain(rows).collect()
        }
        Part::Roles(roles) => {
            let why = |role: &Role| role.why.to_string() + &bracketed(role.note.as_deref());
            roles.iter().map(|role| row(&role.name, role.id.as_str(), &why(role))).collect()
        }
    }
}

/// What stands beside the rows: ids of APIs, and what the page calls them.
fn said_of_apis(profile: &Profile) -> Vec<String> {
    let called = |api: &Api| api.page_name.as_ref().map(|name| format!("the page calls it {name}"));
    profile.apis.iter().flat_map(|api| [format!("API {}", api.id)].into_iter().chain(called(api))).collect()
}

#[track_caller]
fn assert_in_order(page: &str, said: &[String], what: &str) {
    let mut rest = page;
    for said in said {
        let at = rest
            .find(said.as_str())
            .unwrap_or_else(|| panic!("{what}: {said:?} does not follow in {rest:.400}"));
        rest = &rest[at + said.len()..];
    }
}

/// In every form of every profile, with and without values filled in, everything is said, row by row.
#[test]
fn every_form_says_everything() {
    for profile in built_in().iter() {
        for answers in [Answers::default(), answers()] {
            let procedure = procedure(profile, &answers);
            let in_text = said(&procedure, |name, id, why| format!("{name} {id} {why}"));
            let in_tables = said(&procedure, |name, id, why| format!("{name} {why} {id}"));
            let forms = [
                ("text of 60", flat(&rendered::text(&procedure, 60)), &in_text),
                ("text of 100", flat(&rendered::text(&procedure, 100)), &in_text),
                ("markdown", flat(&markdown(&rendered::markdown(&procedure)).text), &in_tables),
                ("html", flat(&html(&rendered::html(&procedure)).text), &in_tables),
            ];
            for (form, page, said) in forms {
                assert_in_order(&page, said, &format!("{} as {form}", profile.id));
                for said in said_of_apis(profile) {
                    assert!(page.contains(&said), "{} as {form}: {said}", profile.id);
                }
            }
        }
    }
}

/// The JSON document has every fact where it belongs.
#[test]
fn the_document_says_everything() {
    for profile in built_in().iter() {
        let procedure = procedure(profile, &answers());
        let json: serde_json::Value =
            serde_json::from_str(&rendered::json(&procedure)).expect("one JSON document");
        assert_eq!(json["schema"], "certkit.connector-show/1");
        assert_eq!(json["connector"], profile.id.as_str());
        let shown = &json["profile"];
        let lines = |lines: &[Line]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        let note = |note: &Option<Line>| note.as_ref().map(ToString::to_string);
        let api = |api: &Api| {
            let permission = |permission: &Permission| {
                let Permission { value, id, kind, why, note: known } = permission;
                json!({"value": **value, "id": id.as_str(), "kind": kind.word(), "why": lines(why), "note": note(known)})
            };
            let tab = if api.tab == Tab::Microsoft { "microsoft" } else { "organization" };
            let permissions = api.permissions.iter().map(permission).collect::<Vec<_>>();
            json!({"name": *api.name, "id": api.id.as_str(), "tile": *api.tile, "page_name": note(&api.page_name), "tab": tab, "note": note(&api.note), "permissions": permissions})
        };
        assert_eq!(shown["apis"], json!(profile.apis.iter().map(api).collect::<Vec<_>>()), "{}", profile.id);
        let role = |role: &Role| json!({"name": *role.name, "id": role.id.as_str(), "why": *role.why, "note": note(&role.note)});
        assert_eq!(shown["roles"], json!(profile.roles.iter().map(role).collect::<Vec<_>>()));
        assert_eq!(shown["traps"], json!(procedure.traps));
        assert_eq!(shown["departures"], json!(lines(&profile.departures)));
        let steps = json["steps"].as_array().expect("steps");
        assert_eq!(steps.len(), procedure.steps.len());
        for (shown, step) in steps.iter().zip(&procedure.steps) {
            assert_eq!((&shown["id"], &shown["title"]), (&json!(step.id), &json!(step.title)));
            assert_eq!(shown["who"], json!(step.who));
            let parts = step.parts.iter().map(part_of_document).collect::<Vec<_>>();
            assert_eq!(shown["parts"], json!(parts), "{}", profile.id);
        }
    }
}

fn part_of_document(part: &Part<'_>) -> serde_json::Value {
    match part {
        Part::Command(command) => json!({"part": "command", "command": command}),
        Part::Do(actions) => json!({"part": "do", "actions": actions}),
        Part::Permissions { api, kind, rows } => {
            let values = rows.iter().map(|row| &*row.value).collect::<Vec<_>>();
            json!({"part": "permissions", "api": api.id.as_str(), "kind": kind.word(), "permissions": values})
        }
        Part::Roles(roles) => {
            json!({"part": "roles", "roles": roles.iter().map(|role| &*role.name).collect::<Vec<_>>()})
        }
        Part::Say(text) => json!({"part": "say", "text": text}),
        Part::Value { name, value, note } => {
            let (known, missing) = match value {
                Value::Known(text) => (Some(text), None),
                Value::Missing(text) => (None, Some(text)),
            };
            json!({"part": "value", "name": name, "known": known, "missing": missing, "note": note})
        }
        Part::Warning(text) => json!({"part": "warning", "text": text}),
    }
}

/// Whoever consents by an address is told what goes wrong with one, whoever's the profile is; who
/// consents in the portal is not.
#[test]
fn traps_follow_from_the_way_to_consent() {
    let registry = built_in();
    let mut profile = registry.get("zscaler-mip").expect("a profile").clone();
    profile.traps = vec![line("its own")];
    let codes = |profile: &Profile| {
        let traps = procedure(profile, &Answers::default()).traps;
        assert_eq!(traps[0], "its own");
        let code = |trap: &String| trap.split("AADSTS").nth(1).map(|rest| rest[..5].to_owned());
        traps.iter().filter_map(code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&profile), ["50011", "50194"]);
    profile.registration.audience = Audience::SingleTenant;
    assert_eq!(codes(&profile), ["50011"]);
    profile.consent.by = ConsentWay::Portal;
    assert_eq!(codes(&profile), [""; 0]);
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
            .chain(profile.source.url.as_ref().map(|url| url.as_str()))
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
            let source = profile.source.url.as_ref().is_some_and(|url| url.as_str() == href);
            assert!(source || known.iter().any(|known| href.starts_with(known)), "{}: {href}", profile.id);
        }
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
