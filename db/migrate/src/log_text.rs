//! The SQL of a section as the log keeps it: all of it, or the beginning of a large one. COPY data is never kept.
//!
//! Pure, except for reading the file.

use revision::{Error, Script, Section};

/// A section up to this length, in bytes, is kept entirely.
const ENTIRELY: u64 = 1024 * 1024;

/// Of a longer one, the first statements are kept, up to this length in bytes.
const BEGINNING: usize = 64 * 1024;

/// The end of the comment that replaces the rest of a section.
const LEFT_OUT: &str = "bytes of statements are not kept here";

/// What the log keeps of a section.
///
/// # Errors
/// The file can't be read.
pub(crate) fn log_text(script: &Script, section: &Section) -> Result<String, Error> {
    if section.length() <= ENTIRELY {
        return script.sql(section);
    }
    let mut sql = String::new();
    let mut rest = section.length();
    for statement in script.effective(section) {
        let statement = statement?;
        if sql.len() as u64 + statement.length() > BEGINNING as u64 {
            break;
        }
        rest -= statement.length();
        script.push_sql(&statement, &mut sql)?;
    }
    sql.push_str(&format!("-- {rest} {LEFT_OUT}\n"));
    Ok(sql)
}

/// Whether a text in the log is only the beginning of its section.
pub(crate) fn is_beginning(text: &str) -> bool {
    text.lines().last().is_some_and(|line| line.starts_with("-- ") && line.ends_with(LEFT_OUT))
}
