//! The texts that connection settings come in: URLs, `key=value`, and the lines of a password file.
//!
//! Pure. The `postgres` crate parses the first two as well, but knows no `verify-full`, certificates, services or password
//! files. Source of the rules: PostgreSQL 17, chapter 32.1.1 (connection strings) and 32.16 (password file).

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::settings::SettingsError;

/// Every keyword understood, with its environment variable. What only matters to GSSAPI or to libpq's own buffers is
/// accepted and has no effect.
pub(crate) const KEYWORDS: [(&str, &str); 28] = [
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("port", "PGPORT"),
    ("dbname", "PGDATABASE"),
    ("user", "PGUSER"),
    ("password", "PGPASSWORD"),
    ("passfile", "PGPASSFILE"),
    ("service", "PGSERVICE"),
    ("servicefile", "PGSERVICEFILE"),
    ("application_name", "PGAPPNAME"),
    ("options", "PGOPTIONS"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("sslnegotiation", "PGSSLNEGOTIATION"),
    ("client_encoding", ""),
    ("fallback_application_name", ""),
    ("gssencmode", "PGGSSENCMODE"),
    ("krbsrvname", "PGKRBSRVNAME"),
    ("keepalives", ""),
    ("keepalives_idle", ""),
    ("keepalives_interval", ""),
    ("keepalives_count", ""),
    ("tcp_user_timeout", ""),
];

pub(crate) fn known_keyword(keyword: &str) -> Result<&'static str, SettingsError> {
    KEYWORDS
        .into_iter()
        .map(|(known, _)| known)
        .find(|known| *known == keyword)
        .ok_or_else(|| SettingsError::UnknownKeyword { keyword: keyword.to_owned() })
}

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

/// `host:port:database:user:password`, `*` fits all, a backslash escapes.
pub(crate) fn password_for(text: &str, wanted: [&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut fields = vec![String::new()];
        let mut chars = line.trim_end_matches('\r').chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => fields.last_mut()?.extend(chars.next()),
                ':' if fields.len() < 5 => fields.push(String::new()),
                c => fields.last_mut()?.push(c),
            }
        }
        let fits =
            fields.len() == 5 && fields.iter().zip(wanted).all(|(field, wanted)| field == "*" || field == wanted);
        if fits { fields.pop() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_files_match_field_by_field() {
        let text = "# c\nh:5432:d:other:no\n*:*:d:u:a\\:b:c\n*:*:*:*:last\n";
        assert_eq!(password_for(text, ["h", "5432", "d", "u"]).as_deref(), Some("a:b:c"));
        assert_eq!(password_for(text, ["h", "5432", "e", "u"]).as_deref(), Some("last"));
    }
}
