//! What is going on, on standard error.

/// A line of talk.
#[expect(clippy::print_stderr, reason = "this is where the talk goes")]
pub(crate) fn talk(line: &str) {
    eprintln!("{line}");
}
