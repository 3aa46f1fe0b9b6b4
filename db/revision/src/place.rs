//! Positions in a file as line and column.

/// A position in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Place {
    /// The beginning of a file.
    pub const START: Self = Self { line: 1, column: 1 };

    /// Locates a byte of a text that begins here.
    pub fn excerpt(self, text: &str, byte: usize) -> Excerpt {
        Excerpt::of(text, self, byte)
    }

    /// The position at the end of `text`, if `text` begins here.
    #[must_use]
    pub fn after(self, text: &str) -> Self {
        match text.rfind('\n') {
            None => Self { line: self.line, column: self.column + text.chars().count() as u32 },
            Some(newline) => Self {
                line: self.line + text.bytes().filter(|&byte| byte == b'\n').count() as u32,
                column: 1 + text[newline + 1..].chars().count() as u32,
            },
        }
    }

    /// The byte of `text` at this position, if `text` is a whole file; the end of the text if it has no such position.
    pub fn byte_in(self, text: &str) -> usize {
        let lines = text.split_inclusive('\n').take(self.line.saturating_sub(1) as usize);
        let start: usize = lines.map(str::len).sum();
        let before = text[start..].chars().take(self.column.saturating_sub(1) as usize);
        start + before.map(char::len_utf8).sum::<usize>()
    }
}

/// A position and the text of its line, for display above a caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The position.
    pub place: Place,
    /// The text of the line. The part before the excerpted text is blank.
    pub line: String,
}

impl Excerpt {
    /// Locates a byte of `text`, which begins at `start` in its file.
    pub(crate) fn of(text: &str, start: Place, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let first = before.rfind('\n').map_or(0, |newline| newline + 1);
        let indent = if first == 0 { " ".repeat(start.column as usize - 1) } else { String::new() };
        let line = text[first..].lines().next().unwrap_or_default();
        Self { place: start.after(before), line: indent + line }
    }
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, Place};

    #[test]
    fn counts_lines_and_characters() {
        assert_eq!(Place::START.after("é, ü"), Place { line: 1, column: 5 });
        assert_eq!(Place { line: 3, column: 7 }.after("a\nb\nçd"), Place { line: 5, column: 3 });
    }

    #[test]
    fn a_byte_and_its_position() {
        let text = "é\nüx\n\nend";
        for (byte, _) in text.char_indices() {
            assert_eq!(Place::START.after(&text[..byte]).byte_in(text), byte);
        }
        assert_eq!(Place { line: 9, column: 1 }.byte_in(text), text.len());
    }

    #[test]
    fn an_excerpt_has_the_line_of_the_file() {
        let start = Place { line: 4, column: 3 };
        let excerpt = Excerpt::of("select\n  x;", start, 9);
        assert_eq!(excerpt, Excerpt { place: Place { line: 5, column: 3 }, line: "  x;".to_owned() });
        let excerpt = Excerpt::of("select x;", start, 7);
        assert_eq!(excerpt, Excerpt { place: Place { line: 4, column: 10 }, line: "  select x;".to_owned() });
    }
}
