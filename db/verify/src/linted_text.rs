//! Statements that squawk reads as one file, with the position of each in its original file.

use anyhow::{Context, Result};
use revision::Place;
use squawk_linter::{Linter, Rule};
use squawk_syntax::SourceFile;

use crate::finding::Finding;

/// Rules of squawk that the engine makes unnecessary, because it does the same or refuses to run otherwise.
const UNNECESSARY_RULES: [Rule; 9] = [
    // Every transaction has a `lock_timeout`; `statement_timeout` is a setting.
    Rule::RequireTimeoutSettings,
    Rule::RequireLockTimeout,
    Rule::RequireStatementTimeout,
    // A revision is atomic, or resumed at the failed statement: IF NOT EXISTS would only hide errors.
    Rule::PreferRobustStmts,
    Rule::BanConcurrentIndexCreationInTransaction,
    Rule::TransactionNesting,
    Rule::BanUncommittedTransaction,
    // Findings are suppressed in the header, with a reason.
    Rule::UnusedIgnore,
    Rule::RequireTableSchema,
];

/// Rules about definitions, which also apply to new tables.
const RULES_FOR_NEW_TABLES: [Rule; 8] = [
    Rule::BanCharField,
    Rule::BanDuplicateColumnAssignments,
    Rule::IdentifierTooLong,
    Rule::PreferBigintOverInt,
    Rule::PreferBigintOverSmallint,
    Rule::PreferIdentity,
    Rule::PreferTextField,
    Rule::PreferTimestampTz,
];

/// Whether a rule is about a definition: a type or a name that the author has chosen.
pub(crate) fn is_about_definition(rule: &str) -> bool {
    rule.parse().is_ok_and(|rule| RULES_FOR_NEW_TABLES.contains(&rule))
}

/// Statements that are linted together.
#[derive(Debug, Default)]
pub(crate) struct LintedText {
    text: String,
    /// Where each statement begins, here and in its file, and whether it is about a table that it or an earlier one creates.
    starts: Vec<(usize, Place, bool)>,
}

impl LintedText {
    /// Adds a statement.
    pub(crate) fn add(&mut self, text: &str, terminator: &str, place: Place, is_on_new: bool) {
        self.starts.push((self.text.len(), place, is_on_new));
        self.text.push_str(text);
        self.text.push_str(terminator);
    }

    /// squawk's findings about tables that existed before.
    pub(crate) fn findings(&self, in_transaction: bool, major: u32, on_file: &Finding) -> Result<Vec<Finding>> {
        let Self { text, starts } = self;
        // squawk's own comments would suppress findings without a reason.
        let linted = text.replace("squawk-ignore", "squawk_ignore");
        let mut linter = Linter::with_rules(&[], &UNNECESSARY_RULES);
        linter.settings.assume_in_transaction = in_transaction;
        linter.settings.pg_version = format!("{major}.0").parse().ok().context("invalid PostgreSQL version")?;
        let mut findings = Vec::new();
        for violation in linter.lint(&SourceFile::parse(&linted), &linted) {
            let at = usize::from(violation.text_range.start());
            let index = starts.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
            let Some(&(start, begins, is_on_new)) = starts.get(index) else { continue };
            if is_on_new && !RULES_FOR_NEW_TABLES.contains(&violation.code) {
                continue;
            }
            let end = starts.get(index + 1).map_or(text.len(), |&(next, ..)| next);
            let excerpt = begins.excerpt(&text[start..end], at - start);
            findings.push(Finding {
                rule: violation.code.to_string(),
                message: violation.message,
                help: violation.help,
                ..on_file.clone().placed(excerpt)
            });
        }
        Ok(findings)
    }
}
