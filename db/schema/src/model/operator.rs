//! Operators, operator families and operator classes.

use std::collections::BTreeMap;

use crate::model::options::{flag, list, option, value};
use crate::model::values::Values;
use crate::object::{Class, Object, catalog};

/// Operators, operator families and operator classes, by OID.
#[derive(Debug, Default)]
pub(crate) struct Operators {
    pub(crate) operators: BTreeMap<u32, Operator>,
    pub(crate) families: BTreeMap<u32, OperatorFamily>,
    pub(crate) classes: BTreeMap<u32, OperatorClass>,
}

impl Operators {
    pub(crate) fn objects(&self) -> impl Iterator<Item = Object> {
        let operators = self.operators.iter().map(|(&oid, found)| found.object(oid));
        let families = self.families.iter().flat_map(|(&oid, found)| found.objects(oid));
        let classes = self.classes.iter().map(|(&oid, found)| found.object(oid));
        operators.chain(families).chain(classes)
    }
}

/// An operator. Functions, types and other operators are as SQL names them.
#[derive(Debug, Clone)]
pub(crate) struct Operator {
    /// With the types of its operands.
    signature: String,
    name: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// `None` if it is a shell: another operator names it, and it has not been created.
    function: Option<String>,
    left: Option<String>,
    right: String,
    commutator: Option<String>,
    negator: Option<String>,
    restrict: Option<String>,
    join: Option<String>,
    can_hash: bool,
    can_merge: bool,
    /// Whether its commutator or its negator is a shell.
    names_shell: bool,
}

impl Operator {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            signature: row.text(),
            name: row.text(),
            owner: row.optional(),
            function: row.optional().filter(|function| function != "-"),
            left: row.optional(),
            right: row.text(),
            commutator: row.optional(),
            negator: row.optional(),
            restrict: row.optional(),
            join: row.optional(),
            can_hash: row.flag(),
            can_merge: row.flag(),
            names_shell: row.flag(),
        }
    }

    /// Its name without the schema.
    pub(crate) fn symbol(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }

    /// The statement that makes an operator of the shell that it was.
    pub(crate) fn filling(&self, before: &Self) -> Option<String> {
        (before.function.is_none() && self.function.is_some()).then(|| self.creation())
    }

    /// Whether it names a shell and did not before. Only CREATE OPERATOR creates one.
    pub(crate) fn creates_shell(&self, before: &Self) -> bool {
        self.names_shell && !before.names_shell
    }

    fn creation(&self) -> String {
        if self.function.is_none() {
            return String::new();
        }
        let options = [
            option("FUNCTION", &self.function),
            option("LEFTARG", &self.left),
            value("RIGHTARG", Some(&self.right)),
            option("COMMUTATOR", &self.commutator),
            option("NEGATOR", &self.negator),
            option("RESTRICT", &self.restrict),
            option("JOIN", &self.join),
            flag("HASHES", self.can_hash),
            flag("MERGES", self.can_merge),
        ];
        format!("CREATE OPERATOR {} ({});", self.name, list(options))
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        Object {
            id: (Class::Catalog(catalog::OPERATOR), oid),
            key: (3, self.signature.clone(), 0, String::new()),
            target: Some(format!("OPERATOR {}", self.signature)),
            owner: self.owner.clone().filter(|_| self.function.is_some()),
            head: self.creation(),
            ..Object::default()
        }
    }
}

/// An operator or a function of an operator class or family.
#[derive(Debug, Clone)]
struct Member {
    is_operator: bool,
    number: String,
    /// As SQL names it.
    name: String,
    /// In parentheses.
    types: String,
    /// ` FOR ORDER BY` and the family that sorts the results of an operator, or nothing.
    order: String,
}

impl Member {
    fn list(row: &mut Values) -> Vec<Self> {
        let texts = row.texts();
        let member = |parts: &[String]| Self {
            is_operator: parts[0] == "1",
            number: parts[1].clone(),
            name: parts[2].clone(),
            types: parts[3].clone(),
            order: parts[4].clone(),
        };
        texts.chunks_exact(5).map(member).collect()
    }

    fn definition(&self) -> String {
        let Self { number, name, types, order, .. } = self;
        match self.is_operator {
            true => format!("  OPERATOR {number} {name} {types}{order}"),
            false => format!("  FUNCTION {number} {types} {name}"),
        }
    }

    /// As DROP names it: by number and types.
    fn target(&self) -> String {
        let kind = if self.is_operator { "OPERATOR" } else { "FUNCTION" };
        format!("  {kind} {} {}", self.number, self.types)
    }
}

/// An operator family.
#[derive(Debug, Clone)]
pub(crate) struct OperatorFamily {
    /// With the schema, as SQL names them.
    name: String,
    /// The access method, as SQL names it, and without quotes.
    method: String,
    bare_method: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// Those that belong to no operator class.
    loose: Vec<Member>,
}

impl OperatorFamily {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            method: row.text(),
            bare_method: row.text(),
            owner: row.optional(),
            loose: Member::list(row),
        }
    }

    fn target(&self) -> String {
        format!("OPERATOR FAMILY {} USING {}", self.name, self.method)
    }

    /// The family, and what adds its loose members.
    pub(crate) fn objects(&self, oid: u32) -> Vec<Object> {
        let target = self.target();
        let key = |place| (3, format!("{} {}", self.name, self.bare_method), place, String::new());
        let loose = (!self.loose.is_empty()).then(|| {
            let members: Vec<String> = self.loose.iter().map(Member::definition).collect();
            Object {
                id: (Class::Loose, oid),
                key: key(2),
                head: format!("ALTER {target} ADD\n{};", members.join(",\n")),
                ..Object::default()
            }
        });
        let family = Object {
            id: (Class::Catalog(catalog::OPERATOR_FAMILY), oid),
            key: key(0),
            head: format!("CREATE {target};"),
            target: Some(target),
            owner: self.owner.clone(),
            ..Object::default()
        };
        std::iter::once(family).chain(loose).collect()
    }

    /// The statement that drops the loose members.
    pub(crate) fn dropped_members(&self) -> String {
        let members: Vec<String> = self.loose.iter().map(Member::target).collect();
        format!("ALTER {} DROP\n{};", self.target(), members.join(",\n"))
    }
}

/// An operator class.
#[derive(Debug, Clone)]
pub(crate) struct OperatorClass {
    /// With the schema, as SQL names them.
    name: String,
    /// The access method, as SQL names it, and without quotes.
    method: String,
    bare_method: String,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
    /// With the schema, as SQL names them.
    family: String,
    is_default: bool,
    type_name: String,
    /// The type that is stored, if it is another one.
    stored: Option<String>,
    members: Vec<Member>,
}

impl OperatorClass {
    pub(crate) fn read(row: &mut Values) -> Self {
        let (name, method, bare_method, owner) = (row.text(), row.text(), row.text(), row.optional());
        let members = Member::list(row);
        Self {
            name,
            method,
            bare_method,
            owner,
            members,
            family: row.text(),
            is_default: row.flag(),
            type_name: row.text(),
            stored: row.optional(),
        }
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, method, family, type_name, .. } = self;
        let default = if self.is_default { " DEFAULT" } else { "" };
        // There has to be something.
        let stored = self.stored.as_ref().or(self.members.is_empty().then_some(type_name));
        let stored = stored.map(|stored| format!("  STORAGE {stored}"));
        let entries: Vec<String> = stored.into_iter().chain(self.members.iter().map(Member::definition)).collect();
        let entries = entries.join(",\n");
        Object {
            id: (Class::Catalog(catalog::OPERATOR_CLASS), oid),
            key: (3, format!("{family} {}", self.bare_method), 1, name.clone()),
            target: Some(format!("OPERATOR CLASS {name} USING {method}")),
            owner: self.owner.clone(),
            head: format!(
                "CREATE OPERATOR CLASS {name}{default} FOR TYPE {type_name} USING {method} FAMILY {family} AS\n{entries};"
            ),
            ..Object::default()
        }
    }
}
