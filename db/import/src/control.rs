//! Statements that begin or end a transaction, which the engine does itself.

use std::ops::Range;

use crate::note::Remark;

/// A statement that begins or ends a transaction.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// BEGIN, with an isolation level or other modes.
    Begin { modes: String },
    /// COMMIT or END.
    Commit,
}

impl Control {
    /// The statement with these tokens, if it can be removed. ROLLBACK and prepared transactions can't.
    pub(crate) fn of(tokens: &[&str]) -> Option<Self> {
        let words: Vec<String> = tokens.iter().map(|token| token.to_ascii_lowercase()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != ";").collect();
        match words[..] {
            ["begin", "work" | "transaction", ref modes @ ..]
            | ["begin", ref modes @ ..]
            | ["start", "transaction", ref modes @ ..] => Some(Self::Begin { modes: modes.join(" ") }),
            ["commit" | "end"]
            | ["commit" | "end", "work" | "transaction"]
            | ["commit" | "end", "and", ..]
            | ["commit" | "end", "work" | "transaction", "and", ..] => Some(Self::Commit),
            _ => None,
        }
    }

    /// The transaction modes that are lost with it.
    pub(crate) fn remark(&self) -> Option<Remark> {
        match self {
            Self::Begin { modes } if !modes.is_empty() => {
                Some(Remark::TransactionModes { modes: modes.to_uppercase() })
            }
            _ => None,
        }
    }
}

/// The text without these parts, and without the lines that become empty.
pub(crate) fn cut(text: &str, parts: &[Range<usize>]) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut position = 0;
    for part in parts {
        let before = &text[position..part.start];
        let is_blank = |c: char| c == ' ' || c == '\t';
        let line = before.trim_end_matches(is_blank);
        let after = text[part.end..].trim_start_matches(is_blank);
        let begins_line = line.ends_with('\n') || line.is_empty() && (rest.is_empty() || rest.ends_with('\n'));
        if begins_line {
            rest.push_str(line);
            let line_break = ["\r\n", "\n"].into_iter().find(|end| after.starts_with(end)).map_or(0, str::len);
            position = text.len() - after.len() + line_break;
        } else {
            rest.push_str(before);
            position = part.end;
        }
    }
    rest + &text[position..]
}

/// The text with spaces in place of these parts, so that every line keeps its number.
pub(crate) fn blank(text: &str, parts: &[Range<usize>]) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut position = 0;
    for part in parts {
        rest.push_str(&text[position..part.start]);
        rest.extend(text[part.clone()].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        position = part.end;
    }
    rest + &text[position..]
}

#[cfg(test)]
mod tests {
    use revision::significant;

    use super::{Control, blank, cut};

    #[test]
    fn only_a_plain_begin_or_commit_can_be_removed() {
        let of = |sql: &str| Control::of(&significant(sql));
        let begin = |modes: &str| Some(Control::Begin { modes: modes.to_owned() });
        for sql in ["BEGIN;", "begin work", "START TRANSACTION;", "Begin /* c */ Transaction;"] {
            assert_eq!(of(sql), begin(""), "{sql}");
        }
        assert_eq!(of("BEGIN ISOLATION LEVEL SERIALIZABLE;"), begin("isolation level serializable"));
        for sql in ["COMMIT", "END;", "commit work;", "end transaction", "COMMIT AND NO CHAIN;"] {
            assert_eq!(of(sql), Some(Control::Commit), "{sql}");
        }
        for sql in ["ROLLBACK", "ABORT;", "COMMIT PREPARED 'a'", "PREPARE TRANSACTION 'a'", "SELECT 1", "ENDED"] {
            assert_eq!(of(sql), None, "{sql}");
        }
    }

    #[test]
    fn a_line_that_becomes_empty_is_removed() {
        let case = |text: &str, words: &[&str]| {
            let part = |word: &&str| text.find(*word).map(|start| start..start + word.len()).expect("it is there");
            let parts: Vec<_> = words.iter().map(part).collect();
            (cut(text, &parts), blank(text, &parts))
        };
        let (text, blanked) = case("-- c\r\nBEGIN;\r\na;\r\n  COMMIT;", &["BEGIN;", "COMMIT;"]);
        assert_eq!((text.as_str(), blanked.as_str()), ("-- c\r\na;\r\n", "-- c\r\n      \r\na;\r\n         "));
        assert_eq!(case("BEGIN;\nCOMMIT;\na;\n", &["BEGIN;", "COMMIT;"]).0, "a;\n");
        assert_eq!(case("BEGIN; a; COMMIT; -- c\n", &["BEGIN;", "COMMIT;"]).0, "a;  -- c\n");
        assert_eq!(case("a;\nCOMMIT\n;b;\n", &["COMMIT\n;"]).0, "a;\nb;\n");
    }
}
