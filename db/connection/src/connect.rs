//! Connecting: which failures are retried, and for how long.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::client::{Connection, MARK, Opener, Row};
use crate::driver::{self, NoSession};
use crate::error::ConnectError;
use crate::notice::{ConnectEvent, Listener};
use crate::settings::Settings;
use crate::tls::Connector;

/// The longest wait: the maximum of PostgreSQL's own timeouts. The clock can't add arbitrary durations.
pub const LONGEST_WAIT: Duration = Duration::from_millis(i32::MAX as u64);

/// Opens a session. If the server is starting (or an Aurora cluster is paused), retries until `timeout` has passed.
/// Does not retry after a wrong password, an unknown host or a missing database.
///
/// # Errors
/// The settings can't be used, or no session could be opened within the time.
pub fn connect(settings: &Settings, timeout: Duration, listener: &Listener) -> Result<Connection, ConnectError> {
    connect_and_query(settings, Patience::Retry(timeout), listener, "").map(|(connection, _)| connection)
}

/// How long to try to connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Retry what may be temporary until this time has passed.
    Retry(Duration),
    /// Make one attempt, which may take this long.
    Once(Duration),
}

/// Like [`connect`], but also runs a first query, which saves a round trip.
///
/// # Errors
/// As for [`connect`], or the query fails.
pub fn connect_and_query(
    settings: &Settings,
    patience: Patience,
    listener: &Listener,
    query: &str,
) -> Result<(Connection, Vec<Row>), ConnectError> {
    let (Patience::Retry(timeout) | Patience::Once(timeout)) = patience;
    let connector = Connector::of(settings)?;
    let muted = Arc::new(AtomicBool::new(false));
    let config = driver::config(settings, listener, &muted);
    let opener = Opener { config, connector, limit: settings.attempt_timeout(), mark: mark(), muted };
    let deadline = Instant::now() + timeout.min(LONGEST_WAIT);
    let mut pause = Duration::from_millis(100);
    let mut reported = String::new();
    loop {
        let error = match attempt(&opener, settings, deadline, query) {
            Ok(opened) => return Ok(opened),
            Err(error) => error,
        };
        if let Some(failure) = opener.connector.as_ref().and_then(Connector::failure) {
            return Err(failure.into());
        }
        let remaining = deadline.saturating_duration_since(Instant::now());
        let is_last = matches!(patience, Patience::Once(_)) || remaining.is_zero();
        if !error.is_temporary() || is_last {
            return Err(error.into_error(settings));
        }
        let reason = error.describe();
        if reported != reason {
            listener(ConnectEvent::Waiting { reason: reason.clone(), remaining });
            reported = reason;
        }
        sleep(pause.min(remaining));
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Makes one attempt in each way that `sslmode` allows.
fn attempt(
    opener: &Opener,
    settings: &Settings,
    deadline: Instant,
    query: &str,
) -> Result<(Connection, Vec<Row>), NoSession> {
    let mut first: Option<NoSession> = None;
    for &encryption in driver::encryptions(settings) {
        let mut opener = opener.clone();
        opener.config.ssl_mode(encryption);
        match attempt_marked(opener, settings, deadline, query) {
            Ok(opened) => return Ok(opened),
            // The second error is only more useful if it comes from the server and differs.
            Err(error) if first.is_some() && (!error.is_by_server() || error.is_no_rule()) => {}
            Err(error) => {
                let is_final = !error.is_no_rule();
                first = Some(error);
                if is_final {
                    break;
                }
            }
        }
    }
    Err(first.unwrap_or(NoSession::Silent { limit: opener.limit }))
}

/// Makes one attempt with the mark, and another without it if a pooler rejects unknown options.
fn attempt_marked(
    mut opener: Opener,
    settings: &Settings,
    deadline: Instant,
    query: &str,
) -> Result<(Connection, Vec<Row>), NoSession> {
    let limit = attempt_limit(settings, deadline);
    let plain = opener.config.clone();
    opener.config.options(&format!("{} -c {MARK}={}", settings.get("options").unwrap_or_default(), opener.mark));
    match opener.attempt(limit, query) {
        Err(error) if error.is_about_options() => {
            opener.config = plain;
            opener.attempt(limit, query)
        }
        opened => opened,
    }
}

/// How long one attempt may take: `connect_timeout` for each host, but no longer than the time left.
fn attempt_limit(settings: &Settings, deadline: Instant) -> Duration {
    let hosts = u32::try_from(settings.hosts().len()).unwrap_or(1);
    let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_secs(1));
    (settings.attempt_timeout() * hosts).min(left)
}

/// A value that is unique to this session.
fn mark() -> String {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    format!("{}x{}", std::process::id(), elapsed.as_nanos())
}
