//! The catalog as typed objects, for the dump and the diff.
//!
//! A file for each kind has the object, how it is read from a row, and how it is written as SQL. What the server writes as a
//! definition is not parsed.

mod aggregate;
mod base_type;
pub(crate) mod cast;
mod collation;
pub(crate) mod column;
pub(crate) mod constraint;
pub(crate) mod data_type;
mod database_setting;
pub(crate) mod default_privileges;
mod dependency;
pub(crate) mod event_trigger;
pub(crate) mod extension;
mod firing;
pub(crate) mod foreign;
pub(crate) mod index;
mod language;
mod namespace;
mod operator;
pub(crate) mod options;
pub(crate) mod policy;
pub(crate) mod publication;
pub(crate) mod relation;
pub(crate) mod routine;
pub(crate) mod sequence;
mod statistics;
pub(crate) mod subscription;
mod table;
mod text_search;
pub(crate) mod trigger;
pub(crate) mod values;
mod view;

use std::collections::{BTreeMap, HashMap};

use connection::Row;

use crate::object::{Object, catalog};
use cast::Cast;
use collation::{Collation, Collations, Conversion};
pub(crate) use column::Column;
use column::Inherited;
pub(crate) use constraint::Constraint;
pub(crate) use data_type::Type;
use database_setting::DatabaseSetting;
use default_privileges::DefaultPrivileges;
use dependency::Dependency;
use event_trigger::EventTrigger;
use extension::Extension;
use foreign::{Server, UserMapping, Wrapper};
pub(crate) use index::Index;
use language::{AccessMethod, Language, Languages, Transform};
use namespace::Namespace;
use operator::{Operator, OperatorClass, OperatorFamily, Operators};
use policy::Policy;
use publication::Publication;
pub(crate) use relation::Relation;
use routine::Routine;
pub(crate) use sequence::Sequence;
use statistics::Statistics;
use subscription::Subscription;
use table::Table;
use text_search::{Configuration, Dictionary, Parser, Template, TextSearch};
use trigger::Trigger;
pub(crate) use values::Node;
use values::Values;
use view::View;

/// The queries; a row may complete that of an earlier one.
pub(crate) const QUERIES: [&str; 19] = [
    "SELECT 'migrator', {migrator}::regrole",
    include_str!("sql/relations.sql"),
    include_str!("sql/columns.sql"),
    include_str!("sql/constraints.sql"),
    include_str!("sql/sequences.sql"),
    include_str!("sql/views.sql"),
    include_str!("sql/server_options.sql"),
    include_str!("sql/schemas.sql"),
    include_str!("sql/languages.sql"),
    include_str!("sql/collations.sql"),
    include_str!("sql/operators.sql"),
    include_str!("sql/text_search.sql"),
    include_str!("sql/foreign.sql"),
    include_str!("sql/extensions.sql"),
    include_str!("sql/types.sql"),
    include_str!("sql/routines.sql"),
    include_str!("sql/indexes.sql"),
    include_str!("sql/triggers.sql"),
    include_str!("sql/default_privileges.sql"),
];

/// What depends on what, for a diff.
pub(crate) const DEPENDENCIES: &str = include_str!("sql/dependencies.sql");

/// The typed objects by OID.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// The role that migrates, as SQL names it.
    pub(crate) migrator: String,
    pub(crate) relations: BTreeMap<u32, Relation>,
    /// By the catalog and OID of their table, view or composite type, in their order.
    pub(crate) columns: HashMap<(u32, u32), Vec<Column>>,
    pub(crate) constraints: BTreeMap<u32, Constraint>,
    pub(crate) sequences: BTreeMap<u32, Sequence>,
    views: BTreeMap<u32, View>,
    namespaces: BTreeMap<u32, Namespace>,
    languages: Languages,
    collations: Collations,
    pub(crate) operators: Operators,
    text_search: TextSearch,
    pub(crate) extensions: BTreeMap<u32, Extension>,
    /// Those that are not of tables.
    pub(crate) types: BTreeMap<u32, Type>,
    pub(crate) routines: BTreeMap<u32, Routine>,
    /// By the types, as SQL names them.
    pub(crate) casts: BTreeMap<(String, String), Cast>,
    pub(crate) indexes: BTreeMap<u32, Index>,
    statistics: BTreeMap<u32, Statistics>,
    /// Triggers and rules, by the OID of their catalog and their own.
    pub(crate) triggers: BTreeMap<(u32, u32), Trigger>,
    pub(crate) policies: BTreeMap<u32, Policy>,
    pub(crate) wrappers: BTreeMap<u32, Wrapper>,
    pub(crate) servers: BTreeMap<u32, Server>,
    pub(crate) user_mappings: BTreeMap<u32, UserMapping>,
    pub(crate) publications: BTreeMap<u32, Publication>,
    pub(crate) subscriptions: BTreeMap<u32, Subscription>,
    pub(crate) event_triggers: BTreeMap<u32, EventTrigger>,
    pub(crate) default_privileges: BTreeMap<u32, DefaultPrivileges>,
    /// By the OID of the role, or 0.
    database_settings: BTreeMap<u32, DatabaseSetting>,
    /// Read only for a diff.
    pub(crate) dependencies: Vec<Dependency>,
}

impl Model {
    /// Reads the rows of these queries, and returns those of other queries, too.
    pub(crate) fn read(rows: Vec<Row>) -> (Self, Vec<Row>) {
        let mut model = Self::default();
        let others = rows.into_iter().filter_map(|row| model.add(row)).collect();
        (model, others)
    }

    fn add(&mut self, row: Row) -> Option<Row> {
        let tag = row.first().and_then(|tag| tag.as_deref()).unwrap_or_default();
        let read: fn(&mut Self, Values) = match tag {
            // First, because there are most of these.
            "needs" | "part" | "soft" => return Some(row),
            "column" => |model, mut row| {
                let owner = (row.number(), row.number());
                model.columns.entry(owner).or_default().push(Column::read(&mut row));
            },
            "dependency" => |model, mut row| model.dependencies.push(Dependency::read(&mut row)),
            "relation" => |model, row| insert(&mut model.relations, row, Relation::read),
            "constraint" => |model, mut row| {
                let constraint = Constraint::read(&mut row);
                model.constraints.insert(constraint.oid, constraint);
            },
            "sequence" => Self::add_sequence,
            "view" => |model, row| insert(&mut model.views, row, View::read),
            "server option" => Self::add_server_option,
            "schema" => |model, row| insert(&mut model.namespaces, row, Namespace::read),
            "language" => |model, row| insert(&mut model.languages.languages, row, Language::read),
            "access method" => |model, row| insert(&mut model.languages.access_methods, row, AccessMethod::read),
            "transform" => |model, row| insert(&mut model.languages.transforms, row, Transform::read),
            "collation" => |model, row| insert(&mut model.collations.collations, row, Collation::read),
            "conversion" => |model, row| insert(&mut model.collations.conversions, row, Conversion::read),
            "operator" => |model, row| insert(&mut model.operators.operators, row, Operator::read),
            "operator family" => |model, row| insert(&mut model.operators.families, row, OperatorFamily::read),
            "operator class" => |model, row| insert(&mut model.operators.classes, row, OperatorClass::read),
            "parser" => |model, row| insert(&mut model.text_search.parsers, row, Parser::read),
            "template" => |model, row| insert(&mut model.text_search.templates, row, Template::read),
            "dictionary" => |model, row| insert(&mut model.text_search.dictionaries, row, Dictionary::read),
            "configuration" => |model, row| insert(&mut model.text_search.configurations, row, Configuration::read),
            "extension" => |model, row| insert(&mut model.extensions, row, Extension::read),
            "type" => |model, row| insert(&mut model.types, row, Type::read),
            "routine" => |model, row| insert(&mut model.routines, row, Routine::read),
            "cast" => |model, mut row| _ = model.casts.insert((row.text(), row.text()), Cast::read(&mut row)),
            "index" => |model, mut row| {
                let index = Index::read(&mut row);
                model.indexes.insert(index.oid, index);
            },
            "statistics" => |model, row| insert(&mut model.statistics, row, Statistics::read),
            "rule" => |model, row| model.add_trigger(catalog::REWRITE, row),
            "trigger" => |model, row| model.add_trigger(catalog::TRIGGER, row),
            "policy" => |model, row| insert(&mut model.policies, row, Policy::read),
            "wrapper" => |model, row| insert(&mut model.wrappers, row, Wrapper::read),
            "server" => |model, row| insert(&mut model.servers, row, Server::read),
            "user mapping" => |model, row| insert(&mut model.user_mappings, row, UserMapping::read),
            "publication" => |model, row| insert(&mut model.publications, row, Publication::read),
            "subscription" => |model, row| insert(&mut model.subscriptions, row, Subscription::read),
            "event trigger" => |model, row| insert(&mut model.event_triggers, row, EventTrigger::read),
            "default privileges" => |model, row| insert(&mut model.default_privileges, row, DefaultPrivileges::read),
            "migrator" => |model, mut row| model.migrator = row.text(),
            "setting" => |model, row| insert(&mut model.database_settings, row, DatabaseSetting::read),
            _ => return Some(row),
        };
        read(self, Values::of(row));
        None
    }

    fn add_sequence(&mut self, mut row: Values) {
        let (oid, sequence) = (row.number(), Sequence::read(&mut row));
        if let Some((table, number)) = sequence.owner.filter(|_| sequence.is_identity)
            && let Some(column) = self.column_mut(table, number)
        {
            column.sequence = Some(oid);
        }
        self.sequences.insert(oid, sequence);
    }

    fn add_trigger(&mut self, class: u32, mut row: Values) {
        self.triggers.insert((class, row.number()), Trigger::read(&mut row));
    }

    fn add_server_option(&mut self, mut row: Values) {
        let (table, number) = (row.number(), row.number());
        let options = match self.column_mut(table, number) {
            Some(column) => Some(&mut column.server_options),
            None => self.relations.get_mut(&table).map(|relation| &mut relation.server_options),
        };
        options.into_iter().for_each(|options| options.push((row.text(), row.text())));
    }

    fn column_mut(&mut self, table: u32, number: u32) -> Option<&mut Column> {
        self.columns.get_mut(&(catalog::CLASS, table))?.iter_mut().find(|column| column.number == number)
    }

    fn columns_of(&self, table: u32) -> &[Column] {
        self.columns.get(&(catalog::CLASS, table)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The objects as they are written.
    pub(crate) fn objects(&self) -> Vec<Object> {
        let mut constraints: HashMap<(u32, u32), Vec<&Constraint>> = HashMap::new();
        for constraint in self.constraints.values() {
            constraints.entry(constraint.owner).or_default().push(constraint);
        }
        let constraints = |owner| constraints.get(&owner).map(Vec::as_slice).unwrap_or_default();
        let mut sequences: HashMap<u32, Vec<&Sequence>> = HashMap::new();
        for sequence in self.sequences.values() {
            sequence.owner.iter().for_each(|(table, _)| sequences.entry(*table).or_default().push(sequence));
        }
        let mut objects = Vec::new();
        for (&oid, relation) in &self.relations {
            let columns = self.columns_of(oid);
            let constraints = constraints((catalog::CLASS, oid));
            let sequences = sequences.get(&oid).map(Vec::as_slice).unwrap_or_default();
            match relation.kind.as_str() {
                "S" => {}
                "v" | "m" => {
                    let view = self.views.get(&oid).into_iter();
                    objects.extend(view.flat_map(|view| view.objects(oid, relation, columns, sequences)));
                }
                _ => {
                    let inherited = self.inherited(relation);
                    objects.extend(Table { oid, relation, columns, constraints, sequences, inherited }.objects());
                }
            }
        }
        objects.extend(self.sequences.iter().map(|(&oid, sequence)| self.sequence_object(oid, sequence)));
        objects.extend(self.namespaces.iter().map(|(&oid, namespace)| namespace.object(oid)));
        objects.extend(self.languages.objects().chain(self.collations.objects()));
        objects.extend(self.operators.objects().chain(self.text_search.objects()));
        objects.extend(extension::objects(self.extensions.iter()));
        objects.extend(self.types.iter().flat_map(|(&oid, found)| {
            let owner = (catalog::TYPE, oid);
            let attributes = self.columns.get(&owner).map(Vec::as_slice).unwrap_or_default();
            found.objects(oid, attributes, constraints(owner))
        }));
        objects.extend(self.routines.iter().filter_map(|(&oid, routine)| routine.object(oid)));
        objects.extend(self.casts.iter().filter_map(|((source, target), cast)| cast.object(source, target)));
        objects.extend(self.parts_of_tables());
        objects.extend(self.wrappers.iter().map(|(&oid, wrapper)| wrapper.object(oid)));
        objects.extend(self.servers.iter().map(|(&oid, server)| server.object(oid)));
        objects.extend(self.user_mappings.iter().map(|(&oid, mapping)| mapping.object(oid)));
        objects.extend(self.publications.iter().map(|(&oid, publication)| publication.object(oid)));
        objects.extend(self.subscriptions.iter().map(|(&oid, subscription)| subscription.object(oid)));
        objects.extend(self.event_triggers.iter().map(|(&oid, trigger)| trigger.object(oid)));
        objects.extend(self.default_privileges.iter().map(|(&oid, privileges)| privileges.object(oid)));
        objects.extend(self.database_settings.iter().map(|(&oid, setting)| setting.object(oid)));
        objects
    }

    /// What belongs to a table or view and has statements of its own.
    fn parts_of_tables(&self) -> impl Iterator<Item = Object> {
        let table = |oid| self.relations.get(oid);
        let indexes = self.indexes.iter().filter_map(move |(&oid, index)| {
            let above = index.parent.and_then(|above| self.indexes.get(&above));
            let above = above.and_then(|above| Some((above, table(&above.table)?)));
            Some(index.objects(oid, table(&index.table)?, above))
        });
        let statistics = self.statistics.iter().map(|(&oid, statistics)| statistics.object(oid));
        let triggers = self.triggers.iter();
        let triggers = triggers.filter_map(move |(&id, trigger)| Some(trigger.object(id, table(&trigger.table)?)));
        let policies = self.policies.iter();
        let policies = policies.filter_map(move |(&oid, policy)| Some(policy.object(oid, table(&policy.table)?)));
        indexes.flatten().chain(statistics).chain(triggers).chain(policies)
    }

    fn sequence_object(&self, oid: u32, sequence: &Sequence) -> Object {
        let owner = sequence.owner.and_then(|(table, number)| {
            let column = self.columns_of(table).iter().find(|column| column.number == number)?;
            Some((self.relations.get(&table)?, column))
        });
        sequence.object(oid, owner)
    }

    /// What the columns of a table have from its parents, by their quoted names.
    fn inherited(&self, relation: &Relation) -> HashMap<&str, Inherited<'_>> {
        let mut inherited: HashMap<&str, Inherited<'_>> = HashMap::new();
        for (place, &parent) in relation.parents.iter().enumerate() {
            for column in self.columns_of(parent) {
                let name = column.name.as_str();
                let from = Inherited::from(column, place);
                let both = match inherited.remove(name) {
                    Some(earlier) => earlier.and(from),
                    None => from,
                };
                inherited.insert(name, both);
            }
        }
        inherited
    }
}

fn insert<T>(objects: &mut BTreeMap<u32, T>, mut row: Values, read: fn(&mut Values) -> T) {
    objects.insert(row.number(), read(&mut row));
}
