//! What looks like a rename: something is dropped while something alike is created. Nothing is renamed because of it: it is a
//! question for whoever knows.

use std::collections::{BTreeMap, HashSet};

use crate::diff::elements::{Elements, catalog, quoted};
use crate::model::{Column, Relation, Type};

/// An old and a new name, as SQL writes them. That of a column, a label or a sequence includes what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LikelyRename {
    /// The name in the old schema.
    pub old: String,
    /// The name in the new schema.
    pub new: String,
}

/// What looks renamed from one schema to another: tables first.
pub(crate) fn renames(old: &Elements, new: &Elements) -> Vec<LikelyRename> {
    let mut found = tables(old, new);
    found.extend(types(old, new));
    found.extend(sequences(old, new));
    for (name, (one, other)) in both(relations(old), &relations(new)) {
        let (before, after) = (columns(old, one.0), columns(new, other.0));
        let columns = renamed_columns(before, after).into_iter().map(|(old, new)| (old.to_owned(), new.to_owned()));
        found.extend(pairs(&name, &columns.collect::<Vec<_>>()));
    }
    for (name, (one, other)) in both(enums(old), &enums(new)) {
        let labels = renamed_labels(&one.labels, &other.labels);
        let labels: Vec<(String, String)> =
            labels.iter().map(|(old, new)| (identifier(old), identifier(new))).collect();
        found.extend(pairs(&name, &labels));
    }
    found
}

fn pairs(owner: &str, names: &[(String, String)]) -> Vec<LikelyRename> {
    let within = |name: &String| format!("{owner}.{name}");
    names.iter().map(|(old, new)| LikelyRename { old: within(old), new: within(new) }).collect()
}

/// What both have under a name.
fn both<T>(old: BTreeMap<String, T>, new: &BTreeMap<String, T>) -> Vec<(String, (T, &T))> {
    old.into_iter().filter_map(|(name, one)| new.get(&name).map(|other| (name, (one, other)))).collect()
}

/// What one has and the other does not, by name.
fn only<T: Copy>(these: &BTreeMap<String, T>, others: &BTreeMap<String, T>) -> Vec<(String, T)> {
    these.iter().filter(|(name, _)| !others.contains_key(*name)).map(|(name, &one)| (name.clone(), one)).collect()
}

fn relations(elements: &Elements) -> BTreeMap<String, (u32, &Relation)> {
    let tables = elements.model.relations.iter().filter(|(_, found)| matches!(found.kind.as_str(), "r" | "p" | "f"));
    tables.map(|(&oid, found)| (found.name.clone(), (oid, found))).collect()
}

fn enums(elements: &Elements) -> BTreeMap<String, &Type> {
    let enums = elements.model.types.values().filter(|found| found.kind == "e");
    enums.map(|found| (found.name.clone(), found)).collect()
}

fn columns(elements: &Elements, table: u32) -> &[Column] {
    elements.model.columns.get(&(catalog::CLASS, table)).map(Vec::as_slice).unwrap_or_default()
}

/// Tables that are gone, each with the new one that has most of its columns.
fn tables(old: &Elements, new: &Elements) -> Vec<LikelyRename> {
    let (before, after) = (relations(old), relations(new));
    let mut free = only(&after, &before);
    let mut found = Vec::new();
    for (name, (oid, relation)) in only(&before, &after) {
        let alike = |(_, (other_oid, other)): &(String, (u32, &Relation))| {
            let is_same = relation.kind == other.kind && relation.schema == other.schema;
            if is_same { likeness(columns(old, oid), columns(new, *other_oid)) } else { 0 }
        };
        let best = free.iter().enumerate().map(|(index, one)| (alike(one), index)).max_by_key(|&(alike, _)| alike);
        if let Some((_, index)) = best.filter(|&(alike, _)| alike >= 60) {
            found.push(LikelyRename { old: name, new: free.remove(index).0 });
        }
    }
    found
}

/// How much of the columns two tables have in common, in percent.
fn likeness(before: &[Column], after: &[Column]) -> usize {
    let key = |column: &Column| (column.name.clone(), column.type_name.clone());
    let other: HashSet<_> = after.iter().map(key).collect();
    let common = before.iter().filter(|column| other.contains(&key(column))).count();
    let all = before.len() + after.len();
    // An `id` alone says nothing.
    if common < 2 && all > 2 * common { 0 } else { (200 * common).checked_div(all).unwrap_or_default() }
}

/// Columns that are gone, each with the new one of the same type: the only one, or the one in the same place.
fn renamed_columns<'c>(before: &'c [Column], after: &'c [Column]) -> Vec<(&'c str, &'c str)> {
    let missing = |these: &'c [Column], others: &[Column]| -> Vec<(usize, &'c Column)> {
        let is_missing = |(_, column): &(usize, &Column)| others.iter().all(|other| other.name != column.name);
        these.iter().enumerate().filter(is_missing).collect()
    };
    let (gone, made) = (missing(before, after), missing(after, before));
    let alike = |one: &Column, other: &Column| {
        (&one.type_name, &one.collation, &one.generated, &one.identity)
            == (&other.type_name, &other.collation, &other.generated, &other.identity)
    };
    let only_one = |column: &Column, others: &[(usize, &Column)]| {
        others.iter().filter(|(_, other)| alike(column, other)).count() == 1
    };
    let mut found = Vec::new();
    for (place, column) in &gone {
        let same = made.iter().filter(|(_, other)| alike(column, other));
        let matched = same.into_iter().find(|(other_place, other)| {
            let is_same = place == other_place && column.expression == other.expression;
            is_same || only_one(column, &made) && only_one(other, &gone)
        });
        found.extend(matched.map(|(_, other)| (column.name.as_str(), other.name.as_str())));
    }
    found
}

/// Labels that others replace in the same places, if the rest is the same. Both are quoted as strings.
fn renamed_labels<'l>(before: &'l [String], after: &'l [String]) -> Vec<(&'l str, &'l str)> {
    if before.len() != after.len() {
        return Vec::new();
    }
    let changed: Vec<(&str, &str)> = before
        .iter()
        .zip(after)
        .filter(|(old, new)| old != new)
        .map(|(old, new)| (old.as_str(), new.as_str()))
        .collect();
    let moved = changed
        .iter()
        .any(|(old, new)| after.iter().any(|label| label == old) || before.iter().any(|label| label == new));
    if moved { Vec::new() } else { changed }
}

/// A label as a quoted identifier, so that it can be the last part of a name.
fn identifier(literal: &str) -> String {
    let text = literal.trim_start_matches('E').trim_matches('\'').replace("''", "'");
    quoted(&text)
}

/// Enums that are gone, each with the new one that has the same labels.
fn types(old: &Elements, new: &Elements) -> Vec<LikelyRename> {
    let (before, after) = (enums(old), enums(new));
    let mut free = only(&after, &before);
    let mut found = Vec::new();
    for (name, one) in only(&before, &after) {
        let same = |(_, other): &(String, &Type)| one.labels == other.labels && one.schema == other.schema;
        if let Some(index) = free.iter().position(same) {
            found.push(LikelyRename { old: name, new: free.remove(index).0 });
        }
    }
    found
}

/// Sequences that are gone, each with the new one of the same column.
fn sequences(old: &Elements, new: &Elements) -> Vec<LikelyRename> {
    let (before, after) = (owned_sequences(old), owned_sequences(new));
    let renamed = both(before, &after).into_iter().filter(|(_, (one, other))| one != *other);
    let is_free = |name: &str, elements: &Elements| elements.model.relations.values().all(|found| found.name != name);
    let renamed = renamed.filter(|(_, (one, other))| is_free(one, new) && is_free(other, old));
    renamed.map(|(_, (one, other))| LikelyRename { old: one, new: other.clone() }).collect()
}

/// The names of sequences that are not identities, by their columns.
fn owned_sequences(elements: &Elements) -> BTreeMap<String, String> {
    let model = &elements.model;
    let owned = model.sequences.values().filter(|sequence| !sequence.is_identity).filter_map(|sequence| {
        let (table, number) = sequence.owner?;
        let column = columns(elements, table).iter().find(|column| column.number == number)?;
        Some((format!("{}.{}", model.relations.get(&table)?.name, column.name), sequence.name.clone()))
    });
    owned.collect()
}
