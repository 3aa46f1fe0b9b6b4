//! The columns of tables, views and composite types.

use crate::model::values::{Values, unquoted};
use crate::object::Setting;

/// Where the settings of columns are among those of a table. Each has ten numbers.
const PLACE: u32 = 2;

/// A column of a table, of a view or of a composite type.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) number: u32,
    /// Quoted.
    pub(crate) name: String,
    pub(crate) type_name: String,
    /// The collation, if it is not that of the type.
    pub(crate) collation: Option<String>,
    pub(crate) not_null: bool,
    /// The constraint for NOT NULL, which there is since PostgreSQL 18.
    pub(crate) not_null_constraint: Option<NotNull>,
    /// The OID of the default or of what generates the column.
    pub(crate) default: Option<u32>,
    /// The default, or what generates the column, as CREATE TABLE takes it.
    pub(crate) expression: Option<String>,
    /// Whether the default is in parentheses because DEFAULT needs them.
    is_in_parentheses: bool,
    /// `s`tored, `v`irtual or empty.
    pub(crate) generated: String,
    /// `a`lways, by `d`efault or empty.
    pub(crate) identity: String,
    /// The OID of the sequence of an identity column.
    pub(crate) sequence: Option<u32>,
    /// Whether it has been declared in its table.
    pub(crate) is_local: bool,
    /// As in `pg_attribute.attstorage`. Empty if it is that of the type and the column is not inherited.
    storage: String,
    /// That of the type, or empty, too.
    type_storage: String,
    /// As in `pg_attribute.attcompression`, or empty.
    compression: String,
    /// `None` if it is that of the server.
    statistics: Option<u32>,
    /// Options for the planner, as `name=value`.
    options: Vec<String>,
    /// The options of a foreign table's column for its server: quoted names and values.
    pub(crate) server_options: Vec<(String, String)>,
    /// How many parents have it. Read only for a diff, as what follows.
    pub(crate) inherited: u32,
    /// The type without modifiers and below domains.
    pub(crate) base: String,
    /// The category of that type; see `pg_type.typcategory`.
    pub(crate) category: String,
    /// Whether the default is computed for each row instead of once.
    pub(crate) is_volatile: bool,
    /// What qualifies the type where `public` is not in the search path: `public.` or nothing.
    pub(crate) type_schema: String,
    /// Whether the table is partitioned by it.
    pub(crate) is_in_partition_key: bool,
    /// Whether its type is a domain with constraints: PostgreSQL checks each row of a new column.
    pub(crate) has_checked_type: bool,
}

/// The constraint of a column for NOT NULL.
#[derive(Debug, Clone)]
pub(crate) struct NotNull {
    pub(crate) oid: u32,
    /// Quoted.
    pub(crate) name: String,
    /// Whether it has been declared in its table.
    pub(crate) is_local: bool,
    pub(crate) is_not_inherited: bool,
    pub(crate) is_valid: bool,
}

/// How the values of a column are stored; see [`Column`].
#[derive(Clone, Copy)]
struct Stored<'a> {
    storage: &'a str,
    compression: &'a str,
}

/// What a column has from the columns of the same name in the parents of its table.
#[derive(Debug, Default)]
pub(crate) struct Inherited<'a> {
    /// The number of the first parent that has it, and its number there.
    pub(crate) place: (usize, u32),
    pub(crate) not_null: bool,
    pub(crate) not_null_name: Option<&'a str>,
    pub(crate) expression: Option<&'a str>,
    pub(crate) storage: &'a str,
    pub(crate) compression: &'a str,
}

impl Column {
    /// Whether its values have fields, as those of a composite type or of the rows of a table do.
    pub(crate) fn is_composite(&self) -> bool {
        self.category == "C"
    }

    pub(crate) fn read(row: &mut Values) -> Self {
        let (number, name, type_name, collation) = (row.number(), row.text(), row.text(), row.optional());
        let (not_null, not_null_constraint) = (row.flag(), NotNull::read(&mut row.group()));
        let (default, expression, origin, is_local) = (row.oid(), row.sql(), row.text(), row.flag());
        let (mut details, mut for_diff) = (row.group(), row.group());
        let is_generated = matches!(origin.as_str(), "s" | "v");
        let (generated, identity) = if is_generated { (origin, String::new()) } else { (String::new(), origin) };
        let is_in_parentheses = !is_generated && expression.as_deref().is_some_and(needs_parentheses);
        Self {
            number,
            name,
            type_name,
            collation,
            not_null,
            not_null_constraint,
            default,
            expression: if is_in_parentheses { expression.map(|text| format!("({text})")) } else { expression },
            is_in_parentheses,
            generated,
            identity,
            sequence: None,
            is_local,
            storage: details.text(),
            type_storage: details.text(),
            compression: details.text(),
            statistics: details.optional().and_then(|text| text.parse().ok()),
            options: details.rest(),
            server_options: Vec::new(),
            inherited: for_diff.number(),
            base: for_diff.text(),
            category: for_diff.text(),
            is_volatile: for_diff.flag(),
            type_schema: for_diff.text(),
            is_in_partition_key: for_diff.flag(),
            has_checked_type: for_diff.flag(),
        }
    }

    pub(crate) fn has_default(&self) -> bool {
        self.expression.is_some() && self.generated.is_empty()
    }

    pub(crate) fn bare_name(&self) -> String {
        unquoted(&self.name)
    }

    /// The name, as an expression of SQL, of the sequence that an identity column of a table has.
    pub(crate) fn own_sequence(&self, table: &str) -> String {
        let (table, column) = (connection::quote_literal(table), connection::quote_literal(&self.bare_name()));
        format!("pg_get_serial_sequence({table}, {column})")
    }

    /// The default, or what generates the column, without the parentheses that DEFAULT needs.
    pub(crate) fn bare_expression(&self) -> Option<&str> {
        let text = self.expression.as_deref()?;
        Some(if self.is_in_parentheses { &text[1..text.len() - 1] } else { text })
    }

    /// The quoted name of the constraint for NOT NULL.
    pub(crate) fn not_null_name(&self) -> Option<&str> {
        self.not_null_constraint.as_ref().map(|constraint| constraint.name.as_str())
    }

    /// ` COLLATE …`, if it needs that.
    pub(crate) fn collate(&self) -> String {
        self.collation.as_ref().map(|collation| format!(" COLLATE {collation}")).unwrap_or_default()
    }

    /// `ALTER TABLE ONLY … SET DEFAULT …`, if it has a default.
    pub(crate) fn set_default(&self, table: &str) -> Option<String> {
        let expression = self.bare_expression().filter(|_| self.generated.is_empty())?;
        Some(format!("ALTER TABLE ONLY {table} ALTER COLUMN {} SET DEFAULT {expression};", self.name))
    }

    /// What differs from a new column of the type. If a table is created as a child, the column gets storage and compression
    /// from its parents, although the table declares it too.
    pub(crate) fn settings(&self, table: &str, above: Option<&Inherited<'_>>) -> Vec<Setting> {
        let usual = Stored { storage: &self.type_storage, compression: "" };
        self.settings_beside(table, usual, above.map_or(usual, |above| self.inherited_storage(above)))
    }

    /// What differs from the columns of its parents, apart from an own default.
    pub(crate) fn inherited_settings(&self, table: &str, above: &Inherited<'_>) -> Vec<Setting> {
        let mut settings = Vec::new();
        if let Some(expression) = above.expression.filter(|_| self.generated.is_empty() && self.expression.is_none()) {
            settings.push(self.setting(table, 1, "DROP DEFAULT", &format!("SET DEFAULT {expression}")));
        }
        if self.not_null && self.not_null_constraint.is_none() && !above.not_null {
            settings.push(self.setting(table, 2, "SET NOT NULL", "DROP NOT NULL"));
        }
        if !self.server_options.is_empty() {
            let options = self.server_options.iter();
            let added: Vec<String> = options.clone().map(|(name, value)| format!("ADD {name} {value}")).collect();
            let dropped: Vec<String> = options.map(|(name, _)| format!("DROP {name}")).collect();
            let text = |options: Vec<String>| format!("OPTIONS ({})", options.join(", "));
            settings.push(self.setting(table, 3, &text(added), &text(dropped)));
        }
        let stored = self.inherited_storage(above);
        settings.extend(self.settings_beside(table, stored, stored));
        settings
    }

    /// The identity of a child's column that it has from its parents: none of them makes it one.
    pub(crate) fn identity_setting(&self, table: &str, identity: &str) -> Setting {
        self.setting(table, 8, &format!("ADD{identity}"), "DROP IDENTITY")
    }

    fn inherited_storage<'s>(&'s self, above: &'s Inherited<'_>) -> Stored<'s> {
        let storage = if above.storage.is_empty() { &self.type_storage } else { above.storage };
        Stored { storage, compression: above.compression }
    }

    /// Storage and compression, as ALTER COLUMN … SET names them: the value, unless it is usual for the type, and that.
    pub(crate) fn storage(&self) -> [(&'static str, Option<&'static str>, &'static str); 2] {
        let (storage, usual) = (storage_name(&self.storage), storage_name(&self.type_storage));
        let (compression, default) = (compression_name(&self.compression), compression_name(""));
        [
            ("STORAGE", (storage != usual).then_some(storage), usual),
            ("COMPRESSION", (compression != default).then_some(compression), default),
        ]
    }

    /// What differs from what is usual, or from what CREATE TABLE makes it.
    fn settings_beside(&self, table: &str, usual: Stored<'_>, created: Stored<'_>) -> Vec<Setting> {
        let set = |what: &str, value: &str| format!("SET {what} {value}");
        let Stored { storage, compression } = usual;
        let stored = (self.storage != storage || self.storage != created.storage)
            .then(|| (4, set("STORAGE", storage_name(&self.storage)), set("STORAGE", storage_name(storage))));
        let compressed = (self.compression != compression || self.compression != created.compression).then(|| {
            let name = compression_name;
            (5, set("COMPRESSION", name(&self.compression)), set("COMPRESSION", name(compression)))
        });
        let counted = self.statistics.map(|target| (6, format!("SET STATISTICS {target}"), set("STATISTICS", "-1")));
        let optional = (!self.options.is_empty()).then(|| {
            let names: Vec<&str> = self.options.iter().filter_map(|option| option.split('=').next()).collect();
            (7, format!("SET ({})", self.options.join(", ")), format!("RESET ({})", names.join(", ")))
        });
        let settings = [stored, compressed, counted, optional].into_iter().flatten();
        settings.map(|(number, action, undo)| self.setting(table, number, &action, &undo)).collect()
    }

    fn setting(&self, table: &str, number: u32, action: &str, undo: &str) -> Setting {
        let kind = if action.starts_with("OPTIONS") { "FOREIGN TABLE" } else { "TABLE" };
        let alter = |action| format!("ALTER {kind} {table} ALTER COLUMN {} {action};", self.name);
        Setting {
            place: (PLACE, self.number * 10 + number),
            statement: alter(action),
            undo: Some(alter(undo)),
            column: self.number,
        }
    }
}

impl NotNull {
    fn read(row: &mut Values) -> Option<Self> {
        Some(Self {
            oid: row.oid()?,
            name: row.text(),
            is_local: row.flag(),
            is_not_inherited: row.flag(),
            is_valid: row.flag(),
        })
    }

    pub(crate) fn bare_name(&self) -> String {
        unquoted(&self.name)
    }

    /// The constraint, as ALTER TABLE takes it.
    pub(crate) fn clause(&self, column: &str) -> String {
        let not_inherited = if self.is_not_inherited { " NO INHERIT" } else { "" };
        let not_valid = if self.is_valid { "" } else { " NOT VALID" };
        format!("CONSTRAINT {} NOT NULL {column}{not_inherited}{not_valid}", self.name)
    }
}

impl<'a> Inherited<'a> {
    /// What a column has from a column of a parent, whose place among the parents is given.
    pub(crate) fn from(above: &'a Column, parent: usize) -> Self {
        let constraint = above.not_null_constraint.as_ref();
        Self {
            place: (parent, above.number),
            not_null: above.not_null && constraint.is_none_or(|constraint| !constraint.is_not_inherited),
            not_null_name: constraint.map(|constraint| constraint.name.as_str()),
            expression: above.bare_expression(),
            storage: &above.storage,
            compression: &above.compression,
        }
    }

    /// The same from another parent, too. If they differ, the first by text counts.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            place: self.place.min(other.place),
            not_null: self.not_null || other.not_null,
            not_null_name: self.not_null_name.into_iter().chain(other.not_null_name).min(),
            expression: self.expression.into_iter().chain(other.expression).min(),
            storage: self.storage.min(other.storage),
            compression: self.compression.min(other.compression),
        }
    }
}

/// Whether a setting is the storage or the compression of a column.
pub(crate) fn is_storage(setting: &Setting) -> bool {
    let (place, number) = setting.place;
    place == PLACE && matches!(number % 10, 4 | 5)
}

fn storage_name(storage: &str) -> &'static str {
    match storage {
        "p" => "PLAIN",
        "e" => "EXTERNAL",
        "m" => "MAIN",
        _ => "EXTENDED",
    }
}

fn compression_name(compression: &str) -> &'static str {
    match compression {
        "p" => "pglz",
        "l" => "lz4",
        _ => "default",
    }
}

/// The words in expressions that may need parentheses after DEFAULT in a definition: what is allowed there (`b_expr` in
/// PostgreSQL's grammar) has none of them.
const OUTSIDE_OF_B_EXPR: [&str; 16] = [
    "AND", "OR", "NOT", "IS", "ISNULL", "NOTNULL", "ANY", "ALL", "SOME", "IN", "LIKE", "ILIKE", "SIMILAR", "BETWEEN",
    "OVERLAPS", "COLLATE",
];

/// Whether an expression needs parentheses after DEFAULT.
pub(crate) fn needs_parentheses(expression: &str) -> bool {
    expression
        .split(|character: char| !character.is_alphanumeric() && character != '_')
        .any(|word| OUTSIDE_OF_B_EXPR.contains(&word))
}
