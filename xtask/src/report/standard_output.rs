//! Standard output, for `xtask` and `verify`. A failed write is reported at the end, so that a command whose data went
//! to a full disk fails, but a run that prints its progress as data is not stopped in between.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::sync::Mutex;

/// The first failure.
static FAILURE: Mutex<Option<OutputError>> = Mutex::new(None);

/// Data could not be written; with the operating system's error.
#[derive(Debug, Clone)]
pub(crate) struct OutputError(String);

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not write to standard output: {}", self.0)
    }
}

impl std::error::Error for OutputError {}

/// Standard output. A closed pipe (`| head`) is not an error.
pub(crate) struct StandardOutput;

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        keep(io::stdout().write(bytes)).map(|written| written.unwrap_or(bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        keep(io::stdout().flush()).map(drop)
    }
}

/// Keeps the first failure; a pipe that the reader has closed is not one.
fn keep<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(None),
        Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
        Err(error) => {
            let error = OutputError(error.to_string());
            FAILURE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get_or_insert(error.clone());
            Err(io::Error::other(error))
        }
    }
}

/// Fails if data could not be written.
pub(crate) fn finish() -> Result<(), OutputError> {
    let _ = StandardOutput.flush();
    let failure = FAILURE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
    failure.map_or(Ok(()), Err)
}

/// Prints the output of clap instead of running a task, as text: help or the version on standard output, or a usage
/// error.
pub(crate) fn print_usage(message: &clap::Error, text: &str) -> ExitCode {
    if message.use_stderr() {
        let _ = io::stderr().write_all(text.as_bytes());
        return ExitCode::from(2);
    }
    let _ = StandardOutput.write_all(text.as_bytes());
    match finish() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
