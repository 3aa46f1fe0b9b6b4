//! Reads a schema, writes it as SQL and compares it.
//!
//! `catalog.rs` reads the objects, and `order.rs` sorts them so that psql can create them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use connection::{Connection, first};

use crate::catalog::Catalog;
use crate::object::Object;
use crate::order::Acyclic;
use crate::read_error::ReadError;

/// The schema of a database: all objects that revisions can create.
#[derive(Debug, Clone)]
pub struct Schema {
    /// In an order in which they can be created.
    objects: Vec<Object>,
    server_major: String,
}

impl Schema {
    /// Reads the schema, without the tables in `except`, whose names are quoted and qualified.
    ///
    /// Ends the transaction of the connection, if one is open, and resets its role and its settings.
    ///
    /// # Errors
    /// A query fails, or objects need each other in a way that no script can create.
    pub fn read(connection: &mut Connection, except: &[&str]) -> Result<Self, ReadError> {
        let catalog = Catalog::read(connection, except)?;
        Self::of(Acyclic::new(catalog).map_err(ReadError::Circle)?, connection)
    }

    /// The schema of a catalog that has been read on this connection.
    pub(crate) fn of(catalog: Acyclic, connection: &mut Connection) -> Result<Self, ReadError> {
        let version = connection.rows("SHOW server_version")?;
        let server_major = first(&version, 0).unwrap_or_default().split('.').next().unwrap_or_default().to_owned();
        Ok(Self { objects: catalog.in_order(), server_major })
    }

    /// The major version of the server. Another version may write the same schema differently.
    pub fn server_major(&self) -> &str {
        &self.server_major
    }
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
            let statements = object.sql();
            if statements.is_empty() {
                continue;
            }
            if group.replace((rank, name)) != Some((rank, name)) {
                sql.push('\n');
            }
            sql.push_str(&statements);
            sql.push('\n');
        }
        sql
    }

    /// The objects that differ between this schema and another, sorted by kind and name.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        differences(&self.listing(), &other.listing())
    }

    /// The same schema with extensions in the default version of whichever server creates them.
    #[must_use]
    pub fn without_versions(mut self) -> Self {
        self.objects.iter_mut().for_each(Object::forget_version);
        self
    }

    /// What a schema has in common with that of another server, to which the same has been done by another role: without
    /// owners, privileges, settings of the database and versions of extensions.
    pub fn portable(&self) -> Listing {
        let portable = self.objects.iter().filter_map(Object::portable).collect();
        Self { objects: portable, server_major: self.server_major.clone() }.listing()
    }

    fn listing(&self) -> Listing {
        let mut listing = Listing::new();
        for object in &self.objects {
            let (rank, group, place, name) = &object.key;
            let key = format!("{rank:04}\u{1}{group}\u{1}{place:04}\u{1}{name}");
            listing.entry(key).or_default().extend(object.lines());
        }
        listing
    }
}

/// The lines of the objects of a schema, by a text that sorts them by kind and name.
pub type Listing = BTreeMap<String, Vec<String>>;

/// The objects that differ between two listings, in their order.
pub fn differences(before: &Listing, after: &Listing) -> Vec<Difference> {
    let mut objects: BTreeMap<&str, Difference> = BTreeMap::new();
    for (key, lines) in before {
        objects.entry(key).or_default().before.extend(lines.iter().cloned());
    }
    for (key, lines) in after {
        objects.entry(key).or_default().after.extend(lines.iter().cloned());
    }
    objects.into_values().filter(|object| object.before != object.after).collect()
}

/// An object that differs between two schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The lines of the object in the first schema, or none if it is missing. The lines of a table are sorted, except
    /// for the first, because a downgrade can't restore the position of a column.
    pub before: Vec<String>,
    /// The lines of the object in the second schema.
    pub after: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Body;

    fn schema(objects: &[(bool, &str, &str)]) -> Schema {
        let object = |&(is_table, name, sql): &(bool, &str, &str)| {
            let key = (if is_table { 5 } else { 3 }, name.to_owned(), 0, String::new());
            let body = is_table.then_some(Body::OptionalList);
            Object { key, body, head: sql.to_owned(), ..Object::default() }
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
