//! Indexes, also those of constraints.

use crate::model::options;
use crate::model::relation::Relation;
use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// The storage parameters, by access method, that PostgreSQL reads while it uses an index. It reads the others when it builds
/// one.
const ALTERABLE: [(&str, &[&str]); 5] = [
    ("btree", &["fillfactor", "deduplicate_items"]),
    ("gist", &["fillfactor"]),
    ("spgist", &["fillfactor"]),
    ("gin", &["fastupdate", "gin_pending_list_limit"]),
    ("brin", &["autosummarize"]),
];

/// An index.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) oid: u32,
    pub(crate) table: u32,
    /// As SQL names it.
    pub(crate) name: String,
    /// Without the schema, quoted.
    pub(crate) quoted_name: String,
    pub(crate) bare_name: String,
    /// As `pg_get_indexdef` writes it; in a dump, only if the index is not that of a constraint.
    pub(crate) definition: String,
    /// The OID of the constraint that it belongs to.
    pub(crate) constraint: Option<u32>,
    /// The OID of the index of a partitioned table that it is attached to.
    pub(crate) parent: Option<u32>,
    pub(crate) is_valid: bool,
    /// Whether it is that of a partitioned table.
    pub(crate) is_partitioned: bool,
    /// Whether it is the one of its table to cluster on.
    pub(crate) is_clustered: bool,
    /// Whether it is the one of its table to identify rows by.
    pub(crate) is_replica_identity: bool,
    /// Whether it is that of an exclusion constraint.
    is_exclusion: bool,
    /// Whether it has an expression or a condition.
    pub(crate) has_expressions: bool,
    /// Storage parameters, as `name=value`.
    options: Vec<String>,
    /// The quoted name; `None` if it is that of the database.
    tablespace: Option<String>,
    /// The numbers of expressions, and the statistics target of each that has one.
    statistics: Vec<(u32, u32)>,
    /// The names of its columns, with `_` between them. Read only for a diff, as what follows.
    pub(crate) column_names: String,
    /// The numbers of the columns that it makes unique; none if that depends on a condition or an expression.
    pub(crate) unique_columns: Vec<u32>,
    /// The operator classes of its keys, with their schemas. Those that the types of the keys imply are not in the definition.
    pub(crate) operator_classes: Vec<String>,
}

impl Index {
    /// Whether it makes these columns unique, in any order.
    pub(crate) fn is_unique_on(&self, columns: &[u32]) -> bool {
        self.unique_columns.len() == columns.len() && self.unique_columns.iter().all(|column| columns.contains(column))
    }

    /// The definition without the name.
    pub(crate) fn nameless_definition(&self) -> Option<(&str, &str)> {
        self.definition.split_once(&format!(" {} ON ", self.quoted_name))
    }

    pub(crate) fn read(row: &mut Values) -> Self {
        let (oid, table, name, quoted_name) = (row.number(), row.number(), row.text(), row.text());
        let (definition, constraint, parent) = (row.definition().unwrap_or_default(), row.oid(), row.oid());
        let (flags, options) = (row.text(), row.texts());
        let definition = with_sorted_options(definition, &options);
        Self {
            oid,
            table,
            name,
            bare_name: unquoted(&quoted_name),
            quoted_name,
            definition,
            constraint,
            parent,
            is_valid: !flags.contains('i'),
            is_partitioned: flags.contains('p'),
            is_clustered: flags.contains('c'),
            is_replica_identity: flags.contains('r'),
            is_exclusion: flags.contains('x'),
            has_expressions: flags.contains('e'),
            options: sorted(options),
            tablespace: row.optional(),
            statistics: row.numbers().chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
            column_names: row.text(),
            unique_columns: row.numbers(),
            operator_classes: row.texts(),
        }
    }

    /// The statement that creates it, unless that of its constraint does. A failed CREATE INDEX CONCURRENTLY leaves an
    /// invalid index, which nothing can recreate.
    pub(crate) fn creation(&self) -> Option<String> {
        if !self.is_valid && !self.is_partitioned {
            return Some(format!("-- INVALID: {};", self.definition.replace('\n', " ")));
        }
        self.constraint.is_none().then(|| format!("{};", self.definition))
    }

    /// The statements for what its definition, or that of its constraint, can't say.
    pub(crate) fn settings(&self) -> Vec<String> {
        let is_key = self.creation().is_none();
        self.settings_beside(if is_key { &[] } else { &self.options }, None, &[])
    }

    /// The statements that make the settings of another index, which has the same definition but for the parameters, those
    /// of this one.
    pub(crate) fn changed_settings(&self, before: &Self) -> Vec<String> {
        self.settings_beside(&before.options, before.tablespace.as_deref(), &before.statistics)
    }

    /// The statements that make the settings of an index that comes with a new partition, which has the parameters of the one
    /// above it, and no statistics targets, those of this one.
    pub(crate) fn settings_below(&self, above: &Self) -> Vec<String> {
        self.settings_beside(&above.options, above.tablespace.as_deref(), &[])
    }

    /// The definition without what [`Self::changed_settings`] changes: PostgreSQL reads other parameters only when it builds
    /// an index, and changes none of that of a partitioned table.
    pub(crate) fn fixed_definition(&self) -> String {
        let methods = ALTERABLE.iter().filter(|(method, _)| self.definition.contains(&format!(" USING {method} (")));
        let alterable: Vec<&str> = methods.flat_map(|(_, names)| *names).copied().collect();
        self.definition_without(|name| !self.is_partitioned && alterable.contains(&name))
    }

    /// The definition without storage parameters.
    pub(crate) fn essence(&self) -> String {
        self.definition_without(|_| true)
    }

    fn definition_without(&self, is_left_out: impl Fn(&str) -> bool) -> String {
        let list = written(&self.definition, &self.options);
        let is_kept = |option: &&String| !is_left_out(option.split('=').next().unwrap_or_default());
        let kept: Vec<String> = list.iter().filter(is_kept).cloned().collect();
        let clause = if kept.is_empty() { String::new() } else { parameters(&kept) };
        self.definition.replacen(&parameters(&list), &clause, 1)
    }

    fn settings_beside(&self, options: &[String], tablespace: Option<&str>, statistics: &[(u32, u32)]) -> Vec<String> {
        let alter = |action: String| format!("ALTER INDEX {} {action};", self.name);
        let (reset, set) = options::changed(options, &self.options);
        let reset = (!reset.is_empty()).then(|| alter(format!("RESET ({})", reset.join(", "))));
        let set = (!set.is_empty()).then(|| alter(format!("SET ({})", set.join(", "))));
        let space = self.tablespace.as_deref();
        let moved = (space != tablespace).then(|| alter(format!("SET TABLESPACE {}", space.unwrap_or("pg_default"))));
        let target = |number: &u32, target: &str| alter(format!("ALTER COLUMN {number} SET STATISTICS {target}"));
        let is_gone = |(number, _): &&(u32, u32)| self.statistics.iter().all(|(kept, _)| kept != number);
        let usual = statistics.iter().filter(is_gone).map(|(number, _)| target(number, "-1"));
        let own = self.statistics.iter().filter(|one| !statistics.contains(one));
        let own = own.map(|(number, value)| target(number, &value.to_string()));
        [reset, set, moved].into_iter().flatten().chain(usual).chain(own).collect()
    }

    /// The statements that mark it as the one to cluster on or to identify rows by.
    fn marks(&self, table: &str) -> Vec<String> {
        let mark = |action| format!("ALTER TABLE {table} {action} {};", self.quoted_name);
        let clustered = self.is_clustered.then(|| mark("CLUSTER ON"));
        let identity = self.is_replica_identity.then(|| mark("REPLICA IDENTITY USING INDEX"));
        clustered.into_iter().chain(identity).collect()
    }

    /// The statements that remove these marks.
    pub(crate) fn undone_marks(&self, table: &str) -> Vec<String> {
        let undo = |action| format!("ALTER TABLE {table} {action};");
        let clustered = self.is_clustered.then(|| undo("SET WITHOUT CLUSTER"));
        let identity = self.is_replica_identity.then(|| undo("REPLICA IDENTITY DEFAULT"));
        clustered.into_iter().chain(identity).collect()
    }

    /// The index, what marks it, and what attaches it to that of a partitioned table.
    pub(crate) fn objects(&self, oid: u32, table: &Relation, above: Option<(&Self, &Relation)>) -> Vec<Object> {
        let key = |place| (table.rank(), table.name.clone(), place, self.bare_name.clone());
        let index = Object {
            id: (Class::Catalog(catalog::CLASS), oid),
            key: key(4),
            target: Some(format!("INDEX {}", self.name)),
            head: self.creation().into_iter().chain(self.settings()).collect::<Vec<_>>().join("\n"),
            ..Object::default()
        };
        let marks = self.marks(&table.name);
        let marked = (!marks.is_empty()).then(|| Object {
            id: (Class::Marked, oid),
            key: key(5),
            head: marks.join("\n"),
            ..Object::default()
        });
        // Exclusion constraints of partitions come with that of their parent: ATTACH PARTITION does not support them.
        let attached = above.filter(|_| !self.is_exclusion).map(|(above, table)| Object {
            id: (Class::Attached, oid),
            key: (5, table.name.clone(), 5, format!("{} {}", above.bare_name, self.name)),
            head: format!("ALTER INDEX {} ATTACH PARTITION {};", above.name, self.name),
            ..Object::default()
        });
        std::iter::once(index).chain(marked).chain(attached).collect()
    }
}

fn sorted(mut options: Vec<String>) -> Vec<String> {
    options.sort_unstable();
    options
}

/// A definition with its storage parameters sorted: the order in which they were set makes no difference.
fn with_sorted_options(definition: String, options: &[String]) -> String {
    if options.len() < 2 {
        return definition;
    }
    let list = written(&definition, options);
    definition.replacen(&parameters(&list), &parameters(&sorted(list.clone())), 1)
}

/// Storage parameters as a definition has them.
fn written(definition: &str, options: &[String]) -> Vec<String> {
    let written = |option: &String| match option.split_once('=') {
        Some((name, value)) if !definition.contains(option.as_str()) => format!("{name}='{value}'"),
        _ => option.clone(),
    };
    options.iter().map(written).collect()
}

fn parameters(list: &[String]) -> String {
    format!(" WITH ({})", list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::with_sorted_options;

    #[test]
    fn options_are_sorted_as_postgresql_writes_them() {
        let options = ["fillfactor=70", "deduplicate_items=off"].map(str::to_owned);
        let definition =
            "CREATE INDEX i ON t USING btree (a) WITH (fillfactor='70', deduplicate_items=off) WHERE a > 0";
        assert_eq!(
            with_sorted_options(definition.to_owned(), &options),
            "CREATE INDEX i ON t USING btree (a) WITH (deduplicate_items=off, fillfactor='70') WHERE a > 0"
        );
    }
}
