//! The keywords of a connection string: all that libpq 18 knows, the variable that sets each, and the values that this
//! crate accepts.
//!
//! Nothing is ignored silently. A feature of libpq that this crate lacks is an error with the reason. Source:
//! PostgreSQL 18, sections 32.1.2 and 32.15.

use crate::error::SettingsError;
use Accepted::{Any, Integer, NoEffect, OneOf, Only};

pub(crate) struct Keyword {
    pub(crate) name: &'static str,
    /// The environment variable; empty if there is none.
    pub(crate) variable: &'static str,
    pub(crate) accepted: Accepted,
}

/// The values that a keyword accepts.
pub(crate) enum Accepted {
    Any,
    /// Any, as sessions have neither GSSAPI nor compression.
    NoEffect,
    /// A number. An empty value is the default.
    Integer,
    /// One of libpq's values, and the list of them for messages.
    OneOf(&'static [&'static str], &'static str),
    /// The supported ones of libpq's values, and why the others are not.
    Only(&'static [&'static str], &'static str),
}

const SSL_MODES: Accepted = OneOf(
    &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
    "disable, allow, prefer, require, verify-ca or verify-full",
);
const NO_CRL: Accepted = Only(&[""], "certificates are not checked for revocation");
const NO_OAUTH: Accepted = Only(&[""], "sessions do not authenticate with OAuth");
const NO_KEYS: Accepted = Only(&[""], "SCRAM needs the password");
const PROTOCOL: &str = "the protocol version is 3.0";

/// In the order in which messages list them.
pub(crate) const KEYWORDS: [Keyword; 51] = [
    keyword("host", "PGHOST", Any),
    keyword("hostaddr", "PGHOSTADDR", Any),
    keyword("port", "PGPORT", Any),
    keyword("dbname", "PGDATABASE", Any),
    keyword("user", "PGUSER", Any),
    keyword("password", "PGPASSWORD", Any),
    keyword("passfile", "PGPASSFILE", Any),
    keyword("service", "PGSERVICE", Any),
    // New in PostgreSQL 19.
    keyword("servicefile", "PGSERVICEFILE", Any),
    keyword("application_name", "PGAPPNAME", Any),
    keyword("fallback_application_name", "", Any),
    keyword("options", "PGOPTIONS", Any),
    // Not PGCLIENTENCODING, which is about psql's input and output.
    keyword(
        "client_encoding",
        "",
        Only(&["", "UTF8", "utf8", "UTF-8", "utf-8", "auto"], "files and queries are encoded in UTF8"),
    ),
    keyword("connect_timeout", "PGCONNECT_TIMEOUT", Integer),
    keyword("keepalives", "", Integer),
    keyword("keepalives_idle", "", Integer),
    keyword("keepalives_interval", "", Integer),
    keyword("keepalives_count", "", Integer),
    keyword("tcp_user_timeout", "", Integer),
    keyword("load_balance_hosts", "PGLOADBALANCEHOSTS", OneOf(&["disable", "random"], "disable or random")),
    keyword(
        "target_session_attrs",
        "PGTARGETSESSIONATTRS",
        OneOf(
            &["any", "read-write", "read-only", "primary", "standby"],
            "any, read-write, read-only, primary or standby (prefer-standby is not supported)",
        ),
    ),
    keyword(
        "channel_binding",
        "PGCHANNELBINDING",
        OneOf(&["disable", "prefer", "require"], "disable, prefer or require"),
    ),
    keyword("sslmode", "PGSSLMODE", SSL_MODES),
    keyword("sslnegotiation", "PGSSLNEGOTIATION", OneOf(&["postgres", "direct"], "postgres or direct")),
    keyword("sslrootcert", "PGSSLROOTCERT", Any),
    keyword("sslcert", "PGSSLCERT", Any),
    keyword("sslkey", "PGSSLKEY", Any),
    keyword("sslpassword", "", Only(&[""], "the client's key must not be encrypted")),
    keyword("sslcertmode", "PGSSLCERTMODE", Only(&["allow", "disable"], "the server need not request a certificate")),
    keyword("sslsni", "PGSSLSNI", Only(&["1"], "the server name is always sent")),
    keyword("sslcrl", "PGSSLCRL", NO_CRL),
    keyword("sslcrldir", "PGSSLCRLDIR", NO_CRL),
    keyword("sslcompression", "PGSSLCOMPRESSION", NoEffect),
    keyword(
        "ssl_min_protocol_version",
        "PGSSLMINPROTOCOLVERSION",
        Only(&["", "TLSv1", "TLSv1.1", "TLSv1.2"], "the oldest version accepted is TLSv1.2"),
    ),
    keyword(
        "ssl_max_protocol_version",
        "PGSSLMAXPROTOCOLVERSION",
        Only(&["", "TLSv1.3"], "the newest version is not limited"),
    ),
    keyword("sslkeylogfile", "", Only(&[""], "keys are not logged")),
    keyword("requirepeer", "PGREQUIREPEER", Only(&[""], "the server's user is not checked")),
    keyword("require_auth", "PGREQUIREAUTH", Only(&[""], "the server chooses the authentication method")),
    keyword("gssencmode", "PGGSSENCMODE", Only(&["disable", "prefer"], "sessions are not encrypted with GSSAPI")),
    keyword("krbsrvname", "PGKRBSRVNAME", NoEffect),
    keyword("gsslib", "PGGSSLIB", NoEffect),
    keyword("gssdelegation", "PGGSSDELEGATION", NoEffect),
    keyword("replication", "", Only(&["", "0", "off", "no", "false"], "there are no replication sessions")),
    keyword("min_protocol_version", "PGMINPROTOCOLVERSION", Only(&["", "3.0"], PROTOCOL)),
    keyword("max_protocol_version", "PGMAXPROTOCOLVERSION", Only(&["", "3.0", "3.2", "latest"], PROTOCOL)),
    keyword("scram_client_key", "", NO_KEYS),
    keyword("scram_server_key", "", NO_KEYS),
    keyword("oauth_issuer", "", NO_OAUTH),
    keyword("oauth_client_id", "", NO_OAUTH),
    keyword("oauth_client_secret", "", NO_OAUTH),
    keyword("oauth_scope", "", NO_OAUTH),
];

const fn keyword(name: &'static str, variable: &'static str, accepted: Accepted) -> Keyword {
    Keyword { name, variable, accepted }
}

/// Finds a keyword.
pub(crate) fn known_keyword(name: &str) -> Option<&'static str> {
    KEYWORDS.iter().map(|keyword| keyword.name).find(|known| *known == name)
}

/// Whether an unquoted value contains the next setting, which may be the password, because a space is missing.
pub(crate) fn contains_a_setting(keyword: &str, value: &str) -> bool {
    match keyword {
        "password" => false,
        "options" => value.contains("password="),
        _ => value.contains('='),
    }
}

/// Names the variable that the value of a keyword comes from, if it does.
pub(crate) fn naming_the_variable(error: SettingsError, is_from_variable: impl Fn(&Keyword) -> bool) -> SettingsError {
    let keyword = match &error {
        SettingsError::InvalidValue { keyword, .. } | SettingsError::Unsupported { keyword, .. } => *keyword,
        _ => return error,
    };
    match KEYWORDS.iter().find(|known| known.name == keyword && !known.variable.is_empty()) {
        Some(known) if is_from_variable(known) => {
            SettingsError::Variable { variable: known.variable, error: Box::new(error) }
        }
        _ => error,
    }
}

/// The keywords to list in messages: those that a user may want to set.
pub(crate) fn names() -> Vec<&'static str> {
    KEYWORDS
        .iter()
        .filter(|keyword| !matches!(keyword.accepted, Only(..) | NoEffect))
        .map(|keyword| keyword.name)
        .collect()
}

impl Keyword {
    pub(crate) fn check(&self, value: &str) -> Result<(), SettingsError> {
        let keyword = self.name;
        match self.accepted {
            Integer if !value.is_empty() && value.trim().parse::<i32>().is_err() => {
                Err(SettingsError::InvalidValue { keyword, expected: "a number" })
            }
            OneOf(values, expected) if !values.contains(&value) => {
                Err(SettingsError::InvalidValue { keyword, expected })
            }
            Only(values, reason) if !values.contains(&value) => Err(SettingsError::Unsupported { keyword, reason }),
            _ => Ok(()),
        }
    }
}
