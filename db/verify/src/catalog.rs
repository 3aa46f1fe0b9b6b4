//! Fingerprints of the whole catalog, and of what all databases of the server share: roles and the like, which must not
//! reach the next database.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use connection::{Connection, QueryError, quote_identifier};
use revision::Revisions;
use schema::{CatalogDifference, Fingerprint, Fingerprinter};

use crate::difference::changed_rows;
use crate::scratch::{ScratchDatabase, TemporaryDatabase};
use crate::server::Server;

/// Reads fingerprints.
pub(crate) struct Catalog {
    fingerprinter: Fingerprinter,
    /// The server in its initial state, and the settings of a new database.
    shared: Fingerprint,
    roles: BTreeSet<String>,
    /// On a server that others use, the SQL of the revisions in lower case: objects that it does not name were not created
    /// by them.
    sql: Option<String>,
}

impl Catalog {
    /// Prepares to read the catalog of this database, which is empty, and of others on this server.
    pub(crate) fn new(server: &Server, revisions: &Revisions, scratch: &mut ScratchDatabase<'_>) -> Result<Self> {
        let tables = scratch.tables()?;
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        let fingerprinter = Fingerprinter::new(scratch.probe()?, &tables)?;
        let sql = if server.is_own() { None } else { Some(all_sql(revisions)?) };
        let mut catalog = Self { fingerprinter, shared: Fingerprint::default(), roles: BTreeSet::new(), sql };
        // Including the settings of the database, which may differ from those of the database in the URL.
        catalog.shared = catalog.read_shared(scratch.probe()?)?;
        catalog.roles = roles(scratch.probe()?)?;
        Ok(catalog)
    }

    /// The query for fingerprints, if the server supports it. Otherwise, all fingerprints are equal.
    pub(crate) fn fingerprinter(&self) -> Option<&Fingerprinter> {
        Some(&self.fingerprinter).filter(|fingerprinter| fingerprinter.is_supported())
    }

    /// Reads the fingerprint of a database. Resets the connection's settings, but leaves an open transaction open.
    pub(crate) fn read(&self, server: &Server, connection: &mut Connection) -> Result<Fingerprint> {
        let mut fingerprint = self.fingerprinter.read(connection)?;
        if self.fingerprinter.needs_original(&fingerprint) {
            let empty = TemporaryDatabase::create(server)?;
            self.fingerprinter.read_original(&mut empty.session()?)?;
            fingerprint = self.fingerprinter.read(connection)?;
        }
        fingerprint.retain_shared(|object| self.is_relevant(object));
        Ok(fingerprint)
    }

    /// Reads only what all databases share, and the settings of the database.
    pub(crate) fn read_shared(&self, connection: &mut Connection) -> Result<Fingerprint, QueryError> {
        let mut fingerprint = self.fingerprinter.read_shared(connection)?;
        fingerprint.retain_shared(|object| self.is_relevant(object));
        Ok(fingerprint)
    }

    /// The lines of a diff of two fingerprints.
    pub(crate) fn differences(&self, before: &Fingerprint, after: &Fingerprint) -> Vec<String> {
        changed_rows(&before.differences(after, &self.fingerprinter))
    }

    /// The same without what the SQL of objects, which has been compared, does not contain.
    pub(crate) fn schema_differences(&self, before: &Fingerprint, after: &Fingerprint) -> Vec<String> {
        let mut differences = before.differences(after, &self.fingerprinter);
        differences.retain(|difference| !difference.is_beyond_sql());
        changed_rows(&differences)
    }

    /// The objects with secrets that differ, if their SQL is equal.
    pub(crate) fn secrets(&self, before: &Fingerprint, after: &Fingerprint) -> Vec<String> {
        let differences = before.differences(after, &self.fingerprinter);
        differences.into_iter().filter(CatalogDifference::is_secret).map(|difference| difference.object).collect()
    }

    /// Whether two fingerprints agree in what all databases share.
    pub(crate) fn is_same_server(&self, before: &Fingerprint, after: &Fingerprint) -> bool {
        before.shared_differences(after, &self.fingerprinter).is_empty()
    }

    /// The lines of a diff of what all databases share.
    pub(crate) fn shared_differences(&self, before: &Fingerprint, after: &Fingerprint) -> Vec<String> {
        changed_rows(&before.shared_differences(after, &self.fingerprinter))
    }

    /// Whether a copy of a database, given its fingerprint, is the same: it lacks the settings of the database itself.
    pub(crate) fn can_be_copied(&self, fingerprint: &Fingerprint) -> bool {
        fingerprint.has_same_database(&self.shared)
    }

    /// Returns the server to its initial state. None of its databases may depend on what the revisions have created.
    pub(crate) fn restore(&self, server: &mut Server) -> Result<()> {
        let mut session = server.session()?;
        for role in roles(&mut session)?.difference(&self.roles).filter(|role| self.is_relevant(role)) {
            // A role that can't be dropped is detected below.
            let _ = session.send(&format!("DROP ROLE {}", quote_identifier(role)));
        }
        let found = self.read_shared(&mut session)?;
        let remaining = changed_rows(&self.shared.shared_differences(&found, &self.fingerprinter));
        match remaining.is_empty() {
            true => Ok(()),
            false if server.is_own() => server.renew(),
            false => bail!(
                "the revisions change what all databases of the server share, and this can't be undone; use `--postgres embedded` or `docker`\n{}",
                remaining.join("\n")
            ),
        }
    }

    /// Whether the revisions may have created the object, given its description or name.
    fn is_relevant(&self, object: &str) -> bool {
        self.sql.as_ref().is_none_or(|sql| names_of(object).any(|name| mentions(sql, name)))
    }
}

/// The names in what `pg_describe_object` says of an object that all databases share. It does not quote them.
fn names_of(object: &str) -> impl Iterator<Item = &str> {
    const KINDS: [&str; 5] = ["membership of role ", "role ", "tablespace ", "parameter ", "subscription "];
    KINDS.iter().find_map(|kind| object.strip_prefix(kind)).unwrap_or(object).split(" in role ")
}

/// Whether SQL, in lower case, contains a name that is not part of a longer one.
fn mentions(sql: &str, name: &str) -> bool {
    let name = name.replace('"', "\"\"").to_lowercase();
    let continues = |c: char| c == '_' || c == '$' || c.is_alphanumeric();
    sql.match_indices(&name)
        .any(|(at, _)| !sql[..at].ends_with(continues) && !sql[at + name.len()..].starts_with(continues))
}

/// The SQL of all revisions, in lower case.
fn all_sql(revisions: &Revisions) -> Result<String> {
    let mut sql = String::new();
    for node in revisions.graph().nodes() {
        let script = revisions.script(node);
        for section in [Some(script.upgrade()), script.downgrade()].into_iter().flatten() {
            sql.push_str(&script.sql(section)?);
        }
    }
    Ok(sql.to_lowercase())
}

/// The roles of a server.
pub(crate) fn roles(connection: &mut Connection) -> Result<BTreeSet<String>, QueryError> {
    Ok(connection.query("SELECT rolname FROM pg_roles")?.into_iter().flatten().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::{mentions, names_of};

    #[test]
    fn objects_are_found_by_whole_names() {
        let sql = "create role reader; create role \"has \"\"quotes\"\" and spaces\"; create role \"mixed\";";
        let relevant = |object: &str| names_of(object).any(|name| mentions(sql, name));
        for object in [
            "role reader",
            "Reader",
            "role has \"quotes\" and spaces",
            "role Mixed",
            "membership of role reader in role other",
            "membership of role other in role reader",
        ] {
            assert!(relevant(object), "{object}");
        }
        for object in ["role read", "role readers", "role create_role", "role and 1"] {
            assert!(!relevant(object), "{object}");
        }
    }
}
