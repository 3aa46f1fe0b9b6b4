//! A column is exchanged for a new one while old and new code write to the table.

use schema::{Batch, Form, Snapshot, diff};

use super::proof::script_text;
use crate::support::{Database, session};

fn snapshot(database: &Database) -> Snapshot {
    Snapshot::read(&mut session(database), &[]).expect("can read the schema")
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
    let apply = |client: &mut postgres::Client, batch: &Batch| {
        batch.statements.iter().for_each(|statement| client.batch_execute(&statement.sql).expect(&statement.sql));
    };
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

    let undo: Vec<&String> = swap.statements.iter().rev().flat_map(|statement| &statement.undo).collect();
    undo.iter().for_each(|sql| client.batch_execute(sql).expect(sql));
    client.batch_execute("UPDATE t SET a = '2' WHERE id = 1;").expect("the old column");
    assert_eq!(sum(&mut client, "a, a_new::text")[0], same(1, "2"));
    apply(&mut client, swap);

    apply(&mut client, contract);
    assert_eq!(sum(&mut client, "a::text, a::text")[0], same(1, "2"));
    let undo: Vec<&String> = contract.statements.iter().rev().flat_map(|statement| &statement.undo).collect();
    undo.iter().for_each(|sql| client.batch_execute(sql).expect(sql));
    assert_eq!(sum(&mut client, "a::text, a_old")[3], same(3002, "6"));
    let rows = client.query("SELECT count(*) FROM t WHERE a_old IS DISTINCT FROM a::text", &[]).expect("both columns");
    assert_eq!(rows[0].get::<_, i64>(0), 0);
    drop(client);
    database.drop();
    desired.drop();
}
