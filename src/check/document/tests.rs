use proptest::prelude::*;

use super::*;
use crate::finding::Place;

type Reading = (Vec<(String, String)>, Vec<(Departure, Place)>);

fn reading(text: &str) -> Reading {
    let document = read(text).unwrap();
    let texts = document.members.iter().filter_map(|member| match &member.value {
        Value::Text { text, .. } => Some(((*member.name).clone(), (**text).clone())),
        Value::Nested | Value::Other => None,
    });
    let places = document.departures.iter().map(|(what, at)| (*what, Place::of(text, *at))).collect();
    (texts.collect(), places)
}

fn place(line: usize, column: usize) -> Place {
    Place { line, column }
}

#[test]
fn what_was_meant_is_read_and_what_is_wrong_is_told() {
    let meant = vec![("a".to_owned(), "x\ny".to_owned()), ("b".to_owned(), "z".to_owned())];
    for (text, expected) in [
        ("{\"a\":\"x\\ny\",\"b\":\"z\"}", vec![]),
        (
            "{“a”:\"x\\ny\",\"b\":\"z\"}",
            vec![(Departure::Quote('“'), place(1, 2)), (Departure::Quote('”'), place(1, 4))],
        ),
        (
            "{\"a”: “x\\ny\",\"b\":\"z\"}",
            vec![(Departure::Quote('”'), place(1, 4)), (Departure::Quote('“'), place(1, 7))],
        ),
        ("{'a':\"x\\ny\",\"b\":'z'}", [2, 4, 17, 19].map(|at| (Departure::Quote('\''), place(1, at))).into()),
        ("{\"a\":\"x\ny\",\"b\":\"z\"}", vec![(Departure::RawLineBreak, place(1, 8))]),
        ("{\"a\":\"x\\ny\",\"b\":\"z\",}", vec![(Departure::ExtraComma, place(1, 20))]),
        ("{\"a\":\"x\\ny\"\n\"b\":\"z\"}", vec![(Departure::MissingComma, place(2, 1))]),
        ("{\"a\":\"x\\ny\",\"b\":\"z\"", vec![(Departure::MissingEnd, place(1, 20))]),
        ("{\u{a0}\"a\":\"x\\ny\",\"b\":\"z\"}", vec![(Departure::OddBlank('\u{a0}'), place(1, 2))]),
        ("{a:\"x\\ny\",\"b\":\"z\"}", vec![(Departure::Unquoted, place(1, 2))]),
        (
            "{\"a\"：\"x\\ny\"，\"b\":\"z\"}",
            vec![(Departure::FullWidth('：'), place(1, 5)), (Departure::FullWidth('，'), place(1, 12))],
        ),
        (
            "json:\n{\"a\":\"x\\ny\",\"b\":\"z\"};",
            vec![(Departure::TextAround, place(1, 1)), (Departure::TextAround, place(2, 21))],
        ),
        ("{\"a\":\"x\\ny\",\"n\":[1,{\"}\":2}],\"b\":\"z\",\"t\":true}", vec![]),
    ] {
        let (texts, departures) = reading(text);
        assert_eq!(texts, meant, "{text}");
        assert_eq!(departures, expected, "{text}");
    }
    assert_eq!(reading("{\"a\":\"\\-\\u00e9\\ud83d\\ude00\\ud800\"}").0[0].1, "-é😀\\ud800");
}

#[test]
fn what_cannot_be_read_says_where() {
    for (text, at) in
        [("", 0), ("x", 0), ("{\"a\" 3}", 5), ("{\"a\":\"x", 6), ("{\"a\":}", 5), ("{\"a\":\"x\" & }", 9)]
    {
        assert_eq!(read(text).err().map(|error| error.at), Some(at), "{text}");
    }
}

proptest! {
    /// What is JSON is read as any reader reads it, and nothing is wrong with it.
    #[test]
    fn json_is_read_as_json(members in prop::collection::btree_map("\\PC{0,8}", "[\\PC\\n\\t\"“”'\\\\]{0,40}", 0..5)) {
        let text = serde_json::to_string(&members).unwrap();
        let (texts, departures) = reading(&text);
        prop_assert_eq!(departures, vec![]);
        prop_assert_eq!(texts.into_iter().collect::<std::collections::BTreeMap<_, _>>(), members);
    }

    /// Any text is read to an end, and every place is in it.
    #[test]
    fn any_text_comes_to_an_end(text in "[{}\\[\\]\",:'“”a1\\\\u\\n \\PC]{0,80}") {
        match read(&text) {
            Ok(document) => prop_assert!(document.departures.iter().all(|(_, at)| *at <= text.len())),
            Err(unreadable) => prop_assert!(unreadable.at <= text.len()),
        }
    }
}
