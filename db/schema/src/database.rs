//! A database without what is in it: how to create one like it, and who uses it.

use connection::{Connection, QueryError, first, quote_literal};

/// How to create a database like another one: with its owner, encoding, locale, settings, privileges and comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseDefinition {
    /// Can't run in a transaction.
    create: String,
    others: Vec<String>,
}

impl DatabaseDefinition {
    /// Reads a database of the server, for one with the name `new`; `None` if it does not exist.
    ///
    /// # Errors
    /// A query fails.
    pub fn read(connection: &mut Connection, name: &str, new: &str) -> Result<Option<Self>, QueryError> {
        // Columns that another database may have otherwise and still be its template.
        let own = "{oid,datname,datdba,datistemplate,datallowconn,dathasloginevt,datconnlimit,datlastsysoid,\
            datfrozenxid,datminmxid,dattablespace,datcollversion,datacl}";
        let fill = |query: &str| {
            query.replace("{own}", own).replace("{name}", &quote_literal(name)).replace("{new}", &quote_literal(new))
        };
        let rows = connection.query(&fill(include_str!("sql/database.sql")))?;
        let Some(create) = first(&rows, 0).map(str::to_owned) else { return Ok(None) };
        let details = connection.query(&fill(include_str!("sql/database_details.sql")))?;
        let mut others: Vec<String> = details.into_iter().flatten().flatten().collect();
        others.extend(database_settings(connection, name, new)?);
        Ok(Some(Self { create, others }))
    }

    /// Creates the database.
    ///
    /// # Errors
    /// The role lacks a privilege, or there is a database with the name.
    pub fn create(&self, connection: &mut Connection) -> Result<(), QueryError> {
        connection.send(&self.create)?;
        self.others.iter().try_for_each(|statement| connection.query(statement).map(drop))
    }
}

/// The settings of a database, as statements that apply them to another one, each in a transaction of its own.
///
/// # Errors
/// The query fails.
pub fn database_settings(connection: &mut Connection, from: &str, to: &str) -> Result<Vec<String>, QueryError> {
    let query = include_str!("sql/database_settings.sql");
    let query = query.replace("{from}", &quote_literal(from)).replace("{to}", &quote_literal(to));
    Ok(connection.query(&query)?.into_iter().flatten().flatten().collect())
}

/// The sessions that use a database, as text.
///
/// # Errors
/// The query fails.
pub fn database_sessions(connection: &mut Connection, name: &str) -> Result<Vec<String>, QueryError> {
    let query = include_str!("sql/database_sessions.sql").replace("{name}", &quote_literal(name));
    Ok(connection.query(&query)?.into_iter().flatten().flatten().collect())
}
