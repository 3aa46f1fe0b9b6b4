//! What tables and views have in common.

use crate::model::values::Values;
use crate::object::Setting;

/// A table or a view; for a diff also a sequence.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// As in `pg_class.relkind`.
    pub(crate) kind: String,
    pub(crate) persistence: String,
    /// As SQL names it.
    pub(crate) name: String,
    pub(crate) bare_name: String,
    pub(crate) schema: String,
    /// `None` if it is the role that migrates.
    pub(crate) owner: Option<String>,
    /// The OID of the partitioned table that this is a partition of.
    pub(crate) partition_of: Option<u32>,
    pub(crate) bound: Option<String>,
    pub(crate) partition_key: Option<String>,
    /// The OIDs of the tables whose columns this one has.
    pub(crate) parents: Vec<u32>,
    /// As SQL names them.
    pub(crate) parent_names: Vec<String>,
    pub(crate) of_type: Option<String>,
    /// Quoted.
    pub(crate) access_method: Option<String>,
    /// The access method that CREATE gives it.
    pub(crate) usual_access_method: String,
    /// The quoted name; `None` if it is that of the database.
    pub(crate) tablespace: Option<String>,
    /// Whether CREATE gives it the tablespace of the partitioned table.
    pub(crate) has_parent_tablespace: bool,
    /// The quoted name of the server of a foreign table.
    pub(crate) server: Option<String>,
    /// The options of a foreign table for its server: quoted names and values.
    pub(crate) server_options: Vec<(String, String)>,
    /// Storage parameters, as `name=value`.
    pub(crate) options: Vec<String>,
    pub(crate) has_row_security: bool,
    /// Whether policies apply to the owner, too.
    pub(crate) forces_row_security: bool,
    /// As in `pg_class.relreplident`.
    pub(crate) replica_identity: String,
    /// Whether a publication has its updates or deletions. Read only for a diff, as what follows.
    pub(crate) is_published: bool,
    /// Whether the owner can update every row: no policy hides one, and no publication prevents it, for lack of a replica
    /// identity or because of a filter.
    pub(crate) accepts_updates: bool,
    /// What is true of the rows of a partition.
    pub(crate) condition: Option<String>,
}

impl Relation {
    pub(crate) fn read(row: &mut Values) -> Self {
        Self {
            kind: row.text(),
            persistence: row.text(),
            name: row.text(),
            bare_name: row.text(),
            schema: row.text(),
            owner: row.optional(),
            partition_of: row.oid(),
            bound: row.optional(),
            partition_key: row.optional(),
            parents: row.numbers(),
            parent_names: row.texts(),
            of_type: row.optional(),
            access_method: row.optional(),
            usual_access_method: row.text(),
            tablespace: row.optional(),
            has_parent_tablespace: row.flag(),
            server: row.optional(),
            server_options: Vec::new(),
            options: row.texts(),
            has_row_security: row.flag(),
            forces_row_security: row.flag(),
            replica_identity: row.text(),
            is_published: row.flag(),
            accepts_updates: row.flag(),
            condition: row.optional(),
        }
    }

    /// Of the objects of its group: views come after tables.
    pub(crate) fn rank(&self) -> u32 {
        if matches!(self.kind.as_str(), "v" | "m") { 6 } else { 5 }
    }

    /// Whether it gets the rows that belong to no other partition.
    pub(crate) fn is_default_partition(&self) -> bool {
        self.bound.as_deref() == Some("DEFAULT")
    }

    fn keyword(&self) -> &'static str {
        match self.kind.as_str() {
            "v" => "VIEW",
            "m" => "MATERIALIZED VIEW",
            "f" => "FOREIGN TABLE",
            _ => "TABLE",
        }
    }

    /// As COMMENT ON and ALTER … OWNER name it.
    pub(crate) fn target(&self) -> String {
        format!("{} {}", self.keyword(), self.name)
    }

    /// ` USING …` of the statement that creates it.
    pub(crate) fn using(&self) -> String {
        let method = self.access_method.as_ref().filter(|&method| *method != self.usual_access_method);
        method.map(|method| format!(" USING {method}")).unwrap_or_default()
    }

    /// Row-level security and the replica identity, except for one that is an index.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        // Other relations have one, too, which means nothing.
        let has_identity = matches!(self.kind.as_str(), "r" | "p" | "m");
        let identity = match self.replica_identity.as_str() {
            _ if !has_identity => None,
            "f" => Some("REPLICA IDENTITY FULL"),
            "n" => Some("REPLICA IDENTITY NOTHING"),
            _ => None,
        };
        let security = self.has_row_security.then_some("ENABLE ROW LEVEL SECURITY");
        let forced = self.forces_row_security.then_some("FORCE ROW LEVEL SECURITY");
        [
            (1, security, "DISABLE ROW LEVEL SECURITY"),
            (2, forced, "NO FORCE ROW LEVEL SECURITY"),
            (3, identity, "REPLICA IDENTITY DEFAULT"),
        ]
        .into_iter()
        .filter_map(|(number, action, undo)| {
            let alter = |action| format!("ALTER TABLE {} {action};", self.name);
            let (statement, undo) = (alter(action?), Some(alter(undo)));
            Some(Setting { place: (1, number), statement, undo, column: 0 })
        })
        .collect()
    }
}

/// `(name value, …)` after OPTIONS.
pub(crate) fn server_options(options: &[(String, String)]) -> String {
    if options.is_empty() {
        return String::new();
    }
    let options: Vec<String> = options.iter().map(|(name, value)| format!("{name} {value}")).collect();
    format!(" OPTIONS ({})", options.join(", "))
}
