//! Tables and foreign tables, written with their columns and constraints.

use std::collections::HashMap;

use crate::model::column::{Column, Inherited};
use crate::model::constraint::{self, Constraint};
use crate::model::relation::{Relation, server_options};
use crate::model::sequence::{self, Sequence};
use crate::object::{Body, Class, Item, Object, Setting, catalog};

/// A table with what its statement has.
pub(crate) struct Table<'a> {
    pub(crate) oid: u32,
    pub(crate) relation: &'a Relation,
    pub(crate) columns: &'a [Column],
    pub(crate) constraints: &'a [&'a Constraint],
    /// The sequences of its columns.
    pub(crate) sequences: &'a [&'a Sequence],
    /// What its columns have from parents, by their quoted names.
    pub(crate) inherited: HashMap<&'a str, Inherited<'a>>,
}

impl<'a> Table<'a> {
    /// The table, and what has a statement of its own: constraints, and defaults in place of inherited ones.
    pub(crate) fn objects(&self) -> Vec<Object> {
        let is_attached = self.is_attached();
        let creation = Creation { table: self, is_attached };
        let mut objects = vec![creation.object()];
        objects.extend(self.columns.iter().filter_map(|column| creation.own_default(column)));
        objects.extend(self.columns.iter().filter_map(|column| self.unchecked_not_null(column)));
        let apart = self.constraints.iter().filter(|one| creation.has(one) && !creation.includes(one));
        objects.extend(apart.map(|constraint| constraint.object(&self.relation.name)));
        objects
    }

    fn is_partition(&self) -> bool {
        self.relation.partition_of.is_some()
    }

    fn inherited(&self, column: &Column) -> Option<&Inherited<'a>> {
        self.inherited.get(column.name.as_str())
    }

    /// Whether it is created as a table of its own and attached. A partition is created as such only if that gives it the
    /// same columns in the same order. In the same way, a child that has all columns of its parents as its own is attached
    /// if their order differs.
    fn is_attached(&self) -> bool {
        if self.relation.parents.is_empty() || self.is_as_created() {
            return false;
        }
        let is_own = |column: &Column| {
            column.is_local && column.not_null_constraint.as_ref().is_none_or(|constraint| constraint.is_local)
        };
        let is_inherited_check = |constraint: &&Constraint| constraint.kind == "c" && constraint.is_inherited;
        self.is_partition() || self.columns.iter().all(is_own) && !self.constraints.iter().any(is_inherited_check)
    }

    /// Whether a table that is created as a child has these columns in this order: those of the parents come first.
    fn is_as_created(&self) -> bool {
        let place = |column: &Column| self.inherited(column).map_or((usize::MAX, column.number), |above| above.place);
        let is_usual = |column: &Column| {
            let above = self.inherited(column);
            let names = column.not_null_name().zip(above.and_then(|above| above.not_null_name));
            names.is_none_or(|(name, above)| name == above)
                && (column.generated.is_empty() || column.bare_expression() == above.and_then(|above| above.expression))
        };
        self.columns.is_sorted_by_key(place) && (!self.is_partition() || self.columns.iter().all(is_usual))
    }

    /// A constraint for NOT NULL that has not been validated.
    fn unchecked_not_null(&self, column: &Column) -> Option<Object> {
        let constraint = column.not_null_constraint.as_ref().filter(|one| one.is_local && !one.is_valid)?;
        let name = &self.relation.name;
        let addition = format!("ALTER TABLE {name} ADD {};", constraint.clause(&column.name));
        Some(constraint::object(constraint.oid, name, &constraint.name, addition))
    }

    /// The name that PostgreSQL gives to what belongs to a column.
    fn usual_name(&self, column: &Column, suffix: &str) -> String {
        format!("{}_{}_{suffix}", self.relation.bare_name, column.bare_name())
    }
}

/// The statement that creates a table.
struct Creation<'a> {
    table: &'a Table<'a>,
    is_attached: bool,
}

impl Creation<'_> {
    fn object(&self) -> Object {
        let Table { oid, relation, columns, constraints, .. } = self.table;
        let mut items: Vec<Item> = columns.iter().filter_map(|column| self.column(column)).collect();
        items.extend(columns.iter().filter_map(|column| self.not_null(column)));
        items.extend(constraints.iter().filter(|one| self.includes(one)).map(|one| self.constraint(one)));
        let unlogged = if relation.persistence == "u" { "UNLOGGED " } else { "" };
        let (of, has_columns_already) = match &relation.of_type {
            _ if self.is_partition() => (format!(" PARTITION OF {}", relation.parent_names.join(", ")), true),
            Some(of_type) => (format!(" OF {of_type}"), true),
            None => (String::new(), false),
        };
        Object {
            id: (Class::Catalog(catalog::CLASS), *oid),
            key: (5, relation.name.clone(), 1, String::new()),
            target: Some(relation.target()),
            owner: relation.owner.clone(),
            head: format!("CREATE {unlogged}{}{of}", relation.target()),
            body: Some(if has_columns_already { Body::OptionalList } else { Body::List }),
            items,
            middle: self.clauses(),
            options: relation.options.clone(),
            tail: format!("{};", self.tablespace()),
            more: self.settings(),
            ..Object::default()
        }
    }

    fn is_partition(&self) -> bool {
        self.table.is_partition() && !self.is_attached
    }

    /// Whether the list of columns has it.
    fn lists(&self, column: &Column) -> bool {
        if self.table.is_partition() { self.is_attached } else { column.is_local }
    }

    /// What follows the columns.
    fn clauses(&self) -> String {
        let relation = self.table.relation;
        let mut text = match &relation.bound {
            _ if self.is_attached || relation.parents.is_empty() => String::new(),
            Some(bound) => format!(" {bound}"),
            None => format!(" INHERITS ({})", relation.parent_names.join(", ")),
        };
        if let Some(key) = &relation.partition_key {
            text += &format!(" PARTITION BY {key}");
        }
        match &relation.server {
            Some(server) => text + &format!(" SERVER {server}{}", server_options(&relation.server_options)),
            None => text + &relation.using(),
        }
    }

    fn tablespace(&self) -> String {
        let usual = (self.table.relation.has_parent_tablespace && !self.is_attached).then_some("pg_default");
        let space = self.table.relation.tablespace.as_deref().or(usual);
        space.map(|space| format!(" TABLESPACE {space}")).unwrap_or_default()
    }

    fn settings(&self) -> Vec<Setting> {
        let Table { relation, columns, sequences, .. } = self.table;
        let Relation { name, parent_names, .. } = relation;
        let mut settings = Vec::new();
        for (number, parent) in (0..).zip(parent_names).filter(|_| self.is_attached) {
            let statement = match &relation.bound {
                Some(bound) => format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bound};"),
                None => format!("ALTER TABLE {name} INHERIT {parent};"),
            };
            settings.push(Setting { place: (0, number), statement, ..Setting::default() });
        }
        settings.extend(relation.settings());
        for column in *columns {
            let above = self.table.inherited(column).filter(|_| !self.is_attached);
            match above.filter(|_| !self.lists(column)) {
                Some(above) => {
                    settings.extend(column.inherited_settings(name, above));
                    let identity = column.sequence.map(|_| self.identity(column));
                    settings.extend(identity.map(|identity| column.identity_setting(name, &identity)));
                }
                None => settings.extend(column.settings(name, above)),
            }
        }
        settings.extend(sequence::ownerships(sequences, name, columns));
        settings
    }

    /// A column in the list, or the default of another one, which is written only to break a circle.
    fn column(&self, column: &Column) -> Option<Item> {
        let Table { relation, .. } = self.table;
        let part = column.default.map(|oid| (Class::Catalog(catalog::ATTRDEF), oid));
        let item = Item {
            position: column.number,
            name: column.bare_name(),
            part,
            apart: column.set_default(&relation.name),
            ..Item::default()
        };
        if !self.lists(column) {
            return (item.apart.is_some() && !self.has_own_default(column)).then_some(item);
        }
        let is_own_not_null =
            column.not_null && column.not_null_constraint.as_ref().is_none_or(|constraint| constraint.is_local);
        if relation.of_type.is_some() && column.expression.is_none() && !is_own_not_null {
            return None;
        }
        let before = match &relation.of_type {
            Some(_) => format!("{} WITH OPTIONS", column.name),
            None => {
                let options = server_options(&column.server_options);
                format!("{} {}{}{options}", column.name, column.type_name, column.collate())
            }
        };
        Some(Item { before, inline: self.generation(column), after: self.not_null_clause(column), ..item })
    }

    /// The default of a column, its identity, or what generates it.
    fn generation(&self, column: &Column) -> String {
        match (&column.expression, column.generated.as_str()) {
            (Some(expression), "s") => format!(" GENERATED ALWAYS AS ({expression}) STORED"),
            (Some(expression), "v") => format!(" GENERATED ALWAYS AS ({expression})"),
            // A partition has the identity of its table.
            (_, _) if !column.identity.is_empty() && self.table.is_partition() => String::new(),
            (_, _) if !column.identity.is_empty() => self.identity(column),
            (Some(expression), _) => format!(" DEFAULT {expression}"),
            (None, _) => String::new(),
        }
    }

    fn identity(&self, column: &Column) -> String {
        let always = if column.identity == "a" { "ALWAYS" } else { "BY DEFAULT" };
        let sequence = sequence::of_identity(self.table.sequences, column);
        let options = sequence.map(|sequence| {
            let is_usual = sequence.bare_name == self.table.usual_name(column, "seq");
            let name = (!is_usual).then(|| format!("SEQUENCE NAME {}", sequence.name));
            name.into_iter().chain(sequence.options()).collect::<Vec<_>>().join(" ")
        });
        let options = options.filter(|text| !text.is_empty()).map(|text| format!(" ({text})")).unwrap_or_default();
        format!(" GENERATED {always} AS IDENTITY{options}")
    }

    /// NOT NULL in the definition of a column, unless it has it anyway.
    fn not_null_clause(&self, column: &Column) -> String {
        let constraint = column.not_null_constraint.as_ref();
        let is_usual = constraint.is_none_or(|one| one.bare_name() == self.table.usual_name(column, "not_null"));
        let is_implied = !column.identity.is_empty() && !self.table.is_partition() && is_usual;
        let is_elsewhere = constraint.is_some_and(|one| !one.is_valid || (!one.is_local && !self.is_attached));
        if !column.not_null || is_implied || is_elsewhere {
            return String::new();
        }
        let name = constraint.filter(|_| !is_usual).map(|one| format!(" CONSTRAINT {}", one.name)).unwrap_or_default();
        let no_inherit = constraint.is_some_and(|one| one.is_not_inherited);
        format!("{name} NOT NULL{}", if no_inherit { " NO INHERIT" } else { "" })
    }

    /// The NOT NULL of an inherited column, as a constraint of the child; that of another column is part of the column, and
    /// here only for its comment.
    fn not_null(&self, column: &Column) -> Option<Item> {
        let constraint = column.not_null_constraint.as_ref().filter(|one| one.is_valid || !one.is_local)?;
        let is_written = !self.lists(column) && constraint.is_local;
        Some(Item {
            position: 2000 + column.number,
            name: constraint.bare_name(),
            inline: if is_written { constraint.clause(&column.name) } else { String::new() },
            part: Some((Class::Catalog(catalog::CONSTRAINT), constraint.oid)),
            target: Some(constraint::target(&constraint.name, &self.table.relation.name)),
            ..Item::default()
        })
    }

    /// Whether the default of a column that is not in the list differs from the one that it inherits.
    fn has_own_default(&self, column: &Column) -> bool {
        column.bare_expression() != self.table.inherited(column).and_then(|above| above.expression)
    }

    /// A default in place of the inherited one.
    fn own_default(&self, column: &Column) -> Option<Object> {
        let name = &self.table.relation.name;
        let head = column.set_default(name).filter(|_| !self.lists(column) && self.has_own_default(column))?;
        let id = (Class::Catalog(catalog::ATTRDEF), column.default?);
        Some(Object { id, key: (5, name.clone(), 2, column.bare_name()), head, ..Object::default() })
    }

    /// Whether the table does not have it from a parent.
    fn has(&self, constraint: &Constraint) -> bool {
        match constraint.kind.as_str() {
            "c" => !constraint.is_inherited || self.is_attached,
            "p" | "u" => true,
            _ => constraint.parent.is_none(),
        }
    }

    /// Whether a constraint is part of the statement. A foreign key may need a table that is created later, NOT VALID is not
    /// possible there, and of several keys with the same columns only one would be created. A partition is created before
    /// the key of its table.
    fn includes(&self, constraint: &Constraint) -> bool {
        if constraint.kind == "c" {
            return self.has(constraint) && constraint.is_valid;
        }
        let is_first = |other: &&&Constraint| {
            other.is_key() && other.columns == constraint.columns && other.rank() < constraint.rank()
        };
        self.has(constraint)
            && constraint.is_valid
            && constraint.kind != "f"
            && self.table.relation.kind != "p"
            && !(constraint.kind == "p" && self.inherits_not_null(&constraint.columns))
            && !(constraint.is_key() && self.table.constraints.iter().any(|other| is_first(&other)))
    }

    /// A key in CREATE TABLE names the NOT NULL of its columns; the inherited one has a name already.
    fn inherits_not_null(&self, numbers: &[u32]) -> bool {
        let is_inherited = |column: &Column| column.not_null_constraint.as_ref().is_some_and(|one| !one.is_local);
        let mut columns = self.table.columns.iter().filter(|column| numbers.contains(&column.number));
        !self.table.relation.parents.is_empty() && !self.is_attached && columns.any(is_inherited)
    }

    fn constraint(&self, constraint: &Constraint) -> Item {
        let table = &self.table.relation.name;
        Item {
            position: if constraint.kind == "p" { 5000 } else { 5001 },
            name: constraint.bare_name(),
            inline: constraint.clause(),
            part: Some((Class::Catalog(catalog::CONSTRAINT), constraint.oid)),
            apart: (constraint.kind == "c").then(|| constraint.addition(table)),
            target: Some(constraint::target(&constraint.name, table)),
            ..Item::default()
        }
    }
}
