//! The names that an exchange uses for a time.

use crate::diff::elements::quoted;
use crate::diff::name::with_suffix;
use crate::model::values::unquoted;

/// A quoted name with a suffix, quoted if necessary.
pub(crate) fn suffixed(name: &str, suffix: &str) -> String {
    quoted(&with_suffix(&unquoted(name), suffix))
}

/// A definition with another name for a column. The proof finds it if that is the name of something else too.
pub(crate) fn renamed(definition: &str, from: &str, to: &str) -> String {
    let mut result = String::new();
    let mut rest = definition;
    while let Some(first) = rest.chars().next() {
        let length = token(rest, first);
        let (word, after) = rest.split_at(length);
        let is_call = after.trim_start().starts_with('(');
        let is_column = word == from && !is_call && !result.ends_with('.') && !result.ends_with("::");
        result.push_str(if is_column { to } else { word });
        rest = after;
    }
    result
}

/// An expression with another type in its casts, as SQL names both.
pub(crate) fn retyped(text: &str, from: &str, to: &str) -> String {
    let continues = |next: char| next.is_alphanumeric() || matches!(next, '_' | '$' | '.' | '"');
    let mut result = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = rest.strip_prefix(from).filter(|after| result.ends_with("::") && !after.starts_with(continues));
        let (word, after) = match after {
            Some(after) => (to, after),
            None => rest.split_at(token(rest, first)),
        };
        result.push_str(word);
        rest = after;
    }
    result
}

/// The length of the word, the quoted name, the string or the character with which a text begins.
fn token(text: &str, first: char) -> usize {
    match first {
        '"' | '\'' => {
            let mut end = 1;
            while let Some(found) = text[end..].find(first) {
                end += found + 1;
                if !text[end..].starts_with(first) {
                    return end;
                }
                end += 1;
            }
            text.len()
        }
        _ if first.is_alphabetic() || first == '_' => {
            text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len())
        }
        _ => first.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_column_gets_another_name() {
        let text = "(lower(a::text), \"a\", a) WHERE (a > 'a'::a AND b.a <> 'it''s a')";
        assert_eq!(renamed(text, "a", "z"), "(lower(z::text), \"a\", z) WHERE (z > 'a'::a AND b.a <> 'it''s a')");
        assert_eq!(renamed("(\"A b\", a)", "\"A b\"", "\"A b_new\""), "(\"A b_new\", a)");
        assert_eq!(renamed("(date(date))", "date", "x"), "(date(x))");
    }

    #[test]
    fn only_the_type_of_a_cast_gets_another_name() {
        let text = "(e = 'a::e'::e AND e <> ALL ('{b}'::e[]) AND f::e_f = 'c'::s.e)";
        assert_eq!(retyped(text, "e", "z"), "(e = 'a::e'::z AND e <> ALL ('{b}'::z[]) AND f::e_f = 'c'::s.e)");
        assert_eq!(retyped("'a'::s.\"E\"", "s.\"E\"", "s.\"E_new\""), "'a'::s.\"E_new\"");
    }

    #[test]
    fn a_name_with_a_suffix_is_no_longer_than_a_name_can_be() {
        assert_eq!(suffixed("a", "_new"), "a_new");
        assert_eq!(suffixed("\"A\"", "_old"), "\"A_old\"");
        assert_eq!(suffixed(&"é".repeat(31), "_new").len(), "é".len() * 29 + "_new".len() + 2);
    }
}
