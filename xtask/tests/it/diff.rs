//! The SQL of a diff takes a database from one schema to another and back, and matches the expected text.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use schema::{Batch, Form, Hazard, Schema, Script, Snapshot, diff};

use crate::support::{Database, expect_text, in_parallel, root, session};

/// `cases/*.sql` has two schemas below each line with `--- ` and a name, with a line `=>` between them, and
/// `cases/*.diff.sql` what a diff writes in both directions, with a line `<=` between them. CASE=name runs one.
/// After the name, `offline`: the short form.
#[test]
fn a_diff_leads_to_the_other_schema_and_back() {
    let only = std::env::var("CASE").ok();
    let folder = root().join("xtask/tests/diff/cases");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("can read the folder")
        .map(|entry| entry.expect("can read the entry").path())
        .filter(|path| !path.to_string_lossy().ends_with(".diff.sql"))
        .collect();
    files.sort();
    let mut failures = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).expect("can read the cases");
        let cases = text.split("--- ").filter_map(|case| case.split_once('\n'));
        let cases: Vec<(&str, &str)> =
            cases.filter(|(name, _)| only.as_ref().is_none_or(|only| only == name)).collect();
        let results = Mutex::new(vec![String::new(); cases.len()]);
        let numbers: Vec<usize> = (0..cases.len()).collect();
        in_parallel(2, &numbers, |_, &number| {
            let (name, schemas) = cases[number];
            let (old, new) = schemas.split_once("\n=>\n").unwrap_or_else(|| panic!("{name} has no line `=>`"));
            let form = if name.ends_with(" offline") { Form::Offline } else { Form::Online };
            results.lock().expect("no thread panics")[number] = match proven(old, new, form) {
                Ok(scripts) => format!("--- {name}\n{scripts}"),
                Err(error) => format!("--- {name}\nFAILED: {error}\n"),
            };
        });
        let results = results.into_inner().expect("no thread panics");
        failures.extend(results.iter().filter(|result| result.contains("\nFAILED: ")).cloned());
        if only.is_none() && failures.is_empty() {
            expect_text(&file.with_extension("diff.sql"), &results.concat());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The scripts of both directions, if they do what they should.
fn proven(old: &str, new: &str, form: Form) -> Result<String, String> {
    let (database, desired) = (Database::create(), Database::create());
    database.client().batch_execute(old).map_err(|error| format!("cannot create the old schema: {error:?}"))?;
    desired.client().batch_execute(new).map_err(|error| format!("cannot create the new schema: {error:?}"))?;
    let (before, after) = (snapshot(&database), snapshot(&desired));
    let scripts = [diff(&before, &after, form), diff(&after, &before, form)];
    let mut texts = Vec::new();
    for (script, expected) in scripts.iter().zip([after.schema(), before.schema()]) {
        match script {
            Ok(script) => {
                run(&database, script)?;
                let made = Schema::read(&mut session(&database), &[]).map_err(|error| error.to_string())?;
                let differences = made.differences(expected);
                if !differences.is_empty() {
                    return Err(format!("{}\nleads to another schema: {differences:#?}", text(script)));
                }
                texts.push(text(script));
            }
            Err(refusals) => {
                let lines: Vec<String> = refusals.iter().map(|refusal| format!("-- refused: {refusal}\n")).collect();
                texts.push(lines.concat());
                break;
            }
        }
    }
    database.drop();
    desired.drop();
    Ok(texts.join("<=\n"))
}

fn snapshot(database: &Database) -> Snapshot {
    Snapshot::read(&mut session(database), &[]).expect("can read the schema")
}

fn run(database: &Database, script: &Script) -> Result<(), String> {
    for batch in &script.batches {
        let before = files(database);
        let statements: Vec<String> = batch.statements.iter().map(|statement| statement.sql.clone()).collect();
        let messages = if batch.transaction { vec![statements.join("\n")] } else { statements };
        for message in messages {
            let result = database.client().batch_execute(&message);
            result.map_err(|error| format!("{error:?} in\n{message}\nof\n{}", text(script)))?;
        }
        let mut hazards = batch.statements.iter().flat_map(|statement| &statement.hazards);
        let is_announced = hazards.any(|hazard| matches!(hazard, Hazard::TableRewrite(_)));
        if !is_announced && files(database).iter().any(|(table, file)| before.get(table).is_some_and(|old| old != file))
        {
            return Err(format!("rewrites a table without a hazard:\n{}", text(script)));
        }
    }
    Ok(())
}

/// The files of the tables, by their OIDs: a table that is rewritten has another one.
fn files(database: &Database) -> HashMap<u32, u32> {
    let sql = "SELECT oid, relfilenode FROM pg_class WHERE relkind = 'r' AND oid >= 16384";
    let rows = database.client().query(sql, &[]).expect("can read the catalog");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
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
    let [expand, swap, contract] = script.batches.as_slice() else { panic!("{}", text(&script)) };
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

fn text(script: &Script) -> String {
    let batches = script.batches.iter().map(|batch| {
        let statements = batch.statements.iter().map(|statement| {
            let hazards: String = statement.hazards.iter().map(comment).collect();
            format!("{hazards}{}\n", statement.sql)
        });
        let head = if batch.transaction { "" } else { "-- Transaction: off\n" };
        format!("{head}{}", statements.collect::<String>())
    });
    batches.collect::<Vec<_>>().join("\n")
}

fn comment(hazard: &Hazard) -> String {
    let prefix = if hazard.needs_answer() { "-- Unanswered: " } else { "-- " };
    format!("{prefix}{hazard}\n")
}
