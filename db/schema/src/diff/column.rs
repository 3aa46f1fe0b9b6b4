//! Changes of columns.

use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::foreign;
use crate::diff::script::{Hazard, Statement};
use crate::diff::sequence;
use crate::model::Column;
use crate::object::{Class, Item};

/// What it takes to change a column in place, as what follows ALTER TABLE and the name of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ColumnChange {
    pub(crate) actions: Vec<Action>,
    /// Whether the type changes, which PostgreSQL refuses while a view, a policy or a trigger uses the column.
    pub(crate) changes_type: bool,
    /// Whether the rows stay as they are if the type changes. PostgreSQL checks them again anyway.
    pub(crate) keeps_rows: bool,
    /// Whether the default has to be dropped before the type changes.
    pub(crate) drops_default: bool,
    /// Whether the column has to be dropped and added: its values are generated.
    pub(crate) replaces: bool,
    /// How values are converted, if changing the type rewrites the table.
    pub(crate) conversion: Option<Conversion>,
}

impl ColumnChange {
    /// Whether the column is to accept NULL, and has not so far.
    pub(crate) fn accepts_null(&self) -> bool {
        self.actions.iter().any(|action| action.text.ends_with(" DROP NOT NULL"))
    }
}

/// How the values of a column whose type changes are converted, in both directions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Conversion {
    /// An expression of [`VALUE`]; `None` if assigning a value converts it.
    pub(crate) forth: Option<String>,
    pub(crate) back: Option<String>,
    /// Those of the change, apart from the rewrite.
    pub(crate) hazards: Vec<Hazard>,
}

/// An action of ALTER TABLE.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Action {
    pub(crate) text: String,
    pub(crate) hazards: Vec<Hazard>,
    /// A statement that has to come before: it moves the sequence of an identity column within its new limits.
    pub(crate) first: Option<Statement>,
    /// A statement that has to follow: it sets where the sequence of a new identity column starts.
    pub(crate) then: Option<Statement>,
}

impl Action {
    pub(crate) fn new(text: String) -> Self {
        Self { text, hazards: Vec::new(), first: None, then: None }
    }

    /// The statement that does it to a table.
    pub(crate) fn of_table(&self, table: &str) -> Statement {
        let sql = format!("ALTER TABLE {table} {};", self.text);
        Statement { hazards: self.hazards.clone(), ..Statement::new(sql) }
    }
}

/// The test whether the value of a column, by its quoted name, is NULL. `IS NULL` of a composite value asks for its fields.
pub(crate) fn is_null(name: &str, is_composite: bool) -> String {
    format!("{name} IS {}NULL", if is_composite { "NOT DISTINCT FROM " } else { "" })
}

/// The test whether it is not, which PostgreSQL knows to be what NOT NULL says.
pub(crate) fn is_not_null(name: &str, is_composite: bool) -> String {
    format!("{name} IS {}NULL", if is_composite { "DISTINCT FROM " } else { "NOT " })
}

/// A column in two schemas.
pub(crate) struct Columns<'a> {
    pub(crate) old_elements: &'a Elements,
    pub(crate) new_elements: &'a Elements,
    /// The OID of the table in the new schema.
    pub(crate) table: u32,
    /// Its OID in the old schema.
    pub(crate) old_table: u32,
    pub(crate) old: &'a Column,
    pub(crate) new: &'a Column,
    /// Whether the type is another one with the same name.
    pub(crate) has_other_type: bool,
    /// Whether the collation is another one with the same name.
    pub(crate) has_other_collation: bool,
    /// What is blocked while indexes are built again, if another type does that even if the rows stay as they are.
    pub(crate) rebuilt: Option<Hazard>,
}

impl Columns<'_> {
    pub(crate) fn change(&self) -> ColumnChange {
        let mut change = ColumnChange::default();
        let (old, new) = (self.old, self.new);
        if !new.generated.is_empty() && (&old.generated, &old.expression) != (&new.generated, &new.expression) {
            change.replaces = true;
            return change;
        }
        // A partition has the identity of its table only while it is one, and no sequence. That of a column from a parent is
        // a setting.
        let is_listed = item(self.old_elements, self.old_table, old.number).is_some();
        if is_listed && old.sequence.is_some() && new.identity.is_empty() {
            change.actions.push(self.alter("DROP IDENTITY"));
        }
        if !old.generated.is_empty() && new.generated.is_empty() {
            if old.generated == "v" {
                change.replaces = true;
                return change;
            }
            change.actions.push(self.alter("DROP EXPRESSION"));
        }
        let has_other = self.has_other_type || self.has_other_collation;
        if has_other || (&old.type_name, &old.collation) != (&new.type_name, &new.collation) {
            let action = self.retype();
            let is_known = !has_other || self.has_other_enum();
            if (self.is_rewritten() || self.rebuilt.is_some()) && is_known && !self.is_foreign() {
                let is_other = |hazard: &&Hazard| !matches!(hazard, Hazard::TableRewrite(_) | Hazard::BlockingLock(_));
                let hazards = action.hazards.iter().filter(is_other).cloned().collect();
                change.conversion =
                    Some(Conversion { forth: self.conversion(), back: self.reverse().conversion(), hazards });
            }
            change.actions.push(action);
            change.changes_type = true;
            change.keeps_rows = !self.is_rewritten();
            change.drops_default = self.has_other_type || old.base != new.base;
        }
        if let Some(clause) = self.foreign_options() {
            change.actions.push(self.alter(&clause));
        }
        if !old.not_null && new.not_null {
            change.actions.push(set_not_null(self.table_name(), new, self.is_foreign()));
        }
        if new.sequence.is_some() {
            self.change_identity(&mut change);
        }
        if old.not_null && !new.not_null {
            change.actions.push(self.alter("DROP NOT NULL"));
        }
        change
    }

    fn table_name(&self) -> &str {
        self.new_elements.model.relations.get(&self.table).map(|table| table.name.as_str()).unwrap_or_default()
    }

    /// Whether the table is a foreign one: its rows are neither converted nor checked.
    fn is_foreign(&self) -> bool {
        self.new_elements.model.relations.get(&self.table).is_some_and(|table| table.kind == "f")
    }

    /// What changes the options of the column of a foreign table.
    fn foreign_options(&self) -> Option<String> {
        item(self.old_elements, self.old_table, self.old.number)?;
        item(self.new_elements, self.table, self.new.number)?;
        foreign::clause(&self.old.server_options, &self.new.server_options)
    }

    fn name(&self) -> String {
        format!("{}.{}", self.table_name(), self.new.name)
    }

    fn alter(&self, action: &str) -> Action {
        Action::new(format!("ALTER COLUMN {} {action}", self.new.name))
    }

    fn change_identity(&self, change: &mut ColumnChange) {
        let (old, new) = (self.old, self.new);
        // The identity that a partition has from its table goes when it is detached.
        if old.sequence.is_none() {
            let Some(item) = item(self.new_elements, self.table, new.number) else { return };
            change.drops_default = true;
            let mut action = self.alter(&format!("ADD{}", item.inline));
            let table = self.table_name();
            let sequence = new.sequence.and_then(|oid| self.new_elements.model.sequences.get(&oid));
            let Some(first) = sequence.map(|sequence| sequence.after(&new.name)) else { return };
            let start =
                Statement::new(format!("SELECT setval({}, {first}, false) FROM {table};", new.own_sequence(table)));
            // Unless the column has an index, which most have, the table is scanned.
            action.then = Some(start.with(Hazard::BlockingLock(table.to_owned())));
            change.actions.push(action);
            return;
        }
        let (mut clauses, mut first) = (Vec::new(), None);
        if old.identity != new.identity {
            let kind = if new.identity == "a" { "ALWAYS" } else { "BY DEFAULT" };
            clauses.push(format!("SET GENERATED {kind}"));
        }
        let sequence_of = |elements: &Elements, column: &Column| {
            column.sequence.and_then(|oid| elements.model.sequences.get(&oid).cloned())
        };
        if let (Some(before), Some(after)) = (sequence_of(self.old_elements, old), sequence_of(self.new_elements, new))
        {
            // PostgreSQL changes the type of the sequence with that of the column.
            let differing = sequence::clauses(&before, &after).into_iter().filter(|clause| !clause.starts_with("AS "));
            let set = |clause: String| if clause == sequence::RESTART { clause } else { format!("SET {clause}") };
            clauses.extend(differing.map(set));
            first = sequence::moved(&before, &after);
        }
        if !clauses.is_empty() {
            change.actions.push(Action { first, ..self.alter(&clauses.join(" ")) });
        }
    }

    fn retype(&self) -> Action {
        let (old, new) = (self.old, self.new);
        let mut text = format!("TYPE {}", new.type_name);
        if let Some(collation) = &new.collation {
            text += &format!(" COLLATE {collation}");
        }
        let mut hazards = Vec::new();
        if self.is_foreign() {
            return self.alter(&text);
        }
        if new.generated.is_empty() {
            match self.cast(&new.name) {
                Cast::None if !new.has_checked_type || old.type_name == new.type_name => {}
                Cast::None | Cast::Checked => hazards.push(Hazard::DependsOnRows(self.name())),
                Cast::Written(using, is_guessed) => {
                    text += &format!(" USING {using}");
                    hazards.extend(self.cast_hazard(is_guessed));
                }
            }
        }
        if self.is_rewritten() {
            hazards.push(Hazard::TableRewrite(self.table_name().to_owned()));
        } else {
            hazards.extend(self.rebuilt.clone());
        }
        Action { hazards, ..self.alter(&text) }
    }

    /// Whether the table is rewritten. A limit that is raised or dropped is only a change of the catalog.
    fn is_rewritten(&self) -> bool {
        let (old, new) = (self.old, self.new);
        let limits_of = |column: &Column| -> Option<Vec<u32>> {
            let (_, rest) = column.type_name.split_once('(')?;
            rest.split(')').next()?.split(',').map(|number| number.parse().ok()).collect()
        };
        let is_text = |column: &Column| matches!(column.base.as_str(), "text" | "character varying");
        let is_domain = |name: &String| {
            self.new_elements.model.types.values().any(|found| found.kind == "d" && found.name == *name)
        };
        let becomes_domain = old.type_name != new.type_name && (new.has_checked_type || is_domain(&new.type_name));
        // The constraints of a domain are checked.
        let has_other = self.has_other_type || self.has_other_collation;
        if has_other || old.collation != new.collation || becomes_domain {
            return true;
        }
        if is_text(old) && is_text(new) {
            return match (limits_of(old), limits_of(new)) {
                (_, None) => false,
                (Some(before), Some(after)) => before > after,
                (None, Some(_)) => true,
            };
        }
        if old.base == "numeric" && new.base == "numeric" {
            return match (limits_of(old), limits_of(new)) {
                (_, None) => false,
                (Some(before), Some(after)) => before.first() > after.first() || before.get(1) != after.get(1),
                (None, Some(_)) => true,
            };
        }
        let cast = self.new_elements.model.casts.get(&(old.base.clone(), new.base.clone()));
        let is_coercible = cast.is_some_and(|cast| cast.is_binary());
        // A limit is applied to every value.
        !is_coercible || new.type_name.contains('(')
    }

    /// Whether the type is another enum with the same name, or an array of one.
    fn has_other_enum(&self) -> bool {
        let is_enum = labels(self.old_elements, self.old).and(labels(self.new_elements, self.new)).is_some();
        self.has_other_type && !self.has_other_collation && is_enum
    }

    /// The change in the other direction.
    fn reverse(&self) -> Self {
        let (old_elements, new_elements) = (self.new_elements, self.old_elements);
        let (table, old_table) = (self.old_table, self.table);
        Self { old_elements, new_elements, table, old_table, old: self.new, new: self.old, rebuilt: None, ..*self }
    }

    /// The expression that converts a value in a trigger, whose function has only `pg_catalog` in its search path.
    fn conversion(&self) -> Option<String> {
        let Column { type_name, type_schema, .. } = self.new;
        match self.cast(VALUE) {
            Cast::None | Cast::Checked => None,
            Cast::Written(expression, _) => Some(match expression.strip_suffix(&format!("::{type_name}")) {
                Some(start) => format!("{start}::{type_schema}{type_name}"),
                None => expression,
            }),
        }
    }

    /// What may go wrong when values are converted by an expression.
    fn cast_hazard(&self, is_guessed: bool) -> Option<Hazard> {
        if is_guessed {
            return Some(Hazard::GuessedCast(self.name()));
        }
        let enums = labels(self.old_elements, self.old).zip(labels(self.new_elements, self.new));
        let Some((before, after)) = enums.filter(|_| self.has_other_type) else {
            return Some(Hazard::DependsOnRows(self.name()));
        };
        let removed: Vec<String> = before.iter().filter(|label| !after.contains(label)).cloned().collect();
        (!removed.is_empty()).then(|| Hazard::LabelsRemoved(format!("{} ({})", self.name(), removed.join(", "))))
    }

    /// How values are converted.
    fn cast(&self, column: &str) -> Cast {
        let (old, new) = (self.old, self.new);
        let target = &new.type_name;
        if self.has_other_type {
            let (from_array, to_array) = (old.type_name.ends_with("[]"), target.ends_with("[]"));
            let text = if from_array && to_array { "text[]" } else { "text" };
            return Cast::Written(format!("{column}::{text}::{target}"), from_array != to_array);
        }
        if old.base == new.base {
            let is_limited = old.type_name != new.type_name && new.type_name.contains('(');
            return if is_limited && self.is_rewritten() { Cast::Checked } else { Cast::None };
        }
        let element = |name: &str| name.strip_suffix("[]").map(str::to_owned);
        let (from, to, is_array) = match (element(&old.base), element(&new.base)) {
            (Some(from), Some(to)) => (from, to, true),
            _ => (old.base.clone(), new.base.clone(), false),
        };
        let casts = &self.new_elements.model.casts;
        let context = casts.get(&(from, to.clone())).map(|cast| cast.context.as_str()).unwrap_or_default();
        let is_string = |name: &str| matches!(name, "text" | "character varying" | "character" | "name");
        match (context, is_array) {
            ("i", _) => Cast::None,
            // Narrowing fails for values that do not fit.
            ("a", _) => Cast::Checked,
            ("e", _) => Cast::Written(format!("{column}::{target}"), true),
            (_, false) if new.category == "S" => Cast::None,
            (_, true) if is_string(&to) => Cast::Written(format!("{column}::{target}"), false),
            (_, false) if old.category == "S" => Cast::Written(format!("{column}::{target}"), true),
            (_, true) => Cast::Written(format!("{column}::text[]::{target}"), true),
            (_, false) => Cast::Written(format!("{column}::text::{target}"), true),
        }
    }
}

/// The labels, quoted, of a column whose type is an enum or an array of one.
fn labels<'a>(elements: &'a Elements, column: &Column) -> Option<&'a Vec<String>> {
    let name = column.type_name.trim_end_matches("[]");
    let found = elements.model.types.values().find(|found| found.name == name && found.kind == "e")?;
    Some(&found.labels)
}

/// Stands for the value in a [`Conversion`].
pub(crate) const VALUE: &str = "$value";

/// How the values of a column are converted to another type.
enum Cast {
    /// PostgreSQL does it, and it cannot fail.
    None,
    /// PostgreSQL does it, and fails if a value does not fit.
    Checked,
    /// An expression, and whether it may lose something.
    Written(String, bool),
}

/// The column in the statement that creates its table.
pub(crate) fn item(elements: &Elements, table: u32, number: u32) -> Option<&Item> {
    let object = elements.object_with((Class::Catalog(catalog::CLASS), table))?;
    object.items.iter().find(|item| item.position == number && !item.before.is_empty())
}

/// Whether a column is in the statement that creates its table, and not only inherited.
pub(crate) fn is_declared(elements: &Elements, column: Element) -> bool {
    match elements.kinds[column] {
        Kind::Column(table, index) => item(elements, table, elements.column(table, index).number).is_some(),
        _ => false,
    }
}

/// Makes a column NOT NULL, which the rows of its table have to be, unless that is a foreign one.
pub(crate) fn set_not_null(table: &str, column: &Column, is_foreign: bool) -> Action {
    let mut action = Action::new(format!("ALTER COLUMN {} SET NOT NULL", column.name));
    if !is_foreign {
        action.hazards.push(Hazard::DependsOnRows(format!("{table}.{}", column.name)));
    }
    action
}

/// The name, the type and the collation of a column. CREATE TABLE takes them from the type of a typed table, ADD COLUMN of one
/// that becomes typed does not.
pub(crate) fn start(elements: &Elements, table: u32, column: &Column) -> String {
    let is_typed = elements.model.relations.get(&table).is_some_and(|relation| relation.of_type.is_some());
    match item(elements, table, column.number).filter(|_| !is_typed) {
        Some(item) => item.before.clone(),
        None => format!("{} {}{}", column.name, column.type_name, column.collate()),
    }
}

/// A column as CREATE TABLE and ADD COLUMN write it.
pub(crate) fn definition(elements: &Elements, table: u32, column: &Column) -> String {
    let item = item(elements, table, column.number);
    let mut text = start(elements, table, column);
    if let Some(item) = item {
        return text + &item.inline + &item.after;
    }
    match (&column.expression, column.generated.as_str()) {
        (Some(expression), "s") => text += &format!(" GENERATED ALWAYS AS ({expression}) STORED"),
        (Some(expression), "v") => text += &format!(" GENERATED ALWAYS AS ({expression})"),
        (Some(expression), _) => text += &format!(" DEFAULT {expression}"),
        (None, _) => {}
    }
    if column.not_null {
        text += " NOT NULL";
    }
    text
}
