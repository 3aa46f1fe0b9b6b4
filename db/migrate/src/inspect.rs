//! What a statement outside a transaction has done: the catalog before it runs, kept in the journal, is compared with the
//! catalog when the revision is resumed.
//!
//! Objects are noted by oid. A name that is resolved again later may mean another object.

use connection::{QueryError, Row, first, quote_literal};
use revision::{Effect, Global, ReindexScope};

use crate::bookkeeping::TOGETHER;
use crate::event::Event;
use crate::session::Session;

/// How to continue with a statement that an earlier run started.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Continuation {
    Run,
    /// It has succeeded.
    Skip,
    /// This statement completes it. It runs outside a transaction.
    Finish(String),
    /// Nothing shows whether it has run.
    Unknown,
}

/// Notes what to inspect if the run stops during a statement with this effect. `None` if the names can't be resolved.
pub(crate) fn before(session: &mut Session, effect: &Effect) -> Result<String, QueryError> {
    let noted = match effect {
        Effect::CreateIndex { table, name, .. } => {
            let table = resolve(session, table)?;
            let name = quote_literal(name.as_deref().unwrap_or_default());
            let query = format!(
                "SELECT format('create-index %s %s %s', {table}, coalesce(string_agg(indexrelid::text, ','), '-'), (parse_ident(nullif({name}, '')))[1]::name) FROM pg_index WHERE indrelid = {table}"
            );
            own_text(session, &query)
        }
        Effect::DropIndex { name, .. } => Ok(Some(format!("drop-index {}", resolve(session, name)?))),
        Effect::Reindex { scope, name } => before_reindex(session, *scope, name.as_deref()),
        Effect::Detach { table, partition } => {
            let (table, partition) = (resolve(session, table)?, resolve(session, partition)?);
            let attached = format!("SELECT FROM pg_inherits WHERE inhparent = {table} AND inhrelid = {partition}");
            let note = format!("SELECT CASE WHEN EXISTS ({attached}) THEN 'detach {table} {partition}' END");
            own_text(session, &note)
        }
        Effect::Create(kind, name) | Effect::Drop(kind, name) => {
            let object = find_global(*kind, name);
            own_text(session, &format!("SELECT format('object %s', coalesce(({object}), 0))"))
        }
        Effect::Repeatable => Ok(Some("repeatable".to_owned())),
        Effect::Unknown => Ok(None),
    };
    let unknown = || "unknown".to_owned();
    match noted {
        Ok(noted) => Ok(noted.unwrap_or_else(unknown)),
        // The statement itself will report what is wrong with its names.
        Err(QueryError::Server(_)) if !session.connection.is_closed() => Ok(unknown()),
        Err(error) => Err(error),
    }
}

/// What a row of an earlier version lacks, as far as it can be determined later.
pub(crate) fn before_of_earlier_version(session: &mut Session, effect: &Effect) -> Result<String, QueryError> {
    match effect {
        Effect::CreateIndex { name: None, .. } | Effect::Unknown => Ok("unknown".to_owned()),
        Effect::CreateIndex { table, name: Some(name), .. } => {
            let (table, name) = (resolve(session, table)?, quote_literal(name));
            let note =
                own_text(session, &format!("SELECT format('create-index %s - %s', {table}, (parse_ident({name}))[1])"));
            Ok(note?.unwrap_or_default())
        }
        Effect::Detach { table, partition } => {
            Ok(format!("detach {} {}", resolve(session, table)?, resolve(session, partition)?))
        }
        // As if there had been no invalid ones before.
        Effect::Reindex { .. } | Effect::Repeatable => Ok("repeatable".to_owned()),
        Effect::Create(..) => Ok("object 0".to_owned()),
        Effect::DropIndex { .. } | Effect::Drop(..) => Ok("dropped".to_owned()),
    }
}

/// Determines how to continue, and removes what a failed attempt has left behind. `has_failed` if the server reported
/// an error, `is_edited` if the statement is not the one that was noted.
pub(crate) fn after(
    session: &mut Session,
    noted: &str,
    effect: &Effect,
    has_failed: bool,
    is_edited: bool,
) -> Result<Continuation, QueryError> {
    let mut words = noted.splitn(4, ' ');
    let mut word = || words.next().unwrap_or_default();
    let continuation = match (word(), effect) {
        ("create-index", _) => {
            let index = NotedIndex { table: number(word()), before: oids(word()), name: word().to_owned() };
            return index.after(session, has_failed);
        }
        ("reindex", _) => {
            let scope = format!("{} {}", word(), word());
            remove_copies(session, &scope, &oids(word()))?;
            Continuation::Run
        }
        (TOGETHER | "repeatable", _) => Continuation::Run,
        _ if is_edited => Continuation::Run,
        ("drop-index", _) => after_drop(session, number(word()), effect, has_failed)?,
        ("detach", Effect::Detach { .. }) => after_detach(session, number(word()), number(word()))?,
        ("object", Effect::Create(kind, name)) if number(word()) == 0 && !has_failed => {
            let object = own_text(session, &find_global(*kind, name))?;
            if object.is_some() { Continuation::Skip } else { Continuation::Run }
        }
        ("object", Effect::Drop(kind, _)) => match number(word()) {
            0 => Continuation::Run,
            oid => {
                let catalog = catalog(*kind).0;
                let object = own_text(session, &format!("SELECT oid FROM {catalog} WHERE oid = {oid}"))?;
                if object.is_some() { Continuation::Run } else { Continuation::Skip }
            }
        },
        ("object", _) => Continuation::Run,
        ("dropped", Effect::DropIndex { name, .. }) => match resolve(session, name)? {
            0 if !has_failed => Continuation::Skip,
            _ => Continuation::Run,
        },
        ("dropped", Effect::Drop(kind, name)) if !has_failed => {
            let object = own_text(session, &find_global(*kind, name))?;
            if object.is_some() { Continuation::Run } else { Continuation::Skip }
        }
        _ if has_failed => Continuation::Run,
        _ => Continuation::Unknown,
    };
    Ok(continuation)
}

/// The index of a CREATE INDEX CONCURRENTLY.
struct NotedIndex {
    table: u32,
    /// The indexes that the table had before.
    before: Vec<u32>,
    /// Empty if the server chooses the name.
    name: String,
}

impl NotedIndex {
    fn after(&self, session: &mut Session, has_failed: bool) -> Result<Continuation, QueryError> {
        let Self { table, before, name } = self;
        let query = format!(
            include_str!("sql/new_indexes.sql"),
            tables = table,
            before = list(before),
            condition = match name.is_empty() {
                true => "true".to_owned(),
                false => format!("c.relname = {}", quote_literal(name)),
            },
        );
        let found = session.connection.query(&query)?;
        let is = |column: usize, row: &Row| row.get(column).cloned().flatten().as_deref() == Some("t");
        let (valid, invalid): (Vec<Row>, Vec<Row>) = found.into_iter().partition(|row| is(2, row));
        match (&valid[..], &invalid[..]) {
            // The server refused the statement, so it did not create this index. Let the server refuse it again.
            ([_], []) if !has_failed => Ok(Continuation::Skip),
            ([], [row]) if is(3, row) => {
                // It can't be dropped by itself, because it belongs to an index of a partitioned table.
                Ok(Continuation::Finish(format!("REINDEX INDEX CONCURRENTLY {}", text(row, 1))))
            }
            ([], [row]) => {
                drop_index(session, row)?;
                Ok(Continuation::Run)
            }
            ([], []) => Ok(Continuation::Run),
            _ if has_failed => Ok(Continuation::Run),
            // There are several new ones, and none of them has the name.
            _ => Ok(Continuation::Unknown),
        }
    }
}

/// An index that makes `CREATE INDEX CONCURRENTLY IF NOT EXISTS` do nothing, although it is invalid.
pub(crate) fn invalid_namesake(session: &mut Session, effect: &Effect) -> Result<Option<String>, QueryError> {
    let Effect::CreateIndex { table, name: Some(name), if_not_exists: true } = effect else { return Ok(None) };
    let (table, name) = (resolve(session, table)?, quote_literal(name));
    let query = format!(
        "SELECT format('%I.%I', n.nspname, c.relname)
        FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_class c ON c.relnamespace = n.oid
        JOIN pg_index i ON i.indexrelid = c.oid
        WHERE t.oid = {table} AND c.relname = (parse_ident({name}))[1]::name AND NOT i.indisvalid"
    );
    own_text(session, &query)
}

fn after_drop(session: &mut Session, oid: u32, effect: &Effect, has_failed: bool) -> Result<Continuation, QueryError> {
    let if_exists = matches!(effect, Effect::DropIndex { if_exists: true, .. });
    let query = format!(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = {oid}"
    );
    Ok(match own_text(session, &query)? {
        _ if oid == 0 => {
            if if_exists && !has_failed {
                Continuation::Skip
            } else {
                Continuation::Run
            }
        }
        Some(index) => Continuation::Finish(format!("DROP INDEX CONCURRENTLY {index}")),
        None => Continuation::Skip,
    })
}

fn after_detach(session: &mut Session, table: u32, partition: u32) -> Result<Continuation, QueryError> {
    if table == 0 || partition == 0 {
        return Ok(Continuation::Run);
    }
    let query = format!(
        "SELECT i.inhdetachpending, {table}::regclass, {partition}::regclass FROM pg_inherits i WHERE i.inhrelid = {partition} AND i.inhparent = {table}"
    );
    let found = session.connection.query(&query)?;
    Ok(match first(&found, 0) {
        Some("t") => {
            let (table, partition) = (text(&found[0], 1), text(&found[0], 2));
            Continuation::Finish(format!("ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE"))
        }
        Some(_) => Continuation::Run,
        None => Continuation::Skip,
    })
}

fn before_reindex(
    session: &mut Session,
    scope: ReindexScope,
    name: Option<&str>,
) -> Result<Option<String>, QueryError> {
    let name = name.unwrap_or_default();
    let scope = match scope {
        ReindexScope::Table => format!("table {}", resolve(session, name)?),
        ReindexScope::Index => {
            let index = resolve(session, name)?;
            let table = own_text(session, &format!("SELECT indrelid FROM pg_index WHERE indexrelid = {index}"))?;
            format!("table {}", table.unwrap_or_else(|| "0".to_owned()))
        }
        ReindexScope::Schema => {
            let schema =
                format!("SELECT oid FROM pg_namespace WHERE nspname = (parse_ident({}))[1]::name", quote_literal(name));
            format!("schema {}", own_text(session, &schema)?.unwrap_or_else(|| "0".to_owned()))
        }
        ReindexScope::Database => "database 0".to_owned(),
    };
    let invalid = invalid_copies(session, &scope, &[])?;
    let invalid: Vec<String> = invalid.iter().map(|row| text(row, 0)).collect();
    let invalid = if invalid.is_empty() { "-".to_owned() } else { invalid.join(",") };
    Ok(Some(format!("reindex {scope} {invalid}")))
}

/// The invalid copies of indexes that a REINDEX CONCURRENTLY leaves: `…_ccnew` before it swaps them, `…_ccold` after it.
fn invalid_copies(session: &mut Session, scope: &str, before: &[u32]) -> Result<Vec<Row>, QueryError> {
    let (kind, oid) = scope.split_once(' ').unwrap_or_default();
    let oid = number(oid);
    let tables = match kind {
        "table" => format!("SELECT {oid}::oid UNION SELECT relid FROM pg_partition_tree({oid}::oid::regclass)"),
        "schema" => format!("SELECT oid FROM pg_class WHERE relnamespace = {oid}"),
        _ => "SELECT oid FROM pg_class".to_owned(),
    };
    let query = format!(
        include_str!("sql/new_indexes.sql"),
        tables = format_args!(
            "SELECT oid FROM (WITH t (oid) AS ({tables}) SELECT oid FROM t UNION SELECT reltoastrelid FROM pg_class WHERE oid IN (SELECT oid FROM t)) AS tables"
        ),
        before = list(before),
        condition = "NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'",
    );
    session.connection.query(&query)
}

fn remove_copies(session: &mut Session, scope: &str, before: &[u32]) -> Result<(), QueryError> {
    for row in invalid_copies(session, scope, before)? {
        match drop_index(session, &row) {
            Ok(()) => {}
            // Only a superuser may drop an index of a TOAST table. An invalid one only slows down writes.
            Err(QueryError::Server(error)) if !session.connection.is_closed() => {
                session.report(Event::LeftInvalidIndex { index: text(&row, 1), reason: error.message });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn drop_index(session: &mut Session, row: &Row) -> Result<(), QueryError> {
    // As the revision would write it.
    let shown = session.connection.rows(&format!("SELECT '{}'::pg_catalog.regclass", text(row, 0)))?;
    let index = first(&shown, 0).unwrap_or_default().to_owned();
    session.connection.send(&format!("DROP INDEX CONCURRENTLY {}", text(row, 1)))?;
    session.report(Event::DroppedInvalidIndex { index });
    Ok(())
}

fn catalog(kind: Global) -> (&'static str, &'static str) {
    match kind {
        Global::Database => ("pg_database", "datname"),
        Global::Tablespace => ("pg_tablespace", "spcname"),
        Global::Subscription => ("pg_subscription", "subname"),
    }
}

fn find_global(kind: Global, name: &str) -> String {
    let (catalog, column) = catalog(kind);
    let only_here = match kind {
        Global::Subscription => " AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
        Global::Database | Global::Tablespace => "",
    };
    format!("SELECT oid FROM {catalog} WHERE {column} = (parse_ident({}))[1]::name{only_here}", quote_literal(name))
}

/// The oid of a relation, as the statement would resolve the name, or 0.
fn resolve(session: &mut Session, name: &str) -> Result<u32, QueryError> {
    let query = format!("SELECT pg_catalog.to_regclass({})::pg_catalog.oid", quote_literal(name));
    match session.connection.rows(&query) {
        Ok(found) => Ok(first(&found, 0).map_or(0, number)),
        Err(QueryError::Server(_)) if !session.connection.is_closed() => Ok(0),
        Err(error) => Err(error),
    }
}

fn own_text(session: &mut Session, query: &str) -> Result<Option<String>, QueryError> {
    Ok(first(&session.connection.query(query)?, 0).map(str::to_owned))
}

fn text(row: &Row, column: usize) -> String {
    row.get(column).cloned().flatten().unwrap_or_default()
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or_default()
}

fn oids(text: &str) -> Vec<u32> {
    text.split(',').filter_map(|oid| oid.parse().ok()).collect()
}

fn list(oids: &[u32]) -> String {
    let oids: Vec<String> = oids.iter().map(u32::to_string).collect();
    format!("'{{{}}}'::oid[]", oids.join(","))
}
