//! Every row of the catalog that belongs to an object of a user, to notice what the dump does not write.
//!
//! The catalogs and their columns are those of the server, so that a new column of a new version counts too.
//! `sql/fingerprint.sql` writes the queries, in which names take the place of OIDs and of column numbers: objects that are
//! dropped and created again are the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use connection::{Connection, QueryError, Row, first, quote_literal};

use crate::flattened::flattened;

/// `pg_get_catalog_foreign_keys`, which says what the OIDs in a column are, is new in this version.
const FIRST_VERSION: u32 = 140_000;

/// Whatever the last statements have set, names are resolved in `pg_catalog` only, and the output has one format.
const PREPARE: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP;
SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL jit = off;\n";

/// The columns with SQL that the server cannot pretty-print.
const NOT_PRETTY: [&str; 2] = ["prosqlbody", "stxexprs"];

/// Reads fingerprints of one database, and of copies of it.
#[derive(Debug, Clone)]
pub struct Fingerprinter {
    /// The columns of each catalog.
    columns: HashMap<String, Vec<String>>,
    /// The queries for the catalogs of the database, by catalog.
    own: BTreeMap<String, String>,
    /// The queries for the catalogs that all databases share.
    shared: BTreeMap<String, String>,
    /// Names of tables that do not count, quoted and qualified.
    except: Vec<String>,
    /// The transaction that counts as the first of a user.
    first: String,
    /// The rows of the system's objects before any of a user's transactions.
    original: OnceLock<BTreeMap<Key, Vec<Values>>>,
}

/// The name of an object, and the catalog of a row that belongs to it.
type Key = (String, String);

/// The columns of a row.
type Values = Vec<Option<String>>;

/// The rows of the catalog that belong to objects of users.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint {
    own: BTreeMap<Key, Vec<Values>>,
    shared: BTreeMap<Key, Vec<Values>>,
    /// System objects with rows that a user's transaction has written.
    touched: BTreeMap<Key, Vec<Values>>,
}

/// A difference between two fingerprints: rows of one catalog that belong to one object.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogDifference {
    /// The object, as PostgreSQL describes it.
    pub object: String,
    /// The catalog.
    pub catalog: String,
    /// What differs, as `column = value`; none if there are no such rows.
    pub before: Option<Vec<String>>,
    /// The same in the second fingerprint.
    pub after: Option<Vec<String>>,
}

impl CatalogDifference {
    /// Whether the SQL of an object does not contain it: a materialized view is filled, or a secret is another one.
    pub fn is_beyond_sql(&self) -> bool {
        self.is_only_in(&[("pg_class", "relispopulated")]) || self.is_secret()
    }

    /// Whether it is a secret, if the SQL of the object is equal: the options of foreign objects and the connections of
    /// subscriptions are compared by their digests, and only what is masked in the SQL can differ then.
    pub fn is_secret(&self) -> bool {
        self.is_only_in(&[
            ("pg_attribute", "attfdwoptions"),
            ("pg_foreign_data_wrapper", "fdwoptions"),
            ("pg_foreign_server", "srvoptions"),
            ("pg_foreign_table", "ftoptions"),
            ("pg_subscription", "subconninfo"),
            ("pg_user_mapping", "umoptions"),
        ])
    }

    /// Whether only these columns of catalogs differ.
    fn is_only_in(&self, columns: &[(&str, &str)]) -> bool {
        let is_one = |text: &String| {
            columns.iter().any(|(catalog, column)| {
                self.catalog == *catalog && text.split_once(" = ").is_some_and(|(name, _)| name == *column)
            })
        };
        [&self.before, &self.after].iter().all(|side| side.as_ref().is_some_and(|texts| texts.iter().all(is_one)))
    }
}

/// A digest of rows of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest(Vec<Row>);

/// The condition for rows of objects of users and of the schema `public`, and for those that meet another condition.
fn of_users(condition: &str) -> String {
    format!("{{object}} >= 16384 OR {{object}} = 2200 OR {condition}")
}

/// The age of a transaction. As a subquery, it is calculated once, and not for each row.
fn age(transaction: &str) -> String {
    format!("(SELECT age({}::xid))", quote_literal(transaction))
}

impl Fingerprinter {
    /// Prepares the queries, without the tables in `except`, whose names are quoted and qualified. What users have
    /// written to the rows of system objects before this does not count.
    ///
    /// # Errors
    /// A query fails.
    pub fn new(connection: &mut Connection, except: &[&str]) -> Result<Self, QueryError> {
        let except = except.iter().map(|&name| name.to_owned()).collect();
        let (columns, original) = (HashMap::new(), OnceLock::new());
        let mut new =
            Self { columns, own: BTreeMap::new(), shared: BTreeMap::new(), except, first: String::new(), original };
        if connection.server_version() < FIRST_VERSION {
            return Ok(new);
        }
        let text = |row: &Row, column: usize| row.get(column).cloned().flatten().unwrap_or_default();
        for row in connection.query(include_str!("sql/fingerprint.sql"))? {
            let names = text(&row, 2).split(' ').map(str::to_owned).collect();
            new.columns.insert(text(&row, 0), names);
            let queries = if text(&row, 1) == "t" { &mut new.shared } else { &mut new.own };
            queries.insert(text(&row, 0), text(&row, 3));
        }
        new.first = new.transaction(connection)?;
        Ok(new)
    }

    /// Whether the server can be asked: PostgreSQL 14 or later.
    pub fn is_supported(&self) -> bool {
        !self.own.is_empty()
    }

    /// Reads the rows. A transaction that is open stays open. Resets the role and the settings of the connection, and
    /// discards its temporary objects.
    ///
    /// # Errors
    /// A query fails.
    pub fn read(&self, connection: &mut Connection) -> Result<Fingerprint, QueryError> {
        let is_written = format!("age(t.xmin) <= {}", age(&self.first));
        let queries = self.own.values().map(|query| self.complete(query, &of_users(&is_written)));
        let queries: Vec<String> = queries.chain(self.shared.values().cloned()).collect();
        let mut fingerprint = self.collect(connection, &queries)?;
        if let Some(original) = self.original.get() {
            fingerprint.touched.retain(|key, rows| original.get(key) != Some(rows));
        }
        Ok(fingerprint)
    }

    /// Reads only the rows about what all databases share, such as roles.
    ///
    /// # Errors
    /// A query fails.
    pub fn read_shared(&self, connection: &mut Connection) -> Result<Fingerprint, QueryError> {
        let queries: Vec<String> = self.shared.values().cloned().collect();
        self.collect(connection, &queries)
    }

    /// Whether [`Self::read_original`] is needed to tell what has been done to the system's objects.
    pub fn needs_original(&self, fingerprint: &Fingerprint) -> bool {
        self.original.get().is_none() && !fingerprint.touched.is_empty()
    }

    /// Reads the rows of the system's objects in a database that no user has changed.
    ///
    /// # Errors
    /// A query fails.
    pub fn read_original(&self, connection: &mut Connection) -> Result<(), QueryError> {
        let queries: Vec<String> = self.own.values().map(|query| self.complete(query, "true")).collect();
        let touched = self.collect(connection, &queries)?.touched;
        // Another thread may have read the same.
        self.original.get_or_init(|| touched);
        Ok(())
    }

    /// The current transaction, for [`Self::digest`].
    ///
    /// # Errors
    /// The query fails.
    pub fn transaction(&self, connection: &mut Connection) -> Result<String, QueryError> {
        let rows = connection.rows("SELECT pg_catalog.pg_current_xact_id()::pg_catalog.xid")?;
        Ok(first(&rows, 0).unwrap_or_default().to_owned())
    }

    /// The catalogs that the current transaction has written to, and perhaps some others. Resets the connection like
    /// [`Self::read`].
    ///
    /// # Errors
    /// A query fails.
    pub fn written(&self, connection: &mut Connection) -> Result<BTreeSet<String>, QueryError> {
        let sql = "SELECT relname FROM pg_stat_xact_sys_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0";
        let mut names: BTreeSet<String> =
            connection.rows(&format!("{PREPARE}{sql}"))?.into_iter().flatten().flatten().collect();
        names.retain(|name| self.own.contains_key(name) || self.shared.contains_key(name));
        Ok(names)
    }

    /// A digest of those rows of some catalogs that a transaction has written or replaced, or had before it was rolled
    /// back. If two states of a database differ by what the transaction has done, their digests do. Resets the
    /// connection like [`Self::read`].
    ///
    /// # Errors
    /// A query fails.
    pub fn digest(
        &self,
        connection: &mut Connection,
        transaction: &str,
        catalogs: &BTreeSet<String>,
    ) -> Result<Digest, QueryError> {
        // A row keeps the number of the transaction that would have replaced it.
        let age = age(transaction);
        let is_touched = format!("age(t.xmin) <= {age} OR age(t.xmax) <= {age}");
        let digest = |catalog: &String| {
            let query = self.own.get(catalog).or_else(|| self.shared.get(catalog))?;
            let query = self.complete(query, &is_touched);
            Some(format!(
                "SELECT {}, count(*), sum(hashtextextended(q::text, 0)) FROM ({query}) q",
                quote_literal(catalog)
            ))
        };
        let queries: Vec<String> = catalogs.iter().filter_map(digest).collect();
        // Without an object of the user, there is a row all the same: whether the engine's tables exist.
        let engine = format!("SELECT {}::text", self.engine());
        connection.rows(&format!("{PREPARE}{};\n{engine}", queries.join(";\n"))).map(Digest)
    }

    /// The OIDs of the tables that do not count, and of their sequences, which have the default privileges of when they were
    /// created. As a subquery, they are looked up once, and not for each row.
    fn engine(&self) -> String {
        let oids: Vec<String> =
            self.except.iter().map(|name| format!("coalesce(to_regclass({})::oid, 0)", quote_literal(name))).collect();
        format!(
            "(SELECT tables || ARRAY(SELECT objid FROM pg_depend JOIN pg_class ON pg_class.oid = objid AND relkind = 'S' \
             WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = ANY (tables)) \
             FROM (SELECT ARRAY[{}]::oid[] AS tables) engine)::oid[]",
            oids.join(", ")
        )
    }

    /// A query for the rows that meet a condition, in which `{object}` is the OID of the object.
    fn complete(&self, query: &str, condition: &str) -> String {
        let query = query.replace("{engine}", &self.engine());
        match query.split_once("{which ").and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
            Some((before, (object, after))) => {
                format!("{before}{}{after}", condition.replace("{object}", object))
            }
            None => query,
        }
    }

    fn collect(&self, connection: &mut Connection, queries: &[String]) -> Result<Fingerprint, QueryError> {
        let mut fingerprint = Fingerprint::default();
        if !self.is_supported() {
            return Ok(fingerprint);
        }
        for mut row in connection.rows(&format!("{PREPARE}{}", queries.join(";\n")))? {
            let mut values = row.split_off(row.len().min(3));
            let mut first = row.into_iter().map(Option::unwrap_or_default);
            let (Some(catalog), Some(is_system), Some(object)) = (first.next(), first.next(), first.next()) else {
                continue;
            };
            let names = self.columns.get(&catalog).into_iter().flatten();
            for (_, value) in names.zip(&mut values).filter(|(name, _)| NOT_PRETTY.contains(&name.as_str())) {
                *value = value.as_deref().map(|sql| flattened(sql).into_owned());
            }
            let rows = match (is_system == "t", self.is_shared(&catalog, &object)) {
                (true, _) => &mut fingerprint.touched,
                (false, true) => &mut fingerprint.shared,
                (false, false) => &mut fingerprint.own,
            };
            rows.entry((object, catalog)).or_default().push(values);
        }
        for rows in [&mut fingerprint.own, &mut fingerprint.shared, &mut fingerprint.touched] {
            rows.values_mut().for_each(|rows| rows.sort_unstable());
        }
        Ok(fingerprint)
    }

    /// Whether a row is about more than this database.
    fn is_shared(&self, catalog: &str, object: &str) -> bool {
        const SHARED: [&str; 8] = [
            "pg_authid",
            "pg_auth_members",
            "pg_db_role_setting",
            "pg_parameter_acl",
            "pg_shdescription",
            "pg_shseclabel",
            "pg_tablespace",
            "pg_subscription",
        ];
        SHARED.contains(&catalog) && !object.ends_with("the database")
    }
}

impl Fingerprint {
    /// What differs in another fingerprint, sorted by object.
    pub fn differences(&self, other: &Self, fingerprinter: &Fingerprinter) -> Vec<CatalogDifference> {
        let mut differences = Vec::new();
        for (before, after) in [(&self.own, &other.own), (&self.touched, &other.touched), (&self.shared, &other.shared)]
        {
            differences.extend(compare(before, after, fingerprinter));
        }
        differences
    }

    /// What differs in another fingerprint about what all databases share.
    pub fn shared_differences(&self, other: &Self, fingerprinter: &Fingerprinter) -> Vec<CatalogDifference> {
        compare(&self.shared, &other.shared, fingerprinter)
    }

    /// Whether the settings, privileges and comment of the database itself are those of another fingerprint. A copy of
    /// a database has none of them.
    pub fn has_same_database(&self, other: &Self) -> bool {
        let of_database = |fingerprint: &Self| -> Vec<(Key, Vec<Values>)> {
            let rows = fingerprint.own.iter().filter(|((object, _), _)| object.ends_with("the database"));
            rows.map(|(key, rows)| (key.clone(), rows.clone())).collect()
        };
        of_database(self) == of_database(other)
    }

    /// Forgets what all databases share, except for objects that satisfy the condition.
    pub fn retain_shared(&mut self, is_relevant: impl Fn(&str) -> bool) {
        self.shared.retain(|(object, _), _| is_relevant(object));
    }
}

fn compare(
    before: &BTreeMap<Key, Vec<Values>>,
    after: &BTreeMap<Key, Vec<Values>>,
    fingerprinter: &Fingerprinter,
) -> Vec<CatalogDifference> {
    let mut keys: Vec<&Key> = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))).collect();
    keys.retain(|key| before.get(*key) != after.get(*key));
    keys.sort_unstable();
    let difference = |key: &Key| {
        let (object, catalog) = key.clone();
        let columns = fingerprinter.columns.get(&catalog).map(Vec::as_slice).unwrap_or_default();
        let (before, after) = (before.get(key), after.get(key));
        let shown = |rows: Option<&Vec<Values>>, other: Option<&Vec<Values>>| {
            rows.map(|rows| rows.iter().flat_map(|row| changed_columns(columns, row, other)).collect())
        };
        CatalogDifference { object, catalog, before: shown(before, after), after: shown(after, before) }
    };
    keys.into_iter().map(difference).collect()
}

/// The columns of a row that differ from those of the other row of the object, or all if there is not just one.
fn changed_columns(columns: &[String], row: &Values, other: Option<&Vec<Values>>) -> Vec<String> {
    let same = match other.map(Vec::as_slice) {
        Some([other]) => Some(other),
        _ => None,
    };
    let is_changed = |&(index, _): &(usize, &Option<String>)| same.is_none_or(|same| same.get(index) != row.get(index));
    let column = |(index, value): (usize, &Option<String>)| {
        let name = columns.get(index).map_or("?", String::as_str);
        format!("{name} = {}", value.as_deref().unwrap_or("NULL"))
    };
    row.iter().enumerate().filter(is_changed).map(column).collect()
}
