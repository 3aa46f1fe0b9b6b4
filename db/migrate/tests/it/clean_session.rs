//! A revision leaves nothing behind in the session: the next one finds what it would find in a new session.

use migrate::Target;
use revision::{RevisionFile, Revisions};

use crate::support::{Database, revision, revisions, without_transaction};

/// What a revision may leave behind.
const LEAVE: &str = "CREATE TEMP TABLE backup (i int);
CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE pg_temp.kind AS ENUM ('a');
CREATE TEMP SEQUENCE numbers;
SELECT nextval('public.counter');
PREPARE ins AS SELECT 1;
DO $$BEGIN EXECUTE 'PREPARE hidden AS SELECT 2'; END$$;
DECLARE c CURSOR WITH HOLD FOR SELECT 1;
LISTEN x;
SELECT pg_advisory_lock(42), pg_advisory_lock(42), pg_advisory_lock_shared(43), pg_advisory_lock(1, 2);
SET my.setting = 'x';
SET datestyle = 'German';
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, DEFERRABLE;
SET default_transaction_read_only = on;";

/// Stores what a revision finds.
const FIND: &str = "CREATE TABLE public.found AS SELECT
  to_regclass('backup') AS temporary_table, to_regclass('numbers') AS temporary_sequence,
  to_regproc('pg_temp.f') AS temporary_function, to_regtype('pg_temp.kind') AS temporary_type, public.last() AS last,
  (SELECT string_agg(name, ' ') FROM pg_prepared_statements WHERE name !~ '^migrate_') AS prepared,
  (SELECT string_agg(name, ' ') FROM pg_cursors WHERE is_holdable) AS cursors,
  (SELECT string_agg(channel, ' ') FROM pg_listening_channels() AS channel) AS channels,
  (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
  nullif(current_setting('my.setting', true), '') AS setting, current_setting('datestyle') AS datestyle,
  current_setting('transaction_isolation') AS isolation, current_setting('transaction_deferrable') AS deferrable,
  current_setting('transaction_read_only') AS read_only;";

type Kind = fn(&str, &str, &str, &str) -> RevisionFile;

/// With enough revisions before them, the statements of the engine are prepared.
fn both(first: Kind, next: Kind, is_prepared: bool) -> Revisions {
    let mut files = vec![revision(
        "start",
        "",
        "CREATE SEQUENCE counter; CREATE FUNCTION last() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN lastval(); EXCEPTION WHEN object_not_in_prerequisite_state THEN RETURN NULL; END';",
        "",
    )];
    let mut last = "start".to_owned();
    for number in 0..if is_prepared { 10 } else { 0 } {
        let id = format!("filler{number}");
        files.push(revision(&id, &last, "SELECT;", ""));
        last = id;
    }
    files.extend([first("a1", &last, LEAVE, ""), next("b1", "a1", FIND, "")]);
    Revisions::read(&files.into_iter().collect::<revision::Files>()).expect("the revisions are valid")
}

#[test]
fn nothing_reaches_the_next_revision() {
    for is_prepared in [false, true] {
        for first in [revision as Kind, without_transaction] {
            for next in [revision as Kind, without_transaction] {
                let revisions = both(first, next, is_prepared);
                let (once, twice) = (Database::create(), Database::create());
                once.upgrade(&revisions).expect("one run");
                twice.run(&revisions, Target::Upgrade("a1")).expect("a run");
                twice.run(&revisions, Target::Upgrade("b1")).expect("another run");
                let found = |database: &Database| database.rows("SELECT * FROM found");
                assert_eq!(found(&once), found(&twice), "one run, prepared: {is_prepared}");
                assert_eq!(once.log(), twice.log());
            }
        }
    }
}

/// Calls of a function that leaves something behind, from statements that only define something.
const CALLED: [(&str, &str); 9] = [
    ("CREATE VIEW calling AS SELECT leave() AS left_behind;", "CREATE TABLE copied AS TABLE calling;"),
    ("CREATE VIEW calling AS SELECT leave() AS left_behind;", "CREATE MATERIALIZED VIEW copied AS TABLE calling;"),
    ("CREATE DOMAIN d AS int DEFAULT leave(); CREATE TABLE t AS SELECT 1 AS i;", "ALTER TABLE t ADD COLUMN c d;"),
    ("CREATE TABLE t AS SELECT 1 AS i;", "ALTER TABLE t ADD COLUMN c int DEFAULT leave();"),
    (
        "CREATE TABLE t AS SELECT 1 AS i; ALTER TABLE t ADD CHECK (i = leave()) NOT VALID;",
        "ALTER TABLE t VALIDATE CONSTRAINT t_i_check;",
    ),
    (
        "CREATE TABLE t AS SELECT 'x'::text AS i; CREATE FUNCTION cast_it(text) RETURNS d LANGUAGE sql AS 'SELECT ROW(leave())::d'; CREATE CAST (text AS d) WITH FUNCTION cast_it(text) AS ASSIGNMENT;",
        "ALTER TABLE t ALTER i TYPE d;",
    ),
    ("CREATE TABLE t AS SELECT 1 AS i;", "CREATE INDEX ON t (leave_immutably(i));"),
    (
        "CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM leave(); END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION on_ddl();",
        "COMMENT ON SCHEMA public IS 'x';",
    ),
    (
        "CREATE TABLE t AS SELECT 1 AS i; CREATE TABLE p (i int) PARTITION BY LIST (i); ALTER TABLE t ADD CHECK (i = leave());",
        "ALTER TABLE p ATTACH PARTITION t DEFAULT;",
    ),
];

/// Leaves a prepared statement, a temporary table, an advisory lock and a setting behind.
const LEAVE_FUNCTION: &str = "CREATE FUNCTION leave() RETURNS int LANGUAGE plpgsql AS $$BEGIN
  BEGIN
    EXECUTE 'PREPARE ins AS SELECT 1';
    CREATE TEMP TABLE backup AS SELECT 1 AS i;
  EXCEPTION WHEN duplicate_prepared_statement OR insufficient_privilege THEN
    -- It was called before, or an index or a materialized view calls it.
  END;
  PERFORM pg_advisory_lock(42), set_config('my.setting', 'x', false);
  RETURN 1;
END$$;
CREATE FUNCTION leave_immutably(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN public.leave(); END';";

#[test]
fn nothing_that_a_definition_calls_reaches_the_next_revision() {
    for (before, definition) in CALLED {
        let composite = if definition.contains("TYPE d") { "CREATE TYPE d AS (i int);" } else { "" };
        let before = format!("{LEAVE_FUNCTION}\n{composite}\n{before}");
        let after = "DROP EVENT TRIGGER IF EXISTS e; CREATE SEQUENCE counter; CREATE FUNCTION last() RETURNS bigint LANGUAGE sql AS 'SELECT NULL::bigint';";
        let revisions = revisions([
            revision("a1", "", &before, ""),
            revision("b1", "a1", definition, ""),
            revision("c1", "b1", &format!("{after}\n{FIND}"), ""),
        ]);
        let (once, twice) = (Database::create(), Database::create());
        once.upgrade(&revisions).unwrap_or_else(|error| panic!("{definition}: {error}"));
        twice.run(&revisions, Target::Upgrade("b1")).expect("a run");
        twice.run(&revisions, Target::Upgrade("c1")).expect("another run");
        let found = |database: &Database| database.rows("SELECT * FROM found");
        assert_eq!(found(&once), found(&twice), "{definition}");
    }
}

#[test]
fn a_failed_revision_leaves_nothing_to_its_next_attempt() {
    let database = Database::create();
    // The prepared statement outlives the rollback. The revision runs again to find the statement that failed.
    let sql = "PREPARE ins AS SELECT 1;\nSELECT pg_advisory_lock(42);\nSELECT 1 / 0;";
    let error = database.upgrade(&revisions([revision("a1", "", sql, "")])).expect_err("a division by zero");
    assert_eq!(crate::support::statement_error(&error).code, "22012", "{error}");
}
