//! Running a long-running program: its output is redacted, printed line by line and returned. A deadline or a signal ends it
//! together with its children.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::interrupt;
use crate::report::{Failure, Report, duration, is_yes};
use crate::signal;

/// How long to wait for the last lines of a program that has exited.
const LATE: Duration = Duration::from_secs(2);

/// Runs programs one after the other until a signal arrives.
pub(crate) struct Supervisor {
    report: Report,
    secrets: Vec<String>,
}

/// The output and status of a program that has exited.
pub(crate) struct Exited {
    /// Standard output and standard error, in the order of arrival.
    pub(crate) output: String,
    pub(crate) status: ExitStatus,
}

impl Exited {
    /// `exit code 1`, `signal 9`.
    pub(crate) fn describe(&self) -> String {
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => format!("exit code {code}"),
            (None, signal) => format!("signal {}", signal.unwrap_or_default()),
        }
    }
}

impl Supervisor {
    /// From now on, the first signal ends the running program.
    pub(crate) fn new(report: &Report) -> Result<Self> {
        interrupt::on_signal(|| interrupt::signal_group("TERM"));
        Ok(Self { report: report.clone(), secrets: Vec::new() })
    }

    /// Redacts these texts in the output of programs.
    pub(crate) fn hide(&mut self, secrets: &[String]) {
        self.secrets = secrets.to_vec();
    }

    /// Fails if a signal has arrived.
    fn check(&self) -> Result<()> {
        if interrupt::has_arrived() {
            return Err(Failure::new("interrupted").code(interrupt::EXIT_CODE).into());
        }
        Ok(())
    }

    /// Prints the reason and waits.
    pub(crate) fn pause(&self, reason: &str, time: Duration) -> Result<()> {
        self.report.message(reason);
        self.wait(time)
    }

    /// Waits, unless a signal arrives.
    pub(crate) fn wait(&self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.check()?;
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Asks the user; `None` at the end of standard input.
    pub(crate) fn ask(&self, question: &str) -> Result<Option<String>> {
        let (sender, answers) = mpsc::channel();
        let (report, question) = (self.report.clone(), question.to_owned());
        // A signal does not interrupt reading a line, so a thread reads it and this one checks for signals.
        std::thread::spawn(move || drop(sender.send(report.ask(&question))));
        loop {
            match answers.recv_timeout(Duration::from_millis(50)) {
                Ok(answer) => return answer.context("could not read the answer"),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => self.check()?,
            }
        }
    }

    /// Asks a yes/no question. Without an answer, the result is no.
    pub(crate) fn confirm(&self, question: &str) -> Result<bool> {
        Ok(self.ask(question)?.is_some_and(|answer| is_yes(&answer)))
    }

    /// Runs a program until it exits. The caller checks its status.
    ///
    /// # Errors
    /// It cannot be started, takes longer than `limit`, or a signal arrives.
    pub(crate) fn run(&self, name: &str, command: Command, limit: Duration) -> Result<Exited> {
        self.run_within(name, command, limit)?.ok_or_else(|| {
            let message = format!("`{name}` timed out after {} and was stopped", duration(limit));
            let hint = "AWS may still be processing what it started; the next run waits for that";
            Failure::new(message).hint(hint).into()
        })
    }

    /// Runs a program until it exits; `None` if it took longer than `limit` and was stopped.
    pub(crate) fn run_within(&self, name: &str, mut command: Command, limit: Duration) -> Result<Option<Exited>> {
        self.check()?;
        // In a separate process group, so that its children can also be signaled.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().with_context(|| format!("could not run `{name}`"))?;
        interrupt::set_group(Some(child.id()));
        let output = self.follow(&mut child, Instant::now() + limit)?;
        let status = end(&mut child, output.is_none())?;
        interrupt::set_group(None);
        self.check()?;
        Ok(output.map(|output| Exited { output, status }))
    }

    /// Prints and returns the output of the program; `None` if the deadline passes first.
    fn follow(&self, child: &mut Child, deadline: Instant) -> Result<Option<String>> {
        let (sender, lines) = mpsc::channel();
        read(child.stdout.take().context("standard output is piped")?, sender.clone());
        read(child.stderr.take().context("standard error is piped")?, sender);
        let mut output = String::new();
        let mut exited: Option<Instant> = None;
        loop {
            match lines.recv_timeout(Duration::from_millis(200)) {
                Ok(line) => {
                    let line = self.redact(&line);
                    self.report.message(&line);
                    output.push_str(&line);
                    output.push('\n');
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Some(output)),
                // Processes that it left running may keep its output open; on a busy machine, its last lines are late.
                Err(RecvTimeoutError::Timeout) if exited.is_some_and(|exited| exited.elapsed() > LATE) => {
                    return Ok(Some(output));
                }
                Err(RecvTimeoutError::Timeout) if exited.is_none() && child.try_wait()?.is_some() => {
                    exited = Some(Instant::now());
                }
                Err(RecvTimeoutError::Timeout) if self.check().is_err() => return Ok(Some(output)),
                Err(RecvTimeoutError::Timeout) if exited.is_none() && Instant::now() >= deadline => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn redact(&self, line: &str) -> String {
        self.secrets.iter().fold(line.to_owned(), |line, secret| line.replace(secret.as_str(), "***"))
    }
}

/// Sends the lines of a stream, and reads it to its end even if nobody receives them; a carriage return also ends a line,
/// as progress bars use it.
pub(crate) fn read(stream: impl Read + Send + 'static, lines: Sender<String>) {
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

/// Waits for a program that should exit, and terminates it if it does not.
pub(crate) fn end(child: &mut Child, is_late: bool) -> Result<ExitStatus> {
    if is_late {
        signal::group(child.id(), "TERM");
    }
    for name in ["TERM", "KILL"] {
        let start = Instant::now();
        while start.elapsed() < signal::GRACE {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        signal::group(child.id(), name);
    }
    Ok(child.wait()?)
}
