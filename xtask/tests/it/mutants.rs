//! The round trip detects damaged downgrades. The test measures how many of more than 400 are detected.

#![expect(clippy::print_stderr, reason = "the test prints the rate")]

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use crate::support::{Database, in_parallel, root, round_trip, scratch, write_revision};

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

#[test]
fn damaged_downgrades_are_detected() {
    let database = Database::create();
    for role in ["reader", "other_owner"] {
        // Roles belong to the server, which other tests also use.
        let _ = database.client().batch_execute(&format!("CREATE ROLE {role}"));
    }
    let text = fs::read_to_string(root().join("xtask/tests/mutants.txt")).expect("can read the mutants");
    let lines: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(" | ").map(str::trim).collect())
        .collect();
    let trips: Vec<Trip<'_>> = lines
        .iter()
        .flat_map(|line| {
            let (upgrade, right) = (line[0], line[1]);
            let mutants = std::iter::once("SELECT 1").chain(line[2..].iter().copied());
            std::iter::once(right).chain(mutants).map(move |downgrade| Trip { upgrade, downgrade, right })
        })
        .collect();
    let chains: Vec<(usize, &[Trip<'_>])> = trips.chunks(60).enumerate().collect();
    let wrong = Mutex::new((Vec::new(), Vec::new()));
    in_parallel(2, &chains, |_, &(number, chain)| {
        let (reported, output) = are_reported(&scratch(&format!("mutants-{number}")), chain);
        let mut wrong = wrong.lock().expect("no thread panics");
        for (trip, is_reported) in chain.iter().zip(reported) {
            let text = format!("{} | {}", trip.upgrade, trip.downgrade);
            match (is_reported, trip.is_right()) {
                (true, true) => wrong.0.push(format!("{text}: {output}")),
                (false, false) => wrong.1.push(text),
                _ => {}
            }
        }
    });
    let (false_positives, survivors) = wrong.into_inner().expect("no thread panics");
    assert!(
        false_positives.is_empty(),
        "{} correct downgrades are rejected:\n{}",
        false_positives.len(),
        false_positives.join("\n")
    );
    let mutants = trips.iter().filter(|trip| !trip.is_right()).count();
    assert!(mutants >= 400, "only {mutants} mutants");
    let caught = 100.0 * (mutants - survivors.len()) as f64 / mutants as f64;
    eprintln!("{caught:.1} % of {mutants} mutants are detected; {} correct downgrades pass", trips.len() - mutants);
    assert!(caught >= 98.0, "{caught:.1} % of {mutants} mutants are detected; not:\n{}", survivors.join("\n"));
}
