//! Enums that are exchanged with the columns that have them, because another one takes their name.

use std::collections::BTreeSet;

use super::absorb::Absorbed;
use super::candidates::Candidates;
use crate::diff::elements::{Element, Kind, catalog};
use crate::diff::exchange::{Both, TypeExchange};
use crate::diff::fate::{Fate, Fates};
use crate::diff::properties::default_privileges;
use crate::model::Type;
use crate::object::{Class, Object};

/// The pairs of enums of which there are two versions for a time.
pub(super) fn enums(fates: &Fates<'_>) -> BTreeSet<usize> {
    let is_enum =
        |pair: &usize| versions(fates, *pair).is_some_and(|found| found.old.1.kind == "e" && found.new.1.kind == "e");
    fates.swapped.iter().copied().filter(is_enum).collect()
}

/// The versions of a type.
fn versions<'f>(fates: &'f Fates<'_>, pair: usize) -> Option<Both<(&'f Object, &'f Type)>> {
    let (old, new) = (fates.old.object(fates.pairs.list[pair].old?)?, fates.new.object(fates.pairs.list[pair].new?)?);
    let is_type = old.id.0 == Class::Catalog(catalog::TYPE);
    let (before, after) = (fates.old.model.types.get(&old.id.1)?, fates.new.model.types.get(&new.id.1)?);
    is_type.then_some(Both { old: (old, before), new: (new, after) })
}

impl Candidates<'_> {
    /// Adds a type after the columns. `None` if something has it that can't have one that is exchanged.
    pub(super) fn absorb_type(&self, pair: usize, absorbed: &mut Absorbed) -> Option<()> {
        let fates = self.fates;
        let Both { old: (before, _), new: (after, found) } = versions(fates, pair)?;
        let (old, new) = (fates.pairs.list[pair].old?, fates.pairs.list[pair].new?);
        self.old_users[old].iter().try_for_each(|&user| self.absorb_user_of_type(user, absorbed))?;
        let exchanged = |users: &[Element], of: &[usize]| -> Vec<usize> {
            users.iter().map(|&user| of[user]).filter(|pair| self.pairs.contains(pair)).collect()
        };
        let columns = exchanged(&self.old_users[old], &fates.pairs.of_old).into_iter();
        let columns = columns.chain(exchanged(&self.new_users[new], &fates.pairs.of_new));
        let table = |pair: usize| match fates.new.kinds[fates.pairs.list[pair].new?] {
            Kind::Column(table, _) => Some(fates.new.model.relations.get(&table)?.name.clone()),
            _ => None,
        };
        let tables: BTreeSet<String> = columns.filter_map(table).collect();
        if tables.is_empty() {
            return None;
        }
        let mut properties: Vec<String> =
            after.statements(false).into_iter().skip(1).map(std::borrow::Cow::into_owned).collect();
        properties.extend(default_privileges(fates, after).into_iter().map(|statement| statement.sql));
        let exchange = TypeExchange {
            name: found.name.clone(),
            definitions: Both { old: before.definition(), new: after.definition() },
            properties,
        };
        absorbed.types.push((exchange, pair, tables));
        absorbed.pairs.insert(pair);
        Some(())
    }

    /// Columns, and what is exchanged with them, are there already. What is created again without delay is so when the names
    /// are exchanged.
    fn absorb_user_of_type(&self, user: Element, absorbed: &Absorbed) -> Option<()> {
        let (fates, old) = (self.fates, self.fates.old);
        let pair = fates.pairs.of_old[user];
        if absorbed.pairs.contains(&pair) || self.pairs.contains(&pair) || fates.list[pair] == Fate::Drop {
            return Some(());
        }
        match old.kinds[user] {
            Kind::Object(_) => self.are_recreated(user, true),
            _ => None,
        }
    }

    /// Whether the types of a column that there are two versions of are exchanged too, and its new default is there when the
    /// names are exchanged.
    pub(super) fn has_known_types(&self, old: Element, new: Element) -> Option<()> {
        let fates = self.fates;
        let is_remade = |&(used, _): &(Element, bool)| {
            let is_used = |made: Element| fates.new.uses[new].iter().any(|&(other, _)| other == made);
            let pair = fates.pairs.of_old[used];
            fates.swapped.contains(&pair) && fates.pairs.list[pair].new.is_some_and(is_used)
        };
        let mut remade = fates.old.uses[old].iter().filter(|one| is_remade(one));
        let has_type = |routine: Element| {
            fates.new.uses[routine].iter().any(|&(used, _)| self.types.contains(&fates.pairs.of_new[used]))
        };
        let default = fates.new.default_of(new);
        let mut used = default.into_iter().flat_map(|default| &fates.new.uses[default]).map(|&(used, _)| used);
        let is_late =
            used.any(|used| fates.new.object(used).is_some() && fates.of_new(used).is_made() && has_type(used));
        (remade.all(|&(used, _)| self.types.contains(&fates.pairs.of_old[used])) && !is_late).then_some(())
    }
}
