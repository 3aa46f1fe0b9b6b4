//! A port of this machine that leads to the database, through the build.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::json;

use super::login::PORT;
use crate::aws::Account;
use crate::interrupt;
use crate::report::{Failure, duration};
use crate::supervise;

/// How long the agent in the build may take to accept sessions, and a session to open the port.
const CONNECT: Duration = Duration::from_secs(60);

/// How long to wait for the agent between attempts.
const PAUSE: Duration = Duration::from_secs(2);

/// The document that forwards a port to a host that the target can reach (AWS Systems Manager User Guide, "Start a
/// session"). The policies allow no other, so there is no shell.
const DOCUMENT: &str = "AWS-StartPortForwardingSessionToRemoteHost";

/// A session that forwards a port. It ends when this is dropped.
pub(super) struct Tunnel {
    child: Child,
    port: u16,
}

impl Tunnel {
    /// Starts a session on the target, and waits until its port is open.
    pub(super) fn open(account: &Account<'_>, target: &str, host: &str) -> Result<Self> {
        let deadline = Instant::now() + CONNECT;
        loop {
            let mut tunnel = Self::start(account, target, host)?;
            let Some(error) = tunnel.wait(deadline)? else { return Ok(tunnel) };
            // The agent connects to Systems Manager while the build already runs.
            if !error.contains("(TargetNotConnected)") || Instant::now() >= deadline {
                let hint = "see the log of Session Manager's plugin; `cargo xtask doctor` shows the versions of `aws` and the plugin";
                let message = format!("could not open the session: {error}");
                return Err(Failure::new(message).state("the database was not touched").hint(hint).into());
            }
            sleep(PAUSE);
        }
    }

    fn start(account: &Account<'_>, target: &str, host: &str) -> Result<Self> {
        let port = unused_port()?;
        let parameters =
            json!({"host": [host], "portNumber": [PORT.to_string()], "localPortNumber": [port.to_string()]})
                .to_string();
        let start =
            ["ssm", "start-session", "--target", target, "--document-name", DOCUMENT, "--parameters", &parameters];
        let mut command = account.command(&start)?;
        // In a separate process group: Ctrl-C belongs to psql, and must not end the session.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let child = command.spawn().context("could not run `aws`")?;
        interrupt::set_group(Some(child.id()));
        Ok(Self { child, port })
    }

    /// Waits until the port is open; otherwise returns the error that the session ended with.
    fn wait(&mut self, deadline: Instant) -> Result<Option<String>> {
        let (sender, lines) = mpsc::channel();
        supervise::read(self.child.stdout.take().context("standard output is piped")?, sender.clone());
        supervise::read(self.child.stderr.take().context("standard error is piped")?, sender);
        // Printed by the plugin once it listens.
        let opened = format!("Port {} opened", self.port);
        let mut last = "no error message".to_owned();
        loop {
            match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(&opened) => return Ok(None),
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => last = line,
                Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(Some(last)),
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    return Ok(Some(format!("its port was not open after {}: {last}", duration(CONNECT))));
                }
            }
        }
    }

    /// The port of 127.0.0.1.
    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        interrupt::set_group(None);
        let _ = supervise::end(&mut self.child, true);
    }
}

/// A port that nobody listens on. The plugin chooses one itself only where its output is the only way to learn it.
fn unused_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("could not find an unused port")?;
    Ok(listener.local_addr().context("could not find an unused port")?.port())
}
