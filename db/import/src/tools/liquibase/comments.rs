//! Takes out the comments that Liquibase does not send. It also does so in the bodies of functions, which PostgreSQL keeps.
//!
//! Source: the answers of Liquibase 4.28's `StringUtil.stripComments`, which the test repeats.

/// SQL without the comments in dollar quotes. Those elsewhere make no difference to the database, and are kept for the reader.
pub(super) fn without_comments_in_bodies(text: &str) -> String {
    let (mut result, mut rest) = (String::with_capacity(text.len()), text);
    // The delimiter of the dollar quote that `rest` is in.
    let mut quote: Option<&str> = None;
    while !rest.is_empty() {
        let length = match quote {
            Some(delimiter) if rest.starts_with(delimiter) => {
                quote = None;
                delimiter.len()
            }
            Some(delimiter) => match comment(rest) {
                Some(length) => {
                    // A comment on the last line does not hide the end of the quote from PostgreSQL.
                    rest = &rest[rest[..length].find(delimiter).unwrap_or(length)..];
                    continue;
                }
                None => string(rest, delimiter).unwrap_or_else(|| first(rest)),
            },
            None => match (dollar_quote(rest, &result), comment(rest).or_else(|| string(rest, ""))) {
                (Some(delimiter), _) => {
                    quote = Some(delimiter);
                    delimiter.len()
                }
                (None, Some(length)) => length,
                (None, None) => first(rest),
            },
        };
        result.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    result
}

fn first(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The length of the comment at the start of a text: up to the end of the line, or the first `*/`.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("--") {
        return Some(text.find(['\n', '\r']).unwrap_or(text.len()));
    }
    let inner = text.strip_prefix("/*")?;
    inner.find("*/").map(|end| end + 4)
}

/// The length of the string or quoted name at the start of a text, in which a backslash always escapes. None ends a dollar quote.
fn string(text: &str, delimiter: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut is_escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => {
                let length = index + 1;
                let crosses = !delimiter.is_empty() && text[..length].contains(delimiter);
                return (!crosses).then_some(length);
            }
            _ => {}
        }
    }
    None
}

/// The delimiter of the dollar quote that starts here, such as `$$` or `$body$`.
fn dollar_quote<'t>(text: &'t str, before: &str) -> Option<&'t str> {
    // A dollar sign may be part of a name.
    if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$')) {
        return None;
    }
    let tag = text.strip_prefix('$')?;
    let end = tag.find('$')?;
    let is_tag =
        tag[..end].chars().all(|c| c.is_alphanumeric() || c == '_') && !tag.starts_with(|c: char| c.is_ascii_digit());
    is_tag.then(|| &text[..end + 2])
}

#[cfg(test)]
mod tests {
    use super::without_comments_in_bodies;

    #[test]
    fn comments_in_bodies_are_those_of_liquibase() {
        for (text, expected) in [
            ("$$\n  -- in body\n  RETURN 1; -- tail\nEND $$;", "$$\n  \n  RETURN 1; \nEND $$;"),
            ("$$ a := 'C:\\'; -- c\n b := 'y'; -- d\n$$", "$$ a := 'C:\\'; -- c\n b := 'y'; \n$$"),
            ("$$ a := 'q\\''; -- c\n$$", "$$ a := 'q\\''; \n$$"),
            ("$$ a := 'it''s -- s'; -- c\n$$", "$$ a := 'it''s -- s'; \n$$"),
            ("$$ /* open -- c\n x $$", "$$ /* open \n x $$"),
            ("$$ 'multi\nline -- s' -- c\n $$", "$$ 'multi\nline -- s' \n $$"),
            ("$$ a --- b\n c - - d $$", "$$ a \n c - - d $$"),
            ("$$ \"a--b\" -- c\r\n $$", "$$ \"a--b\" \r\n $$"),
            ("$$ x /**/ y /***/ z $$", "$$ x  y  z $$"),
            ("$$ x /* /* nested */ b */ $$", "$$ x  b */ $$"),
        ] {
            assert_eq!(without_comments_in_bodies(text), expected);
        }
    }

    #[test]
    fn other_comments_are_kept() {
        for text in ["-- one $$\nSELECT 1; /* two -- */", "SELECT '$$ -- x', a$b$c -- y\n;", "SELECT $1, $2 -- $3"] {
            assert_eq!(without_comments_in_bodies(text), text);
        }
        let tagged = "AS $f$ x -- a\n $f$ -- b\n; AS $$ y -- $$";
        assert_eq!(without_comments_in_bodies(tagged), "AS $f$ x \n $f$ -- b\n; AS $$ y $$");
    }
}
