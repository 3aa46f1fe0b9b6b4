//! `cargo xtask doctor` reports programs that are missing, too old or broken, and how to install them. They determine the exit
//! code.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{Database, root, scratch, xtask};
use serde_json::Value;

/// A program that prints its version, or fails.
fn stand_in(folder: &Path, name: &str, version: Option<&str>) {
    program(folder, name, &version.map_or("exit 1".to_owned(), |version| format!("echo '{version}'")));
}

fn program(folder: &Path, name: &str, shell: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{shell}\n")).expect("can write the file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("can set the mode");
}

/// The exit code, the checks, and standard error.
fn doctor(path: &Path, database: &str, arguments: &[&str]) -> (Option<i32>, Vec<Value>, String) {
    let mut command = xtask(&root());
    command.env("PATH", path).env("DATABASE_URL", database).args(["doctor", "--json"]).args(arguments);
    let output = command.output().expect("xtask runs");
    let lines = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    (output.status.code(), lines, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn reports_what_each_task_lacks() {
    let folder = scratch("doctor");
    for (name, version) in [
        ("cargo", concat!("cargo ", env!("CARGO_PKG_RUST_VERSION"), ".7 (f2d3ce0bd 2026-03-21)")),
        ("git", "git version 2.47.3"),
        ("node", "v20.9.0"),
        ("npm", "11.19.1"),
        ("aws", "aws-cli/2.31.0 Python/3.13.7 Linux/6.1"),
    ] {
        stand_in(&folder, name, Some(version));
    }
    stand_in(&folder, "docker", None);
    let database = Database::create();

    let (code, findings, errors) = doctor(&folder, &database.url(), &["dev"]);
    let of = |name: &str| findings.iter().find(|finding| finding["name"] == name).expect("the check exists").clone();
    assert_eq!(code, Some(1));
    assert!(errors.contains("`dev` cannot run here: missing node"), "{errors}");
    assert!(of("node")["problem"].as_str().is_some_and(|text| text.contains("20.19 or later")), "{}", of("node"));
    assert_eq!(
        (&of("cargo")["found"], &of("aws")["found"]),
        (&concat!(env!("CARGO_PKG_RUST_VERSION"), ".7").into(), &"2.31.0".into())
    );
    assert!(of("docker")["problem"].as_str().is_some_and(|text| text.contains("does not print its version")));
    assert!(of("psql")["problem"].as_str().is_some_and(|text| text.contains("apt-get install postgresql-client")));
    assert_eq!(of("psql")["required"], false);
    assert!(of("database")["found"].as_str().is_some_and(|text| text.contains(&database.name)));

    let (code, _, errors) = doctor(&folder, &database.url(), &["db"]);
    assert_eq!(code, Some(0), "{errors}");
    let (code, findings, _) = doctor(&folder, "postgres://me:hidden@127.0.0.1:1/gone", &["db"]);
    let last = findings.last().expect("the database").to_string();
    assert!(code == Some(1) && last.contains("Connection refused") && !last.contains("hidden"), "{last}");

    stand_in(&folder, "node", Some("v22.1.0"));
    let (code, findings, errors) = doctor(&folder, &database.url(), &["publish"]);
    let of = |name: &str| findings.iter().find(|finding| finding["name"] == name).expect("the check exists").clone();
    assert!(code == Some(1) && errors.contains("`publish` cannot run here: missing aws account"), "{errors}");
    let problem = of("aws account")["problem"].as_str().expect("it is text").to_owned();
    assert!(problem.contains("found no credentials") && problem.contains("AWS_PROFILE"), "{problem}");
    assert!(of("amplify")["found"].as_str().is_some_and(|text| text.ends_with("will be downloaded when needed")));
    let aws = r#"case "$*" in
        *export-credentials*) echo '{"AccessKeyId": "ASIA", "SecretAccessKey": "hidden", "SessionToken": "hidden"}' ;;
        *region) echo eu-west-1 ;;
        sts*) echo '{"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:role/release"}' ;;
        *) echo 'aws-cli/2.31.0 Python/3.13.7 Linux/6.1' ;;
    esac"#;
    program(&folder, "aws", aws);
    stand_in(&folder, "amplify", Some("14.2.2"));
    let (code, findings, errors) = doctor(&folder, &database.url(), &["publish"]);
    assert_eq!(code, Some(0), "{errors}");
    let found = |name: &str| {
        findings.iter().find(|finding| finding["name"] == name).map(|finding| finding["found"].to_string())
    };
    let account = found("aws account").expect("the check exists");
    assert_eq!(account, "\"account 123456789012, eu-west-1, as arn:aws:iam::123456789012:role/release\"");
    assert!(found("amplify").is_some_and(|text| text.contains("14.2.2")));
    let (code, _, errors) = doctor(&folder, &database.url(), &[]);
    assert_eq!(code, Some(0), "{errors}");
}
