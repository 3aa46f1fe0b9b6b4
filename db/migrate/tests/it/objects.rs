//! Files in `objects`: which are applied when, and what happens to what depends on them.

use std::sync::Arc;

use migrate::{Done, Error, Event, Migrator, Outcome, RunError, StateError, Target};
use revision::{ObjectFile, Objects, RevisionFile, Revisions};

use crate::support::{
    Database, Recorder, options, outcome, provenance, revision, revisions, statement_error, without_transaction,
};

fn objects<const N: usize>(files: [(&str, &str); N]) -> Objects {
    let read = |(name, text): (&str, &str)| {
        ObjectFile::read(name, &RevisionFile::in_memory(format!("{name}.sql"), text)).expect("a valid file")
    };
    Objects::new(files.into_iter().map(read).collect()).expect("valid files")
}

fn run(database: &Database, revisions: &Revisions, objects: &Objects, target: Target<'_>) -> Result<Done, Error> {
    let migrator = database.migrator(revisions).with_objects(objects);
    migrator.lock()?.plan(target)?.run(&provenance())
}

fn upgrade(database: &Database, revisions: &Revisions, objects: &Objects) -> Result<Done, Error> {
    run(database, revisions, objects, Target::Upgrade("heads"))
}

/// The same, with the events.
fn upgrade_with(database: &Database, revisions: &Revisions, objects: &Objects) -> (Result<Done, Error>, Recorder) {
    let recorder = Recorder::default();
    let migrator = Migrator::new(revisions, database.session(options(), recorder.listener())).with_objects(objects);
    let done = migrator.lock().and_then(|mut locked| locked.plan(Target::Upgrade("heads"))?.run(&provenance()));
    (done, recorder)
}

/// The operation and the file of each row.
fn log(database: &Database) -> Vec<String> {
    database.rows("SELECT operation || ' ' || name FROM migration_objects ORDER BY id")
}

fn rooms() -> RevisionFile {
    revision("a1", "", "CREATE TABLE rooms (id int, name text, size int);", "DROP TABLE rooms;")
}

const ROOMS_V: (&str, &str) = ("rooms_v", "CREATE OR REPLACE VIEW rooms_v AS SELECT id, name FROM rooms;");
const NAMES: (&str, &str) = ("names", "CREATE OR REPLACE VIEW names AS SELECT name FROM rooms_v;");

#[test]
fn applies_files_once_and_again_when_they_change() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let files = objects([NAMES, ROOMS_V]);
    assert_eq!(upgrade(&database, &one, &files).expect("it runs").objects, 2);
    assert_eq!(log(&database), ["apply rooms_v", "apply names"]);
    assert_eq!(upgrade(&database, &one, &files).expect("nothing to do").objects, 0);
    let comments = objects([NAMES, ("rooms_v", &format!("-- a comment\n/* another */ {}", ROOMS_V.1))]);
    assert_eq!(upgrade(&database, &one, &comments).expect("comments do not count").objects, 0);
    let more = objects([
        NAMES,
        ("rooms_v", "CREATE OR REPLACE VIEW rooms_v AS SELECT id, upper(name) AS name, size FROM rooms;"),
    ]);
    assert_eq!(upgrade(&database, &one, &more).expect("it is replaced").objects, 1);
    assert_eq!(log(&database)[2..], ["apply rooms_v"]);
    assert_eq!(database.rows("SELECT count(*) FROM pg_attribute WHERE attrelid = 'rooms_v'::regclass"), ["3"]);
}

#[test]
fn a_database_without_files_gets_no_table() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    upgrade(&database, &one, &objects([])).expect("it runs");
    assert!(!database.has_table("migration_objects"));
}

#[test]
fn what_can_not_be_replaced_is_dropped_with_its_dependents() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let grant = ("z_grant", "GRANT SELECT ON names TO PUBLIC;");
    upgrade(&database, &one, &objects([NAMES, ROOMS_V, grant])).expect("it runs");
    let fewer = ("rooms_v", "CREATE OR REPLACE VIEW rooms_v AS SELECT name FROM rooms;");
    let (done, _) = upgrade_with(&database, &one, &objects([NAMES, fewer, grant]));
    assert_eq!(done.expect("it is dropped first").objects, 3);
    assert_eq!(log(&database)[3..], ["drop names", "drop rooms_v", "apply rooms_v", "apply names", "apply z_grant"]);
    assert_eq!(database.rows("SELECT has_table_privilege('public', 'names', 'SELECT')"), ["t"]);
}

#[test]
fn a_function_may_get_another_signature() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let function = |signature: &str| format!("CREATE OR REPLACE FUNCTION f({signature} LANGUAGE sql RETURN 1;");
    let view = ("v", "CREATE OR REPLACE VIEW v AS SELECT f(1) AS n;");
    upgrade(&database, &one, &objects([("f", &function("a int) RETURNS int")), view])).expect("it runs");
    upgrade(&database, &one, &objects([("f", &function("b int) RETURNS bigint")), view])).expect("it is dropped first");
    let signatures = "SELECT pg_get_function_identity_arguments(oid) FROM pg_proc WHERE proname = 'f' ORDER BY 1";
    assert_eq!(database.rows(signatures), ["b integer"]);
    assert_eq!(database.rows("SELECT pg_typeof(n) FROM v"), ["bigint"]);
    let files = objects([("f", &function("b bigint) RETURNS bigint")), view]);
    let (done, recorder) = upgrade_with(&database, &one, &files);
    done.expect("the old one is dropped");
    assert_eq!(database.rows(signatures), ["b bigint"]);
    assert!(recorder.has(|event| matches!(event, Event::ObjectsApplied { names, .. } if names == &["f", "v"])));
}

#[test]
fn overloads_may_be_in_several_files() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let of = |name: &str| format!("CREATE OR REPLACE FUNCTION f(a {name}) RETURNS {name} LANGUAGE sql RETURN a;");
    upgrade(&database, &one, &objects([("a", &of("int")), ("b", &of("text"))])).expect("it runs");
    assert_eq!(database.rows("SELECT created::text FROM migration_objects ORDER BY id").len(), 2);
    upgrade(&database, &one, &objects([("a", &of("bigint")), ("b", &of("text"))])).expect("it runs");
    let signatures = "SELECT oid::regprocedure FROM pg_proc WHERE proname = 'f' ORDER BY 1";
    assert_eq!(database.rows(signatures), ["f(text)", "f(bigint)"]);
}

#[test]
fn policies_and_triggers_are_created_again() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let policy = |condition: &str| format!("CREATE POLICY own ON public.rooms USING ({condition});");
    let trigger = |when: &str| {
        format!(
            "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
            CREATE TRIGGER \"Touch it\" {when} INSERT ON rooms FOR EACH ROW EXECUTE FUNCTION touch();"
        )
    };
    upgrade(&database, &one, &objects([("p", &policy("true")), ("t", &trigger("BEFORE"))])).expect("it runs");
    let files = objects([("p", &policy("id > 0")), ("t", &trigger("AFTER"))]);
    assert_eq!(upgrade(&database, &one, &files).expect("they are replaced").objects, 2);
    assert_eq!(database.rows("SELECT qual FROM pg_policies"), ["(id > 0)"]);
    assert_eq!(database.rows("SELECT action_timing FROM information_schema.triggers"), ["AFTER"]);
    assert_eq!(upgrade(&database, &one, &files).expect("nothing to do").objects, 0);
    let table_again = revision("b1", "a1", "DROP TABLE rooms; CREATE TABLE rooms (id int, name text, size int);", "");
    assert_eq!(upgrade(&database, &revisions([rooms(), table_again]), &files).expect("they are gone").objects, 2);
    assert_eq!(database.rows("SELECT count(*) FROM pg_policies"), ["1"]);
}

#[test]
fn an_object_of_a_revision_that_depends_on_one_is_an_error() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    upgrade(&database, &one, &objects([ROOMS_V])).expect("it runs");
    database.send("CREATE VIEW foreign_v AS SELECT id FROM rooms_v");
    let fewer = objects([("rooms_v", "CREATE OR REPLACE VIEW rooms_v AS SELECT name FROM rooms;")]);
    let error = upgrade(&database, &one, &fewer).expect_err("it can't be dropped");
    assert_eq!(
        error.to_string(),
        "rooms_v.sql: needs view public.rooms_v dropped and created again, but view public.foreign_v depends on it"
    );
    assert_eq!(outcome(&error), Some(&Outcome::ObjectsRolledBack { heads: vec!["a1".to_owned()] }));
    assert_eq!(database.rows("SELECT count(*) FROM foreign_v, rooms_v"), ["0"]);
    let change = revision("b1", "a1", "ALTER TABLE rooms ALTER id TYPE bigint;", "");
    let error =
        upgrade(&database, &revisions([rooms(), change]), &objects([ROOMS_V])).expect_err("it depends on rooms_v");
    assert!(matches!(&error, Error::Run(run) if matches!(**run, RunError::ForeignDependents { .. })), "{error}");
    assert_eq!(database.version_rows(), ["a1"]);
}

#[test]
fn a_revision_changes_a_table_under_a_view() {
    for (change, rest) in [
        ("ALTER TABLE rooms ALTER id TYPE bigint;", ""),
        ("DO $$ BEGIN EXECUTE format('ALTER TABLE %I ALTER id TYPE bigint', 'roo' || 'ms'); END $$;", ""),
        ("ALTER TABLE rooms ADD tag text; ALTER TABLE rooms DROP COLUMN name;", ", tag AS name"),
        ("DROP TABLE rooms; CREATE TABLE rooms (id int, name text);", ", name"),
        ("DROP VIEW names; DROP VIEW rooms_v; DROP TABLE rooms; CREATE TABLE rooms (id int, name text);", ", name"),
        ("DROP TABLE rooms CASCADE; CREATE TABLE rooms (id int, name text);", ", name"),
    ] {
        let database = Database::create();
        upgrade(&database, &revisions([rooms()]), &objects([NAMES, ROOMS_V])).expect("it runs");
        let rest = if rest.is_empty() { ", name" } else { rest };
        let view = format!("CREATE OR REPLACE VIEW rooms_v AS SELECT id{rest} FROM rooms;");
        let two = revisions([rooms(), revision("b1", "a1", change, "")]);
        let done = upgrade(&database, &two, &objects([NAMES, ("rooms_v", &view)]))
            .unwrap_or_else(|error| panic!("{change}: {error}"));
        assert_eq!(done.objects, 2, "{change}");
        assert_eq!(database.rows("SELECT count(*) FROM names"), ["0"], "{change}");
        assert_eq!(database.version_rows(), ["b1"], "{change}");
    }
}

#[test]
fn a_revision_without_a_transaction_changes_a_table_under_a_view() {
    let database = Database::create();
    upgrade(&database, &revisions([rooms()]), &objects([NAMES, ROOMS_V])).expect("it runs");
    let change = without_transaction(
        "b1",
        "a1",
        "CREATE INDEX CONCURRENTLY i ON rooms (size);\nALTER TABLE rooms ALTER id TYPE bigint;\nALTER TABLE rooms ALTER name TYPE varchar(9);",
        "",
    );
    let (done, recorder) = upgrade_with(&database, &revisions([rooms(), change]), &objects([NAMES, ROOMS_V]));
    assert_eq!(done.expect("it runs").objects, 2);
    let dropping = recorder.events().into_iter().filter(|event| matches!(event, Event::DroppingObjects { .. })).count();
    assert_eq!(dropping, 1);
    assert_eq!(database.journal(), [""; 0]);
    assert_eq!(database.rows("SELECT count(*) FROM names"), ["0"]);
}

#[test]
fn a_failure_leaves_a_state_that_the_next_run_continues_from() {
    let database = Database::create();
    upgrade(&database, &revisions([rooms()]), &objects([NAMES, ROOMS_V])).expect("it runs");
    let change = || revision("b1", "a1", "ALTER TABLE rooms ALTER id TYPE bigint;", "");
    let fails = revision("c1", "b1", "SELECT 1/0;", "");
    let error =
        upgrade(&database, &revisions([rooms(), change(), fails]), &objects([NAMES, ROOMS_V])).expect_err("c1 fails");
    assert_eq!(statement_error(&error).code, "22012");
    assert_eq!(database.version_rows(), ["b1"]);
    assert_eq!(log(&database)[2..], ["drop names", "drop rooms_v"]);
    let two = revisions([rooms(), change()]);
    let wrong = objects([NAMES, ("rooms_v", "CREATE OR REPLACE VIEW rooms_v AS SELECT id,\n  nme FROM rooms;")]);
    let error = upgrade(&database, &two, &wrong).expect_err("the view is wrong");
    let failed = statement_error(&error);
    assert_eq!(failed.path.to_str(), Some("rooms_v.sql"));
    assert_eq!(failed.excerpt.as_ref().map(|at| (at.place.line, at.place.column)), Some((2, 3)));
    assert_eq!(failed.outcome, Outcome::ObjectsRolledBack { heads: vec!["b1".to_owned()] });
    assert_eq!(upgrade(&database, &two, &objects([NAMES, ROOMS_V])).expect("both are created again").objects, 2);
    assert_eq!(database.rows("SELECT count(*) FROM names"), ["0"]);
}

#[test]
fn a_revision_that_fails_anyway_drops_nothing() {
    let database = Database::create();
    upgrade(&database, &revisions([rooms()]), &objects([ROOMS_V])).expect("it runs");
    let fails = revision("b1", "a1", "ALTER TABLE rooms ALTER id TYPE bigint; SELECT 1/0;", "");
    let error = upgrade(&database, &revisions([rooms(), fails]), &objects([ROOMS_V])).expect_err("it divides by zero");
    assert_eq!(statement_error(&error).code, "22012");
    assert_eq!(log(&database), ["apply rooms_v"]);
    assert_eq!(database.rows("SELECT count(*) FROM rooms_v"), ["0"]);
}

#[test]
fn a_killed_run_is_continued() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let files = objects([("a", "GRANT SELECT ON rooms TO PUBLIC;"), NAMES, ROOMS_V]);
    upgrade(&database, &one, &objects([])).expect("it runs");
    let mut blocker = database.connect();
    blocker.send("BEGIN; LOCK TABLE rooms IN ACCESS EXCLUSIVE MODE").expect("nobody uses it");
    std::thread::scope(|scope| {
        let mut patient = options();
        patient.attempts = 1;
        let killed = scope.spawn(|| {
            let migrator = Migrator::new(&one, database.session(patient, Arc::new(|_| ()))).with_objects(&files);
            migrator.lock()?.plan(Target::Upgrade("heads"))?.run(&provenance())
        });
        let pid = database.wait_for_session("wait_event_type = 'Lock' AND query LIKE 'CREATE OR REPLACE VIEW%'");
        database.send(&format!("SELECT pg_terminate_backend({pid})"));
        let error = killed.join().expect("no panic").expect_err("its session is gone");
        assert!(matches!(outcome(&error), Some(Outcome::ObjectsUnknown { .. })), "{error:?}");
    });
    blocker.send("ROLLBACK").expect("it ends");
    assert_eq!(log(&database), [""; 0]);
    assert_eq!(upgrade(&database, &one, &files).expect("it starts again").objects, 3);
}

#[test]
fn two_runs_apply_the_files_once() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let files = objects([NAMES, ROOMS_V]);
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| upgrade(&database, &one, &files))).collect();
        let mut counts: Vec<usize> =
            runs.into_iter().map(|run| run.join().expect("no panic").expect("both succeed").objects).collect();
        counts.sort_unstable();
        assert_eq!(counts, [0, 2]);
    });
    assert_eq!(log(&database).len(), 2);
}

#[test]
fn a_downgrade_restores_what_still_loads() {
    let database = Database::create();
    let two = revisions([
        rooms(),
        revision("b1", "a1", "ALTER TABLE rooms ADD tag text;", "ALTER TABLE rooms DROP COLUMN tag;"),
    ]);
    let tags = ("tags", "CREATE OR REPLACE VIEW tags AS SELECT tag FROM rooms;");
    let files = objects([NAMES, ROOMS_V, tags]);
    upgrade(&database, &two, &files).expect("it runs");
    assert_eq!(run(&database, &two, &files, Target::Downgrade("-1")).expect("it is possible").objects, 2);
    assert_eq!(database.rows("SELECT count(*) FROM names"), ["0"]);
    assert!(!database.has_table("tags"));
    assert_eq!(upgrade(&database, &two, &files).expect("it is created again").objects, 1);
    assert_eq!(run(&database, &two, &files, Target::Downgrade("base")).expect("it is possible").objects, 0);
    assert_eq!(upgrade(&database, &two, &files).expect("all are created again").objects, 3);
}

#[test]
fn an_upgrade_to_another_target_applies_what_loads() {
    let database = Database::create();
    let two = revisions([rooms(), revision("b1", "a1", "ALTER TABLE rooms ADD tag text;", "")]);
    let files = objects([ROOMS_V, ("tags", "CREATE OR REPLACE VIEW tags AS SELECT tag FROM rooms;")]);
    let recorder = Recorder::default();
    let migrator = Migrator::new(&two, database.session(options(), recorder.listener())).with_objects(&files);
    let mut locked = migrator.lock().expect("the lock");
    let plan = locked.plan(Target::Upgrade("+1")).expect("a plan");
    assert_eq!(plan.objects().len(), 2);
    assert_eq!(plan.run(&provenance()).expect("one loads").objects, 1);
    assert!(recorder.has(|event| matches!(event, Event::ObjectLeftOut { name, .. } if name == "tags")));
    assert_eq!(
        locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect("both load").objects,
        1
    );
}

#[test]
fn a_removed_file_drops_nothing() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    upgrade(&database, &one, &objects([NAMES, ROOMS_V])).expect("it runs");
    let (done, recorder) = upgrade_with(&database, &one, &objects([ROOMS_V]));
    assert_eq!(done.expect("it runs").objects, 0);
    let is_named = |event: &Event| matches!(event, Event::ObjectFileRemoved { name, objects } if name == "names" && objects == &["view public.names"]);
    assert!(recorder.has(is_named));
    assert_eq!(database.rows("SELECT count(*) FROM names"), ["0"]);
    let moved = objects([ROOMS_V, ("views/names", NAMES.1)]);
    let (done, recorder) = upgrade_with(&database, &one, &moved);
    assert_eq!(done.expect("another file has it").objects, 1);
    let (_, again) = upgrade_with(&database, &one, &moved);
    assert!(!again.has(is_named), "{:?}", recorder.events());
}

#[test]
fn every_kind_of_object_can_be_dropped_and_created_again() {
    let database = Database::create();
    let schema = revision(
        "a1",
        "",
        "CREATE SCHEMA \"My app\"; CREATE TABLE \"My app\".\"T\" (id int);",
        "DROP TABLE \"My app\".\"T\"; DROP SCHEMA \"My app\";",
    );
    let change = revision(
        "b1",
        "a1",
        "ALTER TABLE \"My app\".\"T\" ALTER id TYPE bigint;",
        "ALTER TABLE \"My app\".\"T\" ALTER id TYPE int;",
    );
    let files = objects([
        ("aggregate", "CREATE OR REPLACE AGGREGATE \"My app\".total(int) (SFUNC = int4pl, STYPE = int, INITCOND = 0);"),
        (
            "function",
            "CREATE OR REPLACE FUNCTION \"My app\".of(t \"My app\".\"T\") RETURNS bigint LANGUAGE sql RETURN t.id;\nCOMMENT ON FUNCTION \"My app\".of IS 'x';",
        ),
        (
            "procedure",
            "CREATE OR REPLACE PROCEDURE \"My app\".p(INOUT a int DEFAULT 1) LANGUAGE plpgsql AS $$ BEGIN a := 2; END $$;",
        ),
        (
            "rows",
            "CREATE OR REPLACE FUNCTION \"My app\".rows() RETURNS SETOF \"My app\".\"V\" LANGUAGE sql AS 'SELECT * FROM \"My app\".\"V\"';",
        ),
        (
            "trigger",
            "CREATE OR REPLACE FUNCTION \"My app\".touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;\nCREATE TRIGGER \"On V\" INSTEAD OF INSERT ON \"My app\".\"V\" FOR EACH ROW EXECUTE FUNCTION \"My app\".touch();\nCREATE CONSTRAINT TRIGGER late AFTER UPDATE OF id ON \"My app\".\"T\" DEFERRABLE FOR EACH ROW EXECUTE FUNCTION \"My app\".touch();",
        ),
        ("policy", "CREATE POLICY \"own rows\" ON \"My app\".\"T\" USING (id > 0);"),
        (
            "view",
            "CREATE OR REPLACE VIEW \"My app\".\"V\" AS SELECT id FROM \"My app\".\"T\";\nALTER VIEW \"My app\".\"V\" SET (security_barrier);",
        ),
    ]);
    upgrade(&database, &revisions([schema.clone()]), &files).expect("all are created");
    let all = database.rows("SELECT string_agg(created::text, '') FROM migration_objects");
    for kind in ["aggregate", "function", "procedure", "trigger", "policy", "view"] {
        assert!(all[0].contains(&format!(" {kind} ")), "{all:?}");
    }
    let two = revisions([schema, change]);
    assert_eq!(upgrade(&database, &two, &files).expect("they are dropped first").objects, 5);
    assert_eq!(database.rows("SELECT count(*) FROM \"My app\".rows()"), ["0"]);
    assert_eq!(upgrade(&database, &two, &files).expect("nothing to do").objects, 0);
    run(&database, &two, &files, Target::Downgrade("base")).expect("nothing prevents it");
    assert_eq!(upgrade(&database, &two, &files).expect("all are created again").objects, 7);
}

#[test]
fn an_object_may_move_to_another_file() {
    for (from, to) in [("a", "b"), ("b", "a")] {
        let (database, one) = (Database::create(), revisions([rooms()]));
        let both = format!("{}\n{}", ROOMS_V.1, NAMES.1);
        upgrade(&database, &one, &objects([(from, &both)])).expect("it runs");
        database.send("GRANT SELECT ON names TO PUBLIC");
        let done = upgrade(&database, &one, &objects([(from, ROOMS_V.1), (to, NAMES.1)])).expect("it stays");
        assert_eq!(done.objects, 2);
        assert_eq!(database.rows("SELECT has_table_privilege('public', 'names', 'SELECT')"), ["t"]);
        let (done, recorder) = upgrade_with(&database, &one, &objects([(from, ROOMS_V.1)]));
        assert_eq!(done.expect("it runs").objects, 0);
        assert!(recorder.has(|event| matches!(event, Event::ObjectFileRemoved { name, .. } if name == to)));
    }
}

#[test]
fn names_of_the_user_are_not_called() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    database.send(
        "CREATE FUNCTION public.format(text, VARIADIC text[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        CREATE FUNCTION public.raises(text, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.raises);
        CREATE FUNCTION public.split_part(text, text, int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;",
    );
    let name = &database.name;
    database.send(&format!("ALTER DATABASE {name} SET search_path = public, pg_catalog"));
    let function = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1;";
    upgrade(&database, &one, &objects([NAMES, ROOMS_V, ("f", function)])).expect("it runs");
    let two = revisions([rooms(), revision("b1", "a1", "ALTER TABLE rooms ALTER id TYPE bigint;", "")]);
    upgrade(&database, &two, &objects([NAMES, ROOMS_V, ("f", function)])).expect("it runs");
}

#[test]
fn a_planted_table_is_refused() {
    let (database, one) = (Database::create(), revisions([rooms()]));
    let role = database.role();
    database.send(&format!(
        "CREATE ROLE {role}; CREATE TABLE migration_objects (id int); ALTER TABLE migration_objects OWNER TO {role}"
    ));
    let error = upgrade(&database, &one, &objects([])).expect_err("it is not the engine's");
    assert!(matches!(&error, Error::State(state) if matches!(**state, StateError::NameTaken { .. })), "{error:?}");
}
