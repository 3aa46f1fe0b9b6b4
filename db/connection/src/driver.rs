//! The `postgres` crate's side of a connection: its configuration, one attempt to open a session, its errors.

use std::error::Error as _;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use postgres::config::{
    ChannelBinding, LoadBalanceHosts, SslMode as DriverSslMode, SslNegotiation, TargetSessionAttrs,
};
use postgres::error::{ErrorPosition, Severity, SqlState};
use postgres::{Client, Config, NoTls};

use crate::error::{ConnectError, QueryError, ServerError};
use crate::notice::{ConnectEvent, Listener, Notice};
use crate::settings::Settings;
use crate::ssl_mode::SslMode;
use crate::tls::Connector;

/// The driver's configuration for these settings. Notices are not reported while `muted` is set.
pub(crate) fn config(settings: &Settings, listener: &Listener, muted: &Arc<AtomicBool>) -> Config {
    let mut config = Config::new();
    for host in settings.hosts() {
        // The driver takes a path as a socket directory.
        config.host(host);
    }
    if let (Some(addresses), Some(_)) = (settings.get("hostaddr"), settings.get("host")) {
        for address in addresses.split(',').filter_map(|address| address.parse().ok()) {
            config.hostaddr(address);
        }
    }
    for port in settings.ports() {
        config.port(port);
    }
    config.user(settings.user()).dbname(settings.database()).connect_timeout(settings.attempt_timeout());
    // By default, the loss of a host is detected within two minutes.
    let number = |keyword| settings.positive(keyword);
    config.keepalives(settings.get("keepalives").is_none_or(|value| value.trim() != "0"));
    config.keepalives_idle(Duration::from_secs(number("keepalives_idle").unwrap_or(60)));
    config.keepalives_interval(Duration::from_secs(number("keepalives_interval").unwrap_or(10)));
    config.keepalives_retries(number("keepalives_count").and_then(|count| count.try_into().ok()).unwrap_or(6));
    if let Some(milliseconds) = number("tcp_user_timeout") {
        config.tcp_user_timeout(Duration::from_millis(milliseconds));
    }
    if settings.get("load_balance_hosts") == Some("random") {
        config.load_balance_hosts(LoadBalanceHosts::Random);
    }
    if let Some(password) = settings.password() {
        config.password(password.reveal());
    }
    if let Some(name) = settings.get("application_name") {
        config.application_name(name);
    }
    if settings.get("sslnegotiation") == Some("direct") {
        config.ssl_negotiation(SslNegotiation::Direct);
    }
    if let Some(options) = settings.get("options") {
        config.options(options);
    }
    config.channel_binding(match settings.get("channel_binding") {
        Some("disable") => ChannelBinding::Disable,
        Some("require") => ChannelBinding::Require,
        _ => ChannelBinding::Prefer,
    });
    match settings.get("target_session_attrs") {
        Some("read-write" | "primary") => config.target_session_attrs(TargetSessionAttrs::ReadWrite),
        Some("read-only" | "standby") => config.target_session_attrs(TargetSessionAttrs::ReadOnly),
        _ => config.target_session_attrs(TargetSessionAttrs::Any),
    };
    let (listener, muted) = (Arc::clone(listener), Arc::clone(muted));
    config.notice_callback(move |notice| {
        if muted.load(Ordering::Relaxed) {
            return;
        }
        listener(ConnectEvent::Notice(Notice {
            severity: notice.severity().to_owned(),
            message: notice.message().to_owned(),
            detail: notice.detail().map(str::to_owned),
            hint: notice.hint().map(str::to_owned),
        }));
    });
    config
}

fn open(config: &Config, connector: Option<&Connector>) -> Result<Client, postgres::Error> {
    match connector {
        Some(connector) => config.connect(connector.clone()),
        None => config.connect(NoTls),
    }
}

/// The ways to open a session that `sslmode` allows, in order. As in libpq, the second is tried if `pg_hba.conf` has no
/// entry for the first.
pub(crate) fn encryptions(settings: &Settings) -> &'static [DriverSslMode] {
    match settings.ssl_mode() {
        _ if settings.is_local() => &[DriverSslMode::Disable],
        SslMode::Disable => &[DriverSslMode::Disable],
        SslMode::Allow => &[DriverSslMode::Disable, DriverSslMode::Require],
        SslMode::Prefer => &[DriverSslMode::Prefer, DriverSslMode::Disable],
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => &[DriverSslMode::Require],
    }
}

/// Opens a session within `limit`. The driver's own timeout covers only the TCP connection: it would wait forever for a
/// server that accepts connections and then does not respond (a paused Aurora cluster, a host that is shutting down).
pub(crate) fn open_within(
    config: &Config,
    connector: Option<&Connector>,
    limit: Duration,
) -> Result<Client, NoSession> {
    let (sender, opened) = mpsc::channel();
    let (config, connector) = (config.clone(), connector.cloned());
    std::thread::spawn(move || drop(sender.send(open(&config, connector.as_ref()))));
    match opened.recv_timeout(limit) {
        Ok(opened) => opened.map_err(NoSession::Refused),
        Err(_) => Err(NoSession::Silent { limit }),
    }
}

/// Why an attempt failed.
pub(crate) enum NoSession {
    Refused(postgres::Error),
    /// The server has not responded.
    Silent {
        limit: Duration,
    },
}

impl NoSession {
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(error) => is_temporary(error),
            Self::Silent { .. } => true,
        }
    }

    /// Whether `pg_hba.conf` has no entry for this connection. A role without LOGIN has the same code.
    pub(crate) fn is_no_rule(&self) -> bool {
        matches!(self, Self::Refused(error) if error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION))
    }

    /// Whether the error comes from the server, not from the network.
    pub(crate) fn is_by_server(&self) -> bool {
        matches!(self, Self::Refused(error) if error.as_db_error().is_some())
    }

    /// Whether a pooler rejects the options: PgBouncer (08P01), RDS Proxy (0A000).
    pub(crate) fn is_about_options(&self) -> bool {
        let Self::Refused(error) = self else { return false };
        let codes = [SqlState::PROTOCOL_VIOLATION, SqlState::FEATURE_NOT_SUPPORTED];
        error.as_db_error().is_some_and(|error| codes.contains(error.code()) && error.message().contains("option"))
    }

    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Refused(error) => describe(error),
            Self::Silent { limit } => format!("no answer within {} s", limit.as_secs_f64().ceil()),
        }
    }

    pub(crate) fn into_error(self, settings: &Settings) -> ConnectError {
        let code = match &self {
            Self::Refused(error) => error.code().map(|code| code.code().to_owned()),
            Self::Silent { .. } => None,
        };
        let has_password = settings.password().is_some();
        let (database, password_source) = (settings.describe(), settings.password_source());
        ConnectError::NoSession { database, reason: self.describe(), code, has_password, password_source }
    }
}

/// Refused, reset, timed out, or "the database system is starting up".
fn is_temporary(error: &postgres::Error) -> bool {
    if let Some(code) = error.code() {
        // The last two: the server shut down between the login and the first query.
        let temporary = [
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::TOO_MANY_CONNECTIONS,
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
        ];
        return temporary.contains(code);
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<io::Error>() {
            return matches!(
                cause.kind(),
                io::ErrorKind::ConnectionRefused
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::TimedOut
                    | io::ErrorKind::UnexpectedEof
            );
        }
        source = cause.source();
    }
    error.is_closed()
}

/// The driver's message with its sources.
fn describe(error: &postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return format!("{} (SQLSTATE {})", error.message(), error.code().code());
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

impl From<postgres::Error> for QueryError {
    fn from(error: postgres::Error) -> Self {
        let Some(server) = error.as_db_error() else { return Self::Lost(describe(&error)) };
        Self::Server(Box::new(ServerError {
            code: server.code().code().to_owned(),
            is_fatal: matches!(server.parsed_severity(), Some(Severity::Fatal | Severity::Panic)),
            message: server.message().to_owned(),
            detail: server.detail().map(str::to_owned),
            hint: server.hint().map(str::to_owned),
            context: server.where_().map(str::to_owned),
            position: match server.position() {
                Some(ErrorPosition::Original(position)) => Some(*position as usize),
                _ => None,
            },
        }))
    }
}
