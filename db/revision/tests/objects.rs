//! The order of files in `objects`. A case is a file `objects/NAME.txt`: files (`--- NAME`, then the text), and after `===` the
//! names in the order in which they are applied, or the errors. `UPDATE_GOLDEN=1` rewrites the part after `===`.

mod golden;

use std::fs;
use std::path::Path;

use revision::{Directory, Error, ObjectFile, Objects, RevisionFile};

/// The order, or the errors, as lines.
fn result(input: &str) -> String {
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for part in input.split("--- ").skip(1) {
        let (name, text) = part.split_once('\n').expect("a name and a text");
        match ObjectFile::read(name, &RevisionFile::in_memory(format!("{name}.sql"), text)) {
            Ok(file) => files.push(file),
            Err(error) => errors.extend(error.into_all()),
        }
    }
    let names = |objects: Objects| objects.files().iter().map(|file| file.name().to_owned()).collect::<Vec<_>>();
    let shown = |errors: Vec<Error>| errors.iter().map(|error| format!("error: {error}")).collect();
    let lines = match errors.is_empty() {
        true => Objects::new(files).map_or_else(|error| shown(error.into_all()), names),
        false => shown(errors),
    };
    lines.join("\n") + "\n"
}

#[test]
fn sorts_the_files() {
    golden::check("objects", result);
}

/// The result does not depend on the order in which a file system lists them.
#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    use std::os::unix::fs::symlink;

    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("objects-links");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("b/deep")).expect("can create it");
    fs::write(root.join("b/deep/v.sql"), "CREATE OR REPLACE VIEW v AS SELECT 1;").expect("can write it");
    symlink("..", root.join("b/up")).expect("can link");
    symlink(".", root.join("self")).expect("can link");
    let read = || Objects::read(&Directory::new(&root));
    assert_eq!(read().expect("one file").files()[0].name(), "b/deep/v");
    for link in ["a", "c"] {
        symlink("b", root.join(link)).expect("can link");
        let error = read().expect_err("the view is created twice");
        assert!(error.to_string().contains("also creates the view v"), "{error}");
        fs::remove_file(root.join(link)).expect("can remove it");
    }
    let file = Objects::read(&Directory::new(root.join("b/deep/v.sql")));
    assert!(file.expect_err("it is a file").to_string().contains("Not a directory"));
}
