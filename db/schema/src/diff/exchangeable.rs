//! Which columns can be exchanged for one of another type, because the table would be rewritten; see
//! [`crate::diff::exchange`].

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::exchange::{Exchange, Part, Version};
use crate::diff::facts::Column;
use crate::diff::fate::{Fate, Fates};
use crate::diff::script::Form;
use crate::object::Class;

/// What is exchanged.
#[derive(Debug, Default)]
pub(crate) struct Exchanges {
    /// By the pair of the column.
    pub(crate) of: HashMap<usize, Exchange>,
    /// The pairs of what is created with the new column and dropped with the old one.
    absorbed: HashSet<usize>,
    /// What drops the old columns, by their pairs.
    pub(crate) contracts: HashMap<usize, usize>,
}

impl Exchanges {
    pub(crate) fn new(fates: &Fates<'_>, form: Form) -> Self {
        let mut exchanges = Self::default();
        if form == Form::Offline {
            return exchanges;
        }
        let users = fates.old.users();
        for &pair in fates.columns.keys() {
            if let Some((exchange, absorbed)) = (Finder { fates, users: &users, pair }).exchange() {
                exchanges.of.insert(pair, exchange);
                exchanges.absorbed.extend(absorbed);
            }
        }
        exchanges
    }

    /// Whether something happens to a pair together with a column.
    pub(crate) fn absorb(&self, pair: usize) -> bool {
        self.absorbed.contains(&pair)
    }
}

/// Finds out whether a column can be exchanged.
struct Finder<'f> {
    fates: &'f Fates<'f>,
    /// What uses each old element.
    users: &'f [Vec<Element>],
    pair: usize,
}

/// What uses the column and is part of the exchange.
#[derive(Default)]
struct Absorbed {
    pairs: Vec<usize>,
    old_indexes: Vec<Part>,
    new_indexes: Vec<Part>,
    old_checks: Vec<Part>,
    new_checks: Vec<Part>,
    properties: Vec<String>,
    sequences: Vec<String>,
}

impl Finder<'_> {
    /// The exchange, with the pairs that are part of it. `None` if the column does not need one or can't have one.
    fn exchange(&self) -> Option<(Exchange, Vec<usize>)> {
        let fates = self.fates;
        let change = fates.columns.get(&self.pair)?;
        let conversion = change.conversion.clone().filter(|_| matches!(fates.list[self.pair], Fate::Alter(_)))?;
        let (old, new) = (fates.pairs.list[self.pair].old?, fates.pairs.list[self.pair].new?);
        let (Kind::Column(old_table, old_index), Kind::Column(table, index)) =
            (fates.old.kinds[old], fates.new.kinds[new])
        else {
            return None;
        };
        let is_plain = |elements: &Elements, table: u32, column: &Column| {
            let relation = &elements.facts.relations[&table];
            let has_family = elements.has_children(table) || !relation.parents.is_empty() || relation.of_type.is_some();
            let is_updated = relation.kind == "r" && relation.accepts_updates;
            is_updated && !has_family && column.generated.is_empty() && column.identity.is_empty()
        };
        let (before, after) = (fates.old.column(old_table, old_index), fates.new.column(table, index));
        if !is_plain(fates.old, old_table, before) || !is_plain(fates.new, table, after) {
            return None;
        }
        let mut absorbed = Absorbed::default();
        let users: BTreeSet<Element> = self.users[old].iter().copied().collect();
        for user in users {
            self.absorb(user, new, &mut absorbed)?;
        }
        let relation = &fates.new.facts.relations[&table];
        absorbed.properties.extend(column_properties(fates.new, table, after));
        let version = |column: &Column, indexes, checks, conversion| Version {
            type_name: typed(column),
            not_null: column.not_null,
            indexes,
            checks,
            conversion,
        };
        let default = fates.new.default_of(new);
        let pairs = fates.old.default_of(old).map(|default| fates.pairs.of_old[default]);
        let pairs = pairs.into_iter().chain(default.map(|default| fates.pairs.of_new[default]));
        absorbed.pairs.extend(pairs);
        let exchange = Exchange {
            table: relation.name.clone(),
            bare_table: relation.bare_name.clone(),
            schema: relation.name.strip_suffix(&connection_name(&relation.name)).unwrap_or_default().to_owned(),
            column: after.name.clone(),
            old: version(before, absorbed.old_indexes, absorbed.old_checks, conversion.back),
            new: version(after, absorbed.new_indexes, absorbed.new_checks, conversion.forth),
            default: after.expression.clone(),
            properties: absorbed.properties,
            sequences: absorbed.sequences,
            hazards: conversion.hazards,
        };
        let names = exchange.temporary_names();
        let is_taken = |elements: &Elements, table: u32| taken_names(elements, table).any(|name| names.contains(name));
        (!is_taken(fates.old, old_table) && !is_taken(fates.new, table)).then_some((exchange, absorbed.pairs))
    }

    /// Adds what uses the column. `None` if it can't be used by a column that is exchanged.
    fn absorb(&self, user: Element, column: Element, absorbed: &mut Absorbed) -> Option<()> {
        let fates = self.fates;
        let (pair, old) = (fates.pairs.of_old[user], fates.old);
        let new = fates.pairs.list[pair].new;
        match old.kinds[user] {
            Kind::Default(..) => return Some(()),
            Kind::Object(index) => match old.objects[index].id {
                (Class::Catalog(catalog::CLASS), oid) if old.facts.sequences.contains_key(&oid) => {
                    let stays = fates.new.uses[new?].iter().any(|&(used, _)| used == column);
                    absorbed.sequences.push(old.facts.sequences.get(&oid).filter(|_| stays)?.name.clone());
                    return Some(());
                }
                (Class::Catalog(catalog::CLASS), oid) if old.facts.indexes.contains_key(&oid) => {}
                (Class::Catalog(_), _) => return self.are_recreated(user),
                _ => return None,
            },
            Kind::Constraint(oid) if old.facts.constraints[&oid].kind == "c" => {}
            _ => return None,
        }
        if fates.list[pair] == Fate::Drop {
            return Some(());
        }
        let new = new?;
        let is_steady = |elements: &Elements, element: Element, own: Element, of: &[usize]| {
            let others = elements.uses[element].iter().map(|&(used, _)| used).filter(|&used| used != own);
            others.into_iter().all(|used| Some(used) == elements.owner_of(own) || fates.list[of[used]] == Fate::Keep)
        };
        let own = fates.pairs.list[self.pair].old?;
        if !is_steady(old, user, own, &fates.pairs.of_old) || !is_steady(fates.new, new, column, &fates.pairs.of_new) {
            return None;
        }
        match (old.kinds[user], fates.new.kinds[new]) {
            (Kind::Constraint(one), Kind::Constraint(other)) => {
                let (before, after) = (&old.facts.constraints[&one], &fates.new.facts.constraints[&other]);
                if after.kind != "c" || !before.is_valid || !after.is_valid {
                    return None;
                }
                absorbed.old_checks.push(Part { name: before.name.clone(), definition: before.definition.clone() });
                absorbed.new_checks.push(Part { name: after.name.clone(), definition: after.definition.clone() });
                let notes = fates.new.constraint_notes.get(&other).into_iter().flatten();
                absorbed.properties.extend(notes.map(|note| note.statement.clone()));
            }
            (Kind::Object(one), Kind::Object(other)) => {
                let (one, object) = (&old.objects[one], &fates.new.objects[other]);
                let (before, after) = (old.facts.indexes.get(&one.id.1)?, fates.new.facts.indexes.get(&object.id.1)?);
                let is_plain = |index: &crate::diff::facts::Index| {
                    index.constraint.is_none() && index.parent.is_none() && index.is_valid
                };
                if !is_plain(before) || !is_plain(after) {
                    return None;
                }
                absorbed
                    .old_indexes
                    .push(Part { name: before.quoted_name.clone(), definition: before.definition.clone() });
                absorbed
                    .new_indexes
                    .push(Part { name: after.quoted_name.clone(), definition: after.definition.clone() });
                absorbed.properties.extend(object.definition().lines().skip(1).map(str::to_owned));
                absorbed
                    .properties
                    .extend(object.statements(false).into_iter().skip(1).map(std::borrow::Cow::into_owned));
            }
            _ => return None,
        }
        absorbed.pairs.push(pair);
        Some(())
    }

    /// Whether an element, and all that uses it, can be dropped and created in no time.
    fn are_recreated(&self, user: Element) -> Option<()> {
        let elements = self.fates.old;
        let (Class::Catalog(class), oid) = elements.object(user)?.id else { return None };
        let is_view = elements.facts.relations.get(&oid).is_some_and(|found| found.kind == "v");
        let is_quick = match class {
            catalog::CLASS => is_view,
            catalog::TRIGGER | catalog::POLICY | catalog::REWRITE => true,
            _ => false,
        };
        if !is_quick {
            return None;
        }
        self.users[user].iter().filter(|&&next| next != user).try_for_each(|&next| self.are_recreated(next))
    }
}

/// The last part of a qualified name, quoted as it is there.
fn connection_name(name: &str) -> String {
    let start = match name.strip_suffix('"') {
        Some(rest) => rest.replace("\"\"", "  ").rfind('"').unwrap_or_default(),
        None => name.rfind('.').map_or(0, |dot| dot + 1),
    };
    name[start..].to_owned()
}

/// The type with the collation.
fn typed(column: &Column) -> String {
    let collation = column.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    format!("{}{collation}", column.type_name)
}

/// The comment, the settings and the privileges of a column.
fn column_properties(elements: &Elements, table: u32, column: &Column) -> Vec<String> {
    let Some(object) = elements.object_with((Class::Catalog(catalog::CLASS), table)) else { return Vec::new() };
    let settings = object.more.iter().filter(|setting| setting.column == column.number && setting.undo.is_some());
    let comments = object.comments.iter().filter(|note| note.column == column.number);
    let is_own = |terms: &&crate::object::Terms| terms.column.as_deref() == Some(&column.name);
    let privileges = object.privileges.iter().filter(|privilege| privilege.terms.as_ref().filter(is_own).is_some());
    let statements = settings.map(|setting| &setting.statement).chain(comments.map(|note| &note.statement));
    statements.chain(privileges.map(|privilege| &privilege.statement)).cloned().collect()
}

/// The names of the columns, the indexes and the constraints of a table.
fn taken_names(elements: &Elements, table: u32) -> impl Iterator<Item = &String> {
    let columns = elements.facts.columns.get(&(catalog::CLASS, table)).into_iter().flatten().map(|column| &column.name);
    let indexes = elements.facts.indexes.values().map(|index| &index.quoted_name);
    let constraints = elements.facts.constraints.values().filter(move |found| found.owner == (catalog::CLASS, table));
    columns.chain(indexes).chain(constraints.map(|found| &found.name))
}
