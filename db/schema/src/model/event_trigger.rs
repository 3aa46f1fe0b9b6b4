//! Event triggers.

use crate::model::firing::Firing;
use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// An event trigger.
#[derive(Debug, Clone)]
pub(crate) struct EventTrigger {
    /// Quoted.
    name: String,
    event: String,
    /// As SQL names it.
    function: String,
    pub(crate) firing: Firing,
    /// The commands that it fires for, as literals; all if there are none.
    tags: Vec<String>,
    /// `None` if it is the role that migrates.
    owner: Option<String>,
}

impl EventTrigger {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            event: row.text(),
            function: row.text(),
            firing: Firing::read(row).unwrap_or(Firing::Origin),
            tags: row.texts(),
            owner: row.optional(),
        }
    }

    /// The statement that creates it.
    pub(crate) fn creation(&self) -> String {
        let Self { name, event, function, tags, .. } = self;
        let tags = if tags.is_empty() { String::new() } else { format!(" WHEN TAG IN ({})", tags.join(", ")) };
        format!("CREATE EVENT TRIGGER {name} ON {event}{tags} EXECUTE FUNCTION {function}();")
    }

    /// The statement that makes it fire when it does.
    pub(crate) fn enable(&self) -> String {
        format!("ALTER EVENT TRIGGER {} {};", self.name, self.firing.action())
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let enable = (self.firing != Firing::Origin).then(|| self.enable());
        Object {
            id: (Class::Catalog(catalog::EVENT_TRIGGER), oid),
            // Last, so that it does not fire while the script runs.
            key: (10, unquoted(&self.name), 0, String::new()),
            target: Some(format!("EVENT TRIGGER {}", self.name)),
            owner: self.owner.clone(),
            head: std::iter::once(self.creation()).chain(enable).collect::<Vec<_>>().join("\n"),
            ..Object::default()
        }
    }
}
