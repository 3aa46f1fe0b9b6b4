//! Everything that is printed: data on stdout, talk on stderr. The only file that prints.

use std::fmt::{self, Display, Formatter};
use std::io::{self, IsTerminal, Write};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cluster::ClusterError;
use connection::ConnectEvent;
use migrate::{Event, HistoryError, Listener, LockError, Outcome, RunError, StateError};
use revision::{Excerpt, Snippet};
use serde_json::{Value, json};

use crate::{hint, interrupt};

/// The exit codes that have a meaning of their own (docs: db/README.md).
pub(crate) const EXIT_USAGE: u8 = 2;
pub(crate) const EXIT_BEHIND: u8 = 3;
const EXIT_LOCKED: u8 = 4;
const EXIT_HALF_DONE: u8 = 5;
const EXIT_EDITED: u8 = 6;

/// An error of a task itself: what is wrong, what to do, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: 1 }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With what to do, where there is only a line for it.
    pub(crate) fn in_a_line(error: &anyhow::Error) -> String {
        let hint = error.chain().find_map(|cause| cause.downcast_ref::<Self>()?.hint.as_deref());
        hint.map_or_else(|| format!("{error:#}"), |hint| format!("{error:#}; {hint}"))
    }

    pub(crate) fn code(self, code: u8) -> Self {
        Self { code, ..self }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Where output goes, and in which form.
#[derive(Clone)]
pub(crate) struct Report {
    is_json: bool,
    /// Colour and a progress bar: stderr is a terminal and nobody has said `NO_COLOR`.
    is_terminal: bool,
    has_color: bool,
    progress: Arc<Mutex<Progress>>,
}

/// Where a run is.
#[derive(Default)]
struct Progress {
    steps: usize,
    current: String,
    /// What the last write to stderr has left on its line.
    line: Line,
}

#[derive(Default, PartialEq, Eq)]
enum Line {
    #[default]
    Empty,
    /// A progress bar, to be wiped.
    Bar,
    /// A revision that has begun: its time goes behind it, or what it says below it.
    Begun,
}

impl Report {
    pub(crate) fn new(is_json: bool) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { is_json, is_terminal, has_color: is_terminal && !no_color, progress: Arc::default() }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// A line of data. A reader that has seen enough (`| head`) is no error.
    pub(crate) fn data(&self, line: impl Display) {
        let _ = writeln!(io::stdout(), "{line}");
    }

    /// A JSON line of data.
    pub(crate) fn json(&self, value: &Value) {
        self.data(value);
    }

    /// Standard output, for what is too long for a string.
    pub(crate) fn output(&self) -> impl Write + use<> {
        io::BufWriter::new(io::stdout())
    }

    /// Where a program that we run may talk: its standard output is no data of ours.
    pub(crate) fn talk_of_others(&self) -> Stdio {
        io::stderr().into()
    }

    /// A line of talk.
    pub(crate) fn talk(&self, line: impl Display) {
        let mut progress = self.progress.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Self::end_line(&mut progress);
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// A question: the line that answers it, without the spaces around it. None if nobody can.
    pub(crate) fn ask(&self, question: &str) -> io::Result<Option<String>> {
        {
            let mut progress = self.progress.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            Self::end_line(&mut progress);
        }
        let _ = write!(io::stderr(), "{question}");
        let _ = io::stderr().flush();
        let mut answer = String::new();
        let is_answered = io::stdin().read_line(&mut answer)? > 0;
        if !is_answered || !io::stdin().is_terminal() {
            let _ = writeln!(io::stderr());
        }
        Ok(is_answered.then(|| answer.trim().to_owned()))
    }

    /// A warning.
    pub(crate) fn warn(&self, line: impl Display) {
        self.talk(format!("{} {line}", self.paint("warning:", "33;1")));
    }

    /// A completion script.
    pub(crate) fn completions(&self, shell: clap_complete::Shell, command: &mut clap::Command) {
        let mut script = Vec::new();
        clap_complete::generate(shell, command, "cargo-xtask", &mut script);
        let _ = io::stdout().write_all(&script);
    }

    fn paint(&self, text: &str, color: &str) -> String {
        if self.has_color { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Who the engine tells what happens.
    pub(crate) fn listener(&self) -> Listener {
        let report = self.clone();
        Arc::new(move |event| report.event(&event))
    }

    /// The same where many are migrated at once: who it is that has something to remark, and no progress.
    pub(crate) fn listener_of(&self, label: &str) -> Listener {
        let (report, label) = (self.clone(), label.to_owned());
        Arc::new(move |event| {
            if let Some(remark) = remark(&event) {
                report.talk(format!("{label}: {}", remark.trim_start()));
            }
        })
    }

    fn event(&self, event: &Event) {
        match event {
            Event::Planned { steps, .. } => {
                self.progress.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).steps = *steps;
            }
            Event::RevisionStarted { number, from, to, message, direction, .. } => {
                // Alembic's words, so that what greps a log for them goes on working.
                let line = format!("Running {} {} -> {}, {message}", direction.name(), from.join(", "), to.join(", "));
                self.begin_step(*number, line);
            }
            Event::RevisionFinished { number, revision, elapsed } => self.end_step(*number, revision, *elapsed),
            Event::Statement { number, of, text, done_before } => {
                let done = if *done_before { " (done by an earlier run)" } else { "" };
                self.talk(format!("  statement {number} of {of}{done}: {text}"));
            }
            Event::Retrying { .. } => self.warn(remark(event).unwrap_or_default()),
            _ => {
                if let Some(remark) = remark(event) {
                    self.talk(remark);
                }
            }
        }
    }

    fn begin_step(&self, number: usize, line: String) {
        let mut progress = self.progress.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if self.is_terminal {
            Self::draw_bar(&mut progress, number - 1, &line);
        } else {
            let _ = io::stderr().write_all(line.as_bytes());
            progress.line = Line::Begun;
        }
        progress.current = line;
    }

    fn end_step(&self, number: usize, revision: &str, elapsed: Duration) {
        let mut progress = self.progress.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let took = duration(elapsed);
        if self.is_terminal {
            Self::end_line(&mut progress);
            let _ = writeln!(io::stderr(), "{} ({took})", progress.current);
            if number < progress.steps {
                Self::draw_bar(&mut progress, number, "");
            }
        } else {
            let begin = if progress.line == Line::Begun { "" } else { "  done" };
            // One call of the system: standard error has no buffer, and a thousand revisions have a thousand lines.
            let _ = io::stderr().write_all(format!("{begin} ({took})\n").as_bytes());
            progress.line = Line::Empty;
        }
        let steps = progress.steps;
        drop(progress);
        if self.is_json {
            let seconds = elapsed.as_secs_f64();
            self.json(
                &json!({"event": "revision", "revision": revision, "number": number, "of": steps, "seconds": seconds}),
            );
        }
    }

    fn draw_bar(progress: &mut Progress, done: usize, line: &str) {
        const WIDTH: usize = 20;
        Self::end_line(progress);
        let full = done * WIDTH / progress.steps.max(1);
        let bar = format!("[{}{}] {done}/{} {line}", "#".repeat(full), ".".repeat(WIDTH - full), progress.steps);
        let bar: String = bar.chars().take(78).collect();
        let _ = write!(io::stderr(), "{bar}");
        let _ = io::stderr().flush();
        progress.line = Line::Bar;
    }

    fn end_line(progress: &mut Progress) {
        match std::mem::take(&mut progress.line) {
            Line::Empty => {}
            Line::Bar => drop(write!(io::stderr(), "\r\x1b[K")),
            Line::Begun => drop(writeln!(io::stderr())),
        }
    }

    /// Prints an error with all that is known of it, and says the exit code.
    pub(crate) fn failure(&self, error: &anyhow::Error) -> u8 {
        let (text, code) = self.explain(error);
        self.talk(text);
        code
    }

    /// The same of one of many.
    pub(crate) fn failure_of(&self, label: &str, error: &anyhow::Error) -> u8 {
        let (text, code) = self.explain(error);
        self.talk(format!("{label}: {text}"));
        code
    }

    fn explain(&self, error: &anyhow::Error) -> (String, u8) {
        let explained = Explained::of(error);
        let mut lines = vec![format!("{} {}", self.paint("error:", "31;1"), explained.message)];
        if let Some(Excerpt { place, line }) = explained.source {
            let snippet = Snippet { line: place.line, column: place.column, text: &line };
            let rendered = snippet.render(&self.paint("|", "34;1"), &self.paint("^", "31;1"));
            lines.extend(rendered.lines().map(|line| format!(" {line}")));
        }
        let note = |(name, text): (&str, String)| {
            format!("  {} {}", self.paint(&format!("{name}:"), "1"), text.replace('\n', "\n    "))
        };
        lines.extend(explained.notes.into_iter().map(note));
        (lines.join("\n"), explained.code)
    }
}

/// What an event has to tell besides progress.
fn remark(event: &Event) -> Option<String> {
    Some(match event {
        Event::Connection(ConnectEvent::Waiting { reason, remaining }) => {
            format!("waiting for the server ({reason}), {} s left", remaining.as_secs())
        }
        Event::Connection(ConnectEvent::Notice(notice)) => {
            let more = |name: &str, text: &Option<String>| text.as_ref().map(|text| format!("\n  {name}: {text}"));
            let detail = more("detail", &notice.detail).unwrap_or_default();
            let hint = more("hint", &notice.hint).unwrap_or_default();
            format!("{}: {}{detail}{hint}", notice.severity, notice.message)
        }
        Event::WaitingForLock { holder, remaining } => format!(
            "waiting for another migration ({}), {} s left",
            holder.as_deref().unwrap_or("a session that this role can't see"),
            remaining.as_secs()
        ),
        Event::Blocked { blocker } => format!("  waiting for a lock that is held by {blocker}"),
        Event::Retrying { revision, reason, blocker, attempt, pause } => {
            let blocker = blocker.as_ref().map(|blocker| format!(", held by {blocker}")).unwrap_or_default();
            let (next, pause) = (attempt + 1, pause.as_secs_f64());
            format!("`{revision}`: {reason}{blocker}; rolled back, attempt {next} in {pause:.1} s")
        }
        Event::Locating { revision } => {
            format!("`{revision}` failed; running it statement by statement to find the place")
        }
        Event::DroppedInvalidIndex { index } => {
            format!("  dropped the invalid index {index} that the last run left behind")
        }
        _ => return None,
    })
}

/// Version rows for people.
pub(crate) fn heads_text(heads: &[impl AsRef<str>]) -> String {
    let heads: Vec<&str> = heads.iter().map(AsRef::as_ref).collect();
    if heads.is_empty() { "base".to_owned() } else { heads.join(", ") }
}

/// Milliseconds, or seconds where those are many.
pub(crate) fn duration(elapsed: Duration) -> String {
    if elapsed < Duration::from_secs(1) {
        format!("{:.0} ms", elapsed.as_secs_f64() * 1000.0)
    } else {
        format!("{:.1} s", elapsed.as_secs_f64())
    }
}

/// An error taken apart for printing.
struct Explained {
    message: String,
    source: Option<Excerpt>,
    notes: Vec<(&'static str, String)>,
    code: u8,
}

impl Explained {
    fn of(error: &anyhow::Error) -> Self {
        let mut explained = Self { message: format!("{error:#}"), source: None, notes: Vec::new(), code: 1 };
        for cause in error.chain() {
            if let Some(error) = cause.downcast_ref::<migrate::Error>() {
                explained.add_migrate(error);
            } else if let Some(error) = cause.downcast_ref::<revision::Error>() {
                explained.add_revision(error);
            } else if let Some(error) = cause.downcast_ref::<ClusterError>() {
                explained.note("next", error.hint());
            } else if let Some(failure) = cause.downcast_ref::<Failure>() {
                explained.note("next", failure.hint.clone());
                explained.code = failure.code;
            }
            explained.note("next", hint::of(cause));
        }
        explained
    }

    fn note(&mut self, name: &'static str, text: Option<String>) {
        self.notes.extend(text.map(|text| (name, text)));
    }

    fn add_migrate(&mut self, error: &migrate::Error) {
        self.code = exit_code(error);
        match error {
            migrate::Error::Revision(error) => self.add_revision(error),
            migrate::Error::Run(error) => {
                if let RunError::Statement(error) = &**error {
                    self.source = error.excerpt.clone();
                    self.note("detail", error.detail.clone());
                    self.note("hint", error.hint.clone());
                    self.note("context", error.context.clone());
                }
                self.note("state", error.outcome().map(ToString::to_string));
            }
            _ => {}
        }
    }

    fn add_revision(&mut self, error: &revision::Error) {
        if let revision::Error::Script(error) = error {
            self.source = error.source_line.clone().map(|line| Excerpt { place: error.place, line });
        }
    }
}

/// The exit code of an error of the engine.
fn exit_code(error: &migrate::Error) -> u8 {
    match error {
        migrate::Error::Lock(LockError::NotObtained { .. }) => EXIT_LOCKED,
        migrate::Error::State(error) => match &**error {
            StateError::HalfDone { .. } | StateError::JournalContradicted { .. } | StateError::EditedHalfWay { .. } => {
                EXIT_HALF_DONE
            }
            _ => 1,
        },
        migrate::Error::History(HistoryError::Edited { .. }) => EXIT_EDITED,
        migrate::Error::Run(error) => match (&**error, error.outcome()) {
            (RunError::Interrupted { .. }, _) => interrupt::EXIT_CODE,
            (_, Some(Outcome::HalfDone { .. })) => EXIT_HALF_DONE,
            _ => 1,
        },
        _ => 1,
    }
}
