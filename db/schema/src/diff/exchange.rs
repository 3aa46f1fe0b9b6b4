//! The type of a column in a table that is in use: a new column, which a trigger keeps in step with the old one and which
//! is filled in batches, takes the name of the old one (expand and contract).
//!
//! There are three parts, each a revision: `expand` adds the new column, `swap` exchanges the names, and `contract` drops
//! the old column. Between them, applications may write either column. The first and the last are each other's reverse, and
//! run outside a transaction.

use crate::diff::backfill::in_batches;
use crate::diff::column::{VALUE, unquoted};
use crate::diff::elements::quoted;
use crate::diff::script::{Hazard, Statement};

/// An exchange of a column for another one.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    /// As SQL names it.
    pub(crate) table: String,
    /// Without the schema and without quotes.
    pub(crate) bare_table: String,
    /// The schema, quoted, with a dot; empty for `public`.
    pub(crate) schema: String,
    /// The name that both have, quoted.
    pub(crate) column: String,
    pub(crate) old: Version,
    pub(crate) new: Version,
    /// The default of the new column.
    pub(crate) default: Option<String>,
    /// What else the new column has, once it has its name.
    pub(crate) properties: Vec<String>,
    /// The sequences that belong to the column.
    pub(crate) sequences: Vec<String>,
    pub(crate) hazards: Vec<Hazard>,
}

/// The old or the new column.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// With the collation.
    pub(crate) type_name: String,
    pub(crate) not_null: bool,
    pub(crate) indexes: Vec<Part>,
    pub(crate) checks: Vec<Part>,
    /// Makes a value of this column from one of the other; see [`crate::diff::column::Conversion`].
    pub(crate) conversion: Option<String>,
}

/// An index or a check of a column.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Quoted, without the schema.
    pub(crate) name: String,
    /// As the catalog has it.
    pub(crate) definition: String,
}

/// How long a statement outside a transaction waits for a lock, while others queue behind it.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '5s';";
const NO_LOCK_TIMEOUT: &str = "RESET lock_timeout;";

impl Exchange {
    fn new_name(&self) -> String {
        suffixed(&self.column, "_new")
    }

    fn old_name(&self) -> String {
        suffixed(&self.column, "_old")
    }

    /// The names that the exchange uses for a time.
    pub(crate) fn temporary_names(&self) -> Vec<String> {
        let both = |part: &Part| [suffixed(&part.name, "_new"), suffixed(&part.name, "_old")];
        let parts = self.new.indexes.iter().chain(&self.new.checks).flat_map(both);
        parts.chain([self.new_name(), self.old_name()]).collect()
    }

    /// The new column, in step with the old one.
    pub(crate) fn expand(&self) -> Vec<Statement> {
        let mut statements: Vec<Statement> = self.added("_new", &self.new, &self.old).map(Statement::new).collect();
        // From the trigger on, a value that can't be converted is refused.
        if let Some(trigger) = statements.iter_mut().find(|statement| statement.sql.starts_with("CREATE TRIGGER ")) {
            trigger.hazards.clone_from(&self.hazards);
            trigger.undo = self.removed("_new", &self.new);
        }
        statements
    }

    /// The new column takes the name of the old one, in one transaction without what uses the name.
    pub(crate) fn swap(&self) -> Vec<Statement> {
        let (table, column, old) = (&self.table, &self.column, self.old_name());
        let mut statements = self.renames("_old", "_new");
        statements.push(format!("ALTER TABLE {table} ALTER COLUMN {old} DROP DEFAULT;"));
        if let Some(default) = &self.default {
            statements.push(format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default};"));
        }
        if self.old.not_null && !self.new.not_null {
            statements.push(format!("ALTER TABLE {table} ALTER COLUMN {old} DROP NOT NULL;"));
        }
        statements.push(self.function("CREATE OR REPLACE FUNCTION", &old, &self.new, &self.old));
        statements.extend(self.owned());
        statements.extend(self.properties.iter().cloned());
        let mut statements: Vec<Statement> = statements.into_iter().map(Statement::new).collect();
        let mut undo = self.renames("_new", "_old");
        undo.push(self.function("CREATE OR REPLACE FUNCTION", &self.new_name(), &self.old, &self.new));
        undo.extend(self.owned());
        if let Some(first) = statements.first_mut() {
            first.undo = undo;
        }
        statements
    }

    /// The old column goes.
    pub(crate) fn contract(&self) -> Vec<Statement> {
        let before = Version { not_null: self.old.not_null && self.new.not_null, ..self.old.clone() };
        let mut statements: Vec<Statement> = self.removed("_old", &before).into_iter().map(Statement::new).collect();
        if let Some(first) = statements.first_mut() {
            first.undo = self.added("_old", &before, &self.new).collect();
        }
        statements
    }

    /// Adds a column beside the one that has the name, and fills it.
    fn added(&self, suffix: &'static str, version: &Version, other: &Version) -> impl Iterator<Item = String> {
        let (table, column, added) = (&self.table, &self.column, suffixed(&self.column, suffix));
        let mut statements = vec![
            LOCK_TIMEOUT.to_owned(),
            format!("ALTER TABLE {table} ADD COLUMN {added} {};", version.type_name),
            self.function("CREATE FUNCTION", &added, other, version),
            format!(
                "CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {}();",
                self.trigger_name(),
                self.function_name()
            ),
            NO_LOCK_TIMEOUT.to_owned(),
            self.backfill(&added),
        ];
        let concurrently = |part: &Part| {
            let name = suffixed(&part.name, suffix);
            let text = part.definition.replacen(&format!(" {} ON ", part.name), &format!(" {name} ON "), 1);
            let (start, rest) = text.split_once(" USING ").unwrap_or((&text, ""));
            let start = start.replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
            format!("{start} USING {};", renamed(rest, column, &added))
        };
        statements.extend(version.indexes.iter().map(concurrently));
        let check = quoted(&cut(&format!("{}_is_not_null", unquoted(&added))));
        let not_null = Part { name: check.clone(), definition: format!("CHECK ({added} IS NOT NULL)") };
        let mut checks: Vec<Part> = version
            .checks
            .iter()
            .map(|part| Part {
                name: suffixed(&part.name, suffix),
                definition: renamed(&part.definition, column, &added),
            })
            .collect();
        checks.extend(version.not_null.then_some(not_null));
        if !checks.is_empty() {
            statements.push(LOCK_TIMEOUT.to_owned());
            for Part { name, definition } in &checks {
                statements.push(format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID;"));
                statements.push(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
            }
            if version.not_null {
                statements.push(format!("ALTER TABLE {table} ALTER COLUMN {added} SET NOT NULL;"));
                statements.push(format!("ALTER TABLE {table} DROP CONSTRAINT {check};"));
            }
            statements.push(NO_LOCK_TIMEOUT.to_owned());
        }
        statements.into_iter()
    }

    /// Drops the column that does not have the name. Without the trigger, it must accept NULL.
    fn removed(&self, suffix: &str, version: &Version) -> Vec<String> {
        let (table, column) = (&self.table, suffixed(&self.column, suffix));
        let mut statements = vec![LOCK_TIMEOUT.to_owned()];
        if version.not_null {
            statements.push(format!("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL;"));
        }
        let drop = |part: &Part| format!("ALTER TABLE {table} DROP CONSTRAINT {};", suffixed(&part.name, suffix));
        statements.extend(version.checks.iter().map(drop));
        statements.push(format!("DROP TRIGGER {} ON {table};", self.trigger_name()));
        statements.push(format!("DROP FUNCTION {}();", self.function_name()));
        statements.push(format!("ALTER TABLE {table} DROP COLUMN {column};"));
        statements.push(NO_LOCK_TIMEOUT.to_owned());
        statements
    }

    /// Gives the column with the name, and what it has, one suffix, and takes the other suffix from the other column.
    fn renames(&self, given: &str, taken: &str) -> Vec<String> {
        let (table, schema) = (&self.table, &self.schema);
        let mut statements = Vec::new();
        for (leaving, coming) in self.ordered(given) {
            let (away, from) = (suffixed(leaving, given), suffixed(coming, taken));
            statements.push(format!("ALTER INDEX {schema}{leaving} RENAME TO {away};"));
            statements.push(format!("ALTER INDEX {schema}{from} RENAME TO {coming};"));
        }
        let checks =
            if given == "_old" { (&self.old.checks, &self.new.checks) } else { (&self.new.checks, &self.old.checks) };
        for (leaving, coming) in checks.0.iter().zip(checks.1) {
            let (away, from) = (suffixed(&leaving.name, given), suffixed(&coming.name, taken));
            statements.push(format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {away};", leaving.name));
            statements.push(format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {};", coming.name));
        }
        let (away, from) = (suffixed(&self.column, given), suffixed(&self.column, taken));
        statements.push(format!("ALTER TABLE {table} RENAME COLUMN {} TO {away};", self.column));
        statements.push(format!("ALTER TABLE {table} RENAME COLUMN {from} TO {};", self.column));
        statements
    }

    /// The indexes of the column that loses the name, each with that of the other.
    fn ordered(&self, given: &str) -> impl Iterator<Item = (&String, &String)> {
        let (leaving, coming) = match given {
            "_old" => (&self.old.indexes, &self.new.indexes),
            _ => (&self.new.indexes, &self.old.indexes),
        };
        leaving.iter().map(|part| &part.name).zip(coming.iter().map(|part| &part.name))
    }

    fn owned(&self) -> impl Iterator<Item = String> {
        let own = |name| format!("ALTER SEQUENCE {name} OWNED BY {}.{};", self.table, self.column);
        self.sequences.iter().map(own)
    }

    fn function_name(&self) -> String {
        let name = cut(&format!("{}_{}_in_step", self.bare_table, unquoted(&self.column)));
        format!("{}{}", self.schema, quoted(&name))
    }

    /// Triggers fire in the order of their names, and this one has to see what the others have changed.
    fn trigger_name(&self) -> String {
        quoted(&cut(&format!("zz_{}_in_step", unquoted(&self.column))))
    }

    /// A statement that writes only the other column changes the named one; every other statement, the reverse.
    fn function(&self, create: &str, other: &str, named: &Version, beside: &Version) -> String {
        let column = &self.column;
        let value = |conversion: &Option<String>, from: &str| {
            let from = format!("NEW.{from}");
            conversion.as_ref().map_or_else(|| from.clone(), |expression| expression.replace(VALUE, &from))
        };
        let (to_named, to_other) = (value(&named.conversion, other), value(&beside.conversion, column));
        format!(
            "{create} {}() RETURNS trigger LANGUAGE plpgsql AS $in_step$\n\
             BEGIN\n  \
               IF TG_OP = 'INSERT' AND NEW.{other}::text IS NOT NULL\n    \
                 OR TG_OP = 'UPDATE' AND NEW.{other}::text IS DISTINCT FROM OLD.{other}::text\n      \
                   AND NEW.{column}::text IS NOT DISTINCT FROM OLD.{column}::text THEN\n    \
                 NEW.{column} := {to_named};\n  \
               ELSE\n    \
                 NEW.{other} := {to_other};\n  \
               END IF;\n  \
               RETURN NEW;\n\
             END\n\
             $in_step$;",
            self.function_name()
        )
    }

    /// Fills the column, 1,000 pages in a transaction. The trigger computes the values. Pages added since the loop has
    /// begun have only rows that the trigger has seen.
    fn backfill(&self, added: &str) -> String {
        let condition = format!("{added} IS NULL AND {} IS NOT NULL", self.column);
        in_batches(&self.table, &format!("{added} = NULL"), &condition)
    }
}

/// A name with a suffix, quoted if necessary.
fn suffixed(name: &str, suffix: &str) -> String {
    let mut name = unquoted(name);
    while name.len() + suffix.len() > NAME_LENGTH {
        name.pop();
    }
    quoted(&(name + suffix))
}

/// As much of a name as PostgreSQL keeps.
fn cut(name: &str) -> String {
    let mut name = name.to_owned();
    while name.len() > NAME_LENGTH {
        name.pop();
    }
    name
}

/// The bytes that a name may have.
const NAME_LENGTH: usize = 63;

/// A definition with another name for a column. The proof finds it if that is the name of something else too.
fn renamed(definition: &str, from: &str, to: &str) -> String {
    let mut result = String::new();
    let mut rest = definition;
    while let Some(first) = rest.chars().next() {
        let length = token(rest, first);
        let (word, after) = rest.split_at(length);
        let is_call = after.trim_start().starts_with('(');
        let is_column = word == from && !is_call && !result.ends_with('.') && !result.ends_with("::");
        result.push_str(if is_column { to } else { word });
        rest = after;
    }
    result
}

/// The length of the word, the quoted name, the string or the character with which a text begins.
fn token(text: &str, first: char) -> usize {
    match first {
        '"' | '\'' => {
            let mut end = 1;
            while let Some(found) = text[end..].find(first) {
                end += found + 1;
                if !text[end..].starts_with(first) {
                    return end;
                }
                end += 1;
            }
            text.len()
        }
        _ if first.is_alphabetic() || first == '_' => {
            text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len())
        }
        _ => first.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_column_gets_another_name() {
        let text = "(lower(a::text), \"a\", a) WHERE (a > 'a'::a AND b.a <> 'it''s a')";
        assert_eq!(renamed(text, "a", "z"), "(lower(z::text), \"a\", z) WHERE (z > 'a'::a AND b.a <> 'it''s a')");
        assert_eq!(renamed("(\"A b\", a)", "\"A b\"", "\"A b_new\""), "(\"A b_new\", a)");
        assert_eq!(renamed("(date(date))", "date", "x"), "(date(x))");
    }

    #[test]
    fn a_name_with_a_suffix_is_no_longer_than_a_name_can_be() {
        assert_eq!(suffixed("a", "_new"), "a_new");
        assert_eq!(suffixed("\"A\"", "_old"), "\"A_old\"");
        assert_eq!(suffixed(&"é".repeat(31), "_new").len(), "é".len() * 29 + "_new".len() + 2);
    }
}
