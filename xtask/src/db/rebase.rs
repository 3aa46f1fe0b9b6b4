//! `rebase`: puts the revisions of a branch after another head, once they are proven to make the same database there.

use anyhow::Result;
use migrate::State;
use revision::{Follow, Node, Rebase, RebaseError, RevisionGraph};
use serde_json::json;

use super::choose::{self, Database};
use super::rewrite::replace;
use super::task::Db;
use crate::cli::RebaseArguments;
use crate::process;
use crate::report::{Failure, counted, heads_text};

impl Db<'_> {
    pub(super) fn rebase(&mut self, arguments: &RebaseArguments) -> Result<()> {
        let revisions = self.read()?;
        let graph = revisions.graph();
        let (branch, onto) = self.two_heads(graph, arguments)?;
        let rebase = Rebase::new(&revisions, branch, onto).map_err(|error| failure(graph, error))?;
        self.refuse_applied(graph, &rebase)?;
        let path = graph.revision(rebase.moved[0]).path();

        let ids = graph.ids(rebase.moved.iter().copied());
        let rest = [ids.clone(), vec!["--onto".to_owned(), graph.id(onto).to_owned()]].concat();
        self.prove("rebase", &arguments.postgres, &rest, path, &rebase.text)?;
        if !arguments.dry_run {
            replace(path, &rebase.text, path, &[])?;
        }
        self.report_rebase(graph, &rebase, onto, arguments.dry_run);
        Ok(())
    }

    fn report_rebase(&self, graph: &RevisionGraph, rebase: &Rebase, onto: Node, is_dry: bool) {
        let report = &self.context.report;
        let (ids, onto) = (graph.ids(rebase.moved.iter().copied()), graph.id(onto));
        let path = graph.revision(rebase.moved[0]).path().display();
        if report.is_json() {
            report.json(&json!({
                "moved": ids, "onto": onto, "changed": [path.to_string()], "dry_run": is_dry,
            }));
        } else {
            report.data(path);
        }
        let would = if is_dry { "would be " } else { "" };
        let from = heads_text(&graph.ids(rebase.from.iter().copied()));
        report.message(format!(
            "{} {would}moved after `{onto}`: `{}` {} `{onto}` instead of {from}",
            counted(ids.len(), "revision"),
            ids[0],
            if is_dry { "would revise" } else { "revises" },
        ));
        let when = if is_dry { "before the rebase" } else { "with the files of the last commit" };
        let last = &ids[ids.len() - 1];
        report.message(format!(
            "a database that has the branch, but not `{onto}`, has to revert it {when}: `cargo xtask db downgrade {last}@{from}`"
        ));
        report.message(format!(
            "a database that has both needs another version row: `cargo xtask db stamp --purge {last}`"
        ));
    }

    /// The branch to move and the head to move it after.
    fn two_heads(&self, graph: &RevisionGraph, arguments: &RebaseArguments) -> Result<(Node, Node)> {
        let heads: Vec<Node> = graph.heads().collect();
        if let [only] = heads[..] {
            return Err(Failure::new(format!("nothing to rebase: `{}` is the only head", graph.id(only))).into());
        }
        let one = |name: &String| -> Result<Node> {
            graph.resolve_one(name)?.ok_or_else(|| Failure::new(format!("`{name}` is not a revision")).code(2).into())
        };
        let branch = arguments.revision.as_ref().map(one).transpose()?;
        let onto = arguments.onto.as_ref().map(one).transpose()?;
        let other = |known: Node| match heads.iter().filter(|&&head| head != known).collect::<Vec<_>>()[..] {
            [&other] => Some(other),
            _ => None,
        };
        let found = match (branch, onto) {
            (Some(branch), Some(onto)) => Some((branch, onto)),
            (Some(branch), None) => other(branch).map(|onto| (branch, onto)),
            (None, Some(onto)) => other(onto).map(|branch| (branch, onto)),
            (None, None) => self.by_git(graph, &heads),
        };
        found.ok_or_else(|| self.ambiguous(graph, &heads, branch))
    }

    /// The head that is not in the main branch, and the one that is, if git tells them apart.
    fn by_git(&self, graph: &RevisionGraph, heads: &[Node]) -> Option<(Node, Node)> {
        let main = process::git_commit(&self.directory, &self.context.config.lint.since)?;
        let is_in_main = |node: Node| process::git_has_file(&self.directory, &main, graph.revision(node).path());
        match *heads {
            [one, other] => match (is_in_main(one), is_in_main(other)) {
                (false, true) => Some((one, other)),
                (true, false) => Some((other, one)),
                _ => None,
            },
            _ => None,
        }
    }

    fn ambiguous(&self, graph: &RevisionGraph, heads: &[Node], branch: Option<Node>) -> anyhow::Error {
        let mut ids = graph.ids(heads.iter().copied());
        ids.sort_unstable();
        let branches: Vec<&String> =
            ids.iter().filter(|id| branch.is_none_or(|branch| graph.id(branch) == *id)).collect();
        let commands = branches.iter().flat_map(|branch| {
            let onto = ids.iter().filter(move |onto| onto != branch);
            onto.map(move |onto| format!("\n  cargo xtask db rebase {branch} --onto {onto}"))
        });
        Failure::new(format!(
            "which of the heads is to be moved after which? There are {}: {}",
            ids.len(),
            ids.join(", ")
        ))
        .hint(format!("choose one; only a branch that nobody else has can be moved:{}", commands.collect::<String>()))
        .code(2)
        .into()
    }

    /// Refuses to move revisions that the database has: afterwards, it would count as having what is before them, too. Asks
    /// the database that other commands would use, if there is one.
    fn refuse_applied(&mut self, graph: &RevisionGraph, rebase: &Rebase) -> Result<()> {
        let has_embedded =
            || -> Result<bool> { Ok(!self.context.is_ci() && choose::home(self.context)?.status().has_data) };
        if choose::named(self)?.is_none() && !has_embedded()? {
            return Ok(());
        }
        let database = Database::choose(self)?;
        let state: State = database.connect(self)?.state()?;
        let rows = state.rows.iter().filter_map(|row| graph.find(row));
        let applied = graph.ancestors(rows, Follow::Dependencies);
        let Some(&node) = rebase.moved.iter().find(|&&node| applied.contains(node)) else { return Ok(()) };
        let from = heads_text(&graph.ids(rebase.from.iter().copied()));
        let last = rebase.moved.last().map(|&last| graph.id(last)).unwrap_or_default();
        Err(Failure::new(format!("`{}` is applied to {}", graph.id(node), database.settings.describe()))
            .state("nothing has changed")
            .hint(format!(
                "revert the branch in this database first, if it is yours alone: `cargo xtask db downgrade {last}@{from}`; if others have it, join the heads with `cargo xtask db merge heads`"
            ))
            .into())
    }
}

/// The error, and what to do about it.
fn failure(graph: &RevisionGraph, error: RebaseError) -> anyhow::Error {
    let hint = match error {
        RebaseError::Revision(error) => return error.into(),
        RebaseError::NotAHead { .. } | RebaseError::SameHead { .. } => {
            let mut heads = graph.ids(graph.heads());
            heads.sort_unstable();
            format!("the heads are {}", heads.join(", "))
        }
        _ => "`cargo xtask db merge heads` joins the heads, whatever they are".to_owned(),
    };
    Failure::new(error.to_string()).hint(hint).into()
}
