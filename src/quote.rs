//! Words of other programs' languages: what a person pastes into a shell, and what stands in a
//! script. Each function takes any text and returns that text and nothing else, whatever stands
//! around it.

/// One word of a POSIX shell, plain where nothing in it has a meaning. Between single quotation marks
/// nothing has one but the mark itself (POSIX.1-2024, Shell Command Language, section 2.2.2). A
/// leading `=` is plain to POSIX and the name of a program to zsh.
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./+:@%=,".contains(c);
    if !text.is_empty() && !text.starts_with('=') && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The name of a file as a word of a POSIX shell that no program takes for an option.
#[must_use]
pub fn argument(file: &str) -> String {
    if file.starts_with('-') { word(&format!("./{file}")) } else { word(file) }
}

/// One expression of PowerShell, in ASCII: Windows PowerShell 5.1 reads a script without a byte
/// order mark in the system's code page, and every PowerShell takes the typographic marks U+2018 to
/// U+201B for single quotation marks. So whatever is not ASCII is written as the number of its
/// UTF-16 unit.
#[must_use]
pub fn powershell(text: &str) -> String {
    let mut parts = Vec::new();
    let mut run = String::new();
    for c in text.chars() {
        match c {
            '\'' => run.push_str("''"),
            ' '..='~' => run.push(c),
            other => {
                // The first part is a string, even if an empty one: two numbers would be added up.
                if parts.is_empty() || !run.is_empty() {
                    parts.push(format!("'{}'", std::mem::take(&mut run)));
                }
                let mut units = [0; 2];
                let units = other.encode_utf16(&mut units).iter();
                parts.extend(units.map(|unit| format!("[char]0x{unit:04X}")));
            }
        }
    }
    if parts.is_empty() || !run.is_empty() {
        parts.push(format!("'{run}'"));
    }
    if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(" + ")) }
}

/// Words for a comment of PowerShell, ASCII for the same reason; what is not shows as `?`.
#[must_use]
pub fn ascii(text: &str) -> String {
    text.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_as_they_are() {
        assert_eq!(word("Sites.Read.All"), "Sites.Read.All");
        assert_eq!(word("--cn=a:b@c%20,d+e"), "--cn=a:b@c%20,d+e");
        assert_eq!(word(""), "''");
        assert_eq!(word("=ls"), "'=ls'");
        assert_eq!(word("größe"), "'größe'");
        assert_eq!(word("it's $HOME `x`"), r"'it'\''s $HOME `x`'");
    }

    #[test]
    fn powershell_gets_ascii_alone() {
        assert_eq!(powershell("it's $x `n"), "'it''s $x `n'");
        assert_eq!(powershell("\u{2019}"), "('' + [char]0x2019)");
        assert_eq!(powershell("a\u{1f511}b"), "('a' + [char]0xD83D + [char]0xDD11 + 'b')");
        assert_eq!(powershell(""), "''");
        assert_eq!(ascii("Größe"), "Gr??e");
    }
}
