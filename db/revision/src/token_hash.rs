//! The checksum of what a statement means to the server.

use sha2::Sha256;
use squawk_lexer::TokenKind;

use crate::checksum::Checksum;

/// A checksum of the tokens of a statement, without white space, comments and the kind of line ends inside its strings. The closing
/// semicolon is not part of it.
#[derive(Debug, Default)]
pub(crate) struct TokenHash {
    /// What is hashed, in one go: a call for each token takes longer than the hashing.
    bytes: Vec<u8>,
    /// Operators of several characters come as several tokens: `<=` is not `< =`.
    gap: bool,
    after_operator: bool,
}

impl TokenHash {
    pub(crate) fn gap(&mut self) {
        self.gap = true;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn token(&mut self, kind: TokenKind, text: &str) {
        let is_operator = !matches!(kind, TokenKind::Ident | TokenKind::QuotedIdent { .. } | TokenKind::Literal { .. });
        if self.gap || !(is_operator && self.after_operator) {
            self.bytes.push(0);
        }
        self.gap = false;
        self.after_operator = is_operator;
        with_unix_line_ends(text, |part| self.bytes.extend_from_slice(part));
    }

    pub(crate) fn finish(self) -> Checksum {
        Checksum::of(&self.bytes)
    }
}

/// The checksum of a COPY with its data.
pub(crate) struct CopyHash(Sha256);

impl CopyHash {
    pub(crate) fn new(statement: &Checksum) -> Self {
        use sha2::Digest;
        Self(Sha256::new_with_prefix(statement.as_bytes()))
    }

    /// Adds whole lines of the data.
    pub(crate) fn lines(&mut self, lines: &str) {
        use sha2::Digest;
        with_unix_line_ends(lines, |part| self.0.update(part));
    }

    pub(crate) fn finish(self) -> Checksum {
        self.0.into()
    }
}

/// The parts of a text as if its lines ended in `\n`: a checkout on Windows is no edit.
fn with_unix_line_ends<'a>(text: &'a str, mut part: impl FnMut(&'a [u8])) {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|&byte| byte == b'\r') {
        let is_line_end = rest.get(at + 1) == Some(&b'\n');
        part(&rest[..at + usize::from(!is_line_end)]);
        rest = &rest[at + 1..];
    }
    part(rest);
}
