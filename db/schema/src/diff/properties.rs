//! Owners, comments, settings and privileges of objects that stay.

mod privileges;

use std::collections::HashSet;

use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::fate::Fates;
use crate::diff::script::{Hazard, Statement};
use crate::diff::table;
use crate::model::column::is_storage;
use crate::object::{Class, Note, Object, Setting};
use privileges::privileges;
pub(crate) use privileges::{
    default_privileges, default_privileges_of_identity, suspended_defaults, undone_privileges,
};

/// What changes the properties of an object: before elements are removed, and after elements are created.
#[derive(Debug, Default)]
pub(crate) struct PropertyChange {
    pub(crate) before: Vec<Statement>,
    pub(crate) after: Vec<Statement>,
}

/// The change of the properties of an object or a constraint that stays.
pub(crate) fn change(fates: &Fates<'_>, old: Element, new: Element) -> PropertyChange {
    let mut change = PropertyChange::default();
    match (fates.old.kinds[old], fates.new.kinds[new]) {
        (Kind::Object(one), Kind::Object(other)) => {
            let (before, after) = (&fates.old.objects[one], &fates.new.objects[other]);
            let gone = gone_columns(fates, before);
            owner(&mut change, before, after);
            if is_table(fates.old, before) && is_table(fates.new, after) {
                change.after.extend(table::toast_options(before, after));
            }
            let is_renamed = before.target != after.target;
            notes(&mut change, &kept_notes(&before.comments, &gone), &after.comments, is_renamed);
            let has_children = fates.old.has_children(before.id.1) || fates.new.has_children(after.id.1);
            settings(&mut change, before, after, &gone, has_children);
            ownership(&mut change, fates, old, new);
            privileges((&mut change.before, &mut change.after), (fates.old, fates.new), before, after, &gone);
        }
        (Kind::Constraint(one), Kind::Constraint(other)) => {
            let none = Vec::new();
            let before = fates.old.constraint_notes.get(&one).unwrap_or(&none);
            let after = fates.new.constraint_notes.get(&other).unwrap_or(&none);
            let is_renamed = fates.old.model.constraints[&one].name != fates.new.model.constraints[&other].name;
            notes(&mut change, before, after, is_renamed);
        }
        _ => {}
    }
    change
}

fn is_table(elements: &Elements, object: &Object) -> bool {
    let relation = elements.model.relations.get(&object.id.1).filter(|_| object.id.0 == Class::Catalog(catalog::CLASS));
    relation.is_some_and(|relation| relation.kind == "r")
}

/// The numbers of the columns that the old object has and the new one does not, or not as the same column.
fn gone_columns(fates: &Fates<'_>, object: &Object) -> HashSet<u32> {
    let (Class::Catalog(class), oid) = object.id else { return HashSet::new() };
    let columns = fates.old.model.columns.get(&(class, oid)).into_iter().flatten();
    let is_gone = |number: &u32| {
        let element = fates.old.element((class, oid, *number));
        element.is_some_and(|element| {
            matches!(fates.old.kinds[element], Kind::Column(..)) && fates.of_old(element).is_gone()
        })
    };
    columns.map(|column| column.number).filter(is_gone).collect()
}

fn owner(change: &mut PropertyChange, before: &Object, after: &Object) {
    if before.owner == after.owner {
        return;
    }
    if let Some(target) = &after.target {
        let owner = after.owner.as_deref().unwrap_or("CURRENT_USER");
        let hazard = Hazard::AuthorizationChange(target.clone());
        change.after.push(Statement::new(format!("ALTER {target} OWNER TO {owner};")).with(hazard));
    }
}

/// The column that a sequence belongs to. It is released before that is dropped.
fn ownership(change: &mut PropertyChange, fates: &Fates<'_>, old: Element, new: Element) {
    let (before, after) = (owning_column(fates.old, old), owning_column(fates.new, new));
    let is_gone = before.as_ref().is_some_and(|(column, _)| fates.of_old(*column).is_gone());
    let name = |owner: &Option<(Element, String)>| owner.as_ref().map(|(_, name)| name.clone());
    if name(&before) == name(&after) && !is_gone {
        return;
    }
    let Some(object) = fates.new.object(new) else { return };
    let Some(sequence) = fates.new.model.sequences.get(&object.id.1) else { return };
    if before.is_some() {
        change.before.push(Statement::new(format!("ALTER SEQUENCE {} OWNED BY NONE;", sequence.name)));
    }
    change.after.extend(owned_by(fates, new));
}

/// The statements that give a sequence to its column, unless creating the table does it. A new one needs the owner of the
/// table.
pub(crate) fn owned_by(fates: &Fates<'_>, new: Element) -> Vec<Statement> {
    let column = owning_column(fates.new, new);
    let table = column.as_ref().and_then(|(column, _)| fates.new.owner_of(*column));
    let (Some((_, owner)), Some(table)) = (column, table.filter(|&table| fates.of_new(table).stays())) else {
        return Vec::new();
    };
    let model = &fates.new.model;
    let oid = |element: Element| fates.new.object(element).map(|object| object.id.1);
    let Some(sequence) = oid(new).and_then(|oid| model.sequences.get(&oid)) else { return Vec::new() };
    let role = oid(table).and_then(|oid| model.relations.get(&oid)?.owner.as_ref());
    let role = role.filter(|_| fates.of_new(new).is_made()).map(|role| format!("OWNER TO {role}"));
    let actions = role.into_iter().chain([format!("OWNED BY {owner}")]);
    actions.map(|action| Statement::new(format!("ALTER SEQUENCE {} {action};", sequence.name))).collect()
}

/// The column that a sequence belongs to without being its identity, and its name.
pub(crate) fn owning_column(elements: &Elements, sequence: Element) -> Option<(Element, String)> {
    let (class, oid) = elements.object(sequence)?.id;
    let found = elements.model.sequences.get(&oid).filter(|found| !found.is_identity)?;
    let (table, number) = found.owner.filter(|_| class == Class::Catalog(catalog::CLASS))?;
    let column = elements.element((catalog::CLASS, table, number))?;
    let Kind::Column(table, index) = elements.kinds[column] else { return None };
    let (relation, column_found) = (&elements.model.relations[&table], elements.column(table, index));
    Some((column, format!("{}.{}", relation.name, column_found.name)))
}

fn kept_notes(notes: &[Note], gone: &HashSet<u32>) -> Vec<Note> {
    notes.iter().filter(|note| note.column == 0 || !gone.contains(&note.column)).cloned().collect()
}

fn notes(change: &mut PropertyChange, before: &[Note], after: &[Note], is_renamed: bool) {
    if !is_renamed {
        let undone = before.iter().filter(|note| after.iter().all(|other| other.undo() != note.undo()));
        change.before.extend(undone.map(|note| Statement::new(note.undo())));
    }
    let same =
        |note: &Note| before.iter().any(|other| other.is_like(note) && (is_renamed || other.target == note.target));
    let added = after.iter().filter(|note| !same(note));
    change.after.extend(added.map(|note| Statement::new(note.statement())));
}

fn settings(change: &mut PropertyChange, before: &Object, after: &Object, gone: &HashSet<u32>, has_children: bool) {
    let kept: Vec<&Setting> = before
        .more
        .iter()
        .filter(|setting| is_separate(setting) && (setting.column == 0 || !gone.contains(&setting.column)))
        .collect();
    let undone = kept.iter().filter(|setting| after.more.iter().all(|other| other.undo != setting.undo));
    let undo = undone.filter_map(|setting| setting.undo.clone());
    // A table with children is changed alone: they have settings of their own.
    let own = |sql: String| match sql.strip_prefix("ALTER TABLE ").filter(|_| has_children) {
        Some(rest) if rest.contains(" ALTER COLUMN ") => format!("ALTER TABLE ONLY {rest}"),
        _ => sql,
    };
    change.before.extend(undo.map(|sql| setting_statement(own(sql), before)));
    let added = after.more.iter().filter(|setting| is_separate(setting));
    let added = added.filter(|setting| kept.iter().all(|other| other.statement != setting.statement));
    change.after.extend(added.map(|setting| setting_statement(own(setting.statement.clone()), after)));
}

/// Row-level security decides who may see and change rows.
fn setting_statement(sql: String, object: &Object) -> Statement {
    let statement = Statement::new(sql);
    match &object.target {
        Some(target) if statement.sql.ends_with(" ROW LEVEL SECURITY;") => {
            statement.with(Hazard::AuthorizationChange(target.clone()))
        }
        _ => statement,
    }
}

/// Parents, what a child changes about its columns, storage, and which sequences a table owns are not settings here.
fn is_separate(setting: &Setting) -> bool {
    let ends = |text| setting.statement.ends_with(text);
    setting.undo.is_some()
        && !ends(" SET NOT NULL;")
        && !ends(" DROP DEFAULT;")
        && !setting.statement.starts_with("ALTER SEQUENCE ")
        && !is_storage(setting)
}
