//! Comments that were meant as a section marker or a header field, but are not spelled like one.
//!
//! Read as a comment, a misspelled `-- migrate:downgrade` makes the downgrade part of the upgrade, and PostgreSQL runs it.

use std::borrow::Cow;

use crate::printable::is_format_control;
use crate::similar::distance;

/// Characters with the ASCII character that they resemble. Fullwidth forms are computed.
const LOOK_ALIKES: [(&str, char); 19] = [
    ("‐‑‒–—―−﹘﹣", '-'),
    ("∶꞉ː˸։׃﹕：", ':'),
    (";；", ';'),
    ("аα", 'a'),
    ("ԁ", 'd'),
    ("еε", 'e'),
    ("ɡ", 'g'),
    ("іι", 'i'),
    ("ӏ", 'l'),
    ("м", 'm'),
    ("ո", 'n'),
    ("оο", 'o'),
    ("рρ", 'p'),
    ("г", 'r'),
    ("ѕ", 's'),
    ("т", 't'),
    ("υս", 'u'),
    ("ԝ", 'w'),
    ("с", 'c'),
];

/// Whether a character is invisible by itself: format controls, joiners, variation selectors.
pub(crate) fn is_invisible(c: char) -> bool {
    is_format_control(c) || matches!(c, '\u{34f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// What a text looks like: without invisible characters, in ASCII where a character resembles an ASCII one, in lower case.
pub fn skeleton(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        c if c.is_ascii_control() || c.is_whitespace() => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_lowercase(),
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => {
            let c = c.to_lowercase().next().unwrap_or(c);
            LOOK_ALIKES.iter().find(|(characters, _)| characters.contains(c)).map_or(c, |&(_, plain)| plain)
        }
    };
    Cow::Owned(text.chars().filter(|&c| !is_invisible(c)).map(plain).collect())
}

/// Whether a line of a comment was probably meant as a section marker, here or in another tool. A single word such as `down`
/// counts only if the comment is alone on its line.
pub(crate) fn resembles_marker(line: &str, has_own_line: bool) -> bool {
    if !may_be_marker(line) {
        return false;
    }
    let text = skeleton(line);
    let is_frame = |c: char| !c.is_alphanumeric();
    let frame = &text[..text.find(|c| !is_frame(c)).unwrap_or(text.len())];
    let content = text[frame.len()..].trim_end_matches(|c: char| is_frame(c) && c != ')');
    is_own(content, has_own_line) || is_of_another_tool(frame, content)
}

/// Rules out most comments by how they begin.
fn may_be_marker(line: &str) -> bool {
    const BEGINNINGS: [&[u8; 2]; 16] = [
        b"mi", b"mg", b"mr", b"ma", b"im", b"ig", b"up", b"un", b"do", b"dw", b"go", b"ra", b"ro", b"ch", b"cr", b"li",
    ];
    let bytes = line.as_bytes();
    let word = bytes.iter().position(|byte| !matches!(byte, b' '..=b'/' | b':'..=b'@'));
    match word.and_then(|start| bytes.get(start..start + 2)) {
        Some(word) if word.is_ascii() => {
            let word = [word[0].to_ascii_lowercase(), word[1].to_ascii_lowercase()];
            BEGINNINGS.contains(&&word) || !line.is_ascii()
        }
        Some(_) => true,
        None => false,
    }
}

/// `migrate:downgrade` with typos: another separator, another form of the word, a shorter or misspelled direction.
fn is_own(content: &str, has_own_line: bool) -> bool {
    let split = |text: &str| text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let (first, rest) = content.split_at(split(content));
    let names_direction =
        |word: &str| ["up", "down", "undo", "revert", "rollback"].contains(&word) || is_direction(word);
    if rest.is_empty() {
        // `downgrade`, `down`, `migratedowngrade`
        let is_joined = first.strip_prefix("migrate").is_some_and(names_direction);
        return is_joined || has_own_line && ["up", "down", "upgrade", "downgrade"].contains(&first);
    }
    let is_migrate =
        first.starts_with("migrat") && first.len() <= "migrations".len() || distance(first, "migrate") <= 2;
    let separator = &rest[..rest.find(char::is_alphanumeric).unwrap_or(rest.len())];
    let (second, tail) = rest[separator.len()..].split_at(split(&rest[separator.len()..]));
    let tail = tail.trim();
    let is_alone = tail.is_empty() || tail.starts_with("--");
    // Text after the direction makes it prose, unless the separator is a colon without a space.
    is_migrate && separator.len() <= 4 && names_direction(second) && (is_alone || separator == ":")
}

fn is_direction(word: &str) -> bool {
    // `update` is as close to `upgrade` as a typo would be.
    word != "update" && (distance(word, "upgrade") <= 2 || distance(word, "downgrade") <= 2)
}

/// The markers of migrate (Go), goose, micrate, rambler, MyBatis, node-pg-migrate, Play, Liquibase and tern.
fn is_of_another_tool(frame: &str, content: &str) -> bool {
    let words: Vec<&str> = content.split_whitespace().collect();
    match words.as_slice() {
        ["migrate" | "goose" | "micrate" | "rambler", "up" | "down", rest @ ..] => {
            rest.is_empty() || frame.ends_with('+') || words[0] == "rambler"
        }
        ["up" | "down", "migration"] => true,
        ["undo"] => frame.contains('@'),
        ["ups" | "downs"] => frame.contains('!'),
        ["liquibase", "formatted", "sql"] => true,
        ["changeset", name, ..] => name.contains(':'),
        ["rollback", ..] => frame == "--" && words.len() > 1,
        ["create", "above", "/", "drop", "below"] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::resembles_marker;

    #[test]
    fn detects_misspelled_markers() {
        for line in [
            "--- migrate:downgrade",
            "--\u{a0}migrate:downgrade",
            "-- \u{200b}migrate:downgrade",
            "-- migr\u{200b}ate:downgrade",
            "-- migrate\u{200b}:downgrade",
            "-- migrate：downgrade",
            "-- migrate∶downgrade",
            "-- migrate꞉ downgrade",
            "-- mіgrate:downgrade",
            "—— migrate:downgrade",
            "-- ｍｉｇｒａｔｅ：ｄｏｗｎｇｒａｄｅ",
            "-- migrate:\u{ad}downgrade",
            "-- migrate :downgrade",
            "-- migrate: downgrade",
            "-- migrate;downgrade",
            "-- migrate-downgrade",
            "-- migrate downgrade",
            "-- migrate_downgrade",
            "-- migrate.downgrade",
            "-- migrate = downgrade",
            "-- migration:downgrade",
            "-- migrations: downgrade",
            "-- migrated:downgrade",
            "-- mirgate:downgrade",
            "-- migrate:downgarde",
            "-- migrate:donwgrade",
            "-- migrate:down",
            "-- migrate: down",
            "-- migrate down",
            "-- MIGRATE DOWN;",
            "-- migratedowngrade",
            "-- migrate::downgrade",
            "-- migrate:undo",
            "-- migrate:downgrade -- undo",
            "-- migrate:downgrade (drops the table)",
            "\u{feff}-- migrate:downgrade",
            "* migrate:downgrade",
            "---------- migrate:downgrade ----------",
            "-- downgrade",
            "-- Down",
            "------ DOWN ------",
            "-- +migrate Down",
            "--+migrate Up",
            "-- +migrate Down notransaction",
            "-- +goose Down",
            "-- +micrate Down",
            "-- rambler down",
            "--//@UNDO",
            "-- //@UNDO",
            "-- @undo",
            "-- Down Migration",
            "-- !Downs",
            "--rollback DROP TABLE t;",
            "--changeset ann:1",
            "--liquibase formatted sql",
            "---- create above / drop below ----",
        ] {
            assert!(resembles_marker(line, true), "{line}");
        }
    }

    #[test]
    fn a_word_after_a_statement_is_prose() {
        assert!(!resembles_marker("-- down", false));
        assert!(resembles_marker("-- migrate down", false));
    }

    #[test]
    fn prose_stays_a_comment() {
        for line in [
            "--",
            "-- ----------",
            "-- migrate the rows to the new table",
            "-- migrate up to a million rows",
            "-- migrate down the tree",
            "-- migrated: see the ticket",
            "-- migration: upgrades the names of all rooms",
            "-- migrations run in order",
            "-- migrate: updates every row",
            "-- rollback is impossible here",
            "-- roll back by hand: see the wiki",
            "-- undo with the next revision",
            "-- up to date",
            "-- down payment",
            "-- update",
            "-- upgrade the names",
            "-- downgrade: nothing to do",
            "-- this reverts the upgrade",
            "-- (reverts the upgrade; delete this section if the revision is irreversible)",
            "-- changeset of the import",
            "-- goose feathers",
            "-- übernommen aus der alten Tabelle — siehe Ticket",
            "-- таблица",
            "-- create above the fold",
        ] {
            assert!(!resembles_marker(line, true), "{line}");
        }
    }
}
