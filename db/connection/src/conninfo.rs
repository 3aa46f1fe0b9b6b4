//! Connection strings: libpq's two grammars, URLs and `key=value`.
//!
//! Pure. The `postgres` crate parses both as well, but knows no `verify-full`, certificates, services or password files.
//! Source of the rules: PostgreSQL 17, section 32.1.1.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::error::SettingsError;
use crate::keyword::known_keyword;

pub(crate) fn parse(text: &str) -> Result<BTreeMap<&'static str, String>, SettingsError> {
    let text = text.trim();
    match text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")) {
        Some(rest) => parse_url(rest),
        None if text.contains("://") => Err(SettingsError::Syntax { expected: "a URL that begins with `postgres://`" }),
        None if !text.is_empty() && !text.contains('=') => {
            // As for psql, a lone word is the database's name.
            Ok(BTreeMap::from([("dbname", text.to_owned())]))
        }
        None => parse_key_values(text),
    }
}

/// `user:password@host:port,host:port/database?key=value`
fn parse_url(rest: &str) -> Result<BTreeMap<&'static str, String>, SettingsError> {
    let decode = |text: &str| -> Result<String, SettingsError> {
        let expected = "percent-encoded UTF-8 in the URL";
        Ok(percent_decode_str(text).decode_utf8().map_err(|_| SettingsError::Syntax { expected })?.into_owned())
    };
    let mut values = BTreeMap::new();
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    // A password may hold an unencoded `/` or `@`; the last `@` before the first `/` after it is the one that counts.
    let (user, rest) = match rest.rfind('@') {
        Some(at) => (Some(&rest[..at]), &rest[at + 1..]),
        None => (None, rest),
    };
    let (hosts, database) = rest.split_once('/').map_or((rest, ""), |(hosts, database)| (hosts, database));
    if let Some(user) = user {
        let (user, password) = user.split_once(':').map_or((user, None), |(user, password)| (user, Some(password)));
        values.insert("user", decode(user)?);
        if let Some(password) = password {
            values.insert("password", decode(password)?);
        }
    }
    let (mut names, mut ports) = (Vec::new(), Vec::new());
    for host in hosts.split(',') {
        let (name, port) = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
            Some((address, port)) => (address, port.strip_prefix(':').unwrap_or(port)),
            None => host.split_once(':').unwrap_or((host, "")),
        };
        names.push(decode(name)?);
        ports.push(port.to_owned());
    }
    if names.iter().any(|name| !name.is_empty()) {
        values.insert("host", names.join(","));
    }
    if ports.iter().any(|port| !port.is_empty()) {
        let ports: Vec<&str> = ports.iter().map(|port| if port.is_empty() { "5432" } else { port }).collect();
        values.insert("port", ports.join(","));
    }
    if !database.is_empty() {
        values.insert("dbname", decode(database)?);
    }
    for pair in query.into_iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty()) {
        let expected = "`key=value` pairs after the `?`";
        let (keyword, value) = pair.split_once('=').ok_or(SettingsError::Syntax { expected })?;
        match (decode(keyword)?.as_str(), decode(value)?) {
            // JDBC's spelling, as libpq takes it.
            ("ssl", value) if value == "true" => values.insert("sslmode", "require".to_owned()),
            (keyword, value) => values.insert(known_keyword(keyword)?, value),
        };
    }
    Ok(values)
}

/// `host=localhost dbname='my db'`; a backslash escapes.
fn parse_key_values(text: &str) -> Result<BTreeMap<&'static str, String>, SettingsError> {
    let mut values = BTreeMap::new();
    let mut rest = text.chars().peekable();
    loop {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        if rest.peek().is_none() {
            return Ok(values);
        }
        let mut keyword = String::new();
        while let Some(c) = rest.next_if(|c| *c != '=' && !c.is_whitespace()) {
            keyword.push(c);
        }
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        if rest.next() != Some('=') {
            return Err(SettingsError::Syntax { expected: "a `=` after each keyword" });
        }
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        let quoted = rest.next_if_eq(&'\'').is_some();
        let mut value = String::new();
        loop {
            match rest.next() {
                Some('\\') => value.extend(rest.next()),
                Some('\'') if quoted => break,
                Some(c) if c.is_whitespace() && !quoted => break,
                Some(c) => value.push(c),
                None if quoted => return Err(SettingsError::Syntax { expected: "a closing quote" }),
                None => break,
            }
        }
        values.insert(known_keyword(&keyword)?, value);
    }
}
