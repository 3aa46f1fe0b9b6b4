//! Columns that stay NOT NULL below ones that do not.

use super::{Fate, Fates};
use crate::diff::column::Action;
use crate::diff::elements::{Element, Elements, Identity, Kind, catalog};
use crate::diff::script::Refusal;

impl Fates<'_> {
    /// A column that accepts NULL lets those of children do so too: they get NOT NULL back. Refuses that for a column of a
    /// primary key that stays, where PostgreSQL does.
    pub(super) fn keep_not_null(&mut self) {
        for pair in 0..self.list.len() {
            let (Some(old), Some(new)) = (self.pairs.list[pair].old, self.pairs.list[pair].new) else { continue };
            let (Kind::Column(old_table, old_index), Kind::Column(table, index)) =
                (self.old.kinds[old], self.new.kinds[new])
            else {
                continue;
            };
            let (before, after) = (self.old.column(old_table, old_index), self.new.column(table, index));
            let is_required = before.not_null && after.not_null && self.list[pair].stays();
            if !is_required || !self.loses_not_null(old_table, table, &after.name) {
                continue;
            }
            let is_key = |element: Element| match self.old.kinds[element] {
                Kind::Constraint(oid) => {
                    let found = &self.old.model.constraints[&oid];
                    let is_own = found.kind == "p" && found.owner == (catalog::CLASS, old_table);
                    is_own && found.columns.contains(&before.number) && self.of_old(element).stays()
                }
                _ => false,
            };
            if (0..self.old.kinds.len()).any(is_key) {
                let object = format!("TABLE {}", self.new.model.relations[&table].name);
                let reason = "a column of its parent can't accept NULL while it is in the primary key here";
                self.refusals.push(Refusal::Unsupported { object, reason });
                continue;
            }
            let set = Action::new(format!("ALTER COLUMN {} SET NOT NULL", after.name));
            self.columns.entry(pair).or_default().actions.push(set);
            self.list[pair] = Fate::Alter(Vec::new());
        }
    }

    /// Whether a column of a parent, which a table has on both sides, no longer is NOT NULL.
    fn loses_not_null(&self, old_table: u32, table: u32, column: &str) -> bool {
        let parents = |elements: &Elements, table: u32| -> Vec<String> {
            let relations = &elements.model.relations;
            let parents = relations.get(&table).map(|found| found.parents.as_slice()).unwrap_or_default();
            parents.iter().filter_map(|parent| Some(relations.get(parent)?.name.clone())).collect()
        };
        let before = parents(self.old, old_table);
        let drop = format!("ALTER COLUMN {column} DROP NOT NULL");
        parents(self.new, table).into_iter().filter(|parent| before.contains(parent)).any(|parent| {
            let above = self.new.by_identity.get(&Identity::Column(parent, column.to_owned()));
            let pair = above.map(|&above| self.pairs.of_new[above]).filter(|&pair| self.list[pair].stays());
            let change = pair.and_then(|pair| self.columns.get(&pair));
            change.is_some_and(|change| change.actions.iter().any(|action| action.text == drop))
        })
    }
}
