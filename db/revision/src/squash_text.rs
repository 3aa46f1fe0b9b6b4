//! The text of a squash: the sections of several revisions in one file, each with its comments and COPY data.

use crate::checksum::Checksum;
use crate::compose::header_text;
use crate::error::Error;
use crate::file::RevisionFile;
use crate::header::Header;
use crate::operation::Direction;
use crate::script::Script;
use crate::section::Section;
use crate::session_setting::reset_of;
use crate::squash_error::SquashError;

/// A part of a section, and the checksums of its statements.
struct Part<'s> {
    script: &'s Script,
    text: String,
    statements: Vec<Checksum>,
}

/// The contents of the file, read back and compared: the statements of the downgrade sections in reverse order, unless a
/// revision has none.
pub(crate) fn squash_text(header: &Header, scripts: &[&Script]) -> Result<String, SquashError> {
    let upgrade = parts(scripts.iter().copied(), Direction::Upgrade)?;
    let downgrade = match scripts.iter().all(|script| script.downgrade().is_some()) {
        true => Some(parts(scripts.iter().rev().copied(), Direction::Downgrade)?),
        false => None,
    };
    let mut text = format!("{}\n-- migrate:upgrade\n", header_text(header));
    upgrade.iter().for_each(|part| text.push_str(&part.text));
    if let Some(downgrade) = &downgrade {
        text.push_str("\n-- migrate:downgrade\n");
        downgrade.iter().for_each(|part| text.push_str(&part.text));
    }
    check(header, &text, &upgrade, downgrade.as_deref())?;
    Ok(text)
}

fn parts<'s>(scripts: impl Iterator<Item = &'s Script>, direction: Direction) -> Result<Vec<Part<'s>>, SquashError> {
    let mut parts = Vec::new();
    for script in scripts {
        let Some(section) = script.section(direction) else { continue };
        if let Some(previous) = parts.last_mut() {
            end(previous, direction)?;
        }
        parts.extend(part(script, section, direction)?);
    }
    Ok(parts)
}

/// The text of a section below a comment that names its origin; none if it has no text, as that of a merge.
fn part<'s>(script: &'s Script, section: &Section, direction: Direction) -> Result<Option<Part<'s>>, SquashError> {
    let sql = script.file_text(section)?;
    let sql = sql.trim_start_matches(['\r', '\n']).trim_end();
    if sql.is_empty() {
        return Ok(None);
    }
    let Header { revision, message, description, .. } = &**script.header();
    let mut text = format!("\n-- from {revision}: {message}\n");
    if direction == Direction::Upgrade {
        description.lines().for_each(|line| text.push_str(&format!("{}\n", format!("--   {line}").trim_end())));
    }
    text.push_str(sql);
    text.push('\n');
    let (mut statements, mut is_terminated) = (Vec::new(), true);
    for statement in script.statements(section) {
        let statement = statement?;
        is_terminated = statement.is_terminated || statement.is_empty;
        if !statement.is_empty {
            statements.push(statement.digest);
        }
    }
    if !is_terminated {
        // On a line of its own: the last one can end with a comment.
        text.push_str(";\n");
    }
    Ok(Some(Part { script, text, statements }))
}

/// Ends a part as a revision ends: what it has set is reset, so that the next part starts as it would in a file of its own.
fn end(part: &mut Part<'_>, direction: Direction) -> Result<(), SquashError> {
    let mut resets: Vec<String> = Vec::new();
    let Some(section) = part.script.section(direction) else { return Ok(()) };
    for statement in part.script.effective(section) {
        let text = part.script.text(&*statement?)?.into_owned();
        let reset = reset_of(&text, part.script.is_transactional());
        resets.extend(reset.filter(|reset| !resets.contains(reset)));
    }
    for reset in resets {
        let sql = format!("{reset};\n");
        let plain = Script::read_plain(&RevisionFile::in_memory("reset", &sql))?;
        for statement in plain.effective(plain.upgrade()) {
            part.statements.push(statement?.digest);
        }
        part.text.push_str(&sql);
    }
    Ok(())
}

/// Reads the text, and checks that it has the header and exactly these statements.
fn check(header: &Header, text: &str, upgrade: &[Part<'_>], downgrade: Option<&[Part<'_>]>) -> Result<(), SquashError> {
    let script = match Script::read(&RevisionFile::in_memory("squash", text)) {
        Ok(script) if **script.header() == *header => script,
        Ok(_) => return Err(SquashError::Message { message: header.message.clone() }),
        Err(Error::Script(error)) if error.place.line == 1 => {
            return Err(SquashError::Message { message: header.message.clone() });
        }
        Err(error) => return Err(error.into()),
    };
    check_section(&script, Some(script.upgrade()), Some(upgrade))?;
    check_section(&script, script.downgrade(), downgrade)?;
    Ok(script.check_transactions()?)
}

fn check_section(script: &Script, section: Option<&Section>, parts: Option<&[Part<'_>]>) -> Result<(), SquashError> {
    let parts = parts.unwrap_or_default();
    let mut found = section.into_iter().flat_map(|section| script.effective(section));
    for part in parts {
        for expected in &part.statements {
            let found = found.next().transpose()?;
            if found.is_none_or(|found| found.digest != *expected) {
                return Err(SquashError::NotEqual { revision: part.script.header().revision.clone() });
            }
        }
    }
    match (found.next(), parts.last()) {
        (Some(_), Some(part)) => Err(SquashError::NotEqual { revision: part.script.header().revision.clone() }),
        _ => Ok(()),
    }
}
