//! Getting a session of the server: how long it is tried, what is waited for and what not, and whether something stands in between.

use std::error::Error as _;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use postgres::config::{ChannelBinding, SslMode as DriverSslMode, SslNegotiation, TargetSessionAttrs};
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};
use postgres_native_tls::MakeTlsConnector;

use crate::database::{first, rows};
use crate::error::{DatabaseError, Error};
use crate::event::{Event, Listener};
use crate::settings::{Settings, SslMode};
use crate::tls;

/// A session, and what opens another.
pub(crate) struct Connected {
    pub(crate) client: Client,
    pub(crate) config: Config,
    pub(crate) connector: Option<MakeTlsConnector>,
    pub(crate) backend: Backend,
    /// Whether something between us and the server has its own idea of a session.
    pub(crate) is_pooled: bool,
}

/// Tries until there is a session, or `timeout` has passed.
pub(crate) fn connect(
    settings: &Settings,
    timeout: Duration,
    listener: &Listener,
    muted: &Arc<AtomicBool>,
) -> Result<Connected, Error> {
    let connector = tls::connector(settings)?;
    let plain = driver_config(settings, listener, muted)?;
    let (mark, mut config) = (mark(), plain.clone());
    config.options(&format!("{} -c {MARK}={mark}", settings.get("options").unwrap_or_default()));
    let mut is_marked = true;
    let deadline = Instant::now() + timeout;
    let mut pause = Duration::from_millis(100);
    let mut told = String::new();
    let mut client = loop {
        match open_within(&config, connector.as_ref(), attempt_limit(settings, deadline)) {
            Ok(client) => break client,
            // A pooler takes no options but those it knows: without the mark then.
            Err(error) if is_marked && error.is_about_options() => {
                is_marked = false;
                config = plain.clone();
            }
            Err(error) => {
                let remaining = deadline.saturating_duration_since(Instant::now());
                if !error.is_temporary() || remaining.is_zero() {
                    return Err(error.into_error(settings));
                }
                let reason = error.describe();
                if told != reason {
                    listener(Event::WaitingForServer { reason: reason.clone(), remaining });
                    told = reason;
                }
                sleep(pause.min(remaining));
                pause = (pause * 2).min(Duration::from_secs(2));
            }
        }
    };
    let backend = backend(&mut client)?;
    let is_pooled = backend.mark != mark;
    Ok(Connected { client, config, connector, backend, is_pooled })
}

pub(crate) fn open(config: &Config, connector: Option<&MakeTlsConnector>) -> Result<Client, postgres::Error> {
    match connector {
        Some(connector) => config.connect(connector.clone()),
        None => config.connect(NoTls),
    }
}

fn driver_config(settings: &Settings, listener: &Listener, muted: &Arc<AtomicBool>) -> Result<Config, Error> {
    let mut config = Config::new();
    for host in settings.hosts() {
        match host.parse::<IpAddr>() {
            Ok(_) => config.host(host),
            Err(_) if host.starts_with('/') => config.host_path(host),
            Err(_) => config.host(host),
        };
    }
    if let (Some(addresses), Some(_)) = (settings.get("hostaddr"), settings.get("host")) {
        for address in addresses.split(',') {
            let invalid = |_| DatabaseError::InvalidAddress { address: address.to_owned() };
            config.hostaddr(address.parse().map_err(invalid)?);
        }
    }
    for port in settings.ports() {
        config.port(port);
    }
    config.user(settings.user()).dbname(settings.database()).connect_timeout(settings.attempt_timeout());
    // A host that is gone is noticed within two minutes.
    config.keepalives_idle(Duration::from_secs(60)).keepalives_interval(Duration::from_secs(10)).keepalives_retries(6);
    if let Some(password) = settings.password() {
        config.password(password.reveal());
    }
    if let Some(name) = settings.get("application_name") {
        config.application_name(name);
    }
    let is_local = settings.hosts().iter().all(|host| host.starts_with('/'));
    config.ssl_mode(match settings.ssl_mode() {
        _ if is_local => DriverSslMode::Disable,
        SslMode::Disable => DriverSslMode::Disable,
        SslMode::Prefer => DriverSslMode::Prefer,
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => DriverSslMode::Require,
    });
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
        listener(Event::Notice {
            severity: notice.severity().to_owned(),
            message: notice.message().to_owned(),
            detail: notice.detail().map(str::to_owned),
            hint: notice.hint().map(str::to_owned),
        });
    });
    Ok(config)
}

/// How long one attempt may take: libpq's `connect_timeout` for each host, and what is left of the time for all of them.
fn attempt_limit(settings: &Settings, deadline: Instant) -> Duration {
    let hosts = u32::try_from(settings.hosts().len()).unwrap_or(1);
    let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_secs(1));
    (settings.attempt_timeout() * hosts).min(left)
}

/// Opens a session, if that takes no longer than `limit`. The driver's own limit ends with the TCP connection: a server that takes it
/// and then says nothing (a paused Aurora, a host that is going down) would be waited for for ever.
pub(crate) fn open_within(
    config: &Config,
    connector: Option<&MakeTlsConnector>,
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

/// Why there is no session.
pub(crate) enum NoSession {
    Refused(postgres::Error),
    /// The server has not answered.
    Silent {
        limit: Duration,
    },
}

impl NoSession {
    fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(error) => is_temporary(error),
            Self::Silent { .. } => true,
        }
    }

    /// As PgBouncer (08P01) and RDS Proxy (0A000) say it.
    fn is_about_options(&self) -> bool {
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

    fn into_error(self, settings: &Settings) -> Error {
        let code = match &self {
            Self::Refused(error) => error.code().map(|code| code.code().to_owned()),
            Self::Silent { .. } => None,
        };
        let has_password = settings.password().is_some();
        let (database, password_source) = (settings.describe(), settings.password_source());
        DatabaseError::Connect { database, reason: self.describe(), code, has_password, password_source }.into()
    }
}

/// Refused, reset, timed out, or "the database system is starting up".
fn is_temporary(error: &postgres::Error) -> bool {
    if let Some(code) = error.code() {
        return *code == SqlState::CANNOT_CONNECT_NOW || *code == SqlState::TOO_MANY_CONNECTIONS;
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

/// The driver's message with its causes.
pub(crate) fn describe(error: &postgres::Error) -> String {
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

/// A setting of the session that nothing reads but us: it is there if we have a session of the server's own, and not somebody's
/// who hands out sessions.
const MARK: &str = "migrate.session";

/// A value that no other session has.
fn mark() -> String {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    format!("{}x{}", std::process::id(), elapsed.as_nanos())
}

/// The process that serves us.
pub(crate) struct Backend {
    pub(crate) pid: i32,
    /// As a number: 170010 is 17.10.
    pub(crate) server_version: u32,
    mark: String,
}

pub(crate) fn backend(client: &mut Client) -> Result<Backend, Error> {
    let query =
        format!("SELECT pg_backend_pid(), current_setting('server_version_num'), current_setting('{MARK}', true)");
    let found = rows(client, &query)?;
    let text = |column| first(&found, column).unwrap_or_default();
    Ok(Backend {
        pid: text(0).parse().unwrap_or_default(),
        server_version: text(1).parse().unwrap_or_default(),
        mark: text(2).to_owned(),
    })
}
