//! Names, strings and comments as TypeScript. Whatever a database contains can't end them.

use std::fmt::Write as _;

/// A string literal, with the quotes that need fewer escapes.
pub(crate) fn literal(text: &str) -> String {
    let quote = if text.matches('\'').count() > text.matches('"').count() { '"' } else { '\'' };
    let mut escaped = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\\' => escaped.push_str("\\\\"),
            _ if c == quote => escaped.extend(['\\', c]),
            _ => push(&mut escaped, c),
        }
    }
    escaped.push(quote);
    escaped
}

/// The name of a property, quoted if it has to be.
pub(crate) fn property(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    match name.chars().all(is_plain) && name.starts_with(|c: char| !c.is_ascii_digit()) {
        true => name.to_owned(),
        false => literal(name),
    }
}

/// Lines of a comment.
pub(crate) fn comment(text: &str) -> String {
    lines(text).iter().fold(String::new(), |all, line| all + format!("// {line}").trim_end() + "\n")
}

/// A doc comment, or nothing for an empty text.
pub(crate) fn doc(text: Option<&str>, indent: &str) -> String {
    let lines = lines(text.unwrap_or_default().trim());
    let lines: Vec<String> = lines.iter().map(|line| line.replace("*/", "*\\/")).collect();
    match &lines[..] {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let body: String =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n").collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let visible = |line: &str| {
        line.trim_end().chars().fold(String::new(), |mut all, c| {
            push(&mut all, if c == '\t' { ' ' } else { c });
            all
        })
    };
    text.lines().map(visible).collect()
}

/// Adds a character; one that ends a line, or that editors show nothing for or reorder text at, as an escape.
fn push(text: &mut String, c: char) {
    let is_hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    match c.is_control() || is_hidden {
        true => _ = write!(text, "\\u{{{:x}}}", u32::from(c)),
        false => text.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::{comment, doc, literal, property};

    #[test]
    fn strings_end_where_they_should() {
        assert_eq!(literal("it's"), r#""it's""#);
        assert_eq!(literal(r#"'"'" \"#), r#"'\'"\'" \\'"#);
        assert_eq!(literal("a\n\r\t\0\u{2028}\u{202e}🏳️‍🌈"), "'a\\n\\r\\t\\u{0}\\u{2028}\\u{202e}🏳️‍🌈'");
    }

    #[test]
    fn properties_are_quoted_if_they_have_to_be() {
        for name in ["class", "_1", "$", "camelCase"] {
            assert_eq!(property(name), name);
        }
        for name in ["", "1a", "a-b", "größe", "🚀"] {
            assert_eq!(property(name), format!("'{name}'"));
        }
    }

    #[test]
    fn comments_end_where_they_should() {
        assert_eq!(comment("o\u{2029}ne\r\n\ntwo "), "// o\\u{2029}ne\n//\n// two\n");
        assert_eq!(doc(Some(" */ x **/"), ""), "/** *\\/ x **\\/ */\n");
        assert_eq!(doc(Some("a\rb \n\n*/"), "  "), "  /**\n   * a\n   * b\n   *\n   * *\\/\n   */\n");
        assert_eq!((doc(None, ""), doc(Some(" \n"), "")), (String::new(), String::new()));
    }
}
