//! `preview`: databases for branches, next to the one that is selected.

mod mark;
mod name;
mod previews;

use anyhow::Result;
use revision::{Operation, printable_line};
use serde_json::json;

use super::task::Db;
use crate::cli::{CreateArguments, DbPreviewCommand, PruneArguments, RunArguments};
use crate::clock;
use crate::prices::Prices;
use crate::process;
use crate::report::{EXIT_USAGE, Failure, counted};
use mark::Mark;
pub(super) use previews::{Preview, Previews};

/// Seconds in a day.
const DAY: u64 = 86400;

impl Db<'_> {
    pub(super) fn preview(&mut self, command: DbPreviewCommand) -> Result<()> {
        match command {
            DbPreviewCommand::Create(CreateArguments { branch, recreate }) => {
                let branch = branch.or_else(|| process::git_branch(&self.context.root)).ok_or_else(no_branch)?;
                let name = self.create_preview(&branch, recreate)?;
                match self.context.report.is_json() {
                    true => {
                        self.context.report.json(&json!({"event": "preview", "database": name, "branch": branch}));
                    }
                    false => self.context.report.data(name),
                }
                Ok(())
            }
            DbPreviewCommand::List => self.list_previews(),
            DbPreviewCommand::Delete { branch } => self.delete_preview(&branch),
            DbPreviewCommand::Prune(arguments) => self.prune_previews(&arguments),
        }
    }

    /// Creates or updates the database of a branch, selects it, and returns its name.
    pub(super) fn create_preview(&mut self, branch: &str, is_recreated: bool) -> Result<String> {
        // Errors in files are reported before anything is created.
        self.read()?;
        self.read_objects()?;
        let seeds = self.read_seeds()?;
        let mut previews = Previews::open(self)?;
        let name = name::of(&previews.origin, branch);
        let mut mark = self.ensure_preview(&mut previews, &name, branch, is_recreated)?;

        self.database = Some(name.clone());
        let heads = ["heads".to_owned()];
        self.migrate(Operation::Upgrade, &heads, &RunArguments::default())
            .map_err(|error| unfinished(&name, error, "exists, but does not have all revisions"))?;
        if let Some(seeds) = seeds.filter(|_| !mark.seeded) {
            self.run_seeds(&seeds).map_err(|error| unfinished(&name, error, "has all revisions, but no seeds"))?;
            mark.seeded = true;
        }
        (mark.updated, mark.commit) = (clock::now(), self.unmerged_commit());
        previews.mark(&name, &mark)?;
        Ok(name)
    }

    /// Creates the database unless it exists, and returns what is recorded about it.
    ///
    /// # Errors
    /// A database with the name is not the preview of the branch.
    fn ensure_preview(&self, previews: &mut Previews, name: &str, branch: &str, is_recreated: bool) -> Result<Mark> {
        match previews.find(name)?.map(|found| found.mark) {
            None => {}
            Some(Some(mark)) if mark.branch != branch || mark.origin != previews.origin => {
                let message = format!("`{name}` is the preview of another branch: `{}`", printable_line(&mark.branch));
                return Err(Failure::new(message).hint("nothing was changed; rename one of the branches").into());
            }
            Some(_) if is_recreated => previews.drop(name)?,
            Some(Some(mark)) => return Ok(mark),
            Some(None) => {
                let message = format!("the database `{name}` exists, but is not marked as a preview");
                let hint = "perhaps its creation was interrupted: `--recreate` deletes it and creates it again";
                return Err(Failure::new(message).hint(hint).into());
            }
        }
        let now = clock::now();
        let origin = previews.origin.clone();
        let mark = Mark { origin, branch: branch.to_owned(), commit: None, created: now, updated: now, seeded: false };
        previews.create(name, &mark)?;
        self.context.report.message(format!("created the database `{name}`, like `{}`", previews.origin));
        Ok(mark)
    }

    /// The commit of this checkout, unless it is merged already: a new branch has no commit of its own.
    fn unmerged_commit(&self) -> Option<String> {
        let (root, base) = (&self.context.root, &self.context.config.lint.since);
        self.context.provenance().commit.filter(|commit| !process::git_contains(root, base, commit))
    }

    fn list_previews(&mut self) -> Result<()> {
        let (all, now) = (Previews::open(self)?.all()?, clock::now());
        let report = &self.context.report;
        for Preview { name, mark, size } in &all {
            let Mark { branch, commit, created, updated, seeded, .. } = mark;
            if report.is_json() {
                let time = |seconds: u64| clock::timestamp(seconds);
                report.json(&json!({
                    "database": name, "branch": branch, "commit": commit, "created": time(*created),
                    "updated": time(*updated), "seeded": seeded, "bytes": size,
                }));
                continue;
            }
            let size = size.map_or_else(|| "size unknown".to_owned(), megabytes);
            let (age, branch) = (days(now, *updated), printable_line(branch));
            report.data(format!("{name}  {branch}  updated {} ago, {size}", counted(age as usize, "day")));
        }
        let total: u64 = all.iter().filter_map(|preview| preview.size).sum();
        let cost = Prices::load(self.context)?.and_then(|prices| prices.of_database(total));
        let cost = cost.map_or_else(String::new, |dollars| {
            format!(": {dollars:.2} US dollars a month on Aurora, and the capacity that their queries use")
        });
        report.message(format!("{}, {}{cost}", counted(all.len(), "preview"), megabytes(total)));
        Ok(())
    }

    fn delete_preview(&mut self, branch: &str) -> Result<()> {
        let mut previews = Previews::open(self)?;
        let is_meant = |preview: &Preview| preview.mark.branch == branch || preview.name == branch;
        let Some(Preview { name, .. }) = previews.all()?.into_iter().find(is_meant) else {
            let message = format!("`{}` has no preview of the branch `{}`", previews.origin, printable_line(branch));
            return Err(Failure::new(message).hint("`cargo xtask db preview list` lists them").into());
        };
        previews.drop(&name)?;
        self.context.report.message(format!("deleted `{name}`"));
        Ok(())
    }

    fn prune_previews(&mut self, arguments: &PruneArguments) -> Result<()> {
        let (mut previews, report) = (Previews::open(self)?, &self.context.report);
        let (mut deleted, mut kept) = (0, 0);
        for (Preview { name, mark, .. }, reason) in self.judge_previews(&mut previews, arguments)? {
            let Some(reason) = reason else {
                kept += 1;
                continue;
            };
            if !arguments.dry_run {
                previews.drop(&name)?;
            }
            deleted += 1;
            let verb = if arguments.dry_run { "would delete" } else { "deleted" };
            report.message(format!("{verb} `{name}` of the branch `{}`: {reason}", printable_line(&mark.branch)));
        }
        let verb = if arguments.dry_run { "to delete" } else { "deleted" };
        report.message(format!("{} {verb}, {kept} kept", counted(deleted, "preview")));
        Ok(())
    }

    /// The previews, each with the reason to delete it, if there is one.
    pub(super) fn judge_previews(
        &self,
        previews: &mut Previews,
        arguments: &PruneArguments,
    ) -> Result<Vec<(Preview, Option<String>)>> {
        let root = &self.context.root;
        let base = arguments.merged_into.as_ref().unwrap_or(&self.context.config.lint.since);
        if process::git_commit(root, base).is_none() {
            let report = &self.context.report;
            report.warn(format!("git has no commit `{base}` here, so merged branches are not detected"));
        }
        let now = clock::now();
        let judge = |preview: Preview| {
            let age = days(now, preview.mark.updated);
            let commit = preview.mark.commit.as_ref();
            let is_merged = commit.is_some_and(|commit| process::git_contains(root, base, commit));
            let reason = match (is_merged, age >= u64::from(arguments.days)) {
                (true, _) => Some(format!("merged into `{base}`")),
                (false, true) => Some(format!("not updated for {}", counted(age as usize, "day"))),
                (false, false) => None,
            };
            (preview, reason)
        };
        Ok(previews.all()?.into_iter().map(judge).collect())
    }
}

/// Whole days between two times.
pub(super) fn days(now: u64, then: u64) -> u64 {
    now.saturating_sub(then) / DAY
}

pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

fn no_branch() -> anyhow::Error {
    let hint = "name it: `cargo xtask db preview create BRANCH`";
    Failure::new("no branch is checked out").hint(hint).code(EXIT_USAGE).into()
}

/// An error of a later step, with the results of the earlier ones.
fn unfinished(name: &str, error: anyhow::Error, state: &str) -> anyhow::Error {
    let failure = Failure::new("could not finish the preview").state(format!("`{name}` {state}"));
    let hint = "fix the cause and run the command again; `--recreate` starts with an empty database";
    failure.hint(hint).caused_by(Some(error)).into()
}
