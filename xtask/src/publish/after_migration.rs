//! What a failed publication leaves, if the same release has migrated the database before.

use crate::context::Context;
use crate::release_kind::ReleaseKind;

/// Describes it in a build of the pipeline, which passes on the heads that the database was migrated to.
pub(super) fn describe(context: &Context) {
    let is_release = matches!(ReleaseKind::of(context), Ok(ReleaseKind::Forward));
    let Some(heads) = context.variable("DATABASE_HEADS").filter(|_| is_release) else { return };
    if context.variable("CODEBUILD_BUILD_ID").is_none() {
        return;
    }
    let report = &context.report;
    let is_expanded = context.variable("DATABASE_TARGET").is_some_and(|target| target.starts_with("expand"));
    report.message(format!(
        "the database stays migrated, at {heads}: what of the previous release is still live runs on this schema"
    ));
    report.message(match is_expanded {
        true => "that is safe as far as these revisions only add, as those on the branch `expand` should: `cargo xtask test functions` tests the previous functions on them",
        false => "it is not proven that it can: without `expand_contract`, a revision may have changed what it uses",
    });
    report.message("to publish again, retry the stage `Release` of the pipeline; to go back to the previous release: `cargo xtask rollback`; docs/operations.md describes both");
}
