//! `db verify` checks each revision of a chain separately: it reports each wrong downgrade, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{root, round_trip, scratch, write_revision};

/// The initial schema of every line in undone.txt.
const SCHEMA: &str = "
CREATE ROLE undone_reader;
CREATE TABLE t (a int PRIMARY KEY CONSTRAINT t_check CHECK (a > 0), b text);
CREATE INDEX t_b ON t (b);
CREATE INDEX t_lower ON t (lower(b));
CREATE STATISTICS st ON a, b FROM t;
CREATE TABLE u (t int CONSTRAINT u_fk REFERENCES t);
CREATE POLICY own ON u USING (t > 0);
CREATE SEQUENCE s;
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'SELECT i + 1';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE FUNCTION etf() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN END$$;
CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION etf();
ALTER EVENT TRIGGER et DISABLE;
CREATE FUNCTION same(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = $2';
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same);
CREATE PUBLICATION p FOR TABLE t;
CREATE PUBLICATION q FOR TABLE t;
CREATE TEXT SEARCH CONFIGURATION cfg (COPY = english);
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple, Accept = true);
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER srv FOREIGN DATA WRAPPER wrapper OPTIONS (password 'hunter1');";

const UNDO: &str = "
DROP SERVER srv;
DROP FOREIGN DATA WRAPPER wrapper;
DROP TEXT SEARCH DICTIONARY dict;
DROP TEXT SEARCH CONFIGURATION cfg;
DROP PUBLICATION p, q;
DROP EVENT TRIGGER et;
DROP OPERATOR === (int, int);
DROP VIEW v;
DROP TABLE u, t;
DROP SEQUENCE s;
DROP FUNCTION f(int), tf(), etf(), same(int, int);
DROP ROLE undone_reader;";

/// Writes a chain of revisions after the first, `(upgrade, downgrade)`, and returns the names of their files.
fn write_chain(directory: &Path, revisions: &[(String, String)]) -> Vec<String> {
    let mut parent = String::new();
    let mut names = Vec::new();
    for (index, (upgrade, downgrade)) in revisions.iter().enumerate() {
        let id = format!("c{index:03}");
        let header = format!("-- Revises: {parent}");
        write_revision(directory, &id, header.trim_end(), &format!("{upgrade};"), &format!("{downgrade};"));
        names.push(format!("{id}.sql"));
        parent = id;
    }
    names
}

#[test]
fn every_downgrade_that_undoes_nothing_is_found() {
    let text = fs::read_to_string(root().join("xtask/tests/undone.txt")).expect("can read the file");
    let lines: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(" | ").expect("a line has two parts"))
        .collect();
    assert!(lines.len() >= 30, "only {} lines", lines.len());
    for is_right in [true, false] {
        let directory = scratch(if is_right { "undone-right" } else { "undone-wrong" });
        let revisions = lines.iter().map(|(upgrade, downgrade)| {
            ((*upgrade).to_owned(), if is_right { *downgrade } else { "SELECT 1" }.to_owned())
        });
        let first = (SCHEMA.trim_end_matches(';').to_owned(), UNDO.trim_end_matches(';').to_owned());
        let names = write_chain(&directory, &[vec![first], revisions.collect()].concat());
        let (found, passed, output) = round_trip(&directory);
        let expected: BTreeSet<String> = names.into_iter().skip(1).filter(|_| !is_right).collect();
        assert_eq!((found, passed), (expected, is_right), "{output}");
        assert!(!output.contains("hunter"), "a password is printed:\n{output}");
    }
}

/// A chain that resembles the migrations of real services, in which many downgrades are wrong.
#[test]
fn each_revision_of_a_long_chain_is_checked_separately() {
    let (mut revisions, mut wrong) = (Vec::new(), BTreeSet::new());
    for index in 0..100 {
        let (table, previous) = (format!("table_{}", index / 4), index / 4);
        let (upgrade, downgrade) = match index % 4 {
            0 => (
                format!(
                    "CREATE TABLE {table} (id uuid NOT NULL, PRIMARY KEY (id), kind varchar(32) NOT NULL, at timestamp NOT NULL)"
                ),
                format!("DROP TABLE {table}"),
            ),
            1 => {
                (format!("CREATE UNIQUE INDEX {table}_kind ON {table} (kind, at)"), format!("DROP INDEX {table}_kind"))
            }
            2 => (
                format!(
                    "ALTER TABLE {table} ADD COLUMN other uuid; ALTER TABLE {table} ADD CONSTRAINT {table}_fk FOREIGN KEY (other) REFERENCES table_{previous} (id) ON DELETE cascade"
                ),
                format!("ALTER TABLE {table} DROP CONSTRAINT {table}_fk; ALTER TABLE {table} DROP COLUMN other"),
            ),
            _ => (
                format!(
                    "ALTER TABLE {table} RENAME COLUMN kind TO type; ALTER TABLE {table} ALTER COLUMN at DROP NOT NULL"
                ),
                format!(
                    "ALTER TABLE {table} ALTER COLUMN at SET NOT NULL; ALTER TABLE {table} RENAME COLUMN type TO kind"
                ),
            ),
        };
        let damaged = match index % 10 {
            // Refused by the server.
            3 => Some("DROP TABLE misspelled".to_owned()),
            // Leaves an object behind, with which the second upgrade conflicts.
            6 => Some("SELECT 1".to_owned()),
            _ => None,
        };
        if damaged.is_some() {
            wrong.insert(format!("c{index:03}.sql"));
        }
        revisions.push((upgrade, damaged.unwrap_or(downgrade)));
    }
    let directory = scratch("long-chain");
    write_chain(&directory, &revisions);
    let (found, passed, output) = round_trip(&directory);
    assert_eq!((found, passed), (wrong, false), "{output}");
}
