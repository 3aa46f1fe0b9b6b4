//! A snapshot of the database before revisions are reverted.

use anyhow::Result;

use crate::aws::Account;
use crate::clock;
use crate::context::Context;
use crate::report::Failure;

/// Takes a snapshot of a cluster, and waits until it can be restored.
pub(super) fn take(context: &Context, account: &Account<'_>, cluster: &str) -> Result<()> {
    let time: String = clock::timestamp(clock::now()).chars().filter(char::is_ascii_alphanumeric).collect();
    let snapshot = format!("{cluster}-rollback-{}", time.to_ascii_lowercase());
    let name = ["--db-cluster-snapshot-identifier", &snapshot];
    let create = ["rds", "create-db-cluster-snapshot", "--db-cluster-identifier", cluster];
    let wait = ["rds", "wait", "db-cluster-snapshot-available"];
    context.report.message(format!("taking the snapshot `{snapshot}` of `{cluster}`"));
    let taken = account.run(&[&create[..], &name].concat()).and_then(|_| account.run(&[&wait[..], &name].concat()));
    taken.map_err(|error| {
        let hint = "the rollback was not started; `rds:CreateDBClusterSnapshot` and `rds:DescribeDBClusterSnapshots` are needed";
        Failure::new(format!("no snapshot was taken: {error}")).hint(hint)
    })?;
    context.report.message(format!("the snapshot `{snapshot}` is available; it costs storage until you delete it"));
    Ok(())
}
