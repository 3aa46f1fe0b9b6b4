//! Progress messages on standard error.

/// Prints a progress message.
#[expect(clippy::print_stderr, reason = "this is where messages are printed")]
pub(crate) fn log(line: &str) {
    eprintln!("{line}");
}
