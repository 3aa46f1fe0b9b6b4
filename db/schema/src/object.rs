//! An object of a schema and its SQL.

mod comparison;

use std::borrow::Cow;
use std::fmt::Write as _;

use connection::quote_literal;

/// The class and the OID of an object.
pub(crate) type Id = (Class, u32);

/// The OIDs of catalogs, which are the same on every server.
pub(crate) mod catalog {
    pub(crate) const TYPE: u32 = 1247;
    pub(crate) const PROC: u32 = 1255;
    pub(crate) const CLASS: u32 = 1259;
    pub(crate) const CAST: u32 = 2605;
    pub(crate) const ATTRDEF: u32 = 2604;
    pub(crate) const CONSTRAINT: u32 = 2606;
    pub(crate) const REWRITE: u32 = 2618;
    pub(crate) const TRIGGER: u32 = 2620;
    pub(crate) const EXTENSION: u32 = 3079;
    pub(crate) const POLICY: u32 = 3256;
    pub(crate) const COLLATION: u32 = 3456;
    pub(crate) const DEFAULT_ACL: u32 = 826;
    pub(crate) const SERVER: u32 = 1417;
    pub(crate) const USER_MAPPING: u32 = 1418;
    pub(crate) const FOREIGN_DATA_WRAPPER: u32 = 2328;
    pub(crate) const NAMESPACE: u32 = 2615;
    pub(crate) const EVENT_TRIGGER: u32 = 3466;
    pub(crate) const SUBSCRIPTION: u32 = 6100;
    pub(crate) const PUBLICATION: u32 = 6104;
    pub(crate) const SETTING: u32 = 2964;
    pub(crate) const STATISTIC: u32 = 3381;
    pub(crate) const ACCESS_METHOD: u32 = 2601;
    pub(crate) const CONVERSION: u32 = 2607;
    pub(crate) const LANGUAGE: u32 = 2612;
    pub(crate) const OPERATOR_CLASS: u32 = 2616;
    pub(crate) const OPERATOR: u32 = 2617;
    pub(crate) const OPERATOR_FAMILY: u32 = 2753;
    pub(crate) const TRANSFORM: u32 = 3576;
    pub(crate) const DICTIONARY: u32 = 3600;
    pub(crate) const PARSER: u32 = 3601;
    pub(crate) const CONFIGURATION: u32 = 3602;
    pub(crate) const TEMPLATE: u32 = 3764;
}

/// The catalog of an object, or what part of an object is written apart from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// The catalog with this OID.
    Catalog(u32),
    /// A type without its definition.
    Shell,
    /// The definition of a view.
    View,
    /// The members of an operator family that belong to no operator class.
    Loose,
    /// An index as a partition of another index.
    Attached,
    /// An index as the one of its table to cluster on or to identify rows by.
    Marked,
    /// The privileges or the comment of an object of this catalog that is not written itself.
    ChangesOf(u32),
}

impl Default for Class {
    fn default() -> Self {
        Self::Catalog(0)
    }
}

impl From<&str> for Class {
    /// The queries write the OID of the catalog, or a name.
    fn from(text: &str) -> Self {
        match text {
            "shell" => Self::Shell,
            "view" => Self::View,
            "loose" => Self::Loose,
            "attached" => Self::Attached,
            "marked" => Self::Marked,
            oid => Self::Catalog(oid.parse().unwrap_or_default()),
        }
    }
}

/// Identifies an object and sorts it: the rank of its kind, its group (the name of a table), its place in the group,
/// its name.
pub(crate) type Key = (u32, String, u32, String);

/// How the items of a statement are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// In parentheses, which may be empty.
    List,
    /// In parentheses if there are any.
    OptionalList,
    /// On lines of their own.
    Clauses,
}

/// A column or a constraint in the statement that creates its table or domain.
#[derive(Debug, Clone, Default)]
pub(crate) struct Item {
    pub(crate) position: u32,
    pub(crate) name: String,
    /// Name and type of a column.
    pub(crate) before: String,
    /// A default or a constraint.
    pub(crate) inline: String,
    pub(crate) after: String,
    /// The default or the constraint as an object.
    pub(crate) part: Option<Id>,
    /// The statement that adds it later, if that is possible.
    pub(crate) apart: Option<String>,
    /// As COMMENT ON names it.
    pub(crate) target: Option<String>,
    pub(crate) comments: Vec<Note>,
}

/// A comment, a security label or an extension that an object belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub(crate) kind: NoteKind,
    /// As SQL names what it is about.
    pub(crate) target: String,
    /// `None` if it says that there is none.
    pub(crate) text: Option<String>,
    /// What a new object has instead.
    pub(crate) usual: Option<String>,
    /// The number of the column that it belongs to, or 0.
    pub(crate) column: u32,
}

/// What a note is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoteKind {
    Comment,
    /// Of this provider.
    Label(String),
    /// The text is the quoted name of the extension.
    Extension,
}

impl Note {
    fn sql(&self, text: Option<&String>) -> String {
        let Self { kind, target, .. } = self;
        let literal = || text.map_or_else(|| "NULL".to_owned(), |text| quote_literal(text));
        match kind {
            NoteKind::Comment => format!("COMMENT ON {target} IS {};", literal()),
            NoteKind::Label(provider) => format!("SECURITY LABEL FOR {provider} ON {target} IS {};", literal()),
            NoteKind::Extension => {
                let no = if text.is_some() { "" } else { "NO " };
                // ALTER AGGREGATE has no DEPENDS ON EXTENSION.
                let target = match target.strip_prefix("AGGREGATE ") {
                    Some(name) => format!("FUNCTION {}", name.replace("(*)", "()").replace(" ORDER BY ", ", ")),
                    None => target.clone(),
                };
                format!("ALTER {target} {no}DEPENDS ON EXTENSION {};", self.text.as_deref().unwrap_or_default())
            }
        }
    }

    pub(crate) fn statement(&self) -> String {
        self.sql(self.text.as_ref())
    }

    /// The statement that removes it.
    pub(crate) fn undo(&self) -> String {
        self.sql(self.usual.as_ref())
    }

    /// Whether another object, or this one with another name, has the same.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (&self.kind, &self.text) == (&other.kind, &other.text)
    }
}

/// A property of an object that has a statement of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Setting {
    pub(crate) place: (u32, u32),
    pub(crate) statement: String,
    /// The statement that restores the default, if there is one.
    pub(crate) undo: Option<String>,
    /// The number of the column that it belongs to, or 0.
    pub(crate) column: u32,
}

/// Privileges of one role on an object that differ from those that it has when it is created.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Privilege {
    pub(crate) position: u32,
    pub(crate) terms: Terms,
    /// The role that grants them, if it is another one than the owner.
    pub(crate) grantor: Option<String>,
}

impl Privilege {
    /// The terms, if the owner grants them.
    pub(crate) fn own_terms(&self) -> Option<&Terms> {
        self.grantor.is_none().then_some(&self.terms)
    }

    pub(crate) fn statement(&self) -> String {
        let statement = self.terms.sql(self.terms.is_granted);
        match &self.grantor {
            Some(role) => format!("SET SESSION AUTHORIZATION {role};\n{statement}\nRESET SESSION AUTHORIZATION;"),
            None => statement,
        }
    }
}

/// The parts of a statement that grants or revokes privileges.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Terms {
    pub(crate) is_granted: bool,
    pub(crate) privileges: Vec<String>,
    /// The object, as GRANT names it.
    pub(crate) on: String,
    pub(crate) grantee: String,
    /// ` WITH GRANT OPTION`, or nothing.
    pub(crate) option: String,
    /// The quoted name of the column.
    pub(crate) column: Option<String>,
}

impl Terms {
    /// The statement that grants or revokes them.
    pub(crate) fn sql(&self, grants: bool) -> String {
        let column = self.column.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        let privileges: Vec<String> = self.privileges.iter().map(|privilege| format!("{privilege}{column}")).collect();
        let (verb, preposition) = if grants { ("GRANT", "TO") } else { ("REVOKE", "FROM") };
        let option = if grants { self.option.as_str() } else { "" };
        format!("{verb} {} ON {} {preposition} {}{option};", privileges.join(", "), self.on, self.grantee)
    }
}

impl Item {
    pub(crate) fn text(&self) -> String {
        [self.before.as_str(), &self.inline, &self.after].concat()
    }
}

/// An object, with the statements that belong to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object {
    pub(crate) id: Id,
    pub(crate) key: Key,
    /// As COMMENT ON, ALTER … OWNER and SECURITY LABEL name it.
    pub(crate) target: Option<String>,
    /// What creates it: `head`, `items`, `middle`, `options` and `tail`.
    pub(crate) head: String,
    pub(crate) body: Option<Body>,
    pub(crate) items: Vec<Item>,
    pub(crate) middle: String,
    pub(crate) options: Vec<String>,
    pub(crate) tail: String,
    /// Further statements, sorted by their numbers.
    pub(crate) more: Vec<Setting>,
    pub(crate) owner: Option<String>,
    pub(crate) comments: Vec<Note>,
    pub(crate) privileges: Vec<Privilege>,
    /// A view with the same columns that needs nothing but their types.
    pub(crate) placeholder: Option<String>,
}

impl Object {
    /// The object in words, for an error: its name, or what it consists of.
    pub(crate) fn describe(&self) -> String {
        let start = || Some(self.statements(false).first()?.lines().next()?.to_owned());
        self.target.clone().or_else(start).unwrap_or_default()
    }

    /// Takes a default or a constraint out of the statement that creates this object, as an object of its own.
    pub(crate) fn separate(&mut self, index: usize) -> Option<Object> {
        let item = self.items.get_mut(index)?;
        let (id, head) = (item.part.take()?, item.apart.take()?);
        item.inline.clear();
        let (rank, group, ..) = self.key.clone();
        let (comments, name) = (std::mem::take(&mut item.comments), item.name.clone());
        Some(Object {
            id,
            key: (rank, group, 2, name),
            head,
            comments,
            target: item.target.take(),
            ..Object::default()
        })
    }

    /// Splits a view into a placeholder, which remains, and its definition.
    pub(crate) fn split(&mut self) -> Option<Object> {
        let placeholder = self.placeholder.take()?;
        let head = std::mem::replace(&mut self.head, placeholder).replacen("CREATE VIEW", "CREATE OR REPLACE VIEW", 1);
        let (rank, group, _, name) = self.key.clone();
        Some(Object {
            id: (Class::View, self.id.1),
            key: (rank, group, 2, name),
            head,
            options: std::mem::take(&mut self.options),
            tail: std::mem::take(&mut self.tail),
            ..Object::default()
        })
    }

    /// The SQL, with options and privileges in the order of the catalog.
    pub(crate) fn sql(&self) -> String {
        self.text(false)
    }

    /// The object without what depends on the server and on the role that has created it: its owner, its privileges, the
    /// version of an extension. `None` if it is nothing else.
    pub(crate) fn portable(&self) -> Option<Self> {
        // Default privileges and settings of the database; see `default_privileges.rs`.
        if matches!(self.key.0, 9 | 11) || matches!(self.id.0, Class::ChangesOf(_)) && self.comments.is_empty() {
            return None;
        }
        let mut object = Self { owner: None, privileges: Vec::new(), ..self.clone() };
        object.forget_version();
        Some(object)
    }

    /// Leaves out the version of an extension, so that it is the default of the server.
    pub(crate) fn forget_version(&mut self) {
        if self.head.starts_with("CREATE EXTENSION ")
            && let Some((before, _)) = self.head.rsplit_once(" VERSION '")
        {
            self.head = format!("{before};");
        }
    }

    /// What creates the object, without what has statements of its own.
    pub(crate) fn definition(&self) -> String {
        self.creation(false)
    }

    fn text(&self, in_any_order: bool) -> String {
        self.statements(in_any_order).join("\n")
    }

    /// All statements of the object.
    pub(crate) fn statements(&self, in_any_order: bool) -> Vec<Cow<'_, str>> {
        let mut statements = vec![Cow::Owned(self.creation(in_any_order))];
        statements.extend(self.more.iter().map(|setting| Cow::Borrowed(setting.statement.as_str())));
        if let (Some(owner), Some(target)) = (&self.owner, &self.target) {
            statements.push(Cow::Owned(format!("ALTER {target} OWNER TO {owner};")));
        }
        let comments = self.comments.iter().chain(self.items.iter().flat_map(|item| &item.comments));
        statements.extend(comments.map(|comment| Cow::Owned(comment.statement())));
        let mut privileges: Vec<String> = self.privileges.iter().map(Privilege::statement).collect();
        if in_any_order {
            privileges.sort_unstable();
        }
        statements.extend(privileges.into_iter().map(Cow::Owned));
        statements.retain(|statement| !statement.is_empty());
        statements
    }

    fn creation(&self, in_any_order: bool) -> String {
        let mut text = self.head.clone();
        let items: Vec<String> = self.items.iter().map(Item::text).filter(|item| !item.is_empty()).collect();
        match self.body {
            Some(Body::List) if items.is_empty() => text.push_str(" ()"),
            Some(Body::List | Body::OptionalList) if !items.is_empty() => {
                let _ = write!(text, " (\n  {}\n)", items.join(",\n  "));
            }
            Some(Body::Clauses) => items.iter().for_each(|item| {
                let _ = write!(text, "\n  {item}");
            }),
            _ => {}
        }
        text.push_str(&self.middle);
        if !self.options.is_empty() {
            let mut options = self.options.clone();
            if in_any_order {
                options.sort_unstable();
            }
            let _ = write!(text, " WITH ({})", options.join(", "));
        }
        text + &self.tail
    }
}
