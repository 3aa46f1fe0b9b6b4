//! The catalog of a database, read with one query for each kind of object.

use std::borrow::Cow;
use std::collections::HashMap;

use connection::{Connection, QueryError, Row, first, quote_literal};

use crate::array_cast::without_implicit_casts;
use crate::diff::facts::{self, Facts};
use crate::flattened::flattened;
use crate::model::column::OUTSIDE_OF_B_EXPR;
use crate::model::{self, Model};
use crate::object::{Body, Class, Id, Item, Note, Object, Privilege, Terms};

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

/// A query for each kind of object that is not part of the model.
const QUERIES: [&str; 12] = [
    include_str!("sql/schemas.sql"),
    include_str!("sql/extensions.sql"),
    include_str!("sql/languages.sql"),
    include_str!("sql/collations.sql"),
    include_str!("sql/types.sql"),
    include_str!("sql/routines.sql"),
    include_str!("sql/operators.sql"),
    include_str!("sql/text_search.sql"),
    include_str!("sql/foreign.sql"),
    include_str!("sql/indexes.sql"),
    include_str!("sql/triggers.sql"),
    include_str!("sql/default_privileges.sql"),
];
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
        let (model, rows) = Model::read(read_rows(connection, except, None)?);
        Ok(Self::assemble(model.objects(), rows))
    }

    /// Reads everything, and what can be changed about it, from one state of the catalog.
    pub(crate) fn read_with_facts(connection: &mut Connection, except: &[&str]) -> Result<(Self, Facts), QueryError> {
        let (model, rows) = Model::read(read_rows(connection, except, Some(&facts::QUERIES))?);
        let objects = model.objects();
        let (facts, rows) = Facts::read(model, rows);
        Ok((Self::assemble(objects, rows), facts))
    }

    fn assemble(objects: Vec<Object>, rows: Vec<Row>) -> Self {
        let mut reader = Reader::default();
        objects.into_iter().for_each(|object| reader.add_object(object));
        // What belongs to an object may come before it.
        let (objects, others): (Vec<Fields>, Vec<Fields>) = rows.into_iter().map(Fields).partition(Fields::is_object);
        objects.into_iter().chain(others).for_each(|row| reader.add(row));
        reader.finish()
    }
}

/// Runs the queries in one transaction, for a diff with its own.
fn read_rows(connection: &mut Connection, except: &[&str], for_diff: Option<&[&str]>) -> Result<Vec<Row>, QueryError> {
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

fn rows(connection: &mut Connection, except: &str, for_diff: Option<&[&str]>) -> Result<Vec<Row>, QueryError> {
    let migrator = migrator(connection, except)?;
    let publications = if connection.server_version() < 150_000 { PUBLICATIONS_14 } else { PUBLICATIONS };
    let is_superuser = connection.rows("SHOW is_superuser")?;
    let subscriptions = (first(&is_superuser, 0) == Some("on")).then_some(include_str!("sql/subscriptions.sql"));
    let (mut declare, mut fetch) = (String::new(), "SET LOCAL search_path = public, pg_temp;".to_owned());
    let outside_of_b_expr = format!(r"'\m({})\M'", OUTSIDE_OF_B_EXPR.join("|"));
    let queries = model::QUERIES.into_iter().chain(QUERIES).chain([publications]).chain(subscriptions).chain(DETAILS);
    for (number, query) in queries.chain(for_diff.into_iter().flatten().copied()).enumerate() {
        let query = [include_str!("sql/common.sql"), query].concat();
        let query = query.replace("{except}", except).replace("{migrator}", &format!("{migrator}::oid"));
        let query = query.replace("{option_value}", OPTION_VALUE).replace("{outside_of_b_expr}", &outside_of_b_expr);
        let query = query.replace("{for_diff}", if for_diff.is_some() { "true" } else { "false" });
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

    /// SQL that the server writes.
    fn sql(&mut self, index: usize) -> String {
        let sql = self.text(index);
        let changed = match without_implicit_casts(&sql) {
            Cow::Owned(changed) => Some(changed),
            Cow::Borrowed(_) => None,
        };
        changed.unwrap_or(sql)
    }

    fn number(&self, index: usize) -> u32 {
        self.get(index).and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    fn id(&self, index: usize) -> Id {
        (self.get(index).unwrap_or_default().into(), self.number(index + 1))
    }

    fn is_object(&self) -> bool {
        self.get(0) == Some("object")
    }

    fn object(mut self) -> Object {
        Object {
            id: self.id(1),
            key: (self.number(3), self.text(4), self.number(5), self.text(6)),
            target: self.take(7),
            owner: self.take(8),
            // The body of a function is the user's own.
            head: flattened(&if self.get(3) == Some("3") { self.text(9) } else { self.sql(9) }).into_owned(),
            body: match self.get(10) {
                Some("list") => Some(Body::List),
                Some("list or nothing") => Some(Body::OptionalList),
                Some("clauses") => Some(Body::Clauses),
                _ => None,
            },
            middle: self.text(11),
            options: self.get(12).into_iter().flat_map(str::lines).map(str::to_owned).collect(),
            tail: self.sql(13),
            ..Object::default()
        }
    }

    fn privilege(&mut self) -> Privilege {
        let terms = self.take(10).map(|verb| {
            let (grantee, option) = self.get(13).and_then(|text| text.split_once('\n')).unwrap_or_default();
            Terms {
                is_granted: verb == "GRANT",
                privileges: self.get(11).into_iter().flat_map(str::lines).map(str::to_owned).collect(),
                on: self.get(12).unwrap_or_default().to_owned(),
                grantee: grantee.to_owned(),
                option: option.to_owned(),
                column: self.get(14).map(str::to_owned),
            }
        });
        Privilege { position: self.number(5), statement: self.text(9), terms }
    }

    fn item(mut self) -> Item {
        Item {
            position: self.number(3),
            name: self.text(4),
            before: self.text(6),
            inline: self.sql(8),
            after: self.text(9),
            part: self.get(10).is_some().then(|| self.id(10)),
            apart: self.get(12).is_some().then(|| self.sql(12)),
            target: self.take(13),
            comments: Vec::new(),
        }
    }
}

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
            "object" => self.add_object(row.object()),
            "needs" => catalog.needs.push((id, row.id(3))),
            "soft" => catalog.prefers.push((id, row.id(3))),
            "part" => _ = catalog.part_of.insert(id, row.id(3)),
            tag => match self.found.get(&id).copied() {
                Some((object, item)) => self.add_to(object, item, row),
                None if tag == "privilege" => self.add_privileges_of_another(id, row),
                None => {}
            },
        }
    }

    /// Adds what belongs to an object of an earlier row.
    fn add_to(&mut self, index: usize, item: Option<usize>, mut row: Fields) {
        let tag = row.text(0);
        let object = &mut self.catalog.objects[index];
        let target = match item {
            Some(item) => object.items[item].target.as_deref(),
            None => object.target.as_deref(),
        };
        let text = |index: usize| row.get(index).unwrap_or_default();
        let column = row.number(3);
        let note = match (tag.as_str(), row.get(6).or(target)) {
            ("comment", Some(target)) => {
                let statement = |text: &str| format!("COMMENT ON {target} IS {text};");
                Note { statement: statement(text(7)), undo: statement(row.get(8).unwrap_or("NULL")), column }
            }
            ("label", Some(target)) => {
                let statement = |label: &str| format!("SECURITY LABEL FOR {} ON {target} IS {label};", text(4));
                Note { statement: statement(text(7)), undo: statement("NULL"), column }
            }
            ("depends", Some(target)) => {
                // ALTER AGGREGATE has no DEPENDS ON EXTENSION.
                let target = match target.strip_prefix("AGGREGATE ") {
                    Some(name) => format!("FUNCTION {}", name.replace("(*)", "()").replace(" ORDER BY ", ", ")),
                    None => target.to_owned(),
                };
                let statement = |no: &str| format!("ALTER {target} {no}DEPENDS ON EXTENSION {};", text(7));
                Note { statement: statement(""), undo: statement("NO "), column }
            }
            _ => Note::default(),
        };
        match (tag.as_str(), item) {
            ("item", _) => {
                let item = row.item();
                item.part.iter().for_each(|&part| _ = self.found.insert(part, (index, Some(object.items.len()))));
                object.items.push(item);
            }
            ("privilege", _) => object.privileges.push(row.privilege()),
            (_, Some(item)) => object.items[item].comments.push(note),
            (_, None) => object.comments.push(note),
        }
    }

    /// An object of an extension or of the system, of which only the privileges are written.
    fn add_privileges_of_another(&mut self, id: Id, mut row: Fields) {
        let Class::Catalog(catalog) = id.0 else { return };
        let own = (Class::PrivilegesOf(catalog), id.1);
        self.catalog.needs.push((own, id));
        self.found.insert(id, (self.catalog.objects.len(), None));
        let key = (8, String::new(), 0, row.text(4));
        self.catalog.objects.push(Object { id: own, key, privileges: vec![row.privilege()], ..Object::default() });
    }

    fn finish(mut self) -> Catalog {
        for object in &mut self.catalog.objects {
            object.items.sort_by(|a, b| (a.position, &a.name).cmp(&(b.position, &b.name)));
            object.more.sort();
            object.privileges.sort();
            object.comments.sort_by_cached_key(|note| (note.statement.starts_with("COMMENT ON COLUMN"), note.clone()));
        }
        self.catalog
    }
}
