//! Owners, comments, settings and privileges of objects that stay.

use std::collections::HashSet;

use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::fate::{Fate, Fates};
use crate::diff::script::{Hazard, Statement};
use crate::diff::table;
use crate::model::Column;
use crate::model::column::is_storage;
use crate::model::default_privileges::DefaultPrivileges;
use crate::object::{Class, Id, Note, Object, Privilege, Setting, Terms};

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
            privileges(&mut change, fates.old, before, after, &gone);
        }
        (Kind::Constraint(one), Kind::Constraint(other)) => {
            let none = Vec::new();
            let before = fates.old.constraint_notes.get(&one).unwrap_or(&none);
            let after = fates.new.constraint_notes.get(&other).unwrap_or(&none);
            let is_renamed = fates.old.facts.constraints[&one].name != fates.new.facts.constraints[&other].name;
            notes(&mut change, before, after, is_renamed);
        }
        _ => {}
    }
    change
}

fn is_table(elements: &Elements, object: &Object) -> bool {
    let relation = elements.facts.relations.get(&object.id.1).filter(|_| object.id.0 == Class::Catalog(catalog::CLASS));
    relation.is_some_and(|relation| relation.kind == "r")
}

/// The numbers of the columns that the old object has and the new one does not, or not as the same column.
fn gone_columns(fates: &Fates<'_>, object: &Object) -> HashSet<u32> {
    let (Class::Catalog(class), oid) = object.id else { return HashSet::new() };
    let columns = fates.old.facts.columns.get(&(class, oid)).into_iter().flatten();
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
    let Some(sequence) = fates.new.facts.sequences.get(&object.id.1) else { return };
    if before.is_some() {
        change.before.push(Statement::new(format!("ALTER SEQUENCE {} OWNED BY NONE;", sequence.name)));
    }
    change.after.extend(owned_by(fates, new));
}

/// The statement that gives a sequence to its column, unless creating the table does it.
pub(crate) fn owned_by(fates: &Fates<'_>, new: Element) -> Option<Statement> {
    let (column, owner) = owning_column(fates.new, new)?;
    let table = fates.new.owner_of(column)?;
    let sequence = fates.new.facts.sequences.get(&fates.new.object(new)?.id.1)?;
    let is_made = fates.of_new(table).is_made();
    (!is_made).then(|| Statement::new(format!("ALTER SEQUENCE {} OWNED BY {owner};", sequence.name)))
}

/// The column that a sequence belongs to without being its identity, and its name.
pub(crate) fn owning_column(elements: &Elements, sequence: Element) -> Option<(Element, String)> {
    let (class, oid) = elements.object(sequence)?.id;
    let found = elements.facts.sequences.get(&oid).filter(|found| !found.is_identity)?;
    let (table, number) = found.owner.filter(|_| class == Class::Catalog(catalog::CLASS))?;
    let column = elements.element((catalog::CLASS, table, number))?;
    let Kind::Column(table, index) = elements.kinds[column] else { return None };
    let (relation, column_found) = (&elements.facts.relations[&table], elements.column(table, index));
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

/// Privileges are compared one by one, so that none is missing for a moment that is in both schemas.
fn privileges(change: &mut PropertyChange, old: &Elements, before: &Object, after: &Object, gone: &HashSet<u32>) {
    let columns = match before.id {
        (Class::Catalog(class), oid) => old.facts.columns.get(&(class, oid)),
        _ => None,
    };
    let is_gone = |name: &str| {
        let columns = columns.into_iter().flatten();
        columns.into_iter().any(|column| column.name == name && gone.contains(&column.number))
    };
    let is_kept = |privilege: &&Privilege| {
        privilege.own_terms().is_none_or(|terms| terms.column.as_deref().is_none_or(|name| !is_gone(name)))
    };
    // What it has been granted becomes a part of an owner's privileges, and can't be told from them afterwards.
    let becomes_owner = |terms: &Terms| before.owner != after.owner && after.owner.as_ref() == Some(&terms.grantee);
    let (before, after): (Vec<&Privilege>, Vec<&Privilege>) =
        (before.privileges.iter().filter(is_kept).collect(), after.privileges.iter().collect());
    let hazard = |terms: &Terms| Hazard::AuthorizationChange(terms.on.clone());
    for privilege in &before {
        let Some(terms) = privilege.own_terms() else { continue };
        let fewer = without(terms, &after);
        if !fewer.privileges.is_empty() {
            let statements = if becomes_owner(terms) { &mut change.before } else { &mut change.after };
            statements.push(Statement::new(fewer.sql(!fewer.is_granted)).with(hazard(terms)));
        }
    }
    for privilege in &after {
        match privilege.own_terms() {
            Some(terms) => {
                let more = without(terms, &before);
                if !more.privileges.is_empty() {
                    change.after.push(Statement::new(more.sql(more.is_granted)).with(hazard(terms)));
                }
            }
            None if before.iter().all(|other| other.statement() != privilege.statement()) => {
                change.after.push(Statement::new(privilege.statement()));
            }
            None => {}
        }
    }
}

/// The terms without the privileges that others have on the same terms.
fn without(terms: &Terms, others: &[&Privilege]) -> Terms {
    let same: HashSet<&String> = others
        .iter()
        .filter_map(|other| other.own_terms())
        .filter(|other| {
            (other.is_granted, &other.on, &other.grantee, &other.option, &other.column)
                == (terms.is_granted, &terms.on, &terms.grantee, &terms.option, &terms.column)
        })
        .flat_map(|other| &other.privileges)
        .collect();
    let privileges = terms.privileges.iter().filter(|privilege| !same.contains(privilege)).cloned().collect();
    Terms { privileges, ..terms.clone() }
}

/// What takes back the privileges of an object that is not written itself.
pub(crate) fn undone_privileges(object: &Object) -> Option<Statement> {
    let terms: Vec<&Terms> = object.privileges.iter().filter_map(|privilege| privilege.own_terms()).collect();
    let undone: Vec<String> = terms.iter().map(|terms| terms.sql(!terms.is_granted)).collect();
    let on = terms.first()?.on.clone();
    Some(Statement::new(undone.join("\n")).with(Hazard::AuthorizationChange(on)))
}

/// What takes back the default privileges that a new object, and what is created with it, gets and is not to have.
pub(crate) fn default_privileges(fates: &Fates<'_>, object: &Object) -> Vec<Statement> {
    let implied = implied_objects(fates.new, object);
    std::iter::once(object.id).chain(implied).flat_map(|id| surplus(fates, object, id)).collect()
}

/// The same for the sequence of a new identity column.
pub(crate) fn default_privileges_of_identity(fates: &Fates<'_>, table: u32, column: &Column) -> Vec<Statement> {
    let table = fates.new.object_with((Class::Catalog(catalog::CLASS), table));
    let sequence = column.sequence.map(|sequence| (Class::Catalog(catalog::CLASS), sequence));
    table.zip(sequence).map_or_else(Vec::new, |(table, sequence)| surplus(fates, table, sequence))
}

/// What PostgreSQL creates with an object, with privileges of its own: the sequences of identity columns, and the
/// functions that construct ranges.
fn implied_objects(elements: &Elements, object: &Object) -> Vec<Id> {
    let (Class::Catalog(class), oid) = object.id else { return Vec::new() };
    let columns = elements.facts.columns.get(&(class, oid)).into_iter().flatten();
    let sequences = columns.filter_map(|column| column.sequence).map(|oid| (Class::Catalog(catalog::CLASS), oid));
    let found = elements.facts.types.get(&oid).filter(|_| class == catalog::TYPE);
    let constructors = found.into_iter().flat_map(|found| &found.constructors);
    sequences.chain(constructors.map(|&oid| (Class::Catalog(catalog::PROC), oid))).collect()
}

/// What takes back the default privileges that the object with this ID, which is created with `maker`, is not to have.
fn surplus(fates: &Fates<'_>, maker: &Object, id: Id) -> Vec<Statement> {
    let Some((kinds, on, schema)) = grantable(fates.new, id) else { return Vec::new() };
    let apart = match id {
        (Class::Catalog(class), oid) => fates.new.object_with((Class::PrivilegesOf(class), oid)),
        _ => None,
    };
    let own: Vec<&Privilege> =
        maker.privileges.iter().chain(apart.into_iter().flat_map(|one| &one.privileges)).collect();
    let mut statements = Vec::new();
    let are_given = |found: &&DefaultPrivileges| found.objects() == kinds && found.are_in(&schema);
    let defaults = kept_defaults(fates).filter(are_given);
    for (role, terms) in defaults.flat_map(|found| found.terms.iter().map(|terms| (&found.role, terms))) {
        // The owner has these privileges anyway.
        if terms.is_granted && terms.grantee == *role {
            continue;
        }
        let given = Terms { on: on.clone(), ..terms.clone() };
        let has_option = !given.option.is_empty();
        let other = if has_option { "" } else { " WITH GRANT OPTION" };
        let differing = Terms { option: other.to_owned(), ..without(&given, &own) };
        let extra = Terms { option: given.option.clone(), ..without(&differing, &own) };
        let hazard = || Hazard::AuthorizationChange(on.clone());
        if !extra.privileges.is_empty() {
            statements.push(Statement::new(extra.sql(!extra.is_granted)).with(hazard()));
        }
        let is_wanted = |privilege: &&String| !extra.privileges.contains(privilege);
        let only_option: Vec<&str> = differing.privileges.iter().filter(is_wanted).map(String::as_str).collect();
        if has_option && !only_option.is_empty() {
            let (privileges, grantee) = (only_option.join(", "), &given.grantee);
            let sql = format!("REVOKE GRANT OPTION FOR {privileges} ON {on} FROM {grantee};");
            statements.push(Statement::new(sql).with(hazard()));
        }
    }
    statements
}

/// What suspends the default privileges while an extension is created, whose objects would get them, and what restores
/// them.
pub(crate) fn suspended_defaults(fates: &Fates<'_>) -> (Vec<Statement>, Vec<Statement>) {
    let kept: Vec<&DefaultPrivileges> = kept_defaults(fates).collect();
    let undone = kept.iter().rev().flat_map(|found| found.undone(&[]));
    let restored = kept.iter().flat_map(|found| found.statements());
    (undone.map(Statement::new).collect(), restored.map(Statement::new).collect())
}

/// The default privileges that new objects get: those of the role that migrates.
fn kept_defaults<'a>(fates: &Fates<'a>) -> impl Iterator<Item = &'a DefaultPrivileges> {
    fates.old.kinds.iter().enumerate().filter_map(|(element, kind)| {
        let Kind::Object(index) = kind else { return None };
        let (class, oid) = fates.old.objects[*index].id;
        let is_kept = class == Class::Catalog(catalog::DEFAULT_ACL) && *fates.of_old(element) != Fate::Drop;
        let found = fates.old.facts.default_privileges.get(&oid).filter(|_| is_kept)?;
        found.is_of_migrator.then_some(found)
    })
}

/// What ALTER DEFAULT PRIVILEGES calls objects of this kind, the object as GRANT names it, and its schema.
fn grantable(elements: &Elements, id: Id) -> Option<(&'static str, String, String)> {
    let (Class::Catalog(class), oid) = id else { return None };
    match class {
        catalog::CLASS => {
            let relation = elements.facts.relations.get(&oid)?;
            let (kinds, keyword) = if relation.kind == "S" { ("SEQUENCES", "SEQUENCE") } else { ("TABLES", "TABLE") };
            Some((kinds, format!("{keyword} {}", relation.name), relation.schema.clone()))
        }
        catalog::TYPE => {
            let found = elements.facts.types.get(&oid)?;
            let keyword = if found.kind == "d" { "DOMAIN" } else { "TYPE" };
            Some(("TYPES", format!("{keyword} {}", found.name), found.schema.clone()))
        }
        catalog::PROC => {
            let routine = elements.facts.routines.get(&oid)?;
            let keyword = if routine.kind == "p" { "PROCEDURE" } else { "FUNCTION" };
            Some(("FUNCTIONS", format!("{keyword} {}", routine.signature), routine.schema.clone()))
        }
        catalog::NAMESPACE => Some(("SCHEMAS", elements.object_with(id)?.target.clone()?, String::new())),
        _ => None,
    }
}
