//! The linter: squawk's rules, applied to each revision as a whole, and the engine's own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cluster::Needs;
use revision::{Directory, Follow, MigrationSource, Node, Problem, RevisionGraph, Revisions, Script};
use squawk_linter::Rule;

use crate::adopted::Adopted;
use crate::allowance::{Owner, UNUSED_ALLOWANCE, suppress};
use crate::finding::{Finding, Format, Severity, print};
use crate::fixture::next_to;
use crate::hint;
use crate::linted_text::LintedText;
use crate::new_tables::NewTables;
use crate::objects;
use crate::rule::Rule as VerifyRule;

/// Statements that the engine refuses in, or outside of, a transaction.
const REFUSED_IN_TRANSACTION: &str = "refused-in-transaction";

/// The engine's own rules.
const OWN_RULES: [&str; 5] =
    ["irreversible", REFUSED_IN_TRANSACTION, "lock-timeout-off", "head-without-label", UNUSED_ALLOWANCE];

/// What to lint, and how to report it.
pub(crate) struct LintOptions<'a> {
    /// Skip the revisions in this commit.
    pub(crate) since: Option<&'a str>,
    /// Skip these revisions and all before them.
    pub(crate) adopted: &'a [String],
    pub(crate) format: Format,
    /// The major version of the production server.
    pub(crate) major: u32,
}

/// Lints, prints the findings, and returns whether there are none.
pub(crate) fn run(directory: &Path, options: &LintOptions<'_>) -> Result<bool> {
    let &LintOptions { since, format, major, .. } = options;
    let source = Directory::new(directory);
    let what = if next_to(directory, "objects").exists() { "file" } else { "revision" };
    let mut refusals = refused(Revisions::read(&source).err())?;
    refusals.extend(refused(objects::read(directory).err())?);
    if refusals.iter().any(|refusal| refusal.rule != REFUSED_IN_TRANSACTION) {
        // The files themselves may be refused.
        let mut files: Vec<PathBuf> =
            source.files().unwrap_or_default().iter().map(|file| file.path().to_owned()).collect();
        for refusal in &refusals {
            if !files.contains(&refusal.path) {
                files.push(refusal.path.clone());
            }
        }
        print(format, what, &files, &refusals)?;
        return Ok(false);
    }
    let graph = RevisionGraph::read(&source)?;
    let old = since.map(|commit| files_in(directory, commit)).transpose()?.unwrap_or_default();
    let adopted = Adopted::until(&graph, options.adopted)?;
    adopted.report("linting");
    let is_new = |node: &Node| !old.iter().any(|name| graph.revision(*node).path().file_name() == name.file_name());
    let nodes: Vec<Node> = graph.nodes().filter(is_new).filter(|&node| !adopted.contains(node)).collect();
    let mut findings = Vec::new();
    for &node in &nodes {
        let script = Script::read(graph.revision(node).file())?;
        let mut found = squawk(&script, major)?;
        found.extend(own(&graph, node, &script)?);
        found.extend(refusals.extract_if(.., |refusal| refusal.path == script.path()));
        let mut remaining = suppress(&script.header().lint, &Finding::on_file(&script), found, owner);
        remaining.sort_by_key(|finding| (finding.line, finding.column));
        findings.extend(remaining);
    }
    let files_of_objects = objects::read(directory)?;
    for file in files_of_objects.files() {
        findings.extend(suppress(file.lint(), &objects::on_file(file), objects::findings(file, major)?, owner));
    }
    let mut files: Vec<PathBuf> = refusals.iter().map(|refusal| refusal.path.clone()).collect();
    files.dedup();
    files.extend(nodes.iter().map(|&node| graph.revision(node).path().to_owned()));
    files.extend(files_of_objects.files().iter().map(|file| file.path().to_owned()));
    findings.splice(..0, refusals);
    print(format, what, &files, &findings)?;
    Ok(findings.is_empty())
}

/// Everything for which the engine refuses the files, including old ones: no file can be applied otherwise.
fn refused(error: Option<revision::Error>) -> Result<Vec<Finding>> {
    let Some(error) = error else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    for error in error.into_all() {
        let rule = match &error {
            revision::Error::Script(error) if is_about_transactions(&error.problem) => REFUSED_IN_TRANSACTION,
            revision::Error::Script(error) if matches!(error.problem, Problem::Unanswered { .. }) => "unanswered",
            revision::Error::Script(_) => "invalid-file",
            revision::Error::Graph(_) => "invalid-graph",
            revision::Error::ObjectCycle { .. } => "object-cycle",
            revision::Error::Io { .. } => "unreadable-file",
            revision::Error::Ignored { .. } => "ignored-file",
            _ => return Err(error.into()),
        };
        findings.push(refusal(rule, error));
    }
    Ok(findings)
}

fn is_about_transactions(problem: &Problem) -> bool {
    matches!(problem, Problem::NotInTransaction { .. } | Problem::TransactionControl { .. })
}

/// A finding for an error in a file, or between files.
fn refusal(rule: &str, error: revision::Error) -> Finding {
    let help = hint::of(&error);
    let path = error.path().map(Path::to_owned).unwrap_or_default();
    let (rule, severity, details) = (rule.to_owned(), Severity::Refusal, Vec::new());
    match error {
        revision::Error::Script(error) => Finding {
            rule,
            severity,
            details,
            message: error.problem.to_string(),
            help,
            path,
            line: error.place.line,
            column: error.place.column,
            source_line: error.source_line.clone().unwrap_or_default(),
        },
        error => {
            let text = regular_file::read_to_string(&path).unwrap_or_default();
            let source_line = text.lines().next().unwrap_or_default().to_owned();
            let message = error.to_string();
            Finding { rule, severity, message, details, help, path, line: 1, column: 1, source_line }
        }
    }
}

/// The revision files in a commit.
fn files_in(directory: &Path, commit: &str) -> Result<Vec<PathBuf>> {
    let mut git = Needs::Tool.command("git");
    git.args(["ls-tree", "--name-only", commit, "./"]).current_dir(directory);
    let output = git.output().context("could not run git")?;
    if !output.status.success() {
        bail!("git does not know `{commit}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(PathBuf::from).collect())
}

/// squawk's findings in the upgrade section that are about tables that existed before. The section is linted as one
/// file, so that the rules see the statements before each.
pub(crate) fn squawk(script: &Script, major: u32) -> Result<Vec<Finding>> {
    let mut linted = LintedText::default();
    let mut new_tables = NewTables::default();
    for statement in script.effective(script.upgrade()) {
        let statement = statement?;
        let own = script.text(&statement)?;
        // Outside a transaction, other sessions see a table as soon as it is created.
        let is_on_new = script.is_transactional() && new_tables.read(&own);
        linted.add(&own, statement.terminator(), statement.place, is_on_new);
    }
    linted.findings(script.is_transactional(), major, &Finding::on_file(script))
}

/// A finding about the whole file.
fn on_file(script: &Script, rule: &str, message: String, help: &str) -> Finding {
    Finding { rule: rule.to_owned(), message, help: Some(help.to_owned()), ..Finding::on_file(script) }
}

fn own(graph: &RevisionGraph, node: Node, script: &Script) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if script.downgrade().is_none() {
        let message = "the revision is irreversible: it has no `-- migrate:downgrade` section".to_owned();
        let help = "add the section, or suppress this finding with a reason";
        findings.push(on_file(script, "irreversible", message, help));
    }
    for statement in script.effective(script.upgrade()) {
        let statement = statement?;
        let text = script.text(&statement)?;
        if !disables_lock_timeout(&text) {
            continue;
        }
        findings.push(Finding {
            rule: "lock-timeout-off".to_owned(),
            message:
                "without `lock_timeout`, queries on the table queue behind this revision while it waits for a lock"
                    .to_owned(),
            help: Some("keep the configured timeout, or set one that the application tolerates".to_owned()),
            ..Finding::at(script, statement.place.excerpt(&text, 0))
        });
    }
    if graph.real_heads().count() > 1 && graph.all_next(node).is_empty() && !has_own_label(graph, node) {
        let message = format!("`{}` is one of several heads and has no label of its own", graph.id(node));
        let help = "merge the heads with `cargo xtask db merge heads`, or give a long-lived branch `Branch Labels:`";
        findings.push(on_file(script, "head-without-label", message, help));
    }
    Ok(findings)
}

/// Whether some label selects this head and no other.
pub(crate) fn has_own_label(graph: &RevisionGraph, head: Node) -> bool {
    graph.branch_labels(head).iter().filter_map(|label| graph.find_label(label)).any(|labelled| {
        let below = graph.descendants([labelled], Follow::Revises);
        graph.real_heads().filter(|&other| below.contains(other)).count() == 1
    })
}

/// `SET [LOCAL | SESSION] lock_timeout {= | TO} 0`, with or without a unit.
fn disables_lock_timeout(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let mut words = words.filter(|word| !matches!(*word, "local" | "session" | "to"));
    words.next() == Some("set")
        && words.next() == Some("lock_timeout")
        && words.next().is_some_and(|value| value.trim_end_matches(char::is_alphabetic) == "0")
}

/// The owner of the rule with a name.
fn owner(rule: &str) -> Owner {
    if OWN_RULES.contains(&rule) || rule.parse::<Rule>().is_ok() {
        Owner::Caller
    } else if VerifyRule::named(rule).is_some() {
        Owner::Other
    } else {
        Owner::Nobody
    }
}

#[cfg(test)]
mod tests {
    use super::disables_lock_timeout;

    #[test]
    fn detects_a_disabled_lock_timeout() {
        for off in ["SET lock_timeout = 0;", "set local lock_timeout to '0'", "SET SESSION lock_timeout='0s'"] {
            assert!(disables_lock_timeout(off), "{off}");
        }
        assert!(!disables_lock_timeout("SET lock_timeout = '10s'"));
        assert!(!disables_lock_timeout("SET statement_timeout = 0"));
    }
}
