//! What the files of `objects` create is no part of a difference that becomes revisions: `db upgrade` creates it after them.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use migrate::Target;
use revision::Objects;

use crate::difference::changed_object;
use crate::finding::message;
use crate::scratch::ScratchDatabase;

/// Takes it out of both schemas. What the desired one has in another version is reported: the files decide.
pub(super) fn leave_out(
    objects: &Objects,
    revisions: &mut ScratchDatabase<'_>,
    desired: &mut ScratchDatabase<'_>,
) -> Result<()> {
    // Files that have been edited for the desired schema may not load into the other one.
    let mut created = match revisions.apply_objects(objects)? {
        Ok(()) => names(revisions)?,
        Err(_) => BTreeSet::new(),
    };
    let before = desired.dump()?;
    // The files are applied after the revisions.
    desired.run(Target::Stamp { targets: &["heads".to_owned()], purge: true })?;
    desired.apply_objects(objects)?.context("a file of `objects` does not load into the desired schema")?;
    let edited: Vec<Vec<String>> = before
        .differences(&desired.dump()?)
        .iter()
        .filter(|object| !object.before.is_empty())
        .map(changed_object)
        .collect();
    if !edited.is_empty() {
        message(
            "warning: files in `objects` create these, not revisions, so the desired schema does not count: edit the files \
             (-: desired, +: the files)",
        );
        edited.iter().flatten().for_each(|line| message(&format!("  {line}")));
    }
    created.extend(names(desired)?);
    drop_all(&created, revisions)?;
    drop_all(&created, desired)
}

/// What the files have created, as `KIND IDENTITY`.
fn names(database: &mut ScratchDatabase<'_>) -> Result<BTreeSet<String>> {
    Ok(database.created_objects()?.into_values().flatten().collect())
}

/// Drops the objects that exist, in an order that works.
fn drop_all(objects: &BTreeSet<String>, database: &mut ScratchDatabase<'_>) -> Result<()> {
    let session = database.probe()?;
    let mut waiting: Vec<&String> = objects.iter().collect();
    loop {
        let before = waiting.len();
        let (mut failed, mut last) = (Vec::new(), None);
        for object in waiting {
            if let Err(error) = session.send(&format!("DROP {}", if_exists(object))) {
                failed.push(object);
                last = Some(error);
            }
        }
        let Some(error) = last else { return Ok(()) };
        if failed.len() == before {
            let object = failed[0];
            let hint = "so what uses it belongs in `objects` too";
            bail!("a file in `objects` creates `{object}` after the revisions, {hint}: {error}");
        }
        waiting = failed;
    }
}

/// `KIND IF EXISTS IDENTITY`.
fn if_exists(object: &str) -> String {
    object.replacen(' ', " IF EXISTS ", 1)
}
