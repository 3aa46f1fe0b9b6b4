//! What only a child or a partition has, of an element that it gets with one of its parent.

use super::{Operations, place};
use crate::diff::column;
use crate::diff::elements::{Element, Kind};
use crate::diff::online;
use crate::diff::removal;
use crate::diff::script::Statement;
use crate::model::Column;

impl<'a> Operations<'a> {
    /// Validates a check that is NOT VALID above, and gives a column its own default and NOT NULL.
    pub(super) fn complete_inherited(&mut self, maker: Element, new: Element) {
        let elements = self.new_side();
        let statements = match (elements.kinds[maker], elements.kinds[new]) {
            (Kind::Constraint(above), Kind::Constraint(oid)) => {
                let (above, found) = (&elements.model.constraints[&above], &elements.model.constraints[&oid]);
                let is_checked = found.kind == "c" && !above.is_valid && found.is_valid;
                let validate = || online::validation(&elements.owner_name(found), &found.name).statement;
                is_checked.then(validate).into_iter().collect()
            }
            (Kind::Column(..), Kind::Column(table, index)) => self.inherited_column(new, table, index),
            _ => Vec::new(),
        };
        if statements.is_empty() {
            return;
        }
        let chain = self.alteration_chain(new, statements, place(elements, new));
        let operation = self.push_chain(chain, &elements.describe(new));
        self.makers.extend(operation.map(|operation| (new, operation)));
    }

    fn inherited_column(&self, new: Element, table: u32, index: usize) -> Vec<Statement> {
        let elements = self.new_side();
        let (owner, found) = (&elements.model.relations[&table], elements.column(table, index));
        let mut statements = Vec::new();
        if let Some(above) = self.column_above(new) {
            // The column that is added gives its default to all below it.
            let mut added = above;
            while let Some(next) = self.column_above(added.0) {
                added = next;
            }
            if added.1.has_default() && !found.has_default() {
                statements.push(removal::drop_default(elements, table, found));
            } else if found.expression != added.1.expression && found.expression == above.1.expression {
                // One that is another than that of the parent is set with the properties of the table.
                statements.push(self.set_default(table, index));
            }
        }
        let columns = self.parents.columns_above(new).map(|above| elements.kinds[above]);
        let is_required = |kind| matches!(kind, Kind::Column(table, index) if elements.column(table, index).not_null);
        if found.not_null && !columns.into_iter().any(is_required) {
            let set = column::set_not_null(&owner.name, found, owner.kind == "f");
            statements.push(set.of_table(&owner.name));
        }
        statements
    }

    /// The new column of a parent with which a column is created.
    fn column_above(&self, new: Element) -> Option<(Element, &'a Column)> {
        let elements = self.new_side();
        let above = self.parents.columns_above(new).find(|&above| self.fates.of_new(above).is_made())?;
        match elements.kinds[above] {
            Kind::Column(table, index) => Some((above, elements.column(table, index))),
            _ => None,
        }
    }
}
