//! The operations that change the storage and the compression of columns. A new child has them from its parents; one that
//! exists is changed by itself, because PostgreSQL applies a change of the one to children and of the other not. Another type
//! resets both.

use super::{Operations, Priority, place};
use crate::diff::elements::{Element, Kind, catalog};
use crate::diff::script::Statement;
use crate::model::Column;
use crate::object::Class;

impl Operations<'_> {
    /// Adds what changes them in each table that stays, before new children are created.
    pub(super) fn add_storage(&mut self) {
        for pair in 0..self.fates.list.len() {
            let (Some(old), Some(new)) = (self.fates.pairs.list[pair].old, self.fates.pairs.list[pair].new) else {
                continue;
            };
            let statements = self.storage_statements(old, new);
            if statements.is_empty() {
                continue;
            }
            let (elements, place, label) =
                (self.new_side(), place(self.new_side(), new), self.new_side().describe(new));
            let above = self.parents.tables_above(elements, new);
            let made = std::iter::once(new).chain(above).flat_map(|table| self.made.of(table));
            let columns = made.filter(|(element, _)| matches!(elements.kinds[*element], Kind::Column(..)));
            let before: Vec<usize> = columns.map(|&(_, maker)| maker).collect();
            let after: Vec<usize> = self.makers_of_children(new).collect();
            let operation = self.push(statements, Priority::Make((place.0, place.1, 10, place.3, place.4)), label);
            self.edges.extend(before.into_iter().map(|maker| (maker, operation)));
            self.edges.extend(after.into_iter().map(|maker| (operation, maker)));
        }
    }

    fn storage_statements(&self, old: Element, new: Element) -> Vec<Statement> {
        let table = |(class, oid)| (class == Class::Catalog(catalog::CLASS)).then_some(oid);
        let old_table = self.old().object(old).and_then(|object| table(object.id));
        let new_table = self.new_side().object(new).and_then(|object| table(object.id));
        let (Some(old_table), Some(table), true) = (old_table, new_table, self.fates.of_new(new).stays()) else {
            return Vec::new();
        };
        let (before, after) = (&self.old().model.columns, &self.new_side().model.columns);
        let before = before.get(&(catalog::CLASS, old_table)).map(Vec::as_slice).unwrap_or_default();
        let mut statements = Vec::new();
        for column in after.get(&(catalog::CLASS, table)).into_iter().flatten() {
            let pair = self.new_side().element((catalog::CLASS, table, column.number));
            let pair = pair.map(|element| self.fates.pairs.of_new[element]);
            if pair.is_some_and(|pair| self.exchanges.of.contains_key(&pair)) {
                continue;
            }
            let is_kept = pair.is_some_and(|pair| self.fates.list[pair].stays() && !self.fates.is_retyped(pair));
            let old_column = before.iter().find(|before| is_kept && before.name == column.name);
            let before = old_column.map(Column::storage);
            for (index, (property, after, _)) in column.storage().into_iter().enumerate() {
                let (before, usual) = before.map_or((None, None), |before| (before[index].1, Some(before[index].2)));
                let Some(value) = after.or(usual).filter(|_| before != after) else { continue };
                let has_children = self.old().has_children(old_table) || self.new_side().has_children(table);
                let only = if has_children { "ONLY " } else { "" };
                let name = &self.new_side().model.relations[&table].name;
                statements.push(Statement::new(format!(
                    "ALTER TABLE {only}{name} ALTER COLUMN {} SET {property} {value};",
                    column.name
                )));
            }
        }
        statements
    }
}
