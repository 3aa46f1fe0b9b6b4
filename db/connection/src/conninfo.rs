//! Connection strings: libpq's two grammars, URLs and `keyword=value`.
//!
//! Pure. What libpq accepts is accepted with the same meaning, and what it rejects is rejected: `tests/libpq.rs`
//! compares the two and lists the exceptions. Most of them are strings in which a typo has moved the password into
//! another setting, which libpq would print.
//!
//! Errors do not quote the text: any part of it may be a password.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::error::SettingsError;
use crate::keyword::{contains_a_setting, known_keyword};

/// The text in its place is probably part of a password.
const HOST: &str = "a host (in a password, percent-encode `@`, `/`, `?`, `#` and `%`)";
const PORT: &str = "a port number (in a password, percent-encode `@`, `/`, `?`, `#` and `%`)";

/// In a user name, one of these was probably typed instead of the `:` before a password.
const USER: [char; 9] = ['?', '#', '=', '&', ',', ';', '\'', '"', '\\'];

/// The value of each keyword that is set.
pub(crate) type Values = BTreeMap<&'static str, String>;

pub(crate) fn parse(text: &str) -> Result<Values, SettingsError> {
    let whole = Whole(text);
    // Variables and files often add a line end.
    let trimmed = text.trim_matches(is_space);
    if let Some(url) = trimmed.strip_prefix("postgres://").or_else(|| trimmed.strip_prefix("postgresql://")) {
        return whole.url(url);
    }
    let before_value = text.split('=').next().unwrap_or_default();
    if before_value.contains("://") {
        return Err(whole.expected("a URL that begins with `postgres://`", trimmed));
    }
    // As in psql, a single word is the name of a database.
    let is_word = |c: char| c.is_alphanumeric() || "_-.$".contains(c);
    if !trimmed.is_empty() && trimmed.chars().all(is_word) {
        return Ok(Values::from([("dbname", trimmed.to_owned())]));
    }
    whole.pairs()
}

/// What C's `isspace` accepts.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

/// The entire text, in which errors have a position.
#[derive(Clone, Copy)]
struct Whole<'a>(&'a str);

impl Whole<'_> {
    /// The position of a part of the text, in characters from 1.
    fn position(self, part: &str) -> usize {
        let offset = part.as_ptr().addr() - self.0.as_ptr().addr();
        self.0[..offset].chars().count() + 1
    }

    fn expected(self, expected: &'static str, at: &str) -> SettingsError {
        SettingsError::Syntax { expected, position: self.position(at) }
    }

    fn insert(self, values: &mut Values, keyword: &str, value: String, at: &str) -> Result<(), SettingsError> {
        let (keyword, value) = match keyword {
            // The name of `sslmode` before PostgreSQL 8.0.
            "requiressl" if value.starts_with('1') => ("sslmode", "require".to_owned()),
            "requiressl" => ("sslmode", "prefer".to_owned()),
            _ => (keyword, value),
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let Some(keyword) = known_keyword(keyword) else {
            return Err(match keyword.chars().all(is_name) {
                true => SettingsError::UnknownKeyword { position: self.position(at) },
                false => self.expected("a keyword, or a URL that begins with `postgres://`", at),
            });
        };
        values.insert(keyword, value);
        Ok(())
    }

    /// `user:password@host:port,host:port/database?keyword=value`, without the scheme.
    fn url(self, url: &str) -> Result<Values, SettingsError> {
        let mut values = Values::new();
        let (login, rest) = match url.find(['@', '/']) {
            Some(at) if url[at..].starts_with('@') => (&url[..at], &url[at + 1..]),
            _ => (&url[..0], url),
        };
        let (user, password) = login.split_once(':').unwrap_or((login, &login[..0]));
        self.refuse(
            user,
            &USER,
            "a user name without `?`, `#`, `=`, `&`, `,`, `;`, quotes and backslashes (percent-encode them)",
        )?;
        if password.contains("password=") {
            return Err(self.expected("a password (percent-encode any `@` after the `?`)", password));
        }
        self.insert_decoded(&mut values, "user", user, user)?;
        self.insert_decoded(&mut values, "password", password, password)?;
        let (hosts, ports, after) = self.hosts(rest)?;
        self.insert_decoded(&mut values, "host", &hosts, rest)?;
        self.insert_decoded(&mut values, "port", &ports, rest)?;
        let (path, query) = after.find('?').map_or((after, ""), |at| (&after[..at], &after[at + 1..]));
        let database = path.strip_prefix('/').unwrap_or(path);
        self.refuse(
            database,
            &['@', '='],
            "a database name without `@` and `=` (percent-encode them, also in a password)",
        )?;
        self.insert_decoded(&mut values, "dbname", database, database)?;
        self.parameters(query, &mut values)?;
        Ok(values)
    }

    /// The hosts, the ports, both separated by commas, and the text after them.
    fn hosts(self, text: &str) -> Result<(String, String, &str), SettingsError> {
        let (mut hosts, mut ports, mut rest) = (String::new(), String::new(), text);
        loop {
            let host = match rest.strip_prefix('[') {
                Some(address) => {
                    let end = address.find(']').ok_or(self.expected("a `]` after the IPv6 address", rest))?;
                    rest = &address[end + 1..];
                    if end == 0 {
                        return Err(self.expected("an IPv6 address in the brackets", address));
                    }
                    if !rest.is_empty() && !rest.starts_with([':', '/', '?', ',']) {
                        return Err(self.expected("`:`, `/` or `,` after the IPv6 address", rest));
                    }
                    &address[..end]
                }
                None => cut(&mut rest, &[':', '/', '?', ',']),
            };
            self.refuse(host, &['@', '#', '=', '&', ';', '\'', '"', '\\'], HOST)?;
            hosts.push_str(host);
            if let Some(port) = rest.strip_prefix(':') {
                rest = port;
                let port = cut(&mut rest, &['/', '?', ',']);
                if !port.contains('%') && port.contains(|c: char| !c.is_ascii_digit()) {
                    return Err(self.expected(PORT, port));
                }
                ports.push_str(port);
            }
            match rest.strip_prefix(',') {
                Some(next) => rest = next,
                None => return Ok((hosts, ports, rest)),
            }
            hosts.push(',');
            ports.push(',');
        }
    }

    /// `keyword=value&keyword=value`
    fn parameters(self, query: &str, values: &mut Values) -> Result<(), SettingsError> {
        let mut rest = query;
        while !rest.is_empty() {
            let (pair, next) = rest.split_once('&').unwrap_or((rest, ""));
            let (keyword, value) = pair.split_once('=').ok_or(self.expected("`keyword=value`", pair))?;
            self.refuse(value, &['='], "a value without `=` (percent-encode it)")?;
            let (name, value) = (self.decode(keyword, keyword)?, self.decode(value, value)?);
            match (name.as_str(), value.as_str()) {
                // JDBC's spelling, which libpq accepts too.
                ("ssl", "true") => self.insert(values, "sslmode", "require".to_owned(), keyword)?,
                _ => self.insert(values, &name, value, keyword)?,
            }
            rest = next;
        }
        Ok(())
    }

    fn refuse(self, part: &str, characters: &[char], expected: &'static str) -> Result<(), SettingsError> {
        if part.contains(characters) { Err(self.expected(expected, part)) } else { Ok(()) }
    }

    /// Decodes a part of a URL and stores it, unless it is empty.
    fn insert_decoded(
        self,
        values: &mut Values,
        keyword: &'static str,
        part: &str,
        at: &str,
    ) -> Result<(), SettingsError> {
        if !part.is_empty() {
            values.insert(keyword, self.decode(part, at)?);
        }
        Ok(())
    }

    /// Decodes a part of a URL, which begins at `at`.
    fn decode(self, part: &str, at: &str) -> Result<String, SettingsError> {
        let part = part.trim_matches(' ');
        let is_encoded = |code: &str| code.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if part.contains(' ') {
            return Err(self.expected("`%20` for each space", at));
        }
        if !part.split('%').skip(1).all(is_encoded) {
            return Err(self.expected("two hexadecimal digits after each `%` (a `%` itself is `%25`)", at));
        }
        match percent_decode_str(part).decode_utf8() {
            Ok(text) if !text.contains('\0') => Ok(text.into_owned()),
            _ => Err(self.expected("percent-encoded UTF-8 without `%00`", at)),
        }
    }

    /// `host=localhost dbname='my db'`; a backslash escapes.
    fn pairs(self) -> Result<Values, SettingsError> {
        let (mut values, mut rest) = (Values::new(), self.0.trim_start_matches(is_space));
        while !rest.is_empty() {
            let keyword = cut(&mut rest, &['=', ' ', '\t', '\n', '\x0b', '\x0c', '\r']);
            let equals = rest.trim_start_matches(is_space);
            let text = equals.strip_prefix('=').ok_or(self.expected("a `=` after the keyword", equals))?;
            let text = text.trim_start_matches(is_space);
            let (value, after) = match text.strip_prefix('\'') {
                Some(quoted) => value(quoted, |c| c == '\''),
                None => value(text, is_space),
            };
            let unquoted = if text.starts_with('\'') { "" } else { &text[..text.len() - after.len()] };
            if text.starts_with('\'') && !after.starts_with('\'') {
                return Err(self.expected("a closing quote for this value", text));
            }
            if contains_a_setting(keyword, unquoted) {
                return Err(self.expected("a value without `=`: separate settings by spaces, or quote the value", text));
            }
            self.insert(&mut values, keyword, value, keyword)?;
            rest = after.strip_prefix('\'').unwrap_or(after).trim_start_matches(is_space);
        }
        Ok(values)
    }
}

/// Removes and returns the text before the first of these characters.
fn cut<'t>(rest: &mut &'t str, ends: &[char]) -> &'t str {
    let (part, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    *rest = after;
    part
}

/// A value with its escapes resolved, and the rest of the text, which is empty or begins with the end of the value.
fn value(text: &str, is_end: impl Fn(char) -> bool) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((index, c)) = characters.next() {
        match c {
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            c if is_end(c) => return (value, &text[index..]),
            c => value.push(c),
        }
    }
    (value, "")
}
