//! PEM armour (RFC 7468): text around DER. Written strictly, read as leniently as people paste it.

mod pasted;

use der::pem::{LineEnding, encode_string};
use zeroize::Zeroizing;

pub(crate) use pasted::{base64, from_utf16, is_utf16};

use crate::{
    error::{Error, Result},
    limits,
    secret::SecretBytes,
};

/// One armoured block.
pub(crate) struct Block {
    /// The words between `BEGIN` and the dashes, such as `CERTIFICATE`.
    pub(crate) label: String,
    /// What the base64 encodes.
    pub(crate) der: SecretBytes,
    /// The value of `DEK-Info` where the block is encrypted in OpenSSL's traditional way.
    pub(crate) dek_info: Option<String>,
}

/// A block that begins or ends and cannot be read.
pub(crate) struct Broken {
    /// The words between `BEGIN` or `END` and the dashes.
    pub(crate) label: String,
    /// What is wrong with it.
    pub(crate) detail: String,
    /// How much text there is.
    pub(crate) octets: usize,
}

/// What a text holds.
#[derive(Default)]
pub(crate) struct Armored {
    /// The blocks that can be read, in order.
    pub(crate) blocks: Vec<Block>,
    /// Those that cannot.
    pub(crate) broken: Vec<Broken>,
    /// Whether some could be read only after undoing what pasting had done to them.
    pub(crate) mended: bool,
}

impl Armored {
    /// Whether no block begins or ends in the text.
    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.broken.is_empty()
    }

    /// Its blocks, all of them whole.
    ///
    /// # Errors
    /// [`Error::Damaged`] for the first one that is not.
    pub(crate) fn whole(&self) -> Result<&[Block]> {
        match self.broken.first() {
            Some(broken) => Err(broken.error()),
            None => Ok(&self.blocks),
        }
    }
}

impl Broken {
    pub(crate) fn error(&self) -> Error {
        Error::damaged("PEM", format!("the block \"{}\": {}", self.label, self.detail))
    }
}

/// Whether a text holds the first or the last line of a block, however its dashes were written.
pub(crate) fn is_armored(text: &[u8]) -> bool {
    pasted::Marks::new(text).next().is_some()
}

/// Finds every block in a text; what stands around them is skipped, as OpenSSL skips it. Each
/// block stands for itself: one that is broken costs no other.
///
/// # Errors
/// [`Error::TooMany`].
pub(crate) fn decode(text: &[u8]) -> Result<Armored> {
    let mut found = Armored::default();
    let mut open: Option<pasted::Mark> = None;
    let (mut begun, mut passed) = (0usize, 0usize);
    for mark in pasted::Marks::new(text) {
        let (start, stop) = (mark.start, mark.stop);
        match (open.take(), mark.ends) {
            (Some(begin), true) => found.add(text, &begin, Some(&mark)),
            (Some(begin), false) => {
                found.add(text, &begin, None);
                open = Some(mark);
            }
            (None, false) => open = Some(mark),
            // Words between other dashes are text ("--END OF FILE--") unless both lines are there.
            (None, true) if mark.odd => {}
            // What stands above it may be a block whose first line was not copied.
            (None, true) => found.broken.push(Broken {
                detail: format!("it has no \"-----BEGIN {}-----\"", mark.label),
                octets: start.saturating_sub(passed),
                label: mark.label,
            }),
        }
        passed = stop;
        begun += 1;
        if begun > 2 * limits::ENTRIES {
            return Err(Error::TooMany { what: "PEM blocks", limit: limits::ENTRIES });
        }
    }
    if let Some(begin) = open {
        found.add(text, &begin, None);
    }
    Ok(found)
}

impl Armored {
    fn add(&mut self, text: &[u8], begin: &pasted::Mark, end: Option<&pasted::Mark>) {
        // One run of dashes may end the first line and begin the last: nothing is between them.
        let stop = end.map_or(text.len(), |end| end.start.max(begin.stop));
        if end.is_none() && begin.odd {
            return;
        }
        let body = &text[begin.stop..stop];
        let outcome = match end {
            None => Err(format!("it has no \"-----END {}-----\"", begin.label)),
            Some(end) if end.label != begin.label => Err(format!("it ends as \"{}\"", end.label)),
            Some(_) => read_body(&begin.label, body),
        };
        match outcome {
            Ok((block, mended)) => {
                // Other readers want the first line to be a line of its own.
                let line_ends = body.iter().find(|octet| !matches!(octet, b' ' | b'\t'));
                self.mended |= mended || begin.odd || !matches!(line_ends, Some(b'\n' | b'\r'));
                self.blocks.push(block);
            }
            Err(detail) => {
                self.broken.push(Broken { label: begin.label.clone(), detail, octets: body.len() });
            }
        }
    }
}

/// A way to undo what pasting does to a block; `None` where it does not apply.
type Mend = fn(&[u8]) -> Option<Zeroizing<Vec<u8>>>;

/// What stands between a block's two lines; whether it had to be mended.
fn read_body(label: &str, body: &[u8]) -> std::result::Result<(Block, bool), String> {
    let as_it_stands = read_plain(label, body);
    if as_it_stands.is_ok() {
        return as_it_stands.map(|block| (block, false));
    }
    let attempts: [Mend; 4] = [
        |body| Some(pasted::typed_breaks(body)),
        |body| Some(pasted::unindented(body)),
        pasted::with_headers,
        |body| Some(pasted::bare(body)),
    ];
    match attempts.iter().find_map(|mend| read_plain(label, &mend(body)?).ok()) {
        Some(block) => Ok((block, true)),
        None => as_it_stands.map(|block| (block, false)),
    }
}

fn read_plain(label: &str, body: &[u8]) -> std::result::Result<Block, String> {
    // Headers have colons, base64 has none. Each header takes many times its room.
    if body.iter().filter(|octet| **octet == b':').count() > limits::PEM_HEADERS {
        return Err(format!("it has more than {} header lines", limits::PEM_HEADERS));
    }
    // A blank line would end the headers of RFC 1421, of which there are none at the end.
    let body = body.trim_ascii_end();
    let mut text = Zeroizing::new(Vec::with_capacity(body.len() + 2 * label.len() + 40));
    for part in
        [b"-----BEGIN ", label.as_bytes(), b"-----\n", body, b"\n-----END ", label.as_bytes(), b"-----\n"]
    {
        text.extend_from_slice(part);
    }
    let block = pem::parse(&*text).map_err(|error| plain_reason(&error))?;
    if block.contents().is_empty() {
        return Err("nothing stands between its two lines".into());
    }
    Ok(Block {
        label: label.to_owned(),
        dek_info: block.headers().get("DEK-Info").map(str::to_owned),
        der: SecretBytes::new(block.into_contents()),
    })
}

/// Canonical PEM: 64 columns, LF, one final newline.
///
/// # Errors
/// [`Error::Internal`] only.
pub(crate) fn encode(label: &str, der: &[u8]) -> Result<Zeroizing<String>> {
    encode_string(label, LineEnding::LF, der)
        .map(Zeroizing::new)
        .map_err(|error| Error::Internal(format!("encoding PEM failed: {error}")))
}

fn plain_reason(error: &pem::PemError) -> String {
    match error {
        pem::PemError::InvalidData(_) => "between its lines there is something other than base64".into(),
        _ => "its armour does not hold together".into(),
    }
}
