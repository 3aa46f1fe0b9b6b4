//! The SQL of a diff takes a database from one schema to another and back, and matches the expected text.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use schema::{Form, Hazard, Schema, Script, Snapshot, diff};

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
        let statements: Vec<String> = batch.statements.iter().map(|statement| statement.sql.clone()).collect();
        let messages = if batch.transaction { vec![statements.join("\n")] } else { statements };
        for message in messages {
            let result = database.client().batch_execute(&message);
            result.map_err(|error| format!("{error:?} in\n{message}\nof\n{}", text(script)))?;
        }
    }
    Ok(())
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
