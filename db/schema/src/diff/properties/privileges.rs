//! Privileges of objects that stay, and the default ones of new objects.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::diff::elements::{Elements, Kind, catalog};
use crate::diff::fate::{Fate, Fates};
use crate::diff::script::{Hazard, Statement};
use crate::model::Column;
use crate::model::default_privileges::DefaultPrivileges;
use crate::object::{Class, Id, Object, Privilege, Terms};

/// Privileges are compared one by one, so that none is missing for a moment that is in both schemas.
pub(super) fn privileges(
    (first, then): (&mut Vec<Statement>, &mut Vec<Statement>),
    (old, new): (&Elements, &Elements),
    before: &Object,
    after: &Object,
    gone: &HashSet<u32>,
) {
    let columns = match before.id {
        (Class::Catalog(class), oid) => old.model.columns.get(&(class, oid)),
        _ => None,
    };
    let is_gone = |name: &str| {
        let columns = columns.into_iter().flatten();
        columns.into_iter().any(|column| column.name == name && gone.contains(&column.number))
    };
    let is_kept = |privilege: &&Privilege| {
        privilege.own_terms().is_none_or(|terms| terms.column.as_deref().is_none_or(|name| !is_gone(name)))
    };
    // What one has been granted who becomes the owner is a part of an owner's privileges afterwards, and what the former
    // owner lacks, the new one would lack.
    let (former_owner, owner) = (owner(old, before), owner(new, after));
    let changes = former_owner != owner;
    let is_former_owner = |terms: &Terms| terms.grantee == *former_owner.unwrap_or(&old.model.migrator);
    let is_owner = |terms: &Terms| terms.grantee == *owner.unwrap_or(&new.model.migrator);
    let is_exchanged = |terms: &Terms| changes && (is_former_owner(terms) || is_owner(terms));
    let before = with_name_of(before, after);
    let (before, after): (Vec<&Privilege>, Vec<&Privilege>) =
        (before.iter().filter(is_kept).collect(), after.privileges.iter().collect());
    // An option to grant becomes one of an owner for itself, which that of another schema is not. What the former owner has
    // on a column, apart from the table, passes to the new one.
    let passes = |terms: &Terms| terms.column.is_some() && is_former_owner(terms);
    let is_granted_again = |terms: &Terms| is_exchanged(terms) && (!terms.option.is_empty() || passes(terms));
    let hazard = |terms: &Terms| Hazard::AuthorizationChange(terms.on.clone());
    let mut revoked = Vec::new();
    // Backwards: an owner whose own privilege has another option has it revoked, and then granted.
    for privilege in before.iter().rev() {
        let Some(terms) = privilege.own_terms() else { continue };
        let fewer = if is_granted_again(terms) { terms.clone() } else { without(terms, &after) };
        if !fewer.privileges.is_empty() {
            let statements = if is_exchanged(terms) { &mut *first } else { &mut *then };
            statements.push(Statement::new(fewer.sql(!fewer.is_granted)).with(hazard(terms)));
            revoked.push(fewer);
        }
    }
    for privilege in &after {
        match privilege.own_terms() {
            Some(terms) => {
                let mut more = if is_granted_again(terms) { terms.clone() } else { without(terms, &before) };
                more.privileges.extend(taken_along(terms, &revoked, &more));
                if !more.privileges.is_empty() {
                    then.push(Statement::new(more.sql(more.is_granted)).with(hazard(terms)));
                    // A new owner may lack what it keeps on columns.
                    revoked.extend((!more.is_granted).then_some(Terms { is_granted: true, ..more }));
                }
            }
            None if before.iter().all(|other| other.statement() != privilege.statement()) => {
                then.push(Statement::new(privilege.statement()));
            }
            None => {}
        }
    }
}

/// The privileges of an object that has got the name of another one.
fn with_name_of<'o>(before: &'o Object, after: &Object) -> Cow<'o, [Privilege]> {
    let mut privileges = Cow::Borrowed(before.privileges.as_slice());
    if let (Some(name), Some(other)) = (&before.target, &after.target)
        && name != other
    {
        let terms = privileges.to_mut().iter_mut().map(|privilege| &mut privilege.terms);
        terms.filter(|terms| terms.on == *name).for_each(|terms| terms.on.clone_from(other));
    }
    privileges
}

/// The owner, unless it is the role that migrates. A sequence that belongs to a column has that of its table.
fn owner<'a>(elements: &'a Elements, object: &'a Object) -> Option<&'a String> {
    let sequence = elements.model.sequences.get(&object.id.1);
    match sequence.filter(|_| object.id.0 == Class::Catalog(catalog::CLASS)) {
        Some(sequence) => sequence.owner_role.as_ref(),
        None => object.owner.as_ref(),
    }
}

/// The privileges on a column that are lost because the same ones on its table are revoked, besides those that are granted
/// anyway.
fn taken_along<'t>(terms: &'t Terms, revoked: &[Terms], granted: &Terms) -> Vec<String> {
    let takes = |privilege: &&'t String| {
        revoked.iter().any(|other| {
            let is_of_table = other.is_granted && other.column.is_none() && terms.column.is_some();
            is_of_table && other.grantee == terms.grantee && other.privileges.contains(privilege)
        })
    };
    let lost = terms.privileges.iter().filter(|_| terms.is_granted).filter(takes);
    lost.filter(|privilege| !granted.privileges.contains(privilege)).cloned().collect()
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
    std::iter::once(object.id).chain(implied).flat_map(|id| surplus(fates, None, object, id)).collect()
}

/// The same for the sequence of a new identity column, which the owner of the table gets.
pub(crate) fn default_privileges_of_identity(fates: &Fates<'_>, table: u32, column: &Column) -> Vec<Statement> {
    let table = fates.new.object_with((Class::Catalog(catalog::CLASS), table));
    let sequence = column.sequence.map(|sequence| (Class::Catalog(catalog::CLASS), sequence));
    let before = table.and_then(|table| fates.pairs.old_of(fates.new.element_of(table.id)?));
    let owner = before.and_then(|before| fates.old.object(before)?.owner.as_ref());
    table.zip(sequence).map_or_else(Vec::new, |(table, sequence)| surplus(fates, owner, table, sequence))
}

/// What PostgreSQL creates with an object, with privileges of its own: the sequences of identity columns, and the
/// functions that construct ranges.
fn implied_objects(elements: &Elements, object: &Object) -> Vec<Id> {
    let (Class::Catalog(class), oid) = object.id else { return Vec::new() };
    let columns = elements.model.columns.get(&(class, oid)).into_iter().flatten();
    let sequences = columns.filter_map(|column| column.sequence).map(|oid| (Class::Catalog(catalog::CLASS), oid));
    let found = elements.model.types.get(&oid).filter(|_| class == catalog::TYPE);
    let constructors = found.into_iter().flat_map(|found| &found.constructors);
    sequences.chain(constructors.map(|&oid| (Class::Catalog(catalog::PROC), oid))).collect()
}

/// What takes back the default privileges that the object with this ID, which is created with `maker` and at first belongs
/// to `owner`, is not to have.
fn surplus(fates: &Fates<'_>, owner: Option<&String>, maker: &Object, id: Id) -> Vec<Statement> {
    let Some((kinds, on, schema)) = grantable(fates.new, id) else { return Vec::new() };
    let apart = match id {
        (Class::Catalog(class), oid) => fates.new.object_with((Class::ChangesOf(class), oid)),
        _ => None,
    };
    let own: Vec<&Privilege> =
        maker.privileges.iter().chain(apart.into_iter().flat_map(|one| &one.privileges)).collect();
    let mut statements = Vec::new();
    let are_given = |found: &&DefaultPrivileges| found.objects() == kinds && found.are_in(&schema);
    let defaults = kept_defaults(fates, owner).filter(are_given);
    for (role, terms) in defaults.flat_map(|found| found.terms.iter().map(|terms| (&found.role, terms))) {
        // The owner has these privileges anyway, and one who becomes it keeps them as such, except the option to grant.
        let is_of_owner = terms.is_granted && (terms.grantee == *role || maker.owner.as_ref() == Some(&terms.grantee));
        if is_of_owner && terms.option.is_empty() {
            continue;
        }
        let given = Terms { on: on.clone(), ..terms.clone() };
        let has_option = !given.option.is_empty();
        let other = if has_option { "" } else { " WITH GRANT OPTION" };
        let differing = Terms { option: other.to_owned(), ..without(&given, &own) };
        let mut extra = Terms { option: given.option.clone(), ..without(&differing, &own) };
        if is_of_owner {
            extra.privileges.clear();
        }
        let hazard = || Hazard::AuthorizationChange(on.clone());
        if !extra.privileges.is_empty() {
            statements.push(Statement::new(extra.sql(!extra.is_granted)).with(hazard()));
            for terms in own.iter().filter_map(|privilege| privilege.own_terms()) {
                let privileges = taken_along(terms, std::slice::from_ref(&extra), &Terms::default());
                let lost = Terms { privileges, ..terms.clone() };
                if !lost.privileges.is_empty() {
                    statements.push(Statement::new(lost.sql(true)).with(hazard()));
                }
            }
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
    let kept: Vec<&DefaultPrivileges> = kept_defaults(fates, None).collect();
    let undone = kept.iter().rev().flat_map(|found| found.undone(&[]));
    let restored = kept.iter().flat_map(|found| found.statements());
    (undone.map(Statement::new).collect(), restored.map(Statement::new).collect())
}

/// The default privileges that new objects of a role get: if there is none, of the role that migrates.
fn kept_defaults<'a>(fates: &Fates<'a>, owner: Option<&String>) -> impl Iterator<Item = &'a DefaultPrivileges> {
    fates.old.kinds.iter().enumerate().filter_map(move |(element, kind)| {
        let Kind::Object(index) = kind else { return None };
        let (class, oid) = fates.old.objects[*index].id;
        let is_kept = class == Class::Catalog(catalog::DEFAULT_ACL) && *fates.of_old(element) != Fate::Drop;
        let found = fates.old.model.default_privileges.get(&oid).filter(|_| is_kept)?;
        owner.map_or(found.is_of_migrator, |owner| found.role == *owner).then_some(found)
    })
}

/// What ALTER DEFAULT PRIVILEGES calls objects of this kind, the object as GRANT names it, and its schema.
fn grantable(elements: &Elements, id: Id) -> Option<(&'static str, String, String)> {
    let (Class::Catalog(class), oid) = id else { return None };
    match class {
        catalog::CLASS => {
            let relation = elements.model.relations.get(&oid)?;
            let (kinds, keyword) = if relation.kind == "S" { ("SEQUENCES", "SEQUENCE") } else { ("TABLES", "TABLE") };
            Some((kinds, format!("{keyword} {}", relation.name), relation.schema.clone()))
        }
        catalog::TYPE => {
            let found = elements.model.types.get(&oid)?;
            let keyword = if found.kind == "d" { "DOMAIN" } else { "TYPE" };
            Some(("TYPES", format!("{keyword} {}", found.name), found.schema.clone()))
        }
        catalog::PROC => {
            let routine = elements.model.routines.get(&oid)?;
            let keyword = if routine.kind == "p" { "PROCEDURE" } else { "FUNCTION" };
            Some(("FUNCTIONS", format!("{keyword} {}", routine.signature), routine.schema.clone()))
        }
        catalog::NAMESPACE => Some(("SCHEMAS", elements.object_with(id)?.target.clone()?, String::new())),
        _ => None,
    }
}
