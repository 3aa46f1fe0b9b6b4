//! Each revision starts with the same session state, and the bookkeeping runs as the role that logged in.

use revision::RevisionFile;

use crate::support::{Database, revision, revisions, without_transaction};

/// Stores the session state that a revision finds.
fn store(table: &str) -> String {
    format!(
        "CREATE TABLE public.{table} AS SELECT current_user::text AS role, session_user::text AS login, \
         current_setting('search_path') AS path, current_setting('statement_timeout') AS timeout, \
         current_setting('standard_conforming_strings') AS strings;"
    )
}

/// Changes the search path and other settings.
fn disturb(database: &Database, end: &str) -> String {
    let role = database.role();
    format!(
        "CREATE SCHEMA mine AUTHORIZATION {role};\nSET search_path = mine;\nSET statement_timeout = '1h';\nSET standard_conforming_strings = off;\nCREATE TABLE inside ();\n{end}"
    )
}

fn database_with_role() -> Database {
    let database = Database::create();
    let role = database.role();
    database.send(&format!("CREATE ROLE {role}; GRANT CREATE ON SCHEMA public TO {role};"));
    database
}

type Kind = fn(&str, &str, &str, &str) -> RevisionFile;

#[test]
fn settings_end_with_the_revision() {
    let kinds: [(&str, Kind); 2] = [("a transaction", revision), ("no transaction", without_transaction)];
    for (what, first) in kinds {
        for (next_what, next) in kinds {
            let database = database_with_role();
            let role = database.role();
            for (end, set) in [(1, format!("SET ROLE {role};")), (2, format!("SET SESSION AUTHORIZATION {role};"))] {
                let name = |letter: char| format!("{letter}{end}");
                let both = revisions([
                    first(&name('a'), "", &disturb(&database, &set), ""),
                    next(&name('b'), &name('a'), &store(&name('b')), ""),
                ]);
                database.send("DROP SCHEMA IF EXISTS mine CASCADE; DROP TABLE IF EXISTS alembic_version");
                let what = format!("{what} with {set}, then {next_what}");
                database.upgrade(&both).unwrap_or_else(|error| panic!("{what}: {error}"));
                let seen = database.rows(&format!("SELECT role = login, path, timeout, strings FROM {}", name('b')));
                assert_eq!(seen, ["t|\"$user\", public|0|on"], "{what}");
                assert_eq!(database.version_rows(), [name('b')], "{what}");
                assert!(database.has_table("mine.inside"), "{what}");
            }
            // The role has no privileges on any of these.
            let owners = "SELECT DISTINCT relowner::regrole = session_user::regrole FROM pg_class WHERE relname IN ('alembic_version', 'migration_log', 'b1', 'b2')";
            assert_eq!(database.rows(owners), ["t"]);
            assert_eq!(database.rows("SELECT DISTINCT applied_by = session_user FROM migration_log"), ["t"]);
        }
    }
}

#[test]
fn a_search_path_does_not_redirect_the_engine() {
    for kind in [revision as Kind, without_transaction] {
        let database = Database::create();
        let trap = "CREATE SCHEMA trap;\nCREATE TABLE trap.alembic_version (version_num text);\n\
             CREATE TABLE trap.migration_log ();\nCREATE TABLE trap.migration_journal ();\n\
             SET search_path = trap, public;\nSELECT 1;";
        let two = revisions([kind("a1", "", trap, ""), kind("b1", "a1", "CREATE TABLE b ();", "")]);
        database.upgrade(&two).expect("an upgrade");
        assert_eq!(database.rows("SELECT count(*) FROM trap.alembic_version"), ["0"]);
        assert_eq!(
            (database.version_rows(), database.log()),
            (vec!["b1".to_owned()], vec!["upgrade a1".to_owned(), "upgrade b1".to_owned()])
        );
        assert!(database.has_table("public.b"));
    }
}

#[test]
fn the_engine_sets_a_lock_timeout_and_a_connection_check() {
    let database = Database::create();
    let sql = "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS lock, current_setting('client_connection_check_interval', true) AS alive;";
    database.upgrade(&revisions([revision("a1", "", sql, "")])).expect("an upgrade");
    let newer = database.rows("SELECT current_setting('server_version_num')::int >= 140000");
    let alive = if newer == ["t"] { "2s" } else { "null" };
    // The first of ten attempts waits for 5 s / 2⁹.
    assert_eq!(database.rows("SELECT * FROM seen"), [format!("9ms|{alive}")]);
}
