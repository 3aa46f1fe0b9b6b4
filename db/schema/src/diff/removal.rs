//! The statements that remove elements.

use crate::diff::change::NEW_OBJECTS;
use crate::diff::constraint;
use crate::diff::elements::{Element, Elements, Kind, catalog, quoted};
use crate::diff::name::{qualifier, with_suffix};
use crate::diff::properties;
use crate::diff::script::{Hazard, Statement};
use crate::model::values::unquoted;
use crate::model::{Column, Relation};
use crate::object::{Class, Object};

/// The statement that drops an element. `None` if PostgreSQL drops it with another one, or if nothing has to be done.
pub(crate) fn statement(elements: &Elements, element: Element, is_swapped: bool) -> Option<Statement> {
    match elements.kinds[element] {
        Kind::Object(index) => object(elements, &elements.objects[index], is_swapped),
        Kind::Column(table, index) => {
            let (relation, column) = (&elements.model.relations[&table], elements.column(table, index));
            let statement = Statement::new(format!("ALTER TABLE {} DROP COLUMN {};", relation.name, column.name));
            Some(if column.generated.is_empty() {
                statement.with(Hazard::DataLoss(format!("column {}.{}", relation.name, column.name)))
            } else {
                statement
            })
        }
        Kind::Default(table, index) => Some(drop_default(elements, table, elements.column(table, index))),
        Kind::Constraint(oid) => {
            let found = &elements.model.constraints[&oid];
            let statement = Statement::new(constraint::drop(elements, found));
            let has_index = matches!(found.kind.as_str(), "p" | "u" | "x");
            Some(if has_index { statement.with(Hazard::IndexDropped(found.name.clone())) } else { statement })
        }
    }
}

/// Removes the default of a column.
pub(crate) fn drop_default(elements: &Elements, table: u32, column: &Column) -> Statement {
    let alter = alter_for_default(elements, table, &elements.model.relations[&table]);
    Statement::new(format!("{alter} ALTER COLUMN {} DROP DEFAULT;", column.name))
}

/// ALTER TABLE for a default: of a table with children, only for itself, because they may have another one.
pub(crate) fn alter_for_default(elements: &Elements, table: u32, relation: &Relation) -> String {
    match relation.kind.as_str() {
        "v" => format!("ALTER VIEW {}", relation.name),
        _ if elements.has_children(table) => format!("ALTER TABLE ONLY {}", relation.name),
        _ => format!("ALTER TABLE {}", relation.name),
    }
}

fn object(elements: &Elements, object: &Object, is_swapped: bool) -> Option<Statement> {
    let definition = object.definition();
    let Class::Catalog(class) = object.id.0 else { return special(elements, object) };
    let oid = object.id.1;
    match class {
        catalog::DEFAULT_ACL => {
            let undone = elements.model.default_privileges.get(&oid)?.undone(&[]);
            let hazard = Hazard::AuthorizationChange(NEW_OBJECTS.to_owned());
            (!undone.is_empty()).then(|| Statement::new(undone.join("\n")).with(hazard))
        }
        // The shell of an operator outlives those that name it.
        catalog::OPERATOR => Some(Statement::new(format!("DROP {};", elements.target(object)?))),
        // What belongs to a constraint, an identity column or a trigger of a parent goes with that.
        _ if definition.is_empty() || definition.starts_with("ALTER ") => None,
        catalog::CLASS if elements.model.sequences.get(&oid).is_some_and(|sequence| sequence.is_identity) => None,
        _ if is_swapped => {
            let (keyword, schema, _, other) = swapped(object)?;
            Some(Statement::new(format!("DROP {keyword} {schema}{other};")))
        }
        _ => {
            let target = elements.target(object)?;
            // The key of a partition that is part of the index goes with it.
            let cascade = if class == catalog::CLASS && elements.is_above_key(oid) { " CASCADE" } else { "" };
            let statement = Statement::new(format!("DROP {target}{cascade};"));
            let has_rows = elements
                .model
                .relations
                .get(&oid)
                .is_some_and(|found| class == catalog::CLASS && matches!(found.kind.as_str(), "r" | "p" | "S"));
            let hazard = match class {
                _ if has_rows => Some(Hazard::DataLoss(in_words(&target))),
                catalog::CLASS => {
                    elements.model.indexes.get(&oid).map(|found| Hazard::IndexDropped(found.name.clone()))
                }
                catalog::POLICY => policy_hazard(elements, oid),
                _ => None,
            };
            Some(hazard.into_iter().fold(statement, Statement::with))
        }
    }
}

/// A policy decides who may see and change which rows of its table.
pub(crate) fn policy_hazard(elements: &Elements, policy: u32) -> Option<Hazard> {
    let table = elements.model.relations.get(&elements.model.policies.get(&policy)?.table)?;
    Some(Hazard::AuthorizationChange(table.name.clone()))
}

/// Marks of indexes, members of operator families, and privileges and comments of objects that are not written. A shell goes
/// with its type, and the rest with what it belongs to.
fn special(elements: &Elements, object: &Object) -> Option<Statement> {
    match object.id.0 {
        Class::Marked => {
            let index = elements.model.indexes.get(&object.id.1)?;
            let table = elements.model.relations.get(&index.table)?;
            Some(Statement::new(index.undone_marks(&table.name).join("\n")))
        }
        Class::Loose => {
            let family = elements.model.operators.families.get(&object.id.1)?;
            Some(Statement::new(family.dropped_members()))
        }
        Class::ChangesOf(_) => {
            let comment = object.comments.first().map(|note| Statement::new(note.undo()));
            properties::undone_privileges(object).or(comment)
        }
        _ => None,
    }
}

/// The statement that gives the old version of a type or a collation another name while both exist.
pub(crate) fn renaming(object: &Object) -> Option<Statement> {
    let (keyword, schema, name, other) = swapped(object)?;
    Some(Statement::new(format!("ALTER {keyword} {schema}{name} RENAME TO {other};")))
}

/// The keyword, the schema with a dot, the name, and the other name.
fn swapped(object: &Object) -> Option<(&str, &str, &str, String)> {
    let (keyword, qualified) = object.target.as_ref()?.split_once(' ')?;
    let schema = qualifier(qualified);
    let name = &qualified[schema.len()..];
    Some((keyword, schema, name, quoted(&with_suffix(&unquoted(name), "__old"))))
}

/// `TABLE x` in a sentence.
fn in_words(target: &str) -> String {
    match target.split_once(' ') {
        Some((keyword, name)) => format!("{} {name}", keyword.to_lowercase()),
        None => target.to_owned(),
    }
}
