//! Owners, comments, settings and privileges of objects that stay.

mod privileges;

use std::collections::HashSet;

use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::fate::Fates;
use crate::diff::script::{Hazard, Statement};
use crate::diff::table;
use crate::model::Sequence;
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
            if sequence(fates.new, new).is_none() {
                owner(&mut change, before, after);
            }
            if is_table(fates.old, before) && is_table(fates.new, after) {
                change.after.extend(table::toast_options(before, after, is_rewritten(fates, after)));
                let [one, other] = [(fates.old, before), (fates.new, after)]
                    .map(|(elements, table)| &elements.model.relations[&table.id.1]);
                change.after.extend(table::joined_type(one, other));
            }
            let is_renamed = fates.old.identities[old] != fates.new.identities[new];
            notes(&mut change, &kept_notes(&before.comments, &gone), &after.comments, is_renamed);
            notes_of_not_null(&mut change, fates, before, after);
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

/// Whether a table that stays gets a stored generated column or a column of another type.
fn is_rewritten(fates: &Fates<'_>, table: &Object) -> bool {
    let columns = fates.new.model.columns.get(&(catalog::CLASS, table.id.1)).into_iter().flatten();
    columns.into_iter().any(|column| {
        let Some(element) = fates.new.element((catalog::CLASS, table.id.1, column.number)) else { return false };
        let change = fates.columns.get(&fates.pairs.of_new[element]);
        column.generated == "s" && fates.of_new(element).is_made() || change.is_some_and(|change| change.changes_type)
    })
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
        change.after.push(owned_by_role(target, after.owner.as_ref()));
    }
}

fn owned_by_role(target: &str, role: Option<&String>) -> Statement {
    let role = role.map_or("CURRENT_USER", String::as_str);
    let hazard = Hazard::AuthorizationChange(target.to_owned());
    Statement::new(format!("ALTER {target} OWNER TO {role};")).with(hazard)
}

/// The owner and the column of a sequence that stays. It is released before its column is dropped, and does not follow the
/// owner of a table from then on.
fn ownership(change: &mut PropertyChange, fates: &Fates<'_>, old: Element, new: Element) {
    let (before, after) = (owning_column(fates.old, old), owning_column(fates.new, new));
    let is_gone = before.as_ref().is_some_and(|(column, _)| fates.of_old(*column).is_gone());
    let name = |owner: &Option<(Element, String)>| owner.as_ref().map(|(_, name)| name.clone());
    if before.is_some() && name(&before) == name(&after) && !is_gone {
        return;
    }
    let (Some(former), Some(sequence)) = (sequence(fates.old, old), sequence(fates.new, new)) else { return };
    if before.is_some() {
        change.before.push(Statement::new(format!("ALTER SEQUENCE {} OWNED BY NONE;", sequence.name)));
    }
    let table = after.and_then(|(column, _)| fates.new.owner_of(column));
    if table.is_some_and(|table| fates.of_new(table).is_made()) {
        // Creating the table gives it to its column first, and to its owner then.
        let target = format!("SEQUENCE {}", sequence.name);
        change.before.extend(former.owner_role.is_some().then(|| owned_by_role(&target, None)));
        return;
    }
    if former.owner_role != sequence.owner_role {
        change.after.push(owned_by_role(&format!("SEQUENCE {}", sequence.name), sequence.owner_role.as_ref()));
    }
    change.after.extend(owned_by_column(fates, new));
}

/// The statements that give a new sequence to its column, unless creating the table does it. PostgreSQL demands that both
/// have the same owner.
pub(crate) fn owned_by(fates: &Fates<'_>, new: Element) -> Vec<Statement> {
    let owned = owned_by_column(fates, new);
    let role = sequence(fates.new, new).filter(|_| owned.is_some() && fates.of_new(new).is_made());
    let role = role.and_then(|sequence| Some((&sequence.name, sequence.owner_role.as_ref()?)));
    let role = role.map(|(name, role)| Statement::new(format!("ALTER SEQUENCE {name} OWNER TO {role};")));
    role.into_iter().chain(owned).collect()
}

fn owned_by_column(fates: &Fates<'_>, new: Element) -> Option<Statement> {
    let (column, owner) = owning_column(fates.new, new)?;
    let stays = fates.of_new(fates.new.owner_of(column)?).stays();
    let sequence = sequence(fates.new, new).filter(|_| stays)?;
    Some(Statement::new(format!("ALTER SEQUENCE {} OWNED BY {owner};", sequence.name)))
}

/// The sequence that an element is, unless it is that of an identity column.
fn sequence(elements: &Elements, element: Element) -> Option<&Sequence> {
    let (class, oid) = elements.object(element)?.id;
    let found = elements.model.sequences.get(&oid).filter(|_| class == Class::Catalog(catalog::CLASS));
    found.filter(|found| !found.is_identity)
}

/// The column that a sequence belongs to without being its identity, and its name.
pub(crate) fn owning_column(elements: &Elements, sequence: Element) -> Option<(Element, String)> {
    let (table, number) = self::sequence(elements, sequence)?.owner?;
    let column = elements.element((catalog::CLASS, table, number))?;
    let Kind::Column(table, index) = elements.kinds[column] else { return None };
    let (relation, column_found) = (&elements.model.relations[&table], elements.column(table, index));
    Some((column, format!("{}.{}", relation.name, column_found.name)))
}

fn kept_notes(notes: &[Note], gone: &HashSet<u32>) -> Vec<Note> {
    notes.iter().filter(|note| note.column == 0 || !gone.contains(&note.column)).cloned().collect()
}

/// The comment on the NOT NULL of a domain.
fn notes_of_not_null(change: &mut PropertyChange, fates: &Fates<'_>, before: &Object, after: &Object) {
    let [before, after] = [(fates.old, before), (fates.new, after)].map(|(elements, object)| {
        let found = elements.model.types.get(&object.id.1);
        let found = found.filter(|found| found.not_null && object.id.0 == Class::Catalog(catalog::TYPE))?;
        let comments = elements.constraint_notes.get(&found.not_null_oid()?).map_or(&[][..], Vec::as_slice);
        Some((comments, found.not_null_name()))
    });
    // That of one that goes, goes with it.
    if let Some((comments, name)) = after {
        let (former, former_name) = before.unwrap_or((&[], name));
        notes(change, former, comments, name != former_name);
    }
}

fn notes(change: &mut PropertyChange, before: &[Note], after: &[Note], is_renamed: bool) {
    let is_replaced = |note: &Note| {
        let replaces = |other: &Note| match is_renamed {
            true => other.kind == note.kind && other.column == note.column,
            false => other.undo() == note.undo(),
        };
        after.iter().any(replaces)
    };
    let undone = before.iter().filter(|note| !is_replaced(note));
    change.before.extend(undone.map(|note| Statement::new(note.undo())));
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
    let own = |sql: String| if has_children { alone(sql) } else { sql };
    change.before.extend(undo.map(|sql| setting_statement(own(sql), before)));
    let added = after.more.iter().filter(|setting| is_separate(setting));
    let added = added.filter(|setting| kept.iter().all(|other| other.statement != setting.statement));
    change.after.extend(added.map(|setting| setting_statement(own(setting.statement.clone()), after)));
}

/// Changes the setting of a column of a table alone: its children have settings of their own.
pub(crate) fn alone(sql: String) -> String {
    match sql.strip_prefix("ALTER TABLE ") {
        Some(rest) if rest.contains(" ALTER COLUMN ") => format!("ALTER TABLE ONLY {rest}"),
        _ => sql,
    }
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
