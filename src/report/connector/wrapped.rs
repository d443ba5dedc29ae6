//! Text for a terminal of some width. Nothing reaches it uncleaned that goes over several lines.

use crate::report::text::clean;

/// The widths that lines are broken at, in characters: narrower than the first nothing is aligned
/// any more, wider than the second nobody reads.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=100;

/// What is written so far, and how wide.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) width: usize,
}

impl Page {
    /// An empty one.
    pub(super) fn new(width: usize) -> Self {
        Self { text: String::new(), width: width.clamp(*WIDTHS.start(), *WIDTHS.end()) }
    }

    /// A line as it is.
    pub(super) fn line(&mut self, indent: usize, words: &str) {
        self.text.push_str(format!("{:indent$}{words}", "").trim_end());
        self.text.push('\n');
    }

    /// Words broken at the width: `first` before the first line, blanks before the others.
    pub(super) fn wrapped(&mut self, first: &str, indent: usize, words: &str) {
        let words = clean(words);
        let mut line = first.to_owned();
        let mut begun = false;
        for word in words.split_whitespace() {
            if begun && line.chars().count() + 1 + word.chars().count() > self.width {
                self.line(0, &line);
                line = " ".repeat(indent);
                begun = false;
            }
            if begun {
                line.push(' ');
            }
            line.push_str(word);
            begun = true;
        }
        self.line(0, &line);
    }
}
