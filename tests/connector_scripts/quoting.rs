//! Text comes out of a script as it went in.

use std::process::Command;

use certkit::{connector::line::Line, quote};
use proptest::prelude::*;

use crate::{HOSTILE, common};

/// Text that a [`Line`] takes, rich in what quoting goes wrong with.
fn line() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        prop::sample::select(
            "'\"`$\\%!&|;<>(){}[]*?~#= @,^-‘’‚‛“”\u{2013}äé中🔑".chars().collect::<Vec<_>>()
        ),
        any::<char>(),
        prop::char::range(' ', '~'),
    ];
    prop::collection::vec(character, 1..40)
        .prop_map(|characters| characters.into_iter().collect::<String>())
        .prop_filter("a line", |text| Line::try_from(text.clone()).is_ok())
}

/// What a shell hands to a program for these words.
fn printed(shell: &str, words: &[String]) -> Vec<String> {
    let script = format!("printf '%s\\0' {}", words.join(" "));
    let output = Command::new(shell).args(["-c", &script]).output().expect("the shell starts");
    assert!(output.status.success(), "{shell}: {}", common::text(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// What PowerShell makes of an expression of strings and UTF-16 units that are added up.
fn evaluated(expression: &str) -> String {
    let inner = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(expression);
    let (mut units, mut rest) = (Vec::new(), inner);
    while !rest.is_empty() {
        if let Some(number) = rest.strip_prefix("[char]0x") {
            units.push(u16::from_str_radix(&number[..4], 16).expect("four digits"));
            rest = &number[4..];
        } else {
            let mut text = rest.strip_prefix('\'').expect("a string begins");
            loop {
                let end = text.find('\'').expect("a string ends");
                units.extend(text[..end].encode_utf16());
                text = &text[end + 1..];
                match text.strip_prefix('\'') {
                    Some(more) => {
                        units.push(u16::from(b'\''));
                        text = more;
                    }
                    None => break,
                }
            }
            rest = text;
        }
        rest = rest.strip_prefix(" + ").unwrap_or(rest);
    }
    String::from_utf16(&units).expect("whole characters")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_shell_hands_on_what_was_quoted(mut lines in prop::collection::vec(line(), 1..60)) {
        lines.push(HOSTILE.into());
        let words: Vec<String> = lines.iter().map(|line| quote::word(line)).collect();
        for shell in ["sh", "bash", "dash"] {
            if common::has_peer(shell, "quoting for shells") {
                prop_assert_eq!(&printed(shell, &words), &lines, "{}", shell);
            }
        }
    }
}

proptest! {
    #[test]
    fn powershell_gets_ascii_that_means_the_same(line in line()) {
        let expression = quote::powershell(&line);
        prop_assert!(expression.is_ascii() && !expression.contains('\n'), "{}", expression);
        prop_assert_eq!(evaluated(&expression), line);
    }
}
