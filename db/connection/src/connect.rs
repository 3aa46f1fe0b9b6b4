//! Connecting: how long it is tried, and which failures are waited for.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::client::{Connection, MARK, Opener};
use crate::driver;
use crate::error::ConnectError;
use crate::notice::{ConnectEvent, Listener};
use crate::settings::Settings;
use crate::tls;

/// Opens a session. A server that is starting (or an Aurora that is paused) is waited for until `timeout` has passed; a wrong
/// password, an unknown host or a missing database is not.
///
/// # Errors
/// The settings can't be used, or there is no session within the time.
pub fn connect(settings: &Settings, timeout: Duration, listener: &Listener) -> Result<Connection, ConnectError> {
    let connector = tls::connector(settings)?;
    let muted = Arc::new(AtomicBool::new(false));
    let plain = driver::config(settings, listener, &muted)?;
    let (mark, mut config) = (mark(), plain.clone());
    config.options(&format!("{} -c {MARK}={mark}", settings.get("options").unwrap_or_default()));
    let mut opener = Opener { config, connector, limit: settings.attempt_timeout(), mark, muted };
    let mut is_marked = true;
    let deadline = Instant::now() + timeout;
    let mut pause = Duration::from_millis(100);
    let mut reported = String::new();
    loop {
        match opener.attempt(attempt_limit(settings, deadline)) {
            Ok(connection) => return Ok(connection),
            // A pooler accepts no options but those it knows: without the mark then.
            Err(error) if is_marked && error.is_about_options() => {
                is_marked = false;
                opener.config = plain.clone();
            }
            Err(error) => {
                let remaining = deadline.saturating_duration_since(Instant::now());
                if !error.is_temporary() || remaining.is_zero() {
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
    }
}

/// How long one attempt may take: libpq's `connect_timeout` for each host, and what is left of the time for all of them.
fn attempt_limit(settings: &Settings, deadline: Instant) -> Duration {
    let hosts = u32::try_from(settings.hosts().len()).unwrap_or(1);
    let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_secs(1));
    (settings.attempt_timeout() * hosts).min(left)
}

/// A value that no other session has.
fn mark() -> String {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    format!("{}x{}", std::process::id(), elapsed.as_nanos())
}
