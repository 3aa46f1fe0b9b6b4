//! What to do about an error of the engine, in terms of `cargo xtask` commands.
//!
//! The crates below only report facts; they know no command line. `db/verify`, a separate program, includes this file too.

use std::path::Path;

use connection::PasswordSource;
use revision::Direction;

use crate::shell_word::quote;

/// What to do about an error of the engine, or of a crate below it.
pub(crate) fn of(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<migrate::Error>() {
        error.hint().map(|hint| migration(&hint))
    } else if let Some(error) = error.downcast_ref::<revision::Error>() {
        error.hint().map(|hint| revision(&hint))
    } else if let Some(error) = error.downcast_ref::<revision::GraphError>() {
        Some(revision(&error.hint()))
    } else if let Some(error) = error.downcast_ref::<revision::TargetError>() {
        error.hint().map(|hint| revision(&hint))
    } else if let Some(error) = error.downcast_ref::<connection::SettingsError>() {
        error.hint().map(|hint| connection(&hint))
    } else if let Some(error) = error.downcast_ref::<connection::ConnectError>() {
        error.hint().map(|hint| connection(&hint))
    } else if let Some(schema::ReadError::NoRole(_)) = error.downcast_ref() {
        Some("a revision must create it; if the application uses a different role, set `role` in `[types]` of xtask.toml".to_owned())
    } else {
        None
    }
}

/// The number of errors if only the first is shown, and the command that lists them.
pub(crate) fn more(error: &revision::Error) -> Option<String> {
    let count = error.count();
    (count > 1).then(|| format!("this is the first of {count} errors; `cargo xtask db lint` lists them"))
}

fn migration(hint: &migrate::Hint) -> String {
    use migrate::Hint;
    let text = match hint {
        Hint::Revision(hint) => return revision(hint),
        Hint::Connection(hint) => return connection(hint),
        Hint::CreateSchema => "create one, or set `version_table_schema` in xtask.toml",
        Hint::ChooseSchema => "set `version_table_schema` in xtask.toml to the schema of the one to use",
        Hint::MoveTables => {
            "set `version_table_schema` in xtask.toml to another schema: it moves all of the engine's tables"
        }
        Hint::TrustOwner { table, owner, role } => {
            let (owner, role) = (connection::quote_identifier(owner), connection::quote_identifier(role));
            return format!(
                "if you know this table: `ALTER TABLE {table} OWNER TO {role}` or `GRANT {owner} TO {role}`; if you do not, find out why it exists, and drop it"
            );
        }
        Hint::StampExisting => {
            "if this existed before the first migration, `cargo xtask db stamp REV` records the revisions that the database already has"
        }
        Hint::CheckVersionRows => {
            "the database has been migrated or stamped before: `cargo xtask db current -v` shows by whom; if the rows are wrong, `cargo xtask db stamp --purge base` deletes them"
        }
        Hint::AwaitOtherTool => "wait until the other tool has finished, then run the command again",
        Hint::ConnectToPrimary => "connect to the primary server",
        Hint::AllowWrites => {
            "it is set for the server, the database or the role; `options='-c default_transaction_read_only=off'` in the connection settings overrides it"
        }
        Hint::GrantOnSchema(schema) => {
            let schema = connection::quote_identifier(schema);
            return format!("run this once as the owner: `GRANT CREATE, USAGE ON SCHEMA {schema} TO ROLE`");
        }
        Hint::UpdateAsOwner(owner) => return format!("run `cargo xtask db ensure-version` once as {owner}"),
        Hint::WaitLonger => {
            "wait for the other run to finish, or wait longer with `--lock-wait SECONDS`; if its client died, the lock is released when its session ends"
        }
        Hint::AvoidPooler => "connect directly to the database, or through the pooler in session mode",
        Hint::Resume => {
            "finish it first with `cargo xtask db resume`, or set the version rows with `cargo xtask db stamp --purge TARGET`"
        }
        Hint::ResumeElsewhere { revision } => {
            let header = quote(&format!("Revision ID: {revision}"));
            return format!(
                "check out a commit that has it (`git log --all --oneline -S {header}` finds it), and run `cargo xtask db resume` there; in the pipeline, release that commit, or a later one"
            );
        }
        Hint::ReconcileJournal { rows, rows_before } => {
            return format!(
                "to run the remaining statements: `cargo xtask db stamp {}`, then `cargo xtask db resume`; if you have run them by hand: `cargo xtask db stamp --purge {}`",
                targets(rows_before),
                targets(rows)
            );
        }
        Hint::RestoreStatements => "restore the statements that have run; later ones can be edited",
        Hint::RestoreMode => {
            "restore `Transaction: off` and run `cargo xtask db resume`, or set the version rows with `cargo xtask db stamp --purge TARGET`"
        }
        Hint::SayWhetherItRan => {
            "check whether it took effect; if it did, run `cargo xtask db resume --done`, else `cargo xtask db resume --again`"
        }
        Hint::RestoreOrSayWhetherItRan => {
            "restore the statement and run `cargo xtask db resume`; or check whether the old one took effect: if it did, run `cargo xtask db resume --done`, else `cargo xtask db resume --again`"
        }
        Hint::FinishByHand(rows) => {
            return format!(
                "run the remaining statements by hand, then `cargo xtask db stamp --purge {}`",
                targets(rows)
            );
        }
        Hint::DropInvalidIndex(index) => {
            return format!("drop it (`DROP INDEX CONCURRENTLY {index}`), then run `cargo xtask db resume`");
        }
        Hint::RevertElsewhere => {
            "check out the commit that has it, and downgrade there; or, if no commit has it, set the version rows: `cargo xtask db stamp --purge REVISION`"
        }
        Hint::MoveForward => "restore a backup, or write a new revision that continues from here",
        Hint::RestoreOrAccept(revision) => {
            return format!(
                "restore the file, and make the change in a new revision: `cargo xtask db revision -m MESSAGE`; if the database already matches the file: `cargo xtask db accept {revision} --reason REASON`"
            );
        }
        Hint::CorrectAndResume(Direction::Upgrade) => {
            "fix the statement or the cause, then run `cargo xtask db resume` (or `db upgrade`), which resumes at this statement"
        }
        Hint::CorrectAndResume(Direction::Downgrade) => {
            "fix the statement or the cause, then run `cargo xtask db resume`, which resumes at this statement"
        }
        Hint::RaiseLockTimeout => "another session holds a conflicting lock: try again, or increase `lock_timeout`",
        Hint::RehearseLonger => {
            "raise `--max-hold` if the application can wait that long, or run `cargo xtask db rehearse --copy DUMP`"
        }
        Hint::RehearseLater => {
            "another session holds a conflicting lock: rehearse again later (a run tries for longer than a rehearsal)"
        }
        Hint::RunAsOwner => "run as the owner, or grant the role the missing privilege",
        Hint::KeepTables => {
            "a revision must not change the engine's tables; to move all three, do so while no migration is running, and set `version_table_schema` in xtask.toml"
        }
        Hint::DropInRevision => {
            "no file in `objects` has created what exists, so it is not dropped: drop it in a revision"
        }
        Hint::SkipExistingRows => "if the file has run before: `ON CONFLICT DO NOTHING` skips rows that exist",
        Hint::MoveDependents => {
            "move what depends on it to `objects`, or drop it in a revision and create it in the next one"
        }
        Hint::KeepLock => {
            "in the revision, release each lock by its key (`pg_advisory_unlock(KEY)`) and only as often as the revision has taken it; then run this command again"
        }
        Hint::StopOtherTool => {
            "another tool is migrating this database without the lock: stop it, then run this command again; or the revision deletes the row itself"
        }
        _ => "see db/README.md",
    };
    text.to_owned()
}

fn revision(hint: &revision::Hint) -> String {
    use revision::Hint;
    let text = match hint {
        Hint::CreateDirectory(directory) => {
            return format!(
                "check the path, or restore the directory; {} creates it with its first revision",
                first_revision(directory)
            );
        }
        Hint::NameDirectory => "name the directory of the revisions with `--dir`, or as `versions` in xtask.toml",
        Hint::WriteFirstRevision(directory) => {
            return format!("check the directory, or create the first revision with {}", first_revision(directory));
        }
        Hint::RenameFile(path) => return format!("rename it to `{}`", path.display()),
        Hint::MoveFile => "move it to the directory of the revisions, or out of its subdirectories",
        Hint::HeaderKeys(keys) => {
            return format!("the keys are {}; free text goes between the message and the first key", list(keys));
        }
        Hint::LeaveRevisesEmpty => "leave it empty for a base: `-- Revises:`",
        Hint::GenerateFile => {
            "`cargo xtask db revision -m MESSAGE` creates a file with a header; db/README.md describes it"
        }
        Hint::SaveAsUtf8 => "save the file as UTF-8",
        Hint::MarkerOnItsOwnLine => {
            "a section marker must be alone on its line; close the comment, the string or the data above it"
        }
        Hint::MoveIntoHeader => "move it into the comment block at the beginning of the file, which has no empty lines",
        Hint::SectionNames => {
            "the sections are `-- migrate:upgrade` and `-- migrate:downgrade`; reword a comment that only resembles one"
        }
        Hint::MoveBelowUpgrade => "put the statements below a `-- migrate:upgrade` line",
        Hint::BeginNewLineAfterCopy => "start a new line after the `;`: the data begins there",
        Hint::OnlyEndOfCopyData => "the only psql command supported is the `\\.` that ends COPY data",
        Hint::UseTransactionOff => "move it to a separate revision with `-- Transaction: off` in the header",
        Hint::LeaveOut => "remove it",
        Hint::LeaveOutTransactionControl => {
            "remove it; to run statements outside a transaction, use `-- Transaction: off`"
        }
        Hint::UseSessionOrTransaction => {
            "use the form that lasts for the session (`SET`, `WITH HOLD`), or move it to a revision without `Transaction: off`"
        }
        Hint::DiscardInParts => {
            "remove it: every revision starts with a clean session; within one, use `RESET ALL`, `DISCARD TEMP`, `DEALLOCATE ALL`, `CLOSE ALL` or `UNLISTEN *`"
        }
        Hint::AnswerAndDelete => "read the statement below it: if it may run like this, delete the line",
        Hint::CopyWithPsql => "copy into a table, or export the data with psql after the revision",
        Hint::ChangeRevisionId => "change the `Revision ID` of the newer one, and `Revises` in its children",
        Hint::RenameLabel => "labels are unique: rename or remove one",
        Hint::DidYouMean(similar) => return format!("did you mean `{similar}`? Headers require full ids"),
        Hint::DidYouMeanTarget(similar) => {
            return format!("did you mean `{similar}`? `cargo xtask db history` lists the revisions");
        }
        Hint::IsFileMissing => "is a file missing from this checkout?",
        Hint::FollowSquash(squash) => {
            return format!("if it can follow all of `{squash}`, name that one instead");
        }
        Hint::DeleteReplaced(squash) => {
            return format!(
                "delete the file: `{squash}` has its statements; if it was changed since, make the change in a new revision"
            );
        }
        Hint::LeaveSquash { squash, parents } => {
            return format!(
                "check out the last commit before the squash, and run `cargo xtask db upgrade {squash}` there; or revert the part here, with the SQL in the log: `cargo xtask db downgrade --logged {}`",
                targets(parents)
            );
        }
        Hint::BreakCycle => "correct `Revises` or `Depends On` in one of them",
        Hint::ListRevisions { is_too_short: true } => {
            "`cargo xtask db history` lists the revisions; a prefix of an id has at least four characters"
        }
        Hint::ListRevisions { .. } => "`cargo xtask db history` lists the revisions",
        Hint::GiveMoreCharacters => "use a longer prefix",
        Hint::Branches(labels) => return format!("the branches are: {}", list(labels)),
        Hint::ShowBranches => "`cargo xtask db history` shows the branches",
        Hint::ChooseHead => {
            "name one (its id or `label@head`), use `heads` for all, or merge them with `cargo xtask db merge heads -m MESSAGE`"
        }
        Hint::ChooseDowngrade(targets) => {
            let commands: Vec<String> =
                targets.iter().map(|target| format!("cargo xtask db downgrade {target}")).collect();
            return format!("choose one:\n  {}", commands.join("\n  "));
        }
        Hint::ChooseUpgrade => "name the branch with `LABEL@+1`, or use `heads` for all",
        Hint::NameRevision => "name the revision",
        Hint::ShowCurrent => "`cargo xtask db current` shows what is applied",
        Hint::NameHead(heads) => return format!("name one of the heads: {}", list(heads)),
        Hint::RevertWithLog => {
            "another checkout applied it, perhaps a later release, which this one must not undo: `cargo xtask db current -v` shows its commit; migrate with that one, or, to give its changes up, revert it with the SQL in the log: `cargo xtask db downgrade --logged TARGET`"
        }
        Hint::SetRows => {
            "another checkout applied it, or another tool such as Alembic: check out the commit that has it; docs/adopt.md describes how to take over the history of another tool; if the schema is that of a revision of this checkout, record that one: `cargo xtask db stamp --purge REVISION`"
        }
        Hint::UpgradeInstead => {
            "`cargo xtask db current` shows the heads; to apply revisions, use `cargo xtask db upgrade`"
        }
        Hint::StampAgain => {
            "`cargo xtask db current` shows the version rows; `cargo xtask db stamp --purge TARGET` replaces them"
        }
        Hint::SignOfSteps => "`upgrade` takes `+N`, `downgrade` takes `-N`",
        Hint::RunAgain => "run the command again",
        Hint::WriteRevision => {
            "a file in `objects` has CREATE OR REPLACE VIEW, FUNCTION, PROCEDURE or AGGREGATE, CREATE TRIGGER, CREATE POLICY, ALTER of these, GRANT, REVOKE and COMMENT; for anything else, `cargo xtask db revision -m MESSAGE` creates a revision"
        }
        Hint::UseOrReplace => "write CREATE OR REPLACE",
        Hint::NameObjectFile => "the names are paths below `objects`, without `.sql`",
        Hint::KeepOneFile => "remove it from one of the two files",
        Hint::NameObjectOrder => {
            "break the cycle; if a name only looks like a reference, `-- Depends On: FILE, FILE` at the beginning of a file names what it depends on instead (nothing, if empty)"
        }
        _ => "see db/README.md",
    };
    text.to_owned()
}

fn connection(hint: &connection::Hint) -> String {
    use connection::Hint;
    let text = match hint {
        Hint::SettingsExample => {
            "for example `postgres://user@host:5432/name?sslmode=verify-full` or `host=/run/postgresql dbname=name`"
        }
        Hint::Keywords(keywords) => return format!("the keywords are: {}", keywords.join(", ")),
        Hint::ServiceFiles => "services are in `~/.pg_service.conf`, or the file that `PGSERVICEFILE` names",
        Hint::NoPassword => "no password was given: set PGPASSWORD, use ~/.pgpass, or put it in the URL",
        Hint::PasswordMissing => "set PGPASSWORD, use ~/.pgpass, or put it in the URL",
        Hint::PasswordFrom(PasswordSource::PasswordFile) => "correct the password, which came from the password file",
        Hint::PasswordFrom(PasswordSource::Environment) => "correct the password, which came from the environment",
        Hint::PasswordFrom(_) => "correct the password, which came from the connection settings",
        Hint::CreateDatabase => "create it with `createdb NAME`, or name another",
        Hint::CertificateForAnotherHost => {
            "the certificate is for a different host name, and `sslmode=verify-full` requires a match"
        }
        Hint::UntrustedCertificate => {
            "`sslmode` requires a trusted certificate: set `sslrootcert` to its certificate authority"
        }
        Hint::ServerWithoutTls => {
            "enable TLS on the server; on a trusted network, `sslmode=disable` connects without encryption"
        }
        Hint::UnknownHost => "check the host name, and that it resolves from here: `getent hosts NAME`",
        Hint::IsServerRunning => "is the server running and reachable from here?",
        _ => "see db/README.md",
    };
    text.to_owned()
}

/// The command that creates the first revision of a directory.
fn first_revision(directory: &Path) -> String {
    format!("`cargo xtask db revision -m MESSAGE --dir {}`", quote(&directory.display().to_string()))
}

fn list(items: &[impl AsRef<str>]) -> String {
    match items {
        [] => "none".to_owned(),
        items => items.iter().map(|item| format!("`{}`", item.as_ref())).collect::<Vec<_>>().join(", "),
    }
}

/// Version rows as the targets of a stamp.
fn targets(rows: &[String]) -> String {
    if rows.is_empty() { "base".to_owned() } else { rows.join(" ") }
}
