//! The types that `db types` writes are valid TypeScript, and match the values that node-postgres returns.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cluster::{ClusterError, Stamp};

use crate::support::{lock, sample, server};
use crate::types::{database, folder};

/// A folder with the packages of the functions, installed once.
fn packages() -> PathBuf {
    let _lock = lock("types-packages");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("types-packages");
    fs::create_dir_all(&directory).expect("can create the folder");
    for name in ["package.json", "package-lock.json"] {
        fs::copy(sample().join("amplify/functions").join(name), directory.join(name)).expect("can copy the file");
    }
    let lockfile = fs::read_to_string(directory.join("package-lock.json")).expect("can read the file");
    let install = || -> Result<(), ClusterError> {
        run(Command::new("npm").args(["ci", "--prefer-offline", "--no-audit", "--no-fund"]).current_dir(&directory));
        Ok(())
    };
    Stamp::new(directory.join("installed.txt"), lockfile).install_once(install).expect("can install the packages");
    directory
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn the_types_are_valid_typescript() {
    let packages = packages();
    let files = ["columns", "names", "nothing", "privileges", "uses"].map(|name| format!("{name}.ts"));
    for file in &files {
        fs::copy(folder().join(file), packages.join(file)).expect("can copy the file");
    }
    let options = "--strict --noEmit --skipLibCheck --exactOptionalPropertyTypes --isolatedModules --target ES2022 --module ESNext \
        --moduleResolution bundler --types node";
    run(Command::new(packages.join("node_modules/.bin/tsc"))
        .args(options.split(' '))
        .args(files)
        .current_dir(&packages));
}

#[test]
fn the_types_are_those_of_the_values() {
    let packages = packages();
    let database = database("columns");
    let values = fs::read_to_string(folder().join("columns.values.sql")).expect("can read the values");
    database.client().batch_execute(&values).unwrap_or_else(|error| panic!("{error:?}"));
    let script = packages.join("values.mjs");
    fs::copy(folder().join("values.mjs"), &script).expect("can copy the script");
    let mut node = Command::new("node");
    node.arg(script).arg(folder().join("columns.ts")).current_dir(&packages);
    node.env("PGHOST", &server().host).env("PGPORT", &server().port).env("PGUSER", "types_app");
    let checked = run(node.env("PGDATABASE", &database.name));
    assert_eq!(checked, "106 values\n");
    database.drop();
}
