//! `Lint: allow RULE (reason)` in the header of a revision: findings that its author has accepted.

use revision::LintAllowance;

use crate::finding::Finding;

/// The rule about allowances themselves.
pub(crate) const UNUSED_ALLOWANCE: &str = "unused-allowance";

/// The owner of the rule that an allowance names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The caller, who would have reported a finding.
    Caller,
    /// Another command.
    Other,
    /// There is no such rule.
    Nobody,
}

/// Removes the findings that the header suppresses. An allowance that suppresses nothing is a finding itself.
/// `on_file` is a finding about the whole file.
pub(crate) fn suppress(
    allowances: &[LintAllowance],
    on_file: &Finding,
    found: Vec<Finding>,
    owner: impl Fn(&str) -> Owner,
) -> Vec<Finding> {
    let unused = allowances.iter().filter(|allowance| !found.iter().any(|finding| finding.rule == allowance.rule));
    let unused: Vec<Finding> = unused
        .filter_map(|allowance| {
            let message = match owner(&allowance.rule) {
                Owner::Caller => format!("`Lint: allow {}` suppresses nothing", allowance.rule),
                Owner::Nobody => format!("unknown rule `{}`", allowance.rule),
                Owner::Other => return None,
            };
            let (rule, help) = (UNUSED_ALLOWANCE.to_owned(), Some("remove the line".to_owned()));
            Some(Finding { rule, message, help, ..on_file.clone() })
        })
        .collect();
    let is_allowed = |finding: &Finding| {
        finding.can_be_suppressed() && allowances.iter().any(|allowance| allowance.rule == finding.rule)
    };
    found.into_iter().filter(|finding| !is_allowed(finding)).chain(unused).collect()
}
