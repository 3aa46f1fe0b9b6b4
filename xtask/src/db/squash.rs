//! `squash`: makes one revision of a range, once it is proven to make the same database, up and down.

use std::path::{Path, PathBuf};

use anyhow::Result;
use revision::{Node, RevisionGraph, Squash, SquashError, SquashHint, file_name};
use serde_json::json;

use super::author::date;
use super::rewrite::{replace, shown};
use super::task::Db;
use crate::cli::SquashArguments;
use crate::clock;
use crate::report::{Failure, counted};

impl Db<'_> {
    pub(super) fn squash(&mut self, arguments: &SquashArguments) -> Result<()> {
        let revisions = self.read()?;
        let graph = revisions.graph();
        let (lower, upper) = self.range(graph, Some(&arguments.rev_range))?;
        let range = graph.walk_revisions(&lower, &upper)?;
        let message = arguments.message.lines().collect::<Vec<_>>().join(" ");
        let squash = Squash::new(&revisions, &range, &message).map_err(|error| failure(error, &message))?;
        self.refuse_adopted_inside(graph, &squash)?;
        let paths: Vec<&Path> = squash.replaced.iter().map(|&node| graph.revision(node).path()).collect();
        self.refuse_uncommitted(&paths)?;

        let [others @ .., last] = &paths[..] else { return Err(Failure::new("the range has no revisions").into()) };
        let path = self.directory.join(file_name(&prefix(last, &squash.header.create_date), &squash.header));
        if path.symlink_metadata().is_ok() && !paths.contains(&path.as_path()) {
            let hint = "choose another message, or rename that file";
            return Err(Failure::new(format!("`{}` exists", path.display())).hint(hint).into());
        }
        let ids = graph.ids(squash.replaced.iter().copied());
        self.prove("squash", &arguments.postgres, &ids, &path, &squash.text)?;
        if !arguments.dry_run {
            replace(last, &squash.text, &path, others)?;
        }
        self.report_squash(graph, &squash, &path, arguments.dry_run);
        Ok(())
    }

    fn report_squash(&self, graph: &RevisionGraph, squash: &Squash, path: &Path, is_dry: bool) {
        let report = &self.context.report;
        let id = &squash.header.revision;
        let ids = graph.ids(squash.replaced.iter().copied());
        let irreversible = graph.ids(squash.irreversible.iter().copied());
        let replaced: Vec<PathBuf> =
            squash.replaced.iter().map(|&node| graph.revision(node).path().to_owned()).collect();
        if report.is_json() {
            report.json(&json!({
                "revision": id, "path": path.display().to_string(), "replaced": ids, "irreversible": irreversible,
                "removed": replaced.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(), "dry_run": is_dry,
            }));
        } else {
            report.data(path.display());
        }
        let (would, has) = if is_dry { ("would be ", "would have ") } else { ("", "has ") };
        let count = counted(ids.len(), "revision");
        report.message(format!("{count} {would}squashed into `{id}`; it replaces{}", shown(&replaced)));
        let list = |ids: &[String]| ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        if !irreversible.is_empty() {
            report.message(format!("it {has}no downgrade section, because of {}", list(&irreversible)));
        }
        report.message(format!(
            "databases at `{id}` or past it need nothing: their next upgrade records the squash in the log"
        ));
        report.message(format!(
            "databases at {} are refused: bring them to `{id}` with the files of this commit first",
            list(&ids[..ids.len() - 1])
        ));
    }

    /// Refuses a squash of which only a part is adopted.
    fn refuse_adopted_inside(&self, graph: &RevisionGraph, squash: &Squash) -> Result<()> {
        if !self.has_configured_revisions() {
            return Ok(());
        }
        let is_inside = |id: &&String| {
            let node = graph.find(id);
            *id != &squash.header.revision && node.is_some_and(|node: Node| squash.replaced.contains(&node))
        };
        match self.context.config.adopted.until().iter().find(is_inside) {
            None => Ok(()),
            Some(id) => Err(Failure::new(format!(
                "`until` in `[adopted]` of xtask.toml names `{id}`, which is inside the range"
            ))
            .hint(format!("squash up to `{id}`, or begin after it"))
            .into()),
        }
    }
}

/// The error, and what to do about it.
fn failure(error: SquashError, message: &str) -> anyhow::Error {
    let Some(hint) = error.hint() else {
        return match error {
            SquashError::Revision(error) => error.into(),
            error => Failure::new(error.to_string()).into(),
        };
    };
    let hint = match hint {
        SquashHint::NameBothEnds => {
            "name the first and the last revision of a part of the history without open branches: `cargo xtask db history --graph` draws it".to_owned()
        }
        SquashHint::EndAt(revision) => {
            format!("end the range at `{revision}`, begin it after `{revision}`, or merge or rebase the branch first")
        }
        SquashHint::BeginAt(revision) => {
            format!("begin the range after `{revision}`, or before the point where the branches part")
        }
        SquashHint::Ranges(ranges) if ranges.is_empty() => {
            "leave out the revisions with `Transaction: off`".to_owned()
        }
        SquashHint::Ranges(ranges) => {
            let message = crate::shell_word::quote(message);
            let command =
                |(first, last): &(String, String)| format!("\n  cargo xtask db squash {first}:{last} -m {message}");
            format!("squash the parts between:{}", ranges.iter().map(command).collect::<String>())
        }
        SquashHint::OtherMessage => "choose a message that is not a header field or a section marker".to_owned(),
        _ => "see db/README.md".to_owned(),
    };
    Failure::new(error.to_string()).hint(hint).into()
}

/// What the name of the file begins with, so that it stays in its place among the others: what the file of the last revision
/// begins with, or else its date.
fn prefix(last: &Path, create_date: &str) -> String {
    let name = last.file_name().unwrap_or_default().to_string_lossy();
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    let dated: String = create_date.chars().filter(char::is_ascii_digit).take(12).collect();
    match (digits.len(), name[digits.len()..].starts_with('_')) {
        (1.., true) => digits,
        _ if dated.len() == 12 => dated,
        _ => date(clock::now()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::prefix;

    #[test]
    fn the_file_stays_in_its_place() {
        let case = |name: &str, date: &str| prefix(Path::new(name), date);
        assert_eq!(case("versions/202611221015_c1_c.sql", "2026-11-23T10:15:00Z"), "202611221015");
        assert_eq!(case("0007_c.sql", ""), "0007");
        assert_eq!(case("c.sql", "2026-11-22T10:15:00Z"), "202611221015");
        assert_eq!(case("c.sql", "").len(), 12);
    }
}
