//! Renames that the user has named, by an option or by a hint beside the object. None is guessed: nothing else tells a renamed
//! object from a new one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use connection::{Connection, quote_identifier};
use revision::{RenameHint, SqlName};
use schema::Statement;

use super::exchange::Side;
use super::load;
use super::named::{Named, Query};
use crate::finding::message;

/// A rename, in both directions.
pub(super) struct Rename {
    pub(super) forth: Statement,
    pub(super) back: Statement,
}

/// A rename that the user has named.
pub(super) struct Wanted {
    /// Where it is, before a message.
    origin: String,
    kind: Option<&'static str>,
    /// The old name, in each way in which it can be meant.
    old: Vec<Vec<String>>,
    arguments: Option<Vec<String>>,
    /// The new name. Of an option, perhaps only its end.
    new: Vec<String>,
    source: Source,
}

/// Who names a rename, which decides what happens if it can't be made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// It is an error.
    Option,
    /// One that has been made is reported, and others are errors.
    Hint,
    /// A hint in the schema to begin with, about its own past: it counts if the other schema is older.
    Reversed,
}

/// What is known about a rename.
enum Outcome {
    Made(Rename),
    /// Something else has to be renamed first.
    Waits,
    Skipped,
}

/// The renames of a comparison: those of options, and those of hints in files.
pub(super) fn wanted(options: &[(String, String)], from: &Side, to: &Side) -> Result<Vec<Wanted>> {
    let mut wanted: Vec<Wanted> =
        options.iter().map(|(old, new)| Wanted::of_option(old, new)).collect::<Result<_>>()?;
    let mut hints = Vec::new();
    for (path, hint) in hints_of(to)? {
        let one = Wanted::of_hint(&path, &hint)?;
        match wanted.iter().find(|other| other.ends_as(&one)) {
            Some(other) if !other.begins_as(&one) => bail!("{}`--rename` gives another old name", one.origin),
            Some(_) => continue,
            None => hints.push(one),
        }
    }
    for (index, one) in hints.iter().enumerate() {
        let same = |other: &&Wanted| (&other.kind, &other.new) == (&one.kind, &one.new) || other.begins_as(one);
        if let Some(other) = hints[..index].iter().filter(|other| other.arguments == one.arguments).find(same) {
            bail!("{}this contradicts the hint at {}", one.origin, other.origin.trim_end_matches([':', ' ']));
        }
    }
    wanted.extend(hints);
    for (path, hint) in hints_of(from)? {
        wanted.push(Wanted::of_hint(&path, &hint)?.reversed());
    }
    wanted.sort_by_key(Wanted::rank);
    Ok(wanted)
}

fn hints_of(side: &Side) -> Result<Vec<(PathBuf, RenameHint)>> {
    let Side::Files(paths) = side else { return Ok(Vec::new()) };
    let mut hints = Vec::new();
    for script in load::read(paths)? {
        hints.extend(script.rename_hints()?.into_iter().map(|hint| (script.path().to_owned(), hint)));
    }
    Ok(hints)
}

/// Makes the renames in the old schema.
pub(super) fn apply(mut wanted: Vec<Wanted>, old: &mut Connection, new: &mut Connection) -> Result<Vec<Rename>> {
    let ends: Vec<Vec<String>> = wanted.iter().map(|one| one.new.clone()).collect();
    let mut renaming = Renaming { old, new, ends, made: HashMap::new() };
    let mut renames = Vec::new();
    while !wanted.is_empty() {
        let before = wanted.len();
        let mut waiting = Vec::new();
        for one in wanted {
            // What is a part of something has its new name only once that has it.
            if waiting.iter().any(|other: &Wanted| other.rank() < one.rank()) {
                waiting.push(one);
                continue;
            }
            match renaming.attempt(&one)? {
                Outcome::Made(rename) => renames.push(rename),
                Outcome::Waits => waiting.push(one),
                Outcome::Skipped => {}
            }
        }
        wanted = waiting;
        if let Some(first) = wanted.first().filter(|_| wanted.len() == before) {
            bail!("{}there is a `{}` already", first.cannot(), shown(&first.new));
        }
    }
    Ok(renames)
}

/// The schemas while the old one is changed.
struct Renaming<'c> {
    old: &'c mut Connection,
    new: &'c mut Connection,
    /// The new names of all renames.
    ends: Vec<Vec<String>>,
    /// The new names of what has been renamed, by the old ones.
    made: HashMap<Vec<String>, Vec<String>>,
}

impl Renaming<'_> {
    fn attempt(&mut self, wanted: &Wanted) -> Result<Outcome> {
        // A hint without a path means the neighbor of the new name.
        let names: Vec<Vec<String>> = match wanted.is_neighbor() {
            true => wanted.old.clone(),
            false => wanted.old.iter().map(|name| self.current(name)).collect(),
        };
        let arguments: Option<Vec<String>> =
            wanted.arguments.as_ref().map(|types| types.iter().map(|name| self.current_type(name)).collect());
        let query = Query { names, kind: wanted.kind, arguments: arguments.as_deref() };
        let Some(found) = Named::find(self.old, &query)? else { return self.missing(wanted, arguments.as_deref()) };
        let cannot = wanted.cannot();
        let Some(name) = wanted.new_name(&found.parts) else {
            if wanted.source == Source::Reversed {
                return Ok(Outcome::Skipped);
            }
            bail!("{cannot}`{}` is in another schema or table", shown(&wanted.new));
        };
        let after = Query { names: vec![name.clone()], kind: Some(&found.kind), arguments: found.arguments.as_deref() };
        let before = Query { names: vec![found.parts.clone()], ..after.clone() };
        let is_end = self.ends.iter().any(|end| found.parts.ends_with(end));
        let remains = !is_end && Named::find(self.new, &before)?.is_some();
        let goal = Named::find(self.new, &after)?;
        let is_taken = Named::find(self.old, &after)?.is_some();
        let goal = match goal {
            Some(goal) if !remains && !is_taken => goal,
            _ if wanted.source == Source::Reversed => return Ok(Outcome::Skipped),
            None => bail!("{cannot}the desired schema has no such object `{}`", shown(&wanted.new)),
            Some(_) if remains => bail!("{cannot}the desired schema still has `{}`", shown(&found.parts)),
            Some(_) => return Ok(Outcome::Waits),
        };
        let forth = found.renamed_to(&goal);
        // The search path of a query is that of the system.
        if let Err(error) = self.old.send(&forth) {
            bail!("{cannot}{error:#}");
        }
        let Some(renamed) = Named::find(self.old, &after)? else { bail!("{cannot}it has no new name") };
        let back = renamed.renamed_to(&found);
        self.made.insert(found.parts, name);
        let statement = |sql| Statement { sql, ..Statement::default() };
        Ok(Outcome::Made(Rename { forth: statement(forth), back: statement(back) }))
    }

    /// What becomes of a rename whose old name nothing has.
    fn missing(&mut self, wanted: &Wanted, arguments: Option<&[String]>) -> Result<Outcome> {
        let name = wanted.old_name();
        match wanted.source {
            Source::Reversed => Ok(Outcome::Skipped),
            Source::Option => bail!("{}there is no such object", wanted.cannot()),
            Source::Hint => {
                let query = Query { names: vec![wanted.new.clone()], kind: wanted.kind, arguments };
                if Named::find(self.old, &query)?.is_none() {
                    bail!("{}the old schema has neither that nor `{}`", wanted.cannot(), shown(&wanted.new));
                }
                self.made.extend(wanted.old.iter().map(|old| (old.clone(), wanted.new.clone())));
                let end = "has been made: the hint can be deleted";
                message(&format!("{}note: the rename from `{name}` {end}", wanted.origin));
                Ok(Outcome::Skipped)
            }
        }
    }

    /// The name that something has now, if what it is a part of has been renamed.
    fn current(&self, name: &[String]) -> Vec<String> {
        let longest = (1..name.len()).rev().find_map(|end| Some((end, self.made.get(&name[..end])?)));
        match longest {
            Some((end, new)) => [new, &name[end..]].concat(),
            None => name.to_vec(),
        }
    }

    /// The type of an argument, by the name that it has now.
    fn current_type(&self, name: &str) -> String {
        let Some(SqlName { parts, arguments: None }) = SqlName::parse(name) else { return name.to_owned() };
        let parts = if parts.len() == 1 { in_public(&parts) } else { parts };
        match self.made.get(&self.current(&parts)) {
            Some(new) => new.iter().map(|part| quote_identifier(part)).collect::<Vec<_>>().join("."),
            None => name.to_owned(),
        }
    }
}

impl Wanted {
    /// What contains others comes first, and types before what has them as arguments.
    fn rank(&self) -> u8 {
        match (self.source, self.kind) {
            (Source::Option, _) => 0,
            (_, Some("schema")) => 1,
            (_, Some("type" | "domain")) => 2,
            (_, Some("column" | "constraint" | "label" | "trigger" | "policy" | "rule")) => 4,
            _ => 3,
        }
    }

    fn of_option(old: &str, new: &str) -> Result<Self> {
        let parsed = |text: &str| match SqlName::parse(text) {
            Some(name) => Ok(name),
            None => bail!("`--rename {old}={new}`: `{text}` is not a name"),
        };
        let (old, new) = (parsed(old)?, parsed(new)?);
        let (names, arguments) = (vec![in_public(&old.parts), old.parts], old.arguments);
        Ok(Self { origin: String::new(), kind: None, old: names, arguments, new: new.parts, source: Source::Option })
    }

    fn of_hint(path: &Path, RenameHint { place, old, new }: &RenameHint) -> Result<Self> {
        let origin = format!("{}:{}:{}: ", path.display(), place.line, place.column);
        let Some(missing) = new.parts.len().checked_sub(old.parts.len()) else {
            bail!("{origin}`{old}` has more parts than `{}`", shown(&new.parts));
        };
        let full = [&new.parts[..missing], &old.parts].concat();
        let (kind, arguments, new) = (Some(new.kind), old.arguments.clone(), new.parts.clone());
        Ok(Self { origin, kind, old: vec![full], arguments, new, source: Source::Hint })
    }

    /// The rename that undoes it.
    fn reversed(self) -> Self {
        let new = self.old.first().and_then(|parts| parts.last()).cloned();
        Self { old: vec![self.new], new: new.into_iter().collect(), source: Source::Reversed, ..self }
    }

    /// The whole new name of what has this one, if it stays where it is.
    fn new_name(&self, found: &[String]) -> Option<Vec<String>> {
        let (last, above) = self.new.split_last()?;
        found[..found.len() - 1]
            .ends_with(above)
            .then(|| [&found[..found.len() - 1], std::slice::from_ref(last)].concat())
    }

    /// Whether both names have the same path.
    fn is_neighbor(&self) -> bool {
        let above = |name: &Vec<String>| name.split_last().map(|(_, above)| above.to_vec());
        self.source == Source::Hint && self.old.iter().all(|name| above(name) == above(&self.new))
    }

    /// What messages call it.
    fn old_name(&self) -> String {
        self.old.first().map(|parts| shown(parts)).unwrap_or_default()
    }

    /// The beginning of an error.
    fn cannot(&self) -> String {
        format!("{}cannot rename `{}`: ", self.origin, self.old_name())
    }

    /// Whether another one may give the same object its name.
    fn ends_as(&self, other: &Self) -> bool {
        other.new.ends_with(&self.new) && self.old.iter().any(|name| name.len() == other.new.len())
    }

    fn begins_as(&self, other: &Self) -> bool {
        self.old.iter().any(|name| other.old.contains(name))
    }
}

fn in_public(parts: &[String]) -> Vec<String> {
    [&["public".to_owned()], parts].concat()
}

/// A name in a message, where `public` needs no mention.
fn shown(parts: &[String]) -> String {
    let parts = if parts.len() > 1 && parts[0] == "public" { &parts[1..] } else { parts };
    parts.join(".")
}
