//! The drawings of schemas: as expected, and nothing in a name leaves its place.

use std::fs;
use std::path::PathBuf;

use diagram::{Format, NoTable, Options, draw};
use schema::{Outline, Snapshot};

use crate::support::{Database, expect_text, root, session};

/// `NAME.sql`, a schema or two with a line `=>` between them, and `NAME.svg` and `NAME.mmd`, their drawings.
const CASES: [&str; 3] = ["changes", "names", "references"];

fn outline(sql: &str) -> Outline {
    let database = Database::create();
    database.client().batch_execute(sql).unwrap_or_else(|error| panic!("{error:?} in\n{sql}"));
    let outline = Snapshot::read(&mut session(&database), &[]).expect("can read the schema").outline();
    database.drop();
    outline
}

fn case(name: &str) -> (PathBuf, Option<Outline>, Outline) {
    let path = root().join("xtask/tests/diagram").join(name).with_extension("sql");
    let text = fs::read_to_string(&path).expect("can read the case");
    match text.split_once("\n=>\n") {
        Some((old, new)) => (path, Some(outline(old)), outline(new)),
        None => (path, None, outline(&text)),
    }
}

fn options(format: Format, tables: &[&str]) -> Options {
    let tables = tables.iter().map(|&table| table.to_owned()).collect();
    Options { format, tables, everything: false, title: "The <case>".to_owned() }
}

#[test]
fn schemas_are_drawn_as_expected() {
    let only = std::env::var("CASE").ok();
    let chosen: Vec<&str> = CASES.into_iter().filter(|&name| only.as_ref().is_none_or(|only| only == name)).collect();
    assert!(!chosen.is_empty(), "no case has that name");
    for name in chosen {
        let (path, old, new) = case(name);
        for (format, extension) in [(Format::Svg, "svg"), (Format::Mermaid, "mmd")] {
            let drawing = draw(old.as_ref(), &new, &options(format, &[])).expect("there is no pattern");
            expect_text(&path.with_extension(extension), &drawing);
        }
    }
}

#[test]
fn tables_are_chosen_by_pattern() {
    let (_, _, new) = case("references");
    let names = |patterns: &[&str]| {
        let drawing = draw(None, &new, &options(Format::Mermaid, patterns)).expect("tables match");
        let names = drawing.lines().filter_map(|line| line.trim().strip_suffix(" {")).map(str::to_owned);
        names.collect::<Vec<String>>()
    };
    assert_eq!(names(&["billing.*"]), ["\"billing.invoices\"", "\"people\""]);
    assert_eq!(names(&["lonely", "public.lonely"]), ["\"lonely\""]);
    let error = draw(None, &new, &options(Format::Svg, &["nothing*"])).expect_err("no table matches");
    assert!(matches!(&error, NoTable { pattern, .. } if pattern == "nothing*"), "{error}");
}
