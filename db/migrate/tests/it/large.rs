//! Revisions that are larger than a message.

use migrate::{Error, Event, Hint, HistoryError, Options, Target};
use revision::{RevisionFile, Revisions};

use crate::support::{Database, Recorder, outcome, provenance, revision, revisions, rolled_back, statement_error};

/// 3 MB of statements, one per line. The upgrade section starts in line 7, so the last line of it is `LINES + 7`.
const LINES: u32 = 300;

fn inserts() -> String {
    (1..=LINES).map(|number| format!("INSERT INTO t VALUES ({number}, '{}');\n", "é".repeat(5_000))).collect()
}

fn table() -> RevisionFile {
    revision("a1", "", "CREATE TABLE t (id int PRIMARY KEY, a text);", "DROP TABLE t;")
}

fn with_last(last: &str, downgrade: &str) -> Revisions {
    revisions([table(), revision("b1", "a1", &format!("{}{last}", inserts()), downgrade)])
}

/// How long the messages of a revision are: the server shows the one that it runs.
const KEEP_LENGTH: &str = "CREATE TABLE length (of int);
    CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO length VALUES (octet_length(current_query())); RETURN NULL; END $$;
    CREATE TRIGGER keep AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION keep();";

#[test]
fn no_message_is_longer_than_the_limit() {
    let database = Database::create();
    let all = with_last("", "DELETE FROM t;");
    database.run(&all, Target::Upgrade("a1")).expect("an upgrade");
    database.send(KEEP_LENGTH);
    database.upgrade(&all).expect("an upgrade");
    let lengths = "SELECT count(DISTINCT of), max(of) > 512 * 1024, max(of) < 1200 * 1024 FROM length";
    assert_eq!(database.rows(lengths), ["3|t|t"]);
    let small = revision("c1", "b1", "INSERT INTO t VALUES (-1, '');\nINSERT INTO t VALUES (-2, '');", "");
    let files = [table(), revision("b1", "a1", &inserts(), "DELETE FROM t;"), small];
    database.send("TRUNCATE length");
    database.upgrade(&revisions(files)).expect("an upgrade");
    assert_eq!(database.rows("SELECT count(*), count(DISTINCT of) FROM length"), ["2|1"], "a small one is one message");
}

#[test]
fn a_failure_in_the_last_message_has_its_place_and_rolls_everything_back() {
    for (last, line, column, code) in [
        ("INSERT INTO t VALUES (-1, 'ü', nowhere);", 0, 32, "42703"),
        ("INSERT INTO t VALUES (-1, nowhere);", 0, 27, "42703"),
        // Without a position.
        ("INSERT INTO t VALUES (1, 'again');", 0, 1, "23505"),
        ("COPY t FROM STDIN;\nno number\ttext\n\\.", 1, 1, "22P02"),
    ] {
        let database = Database::create();
        let all = with_last(&format!("{last}\nSELECT 1;"), "");
        let error = database.upgrade(&all).expect_err(last);
        let found = statement_error(&error);
        let excerpt = found.excerpt.as_ref().unwrap_or_else(|| panic!("no place: {found:?}"));
        assert_eq!(
            (excerpt.place.line, excerpt.place.column, found.code.as_str()),
            (LINES + 7 + line, column, code),
            "{last}"
        );
        assert_eq!(excerpt.line, last.lines().nth(line as usize).unwrap_or_default());
        assert_eq!(outcome(&error), Some(&rolled_back("b1", &["a1"])));
        assert_eq!(database.rows("SELECT count(*) FROM t"), ["0"]);
        assert_eq!((database.version_rows(), database.log()), (vec!["a1".to_owned()], vec!["upgrade a1".to_owned()]));
    }
}

#[test]
fn a_failure_in_a_middle_message_has_its_place() {
    let database = Database::create();
    // The second of three messages.
    let text = inserts().replacen("VALUES (150,", "VALUES (149,", 1);
    let all = revisions([table(), revision("b1", "a1", &text, "")]);
    let recorder = Recorder::default();
    let session = database.session(Options::default(), recorder.listener());
    let mut locked = migrate::Migrator::new(&all, session).lock().expect("nobody else holds the lock");
    let error = locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect_err("a duplicate");
    let place = statement_error(&error).excerpt.as_ref().expect("a place").place;
    assert_eq!((place.line, place.column), (156, 1));
    assert!(recorder.has(|event| matches!(event, Event::Locating { revision } if revision == "b1")));
}

#[test]
fn a_statement_that_is_longer_than_a_message_runs() {
    let database = Database::create();
    let long = format!("INSERT INTO t VALUES (0, '{}');\n", "x".repeat(3 << 20));
    let all = revisions([table(), revision("b1", "a1", &format!("{long}{}{long}", inserts()), "")]);
    let error = database.upgrade(&all).expect_err("a duplicate key");
    let place = statement_error(&error).excerpt.as_ref().expect("a place").place;
    assert_eq!((place.line, place.column), (LINES + 8, 1));
    let all = revisions([table(), revision("b1", "a1", &format!("{long}{}", inserts()), "")]);
    database.upgrade(&all).expect("an upgrade");
    assert_eq!(database.rows("SELECT count(*), max(length(a)) FROM t"), [format!("{}|{}", LINES + 1, 3 << 20)]);
}

#[test]
fn the_log_keeps_the_beginning_and_detects_edits() {
    let database = Database::create();
    database.upgrade(&with_last("SELECT 1;", "DELETE FROM t;")).expect("an upgrade");
    let kept = "SELECT octet_length(upgrade_sql) < 66 * 1024, upgrade_sql LIKE 'INSERT INTO t VALUES (1,%', \
         split_part(upgrade_sql, E'\\n', 7), downgrade_sql FROM migration_log WHERE revision = 'b1'";
    let expected = "t|t|-- 2949027 bytes of statements are not kept here|DELETE FROM t;\n";
    assert_eq!(database.rows(kept), [expected]);
    let edited = with_last("SELECT 2;", "DELETE FROM t;");
    let error = database.run(&edited, Target::Downgrade("a1")).expect_err("an edited file");
    assert!(matches!(&error, Error::History(HistoryError::Edited { revisions, .. }) if revisions[0].0 == "b1"));
    let original = with_last("SELECT 1;", "DELETE FROM t;");
    database.run(&original, Target::Downgrade("a1")).expect("a downgrade");
    assert_eq!(database.rows("SELECT count(*) FROM t"), ["0"]);
}

/// The error of a downgrade without the file.
fn without_file(database: &Database, target: &str) -> Option<Error> {
    let older = revisions([table()]);
    let known = database.lock(&older).with_logged().expect("the log has it");
    let mut locked = database.lock(&known);
    let planned = locked.plan(Target::Downgrade(target));
    planned.and_then(|plan| plan.run(&provenance())).err()
}

#[test]
fn a_downgrade_section_that_is_not_in_the_log_entirely_is_refused() {
    let copy = "CREATE TABLE n (i int);\nCOPY n FROM STDIN;\n1\n\\.\n";
    for downgrade in [inserts().as_str(), copy] {
        let database = Database::create();
        let all =
            revisions([table(), revision("b1", "a1", "SELECT 1;", downgrade), revision("c1", "b1", "", "SELECT 1;")]);
        database.upgrade(&all).expect("an upgrade");
        assert!(without_file(&database, "b1").is_none(), "`c1` is in the log entirely");
        let error = without_file(&database, "a1").expect("the log lacks a part");
        assert!(matches!(&error, Error::History(HistoryError::NotKept { revision }) if revision == "b1"), "{error:?}");
        assert_eq!(error.hint(), Some(Hint::RevertElsewhere));
        assert_eq!(database.version_rows(), ["b1"]);
        // An earlier version has not logged the checksum, and COPY data neither.
        database.send("ALTER TABLE migration_log DROP COLUMN downgrade_checksum");
        assert_eq!(without_file(&database, "a1").is_some(), downgrade == copy);
    }
}

#[test]
fn a_copy_without_data_is_in_the_log_entirely() {
    let database = Database::create();
    let downgrade = "CREATE TABLE n (i int);\nCOPY n FROM STDIN;\n\\.\n";
    database.upgrade(&revisions([table(), revision("b1", "a1", "SELECT 1;", downgrade)])).expect("an upgrade");
    assert!(without_file(&database, "a1").is_none());
    assert_eq!(database.rows("SELECT count(*) FROM n"), ["0"]);
}
