//! A line of a file with a caret below a column, as rustc shows it. Text only: whoever prints it chooses the colours.

use crate::printable::{columns, printable_line};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snippet<'a> {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// The line itself.
    pub text: &'a str,
}

impl Snippet<'_> {
    /// As wide as the number of the line: what stands in front of every line without one.
    pub fn gutter(&self) -> String {
        " ".repeat(self.line.to_string().len())
    }

    /// The three lines, with `bar` for `|` and `caret` for `^`, which may be painted.
    pub fn render(&self, bar: &str, caret: &str) -> String {
        let Self { line, column, text } = self;
        let shown = printable_line(text);
        let gutter = self.gutter();
        let before = text.chars().take((*column as usize).saturating_sub(1));
        let indent: String = before.map(blank).collect();
        format!("{gutter} {bar}\n{line} {bar} {shown}\n{gutter} {bar} {indent}{caret}")
    }
}

/// What takes the place of a character on a terminal. A tab stays one: it ends at the same column in both lines.
fn blank(c: char) -> String {
    if c == '\t' { "\t".to_owned() } else { " ".repeat(columns(c)) }
}

#[cfg(test)]
mod tests {
    use super::Snippet;

    fn caret_line(text: &str, column: u32) -> String {
        let rendered = Snippet { line: 7, column, text }.render("|", "^");
        rendered.lines().last().unwrap_or_default().to_owned()
    }

    #[test]
    fn shows_the_line_between_its_neighbours() {
        let snippet = Snippet { line: 12, column: 8, text: "SELECT nme;" };
        assert_eq!(snippet.render("|", "^"), "   |\n12 | SELECT nme;\n   |        ^");
    }

    #[test]
    fn the_caret_is_below_its_character() {
        assert_eq!(caret_line("SELECT 1", 1), "  | ^");
        assert_eq!(caret_line("\tSELECT 'é' || x", 16), format!("  | \t{}^", " ".repeat(14)));
        assert_eq!(caret_line("'日本', x", 7), format!("  | {}^", " ".repeat(8)), "wide characters");
        assert_eq!(caret_line("'e\u{301}', x", 7), format!("  | {}^", " ".repeat(5)), "a combining accent");
        assert_eq!(caret_line("'🎉', x", 6), format!("  | {}^", " ".repeat(6)), "an emoji");
        assert_eq!(caret_line("'\u{1b}[1m', x", 9), format!("  | {}^", " ".repeat(13)), "an escape");
        assert_eq!(caret_line("short", 9), "  |      ^", "behind the end");
    }
}
