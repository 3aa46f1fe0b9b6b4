//! Renders a line of a file with a caret below a column, as rustc does. The caller supplies colors.

use crate::printable::{columns, printable_line};

/// A line of a file and a column in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snippet<'a> {
    /// The line number, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The text of the line.
    pub text: &'a str,
}

impl Snippet<'_> {
    /// Padding as wide as the line number, for the lines without one.
    pub fn gutter(&self) -> String {
        " ".repeat(self.line.to_string().len())
    }

    /// Renders the snippet as three lines. `bar` and `caret` are `|` and `^`, colored if desired.
    pub fn render(&self, bar: &str, caret: &str) -> String {
        let Self { line, column, text } = self;
        let shown = printable_line(text);
        let gutter = self.gutter();
        let before = text.chars().take((*column as usize).saturating_sub(1));
        let indent: String = before.map(blank).collect();
        format!("{gutter} {bar}\n{line} {bar} {shown}\n{gutter} {bar} {indent}{caret}")
    }
}

/// White space as wide as a character on a terminal. A tab stays a tab, so that it ends at the same column in both lines.
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
    fn renders_three_lines() {
        let snippet = Snippet { line: 12, column: 8, text: "SELECT nme;" };
        assert_eq!(snippet.render("|", "^"), "   |\n12 | SELECT nme;\n   |        ^");
    }

    #[test]
    fn the_caret_is_below_the_character() {
        assert_eq!(caret_line("SELECT 1", 1), "  | ^");
        assert_eq!(caret_line("\tSELECT 'é' || x", 16), format!("  | \t{}^", " ".repeat(14)));
        assert_eq!(caret_line("'日本', x", 7), format!("  | {}^", " ".repeat(8)), "wide characters");
        assert_eq!(caret_line("'e\u{301}', x", 7), format!("  | {}^", " ".repeat(5)), "a combining accent");
        assert_eq!(caret_line("'🎉', x", 6), format!("  | {}^", " ".repeat(6)), "an emoji");
        assert_eq!(caret_line("'\u{1b}[1m', x", 9), format!("  | {}^", " ".repeat(13)), "an escape");
        assert_eq!(caret_line("short", 9), "  |      ^", "past the end of the line");
    }
}
