//! Writes the tables that a role can see as TypeScript, with the types that node-postgres returns by default.

mod names;
mod text;
mod value;

use std::fmt::Write as _;

use crate::visible::{Column, Enum, Relation, VisibleTables};
use names::Names;
use text::{comment, doc, literal, property};
use value::Value;

/// Longer unions have a line for each member.
const LINE_WIDTH: usize = 120;

impl VisibleTables {
    /// A module with an interface for the rows of each table, one for new rows where the role can insert them, and a type
    /// for each enum. At the top is a comment.
    pub fn to_typescript(&self, top: &str) -> String {
        let writer = Writer { names: Names::new(self) };
        let mut declarations: Vec<String> = self.enums.iter().map(|one| writer.union(one)).collect();
        for relation in &self.relations {
            if relation.is_readable {
                declarations.push(writer.row(relation));
            }
            if relation.is_insertable {
                declarations.push(writer.new_row(relation));
            }
        }
        if self.has_interval() {
            declarations.push(include_str!("typescript/interval.ts").to_owned());
        }
        if declarations.is_empty() {
            declarations.push("export {};\n".to_owned());
        }
        format!("{}\n{}", comment(top), declarations.join("\n"))
    }

    fn has_interval(&self) -> bool {
        let mut columns = self.relations.iter().flat_map(|relation| &relation.columns);
        columns.any(|column| Value::of(column.type_oid).is_interval() && (column.is_readable || column.is_insertable))
    }
}

struct Writer {
    names: Names,
}

impl Writer {
    fn union(&self, one: &Enum) -> String {
        let labels: Vec<String> = one.labels.iter().map(|label| literal(label)).collect();
        let head = format!("export type {} =", self.names.of_enum(one.oid).unwrap_or_default());
        let line = match labels.is_empty() {
            true => format!("{head} never;"),
            false => format!("{head} {};", labels.join(" | ")),
        };
        let declaration = match line.chars().count() > LINE_WIDTH && labels.len() > 1 {
            true => format!("{head}\n  | {};", labels.join("\n  | ")),
            false => line,
        };
        format!("{}{declaration}\n", doc(one.comment.as_deref(), ""))
    }

    fn row(&self, relation: &Relation) -> String {
        let columns = relation.columns.iter().filter(|column| column.is_readable);
        let property = |column: &Column| {
            let value = self.value(column, Value::read_type);
            (property(&column.name), or_null(value, column.is_never_null))
        };
        let name = self.names.of_row(&relation.name);
        interface(name, relation, columns.map(|column| (column, property(column))))
    }

    fn new_row(&self, relation: &Relation) -> String {
        let columns = relation.columns.iter().filter(|column| column.is_insertable);
        let property = |column: &Column| {
            let optional = if column.has_default || !column.refuses_null { "?" } else { "" };
            let value = self.value(column, Value::insert_type);
            (property(&column.name) + optional, or_null(value, column.refuses_null))
        };
        let name = self.names.of_new_row(&relation.name);
        interface(name, relation, columns.map(|column| (column, property(column))))
    }

    fn value(&self, column: &Column, builtin: impl Fn(Value) -> String) -> String {
        match self.names.of_enum(column.type_oid) {
            Some(name) => name.to_owned(),
            None => builtin(Value::of(column.type_oid)),
        }
    }
}

fn or_null(value: String, is_never_null: bool) -> String {
    // `unknown` includes it.
    if is_never_null || value == "unknown" { value } else { value + " | null" }
}

/// An interface with a property, as its name and its type, for each column.
fn interface<'a>(
    name: &str,
    relation: &Relation,
    properties: impl Iterator<Item = (&'a Column, (String, String))>,
) -> String {
    let mut text = String::new();
    for (column, (name, value)) in properties {
        let _ = writeln!(text, "{}  readonly {name}: {value};", doc(column.comment.as_deref(), "  "));
    }
    let doc = doc(relation.comment.as_deref(), "");
    match text.is_empty() {
        // An interface without properties would be any value.
        true => format!("{doc}export type {name} = Record<string, never>;\n"),
        false => format!("{doc}export interface {name} {{\n{text}}}\n"),
    }
}
