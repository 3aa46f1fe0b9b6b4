//! Sends one statement of a revision.

use std::io::{BufRead, BufReader, Read};

use connection::{Connection, QueryError};
use revision::{Excerpt, Place, Script, Statement, without_semicolon};

use crate::observer::{Observer, lend};
use crate::revision_run::{Cause, Failure};

/// Sends a statement with its COPY data. `entry`, a journal entry, is sent in the same transaction. An observer is
/// called before and after.
///
/// # Errors
/// The server refuses, the text or data can't be read, or the observer stops the run.
pub(crate) fn send(
    connection: &mut Connection,
    script: &Script,
    statement: &Statement,
    entry: Option<&str>,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Failure> {
    let text = script.text(statement).map_err(|error| Failure::of(statement, "", error))?;
    let failure = |error| Failure::of(statement, &text, Cause::Observer(error));
    if let Some(observer) = lend(&mut observer) {
        let observed = observer.before(connection, statement.place, &text);
        observed.map_err(failure)?;
    }
    let sent = match (&statement.copy, entry) {
        (None, None) => connection.send(&text).map_err(Into::into),
        // The statement may end in a comment, or without its semicolon.
        (None, Some(entry)) => connection.send(&format!("{text}\n;{entry}")).map_err(Into::into),
        (Some(copy), entry) => copy_in(connection, script, &text, copy, entry),
    };
    sent.map_err(|cause| match row(script, statement, &cause) {
        Some(row) => Failure { at: Some(Box::new(row)), cause },
        None => Failure::of(statement, &text, cause),
    })?;
    if let Some(observer) = observer {
        let observed = observer.after(connection, statement.place, &text);
        observed.map_err(failure)?;
    }
    Ok(())
}

/// The line of the COPY data that the server has refused: its context is `COPY table, line 2, column name: "value"`, translated.
fn row(script: &Script, statement: &Statement, cause: &Cause) -> Option<Excerpt> {
    /// In bytes. The rest of a longer line is of no use to a reader.
    const LONGEST_LINE: u64 = 64 * 1024;
    let Cause::Query(QueryError::Server(error)) = cause else { return None };
    let copy = statement.copy.as_ref()?;
    let context = error.context.as_ref()?.lines().find(|line| line.starts_with("COPY "))?;
    let counted = context.split([',', ':']).nth(1)?;
    let number: u32 = counted.rsplit(' ').next()?.parse().ok()?;
    let mut data = BufReader::new(script.copy_data(copy).ok()?);
    for _ in 1..number {
        data.skip_until(b'\n').ok()?;
    }
    let mut line = Vec::new();
    data.take(LONGEST_LINE).read_until(b'\n', &mut line).ok()?;
    let line = String::from_utf8_lossy(&line).trim_end().to_owned();
    Some(Excerpt { place: Place { line: copy.line + number - 1, column: 1 }, line })
}

fn copy_in(
    connection: &mut Connection,
    script: &Script,
    text: &str,
    copy: &revision::CopyData,
    entry: Option<&str>,
) -> Result<(), Cause> {
    let data = script.copy_data(copy)?;
    match entry {
        None => Ok(connection.copy_in(without_semicolon(text), data)?),
        Some(entry) => {
            let sent = connection
                .send("BEGIN")
                .and_then(|()| connection.copy_in(without_semicolon(text), data))
                .and_then(|()| connection.send(&format!("{entry}COMMIT;")));
            Ok(sent.inspect_err(|_| _ = connection.roll_back())?)
        }
    }
}
