//! The SQL of a diff takes a database from one schema to another and back, and matches the expected text.

mod exchange;
mod grammar;
mod locks;
mod proof;
mod walk;

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use schema::Form;

use proof::{Outcome, fingerprinter, prove, script_text};

use crate::dump::drop_subscriptions;
use crate::support::{Database, expect_text, in_parallel, root, session};

/// `cases/*.sql` has two schemas below each line with `--- ` and a name, with a line `=>` between them, and
/// `cases/*.diff.sql` what a diff writes in both directions, with a line `<=` between them. CASE=name runs one, and
/// the name of a file all of it.
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
    let (mut count, mut failures) = (0, Vec::new());
    for file in &files {
        let text = fs::read_to_string(file).expect("can read the cases");
        let cases = text.split("--- ").filter_map(|case| case.split_once('\n'));
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let is_whole = only.is_none() || only == stem;
        let cases: Vec<(&str, &str)> =
            cases.filter(|(name, _)| is_whole || only.as_ref().is_some_and(|only| only == name)).collect();
        count += cases.len();
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
        if is_whole && failures.is_empty() {
            expect_text(&file.with_extension("diff.sql"), &results.concat());
        }
    }
    assert!(count > 0, "no case has that name");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The scripts of both directions, if they do what they should.
fn proven(old: &str, new: &str, form: Form) -> Result<String, String> {
    let _ = fingerprinter();
    let (database, desired) = (Database::create(), Database::create());
    database.client().batch_execute(old).map_err(|error| format!("cannot create the old schema: {error:?}"))?;
    desired.client().batch_execute(new).map_err(|error| format!("cannot create the new schema: {error:?}"))?;
    let (mut one, mut other) = (session(&database), session(&desired));
    let outcome = prove(&mut one, &mut other, form);
    drop((one, other));
    for database in [database, desired] {
        drop_subscriptions(&database);
        database.drop();
    }
    match outcome {
        Outcome::Proven(scripts) => Ok(scripts.each_ref().map(script_text).join("<=\n")),
        Outcome::Refused(refusals) => Ok(refusals.iter().map(|refusal| format!("-- refused: {refusal}\n")).collect()),
        Outcome::Wrong(error) => Err(error),
    }
}
