//! Types that are not those of tables: enums, composite types, domains, ranges and base types.

use crate::model::base_type::BaseType;
use crate::model::column::{Column, needs_parentheses};
use crate::model::constraint::Constraint;
use crate::model::values::{Values, unquoted};
use crate::object::{Body, Class, Item, Object, catalog};

/// A type.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    /// As in `pg_type.typtype`.
    pub(crate) kind: String,
    /// As SQL names it.
    pub(crate) name: String,
    pub(crate) bare_name: String,
    pub(crate) schema: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// The type below a domain.
    pub(crate) base: Option<String>,
    /// The collation of a domain, if it is not that of the type below.
    pub(crate) collation: Option<String>,
    pub(crate) default: Option<String>,
    pub(crate) not_null: bool,
    /// The OID and the quoted name of the constraint for NOT NULL, which there is since PostgreSQL 17.
    not_null_constraint: Option<(u32, String)>,
    /// The labels of an enum, quoted.
    pub(crate) labels: Vec<String>,
    form: Option<Form>,
    /// In how many columns it is used. Read only for a diff, as what follows.
    pub(crate) uses: u32,
    /// The OIDs of the functions that construct a range, or its multirange.
    pub(crate) constructors: Vec<u32>,
}

/// What only some kinds of types have.
#[derive(Debug, Clone)]
enum Form {
    Range(Range),
    Base(Box<BaseType>),
}

/// What a range type is made of, as SQL names it.
#[derive(Debug, Clone)]
struct Range {
    subtype: String,
    /// `None` if it is the usual one, as for the collation.
    operator_class: Option<String>,
    collation: Option<String>,
    canonical: Option<String>,
    difference: Option<String>,
    multirange: String,
}

impl Range {
    fn read(row: &mut Values) -> Self {
        Self {
            subtype: row.text(),
            operator_class: row.optional(),
            collation: row.optional(),
            canonical: row.optional(),
            difference: row.optional(),
            multirange: row.text(),
        }
    }

    fn creation(&self, name: &str) -> String {
        let Self { subtype, multirange, .. } = self;
        let options = [
            (", SUBTYPE_OPCLASS = ", &self.operator_class),
            (", COLLATION = ", &self.collation),
            (", CANONICAL = ", &self.canonical),
            (", SUBTYPE_DIFF = ", &self.difference),
        ];
        let options = options.into_iter().filter_map(|(keyword, value)| Some(format!("{keyword}{}", value.as_ref()?)));
        let options: String = options.collect();
        format!("CREATE TYPE {name} AS RANGE (SUBTYPE = {subtype}{options}, MULTIRANGE_TYPE_NAME = {multirange});")
    }
}

impl Type {
    pub(crate) fn read(row: &mut Values) -> Self {
        let (kind, name, bare_name, schema, owner) = (row.text(), row.text(), row.text(), row.text(), row.optional());
        let (base, collation, default, not_null) = (row.optional(), row.optional(), row.sql(), row.flag());
        let (mut not_null_constraint, labels, mut form) = (row.group(), row.texts(), row.group());
        Self {
            not_null_constraint: not_null_constraint.oid().map(|oid| (oid, not_null_constraint.text())),
            form: match kind.as_str() {
                "r" => Some(Form::Range(Range::read(&mut form))),
                "b" => Some(Form::Base(Box::new(BaseType::read(&mut form)))),
                _ => None,
            },
            kind,
            name,
            bare_name,
            schema,
            owner,
            base,
            collation,
            default,
            not_null,
            labels,
            uses: row.number(),
            constructors: row.numbers(),
        }
    }

    /// The type with its attributes or constraints, its shell, and the constraints that have not been validated.
    pub(crate) fn objects(&self, oid: u32, attributes: &[Column], constraints: &[&Constraint]) -> Vec<Object> {
        let name = &self.name;
        let is_domain = self.kind == "d";
        let mut items: Vec<Item> = self.not_null_constraint.iter().map(|one| self.not_null(one)).collect();
        items.extend(constraints.iter().filter(|one| one.is_valid).map(|one| self.item(one)));
        let has_shell = match &self.form {
            Some(Form::Base(_)) => true,
            Some(Form::Range(range)) => range.canonical.is_some(),
            None => false,
        };
        let shell = has_shell.then(|| Object {
            id: (Class::Shell, oid),
            key: (2, name.clone(), 0, String::new()),
            head: format!("CREATE TYPE {name};"),
            ..Object::default()
        });
        let object = Object {
            id: (Class::Catalog(catalog::TYPE), oid),
            key: (2, name.clone(), 1, String::new()),
            target: Some(format!("{} {name}", if is_domain { "DOMAIN" } else { "TYPE" })),
            owner: self.owner.clone(),
            head: self.creation(attributes),
            body: is_domain.then_some(Body::Clauses),
            items,
            tail: if is_domain { ";".to_owned() } else { String::new() },
            ..Object::default()
        };
        let unchecked = constraints.iter().filter(|one| !one.is_valid).map(|one| Object {
            id: (Class::Catalog(catalog::CONSTRAINT), one.oid),
            key: (2, name.clone(), 2, one.bare_name()),
            target: Some(self.target(&one.name)),
            head: self.addition(one),
            ..Object::default()
        });
        shell.into_iter().chain([object]).chain(unchecked).collect()
    }

    /// The statement that creates it; of a domain, without its constraints.
    fn creation(&self, attributes: &[Column]) -> String {
        let Self { name, default, .. } = self;
        let list =
            |lines: Vec<String>| if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join(",\n")) };
        match (self.kind.as_str(), &self.form) {
            ("e", _) => {
                let labels = self.labels.iter().map(|label| format!("  {label}")).collect();
                format!("CREATE TYPE {name} AS ENUM ({});", list(labels))
            }
            ("c", _) => {
                let attribute =
                    |column: &Column| format!("  {} {}{}", column.name, column.type_name, collate(&column.collation));
                format!("CREATE TYPE {name} AS ({});", list(attributes.iter().map(attribute).collect()))
            }
            ("d", _) => self.domain(),
            (_, Some(Form::Range(range))) => range.creation(name),
            (_, Some(Form::Base(base))) => base.creation(name, default.as_deref()),
            (_, None) => format!("CREATE TYPE {name};"),
        }
    }

    fn domain(&self) -> String {
        let base = self.base.as_deref().unwrap_or_default();
        let default = match &self.default {
            Some(default) if needs_parentheses(default) => format!(" DEFAULT ({default})"),
            Some(default) => format!(" DEFAULT {default}"),
            None => String::new(),
        };
        let named = self.named_not_null().map(|name| format!(" CONSTRAINT {name}")).unwrap_or_default();
        let not_null = if self.not_null { format!("{named} NOT NULL") } else { String::new() };
        format!("CREATE DOMAIN {} AS {base}{}{default}{not_null}", self.name, collate(&self.collation))
    }

    /// The name that PostgreSQL gives the constraint for NOT NULL of a domain.
    pub(crate) fn usual_not_null(&self) -> String {
        format!("{}_not_null", self.bare_name)
    }

    /// The OID of the constraint for NOT NULL.
    pub(crate) fn not_null_oid(&self) -> Option<u32> {
        self.not_null_constraint.as_ref().map(|&(oid, _)| oid)
    }

    /// The quoted name of the constraint for NOT NULL.
    pub(crate) fn not_null_name(&self) -> Option<&str> {
        self.not_null_constraint.as_ref().map(|(_, name)| name.as_str())
    }

    /// The quoted name of the constraint for NOT NULL, if it has another one.
    pub(crate) fn named_not_null(&self) -> Option<&str> {
        self.not_null_name().filter(|name| unquoted(name) != self.usual_not_null())
    }

    /// NOT NULL, which has a comment of its own.
    fn not_null(&self, (oid, name): &(u32, String)) -> Item {
        Item {
            name: unquoted(name),
            part: Some((Class::Catalog(catalog::CONSTRAINT), *oid)),
            target: Some(self.target(name)),
            ..Item::default()
        }
    }

    fn item(&self, constraint: &Constraint) -> Item {
        Item {
            position: 1,
            name: constraint.bare_name(),
            inline: constraint.clause(),
            part: Some((Class::Catalog(catalog::CONSTRAINT), constraint.oid)),
            apart: Some(self.addition(constraint)),
            target: Some(self.target(&constraint.name)),
            ..Item::default()
        }
    }

    fn addition(&self, constraint: &Constraint) -> String {
        format!("ALTER DOMAIN {} ADD {};", self.name, constraint.clause())
    }

    /// A constraint of a domain as COMMENT ON names it.
    fn target(&self, constraint: &str) -> String {
        format!("CONSTRAINT {constraint} ON DOMAIN {}", self.name)
    }
}

fn collate(collation: &Option<String>) -> String {
    collation.as_ref().map(|collation| format!(" COLLATE {collation}")).unwrap_or_default()
}
