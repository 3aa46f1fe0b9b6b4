//! What would hurt in production: squawk's rules on each revision as a whole, and what only this engine knows.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use revision::{Directory, Follow, Node, RevisionGraph, Script, Statement};
use squawk_linter::{Linter, Rule};
use squawk_syntax::SourceFile;

use crate::finding::{Finding, Format, print};
use crate::hint;

/// Rules of squawk's that ask for what the engine does by itself, or refuse what it refuses.
const DONE_BY_THE_ENGINE: [Rule; 9] = [
    // Every transaction has a `lock_timeout`; `statement_timeout` is a setting.
    Rule::RequireTimeoutSettings,
    Rule::RequireLockTimeout,
    Rule::RequireStatementTimeout,
    // A revision is all or nothing, or resumed at its statement: IF NOT EXISTS would only hide a surprise.
    Rule::PreferRobustStmts,
    Rule::BanConcurrentIndexCreationInTransaction,
    Rule::TransactionNesting,
    Rule::BanUncommittedTransaction,
    // Answers stand in the header, with a reason.
    Rule::UnusedIgnore,
    Rule::RequireTableSchema,
];

/// The engine's own rules.
const OWN_RULES: [&str; 5] =
    ["irreversible", "refused-in-transaction", "lock-timeout-off", "head-without-label", "unused-allowance"];

/// Lints, prints, and says whether nothing was found.
pub(crate) fn run(directory: &Path, since: Option<&str>, format: Format, major: u32) -> Result<bool> {
    let graph = RevisionGraph::read(&Directory::new(directory))?;
    let old = since.map(|commit| files_in(directory, commit)).transpose()?.unwrap_or_default();
    let is_new = |node: &Node| !old.iter().any(|name| graph.revision(*node).path().file_name() == name.file_name());
    let nodes: Vec<Node> = graph.nodes().filter(is_new).collect();
    let mut findings = Vec::new();
    for &node in &nodes {
        let script = Script::read(graph.revision(node).file())?;
        let mut found = squawk(&script, major)?;
        found.extend(own(&graph, node, &script)?);
        let mut left = allow(&script, found);
        left.sort_by_key(|finding| (finding.line, finding.column));
        findings.extend(left);
    }
    let files: Vec<PathBuf> = nodes.iter().map(|&node| graph.revision(node).path().to_owned()).collect();
    print(format, &files, &findings)?;
    Ok(findings.is_empty())
}

/// The revision files that a commit has.
fn files_in(directory: &Path, commit: &str) -> Result<Vec<PathBuf>> {
    let mut git = Command::new("git");
    git.args(["ls-tree", "--name-only", commit, "./"]).current_dir(directory);
    let output = git.output().context("git could not be run")?;
    if !output.status.success() {
        bail!("git does not know `{commit}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(PathBuf::from).collect())
}

/// squawk's findings on the upgrade section. It is linted as one file, so that the rules know what the revision itself
/// has created.
fn squawk(script: &Script, major: u32) -> Result<Vec<Finding>> {
    let mut text = String::new();
    let mut starts: Vec<(usize, &Statement)> = Vec::new();
    for statement in script.upgrade().effective() {
        starts.push((text.len(), statement));
        // squawk's own comments would answer without a reason.
        text.push_str(&script.text(statement)?.replace("squawk-ignore", "squawk_ignore"));
        text.push_str(statement.terminator());
    }
    let mut linter = Linter::with_rules(&[], &DONE_BY_THE_ENGINE);
    linter.settings.assume_in_transaction = script.is_transactional();
    linter.settings.pg_version = format!("{major}.0").parse().ok().context("no version of PostgreSQL")?;
    let mut findings = Vec::new();
    for violation in linter.lint(&SourceFile::parse(&text), &text) {
        let at = usize::from(violation.text_range.start());
        let index = starts.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let Some((start, statement)) = starts.get(index) else { continue };
        findings.push(Finding {
            rule: violation.code.to_string(),
            message: violation.message,
            help: violation.help,
            ..place(script, statement, at - start)?
        });
    }
    Ok(findings)
}

/// A finding without words, at a byte of a statement.
fn place(script: &Script, statement: &Statement, byte: usize) -> Result<Finding> {
    let excerpt = script.excerpt(statement, byte)?;
    Ok(Finding {
        rule: String::new(),
        message: String::new(),
        help: None,
        path: script.path().to_owned(),
        line: excerpt.place.line,
        column: excerpt.place.column,
        source_line: excerpt.line,
    })
}

/// A finding on the whole file.
fn on_file(script: &Script, rule: &str, message: String, help: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        message,
        help: Some(help.to_owned()),
        path: script.path().to_owned(),
        line: 1,
        column: 1,
        source_line: format!("-- {}", script.header().message),
    }
}

fn own(graph: &RevisionGraph, node: Node, script: &Script) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if script.downgrade().is_none() {
        let message = "there is no way back: the file has no `-- migrate:downgrade` section".to_owned();
        findings.push(on_file(script, "irreversible", message, "write it, or say why there is none"));
    }
    if let Err(revision::Error::Script(error)) = script.check_transactions() {
        findings.push(Finding {
            rule: "refused-in-transaction".to_owned(),
            message: error.problem.to_string(),
            help: hint::of(&revision::Error::Script(error.clone())),
            path: error.path.clone(),
            line: error.place.line,
            column: error.place.column,
            source_line: error.source_line.clone().unwrap_or_default(),
        });
    }
    for statement in script.upgrade().effective() {
        if !turns_lock_timeout_off(&script.text(statement)?) {
            continue;
        }
        findings.push(Finding {
            rule: "lock-timeout-off".to_owned(),
            message: "without `lock_timeout` every query on the table waits behind this revision".to_owned(),
            help: Some("leave it at the setting, or raise it to what the site can bear".to_owned()),
            ..place(script, statement, 0)?
        });
    }
    if graph.real_heads().count() > 1 && graph.all_next(node).is_empty() && !has_name_of_its_own(graph, node) {
        let message = format!("`{}` is one of several heads, and no label leads to it alone", graph.id(node));
        let help = "`cargo xtask db merge heads` joins them; a branch that stays gets `Branch Labels:`";
        findings.push(on_file(script, "head-without-label", message, help));
    }
    Ok(findings)
}

/// Whether a label leads to this head and to no other.
pub(crate) fn has_name_of_its_own(graph: &RevisionGraph, head: Node) -> bool {
    graph.branch_labels(head).iter().filter_map(|label| graph.find_label(label)).any(|labelled| {
        let below = graph.descendants([labelled], Follow::Revises);
        graph.real_heads().filter(|&other| below.contains(other)).count() == 1
    })
}

/// `SET [LOCAL | SESSION] lock_timeout {= | TO} 0`, with or without a unit.
fn turns_lock_timeout_off(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let mut words = words.filter(|word| !matches!(*word, "local" | "session" | "to"));
    words.next() == Some("set")
        && words.next() == Some("lock_timeout")
        && words.next().is_some_and(|value| value.trim_end_matches(char::is_alphabetic) == "0")
}

/// Leaves out what the header answers; an answer to nothing is a finding itself.
fn allow(script: &Script, found: Vec<Finding>) -> Vec<Finding> {
    let allowed = |rule: &str| script.header().lint.iter().any(|allowance| allowance.rule == rule);
    let unused =
        script.header().lint.iter().filter(|allowance| !found.iter().any(|finding| finding.rule == allowance.rule));
    let unused: Vec<Finding> = unused
        .map(|allowance| {
            let is_rule = OWN_RULES.contains(&allowance.rule.as_str()) || allowance.rule.parse::<Rule>().is_ok();
            let message = match is_rule {
                true => format!("`Lint: allow {}` answers nothing", allowance.rule),
                false => format!("there is no rule `{}`", allowance.rule),
            };
            on_file(script, "unused-allowance", message, "remove the line")
        })
        .collect();
    found.into_iter().filter(|finding| !allowed(&finding.rule)).chain(unused).collect()
}

#[cfg(test)]
mod tests {
    use super::turns_lock_timeout_off;

    #[test]
    fn sees_a_lock_timeout_that_is_off() {
        for off in ["SET lock_timeout = 0;", "set local lock_timeout to '0'", "SET SESSION lock_timeout='0s'"] {
            assert!(turns_lock_timeout_off(off), "{off}");
        }
        assert!(!turns_lock_timeout_off("SET lock_timeout = '10s'"));
        assert!(!turns_lock_timeout_off("SET statement_timeout = 0"));
    }
}
