//! The keywords of a connection string, and the variable that each can be set with.

use crate::error::SettingsError;

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

/// All keywords.
pub(crate) fn names() -> Vec<&'static str> {
    KEYWORDS.iter().map(|(name, _)| *name).collect()
}
