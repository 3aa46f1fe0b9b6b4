//! What to do about an error of the engine, in words, as commands of `cargo xtask`.
//!
//! The crates below know no command line: they report facts. `db/verify`, which `cargo xtask` runs, includes this file too.

use connection::PasswordSource;

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
    } else {
        None
    }
}

fn migration(hint: &migrate::Hint) -> String {
    use migrate::Hint;
    let text = match hint {
        Hint::Revision(hint) => return revision(hint),
        Hint::Connection(hint) => return connection(hint),
        Hint::CreateSchema => "create one, or set `version_table_schema` in xtask.toml",
        Hint::GrantOnSchema(schema) => {
            let schema = connection::quote_identifier(schema);
            return format!("grant it once: `GRANT CREATE, USAGE ON SCHEMA {schema} TO` the role");
        }
        Hint::WaitLonger => {
            "wait for the other run, or wait longer with `--lock-wait SECONDS`; a dead client's lock goes with its session"
        }
        Hint::AvoidPooler => "connect to the database itself, or through the pooler in session mode",
        Hint::Resume => {
            "finish it first: `cargo xtask db resume`; or set the rows by hand: `cargo xtask db stamp --purge TARGET`"
        }
        Hint::ResumeElsewhere => {
            "check out the commit that has it (`cargo xtask db current -v`), and run `cargo xtask db resume` there"
        }
        Hint::ReconcileJournal { rows, rows_before } => {
            return format!(
                "to run the rest: `cargo xtask db stamp {}`, then `cargo xtask db resume`; if the rest was done by hand: `cargo xtask db stamp --purge {}`",
                targets(rows_before),
                targets(rows)
            );
        }
        Hint::RestoreStatements => "restore the statements that ran; those after them may be edited",
        Hint::RevertElsewhere => "check out the commit that has it, and downgrade from there",
        Hint::MoveForward => "restore a backup, or write a new revision that continues from here",
        Hint::RestoreOrAccept(revision) => {
            return format!(
                "restore the file as it was applied, and make the change in a new revision: `cargo xtask db revision -m MESSAGE`; if the database already is as the file says: `cargo xtask db accept {revision} --reason REASON`"
            );
        }
        Hint::CorrectAndResume(direction) => {
            return format!(
                "correct the statement or what it runs into; then `cargo xtask db resume` continues here, and so does `db {direction}`"
            );
        }
        Hint::RaiseLockTimeout => {
            "another session holds a lock on what this changes: try again, or raise `lock_timeout`"
        }
        Hint::RunAsOwner => "the role lacks the privilege: run as the owner, or grant it",
        Hint::StopOtherTool => {
            "another tool migrates this database at the same time, without the lock: stop it, then run this again"
        }
        _ => "see db/README.md",
    };
    text.to_owned()
}

fn revision(hint: &revision::Hint) -> String {
    use revision::Hint;
    let text = match hint {
        Hint::WriteFirstRevision => "is the directory right? `cargo xtask db revision -m MESSAGE` writes the first one",
        Hint::HeaderKeys(keys) => {
            return format!("the keys are {}; free text goes between the message and the first key", list(keys));
        }
        Hint::LeaveRevisesEmpty => "leave it empty for a base: `-- Revises:`",
        Hint::GenerateFile => {
            "`cargo xtask db revision -m MESSAGE` writes a file with a header; db/README.md shows one"
        }
        Hint::SaveAsUtf8 => "save the file as UTF-8",
        Hint::SectionNames => "the sections are `-- migrate:upgrade` and `-- migrate:downgrade`",
        Hint::MoveBelowUpgrade => "put the statements below a line `-- migrate:upgrade`",
        Hint::BeginNewLineAfterCopy => "begin a new line after the `;`; the data begins on the line after it",
        Hint::OnlyEndOfCopyData => "of psql's commands only the `\\.` that ends COPY data is supported",
        Hint::UseTransactionOff => "give it a revision of its own with `-- Transaction: off` in the header",
        Hint::LeaveOutTransactionControl => {
            "leave it out; for statements that need no transaction use `-- Transaction: off`"
        }
        Hint::ChangeRevisionId => "give the newer one another `Revision ID`, and the revisions that revise it the same",
        Hint::RenameLabel => "a label belongs to one revision: rename or remove one",
        Hint::DidYouMean(similar) => return format!("did you mean `{similar}`? Headers name entire ids"),
        Hint::IsFileMissing => "is a file missing from this checkout?",
        Hint::BreakCycle => "correct `Revises` or `Depends On` in one of them",
        Hint::ListRevisions { is_too_short: true } => {
            "`cargo xtask db history` lists them; give at least four characters of an id"
        }
        Hint::ListRevisions { .. } => "`cargo xtask db history` lists them",
        Hint::GiveMoreCharacters => "give more characters",
        Hint::Branches(labels) => return format!("the branches are: {}", list(labels)),
        Hint::ShowBranches => "`cargo xtask db history` shows the branches",
        Hint::ChooseHead => {
            "name one (its id, or `label@head`), use `heads` for all of them, or merge them: `cargo xtask db merge heads -m MESSAGE`"
        }
        Hint::ChooseDowngrade(targets) => {
            let commands: Vec<String> =
                targets.iter().map(|target| format!("cargo xtask db downgrade {target}")).collect();
            return format!("choose one:\n  {}", commands.join("\n  "));
        }
        Hint::ChooseUpgrade => "name the branch: `LABEL@+1`, or `heads` for all",
        Hint::NameRevision => "name the revision you mean",
        Hint::ShowCurrent => "`cargo xtask db current` shows what is applied",
        Hint::NameHead(heads) => return format!("name the head: {}", list(heads)),
        Hint::RevertWithLog => {
            "it was migrated from another checkout: `cargo xtask db current -v` shows what is known of it, and `cargo xtask db downgrade --logged TARGET` reverts it with the log's SQL"
        }
        Hint::UpgradeInstead => "`cargo xtask db current` shows the heads, `db upgrade` goes up",
        Hint::StampAgain => {
            "`cargo xtask db current` shows the rows; `cargo xtask db stamp --purge TARGET` corrects them"
        }
        Hint::SignOfSteps => "`upgrade` takes `+N`, `downgrade` takes `-N`",
        Hint::RunAgain => "run the command again",
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
        Hint::PasswordFrom(PasswordSource::PasswordFile) => "the password is the one from the password file",
        Hint::PasswordFrom(PasswordSource::Environment) => "the password is the one from the environment",
        Hint::PasswordFrom(_) => "the password is the one in the settings",
        Hint::CreateDatabase => "create it first: `createdb NAME`, or name another",
        Hint::CertificateForAnotherHost => {
            "the certificate is for another host than the one named, and `sslmode=verify-full` requires this one"
        }
        Hint::UntrustedCertificate => {
            "the certificate is not trusted as `sslmode` requires: name the authority with `sslrootcert`"
        }
        Hint::IsServerRunning => "is the server running, and reachable from here?",
        _ => "see db/README.md",
    };
    text.to_owned()
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
