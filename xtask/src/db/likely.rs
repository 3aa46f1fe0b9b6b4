//! What looks like a rename: on a terminal, a question; elsewhere, a note.

use std::collections::BTreeSet;

use anyhow::Result;

use super::task::Db;
use crate::cli::{FormArguments, Rename};
use crate::report::is_yes;
use crate::shell_word::quote;

/// The renames that have been offered: none is twice.
pub(super) type Offered = BTreeSet<(String, String)>;

impl Db<'_> {
    /// Offers what looks like a rename. Whether one has been accepted, which is now one of the options.
    pub(super) fn offer_renames(
        &self,
        likely: &[(String, String)],
        form: &mut FormArguments,
        offered: &mut Offered,
    ) -> Result<bool> {
        let report = &self.context.report;
        let mut has_accepted = false;
        for (old, new) in likely.iter().filter(|&one| offered.insert(one.clone())) {
            if !report.can_ask() {
                self.mention_rename(old, new);
                continue;
            }
            let answer = report.ask(&format!("Rename {old} to {new}? [y/N] "))?;
            if answer.is_some_and(|answer| is_yes(&answer)) {
                form.renames.push(Rename { old: old.clone(), new: new.clone() });
                has_accepted = true;
            }
        }
        Ok(has_accepted)
    }

    /// Prints how to rename instead of dropping and creating.
    pub(super) fn mention_rename(&self, old: &str, new: &str) {
        let option = quote(&format!("{old}={new}"));
        self.context.report.message(format!(
            "note: this drops `{old}` and creates `{new}`, which is like it; to rename it, add `--rename {option}`"
        ));
    }
}
