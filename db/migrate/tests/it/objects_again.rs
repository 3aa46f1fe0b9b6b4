//! Files in `objects` that revisions, other files or earlier versions of them have to do with.

use migrate::{Done, Error, Event, Migrator, RunError, Target};
use revision::{ObjectFile, Objects, RevisionFile, Revisions};

use crate::support::{
    Database, Recorder, options, provenance, revision, revisions, statement_error, without_transaction,
};

fn objects<const N: usize>(files: [(&str, &str); N]) -> Objects {
    let read = |(name, text): (&str, &str)| {
        ObjectFile::read(name, &RevisionFile::in_memory(format!("{name}.sql"), text)).expect("a valid file")
    };
    Objects::new(files.into_iter().map(read).collect()).expect("valid files")
}

fn run(
    database: &Database,
    revisions: &Revisions,
    objects: &Objects,
    target: Target<'_>,
) -> (Result<Done, Error>, Recorder) {
    let recorder = Recorder::default();
    let migrator = Migrator::new(revisions, database.session(options(), recorder.listener())).with_objects(objects);
    let done = migrator.lock().and_then(|mut locked| locked.plan(target)?.run(&provenance()));
    (done, recorder)
}

/// Upgrades, and returns how many files were applied.
fn upgrade(database: &Database, revisions: &Revisions, objects: &Objects) -> Result<usize, Error> {
    run(database, revisions, objects, Target::Upgrade("heads")).0.map(|done| done.objects)
}

fn rooms() -> RevisionFile {
    revision("a1", "", "CREATE TABLE rooms (id int, name text);", "DROP TABLE rooms;")
}

const FUNCTION: &str =
    "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;";

/// The downgrade of the revision drops what the file has taken over, so that the file is applied again; then the revision
/// can't create it.
#[test]
fn a_revision_creates_what_a_file_has_taken_over() {
    let kinds = [
        (
            "CREATE VIEW \"V v\" AS SELECT id FROM rooms;",
            "DROP VIEW \"V v\";",
            "CREATE OR REPLACE VIEW \"V v\" AS SELECT id FROM rooms;",
        ),
        (
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a;",
            "DROP FUNCTION f;",
            "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a + 1;",
        ),
        (
            "CREATE TRIGGER t BEFORE UPDATE ON rooms FOR EACH ROW EXECUTE FUNCTION f();",
            "DROP TRIGGER t ON rooms;",
            "CREATE TRIGGER t BEFORE UPDATE ON rooms FOR EACH ROW EXECUTE FUNCTION f();",
        ),
        ("CREATE POLICY p ON rooms;", "DROP POLICY p ON rooms;", "CREATE POLICY p ON rooms USING (true);"),
    ];
    for (number, (create, drop, file)) in kinds.into_iter().enumerate() {
        for make in [revision, without_transaction] {
            let database = Database::create();
            if number == 2 {
                database.send(FUNCTION);
            }
            let other = ("other", "CREATE OR REPLACE FUNCTION unrelated() RETURNS int LANGUAGE sql RETURN 1;");
            let (two, files) = (revisions([rooms(), make("b1", "a1", create, drop)]), objects([("x", file), other]));
            assert_eq!(upgrade(&database, &two, &files).expect(create), 2);
            let (done, _) = run(&database, &two, &files, Target::Downgrade("-1"));
            assert_eq!(done.expect("it is reversible").objects, 1, "{create}");
            let (done, recorder) = run(&database, &two, &files, Target::Upgrade("heads"));
            assert_eq!(done.unwrap_or_else(|error| panic!("{create}: {error}")).objects, 1, "{create}");
            assert_eq!(database.version_rows(), ["b1"]);
            let dropped = |event: &Event| matches!(event, Event::DroppingObjects { objects, .. } if objects.len() == 1);
            assert!(recorder.has(dropped), "{create}");
            assert_eq!(upgrade(&database, &two, &files).expect("nothing to do"), 0);
        }
    }
}

/// An object that exists and that no file has created stays, and the error of the server is reported.
#[test]
fn a_revision_does_not_create_what_is_not_of_a_file() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let files = objects([("w", "CREATE OR REPLACE VIEW w AS SELECT id FROM rooms;")]);
    upgrade(&database, &one, &files).expect("it runs");
    database.send("CREATE VIEW v AS SELECT 1 AS w");
    let two = revisions([rooms(), revision("b1", "a1", "CREATE VIEW v AS SELECT id FROM rooms;", "")]);
    let (done, recorder) = run(&database, &two, &files, Target::Upgrade("heads"));
    assert_eq!(statement_error(&done.expect_err("v exists")).code, "42P07");
    assert!(!recorder.has(|event| matches!(event, Event::DroppingObjects { .. })));
}

#[test]
fn two_files_that_create_the_same_object_are_refused() {
    let routine =
        |name: &str, value: u32| format!("CREATE OR REPLACE FUNCTION {name} RETURNS int LANGUAGE sql RETURN {value};");
    let cases = [
        [routine("f(a int)", 1), routine("public.f(a integer)", 2)],
        [routine("f()", 1), format!("{}{}", routine("f(text)", 1), routine("f()", 2))],
        ["CREATE OR REPLACE VIEW v AS SELECT 1;".to_owned(), "CREATE OR REPLACE VIEW public.v AS SELECT 2;".to_owned()],
    ];
    for [one, two] in &cases {
        let (database, revisions) = (Database::create(), revisions([rooms()]));
        let refused = |files: &Objects, creates: &str, other: &str| {
            let error = upgrade(&database, &revisions, files).expect_err("they contradict each other");
            let Error::Run(run) = &error else { panic!("{error:?}") };
            assert!(matches!(**run, RunError::CreatedTwice { .. }), "{error:?}");
            let text = error.to_string();
            assert!(text.starts_with(creates) && text.contains(&format!("`{other}` also creates ")), "{text}");
        };
        refused(&objects([("a", one), ("b", two)]), "b.sql: ", "a.sql");
        assert_eq!(upgrade(&database, &revisions, &objects([("a", one)])).expect("it is the only one"), 1);
        refused(&objects([("a", one), ("b", two)]), "b.sql: ", "a.sql");
        // It may move from one file to the other.
        assert_eq!(upgrade(&database, &revisions, &objects([("a", ""), ("b", two)])).expect("it moves"), 2);
        assert_eq!(upgrade(&database, &revisions, &objects([("c", two)])).expect("it is renamed"), 1);
    }
}

#[test]
fn a_file_has_only_the_routines_that_it_creates() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let routine =
        |arguments: &str| format!("CREATE OR REPLACE FUNCTION f({arguments}) RETURNS int LANGUAGE sql RETURN 1;");
    let all = "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC;";
    let (a, b) = (routine("a int"), format!("{}{all}", routine("a text")));
    upgrade(&database, &one, &objects([("a", &a), ("b", &b)])).expect("they run");
    upgrade(&database, &one, &objects([("a", &a), ("b", &format!("{b}{all}"))])).expect("it runs");
    let created = "SELECT DISTINCT ON (name) name, array(SELECT split_part(c, ' ', 3) FROM unnest(created) c) FROM migration_objects ORDER BY name, id DESC";
    assert_eq!(database.rows(created), ["a|{public.f(integer)}", "b|{public.f(pg_catalog.text)}"]);
}

#[test]
fn a_renamed_file_leaves_nothing() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let two = "CREATE OR REPLACE VIEW v AS SELECT 1 AS a;\nCREATE OR REPLACE VIEW w AS SELECT 1 AS a;";
    let left = |recorder: &Recorder| -> Vec<Event> {
        recorder.events().into_iter().filter(|event| matches!(event, Event::ObjectFileRemoved { .. })).collect()
    };
    upgrade(&database, &one, &objects([("old", two)])).expect("it runs");
    let (done, recorder) = run(&database, &one, &objects([("new", two)]), Target::Upgrade("heads"));
    assert_eq!(done.expect("it runs").objects, 1);
    assert_eq!(left(&recorder).len(), 0, "{:?}", recorder.events());
    // What it no longer creates is dropped: it has taken it over.
    let edited = objects([("new", "CREATE OR REPLACE VIEW v AS SELECT 1 AS a;")]);
    let (done, recorder) = run(&database, &one, &edited, Target::Upgrade("heads"));
    done.expect("it runs");
    assert_eq!(left(&recorder).len(), 0, "{:?}", recorder.events());
    assert_eq!(database.rows("SELECT to_regclass('v') IS NOT NULL, to_regclass('w') IS NULL"), ["t|t"]);
    let (done, recorder) = run(&database, &one, &objects([]), Target::Upgrade("heads"));
    done.expect("it runs");
    assert_eq!(left(&recorder).len(), 1, "{:?}", recorder.events());
}

/// A revision that fails because of what a removed file has left.
#[test]
fn what_a_removed_file_has_left_is_reported_with_the_failure() {
    let database = Database::create();
    upgrade(&database, &revisions([rooms()]), &objects([("v", "CREATE OR REPLACE VIEW v AS SELECT id FROM rooms;")]))
        .expect("it runs");
    let two = revisions([rooms(), revision("b1", "a1", "ALTER TABLE rooms DROP COLUMN id;", "")]);
    let (done, recorder) = run(&database, &two, &objects([]), Target::Upgrade("heads"));
    assert_eq!(statement_error(&done.expect_err("v depends on it")).code, "2BP01");
    assert!(
        recorder
            .has(|event| matches!(event, Event::ObjectFileRemoved { objects, .. } if objects == &["view public.v"]))
    );
}

#[test]
fn what_depends_on_an_object_is_named_without_its_parts() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    upgrade(&database, &one, &objects([("v", "CREATE OR REPLACE VIEW v AS SELECT id, name FROM rooms;")]))
        .expect("it runs");
    database.send("CREATE MATERIALIZED VIEW m AS SELECT * FROM v; CREATE INDEX i ON m (id)");
    let fewer = objects([("v", "CREATE OR REPLACE VIEW v AS SELECT name FROM rooms;")]);
    let error = upgrade(&database, &one, &fewer).expect_err("m depends on it");
    assert!(error.to_string().ends_with("but materialized view public.m depends on it"), "{error}");
}

/// `*` and `ON ALL` mean what there is when the statement runs. As on a new database, that is what the revisions have created.
#[test]
fn a_file_with_a_wildcard_is_applied_after_revisions() {
    let database = Database::create();
    let role = database.role();
    database.send(&format!("CREATE ROLE {role}"));
    let grant = format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};");
    let files = objects([
        ("all", "CREATE OR REPLACE VIEW all_rooms AS SELECT r.* FROM rooms r;"),
        (
            "atomic",
            "CREATE OR REPLACE FUNCTION g() RETURNS SETOF rooms LANGUAGE sql BEGIN ATOMIC SELECT * FROM rooms; END;",
        ),
        (
            "count",
            "CREATE OR REPLACE VIEW counts AS SELECT count(*), 2 * 3 AS six FROM rooms WHERE EXISTS (SELECT * FROM rooms);",
        ),
        ("grant", &grant),
    ]);
    assert_eq!(upgrade(&database, &revisions([rooms()]), &files).expect("it runs"), 4);
    assert_eq!(upgrade(&database, &revisions([rooms()]), &files).expect("nothing to do"), 0);
    let change = revision(
        "b1",
        "a1",
        "ALTER TABLE rooms ADD size int; CREATE TABLE more ();",
        "DROP TABLE more; ALTER TABLE rooms DROP size;",
    );
    let two = || revisions([rooms(), change.clone()]);
    assert_eq!(upgrade(&database, &two(), &files).expect("it runs"), 3);
    assert_eq!(database.rows("SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'all_rooms'::regclass AND attnum > 0"), ["id,name,size"]);
    assert_eq!(database.rows(&format!("SELECT has_table_privilege('{role}', 'more', 'SELECT')")), ["t"]);
    assert_eq!(upgrade(&database, &two(), &files).expect("nothing to do"), 0);
    // A run that stops before them is continued.
    let fails = revision("d1", "c1", "SELECT 1/0;", "");
    let three = [rooms(), change.clone(), revision("c1", "b1", "ALTER TABLE rooms ADD tag text;", "")];
    let [a1, b1, c1] = three.clone();
    upgrade(&database, &revisions([a1, b1, c1, fails]), &files).expect_err("d1 fails");
    assert_eq!(upgrade(&database, &revisions(three), &files).expect("it runs"), 3);
}
