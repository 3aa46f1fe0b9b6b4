//! Damaged downgrades are detected: all of more than 400 by the fingerprint, by which `verify` judges a revision, and some of
//! them by `verify` itself.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use connection::{Connection, QueryError};
use schema::{Fingerprint, Fingerprinter};

use crate::support::{Database, in_parallel, root, round_trip, scratch, session, write_revision};

/// The initial schema of every line in mutants.txt.
const SCHEMA: &str = "
CREATE SCHEMA app;
CREATE TABLE app.inner_t (i int);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'SELECT i + 1';
CREATE TABLE t (
  a int DEFAULT 1 CONSTRAINT t_check CHECK (a > 0), b text NOT NULL, txt text, num numeric(5, 2) DEFAULT 1.5,
  ts timestamptz DEFAULT now(), j jsonb, arr int[], gen int GENERATED ALWAYS AS (a * 2) STORED, coll text COLLATE \"C\",
  CONSTRAINT t_unique UNIQUE (a, b)
);
CREATE INDEX t_b ON t (b);
CREATE INDEX t_lower ON t (lower(b)) WHERE a > 0;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
COMMENT ON TABLE t IS 'a table';
COMMENT ON COLUMN t.b IS 'a column';
CREATE TABLE ident (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE child (p bigint CONSTRAINT child_fk REFERENCES ident (id) ON DELETE CASCADE);
CREATE POLICY own ON ident FOR SELECT TO reader USING (id > 0);
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE colour AS ENUM ('red', 'green', 'blue');
CREATE TYPE pair AS (x int, y int);
CREATE DOMAIN positive AS int CONSTRAINT positive_check CHECK (VALUE > 0);
CREATE SEQUENCE s;
CREATE VIEW v AS SELECT a FROM t;
GRANT SELECT ON v TO reader;
CREATE TABLE part (i int) PARTITION BY RANGE (i);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE TABLE above (x int DEFAULT 1, y int);
CREATE TABLE below () INHERITS (above);
CREATE TABLE whole (x int CONSTRAINT whole_key PRIMARY KEY, y int DEFAULT 2) PARTITION BY LIST (x);
CREATE TABLE piece PARTITION OF whole FOR VALUES IN (1);
CREATE INDEX whole_y ON whole (y);
CREATE TRIGGER w AFTER INSERT ON whole FOR EACH ROW EXECUTE FUNCTION tf();
CREATE TYPE point_2 AS (x int, y int);
CREATE TABLE typed OF point_2 (x WITH OPTIONS DEFAULT 1);
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER remote FOREIGN DATA WRAPPER wrapper OPTIONS (host 'h');
CREATE FOREIGN TABLE far (a int OPTIONS (name 'b'), b text) SERVER remote OPTIONS (name 'c');
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION search (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION search ADD MAPPING FOR word, email WITH simple;
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE OPERATOR CLASS numbers FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int);
CREATE TYPE span AS RANGE (SUBTYPE = float8);
CREATE PUBLICATION news FOR TABLE ident (id) WHERE (id > 1);
CREATE PUBLICATION wide FOR TABLE ident;
CREATE COLLATION german (LOCALE = 'C');
CREATE MATERIALIZED VIEW seen AS SELECT i FROM app.inner_t;
CREATE INDEX seen_i ON seen (i);
";

const UNDO: &str = "
DROP COLLATION german; DROP PUBLICATION news, wide; DROP TYPE span; DROP OPERATOR FAMILY numbers USING btree;
DROP AGGREGATE total(int); DROP TEXT SEARCH CONFIGURATION search; DROP TEXT SEARCH DICTIONARY words;
DROP FOREIGN DATA WRAPPER wrapper CASCADE; DROP TABLE typed, whole, above, below; DROP TYPE point_2; DROP MATERIALIZED VIEW seen;
DROP VIEW v; DROP TABLE t, child, ident, part, app.inner_t CASCADE; DROP SEQUENCE s; DROP DOMAIN positive;
DROP TYPE mood, colour, pair; DROP FUNCTION f(int), tf(); DROP SCHEMA app;
";

/// A revision of the chain that is verified, and how to return to the initial schema.
struct Trip<'a> {
    upgrade: &'a str,
    downgrade: &'a str,
    right: &'a str,
}

impl Trip<'_> {
    fn is_right(&self) -> bool {
        self.downgrade == self.right
    }

    /// The sections of a revision. A view prevents most changes of its table, so it is dropped for them.
    fn sections(&self, downgrade: &str) -> (String, String) {
        let upgrade = self.upgrade;
        let needs_view = upgrade.contains(" v ") || upgrade.contains("VIEW v") || upgrade.ends_with(" v");
        let (before, after) = match needs_view || upgrade.contains("ident_pkey") {
            true => ("", ""),
            false => ("DROP VIEW v;\n", "\nCREATE VIEW v AS SELECT a FROM t;\nGRANT SELECT ON v TO reader;"),
        };
        (format!("{before}{upgrade};"), format!("{downgrade};{after}"))
    }
}

/// Verifies a chain of revisions, each of which is followed by one that returns to the initial schema. Returns whether each is
/// reported, and the output.
fn are_reported(directory: &Path, trips: &[Trip<'_>]) -> (Vec<bool>, String) {
    let _ = fs::remove_dir_all(directory);
    write_revision(directory, "aaaa1111", "-- Revises:", SCHEMA, UNDO);
    let mut parent = "aaaa1111".to_owned();
    for (index, trip) in trips.iter().enumerate() {
        let (id, back) = (format!("trip{index:03}"), format!("back{index:03}"));
        let (upgrade, downgrade) = trip.sections(trip.downgrade);
        write_revision(directory, &id, &format!("-- Revises: {parent}"), &upgrade, &downgrade);
        let (_, right) = trip.sections(trip.right);
        let text = format!("-- back\n--\n-- Revision ID: {back}\n-- Revises: {id}\n\n-- migrate:upgrade\n{right}\n");
        fs::write(directory.join(format!("{back}.sql")), text).expect("can write the file");
        parent = back;
    }
    let (files, _, output) = round_trip(directory);
    assert!(!output.contains("could not be applied"), "{output}");
    ((0..trips.len()).map(|index| files.contains(&format!("trip{index:03}.sql"))).collect(), output)
}

/// The upgrades with their downgrades, in the order of the file, those of every `step`th line.
fn trips(text: &str, step: usize) -> Vec<Trip<'_>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).step_by(step);
    let trips = lines.flat_map(|line| {
        let mut parts = line.split(" | ").map(str::trim);
        let (upgrade, right) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        [right, "SELECT 1"].into_iter().chain(parts).map(move |downgrade| Trip { upgrade, downgrade, right })
    });
    trips.collect()
}

/// The roles in mutants.txt, which belong to the server.
const ROLES: [&str; 2] = ["reader", "other_owner"];

/// The mutants in mutants.txt. Creates the roles that they mention.
fn mutants() -> String {
    for role in ROLES {
        // Other tests may also create them.
        let _ = Database::create().client().batch_execute(&format!("CREATE ROLE {role}"));
    }
    fs::read_to_string(root().join("xtask/tests/mutants.txt")).expect("can read the mutants")
}

/// Which right downgrades are reported, and which mutants are not.
#[derive(Default)]
struct Wrong {
    rejected: Vec<String>,
    missed: Vec<String>,
}

impl Wrong {
    fn add(&mut self, trip: &Trip<'_>, is_reported: bool, details: &str) {
        let text = format!("{} | {}", trip.upgrade, trip.downgrade);
        match (is_reported, trip.is_right()) {
            (true, true) => self.rejected.push(format!("{text}: {details}")),
            (false, false) => self.missed.push(text),
            _ => {}
        }
    }

    fn check(&self) {
        assert!(self.rejected.is_empty(), "correct downgrades are rejected:\n{}", self.rejected.join("\n"));
        assert!(self.missed.is_empty(), "mutants are not detected:\n{}", self.missed.join("\n"));
    }
}

/// The rows of the catalog, without the roles of other tests that run at the same time.
fn rows(connection: &mut Connection, fingerprinter: &Fingerprinter) -> Result<Fingerprint, QueryError> {
    let mut fingerprint = fingerprinter.read(connection)?;
    fingerprint.retain_shared(|object| ROLES.iter().any(|role| object.contains(role)));
    Ok(fingerprint)
}

/// A database with the initial schema, in which revisions are tried in transactions that are rolled back.
struct Bench {
    connection: Connection,
    fingerprinter: Fingerprinter,
    initial: Fingerprint,
    _database: Database,
}

impl Bench {
    fn new() -> Self {
        let database = Database::create();
        let mut connection = session(&database);
        let fingerprinter = Fingerprinter::new(&mut connection, &[]).expect("can read the catalogs");
        fingerprinter.read_original(&mut connection).expect("can read the catalog");
        connection.send(SCHEMA).expect("can create the schema");
        let initial = rows(&mut connection, &fingerprinter).expect("can read the catalog");
        Self { connection, fingerprinter, initial, _database: database }
    }

    /// What differs after the upgrade and the downgrade, or the error with which the server refuses the downgrade. A role of
    /// another test that is dropped in the meantime can fail the query.
    fn differences(&mut self, trip: &Trip<'_>) -> Vec<String> {
        (0..5).find_map(|_| self.attempt(trip).ok()).expect("can read the catalog")
    }

    fn attempt(&mut self, trip: &Trip<'_>) -> Result<Vec<String>, QueryError> {
        let (upgrade, downgrade) = trip.sections(trip.downgrade);
        self.connection.send(&format!("BEGIN;\n{upgrade}")).unwrap_or_else(|error| panic!("{upgrade}: {error}"));
        let after = match self.connection.send(&downgrade) {
            Ok(()) => rows(&mut self.connection, &self.fingerprinter).map(Ok),
            Err(error) => Ok(Err(error.to_string())),
        };
        assert!(self.connection.roll_back());
        Ok(match after? {
            Ok(after) => {
                let differences = self.initial.differences(&after, &self.fingerprinter);
                differences.into_iter().map(|difference| format!("{difference:?}")).collect()
            }
            Err(refused) => vec![refused],
        })
    }
}

#[test]
fn damaged_downgrades_are_detected() {
    let text = mutants();
    let trips = trips(&text, 1);
    let mutants = trips.iter().filter(|trip| !trip.is_right()).count();
    assert!(mutants >= 400, "only {mutants} mutants");
    let wrong = Mutex::new(Wrong::default());
    let halves: Vec<&[Trip<'_>]> = trips.chunks(trips.len().div_ceil(2)).collect();
    in_parallel(2, &halves, |_, half| {
        let mut bench = Bench::new();
        for trip in *half {
            let differences = bench.differences(trip);
            let mut wrong = wrong.lock().expect("no thread panics");
            wrong.add(trip, !differences.is_empty(), &differences.join("\n"));
        }
    });
    wrong.into_inner().expect("no thread panics").check();
}

#[test]
fn verify_reports_damaged_downgrades() {
    let text = mutants();
    let trips = trips(&text, 8);
    let chains: Vec<(usize, &[Trip<'_>])> = trips.chunks(trips.len().div_ceil(2)).enumerate().collect();
    let wrong = Mutex::new(Wrong::default());
    in_parallel(2, &chains, |_, &(number, chain)| {
        let (reported, output) = are_reported(&scratch(&format!("mutants-{number}")), chain);
        let mut wrong = wrong.lock().expect("no thread panics");
        for (trip, is_reported) in chain.iter().zip(reported) {
            wrong.add(trip, is_reported, &output);
        }
    });
    wrong.into_inner().expect("no thread panics").check();
}

/// Reading the rows of all system objects takes longer than the rest of a comparison.
#[test]
fn the_original_catalog_is_needed_only_if_a_system_object_changes() {
    let database = Database::create();
    let mut connection = session(&database);
    let fingerprinter = Fingerprinter::new(&mut connection, &[]).expect("can read the catalogs");
    let mut is_needed = |sql: &str| {
        connection.send(sql).expect("the statements are correct");
        fingerprinter.needs_original(&fingerprinter.read(&mut connection).expect("can read the catalog"))
    };
    assert!(!is_needed("CREATE TABLE room (id int PRIMARY KEY); COMMENT ON TABLE room IS 'ours'"));
    assert!(!is_needed("COMMENT ON SCHEMA public IS 'ours'; GRANT USAGE ON SCHEMA public TO pg_monitor"));
    assert!(!is_needed("DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
    assert!(is_needed("COMMENT ON FUNCTION now() IS 'ours'"));
}
