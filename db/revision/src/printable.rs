//! Makes text from files and servers safe for terminals and logs: characters that would move the cursor, reorder the
//! text or be invisible are escaped. Also computes the width of characters in columns.
//!
//! Pure. `xtask` and `verify` pass everything that they print through these functions.

use std::borrow::Cow;
use std::fmt::Write;

/// Escapes text of one or more lines: control characters, bidirectional controls and invisible characters become
/// `\u{…}`. Line ends and tabs are kept; `\r\n` becomes `\n`. Text that a CI system would interpret as a command
/// (`::error::`, `##vso[…]`) is broken up.
pub fn printable(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut at_start = true;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let is_command = match c {
            ':' => at_start && text[at..].starts_with("::"),
            _ => starts_command(&text[at..]),
        };
        match c {
            '\r' if rest.peek().is_some_and(|(_, next)| *next == '\n') => {}
            _ if is_command || is_hidden(c) => push_escaped(&mut shown, c),
            _ => shown.push(c),
        }
        at_start = c == '\n' || (at_start && c.is_whitespace());
    }
    Cow::Owned(shown)
}

/// Like [`printable`], for text that is shown on one line: line ends are escaped, too.
pub fn printable_line(text: &str) -> Cow<'_, str> {
    let shown = printable(text);
    if !shown.contains('\n') {
        return shown;
    }
    Cow::Owned(shown.replace('\n', "\\u{a}"))
}

/// Escapes the same characters as [`printable`] in a JSON text. Its value does not change, because they only occur in
/// strings.
pub fn printable_json(json: &str) -> Cow<'_, str> {
    if is_plain(json) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len() + 8);
    for (at, c) in json.char_indices() {
        if is_hidden(c) || starts_command(&json[at..]) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// The width in columns, on a terminal, of a character as [`printable`] shows it. Only the common blocks of Unicode are
/// covered: a caret that is off by one below a rare script costs less than a table that every release compiles.
pub fn columns(c: char) -> usize {
    if is_hidden(c) {
        return c.escape_unicode().len();
    }
    match c {
        // Combines with the previous character.
        '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => 0,
        // The blocks whose East Asian Width is wide or fullwidth throughout, and emoji.
        '\u{1100}'..='\u{115e}'
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
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Whether a terminal would interpret a character as a control, or hide it. Joiners are kept, because emoji and Persian
/// need them.
fn is_hidden(c: char) -> bool {
    is_format_control(c)
        || matches!(c,
            '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{115f}' | '\u{1160}'
            | '\u{2028}' | '\u{2029}' | '\u{3164}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}')
}

/// Whether a character is invisible and only affects others: soft hyphens, bidirectional and other format controls,
/// tags.
pub(crate) fn is_format_control(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether Azure Pipelines would interpret the text from here on as a command. It does so anywhere in a line.
fn starts_command(text: &str) -> bool {
    text.starts_with("##[") || text.starts_with("##vso[")
}

/// Whether a text needs no escaping, which is nearly always so.
fn is_plain(text: &str) -> bool {
    let is_ascii = text.bytes().all(|byte| (0x20..0x7f).contains(&byte) || byte == b'\n' || byte == b'\t');
    (is_ascii || !text.chars().any(is_hidden)) && !text.contains("::") && !text.contains("##")
}

fn push_escaped(shown: &mut String, c: char) {
    shown.extend(c.escape_unicode());
}

#[cfg(test)]
mod tests {
    use super::{columns, is_hidden, printable, printable_json, printable_line};

    #[test]
    fn terminal_controls_are_escaped() {
        for c in '\0'..=char::MAX {
            let text = format!("a{c}b");
            let shown = printable(&text);
            assert!(!shown.chars().any(is_hidden), "{c:?}");
            assert!(c.is_control() <= (is_hidden(c) || c == '\n' || c == '\t'), "{c:?}");
            assert_eq!(shown == text, !is_hidden(c), "{c:?}");
            if is_hidden(c) {
                assert_eq!(shown, format!("a{}b", c.escape_unicode()));
                assert_eq!(shown.len() - 2, columns(c), "{c:?}");
            }
            let json = serde_json::to_string(&text).expect("a string");
            let shown = printable_json(&json);
            assert!(!shown.chars().any(is_hidden), "{c:?}");
            assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), text);
        }
    }

    #[test]
    fn a_line_end_is_kept_or_escaped() {
        assert_eq!(printable("a\r\nb\n"), "a\nb\n");
        assert_eq!(printable("a\rb"), "a\\u{d}b");
        assert_eq!(printable_line("a\nerror: b"), "a\\u{a}error: b");
    }

    #[test]
    fn ci_commands_are_broken_up() {
        assert_eq!(printable("::add-mask::x\n  ::set-env::"), "\\u{3a}:add-mask::x\n  \\u{3a}:set-env::");
        assert_eq!(printable("x ##vso[task] ##[group]"), "x \\u{23}#vso[task] \\u{23}#[group]");
        assert_eq!(printable("x::text ## heading"), "x::text ## heading");
    }
}
