//! Publications of repositories that `init --into` has added the tool to: a front end alone, and one with a backend that
//! `npm create amplify` has made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use crate::support::clone::Clone;
use crate::support::emulator::Emulator;
use crate::support::{Database, copy_checkout, git, packages, root, sample, scratch};

const REVISION: &str = "-- create notes\n--\n-- Revision ID: 5eadbea70001\n-- Revises: \n-- Create Date: 2026-11-28T10:00:00Z\n\n-- migrate:upgrade\nCREATE TABLE notes (body text NOT NULL);\n\n-- migrate:downgrade\nDROP TABLE notes;\n";
const HEAD: &str = "5eadbea70001";

/// Commits the files of a repository, and adds the tool to it.
fn add_tool(tool: &Clone, emulator: &Emulator, directory: &Path, backend: &str) -> Clone {
    git(directory, &["init", "--quiet", "--initial-branch", "main"]);
    git(directory, &["add", "--all"]);
    git(directory, &["commit", "--quiet", "--message", "an application"]);
    let place = directory.to_str().expect("it is text");
    let result = tool.xtask(emulator, &["init", "--into", place, "--name", "shop"], &[]);
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert!(result.text.contains(&format!("backend: {backend}")), "{}", result.text);
    let shop = Clone { directory: directory.to_owned(), home: tool.home.clone(), target: tool.target.clone() };
    let revision = directory.join("db/versions/202611281000_5eadbea70001_create_notes.sql");
    fs::create_dir_all(revision.parent().expect("it has a folder")).expect("can create the folder");
    fs::write(revision, REVISION).expect("can write the file");
    shop.commit("add the tool");
    shop
}

/// Migrates a database and publishes the repository to a new app. Users get the page in this folder, `dist`.
#[expect(clippy::print_stdout, reason = "how long a publication takes is shown by `--nocapture`")]
fn publish(shop: &Clone, emulator: &Emulator, built: &str) -> String {
    let database = Database::create();
    let result = shop.xtask(emulator, &["db", "upgrade", "--url", &database.url()], &[]);
    assert_eq!(result.code, Some(0), "{}", result.text);
    let app = emulator.json(&["amplify", "create-app", "--name", "shop"]);
    let app_id = app["app"]["appId"].as_str().expect("there is an id");
    let variables = [("AMPLIFY_APP_ID", app_id), ("AMPLIFY_ENV", "dev"), ("DATABASE_HEADS", HEAD)];
    let start = Instant::now();
    let result = shop.xtask(emulator, &["publish"], &variables);
    println!("publish: exit code {:?} after {:.1} s", result.code, start.elapsed().as_secs_f64());
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert_eq!(result.stdout, format!("https://dev.{app_id}.amplifyapp.com\n"));
    for name in ["index.html", "release.json"] {
        let file = fs::read_to_string(shop.directory.join(built).join(name)).expect("can read the file");
        assert_eq!(served(emulator, app_id, name), file, "{name}");
    }
    let release: Value = serde_json::from_str(&served(emulator, app_id, "release.json")).expect("it is JSON");
    assert_eq!(release["heads"], serde_json::json!([HEAD]));
    assert_eq!(shop.git(&["status", "--porcelain"]), "", "nothing is left in the checkout");
    assert_eq!(emulator.unsupported(), [""; 0], "not supported by the emulator");
    result.text
}

/// What users get.
fn served(emulator: &Emulator, app_id: &str, name: &str) -> String {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--fail", "--header", &format!("host: dev.{app_id}.amplifyapp.com")]);
    let output = curl.arg(format!("{}/{name}", emulator.url)).output().expect("curl runs");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

/// An emulator, a clone with the tool, and a folder for repositories.
fn setup(name: &str) -> (PathBuf, Emulator, Clone) {
    let folder = scratch(name);
    let emulator = Emulator::start(&folder);
    let tool = Clone::fresh(&folder, "publication-into-target");
    (folder, emulator, tool)
}

/// What a test adds the tool to.
fn repositories() -> PathBuf {
    root().join("xtask/tests/repositories")
}

/// One test, because both use one target directory.
#[test]
#[ignore = "`cargo xtask test publish`"]
fn repositories_with_the_tool_are_published() {
    a_front_end_alone();
    a_backend_with_sign_in_and_data();
}

fn a_front_end_alone() {
    let (folder, emulator, tool) = setup("publication-into-vite");
    let vite = folder.join("vite");
    copy_checkout(&repositories().join("vite"), &vite);
    let shop = add_tool(&tool, &emulator, &vite, "none");
    let text = publish(&shop, &emulator, "dist");
    assert!(!text.contains("ampx"), "{text}");
}

fn a_backend_with_sign_in_and_data() {
    let (folder, emulator, tool) = setup("publication-into-gen2");
    let gen2 = folder.join("gen2");
    copy_checkout(&repositories().join("gen2"), &gen2);
    copy_checkout(&repositories().join("vite"), &gen2.join("web"));
    for name in ["package.json", "package-lock.json"] {
        fs::copy(sample().join("amplify").join(name), gen2.join(name)).expect("can copy the file");
    }
    packages::link(&gen2);
    emulator.bootstrap();
    let shop = add_tool(&tool, &emulator, &gen2, "Amplify Gen 2");
    let text = publish(&shop, &emulator, "web/dist");
    assert!(text.contains("verified: the backend is `amplify-"), "{text}");
    let outputs = fs::read_to_string(gen2.join("amplify_outputs.json")).expect("can read the file");
    let outputs: Value = serde_json::from_str(&outputs).expect("it is JSON");
    let parts = [&outputs["auth"]["user_pool_id"], &outputs["data"]["url"], &outputs["data"]["model_introspection"]];
    assert!(parts.iter().all(|part| !part.is_null()), "{outputs}");
}
