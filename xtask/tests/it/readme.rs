//! The README's tour: every command works, and prints what the README shows.

use std::cell::RefCell;
use std::fs;

use crate::support::machine::Machine;
use crate::support::tour::{commands, play};
use crate::support::{sample, scratch};

#[test]
fn the_tour_works() {
    let machine = Machine::with_binaries("readme");
    let checkout = scratch("readme");
    fs::create_dir_all(checkout.join("db/versions")).expect("can create the directory");
    fs::create_dir_all(checkout.join("xtask")).expect("can create the directory");
    fs::copy(sample().join("xtask.toml"), checkout.join("xtask.toml")).expect("can copy the file");
    for entry in fs::read_dir(sample().join("db/versions")).expect("can read the folder") {
        let path = entry.expect("can read the entry").path();
        fs::copy(&path, checkout.join("db/versions").join(path.file_name().expect("it has a name")))
            .expect("can copy the file");
    }
    let text = fs::read_to_string(sample().join("README.md")).expect("can read README.md");
    let commands = commands(&text);
    // The commands of the quick start and of the other sections are tested elsewhere.
    let is_played = |command: &str| command != "cargo xtask test";
    let mut played = 0;
    let written = RefCell::new(String::new());
    for shown in commands.iter().filter(|(command, _)| is_played(command)) {
        let (command, _) = shown;
        if let Some(sql) = command.strip_prefix("echo \"") {
            // Stands for adding the SQL in an editor.
            let file = checkout.join(&*written.borrow());
            let head = fs::read_to_string(&file).expect("can read the new revision");
            let head = head.split("-- migrate:upgrade").next().expect("it has a header");
            fs::write(file, format!("{head}{}\n", sql.trim_end_matches('"'))).expect("can write the file");
            continue;
        }
        let prepare = |run: &mut std::process::Command, _: &std::path::Path| {
            run.env("CARGO_TARGET_DIR", &machine.target);
        };
        play(std::slice::from_ref(shown), &checkout, &prepare, |command, printed, _| {
            if command.starts_with("cargo xtask db revision") {
                *written.borrow_mut() = printed.trim().to_owned();
            }
        });
        played += 1;
    }
    assert!(played >= 8, "only {played} commands were found");
}
