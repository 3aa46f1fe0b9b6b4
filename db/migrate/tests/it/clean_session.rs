//! A revision leaves nothing in the session: the next one finds what it would find in a session of its own.

use migrate::Target;
use revision::{RevisionFile, Revisions};

use crate::support::{Database, revision, revisions, without_transaction};

/// What a revision may leave.
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

#[test]
fn a_failed_revision_leaves_nothing_to_its_next_attempt() {
    let database = Database::create();
    // The prepared statement outlives the rollback. The revision runs again to find the statement that failed.
    let sql = "PREPARE ins AS SELECT 1;\nSELECT pg_advisory_lock(42);\nSELECT 1 / 0;";
    let error = database.upgrade(&revisions([revision("a1", "", sql, "")])).expect_err("a division by zero");
    assert_eq!(crate::support::statement_error(&error).code, "22012", "{error}");
}
