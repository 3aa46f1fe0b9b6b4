//! The operations that give rows values without a lock: of a new column, and of the sequence of a new identity column.

use super::{Chain, Operations, Place, Priority, place};
use crate::diff::addition::Addition;
use crate::diff::backfill::Filled;
use crate::diff::column;
use crate::diff::elements::{Element, Identity, Kind, catalog, quoted};
use crate::diff::name::qualifier;
use crate::diff::online::{self, Mode, Step};
use crate::diff::properties;
use crate::diff::script::{Hazard, Statement};
use crate::model::values::unquoted;
use crate::model::{Column, Relation};

impl<'a> Operations<'a> {
    /// What adds a column with another value in each row to a table that has rows. `None` if the column is no such one, or
    /// PostgreSQL can add it only by rewriting the table.
    pub(super) fn addition_chain(&self, new: Element, place: &Place) -> Option<Chain> {
        let elements = self.new_side();
        let Kind::Column(table, index) = elements.kinds[new] else { return None };
        let (name, found) = (self.kept_table(new, &["r", "p"])?, elements.column(table, index));
        let item = column::item(elements, table, found.number)?;
        let is_filled = found.is_volatile || !found.identity.is_empty() || self.is_refused_with_default(table, found);
        let is_plain = !item.inline.is_empty() && matches!(item.after.as_str(), "" | " NOT NULL");
        if !is_filled || !is_plain || found.has_checked_type {
            return None;
        }
        let sequence = found.sequence.and_then(|oid| elements.model.sequences.get(&oid));
        let schema = qualifier(name);
        let addition = Addition {
            table: name,
            column: found,
            start: &column::start(elements, table, found),
            value: &item.inline,
            filled: self.filled_tables(new)?,
            source: sequence.map(|sequence| (schema.to_owned() + &self.fill_name(table, &found.name), sequence)),
        };
        let mut chain = vec![
            (Step::all(addition.add(), Mode::Together), Priority::Make(place.clone())),
            (Step::all(addition.fill(), Mode::Alone), Priority::Build(place.clone())),
        ];
        if found.not_null {
            let mut not_null = online::not_null(name, found, &[]).into_iter();
            let [check, validate] = [not_null.next(), not_null.next()].map(|step| step.into_iter().collect());
            let mut last = addition.finish();
            last.extend(properties::default_privileges_of_identity(self.fates, table, found));
            let finish = not_null.chain(Step::all(last, Mode::Together)).collect();
            chain.extend([
                (check, Priority::Declare(place.clone())),
                (validate, Priority::Validate(place.clone())),
                (finish, Priority::Finish(place.clone())),
            ]);
        }
        Some(chain)
    }

    /// What adds an identity column to a table with children.
    pub(super) fn added_to_parent(&self, table: u32, column: &Column) -> Option<Vec<Statement>> {
        let elements = self.new_side();
        let relation = elements.model.relations.get(&table).filter(|found| found.kind == "r")?;
        let sequence = elements.model.sequences.get(&column.sequence.filter(|_| elements.has_children(table))?)?;
        let source = qualifier(&relation.name).to_owned() + &self.fill_name(table, &column.name);
        let addition = Addition {
            table: &relation.name,
            column,
            start: &column::start(elements, table, column),
            value: &column::item(elements, table, column.number)?.inline,
            filled: Vec::new(),
            source: Some((source, sequence)),
        };
        Some(addition.add_to_parent())
    }

    /// Whether PostgreSQL does not add a column with its default: rows of the table, or of one below it, are values of a
    /// column.
    pub(super) fn is_refused_with_default(&self, table: u32, column: &Column) -> bool {
        let elements = self.new_side();
        let Some(owner) = elements.relation(table).filter(|_| column.has_default()) else { return false };
        let has_stored_rows = |table: Element| {
            elements
                .table(table)
                .is_some_and(|(_, found)| self.old().has_stored_rows(found) || elements.has_stored_rows(found))
        };
        std::iter::once(owner).chain(self.parents.kept_below(owner)).any(has_stored_rows)
    }

    /// The tables that get a new column with that of one. `None` if one is a foreign table, or has rows
    /// that can't be updated.
    fn filled_tables(&self, new: Element) -> Option<Vec<Filled>> {
        let elements = self.new_side();
        let Identity::Column(_, column) = &elements.identities[new] else { return None };
        let owner = elements.owner_of(new)?;
        let gets_column = |table: &Element| {
            let found = elements.table(*table);
            let identity = found.map(|(_, found)| Identity::Column(found.name.clone(), column.clone()));
            let own = identity.and_then(|identity| elements.by_identity.get(&identity));
            own.is_some_and(|&own| self.fates.of_new(own).is_made())
        };
        let below = self.parents.kept_below(owner).into_iter().filter(gets_column);
        let mut filled = Vec::new();
        for table in std::iter::once(owner).chain(below) {
            let (oid, found) = elements.table(table)?;
            let is_read_only = |found: &Relation| found.kind == "r" && !found.accepts_updates;
            let before = self.fates.pairs.old_of(table).and_then(|old| self.old().table(old));
            if is_read_only(found) || before.is_some_and(|(_, before)| is_read_only(before)) {
                return None;
            }
            let name = match found.kind.as_str() {
                "r" if elements.has_children(oid) => format!("ONLY {}", found.name),
                "r" => found.name.clone(),
                "p" => continue,
                _ => return None,
            };
            let is_partitioned =
                |above: &u32| elements.model.relations.get(above).is_some_and(|found| found.kind == "p");
            let is_partition = found.parents.iter().any(is_partitioned);
            filled.push(Filled { name, is_partition });
        }
        Some(filled)
    }

    /// A name that nothing has, quoted, for a sequence or an index of a column.
    fn fill_name(&self, table: u32, column: &str) -> String {
        let bare_table = &self.new_side().model.relations[&table].bare_name;
        quoted(&self.names.free(&format!("{bare_table}_{}", unquoted(column)), "_fill"))
    }

    /// Lets the sequence of a new identity column start from an index instead of a scan under a lock: one that the column
    /// has, or one that is built for this. Returns what builds it.
    pub(super) fn index_for_identity(
        &mut self,
        old: Element,
        new: Element,
        statements: &mut Vec<Statement>,
    ) -> Option<usize> {
        let elements = self.new_side();
        let Kind::Column(table, index) = elements.kinds[new] else { return None };
        let name = self.kept_table(new, &["r"]).filter(|_| !elements.has_children(table))?;
        let change = self.fates.columns.get(&self.fates.pairs.of_new[new])?;
        let start = change.actions.iter().find_map(|action| action.then.as_ref())?;
        let Kind::Column(old_table, old_index) = self.old().kinds[old] else { return None };
        // The index is built before the column has its type.
        let old_type = self.old().column(old_table, old_index).base.as_str();
        if !matches!(old_type, "smallint" | "integer" | "bigint" | "numeric") {
            return None;
        }
        let at = statements.iter().position(|statement| statement == start)?;
        statements[at].hazards.clear();
        if self.has_ordering_index(old) {
            return None;
        }
        let found = elements.column(table, index);
        let (schema, free) = (qualifier(name), self.fill_name(table, &found.name));
        let build = format!("CREATE INDEX CONCURRENTLY {free} ON {name} USING btree ({});", found.name);
        let build = Statement::new(build).with(Hazard::IndexBuild(free.clone()));
        statements.insert(at + 1, Statement::replacing(format!("DROP INDEX {schema}{free};")));
        let (place, label) = (place(elements, new), elements.describe(new));
        Some(self.push_steps(vec![Step { statement: build, mode: Mode::Alone }], Priority::Build(place), label))
    }

    /// Whether a column is the first of a unique index that stays.
    pub(super) fn has_ordering_index(&self, old: Element) -> bool {
        let elements = self.old();
        let Kind::Column(table, index) = elements.kinds[old] else { return false };
        let number = elements.column(table, index).number;
        let stays = |oid: &u32| {
            elements.element((catalog::CLASS, *oid, 0)).is_some_and(|element| self.fates.of_old(element).stays())
        };
        let of_table = elements.model.indexes.iter().filter(|(_, found)| found.table == table && found.is_valid);
        of_table.into_iter().any(|(oid, found)| found.unique_columns.first() == Some(&number) && stays(oid))
    }
}
