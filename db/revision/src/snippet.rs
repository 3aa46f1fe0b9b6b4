//! Renders a line of a file with a caret below a column, as rustc does. The caller supplies colors.

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
        let gutter = self.gutter();
        let before = text.chars().take((*column as usize).saturating_sub(1));
        let indent: String = before.map(blank).collect();
        format!("{gutter} {bar}\n{line} {bar} {text}\n{gutter} {bar} {indent}{caret}")
    }
}

/// White space as wide as a character on a terminal. A tab stays a tab, so that it ends at the same column in both lines.
fn blank(c: char) -> &'static str {
    match c {
        '\t' => "\t",
        _ if is_mark(c) => "",
        _ if is_wide(c) => "  ",
        _ => " ",
    }
}

/// Whether a terminal draws the character over the previous one. Covers the common blocks, not all of Unicode: a caret that is
/// off by one in a rare script costs less than a table that every release compiles.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether a terminal uses two columns for the character: the blocks that Unicode's East Asian Width lists as entirely wide or
/// fullwidth, and emoji.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}')
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
        assert_eq!(caret_line("short", 9), "  |      ^", "past the end of the line");
    }
}
