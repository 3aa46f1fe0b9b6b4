//! Sends one statement of a revision.

use connection::Connection;
use revision::{Script, Statement, without_semicolon};

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
    sent.map_err(|cause| Failure::of(statement, &text, cause))?;
    if let Some(observer) = observer {
        let observed = observer.after(connection, statement.place, &text);
        observed.map_err(failure)?;
    }
    Ok(())
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
