//! The schema of a database as SQL: what a review reads, and what two databases are compared by.
//!
//! `objects.sql` writes every object, `edges.sql` tells what needs what; here they are put in an order that psql
//! can run, tables with their indexes and triggers together, by name. The same schema gives the same text, whatever order
//! its revisions were run in, but for the order of columns.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use connection::{Connection, QueryError, Row, first, quote_literal};

/// A schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// Its objects, in an order in which they can be created.
    objects: Vec<Object>,
    server_major: String,
}

/// What an object is sorted by, and known by: rank of its kind, group (a table's name), place in the group, name.
type Key = (u32, String, u32, String);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Object {
    key: Key,
    sql: String,
}

impl Object {
    /// Columns and constraints of a table are compared in any order: a downgrade can't bring a column back to its place.
    fn is_table(&self) -> bool {
        (self.key.0, self.key.2) == (5, 1)
    }

    fn lines(&self) -> Vec<&str> {
        let trim = |line| if self.is_table() { str::trim_end_matches(line, ',') } else { line };
        self.sql.lines().map(trim).collect()
    }
}

impl Schema {
    /// Reads the schema: everything but what the system, extensions and the tables of these quoted names are.
    ///
    /// # Errors
    /// The server refuses.
    pub fn read(connection: &mut Connection, except: &[&str]) -> Result<Self, QueryError> {
        let oid = |name: &&str| format!("coalesce(to_regclass({})::oid, 0)", quote_literal(name));
        let oids: Vec<String> = except.iter().map(oid).collect();
        let except = connection.rows(&format!("SELECT {}", oids.join(", ")))?;
        let except: Vec<String> = except.into_iter().flatten().flatten().collect();
        connection.send(include_str!("begin.sql"))?;
        let read = Self::read_in_transaction(connection, &except.join(", "));
        connection.roll_back();
        read
    }

    fn read_in_transaction(connection: &mut Connection, except: &str) -> Result<Self, QueryError> {
        let version = connection.rows("SHOW server_version")?;
        let server_major = first(&version, 0).unwrap_or_default().split('.').next().unwrap_or_default().to_owned();
        let objects = connection.rows(&include_str!("objects.sql").replace("{engine}", except))?;
        let edges = connection.rows(include_str!("edges.sql"))?;
        Ok(Self { objects: in_order(objects, &edges), server_major })
    }

    /// The major version of the server that shows it: another may show the same schema differently.
    pub fn server_major(&self) -> &str {
        &self.server_major
    }
}

/// An object of the catalog: catalog and number.
type Id = (String, String);

fn text(row: &Row, index: usize) -> String {
    row.get(index).cloned().flatten().unwrap_or_default()
}

/// What can be created next is, the first by key.
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
    // Foreign keys last: one that would close a circle does not count.
    for (kind, is_wish) in [("needs", false), ("soft", true)] {
        for row in edges.iter().filter(|row| text(row, 0) == kind) {
            let (from, to) = (resolve((text(row, 1), text(row, 2))), resolve((text(row, 3), text(row, 4))));
            if let (Some(from), Some(to)) = (from, to)
                && from != to
                && !(is_wish && reaches(&needs, to, from))
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
        // A group stays together if it can.
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

/// Whether what `from` needs leads to `to`.
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
    /// The schema as a script, below a comment of the caller's.
    pub fn to_sql(&self, comment: &str) -> String {
        let mut sql = String::new();
        for line in comment.lines() {
            let _ = writeln!(sql, "-- {line}");
        }
        // A function may name what comes later.
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

    /// What another schema has otherwise, line by line as a diff shows it: `-` only here, `+` only there. Nothing if both
    /// hold the same.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let theirs: HashMap<&Key, &Object> = other.objects.iter().map(|object| (&object.key, object)).collect();
        let ours: HashMap<&Key, &Object> = self.objects.iter().map(|object| (&object.key, object)).collect();
        let mut keys: Vec<&Key> = ours.keys().chain(theirs.keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().flat_map(|key| compare(ours.get(key).copied(), theirs.get(key).copied())).collect()
    }
}

fn compare(ours: Option<&Object>, theirs: Option<&Object>) -> Vec<String> {
    let (before, after) = (ours.map(Object::lines).unwrap_or_default(), theirs.map(Object::lines).unwrap_or_default());
    if before == after {
        return Vec::new();
    }
    let mut changed = changed_lines(&before, &after);
    let is_table = ours.or(theirs).is_some_and(Object::is_table);
    if changed.is_empty() {
        // The same lines in another order: nothing for a table, everything for a function.
        return if is_table { Vec::new() } else { [all('-', &before), all('+', &after)].concat() };
    }
    // A line of a table or a function says little without the first.
    if let (Some(first), true, true) = (before.first(), before.len() > 1, before.first() == after.first()) {
        changed.insert(0, format!("  {first}"));
    }
    changed
}

/// The lines that only one of two texts has, as a diff shows them: `-` only the first, `+` only the second.
fn changed_lines<Line: AsRef<str> + PartialEq>(before: &[Line], after: &[Line]) -> Vec<String> {
    let removed: Vec<&Line> = before.iter().filter(|line| !after.contains(line)).collect();
    let added: Vec<&Line> = after.iter().filter(|line| !before.contains(line)).collect();
    [all('-', &removed), all('+', &added)].concat()
}

fn all(mark: char, lines: &[impl AsRef<str>]) -> Vec<String> {
    lines.iter().map(|line| format!("{mark} {}", line.as_ref())).collect()
}
