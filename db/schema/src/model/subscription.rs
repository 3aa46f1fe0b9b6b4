//! Subscriptions. They are created without a connection to the publisher.

use crate::model::values::{Values, unquoted};
use crate::object::{Class, Object, catalog};

/// A subscription. Passwords are masked: the dump is kept in the repository.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subscription {
    /// Quoted.
    pub(crate) name: String,
    /// `None` if it is the role that migrates.
    pub(crate) owner: Option<String>,
    /// As a literal.
    pub(crate) connection: String,
    /// Quoted, in their order.
    pub(crate) publications: Vec<String>,
    /// As a literal, or NONE.
    pub(crate) slot_name: String,
    pub(crate) is_binary: bool,
    /// `None` if it is the usual value, as for what follows.
    pub(crate) streaming: Option<String>,
    /// As a literal.
    pub(crate) synchronous_commit: Option<String>,
    pub(crate) has_two_phases: bool,
    pub(crate) disables_on_error: bool,
    pub(crate) needs_no_password: bool,
    pub(crate) runs_as_owner: bool,
    pub(crate) origin: Option<String>,
    pub(crate) has_failover: bool,
}

impl Subscription {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            name: row.text(),
            owner: row.optional(),
            connection: row.text(),
            publications: row.texts(),
            slot_name: row.text(),
            is_binary: row.flag(),
            streaming: row.optional(),
            synchronous_commit: row.optional(),
            has_two_phases: row.flag(),
            disables_on_error: row.flag(),
            needs_no_password: row.flag(),
            runs_as_owner: row.flag(),
            origin: row.optional(),
            has_failover: row.flag(),
        }
    }

    /// Whether it has a replication slot on its publisher.
    pub(crate) fn has_slot(&self) -> bool {
        self.slot_name != "NONE"
    }

    /// The options that it has, with their values.
    pub(crate) fn options(&self) -> Vec<(&'static str, &str)> {
        let flag = |name, is_set: bool, value| is_set.then_some((name, value));
        [
            Some(("slot_name", self.slot_name.as_str())),
            flag("binary", self.is_binary, "true"),
            self.streaming.as_deref().map(|value| ("streaming", value)),
            self.synchronous_commit.as_deref().map(|value| ("synchronous_commit", value)),
            flag("two_phase", self.has_two_phases, "on"),
            flag("disable_on_error", self.disables_on_error, "true"),
            flag("password_required", self.needs_no_password, "false"),
            flag("run_as_owner", self.runs_as_owner, "true"),
            self.origin.as_deref().map(|value| ("origin", value)),
            flag("failover", self.has_failover, "true"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(crate) fn object(&self, oid: u32) -> Object {
        let Self { name, connection, .. } = self;
        let publications = self.publications.join(", ");
        let options = self.options().into_iter().map(|(name, value)| format!(", {name} = {value}"));
        let options: String = options.collect();
        Object {
            id: (Class::Catalog(catalog::SUBSCRIPTION), oid),
            key: (7, unquoted(name), 0, String::new()),
            target: Some(format!("SUBSCRIPTION {name}")),
            owner: self.owner.clone(),
            head: format!(
                "CREATE SUBSCRIPTION {name} CONNECTION {connection} PUBLICATION {publications} \
                 WITH (connect = false{options});"
            ),
            ..Object::default()
        }
    }
}
