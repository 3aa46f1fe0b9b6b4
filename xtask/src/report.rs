//! All output: data on stdout, messages on stderr. Only this file and its folder print.
//!
//! Text from files, servers and programs reaches neither a terminal nor a log unescaped: every public function escapes
//! its arguments, and only this file adds colors.

mod event_text;
mod exit_code;
mod explanation;
mod failure;
mod progress;
mod standard_output;
mod wrap;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::{ExitCode, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use cluster::Needs;
use migrate::{Event, Listener};
use revision::{Excerpt, Snippet, printable, printable_json, printable_line};
use serde_json::{Value, json};

use event_text::event_text;
pub(crate) use exit_code::{EXIT_BEHIND, EXIT_USAGE};
use explanation::Explanation;
pub(crate) use failure::Failure;
use progress::{Line, Progress};
pub(crate) use standard_output::finish;
use standard_output::{StandardOutput, print_usage};
use wrap::wrap;

/// Wider lines are hard to read.
const HELP_WIDTH: usize = 100;

/// Prints data and messages.
#[derive(Clone)]
pub(crate) struct Report {
    is_json: bool,
    /// Whether standard output contains only a plan or results.
    is_result_only: bool,
    /// Whether stderr is a terminal that can erase a line: if so, show a progress bar, and colors unless `NO_COLOR` is set.
    is_terminal: bool,
    has_color: bool,
    progress: Arc<Mutex<Progress>>,
}

impl Report {
    pub(crate) fn new(is_json: bool, is_result_only: bool) -> Self {
        // A dumb terminal can't erase a line.
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let is_terminal = io::stderr().is_terminal() && !is_dumb;
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { is_json, is_result_only, is_terminal, has_color: is_terminal && !no_color, progress: Arc::default() }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Prints a line of data. A closed pipe (`| head`) is not an error.
    pub(crate) fn data(&self, line: impl Display) {
        let _ = writeln!(StandardOutput, "{}", printable_line(&line.to_string()));
    }

    /// Prints several lines of data.
    pub(crate) fn data_lines(&self, lines: impl Display) {
        let _ = writeln!(StandardOutput, "{}", printable(&lines.to_string()));
    }

    /// Prints data unchanged, such as a script; it is escaped only on a terminal.
    pub(crate) fn script(&self, text: &str) {
        let shown = if io::stdout().is_terminal() { printable(text) } else { text.into() };
        let _ = writeln!(StandardOutput, "{shown}");
    }

    /// Prints a JSON line of data.
    pub(crate) fn json(&self, value: &Value) {
        let _ = writeln!(StandardOutput, "{}", printable_json(&value.to_string()));
    }

    /// Standard output, for data too long for a string.
    pub(crate) fn output(&self) -> impl Write + use<> {
        io::BufWriter::new(StandardOutput)
    }

    /// The standard output for a child process: our standard error, because its output is not data.
    pub(crate) fn child_stdout(&self) -> Stdio {
        io::stderr().into()
    }

    /// Prints a message.
    pub(crate) fn message(&self, line: impl Display) {
        self.print(&indented(&line.to_string()));
    }

    /// Prints a message that is already escaped.
    fn print(&self, line: &str) {
        let mut progress = self.progress();
        Self::end_line(&mut progress);
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// Whether a person is there to answer.
    pub(crate) fn can_ask(&self) -> bool {
        !self.is_json && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question and returns the trimmed answer, or `None` at the end of standard input.
    pub(crate) fn ask(&self, question: &str) -> io::Result<Option<String>> {
        {
            let mut progress = self.progress();
            Self::end_line(&mut progress);
        }
        let _ = write!(io::stderr(), "{}", indented(question));
        let _ = io::stderr().flush();
        let mut answer = String::new();
        let is_answered = io::stdin().read_line(&mut answer)? > 0;
        if !is_answered || !io::stdin().is_terminal() {
            let _ = writeln!(io::stderr());
        }
        Ok(is_answered.then(|| answer.trim().to_owned()))
    }

    /// Prints a warning.
    pub(crate) fn warn(&self, line: impl Display) {
        self.print(&format!("{} {}", self.paint("warning:", "33;1"), indented(&line.to_string())));
    }

    fn paint(&self, text: &str, color: &str) -> String {
        if self.has_color { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A listener that prints the engine's events.
    pub(crate) fn listener(&self) -> Listener {
        let report = self.clone();
        Arc::new(move |event| report.event(&event))
    }

    /// A listener for one of several databases: messages start with its label, and progress is not shown.
    pub(crate) fn listener_of(&self, label: &str) -> Listener {
        let (report, label) = (self.clone(), label.to_owned());
        Arc::new(move |event| {
            if let Some(text) = event_text(&event) {
                report.message(format!("{label}: {}", text.trim_start()));
            }
        })
    }

    fn event(&self, event: &Event) {
        match event {
            Event::Planned { steps, .. } => {
                self.progress().steps = *steps;
            }
            Event::RevisionStarted { number, revision, from, to, message, direction } => {
                // Alembic's wording, so that scripts that search its logs keep working.
                let line = format!("Running {} {} -> {}, {message}", direction.name(), from.join(", "), to.join(", "));
                self.begin_step(*number, revision, printable_line(&line).into_owned());
            }
            Event::RevisionFinished { number, revision, elapsed } => self.end_step(*number, revision, *elapsed),
            Event::Statement { number, of, text, done_before } => {
                let done = if *done_before { " (done by an earlier run)" } else { "" };
                self.progress().statement = Some(printable_line(text).into_owned());
                self.message(format!("  statement {number} of {of}{done}: {text}"));
            }
            Event::Retrying { .. } | Event::ObjectLeftOut { .. } | Event::ObjectFileRemoved { .. } => {
                self.warn(event_text(event).unwrap_or_default());
            }
            Event::ObjectsApplied { names, elapsed } => {
                let text = event_text(event).unwrap_or_default();
                self.message(format!("{text} ({})", duration(*elapsed)));
                if self.is_json {
                    let seconds = elapsed.as_secs_f64();
                    self.json(&json!({"event": "objects", "objects": names, "seconds": seconds}));
                }
            }
            _ => {
                if let Some(text) = event_text(event) {
                    self.message(text);
                }
            }
        }
    }

    fn begin_step(&self, number: usize, revision: &str, line: String) {
        let mut progress = self.progress();
        progress.done = number - 1;
        progress.statement = progress.statements.get(revision).cloned();
        if self.is_terminal {
            (progress.current, progress.begun) = (line, Some(Instant::now()));
            Self::draw_bar(&mut progress);
            self.watch(&mut progress);
        } else {
            let _ = io::stderr().write_all(line.as_bytes());
            (progress.current, progress.line) = (line, Line::Revision);
        }
    }

    fn end_step(&self, number: usize, revision: &str, elapsed: Duration) {
        let mut progress = self.progress();
        let took = duration(elapsed);
        if self.is_terminal {
            Self::end_line(&mut progress);
            let _ = writeln!(io::stderr(), "{}", progress.finished(&took));
            (progress.done, progress.begun) = (number, None);
            if number < progress.steps {
                Self::draw_bar(&mut progress);
            }
        } else {
            let start = if progress.line == Line::Revision { "" } else { "  done" };
            // One system call: standard error is unbuffered, and a thousand revisions print a thousand lines.
            let _ = io::stderr().write_all(format!("{start} ({took})\n").as_bytes());
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

    /// Redraws the bar while a revision takes long, until the run is over.
    fn watch(&self, progress: &mut Progress) {
        if std::mem::replace(&mut progress.is_watched, true) {
            return;
        }
        let shared = Arc::downgrade(&self.progress);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_millis(500));
                let Some(shared) = shared.upgrade() else { break };
                let is_long = |progress: &Progress| progress.begun.is_some_and(|begun| begun.elapsed().as_secs() > 0);
                if !is_long(&lock(&shared)) {
                    continue;
                }
                // The window may have been resized.
                let width = terminal_width();
                let mut progress = lock(&shared);
                progress.width = width;
                if is_long(&progress) {
                    Self::draw_bar(&mut progress);
                }
            }
        });
    }

    fn draw_bar(progress: &mut Progress) {
        if progress.width.is_none() {
            progress.width = terminal_width();
        }
        Self::end_line(progress);
        let _ = io::stderr().write_all(progress.bar().as_bytes());
        progress.line = Line::Bar;
    }

    fn end_line(progress: &mut Progress) {
        match std::mem::take(&mut progress.line) {
            Line::Empty => {}
            Line::Bar => drop(write!(io::stderr(), "\r\x1b[K")),
            Line::Revision => drop(writeln!(io::stderr())),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        lock(&self.progress)
    }

    /// Whether the progress is shown on a terminal.
    pub(crate) fn shows_progress(&self) -> bool {
        self.is_terminal
    }

    /// What each revision runs, shown while it takes long.
    pub(crate) fn set_statements(&self, statements: HashMap<String, String>) {
        self.progress().statements = statements;
    }

    /// Prints an error with its source line, notes and hints, and returns the exit code. With `--json`, it is also an object.
    pub(crate) fn failure(&self, error: &anyhow::Error) -> u8 {
        let explanation = Explanation::of(error);
        self.progress().begun = None;
        self.print(&self.explain(&explanation));
        if self.is_json {
            let _ = self.error_object(&explanation.json());
        }
        explanation.code
    }

    /// Prints the output of clap: help and versions are data.
    pub(crate) fn usage(error: &clap::Error) -> ExitCode {
        let text = error.render().to_string();
        if !error.use_stderr() {
            let width = if io::stdout().is_terminal() { terminal_width() } else { None };
            return print_usage(error, &wrap(&text, width.unwrap_or(HELP_WIDTH).min(HELP_WIDTH)));
        }
        let code = print_usage(error, &printable(&text));
        // The arguments are not known, as they cannot be parsed.
        let has = |word: &str| std::env::args_os().any(|argument| argument == word);
        if has("--json") {
            let first = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
            let message = first.split_whitespace().collect::<Vec<_>>().join(" ");
            let mut value = json!({"event": "error", "code": EXIT_USAGE, "message": message});
            let tips: Vec<&str> = text.lines().filter_map(|line| line.trim_start().strip_prefix("tip: ")).collect();
            if !tips.is_empty() {
                value["hint"] = json!(tips.join("\n"));
            }
            let _ = Self::new(true, ["plan", "lint", "doctor", "buildspec"].into_iter().any(has)).error_object(&value);
        }
        code
    }

    /// An error as a JSON line on standard output, or on standard error if standard output must contain only results.
    fn error_object(&self, value: &Value) -> io::Result<()> {
        let line = format!("{}\n", printable_json(&value.to_string()));
        match self.is_result_only {
            true => io::stderr().write_all(line.as_bytes()),
            false => StandardOutput.write_all(line.as_bytes()),
        }
    }

    /// Like [`Self::failure`], for one of several databases.
    pub(crate) fn failure_of(&self, label: &str, error: &anyhow::Error, seconds: f64) -> u8 {
        let explanation = Explanation::of(error);
        self.print(&format!("{}: {}", printable_line(label), self.explain(&explanation)));
        if self.is_json {
            let mut value = explanation.json();
            value["event"] = json!("failed");
            value["database"] = json!(label);
            value["error"] = json!(Failure::one_line(error));
            value["seconds"] = json!(seconds);
            self.json(&value);
        }
        explanation.code
    }

    fn explain(&self, explanation: &Explanation) -> String {
        let mut lines = vec![format!("{} {}", self.paint("error:", "31;1"), indented(&explanation.message))];
        if let Some(Excerpt { place, line }) = &explanation.source {
            let snippet = Snippet { line: place.line, column: place.column, text: line };
            let rendered = snippet.render(&self.paint("|", "34;1"), &self.paint("^", "31;1"));
            lines.extend(rendered.lines().map(|line| format!(" {line}")));
        }
        let note = |(name, text): &(&str, String)| {
            format!("  {} {}", self.paint(&format!("{name}:"), "1"), printable(text).replace('\n', "\n    "))
        };
        lines.extend(explanation.notes.iter().map(note));
        lines.join("\n")
    }
}

fn lock(progress: &Mutex<Progress>) -> MutexGuard<'_, Progress> {
    progress.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The columns of the terminal: COLUMNS, or what the terminal reports. The standard library can't ask it, so `stty` does.
fn terminal_width() -> Option<usize> {
    let set = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let ask = || {
        let terminal = std::fs::File::open("/dev/tty").ok()?;
        let output = Needs::Tool.command("stty").arg("size").stdin(terminal).stderr(Stdio::null()).output().ok()?;
        String::from_utf8_lossy(&output.stdout).split_whitespace().nth(1)?.parse().ok()
    };
    set.or_else(ask).filter(|columns| *columns > 0)
}

/// A message: escaped, and with its later lines indented, so that none of them can pass for a separate message.
fn indented(text: &str) -> Cow<'_, str> {
    let shown = printable(text);
    let is_indented = |line: &str| line.is_empty() || line.starts_with([' ', '\t']);
    if shown.lines().skip(1).all(is_indented) {
        return shown;
    }
    let mut lines = Vec::new();
    for (index, line) in shown.lines().enumerate() {
        lines.push(if index == 0 || is_indented(line) { line.to_owned() } else { format!("    {line}") });
    }
    Cow::Owned(lines.join("\n"))
}

/// Whether an answer to a yes/no question is yes.
pub(crate) fn is_yes(answer: &str) -> bool {
    matches!(answer, "y" | "Y" | "yes")
}

/// Version rows as text.
pub(crate) fn heads_text(heads: &[impl AsRef<str>]) -> String {
    let heads: Vec<&str> = heads.iter().map(AsRef::as_ref).collect();
    if heads.is_empty() { "base".to_owned() } else { heads.join(", ") }
}

/// A number of things.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A duration in milliseconds, or in seconds from one second on.
pub(crate) fn duration(elapsed: Duration) -> String {
    if elapsed < Duration::from_secs(1) {
        format!("{:.0} ms", elapsed.as_secs_f64() * 1000.0)
    } else {
        format!("{:.1} s", elapsed.as_secs_f64())
    }
}
