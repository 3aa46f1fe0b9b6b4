//! The catalog of a database, read with one query for each kind of object.

use std::collections::HashMap;

use connection::{Connection, QueryError, Row, first, quote_literal};

use crate::model::{self, Model};
use crate::object::{Class, Id, Item, Note, NoteKind, Object, Privilege, Terms, catalog};

/// The objects of a schema and what they need.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalog {
    pub(crate) objects: Vec<Object>,
    /// The first needs the second.
    pub(crate) needs: Vec<(Id, Id)>,
    /// Like `needs`, for readability only.
    pub(crate) prefers: Vec<(Id, Id)>,
    /// Objects that are written as part of another.
    pub(crate) part_of: HashMap<Id, Id>,
}

const PUBLICATIONS: &str = concat!(include_str!("sql/publication_contents.sql"), include_str!("sql/publications.sql"));
const PUBLICATIONS_14: &str =
    concat!(include_str!("sql/publication_contents_14.sql"), include_str!("sql/publications.sql"));

/// The value of an option of a foreign object. Secrets are masked: the dump is kept in the repository.
const OPTION_VALUE: &str = include_str!("sql/option_value.sql");

/// What belongs to the objects of the other queries.
const DETAILS: [&str; 3] =
    [include_str!("sql/comments.sql"), include_str!("sql/privileges.sql"), include_str!("sql/edges.sql")];

impl Catalog {
    /// Reads everything but the tables in `except`, whose names are quoted and qualified.
    pub(crate) fn read(connection: &mut Connection, except: &[&str]) -> Result<Self, QueryError> {
        let (model, rows) = Model::read(read_rows(connection, except, false)?);
        Ok(Self::assemble(&model, rows))
    }

    /// Reads everything, and what a diff needs to know about it, from one state of the catalog.
    pub(crate) fn read_with_model(connection: &mut Connection, except: &[&str]) -> Result<(Self, Model), QueryError> {
        let (model, rows) = Model::read(read_rows(connection, except, true)?);
        Ok((Self::assemble(&model, rows), model))
    }

    fn assemble(model: &Model, rows: Vec<Row>) -> Self {
        let mut reader = Reader::default();
        model.objects().into_iter().for_each(|object| reader.add_object(object));
        rows.into_iter().for_each(|row| reader.add(Fields(row)));
        reader.finish()
    }
}

/// Runs the queries in one transaction.
fn read_rows(connection: &mut Connection, except: &[&str], for_diff: bool) -> Result<Vec<Row>, QueryError> {
    let except = oids(connection, except)?;
    connection.send(include_str!("sql/begin.sql"))?;
    let rows = rows(connection, &except, for_diff);
    connection.roll_back();
    rows
}

/// The OIDs of the tables to leave out and of what belongs to them, such as the sequences of identity columns.
pub(crate) fn oids(connection: &mut Connection, names: &[&str]) -> Result<String, QueryError> {
    let oid = |name: &&str| format!("coalesce(to_regclass({})::oid, 0)", quote_literal(name));
    let oids: Vec<String> = names.iter().map(oid).collect();
    let query = include_str!("sql/except.sql").replace("{tables}", &oids.join(", "));
    Ok(first(&connection.query(&query)?, 0).unwrap_or_default().to_owned())
}

/// The OID of the role that migrates: the owner of the engine's tables, or else the current role.
fn migrator(connection: &mut Connection, except: &str) -> Result<String, QueryError> {
    let query = include_str!("sql/migrator.sql").replace("{except}", except);
    Ok(first(&connection.rows(&query)?, 0).unwrap_or_default().to_owned())
}

fn rows(connection: &mut Connection, except: &str, for_diff: bool) -> Result<Vec<Row>, QueryError> {
    let migrator = migrator(connection, except)?;
    let publications = if connection.server_version() < 150_000 { PUBLICATIONS_14 } else { PUBLICATIONS };
    let is_superuser = connection.rows("SHOW is_superuser")?;
    let subscriptions = (first(&is_superuser, 0) == Some("on")).then_some(include_str!("sql/subscriptions.sql"));
    let (mut declare, mut fetch) = (String::new(), "SET LOCAL search_path = public, pg_temp;".to_owned());
    let queries = model::QUERIES.into_iter().chain([publications]).chain(subscriptions).chain(DETAILS);
    for (number, query) in queries.chain(for_diff.then_some(model::DEPENDENCIES)).enumerate() {
        let query = [include_str!("sql/common.sql"), query].concat();
        let query = query.replace("{except}", except).replace("{migrator}", &format!("{migrator}::oid"));
        let query = query.replace("{option_value}", OPTION_VALUE);
        let query = query.replace("{for_diff}", if for_diff { "true" } else { "false" });
        declare += &format!("DECLARE query_{number} NO SCROLL CURSOR FOR\n{query};\n");
        fetch += &format!("FETCH ALL FROM query_{number};");
    }
    // The queries are analyzed with the path of `begin.sql`. The functions that they call write names as the path says
    // when they run.
    connection.send(&declare)?;
    connection.rows(&fetch)
}

/// The columns of a row. The first says what it is; see [`Reader::add`].
struct Fields(Row);

impl Fields {
    fn get(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.as_deref()
    }

    fn take(&mut self, index: usize) -> Option<String> {
        self.0.get_mut(index)?.take()
    }

    fn text(&mut self, index: usize) -> String {
        self.take(index).unwrap_or_default()
    }

    fn number(&self, index: usize) -> u32 {
        self.get(index).and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    fn id(&self, index: usize) -> Id {
        (self.get(index).unwrap_or_default().into(), self.number(index + 1))
    }

    fn privilege(&mut self) -> Privilege {
        let terms = Terms {
            is_granted: self.get(6) == Some("true"),
            privileges: self.get(7).into_iter().flat_map(str::lines).map(str::to_owned).collect(),
            on: self.text(4),
            grantee: self.text(8),
            option: self.text(9),
            column: self.take(10),
        };
        Privilege { position: self.number(5), terms, grantor: self.take(11) }
    }

    /// What is said about an object, given how SQL names that.
    fn note(&mut self, target: Option<&str>) -> Option<Note> {
        let kind = match self.get(0)? {
            "comment" => NoteKind::Comment,
            "label" => NoteKind::Label(self.text(4)),
            "depends" => NoteKind::Extension,
            _ => return None,
        };
        let target = self.take(5).or_else(|| target.map(str::to_owned))?;
        Some(Note { kind, target, text: self.take(6), usual: self.take(7), column: self.number(3) })
    }
}

/// What has its comments written although it is not written itself.
const NOTED: [Class; 2] = [Class::Catalog(catalog::CONSTRAINT), Class::Catalog(catalog::EXTENSION)];

/// Assembles the catalog from rows.
#[derive(Default)]
struct Reader {
    catalog: Catalog,
    /// The object with this identity, or the item of an object.
    found: HashMap<Id, (usize, Option<usize>)>,
}

impl Reader {
    fn add_object(&mut self, object: Object) {
        let index = self.catalog.objects.len();
        self.found.insert(object.id, (index, None));
        let parts = object.items.iter().enumerate().filter_map(|(item, Item { part, .. })| Some(((*part)?, item)));
        self.found.extend(parts.map(|(part, item)| (part, (index, Some(item)))));
        self.catalog.objects.push(object);
    }

    fn add(&mut self, row: Fields) {
        let id = row.id(1);
        let catalog = &mut self.catalog;
        match row.get(0).unwrap_or_default() {
            "needs" => catalog.needs.push((id, row.id(3))),
            "soft" => catalog.prefers.push((id, row.id(3))),
            "part" => _ = catalog.part_of.insert(id, row.id(3)),
            tag => match self.found.get(&id).copied() {
                Some((object, item)) => self.add_to(object, item, row),
                None if tag == "privilege" => self.add_to_another(id, row),
                // Of an inherited constraint, or of an extension that each database has.
                None if row.get(5).is_some() && NOTED.contains(&id.0) => self.add_to_another(id, row),
                None => {}
            },
        }
    }

    /// Adds what belongs to an object.
    fn add_to(&mut self, index: usize, item: Option<usize>, mut row: Fields) {
        let object = &mut self.catalog.objects[index];
        let (target, notes) = match item.map(|item| &mut object.items[item]) {
            Some(item) => (item.target.as_deref(), &mut item.comments),
            None => (object.target.as_deref(), &mut object.comments),
        };
        if row.get(0) == Some("privilege") {
            object.privileges.push(row.privilege());
        } else {
            notes.extend(row.note(target));
        }
    }

    /// An object of an extension or of the system, or an inherited constraint, of which only the privileges or the comment
    /// are written.
    fn add_to_another(&mut self, id: Id, row: Fields) {
        let Class::Catalog(catalog) = id.0 else { return };
        let own = (Class::ChangesOf(catalog), id.1);
        self.catalog.needs.push((own, id));
        let index = self.catalog.objects.len();
        self.found.insert(id, (index, None));
        let key = (8, String::new(), 0, row.get(4).or(row.get(5)).unwrap_or_default().to_owned());
        self.catalog.objects.push(Object { id: own, key, ..Object::default() });
        self.add_to(index, None, row);
    }

    fn finish(mut self) -> Catalog {
        for object in &mut self.catalog.objects {
            object.items.sort_by(|a, b| (a.position, &a.name).cmp(&(b.position, &b.name)));
            object.more.sort();
            object.privileges.sort();
            object.comments.sort_by_cached_key(|note| {
                (note.kind == NoteKind::Comment && note.column != 0, note.statement(), note.column)
            });
        }
        self.catalog
    }
}
