//! Reads a schema, writes it as SQL and compares it.
//!
//! `objects.sql` returns the SQL of every object, and `edges.sql` the dependencies. This file sorts the objects so that
//! psql can create them in that order: by name where possible, a table together with its indexes and triggers.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use connection::{Connection, QueryError, Row, first, quote_literal};

/// The schema of a database: all objects that revisions can create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// In an order in which they can be created.
    objects: Vec<Object>,
    server_major: String,
}

/// Identifies an object and sorts it: the rank of its kind, its group (the name of a table), its place in the group,
/// its name.
type Key = (u32, String, u32, String);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Object {
    key: Key,
    sql: String,
}

impl Object {
    fn is_table(&self) -> bool {
        (self.key.0, self.key.2) == (5, 1)
    }

    /// The lines to compare.
    fn lines(&self) -> Vec<&str> {
        let mut lines: Vec<&str> = self.sql.lines().collect();
        if self.is_table() {
            let columns = lines.get_mut(1..).unwrap_or_default();
            columns.iter_mut().for_each(|line| *line = line.trim_end_matches(','));
            columns.sort_unstable();
        }
        lines
    }
}

impl Schema {
    /// Reads the schema, without the tables in `except`, whose names are quoted and qualified.
    ///
    /// Ends the transaction of the connection, if one is open, and resets its role and its settings.
    ///
    /// # Errors
    /// A query fails.
    pub fn read(connection: &mut Connection, except: &[&str]) -> Result<Self, QueryError> {
        let oid = |name: &&str| format!("coalesce(to_regclass({})::oid, 0)", quote_literal(name));
        let oids: Vec<String> = except.iter().map(oid).collect();
        let except = connection.query(&format!("SELECT {}", oids.join(", ")))?;
        let except: Vec<String> = except.into_iter().flatten().flatten().collect();
        connection.send(include_str!("begin.sql"))?;
        let read = Self::read_in_transaction(connection, &except.join(", "));
        connection.roll_back();
        read
    }

    fn read_in_transaction(connection: &mut Connection, except: &str) -> Result<Self, QueryError> {
        let version = connection.rows("SHOW server_version")?;
        let server_major = first(&version, 0).unwrap_or_default().split('.').next().unwrap_or_default().to_owned();
        let edges = connection.rows(include_str!("edges.sql"))?;
        // The query is analyzed with the path of `begin.sql`. The functions that it calls write names as the path says
        // when they run.
        let objects = include_str!("objects.sql").replace("{engine}", except);
        connection.send(&format!("DECLARE objects NO SCROLL CURSOR FOR\n{objects}"))?;
        let objects = connection.rows("SET LOCAL search_path = public, pg_temp; FETCH ALL FROM objects")?;
        Ok(Self { objects: in_order(objects, &edges), server_major })
    }

    /// The major version of the server. Another version may write the same schema differently.
    pub fn server_major(&self) -> &str {
        &self.server_major
    }
}

/// The catalog of an object and its OID.
type Id = (String, String);

fn text(row: &Row, index: usize) -> String {
    row.get(index).cloned().flatten().unwrap_or_default()
}

/// Sorts the objects: at each point, the first by key of those whose dependencies have been created.
fn in_order(rows: Vec<Row>, edges: &[Row]) -> Vec<Object> {
    let mut index_of: HashMap<Id, usize> = HashMap::new();
    let mut objects: Vec<Object> = Vec::with_capacity(rows.len());
    for row in rows {
        let number = |index: usize| text(&row, index).parse().unwrap_or_default();
        index_of.insert((text(&row, 0), text(&row, 1)), objects.len());
        objects.push(Object { key: (number(2), text(&row, 3), number(4), text(&row, 5)), sql: text(&row, 6) });
    }
    let mut part_of: HashMap<Id, Id> = HashMap::new();
    for row in edges.iter().filter(|row| text(row, 0) == "part") {
        part_of.insert((text(row, 1), text(row, 2)), (text(row, 3), text(row, 4)));
    }
    let resolve = |mut id: Id| loop {
        match index_of.get(&id) {
            Some(&index) => return Some(index),
            None => id = part_of.get(&id)?.clone(),
        }
    };
    let mut needs = vec![BTreeSet::new(); objects.len()];
    // Foreign keys last, because those that would close a cycle are ignored.
    for (kind, is_soft) in [("needs", false), ("soft", true)] {
        for row in edges.iter().filter(|row| text(row, 0) == kind) {
            let (from, to) = (resolve((text(row, 1), text(row, 2))), resolve((text(row, 3), text(row, 4))));
            if let (Some(from), Some(to)) = (from, to)
                && from != to
                && !(is_soft && reaches(&needs, to, from))
            {
                needs[from].insert(to);
            }
        }
    }
    let mut left: Vec<usize> = (0..objects.len()).collect();
    left.sort_by(|&a, &b| objects[a].key.cmp(&objects[b].key));
    let mut done = vec![false; objects.len()];
    let mut order = Vec::with_capacity(objects.len());
    while !left.is_empty() {
        let is_ready = |&object: &usize| needs[object].iter().all(|&need| done[need]);
        // Keep a group together if possible.
        let last = order.last().map(|&last: &usize| &objects[last].key);
        let is_next = |&object: &usize| {
            last.is_some_and(|(rank, group, ..)| (rank, group) == (&objects[object].key.0, &objects[object].key.1))
        };
        let next = left.iter().position(|object| is_next(object) && is_ready(object));
        let object = left.remove(next.or_else(|| left.iter().position(is_ready)).unwrap_or(0));
        done[object] = true;
        order.push(object);
    }
    let mut objects: Vec<Option<Object>> = objects.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| objects[index].take()).collect()
}

/// Whether `from` needs `to`, directly or indirectly.
fn reaches(needs: &[BTreeSet<usize>], from: usize, to: usize) -> bool {
    let (mut seen, mut todo) = (BTreeSet::from([from]), vec![from]);
    while let Some(object) = todo.pop() {
        if object == to {
            return true;
        }
        todo.extend(needs[object].iter().copied().filter(|&need| seen.insert(need)));
    }
    false
}

impl Schema {
    /// The schema as a script, with a comment at the top.
    pub fn to_sql(&self, comment: &str) -> String {
        let mut sql = String::new();
        for line in comment.lines() {
            let _ = writeln!(sql, "-- {line}");
        }
        // The body of a function may refer to later objects.
        sql.push_str("\nSET check_function_bodies = off;\nSET search_path = public;\n");
        let mut group = None;
        for object in &self.objects {
            let (rank, name, ..) = &object.key;
            if group.replace((rank, name)) != Some((rank, name)) {
                sql.push('\n');
            }
            sql.push_str(&object.sql);
            sql.push('\n');
        }
        sql
    }

    /// The objects that differ between this schema and another, sorted by kind and name.
    pub fn differences<'a>(&'a self, other: &'a Self) -> Vec<Difference<'a>> {
        let mut objects: BTreeMap<&Key, Difference<'a>> = BTreeMap::new();
        for object in &self.objects {
            objects.entry(&object.key).or_default().before = object.lines();
        }
        for object in &other.objects {
            objects.entry(&object.key).or_default().after = object.lines();
        }
        objects.into_values().filter(|object| object.before != object.after).collect()
    }
}

/// An object that differs between two schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference<'a> {
    /// The lines of the object in the first schema, or none if it is missing. The lines of a table are sorted, except
    /// for the first, because a downgrade can't restore the position of a column.
    pub before: Vec<&'a str>,
    /// The lines of the object in the second schema.
    pub after: Vec<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(objects: &[(bool, &str, &str)]) -> Schema {
        let object = |&(is_table, name, sql): &(bool, &str, &str)| {
            let (rank, place) = if is_table { (5, 1) } else { (3, 0) };
            Object { key: (rank, name.to_owned(), place, String::new()), sql: sql.to_owned() }
        };
        Schema { objects: objects.iter().map(object).collect(), server_major: "17".to_owned() }
    }

    /// The lines of the first object that differs.
    fn difference(is_table: bool, before: &str, after: &str) -> Option<(String, String)> {
        let (one, other) = (schema(&[(is_table, "x", before)]), schema(&[(is_table, "x", after)]));
        one.differences(&other).first().map(|object| (object.before.join("|"), object.after.join("|")))
    }

    #[test]
    fn columns_are_compared_in_any_order() {
        assert_eq!(
            difference(true, "CREATE TABLE x (\n  a int,\n  b int\n);", "CREATE TABLE x (\n  b int,\n  a int\n);"),
            None
        );
        let changed = difference(true, "CREATE TABLE x (\n  b int,\n  a int\n);", "CREATE TABLE x (\n  a int\n);");
        let (before, after) = ("CREATE TABLE x (|  a int|  b int|);", "CREATE TABLE x (|  a int|);");
        assert_eq!(changed, Some((before.to_owned(), after.to_owned())));
    }

    #[test]
    fn equal_lines_are_counted() {
        for is_table in [true, false] {
            assert_eq!(difference(is_table, "x\ny\ny", "x\ny"), Some(("x|y|y".to_owned(), "x|y".to_owned())));
            assert_eq!(difference(is_table, "x\ny\ny", "x\ny\ny"), None);
        }
    }

    #[test]
    fn the_order_of_a_function_counts() {
        let swapped = difference(false, "BEGIN\na;\nb;\nEND", "BEGIN\nb;\na;\nEND");
        assert_eq!(swapped, Some(("BEGIN|a;|b;|END".to_owned(), "BEGIN|b;|a;|END".to_owned())));
    }

    #[test]
    fn an_object_of_one_schema_is_a_difference() {
        let (one, other) =
            (schema(&[(false, "f", "f"), (true, "t", "t")]), schema(&[(false, "g", "g"), (true, "t", "t")]));
        let found = one.differences(&other);
        let found: Vec<_> = found.iter().map(|object| (object.before.concat(), object.after.concat())).collect();
        assert_eq!(found, [("f".to_owned(), String::new()), (String::new(), "g".to_owned())]);
    }
}
