//! Checksums of statements that ignore formatting.

use sha2::{Digest, Sha256};
use squawk_lexer::TokenKind;

use crate::checksum::Checksum;

/// How much is hashed at once, in bytes.
const BLOCK: usize = 64 * 1024;

/// The checksum of a statement's tokens. It ignores white space, comments, the closing semicolon, and the kind of line endings
/// inside strings.
#[derive(Debug, Default)]
pub(crate) struct TokenHash {
    hash: Sha256,
    /// The next input of the hash. Hashing a block at once is faster than a call for each token.
    bytes: Vec<u8>,
    has_hashed: bool,
    /// The lexer splits multi-character operators into several tokens, but `<=` is not the same as `< =`.
    gap: bool,
    after_operator: bool,
}

impl TokenHash {
    pub(crate) fn gap(&mut self) {
        self.gap = true;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && !self.has_hashed
    }

    pub(crate) fn token(&mut self, kind: TokenKind, text: &str) {
        let is_operator = !matches!(kind, TokenKind::Ident | TokenKind::QuotedIdent { .. } | TokenKind::Literal { .. });
        if self.gap || !(is_operator && self.after_operator) {
            self.bytes.push(0);
        }
        self.gap = false;
        self.after_operator = is_operator;
        with_unix_line_ends(text, |part| self.add(part));
    }

    fn add(&mut self, part: &[u8]) {
        if self.bytes.len() + part.len() <= BLOCK {
            self.bytes.extend_from_slice(part);
            return;
        }
        self.hash.update(&self.bytes);
        self.hash.update(part);
        self.bytes.clear();
        self.has_hashed = true;
    }

    pub(crate) fn finish(mut self) -> Checksum {
        self.hash.update(&self.bytes);
        self.hash.into()
    }
}

/// The checksum of a COPY statement and its data.
pub(crate) struct CopyHash(Sha256);

impl CopyHash {
    pub(crate) fn new(statement: &Checksum) -> Self {
        Self(Sha256::new_with_prefix(statement.as_bytes()))
    }

    /// Adds complete lines of data.
    pub(crate) fn lines(&mut self, lines: &str) {
        with_unix_line_ends(lines, |part| self.0.update(part));
    }

    pub(crate) fn finish(self) -> Checksum {
        self.0.into()
    }
}

/// Passes on the text with `\r\n` as `\n`, so that a checkout on Windows is not an edit.
fn with_unix_line_ends<'a>(text: &'a str, mut part: impl FnMut(&'a [u8])) {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|&byte| byte == b'\r') {
        let is_line_end = rest.get(at + 1) == Some(&b'\n');
        part(&rest[..at + usize::from(!is_line_end)]);
        rest = &rest[at + 1..];
    }
    part(rest);
}
