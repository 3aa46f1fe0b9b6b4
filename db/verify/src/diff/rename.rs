//! Renames that the user has named. None is guessed: nothing else tells a renamed object from a new one.

use anyhow::{Result, bail};
use connection::{Connection, Row, quote_literal};
use schema::Statement;

/// A rename, in both directions.
pub(super) struct Rename {
    pub(super) forth: Statement,
    pub(super) back: Statement,
}

/// Applies renames to the old schema, one after the other.
pub(super) fn apply(renames: &[(String, String)], old: &mut Connection, new: &mut Connection) -> Result<Vec<Rename>> {
    let mut applied = Vec::new();
    for (from, to) in renames {
        let (before, after) = (parts(from), sibling(from, to));
        let Some(found) = Named::find(old, &before)? else { bail!("cannot rename `{from}`: there is no such object") };
        if Named::find(old, &after)?.is_some() {
            bail!("cannot rename `{from}`: there is a `{to}` already");
        }
        let Some(wanted) = Named::find(new, &after)?.filter(|wanted| wanted.kind == found.kind) else {
            bail!("cannot rename `{from}`: the desired schema has no such object `{to}`");
        };
        let forth = found.renamed_to(&wanted.last);
        // The search path of a query is that of the system.
        old.send(&forth)?;
        let Some(renamed) = Named::find(old, &after)? else { bail!("cannot rename `{from}` to `{to}`") };
        let back = renamed.renamed_to(&found.last);
        let statement = |sql| Statement { sql, ..Statement::default() };
        applied.push(Rename { forth: statement(forth), back: statement(back) });
    }
    Ok(applied)
}

/// The parts of a name, as SQL: folded to lower case where they are not quoted.
fn parts(name: &str) -> String {
    format!("parse_ident({})", quote_literal(name))
}

/// The parts of a new name, which may be the last one only.
fn sibling(from: &str, to: &str) -> String {
    format!(
        "(SELECT CASE WHEN cardinality(b) < cardinality(a) THEN a[:cardinality(a) - 1] || b[cardinality(b)] ELSE b END \
         FROM {} a, {} b)",
        parts(from),
        parts(to)
    )
}

/// What a name means. All names are quoted where necessary.
struct Named {
    /// `TABLE`, `SCHEMA`, …
    kind: String,
    /// The object; of a column, its table.
    object: String,
    column: Option<String>,
    /// The last part of the name.
    last: String,
}

impl Named {
    fn find(session: &mut Connection, parts: &str) -> Result<Option<Self>> {
        let rows = session.query(&include_str!("named.sql").replace("{parts}", parts))?;
        let named = |row: Row| {
            let mut values = row.into_iter();
            let mut next = || values.next().flatten();
            let (kind, object, column, last) = (next()?, next()?, next(), next()?);
            Some(Self { kind, object, column, last })
        };
        Ok(rows.into_iter().next().and_then(named))
    }

    fn renamed_to(&self, name: &str) -> String {
        let Self { kind, object, column, .. } = self;
        let column = column.as_ref().map(|column| format!(" COLUMN {column}")).unwrap_or_default();
        // The attributes of a composite type are no columns.
        let column = if kind == "TYPE" { column.replacen("COLUMN", "ATTRIBUTE", 1) } else { column };
        format!("ALTER {kind} {object} RENAME{column} TO {name};")
    }
}
