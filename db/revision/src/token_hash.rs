//! Checksums of statements that ignore formatting.

use sha2::Sha256;
use squawk_lexer::TokenKind;

use crate::checksum::Checksum;

/// The checksum of a statement's tokens. It ignores white space, comments, the closing semicolon, and the kind of line endings
/// inside strings.
#[derive(Debug, Default)]
pub(crate) struct TokenHash {
    /// The input of the hash. Hashing it at once is faster than a call for each token.
    bytes: Vec<u8>,
    /// The lexer splits multi-character operators into several tokens, but `<=` is not the same as `< =`.
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

/// The checksum of a COPY statement and its data.
pub(crate) struct CopyHash(Sha256);

impl CopyHash {
    pub(crate) fn new(statement: &Checksum) -> Self {
        use sha2::Digest;
        Self(Sha256::new_with_prefix(statement.as_bytes()))
    }

    /// Adds complete lines of data.
    pub(crate) fn lines(&mut self, lines: &str) {
        use sha2::Digest;
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
