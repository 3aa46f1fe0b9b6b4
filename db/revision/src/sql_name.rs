//! A name as a user writes it beside SQL: dotted, quoted where necessary, and with the arguments of a function.

use std::fmt::{self, Display, Formatter};

use squawk_lexer::{TokenKind, tokenize};

/// A dotted name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SqlName {
    /// Its parts, as PostgreSQL stores them.
    pub parts: Vec<String>,
    /// The types of the arguments of a function or procedure, if it has parentheses.
    pub arguments: Option<Vec<String>>,
}

impl SqlName {
    /// Reads a name such as `app.notes`, `"Notes".body` or `sum_of(integer, app.mood)`; `None` if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (mut parts, mut offset, mut is_after_dot) = (Vec::new(), 0, true);
        for token in tokenize(text) {
            let start = offset;
            offset += token.len as usize;
            let part = &text[start..offset];
            match token.kind {
                TokenKind::Ident if is_after_dot => parts.push(part.to_lowercase()),
                TokenKind::QuotedIdent { terminated: true, .. } if is_after_dot => parts.push(unquoted(part)?),
                TokenKind::Dot if !is_after_dot => {}
                TokenKind::Whitespace => continue,
                TokenKind::OpenParen if !is_after_dot => {
                    let arguments = text[offset..].trim_end().strip_suffix(')')?;
                    return Some(Self { parts, arguments: Some(arguments_of(arguments)?) });
                }
                _ => return None,
            }
            is_after_dot = token.kind == TokenKind::Dot;
        }
        (!is_after_dot).then_some(Self { parts, arguments: None })
    }
}

impl Display for SqlName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts.join("."))?;
        self.arguments.as_ref().map_or(Ok(()), |arguments| write!(f, "({})", arguments.join(", ")))
    }
}

/// A quoted identifier, as PostgreSQL stores it.
fn unquoted(token: &str) -> Option<String> {
    Some(token.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\""))
}

fn arguments_of(text: &str) -> Option<Vec<String>> {
    if text.trim().is_empty() {
        return Some(Vec::new());
    }
    let (mut arguments, mut depth, mut offset) = (vec![String::new()], 0_usize, 0);
    for token in tokenize(text) {
        let part = &text[offset..offset + token.len as usize];
        offset += part.len();
        match token.kind {
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth = depth.checked_sub(1)?,
            TokenKind::Comma if depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            TokenKind::Semi | TokenKind::Literal { .. } if depth == 0 => return None,
            _ => {}
        }
        arguments.last_mut()?.push_str(part);
    }
    let arguments: Vec<String> = arguments.iter().map(|argument| argument.trim().to_owned()).collect();
    (depth == 0 && arguments.iter().all(|argument| !argument.is_empty())).then_some(arguments)
}

#[cfg(test)]
mod tests {
    use super::SqlName;

    #[test]
    fn names_are_read_as_postgresql_stores_them() {
        for (text, expected) in [
            ("Notes", Some("notes")),
            ("app . \"No\"\"tes\".BODY", Some("app.No\"tes.body")),
            ("f()", Some("f()")),
            ("app.f(integer, numeric(10, 2), app.mood)", Some("app.f(integer, numeric(10, 2), app.mood)")),
            ("", None),
            ("app.", None),
            (".notes", None),
            ("app notes", None),
            ("notes (2026", None),
            ("f(integer,)", None),
            ("'notes'", None),
            ("\"notes", None),
        ] {
            assert_eq!(SqlName::parse(text).map(|name| name.to_string()).as_deref(), expected, "{text}");
        }
    }
}
