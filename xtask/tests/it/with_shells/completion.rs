//! Completion of `cargo xtask` in real shells, on a terminal.

use std::fs;
use std::process::Command;

use crate::support::{root, scratch, write_revision, xtask};

/// The text typed before the tab, and the line afterwards.
const CASES: [(&str, &str); 17] = [
    ("cargo xtask db upg", "cargo xtask db upgrade"),
    ("cargo xtask db upgrade abc", "cargo xtask db upgrade abcd1234"),
    ("cargo xtask db upgrade bil", "cargo xtask db upgrade billing"),
    ("cargo xtask db upgrade billing@h", "cargo xtask db upgrade billing@head"),
    ("cargo xtask db rese", "cargo xtask db reset"),
    ("cargo xtask db ne", "cargo xtask db new"),
    ("cargo xtask db new -m x --head bil", "cargo xtask db new -m x --head billing"),
    ("cargo xtask db redo billing@h", "cargo xtask db redo billing@head"),
    ("cargo xtask db history --verb", "cargo xtask db history --verbose"),
    ("cargo xtask infra --env st", "cargo xtask infra --env staging"),
    ("cargo xtask infra --env=st", "cargo xtask infra --env=staging"),
    ("cargo xtask db revision -m x --head abcd1234,bc", "cargo xtask db revision -m x --head abcd1234,bcde1234"),
    ("cargo xtask doctor pub", "cargo xtask doctor publish"),
    ("cargo --quiet xtask db merg", "cargo --quiet xtask db merge"),
    ("cargo xtask db --dir other show zz", "cargo xtask db --dir other show zzzz1234"),
    ("cargo xtask db types --role ro", "cargo xtask db types --role rooms_api"),
    ("cargo bu", "cargo build"),
];

/// A completion of cargo itself, which must keep working.
const OTHER: [(&str, &str); 3] = [
    ("bash", "_cargo() { COMPREPLY=(build); }\ncomplete -F _cargo cargo\n"),
    ("zsh", "autoload -Uz compinit; compinit -u -D\n_cargo() { compadd build; }\ncompdef _cargo cargo\n"),
    ("fish", "complete -c cargo -n __fish_use_subcommand -f -a build\n"),
];

fn completes(shell: &str) {
    let checkout = scratch(&format!("completion-{shell}"));
    fs::create_dir_all(checkout.join("xtask")).expect("can create the folder");
    fs::write(checkout.join("xtask/Cargo.toml"), "").expect("can write the file");
    fs::write(checkout.join("xtask.toml"), "[types]\nrole = \"rooms_api\"\n[infra.environments.staging]\n")
        .expect("can write the file");
    for (folder, id, header) in [
        ("db/versions", "abcd1234", "-- Revises:\n-- Branch Labels: billing"),
        ("db/versions", "bcde1234", "-- Revises: abcd1234"),
        ("other", "zzzz1234", "-- Revises:"),
    ] {
        fs::create_dir_all(checkout.join(folder)).expect("can create the folder");
        write_revision(&checkout.join(folder), id, header, "SELECT 1;", "");
    }
    let script = xtask(&checkout).args(["completions", shell]).output().expect("xtask runs");
    assert!(script.status.success());
    let other = OTHER.iter().find(|(name, _)| *name == shell).map_or("", |(_, other)| other);
    let setup = checkout.join("setup");
    fs::write(&setup, format!("{other}{}", String::from_utf8_lossy(&script.stdout))).expect("can write the file");
    let terminal = root().join("xtask/tests/it/with_shells/terminal.py");
    let mut command = Command::new("python3");
    command.arg(terminal).arg(shell).arg(&setup).args(CASES.map(|(typed, _)| typed));
    // Without a binary in the checkout, the script calls the one that printed it.
    let output = command.current_dir(&checkout).env_remove("CARGO_TARGET_DIR").output().expect("Python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let completed: Vec<&str> = text.lines().collect();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(completed, CASES.map(|(_, completed)| completed), "{shell}: {failed}");
}

#[test]
fn in_bash() {
    completes("bash");
}

#[test]
fn in_zsh() {
    completes("zsh");
}

#[test]
fn in_fish() {
    completes("fish");
}
