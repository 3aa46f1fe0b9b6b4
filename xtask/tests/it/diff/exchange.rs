//! A column is exchanged for a new one while old and new code write to the table.

use std::fs;

use schema::{Batch, Form, Hazard, Schema, Snapshot, Statement, diff};

use super::proof::script_text;
use crate::support::{Database, in_parallel, root, session};

fn snapshot(database: &Database) -> Snapshot {
    Snapshot::read(&mut session(database), &[]).expect("can read the schema")
}

fn apply(client: &mut postgres::Client, batch: &Batch) {
    batch.statements.iter().for_each(|statement| client.batch_execute(&statement.sql).expect(&statement.sql));
}

fn undo(client: &mut postgres::Client, batch: &Batch) {
    let statements = batch.statements.iter().rev().flat_map(|statement| &statement.undo);
    statements.for_each(|sql| client.batch_execute(sql).expect(sql));
}

/// What undoes a part leaves nothing to do that scans or rewrites a table.
#[test]
fn each_part_is_undone() {
    let read = |name: &str| fs::read_to_string(root().join("xtask/tests/diff/cases").join(name)).expect("the cases");
    let files = ["exchanges.sql", "exchanged_keys.sql", "exchanged_partitions.sql", "exchanged_types.sql"];
    let text = files.map(read).concat();
    let cases: Vec<(&str, &str)> = text.split("--- ").filter_map(|case| case.split_once('\n')).collect();
    in_parallel(2, &cases, |_, (name, schemas)| {
        let (old, new) = schemas.split_once("\n=>\n").expect("two schemas");
        let (database, desired) = (Database::create(), Database::create());
        let mut client = database.client();
        client.batch_execute(old).expect("the old schema");
        desired.client().batch_execute(new).expect("the new schema");
        let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
        let mut applied = Vec::new();
        for batch in &script.batches {
            applied.push((snapshot(&database), batch));
            apply(&mut client, batch);
        }
        for (before, batch) in applied.iter().rev() {
            undo(&mut client, batch);
            let rest = diff(&snapshot(&database), before, Form::Online).expect("it can be planned");
            let statements = rest.batches.iter().flat_map(|batch| &batch.statements);
            let has = |test: fn(&Statement) -> bool| batch.statements.iter().any(test);
            // A key or an index that is dropped in the swap for good is built again.
            let is_drop = |sql: &str| {
                let starts = ["DROP INDEX ", "DROP MATERIALIZED VIEW "];
                sql.contains(" DROP CONSTRAINT ") || starts.iter().any(|start| sql.starts_with(start))
            };
            let drops = batch.transaction && batch.statements.iter().any(|statement| is_drop(&statement.sql));
            let is_exchange = has(|statement| !statement.undo.is_empty()) && !drops;
            for statement in statements {
                let takes_long = |hazard: &Hazard| {
                    matches!(hazard, Hazard::TableRewrite(_) | Hazard::BlockingLock(_) | Hazard::IndexBuild(_))
                };
                assert!(!is_exchange || !statement.hazards.iter().any(takes_long), "{name}: {}", statement.sql);
                client.batch_execute(&statement.sql).expect(&statement.sql);
            }
            let made = Schema::read(&mut session(&database), &[]).expect("can read the schema");
            assert!(made.differences(before.schema()).is_empty(), "{name}: {:#?}", made.differences(before.schema()));
        }
        drop(client);
        database.drop();
        desired.drop();
    });
}

/// Old code writes one column and new code the other, before and after the names are exchanged.
#[test]
fn a_new_column_is_in_step_with_the_old_one() {
    let (database, desired) = (Database::create(), Database::create());
    let create = |column: &str| format!("CREATE TABLE t (id int PRIMARY KEY, a {column});");
    let mut client = database.client();
    let old = create("text NOT NULL DEFAULT '0'") + "INSERT INTO t SELECT n, n::text FROM generate_series(1, 3000) n;";
    client.batch_execute(&old).expect("the old schema");
    desired.client().batch_execute(&create("int NOT NULL DEFAULT 0")).expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let [expand, swap, contract] = script.batches.as_slice() else { panic!("{}", script_text(&script)) };
    let sum = |client: &mut postgres::Client, columns: &str| -> Vec<(i32, String, String)> {
        let sql = format!("SELECT id, {columns} FROM t WHERE id IN (1, 3000, 3001, 3002) ORDER BY id");
        let rows = client.query(&sql, &[]).expect("both columns");
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    };
    let same = |id: i32, value: &str| (id, value.to_owned(), value.to_owned());

    apply(&mut client, expand);
    client
        .batch_execute("INSERT INTO t VALUES (3001, '7'); INSERT INTO t (id, a_new) VALUES (3002, 8);")
        .expect("both");
    client.batch_execute("UPDATE t SET a = '-1' WHERE id = 1; UPDATE t SET a_new = 5 WHERE id = 3001;").expect("both");
    let expected = [same(1, "-1"), same(3000, "3000"), same(3001, "5"), same(3002, "8")];
    assert_eq!(sum(&mut client, "a, a_new::text"), expected);
    let error = client
        .batch_execute("INSERT INTO t VALUES (9999, 'no number')")
        .expect_err("it has no value in the new column");
    let message = error.as_db_error().expect("an error of the server").message();
    assert_eq!(message, "invalid input syntax for type integer: \"no number\"");

    apply(&mut client, swap);
    client
        .batch_execute("UPDATE t SET a = 4 WHERE id = 3001; UPDATE t SET a_old = '6' WHERE id = 3002;")
        .expect("both");
    client.batch_execute("DELETE FROM t WHERE id = 1; INSERT INTO t (id) VALUES (1);").expect("the default");
    assert_eq!(
        sum(&mut client, "a::text, a_old"),
        [same(1, "0"), same(3000, "3000"), same(3001, "4"), same(3002, "6")]
    );

    undo(&mut client, swap);
    client.batch_execute("UPDATE t SET a = '2' WHERE id = 1;").expect("the old column");
    assert_eq!(sum(&mut client, "a, a_new::text")[0], same(1, "2"));
    apply(&mut client, swap);

    apply(&mut client, contract);
    assert_eq!(sum(&mut client, "a::text, a::text")[0], same(1, "2"));
    undo(&mut client, contract);
    assert_eq!(sum(&mut client, "a::text, a_old")[3], same(3002, "6"));
    let rows = client.query("SELECT count(*) FROM t WHERE a_old IS DISTINCT FROM a::text", &[]).expect("both columns");
    assert_eq!(rows[0].get::<_, i64>(0), 0);
    drop(client);
    database.drop();
    desired.drop();
}

/// An enum loses a label: old and new code write either column, with casts to the name of the type, in every state.
#[test]
fn an_enum_is_in_step_with_the_one_that_takes_its_name() {
    let (database, desired) = (Database::create(), Database::create());
    let create = |labels: &str| {
        format!(
            "CREATE TYPE mood AS ENUM ({labels});
             CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'ok', l mood[]);
             CREATE TABLE u (id int PRIMARY KEY, m mood);"
        )
    };
    let mut client = database.client();
    let rows =
        "INSERT INTO t SELECT n, 'sad', '{ok,sad}' FROM generate_series(1, 3000) n; INSERT INTO u VALUES (1, 'sad');";
    client.batch_execute(&(create("'ok', 'gone', 'sad'") + rows)).expect("the old schema");
    desired.client().batch_execute(&create("'sad', 'ok'")).expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let [expand, swap, contract] = script.batches.as_slice() else { panic!("{}", script_text(&script)) };
    let mut id = 3000;
    // Each state is tried with the columns that have the names, and those that do not.
    let mut exercise = |client: &mut postgres::Client, suffix: &str, refuses: bool| {
        id += 10;
        let run = |client: &mut postgres::Client, sql: &str| client.batch_execute(sql).expect(sql);
        run(client, &format!("INSERT INTO t (id, l) VALUES ({id}, ARRAY['sad']::mood[])"));
        run(client, &format!("INSERT INTO t (id, m{suffix}) VALUES ({id} + 1, 'sad')"));
        run(client, &format!("UPDATE t SET l{suffix} = '{{ok}}', m = 'ok'::mood WHERE id = {id} + 1"));
        run(
            client,
            &format!(
                "INSERT INTO u (id, m{suffix}) VALUES ({id}, 'ok'); UPDATE u SET m{suffix} = NULL WHERE id = {id}"
            ),
        );
        let sql = format!(
            "SELECT array_agg(t.m || ' ' || t.l::text ORDER BY t.id),
               bool_and(t.m::text = t.m{suffix}::text AND t.l::text = t.l{suffix}::text AND u.m{suffix} IS NULL)
             FROM t LEFT JOIN u ON u.id = t.id AND u.m IS NOT NULL WHERE t.id IN ({id}, {id} + 1)"
        );
        let row = client.query_one(&sql, &[]).expect("both columns");
        assert_eq!(row.get::<_, Vec<String>>(0), ["ok {sad}", "ok {ok}"]);
        assert!(row.get::<_, bool>(1), "{suffix}");
        let removed =
            client.batch_execute(&format!("INSERT INTO u VALUES ({id} + 2, 'gone'); DELETE FROM u WHERE m = 'gone'"));
        assert_eq!(removed.is_err(), refuses, "{suffix}: {removed:?}");
    };
    exercise(&mut client, "", false);
    apply(&mut client, expand);
    exercise(&mut client, "_new", true);
    apply(&mut client, swap);
    exercise(&mut client, "_old", true);
    undo(&mut client, swap);
    exercise(&mut client, "_new", true);
    apply(&mut client, swap);
    apply(&mut client, contract);
    exercise(&mut client, "", true);
    undo(&mut client, contract);
    exercise(&mut client, "_old", true);
    undo(&mut client, swap);
    undo(&mut client, expand);
    // The rest of the way back is the difference of the schemas.
    client.batch_execute("ALTER TABLE t ALTER COLUMN m SET DEFAULT 'ok'").expect("the default");
    exercise(&mut client, "", false);
    let types =
        client.query_one("SELECT string_agg(typname, ' ') FROM pg_type WHERE typtype = 'e'", &[]).expect("types");
    assert_eq!(types.get::<_, String>(0), "mood");
    drop(client);
    database.drop();
    desired.drop();
}

/// A row that moves to another partition is inserted there with both values: the one that has the name is not converted
/// back from the other, which can't hold it.
#[test]
fn a_row_that_moves_to_another_partition_keeps_its_value() {
    let (database, desired) = (Database::create(), Database::create());
    let create = |kind: &str| {
        format!(
            "CREATE TABLE t (k int, a {kind}) PARTITION BY LIST (k);
             CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);"
        )
    };
    let mut client = database.client();
    client.batch_execute(&(create("timestamp") + "INSERT INTO t VALUES (1, '2026-01-02 03:04');")).expect("old");
    desired.client().batch_execute(&create("date")).expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let [expand, swap, contract] = script.batches.as_slice() else { panic!("{}", script_text(&script)) };
    let values = |client: &mut postgres::Client, columns: &str| -> Vec<String> {
        let sql = format!("SELECT concat_ws(' ', tableoid::regclass, {columns}) FROM t ORDER BY 1");
        client.query(&sql, &[]).expect("both columns").iter().map(|row| row.get(0)).collect()
    };
    apply(&mut client, expand);
    client.batch_execute("UPDATE t SET k = 2; INSERT INTO t (k, a_new) VALUES (1, '2026-02-03');").expect("both");
    let expected = ["t1 2026-02-03 00:00:00 2026-02-03", "t2 2026-01-02 03:04:00 2026-01-02"];
    assert_eq!(values(&mut client, "a, a_new"), expected);
    apply(&mut client, swap);
    client.batch_execute("UPDATE t SET k = 3 - k;").expect("moves");
    assert_eq!(values(&mut client, "a"), ["t1 2026-01-02", "t2 2026-02-03"]);
    apply(&mut client, contract);
    assert_eq!(values(&mut client, "a"), ["t1 2026-01-02", "t2 2026-02-03"]);
    drop(client);
    database.drop();
    desired.drop();
}

/// Each state has the NOT NULL, the default and the check that one partition has of its own.
#[test]
fn what_one_partition_has_of_its_own_is_always_there() {
    let (database, desired) = (Database::create(), Database::create());
    let create = |number: &str| {
        format!(
            "CREATE TABLE t (k int, a {number}) PARTITION BY LIST (k);
             CREATE TABLE t1 PARTITION OF t (a NOT NULL DEFAULT 7, CHECK (a < 100)) FOR VALUES IN (1);
             CREATE TABLE t2 PARTITION OF t DEFAULT;"
        )
    };
    let mut client = database.client();
    let rows = "INSERT INTO t VALUES (1, 1), (2, NULL), (2, 200);";
    client.batch_execute(&(create("int") + rows)).expect("the old schema");
    desired.client().batch_execute(&create("bigint")).expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let [expand, swap, contract] = script.batches.as_slice() else { panic!("{}", script_text(&script)) };
    let exercise = |client: &mut postgres::Client, columns: &[&str]| {
        client
            .batch_execute("DELETE FROM t; INSERT INTO t1 (k) VALUES (1); INSERT INTO t2 (k) VALUES (2);")
            .expect("both");
        for column in columns {
            let sql = format!("SELECT string_agg(k || '=' || coalesce({column}::text, ''), ' ' ORDER BY k) FROM t");
            assert_eq!(client.query_one(&sql, &[]).expect(&sql).get::<_, String>(0), "1=7 2=");
            let write = |value: &str, k: i32| format!("UPDATE t SET {column} = {value} WHERE k = {k}");
            client.batch_execute(&(write("300", 2) + ";" + &write("NULL", 2))).expect("the other partition");
            for (value, code) in [("NULL", "23502"), ("100", "23514")] {
                let error = client.batch_execute(&write(value, 1)).expect_err(column);
                assert_eq!(error.code().map(postgres::error::SqlState::code), Some(code), "{column}: {error:?}");
            }
        }
    };
    for (batch, columns) in [(expand, &["a", "a_new"]), (swap, &["a", "a_old"])] {
        apply(&mut client, batch);
        exercise(&mut client, columns);
    }
    apply(&mut client, contract);
    exercise(&mut client, &["a"]);
    undo(&mut client, contract);
    exercise(&mut client, &["a", "a_old"]);
    drop(client);
    database.drop();
    desired.drop();
}

/// `IS NULL` of a composite value asks for its fields, but one without any is a value, too.
#[test]
fn values_with_empty_fields_are_kept() {
    let (database, desired) = (Database::create(), Database::create());
    let create = |kind: &str| format!("CREATE TYPE pair AS (a int, b text); CREATE TABLE t (id int, k {kind});");
    let mut client = database.client();
    let rows = "INSERT INTO t VALUES (1, '(1,a)'), (2, '(1,)'), (3, '(,)'), (4, NULL);";
    client.batch_execute(&(create("pair") + rows)).expect("the old schema");
    desired.client().batch_execute(&create("text")).expect("the new schema");
    let values = |client: &mut postgres::Client| -> String {
        let sql = "SELECT string_agg(coalesce(k::text, 'none'), ' ' ORDER BY id) FROM t";
        client.query_one(sql, &[]).expect("the rows").get(0)
    };
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let [expand, swap, contract] = script.batches.as_slice() else { panic!("{}", script_text(&script)) };
    [expand, swap, contract].iter().for_each(|batch| apply(&mut client, batch));
    assert_eq!(values(&mut client), "(1,a) (1,) (,) none");
    undo(&mut client, contract);
    undo(&mut client, swap);
    assert_eq!(values(&mut client), "(1,a) (1,) (,) none");
    drop(client);
    database.drop();
    desired.drop();
}

/// Each state has the primary key, and refuses a second row with the same value in either column.
#[test]
fn the_key_of_a_partitioned_table_is_always_there() {
    let (database, desired) = (Database::create(), Database::create());
    let create = |number: &str| {
        format!(
            "CREATE TABLE t (id {number} GENERATED BY DEFAULT AS IDENTITY, k int, n int DEFAULT 0, PRIMARY KEY (id, k))
               PARTITION BY LIST (k);
             CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
             CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (k);
             CREATE TABLE t2a PARTITION OF t2 DEFAULT;"
        )
    };
    let mut client = database.client();
    let rows = "INSERT INTO t (k) SELECT 1 + n % 2 FROM generate_series(1, 3000) n;";
    client.batch_execute(&(create("int") + rows)).expect("the old schema");
    desired.client().batch_execute(&create("bigint")).expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let [expand, swap, contract] = script.batches.as_slice() else { panic!("{}", script_text(&script)) };
    let exercise = |client: &mut postgres::Client, columns: &[&str]| {
        let keys =
            "SELECT string_agg(conrelid::regclass || ' ' || convalidated, ', ' ORDER BY conrelid::regclass::text)
            FROM pg_constraint WHERE contype = 'p' AND conrelid >= 16384";
        let found: String = client.query_one(keys, &[]).expect("the keys").get(0);
        assert_eq!(found, "t true, t1 true, t2 true, t2a true");
        let added = "INSERT INTO t (k) VALUES (2) RETURNING id::bigint";
        let id: i64 = client.query_one(added, &[]).expect("the identity continues").get(0);
        assert!(id > 3000, "{id}");
        for column in columns {
            let insert = format!("INSERT INTO t ({column}, k) VALUES ({id}, 2)");
            let update = format!("{insert} ON CONFLICT ({column}, k) DO UPDATE SET n = t.n + 1 RETURNING n");
            let error = client.batch_execute(&insert).expect_err(&insert);
            assert_eq!(error.code().map(postgres::error::SqlState::code), Some("23505"), "{error:?}");
            let count: i32 = client.query_one(&update, &[]).expect(&update).get(0);
            assert!(count > 0, "{update}");
        }
    };
    for (batch, columns) in [(expand, &["id", "id_new"]), (swap, &["id", "id_old"])] {
        apply(&mut client, batch);
        exercise(&mut client, columns);
    }
    apply(&mut client, contract);
    exercise(&mut client, &["id"]);
    undo(&mut client, contract);
    exercise(&mut client, &["id", "id_old"]);
    undo(&mut client, swap);
    exercise(&mut client, &["id", "id_new"]);
    undo(&mut client, expand);
    exercise(&mut client, &["id"]);
    drop(client);
    database.drop();
    desired.drop();
}

/// An id of one table and the references of another: old and new code write either, and no state lets an orphan in.
#[test]
fn a_key_and_its_references_are_in_step() {
    let partitions = "PARTITION BY HASH (n);
        CREATE TABLE even PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 0) PARTITION BY HASH (n);
        CREATE TABLE even1 PARTITION OF even FOR VALUES WITH (MODULUS 1, REMAINDER 0);
        CREATE TABLE odd PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 1)";
    in_parallel(2, &["", partitions], |_, partitions| references_are_in_step(partitions));
}

fn references_are_in_step(partitions: &str) {
    let (database, desired) = (Database::create(), Database::create());
    let create = |number: &str| {
        format!(
            "CREATE TABLE users (id {number} GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY);
             CREATE TABLE notes (n int PRIMARY KEY, author {number} REFERENCES users ON UPDATE CASCADE ON DELETE CASCADE,
               editor {number} REFERENCES users ON UPDATE CASCADE ON DELETE SET NULL) {partitions};"
        )
    };
    let mut client = database.client();
    let rows = "INSERT INTO users SELECT FROM generate_series(1, 3000);
        INSERT INTO notes SELECT n, n, n FROM generate_series(1, 3000) n;";
    client.batch_execute(&(create("int") + rows)).expect("the old schema");
    desired.client().batch_execute(&create("bigint")).expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let [expand, swap, contract] = script.batches.as_slice() else { panic!("{}", script_text(&script)) };
    let mut next = 1;
    // Each state is tried with the columns as old and as new code names them.
    let mut exercise = |client: &mut postgres::Client, id: &str, author: &str, editor: &str| {
        let added: i64 = client
            .query_one("INSERT INTO users DEFAULT VALUES RETURNING id::bigint", &[])
            .expect("the identity continues")
            .get(0);
        assert!(added > 3000, "{added}");
        let (first, moved) = (next, 10_000 + next);
        next += 10;
        let run = |client: &mut postgres::Client, sql: String| client.batch_execute(&sql).expect(&sql);
        run(client, format!("UPDATE users SET {id} = {moved} WHERE {id} = {first}"));
        run(client, format!("UPDATE notes SET {editor} = {moved} WHERE n = {first} + 1"));
        run(client, format!("DELETE FROM users WHERE {id} = {first} + 2"));
        run(client, format!("UPDATE notes SET {editor} = {first} + 3 WHERE n = {first} + 4"));
        run(client, format!("UPDATE notes SET {author} = {first} + 4 WHERE n = {first} + 3"));
        run(client, format!("DELETE FROM users WHERE {id} = {first} + 3"));
        let sql = format!(
            "SELECT n - {first}, {author}::bigint - {first}, {editor}::bigint - {first} FROM notes WHERE n BETWEEN {first} AND {first} + 4 ORDER BY n"
        );
        let found: Vec<(i32, i64, Option<i64>)> =
            client.query(&sql, &[]).expect("the rows").iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        assert_eq!(found, [(0, 10_000, Some(10_000)), (1, 1, Some(10_000)), (3, 4, None), (4, 4, None)]);
        for sql in [
            format!("INSERT INTO notes (n, {author}) VALUES (-1, 9999999)"),
            format!("UPDATE notes SET {editor} = 9999999 WHERE n = 3000"),
            format!("INSERT INTO users ({id}) VALUES (3000)"),
        ] {
            let error = client.batch_execute(&sql).expect_err(&sql);
            assert!(matches!(error.code().map(postgres::error::SqlState::code), Some("23503" | "23505")), "{error:?}");
        }
    };
    for (batch, suffix) in [(expand, "_new"), (swap, "_old")] {
        apply(&mut client, batch);
        let [id, author, editor] = ["id", "author", "editor"].map(|name| format!("{name}{suffix}"));
        exercise(&mut client, "id", "author", &editor);
        exercise(&mut client, &id, &author, "editor");
    }
    apply(&mut client, contract);
    exercise(&mut client, "id", "author", "editor");
    undo(&mut client, contract);
    exercise(&mut client, "id_old", "author", "editor_old");
    undo(&mut client, swap);
    exercise(&mut client, "id", "author_new", "editor");
    undo(&mut client, expand);
    exercise(&mut client, "id", "author", "editor");
    drop(client);
    database.drop();
    desired.drop();
}

/// A trigger that prevents updates does not lose the values of the old column.
#[test]
fn a_row_that_is_not_filled_is_an_error() {
    let (database, desired) = (Database::create(), Database::create());
    let keep = "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER keep BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION keep();";
    let create = |column: &str| format!("CREATE TABLE t (a {column}); {keep} INSERT INTO t VALUES (7);");
    let mut client = database.client();
    client.batch_execute(&create("int")).expect("the old schema");
    desired.client().batch_execute(&create("bigint")).expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let run = |statement: &Statement| client.batch_execute(&statement.sql);
    let error = script.batches[0].statements.iter().map(run).find_map(Result::err).expect("no row can be filled");
    let message = error.as_db_error().expect("an error of the server").message();
    assert_eq!(message, "rows of t still have no value in a new column");
    database.drop();
    desired.drop();
}

/// While an identity column gets its values, and while that is undone, a role that may only insert rows can do so.
#[test]
fn rows_are_inserted_while_an_identity_column_is_filled() {
    let (database, desired) = (Database::create(), Database::create());
    let role = format!("inserts_{}", database.name);
    let create = |id: &str| format!("CREATE TABLE t (a text{id}); GRANT INSERT ON t TO {role};");
    let mut client = database.client();
    client.batch_execute(&format!("CREATE ROLE {role}; {}", create(""))).expect("the old schema");
    let identity = ", id bigint GENERATED ALWAYS AS IDENTITY";
    desired.client().batch_execute(&create(identity)).expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    let mut rows = 0;
    let mut insert = |client: &mut postgres::Client| {
        rows += 1;
        client.batch_execute(&format!("SET ROLE {role}; INSERT INTO t (a) VALUES (''); RESET ROLE;")).expect("it may");
    };
    insert(&mut client);
    for batch in &script.batches {
        apply(&mut client, batch);
        insert(&mut client);
    }
    for batch in script.batches.iter().rev().filter(|batch| batch.statements.iter().any(|one| !one.undo.is_empty())) {
        undo(&mut client, batch);
        insert(&mut client);
    }
    let found = client.query_one("SELECT count(DISTINCT id) FROM t", &[]).expect("the rows");
    assert_eq!(found.get::<_, i64>(0), rows);
    client.batch_execute(&format!("DROP OWNED BY {role}")).expect("it has privileges");
    desired.client().batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).expect("it is not used");
    drop(client);
    database.drop();
    desired.drop();
}

/// A column gets NOT NULL and a default with its type: rows that are there get the default, and so do new rows of old code.
#[test]
fn rows_without_a_value_get_the_default() {
    let (database, desired) = (Database::create(), Database::create());
    let mut client = database.client();
    client
        .batch_execute("CREATE TABLE t (id int PRIMARY KEY, a int, b int DEFAULT 1); INSERT INTO t VALUES (1, 1, NULL), (2, NULL, 2);")
        .expect("the old schema");
    desired
        .client()
        .batch_execute("CREATE TABLE t (id int PRIMARY KEY, a bigint NOT NULL DEFAULT 5, b bigint NOT NULL DEFAULT 6);")
        .expect("the new schema");
    let script = diff(&snapshot(&database), &snapshot(&desired), Form::Online).expect("it can be planned");
    for (id, batch) in (3..).zip(&script.batches) {
        apply(&mut client, batch);
        client.execute("INSERT INTO t (id) VALUES ($1)", &[&id]).expect("a row without values");
    }
    let rows = client.query("SELECT a, b FROM t ORDER BY id", &[]).expect("the new columns");
    let rows: Vec<(i64, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(rows, [(1, 6), (5, 2), (5, 1), (5, 6), (5, 6)]);
    drop(client);
    database.drop();
    desired.drop();
}
