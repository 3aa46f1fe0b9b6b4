//! One attempt to apply files of `objects`, in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connection::{Connection, OWN_PATH, QueryError};
use revision::{CreatedObject, ObjectStatement, Objects};

use crate::object_claims::Claims;
use crate::object_drops::{Drops, Refusal, drop_sql};
use crate::object_log::drop_before;
use crate::object_state::{AppliedObjects, CatalogObject, referring_to};
use crate::object_stop::{Stop, StopCause};
use crate::observer::{Observer, Scope, lend};
use crate::provenance::Provenance;
use crate::rehearsing::Rehearsing;
use crate::revision_run::{Cause, Failure, position};
use crate::session::Session;

/// An attempt to apply files.
pub(crate) struct Attempt<'a> {
    pub(crate) objects: &'a Objects,
    pub(crate) applied: &'a AppliedObjects,
    pub(crate) provenance: &'a Provenance,
    /// The SQL that records each file.
    pub(crate) rows: &'a [String],
    /// The files to apply.
    pub(crate) pending: BTreeSet<usize>,
    /// Those that the server can't replace.
    pub(crate) dropped_first: BTreeSet<usize>,
    /// Those that do not load, with the server's message.
    pub(crate) left_out: BTreeMap<usize, String>,
}

/// What an attempt has done.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    pub(crate) files: Vec<usize>,
    /// The objects that they create.
    pub(crate) created: Vec<CatalogObject>,
    /// The objects that files no longer create, which were dropped.
    pub(crate) dropped: Vec<(usize, CatalogObject)>,
}

impl Attempt<'_> {
    /// Runs everything in one transaction, up to and including its COMMIT.
    pub(crate) fn run(
        &self,
        session: &mut Session,
        lock_timeout: Duration,
        mut observer: Option<&mut dyn Observer>,
    ) -> Result<Applied, Box<Stop>> {
        let (begin, commit) = session.begin_and_commit();
        let mut begin = format!("{begin}SET LOCAL lock_timeout = {};\n", lock_timeout.as_millis());
        if !session.options.statement_timeout.is_zero() {
            begin.push_str(&format!(
                "SET LOCAL statement_timeout = {};\n",
                session.options.statement_timeout.as_millis()
            ));
        }
        // `DROP … IF EXISTS` would report what is missing.
        begin.push_str("SET LOCAL client_min_messages = warning;\n");
        begin.extend(session.rehearsal.iter().map(Rehearsing::limits));
        session.connection.send(&begin).map_err(Stop::between)?;
        if let Some(observer) = lend(&mut observer) {
            let observed = observer.begin(&mut session.connection, Scope::Transaction);
            observed.map_err(|error| Stop::between(Cause::Observer(error)))?;
        }
        let mut files = self.pending.clone();
        if !self.dropped_first.is_empty() {
            files.extend(self.drop_first(session)?);
        }
        let mut done = Applied::default();
        let mut claims = Claims::of_others(self.objects, self.applied, &files);
        for &file in files.iter().filter(|file| !self.left_out.contains_key(file)) {
            if session.is_interrupted() {
                return Err(Stop::of(file, Failure::between(Cause::Interrupted)));
            }
            let created = self.apply(session, file, lend(&mut observer))?;
            if let Some((object, other)) = claims.add(file, &created) {
                let cause = StopCause::CreatedTwice { object: object.describe(), other };
                return Err(Box::new(Stop { file: Some(file), cause }));
            }
            done.created.extend(created);
            done.files.push(file);
        }
        for &file in done.files.iter().rev() {
            let dropped = self.drop_obsolete(session, file, &done.created)?;
            done.dropped.extend(dropped.into_iter().map(|object| (file, object)));
        }
        session.connection.send(commit).map_err(Stop::between)?;
        Ok(done)
    }

    /// Drops what these files have created, with what depends on it. Returns the files to apply again.
    fn drop_first(&self, session: &mut Session) -> Result<Vec<usize>, Box<Stop>> {
        let created = self.dropped_first.iter().filter_map(|&file| self.applied.get(self.objects.files()[file].name()));
        let created: Vec<&CatalogObject> = created.flat_map(|file| &file.created).collect();
        let known = |name: &str| self.objects.find(name).is_some();
        let drops = Drops::of(&mut session.connection, self.applied, known, created.into_iter());
        let drops = drops.map_err(|refusal| match refusal {
            Refusal::Query(error) => Stop::between(error),
            Refusal::Foreign { objects, dependents } => {
                let (file, cause) = (self.dropped_first.first().copied(), StopCause::Foreign { objects, dependents });
                Box::new(Stop { file, cause })
            }
        })?;
        let sql = drops.sql(self.applied, &session.tables, self.provenance);
        session.connection.send(&sql).map_err(Stop::between)?;
        let dropped: BTreeSet<usize> = drops.files.iter().filter_map(|name| self.objects.find(name)).collect();
        let mut again: Vec<usize> = referring_to(self.objects, &dropped);
        again.extend(dropped);
        Ok(again)
    }

    /// Applies a file and records it. Returns what it creates.
    fn apply(
        &self,
        session: &mut Session,
        index: usize,
        mut observer: Option<&mut dyn Observer>,
    ) -> Result<Vec<CatalogObject>, Box<Stop>> {
        let mut is_first = true;
        for statement in self.objects.files()[index].statements() {
            let sent = send(&mut session.connection, statement, lend(&mut observer));
            sent.map_err(|cause| Stop::of(index, failure(statement, cause)))?;
            if let Some(CreatedObject::Routine(name)) = &statement.created {
                let noted = session.connection.send(&session.tables.note_routine(name, is_first));
                noted.map_err(|error| Stop::of(index, Failure::between(error)))?;
                is_first = false;
            }
        }
        let found = session.connection.rows(&self.rows[index]);
        let found = found.map_err(|error| Stop::of(index, Failure::between(error)))?;
        let created = found.last().and_then(|row| row.first()?.as_deref()).unwrap_or_default();
        Ok(created.lines().filter_map(CatalogObject::parse).collect())
    }

    /// Drops the objects that a file no longer creates, unless another file has `created` them. Returns the dropped
    /// objects.
    fn drop_obsolete(
        &self,
        session: &mut Session,
        index: usize,
        created: &[CatalogObject],
    ) -> Result<Vec<CatalogObject>, Box<Stop>> {
        let stop = |error: QueryError| Stop::of(index, Failure::between(error));
        let name = self.objects.files()[index].name();
        let before = self.applied.get(name).map(|file| &file.created[..]).unwrap_or_default();
        let is_kept = |object: &CatalogObject| {
            object.is_in(created.iter()) || self.applied.is_of_other(object, name, self.objects)
        };
        let mut dropped = Vec::new();
        for object in before.iter().rev().filter(|object| !is_kept(object)) {
            if exists(session, object).map_err(stop)? {
                session.connection.send(&drop_sql(object)).map_err(stop)?;
                dropped.push(object.clone());
            }
        }
        Ok(dropped)
    }
}

/// Sends a statement, after dropping what it does not replace.
fn send(
    connection: &mut Connection,
    statement: &ObjectStatement,
    mut observer: Option<&mut dyn Observer>,
) -> Result<(), Cause> {
    let (place, text) = (statement.place, statement.text());
    if let Some(observer) = lend(&mut observer) {
        observer.before(connection, place, text).map_err(Cause::Observer)?;
    }
    if let Some(drop) = statement.created.as_ref().and_then(drop_before) {
        connection.send(&drop)?;
    }
    connection.send(text)?;
    match observer {
        Some(observer) => observer.after(connection, place, text).map_err(Cause::Observer),
        None => Ok(()),
    }
}

fn failure(statement: &ObjectStatement, cause: Cause) -> Failure {
    let byte = match &cause {
        Cause::Query(error) => position(error, statement.text()),
        _ => None,
    };
    Failure { at: Some(Box::new(statement.place.excerpt(statement.text(), byte.unwrap_or(0)))), cause }
}

fn exists(session: &mut Session, object: &CatalogObject) -> Result<bool, QueryError> {
    let query = format!(
        "{OWN_PATH}SELECT EXISTS (SELECT FROM {} WHERE oid = {});RESET search_path",
        object.catalog(),
        object.oid
    );
    let found = session.connection.rows(&query)?;
    Ok(found.last().and_then(|row| row.first()?.as_deref()) == Some("t"))
}
