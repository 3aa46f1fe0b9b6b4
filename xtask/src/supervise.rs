//! A long-running program: its output is passed on line by line without its secrets and kept to be judged; a deadline or a
//! signal ends it, with all that it has started.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::interrupt;
use crate::process;
use crate::report::{Failure, Report, duration};

/// How long a program has to end by itself after it was asked to.
const GRACE: Duration = Duration::from_secs(5);

/// Runs programs one after the other, until a signal comes.
pub(crate) struct Supervisor {
    report: Report,
    /// What must not be seen.
    secrets: Vec<String>,
    /// The process group that is running.
    group: Arc<Mutex<Option<u32>>>,
    interrupted: Arc<AtomicBool>,
}

/// How a program ended.
pub(crate) struct Ended {
    /// What it said on both streams, in the order it came.
    pub(crate) output: String,
    pub(crate) status: ExitStatus,
}

impl Ended {
    /// `exit code 1`, `signal 9`.
    pub(crate) fn how(&self) -> String {
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => format!("exit code {code}"),
            (None, signal) => format!("signal {}", signal.unwrap_or_default()),
        }
    }
}

impl Supervisor {
    /// From now on the first signal ends what runs.
    pub(crate) fn new(report: &Report) -> Result<Self> {
        let (group, interrupted) = (Arc::new(Mutex::new(None)), Arc::new(AtomicBool::new(false)));
        let (running, signalled) = (Arc::clone(&group), Arc::clone(&interrupted));
        interrupt::on_signal(move || {
            signalled.store(true, Ordering::SeqCst);
            let group: Option<u32> = *running.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if let Some(group) = group {
                signal(group, "TERM");
            }
        })?;
        Ok(Self { report: report.clone(), secrets: Vec::new(), group, interrupted })
    }

    /// From now on these are replaced in what programs say.
    pub(crate) fn hide(&mut self, secrets: &[String]) {
        self.secrets = secrets.to_vec();
    }

    /// Fails if a signal has come meanwhile.
    fn check(&self) -> Result<()> {
        if self.interrupted.load(Ordering::SeqCst) {
            return Err(Failure::new("interrupted").code(interrupt::EXIT_CODE).into());
        }
        Ok(())
    }

    /// Says why, and waits.
    pub(crate) fn pause(&self, why: &str, time: Duration) -> Result<()> {
        self.report.talk(why);
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.check()?;
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Asks a person; none if nobody can answer.
    pub(crate) fn ask(&self, question: &str) -> Result<Option<String>> {
        let (sender, answers) = mpsc::channel();
        let (report, question) = (self.report.clone(), question.to_owned());
        // A signal does not end the reading of a line: it is waited for here.
        std::thread::spawn(move || drop(sender.send(report.ask(&question))));
        loop {
            match answers.recv_timeout(Duration::from_millis(50)) {
                Ok(answer) => return answer.context("the answer can't be read"),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => self.check()?,
            }
        }
    }

    /// Runs a program to its end.
    ///
    /// # Errors
    /// It can't be started, takes longer than `limit`, or a signal comes. How it ended is for the caller to judge.
    pub(crate) fn run(&self, name: &str, mut command: Command, limit: Duration) -> Result<Ended> {
        self.check()?;
        // A group of its own, so that ending it ends what it has started too.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().with_context(|| format!("`{name}` could not be run"))?;
        self.set_group(Some(child.id()));
        let output = self.follow(&mut child, Instant::now() + limit)?;
        let status = end(&mut child, output.is_none())?;
        self.set_group(None);
        self.check()?;
        match output {
            Some(output) => Ok(Ended { output, status }),
            None => {
                let message = format!("`{name}` was ended: it took longer than {}", duration(limit));
                let hint = "AWS may still be at work on what it has begun: the next run waits for that";
                Err(Failure::new(message).hint(hint).into())
            }
        }
    }

    fn set_group(&self, group: Option<u32>) {
        *self.group.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = group;
    }

    /// Passes on what the program says until it is silent for good: none if the deadline came first.
    fn follow(&self, child: &mut Child, deadline: Instant) -> Result<Option<String>> {
        let (sender, lines) = mpsc::channel();
        read(child.stdout.take().context("it is piped")?, sender.clone());
        read(child.stderr.take().context("it is piped")?, sender);
        let mut output = String::new();
        loop {
            match lines.recv_timeout(Duration::from_millis(200)) {
                Ok(line) => {
                    let line = self.redact(&line);
                    self.report.talk(&line);
                    output.push_str(&line);
                    output.push('\n');
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Some(output)),
                // What it has left running may hold its output open.
                Err(RecvTimeoutError::Timeout) if child.try_wait()?.is_some() => return Ok(Some(output)),
                Err(RecvTimeoutError::Timeout) if self.check().is_err() => return Ok(Some(output)),
                Err(RecvTimeoutError::Timeout) if Instant::now() >= deadline => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn redact(&self, line: &str) -> String {
        self.secrets.iter().fold(line.to_owned(), |line, secret| line.replace(secret.as_str(), "***"))
    }
}

/// Sends lines; what redraws a line in place counts as several.
fn read(stream: impl Read + Send + 'static, lines: Sender<String>) {
    std::thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut bytes = Vec::new();
        while stream.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            for line in text.trim_end().split('\r') {
                let _ = lines.send(line.to_owned());
            }
            bytes.clear();
        }
    });
}

/// Waits for a program that should be ending, and makes it end.
fn end(child: &mut Child, is_late: bool) -> Result<ExitStatus> {
    if is_late {
        signal(child.id(), "TERM");
    }
    for name in ["TERM", "KILL"] {
        let asked = Instant::now();
        while asked.elapsed() < GRACE {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        signal(child.id(), name);
    }
    Ok(child.wait()?)
}

/// A shell does it: the standard library signals only a child itself, not what that has started, and a crate that signals groups
/// (rustix, nix) would be compiled on every release.
fn signal(group: u32, name: &str) {
    if let Ok(shell) = process::find("sh") {
        let _ = Command::new(shell).args(["-c", &format!("kill -{name} -{group}")]).stderr(Stdio::null()).status();
    }
}
