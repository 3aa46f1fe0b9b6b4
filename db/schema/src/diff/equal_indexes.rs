//! Indexes of a table that are equal but for their names. PostgreSQL takes the one with the lowest OID, that is, the one that
//! was created first.

use std::borrow::Cow;

use crate::diff::elements::Elements;
use crate::model::{Constraint, Index};

/// The other indexes that a foreign key could refer to instead of its own (transformFkeyCheckAttrs in PostgreSQL's
/// tablecmds.c).
pub(crate) fn rivals<'e>(elements: &'e Elements, reference: &'e Constraint) -> impl Iterator<Item = &'e Index> {
    let indexes = reference.referenced.filter(|_| reference.kind == "f").into_iter();
    let indexes = indexes.flat_map(|table| elements.indexes_of(table));
    indexes.filter(|index| {
        let key = index.constraint.and_then(|key| elements.model.constraints.get(&key));
        let can_check = index.is_valid && !key.is_some_and(|key| key.is_deferrable);
        can_check && index.is_unique_on(&reference.referenced_columns) && reference.index != Some(index.oid)
    })
}

/// The definition of a constraint. That of a foreign key has no columns of the other table if that is what makes it refer to
/// the primary key, and not to an equal one.
pub(crate) fn definition<'e>(elements: &Elements, constraint: &'e Constraint) -> Cow<'e, str> {
    match columns_of_primary_key(elements, constraint) {
        Some((table, columns)) => {
            let list = format!(" REFERENCES {table}({columns})");
            Cow::Owned(constraint.definition.replacen(&list, &format!(" REFERENCES {table}"), 1))
        }
        None => Cow::Borrowed(&constraint.definition),
    }
}

/// The table and the columns, in SQL, of the primary key that a foreign key refers to, if it has to be told from equal keys.
fn columns_of_primary_key<'e>(elements: &'e Elements, reference: &Constraint) -> Option<(&'e str, String)> {
    rivals(elements, reference).next()?;
    let (model, table) = (&elements.model, reference.referenced?);
    let key = model.indexes.get(&reference.index?)?.constraint.and_then(|key| model.constraints.get(&key))?;
    let is_named_by_table = key.kind == "p" && key.columns == reference.referenced_columns;
    let names = elements.column_names(table, &key.columns).filter(|_| is_named_by_table)?;
    Some((&model.relations.get(&table)?.name, names.join(", ")))
}

/// Pairs of indexes, of which the first has to be created before the second: a new foreign key refers to it.
pub(crate) fn orders<'e>(elements: &'e Elements, reference: &'e Constraint) -> Vec<(&'e Index, &'e Index)> {
    let own = reference.index.and_then(|index| elements.model.indexes.get(&index));
    match own.filter(|_| !reference.is_inherited && columns_of_primary_key(elements, reference).is_none()) {
        Some(own) => rivals(elements, reference).map(|rival| (own, rival)).collect(),
        None => Vec::new(),
    }
}
