//! `revision`, `merge` and `edit`: writing revision files.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use revision::{
    Follow, Header, LintAllowance, Node, Revision, RevisionFile, RevisionGraph, Script, TransactionMode, file_name,
    header_text, is_branch_label, is_revision_id,
};
use serde_json::json;

use super::exchange::{self, Step};
use super::task::Db;
use crate::clock;
use crate::report::Failure;
use crate::{interrupt, process};

/// A revision to write.
pub(super) struct NewRevision {
    pub(super) message: String,
    pub(super) head: Vec<String>,
    pub(super) splice: bool,
    pub(super) branch_label: Vec<String>,
    pub(super) depends_on: Vec<String>,
    pub(super) rev_id: Option<String>,
}

impl Db<'_> {
    pub(super) fn revision(&mut self, new: NewRevision) -> Result<()> {
        if !self.directory.exists() {
            fs::create_dir_all(&self.directory).with_context(|| format!("`{}`", self.directory.display()))?;
        }
        let graph = RevisionGraph::read(&self.source())?;
        let parents = parents(&graph, &new.head)?;
        refuse_splice(&graph, &new, &parents)?;
        self.write(&graph, new, &parents, Sections::Template)
    }

    /// Writes a revision for each step. They follow each other.
    pub(super) fn write_steps(&self, new: NewRevision, steps: &[Step]) -> Result<()> {
        let mut head = new.head.clone();
        for (index, step) in steps.iter().enumerate() {
            let graph = RevisionGraph::read(&self.source())?;
            let number = index + 1;
            let rev_id = match &new.rev_id {
                Some(id) if index > 0 => format!("{id}_{number}"),
                Some(id) => id.clone(),
                None => random_id()?,
            };
            let is_first = index == 0;
            let step_of = match (steps.len(), purpose(step)) {
                (1, _) => String::new(),
                (count, None) => format!(" ({number} of {count})"),
                (count, Some(purpose)) => format!(" ({number} of {count}, {purpose})"),
            };
            let one = NewRevision {
                message: format!("{}{step_of}", new.message),
                head: std::mem::replace(&mut head, vec![rev_id.clone()]),
                splice: new.splice,
                branch_label: if is_first { new.branch_label.clone() } else { Vec::new() },
                depends_on: if is_first { new.depends_on.clone() } else { Vec::new() },
                rev_id: Some(rev_id),
            };
            let parents = parents(&graph, &one.head)?;
            self.write(&graph, one, &parents, Sections::Of(step))?;
        }
        Ok(())
    }

    /// The ids of the parents that a new revision names.
    pub(super) fn parents_of(&self, graph: &RevisionGraph, new: &NewRevision) -> Result<Vec<String>> {
        let parents = parents(graph, &new.head)?;
        refuse_splice(graph, new, &parents)?;
        Ok(parents.into_iter().map(|parent| graph.id(parent).to_owned()).collect())
    }

    pub(super) fn merge(
        &mut self,
        revisions: &[String],
        message: Option<String>,
        branch_label: Vec<String>,
        rev_id: Option<String>,
    ) -> Result<()> {
        let graph = self.read_graph()?;
        let parents = match revisions {
            // Including a head that another branch depends on, which would still be a second head for `revision`.
            [all] if all == "heads" => graph.heads().collect(),
            revisions => parents(&graph, revisions)?,
        };
        let ids: Vec<&str> = parents.iter().map(|&node| graph.id(node)).collect();
        if let [_] | [] = parents.as_slice() {
            let hint = "name two or more revisions, or `heads` if there are several";
            return Err(Failure::new(format!("nothing to merge: {}", ids.join(", "))).hint(hint).into());
        }
        // A parent that is an ancestor of another is redundant, and Alembic cannot downgrade through such a merge. A
        // parent that another one only depends on is a separate branch.
        if let Some((parent, other)) = graph.overlap_by(&parents, Follow::Revises) {
            let (parent, other) = (graph.id(parent), graph.id(other));
            let hint = format!("leave out `{other}`");
            return Err(Failure::new(format!("`{other}` is an ancestor of `{parent}`")).hint(hint).into());
        }
        let message = message.unwrap_or_else(|| format!("merge {}", ids.join(" and ")));
        let new = NewRevision { message, head: Vec::new(), splice: true, branch_label, depends_on: Vec::new(), rev_id };
        self.write(&graph, new, &parents, Sections::Empty)
    }

    pub(super) fn edit(&mut self, revision: &str) -> Result<()> {
        let graph = self.read_graph()?;
        let none = || Failure::new(format!("`{revision}` is not a revision"));
        let node = graph.resolve_one(revision)?.ok_or_else(none)?;
        let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| self.context.variable(name));
        let editor = editor.ok_or_else(|| Failure::new("no editor is set").hint("set VISUAL or EDITOR"))?;
        interrupt::leave_to_child();
        if !in_editor(&editor, graph.revision(node).path())?.status()?.success() {
            return Err(Failure::new(format!("`{editor}` failed")).into());
        }
        // Report errors now rather than in CI.
        let script = Script::read(graph.revision(node).file())?;
        script.unanswered().next().map_or(Ok(()), Err)?;
        Ok(script.check_transactions()?)
    }

    /// Writes the file if the graph stays valid with it.
    fn write(&self, graph: &RevisionGraph, new: NewRevision, parents: &[Node], sections: Sections<'_>) -> Result<()> {
        let id = match new.rev_id {
            Some(id) if is_revision_id(&id) => id,
            Some(id) => {
                return Err(Failure::new(format!("invalid revision id `{id}`"))
                    .hint("an id is 1 to 32 letters, digits or `_`, and not `head`, `heads`, `base` or `current`")
                    .into());
            }
            None => random_id()?,
        };
        if let Some(label) = new.branch_label.iter().find(|label| !is_branch_label(label)) {
            return Err(Failure::new(format!("invalid branch label `{label}`")).into());
        }
        let mut depends_on = Vec::new();
        for name in &new.depends_on {
            let node = graph.resolve_one(name)?.ok_or_else(|| Failure::new("a revision cannot depend on the base"))?;
            let is_label = graph.find_label(name).is_some();
            depends_on.push(if is_label { name.clone() } else { graph.id(node).to_owned() });
        }
        let now = clock::now();
        let header = Header {
            message: new.message.lines().collect::<Vec<_>>().join(" "),
            revision: id,
            revises: parents.iter().map(|&node| graph.id(node).to_owned()).collect(),
            depends_on,
            branch_labels: new.branch_label,
            create_date: clock::timestamp(now),
            transaction: sections.transaction(),
            lint: sections.allowances(),
            ..Header::default()
        };
        let path = self.directory.join(file_name(&date(now), &header));
        let revisions = graph.nodes().map(|node| graph.revision(node).clone());
        let own = Revision::new(header.clone(), RevisionFile::on_disk(&path));
        RevisionGraph::new(revisions.chain([own]).collect())?.check_replaced()?;
        let text = text(&header, sections);
        let script = Script::read(&RevisionFile::in_memory(&path, &text));
        if !script.is_ok_and(|script| **script.header() == header) {
            let problem = format!("the message `{}` would be read as part of the file's structure", header.message);
            return Err(Failure::new(problem)
                .hint("choose a message that is not a header field or a section marker")
                .into());
        }
        write_new(&path, &text)?;
        let report = &self.context.report;
        if report.is_json() {
            report.json(&json!({"revision": header.revision, "path": path.display().to_string()}));
        } else {
            report.data(path.display());
        }
        Ok(())
    }
}

/// The command in VISUAL or EDITOR, with a file. Its value is shell syntax (`code --wait`, `'/opt/my editor/edit' -n`), so a
/// shell runs it, as in git. A crate to split it would be compiled for every release.
fn in_editor(editor: &str, file: &Path) -> Result<Command> {
    let mut command = process::inherit(&process::find("sh")?);
    command.arg("-c").arg(format!("{editor} \"$@\"")).arg(editor).arg(file);
    Ok(command)
}

/// Fails if the revision would start a branch that nobody wants.
fn refuse_splice(graph: &RevisionGraph, new: &NewRevision, parents: &[Node]) -> Result<()> {
    if let Some(&parent) = parents.iter().find(|&&parent| !new.splice && !graph.next(parent).is_empty()) {
        let hint = "use `--head LABEL@head` to continue a branch, or `--splice` to start a new one here";
        return Err(Failure::new(format!("`{}` is not a head", graph.id(parent))).hint(hint).into());
    }
    Ok(())
}

fn parents(graph: &RevisionGraph, names: &[String]) -> Result<Vec<Node>> {
    let mut parents = Vec::new();
    for name in names {
        // In an empty directory, `head` is the base.
        let nodes = if graph.is_empty() && name == "head" { Vec::new() } else { graph.resolve(name)? };
        for node in nodes {
            if parents.contains(&node) {
                return Err(Failure::new(format!("`{}` is named twice", graph.id(node))).into());
            }
            parents.push(node);
        }
    }
    Ok(parents)
}

/// What a step is for, if it is not the change itself.
fn purpose(step: &Step) -> Option<&'static str> {
    let mut statements = step.upgrade.iter().map(|part| part.sql.as_str());
    if !step.transaction {
        return statements.any(|sql| sql.contains(" INDEX CONCURRENTLY ")).then_some("build indexes");
    }
    statements.all(|sql| sql.contains(" VALIDATE CONSTRAINT ")).then_some("validate constraints")
}

/// The contents of the sections in a new file.
#[derive(Clone, Copy)]
enum Sections<'s> {
    Template,
    /// For a merge.
    Empty,
    /// Of a difference.
    Of(&'s Step),
}

impl Sections<'_> {
    fn transaction(self) -> TransactionMode {
        match self {
            Self::Of(step) if !step.transaction => TransactionMode::Off,
            _ => TransactionMode::On,
        }
    }

    fn allowances(self) -> Vec<LintAllowance> {
        let Self::Of(step) = self else { return Vec::new() };
        let reason = "part of a replacement, planned and proven by db diff";
        let allow = |rule: &String| LintAllowance { rule: rule.clone(), reason: reason.to_owned() };
        step.allowed.iter().map(allow).collect()
    }
}

fn text(header: &Header, sections: Sections<'_>) -> String {
    let below = match sections {
        Sections::Template => {
            "\n-- migrate:upgrade\n\n\n-- migrate:downgrade\n-- (reverts the upgrade; delete this section if the revision is irreversible)\n\n".to_owned()
        }
        Sections::Empty => "\n-- migrate:upgrade\n\n-- migrate:downgrade\n".to_owned(),
        Sections::Of(step) => exchange::sections(step),
    };
    header_text(header) + &below
}

/// The beginning of a file name: the date, to the minute.
pub(crate) fn date(now: u64) -> String {
    clock::timestamp(now).chars().filter(char::is_ascii_digit).take(12).collect()
}

/// Twelve random hexadecimal digits.
pub(crate) fn random_id() -> Result<String> {
    use std::io::Read;
    let mut bytes = [0; 6];
    fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).context("`/dev/urandom`")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    let mut file = fs::File::create_new(path).with_context(|| format!("`{}`", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("`{}`", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use cluster::PrivateDirectory;

    use super::{date, in_editor};

    #[test]
    fn the_editor_is_run_by_a_shell() {
        let folder = PrivateDirectory::create(&std::env::temp_dir(), "xtask editor's ").expect("a folder");
        let program = folder.path().join("my editor");
        fs::write(&program, "#!/bin/sh\nprintf '[%s]' \"$@\"\n").expect("a script");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it can be run");
        let path = Path::new("versions/a file.sql");
        let opened = |editor: &str| {
            let output = in_editor(editor, path).expect("a shell").output().expect("it runs");
            (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let quoted = format!("\"{}\" --wait --title 'two words'", program.display());
        assert_eq!(opened(&quoted), (Some(0), "[--wait][--title][two words][versions/a file.sql]".to_owned()));
        assert_eq!(opened("printf '<%s>'"), (Some(0), "<versions/a file.sql>".to_owned()));
        assert_eq!(opened("no-such-editor").0, Some(127));
    }

    #[test]
    fn files_begin_with_the_date() {
        assert_eq!(date(1_795_342_500), "202611221015");
    }
}
