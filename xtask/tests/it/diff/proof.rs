//! Whether a diff takes a database to the schema of another one and back, by the dump and by every row of the catalog.

use std::collections::HashMap;
use std::sync::OnceLock;

use connection::Connection;
use schema::{Fingerprint, Fingerprinter, Form, Hazard, ReadError, Refusal, Schema, Script, Snapshot, Statement, diff};

use super::locks::Locks;
use crate::support::{Database, session};

/// What becomes of a pair of schemas.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The scripts do what they should: there and back.
    Proven(Box<[Script; 2]>),
    /// A direction can't be planned. The other one is not tried if it is the first.
    Refused(Vec<Refusal>),
    Wrong(String),
}

/// Takes the first database to the schema of the second one and back.
pub(super) fn prove(database: &mut Connection, desired: &mut Connection, form: Form) -> Outcome {
    attempt(database, desired, form, fingerprinter()).unwrap_or_else(Outcome::Wrong)
}

/// Knows the catalog of a new database. Needed before a schema is created: later changes of system objects count.
pub(super) fn fingerprinter() -> &'static Fingerprinter {
    static FINGERPRINTER: OnceLock<Fingerprinter> = OnceLock::new();
    FINGERPRINTER.get_or_init(|| {
        let database = Database::create();
        let mut connection = session(&database);
        let fingerprinter = Fingerprinter::new(&mut connection, &[]).expect("can read the catalog");
        fingerprinter.read_original(&mut connection).expect("can read the catalog");
        drop(connection);
        database.drop();
        fingerprinter
    })
}

fn attempt(
    database: &mut Connection,
    desired: &mut Connection,
    form: Form,
    fingerprinter: &Fingerprinter,
) -> Result<Outcome, String> {
    let read = |connection: &mut Connection| match Snapshot::read(connection, &[]) {
        Ok(snapshot) => Ok(Ok((snapshot, rows(connection, fingerprinter)?))),
        // No script can create the schema.
        Err(ReadError::Circle(objects)) => Ok(Err(Outcome::Refused(vec![Refusal::Circle(objects)]))),
        Err(error) => Err(format!("cannot be read: {error}")),
    };
    let ((before, old_rows), (after, new_rows)) = match (read(database)?, read(desired)?) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(refused), _) | (_, Err(refused)) => return Ok(refused),
    };
    let (there, back) = match (diff(&before, &after, form), diff(&after, &before, form)) {
        (Ok(there), Ok(back)) => (there, back),
        (Err(refusals), _) | (_, Err(refusals)) => return Ok(Outcome::Refused(refusals)),
    };
    for (script, schema, expected, direction) in
        [(&there, after.schema(), &new_rows, "there"), (&back, before.schema(), &old_rows, "back")]
    {
        let text = script_text(script);
        run(database, script, form).map_err(|error| format!("{direction}: {error}\nof\n{text}"))?;
        let made = Schema::read(database, &[]).map_err(|error| format!("{direction}: {error}\nafter\n{text}"))?;
        let differences = made.differences(schema);
        if !differences.is_empty() {
            return Err(format!("{direction}: leads to another schema: {differences:#?}\nafter\n{text}"));
        }
        let mut differences = rows(database, fingerprinter)?.differences(expected, fingerprinter);
        differences.retain(|difference| !difference.is_beyond_sql());
        if !differences.is_empty() {
            return Err(format!("{direction}: leads to another catalog: {differences:#?}\nafter\n{text}"));
        }
    }
    Ok(Outcome::Proven(Box::new([there, back])))
}

/// The rows of the catalog, without roles: other tests create and drop them at the same time, which may also fail a query.
fn rows(connection: &mut Connection, fingerprinter: &Fingerprinter) -> Result<Fingerprint, String> {
    let mut read = fingerprinter.read(connection);
    for _ in 0..4 {
        read = read.or_else(|_| fingerprinter.read(connection));
    }
    let mut fingerprint = read.map_err(|error| error.to_string())?;
    fingerprint.retain_shared(|_| false);
    Ok(fingerprint)
}

fn run(database: &mut Connection, script: &Script, form: Form) -> Result<(), String> {
    let origin = Locks::read(database)?;
    for batch in &script.batches {
        let before = files(database)?;
        send(database, "DISCARD ALL")?;
        // The tables have no rows, and an index that is used if they have some is to be used here, too.
        send(database, "SET enable_seqscan = off")?;
        if batch.transaction {
            send(database, "BEGIN")?;
        }
        for statement in &batch.statements {
            let is_watched = form == Form::Online && (batch.transaction || runs_in_a_transaction(&statement.sql));
            let begins = is_watched && !batch.transaction;
            if begins {
                send(database, "BEGIN")?;
            }
            let before = if is_watched { Some(Locks::read(database)?) } else { None };
            send(database, &statement.sql)?;
            if let Some(before) = before
                && let Some(table) = Locks::read(database)?.scanned_since(&before, &origin)
                && !is_announced(statement)
            {
                return Err(format!("scans {table} while tables are locked, without a hazard:\n{}", statement.sql));
            }
            if begins {
                send(database, "COMMIT")?;
            }
        }
        if batch.transaction {
            send(database, "COMMIT")?;
        }
        let mut hazards = batch.statements.iter().flat_map(|statement| &statement.hazards);
        let is_announced = hazards.any(|hazard| matches!(hazard, Hazard::TableRewrite(_)));
        let after = files(database)?;
        if !is_announced && after.iter().any(|(table, file)| before.get(table).is_some_and(|old| old != file)) {
            return Err("rewrites a table without a hazard".to_owned());
        }
    }
    Ok(())
}

fn send(database: &mut Connection, sql: &str) -> Result<(), String> {
    database.send(sql).map(|_| ()).map_err(|error| format!("{error} in\n{sql}"))
}

/// Whether PostgreSQL runs a statement in a transaction, and it is not one that only such a session needs.
fn runs_in_a_transaction(sql: &str) -> bool {
    !sql.contains(" CONCURRENTLY ") && !["DO ", "SET ", "RESET "].iter().any(|start| sql.starts_with(start))
}

/// Whether a statement is known to scan a table under a lock. One that adds a column without values that can't be NULL works
/// only without rows.
fn is_announced(statement: &Statement) -> bool {
    let is_missing = statement.hazards.iter().any(|hazard| matches!(hazard, Hazard::MissingValues { .. }));
    let depends = statement.hazards.iter().any(|hazard| matches!(hazard, Hazard::DependsOnRows(_)));
    let is_blocking = |hazard: &Hazard| matches!(hazard, Hazard::TableRewrite(_) | Hazard::BlockingLock(_));
    is_missing || statement.hazards.iter().any(is_blocking) || depends && statement.sql.contains(" ADD COLUMN ")
}

/// The files of the tables, by their OIDs: a table that is rewritten has another one.
fn files(database: &mut Connection) -> Result<HashMap<String, String>, String> {
    let sql = "SELECT oid, relfilenode FROM pg_catalog.pg_class WHERE relkind = 'r' AND oid >= 16384";
    let rows = database.rows(sql).map_err(|error| error.to_string())?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Ok(rows.iter().map(|row| (text(&row[0]), text(&row[1]))).collect())
}

/// A script as it stands in the files of the golden cases.
pub(super) fn script_text(script: &Script) -> String {
    let batches = script.batches.iter().map(|batch| {
        let statements = batch.statements.iter().map(|statement| {
            let hazards: String = statement.hazards.iter().map(comment).collect();
            format!("{hazards}{}\n", statement.sql)
        });
        let head = if batch.transaction { "" } else { "-- Transaction: off\n" };
        format!("{head}{}", statements.collect::<String>())
    });
    batches.collect::<Vec<_>>().join("\n")
}

fn comment(hazard: &Hazard) -> String {
    let prefix = if hazard.needs_answer() { "-- Unanswered: " } else { "-- " };
    format!("{prefix}{hazard}\n")
}
