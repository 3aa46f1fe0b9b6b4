//! What `squash` and `rebase` share: the program `verify` proves the new file before it is written in place of others.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::task::Db;
use crate::process;
use crate::report::Failure;

impl Db<'_> {
    /// Refuses files that git can't bring back.
    pub(super) fn refuse_uncommitted(&self, files: &[&Path]) -> Result<()> {
        let uncommitted = process::uncommitted(&self.directory, files);
        if uncommitted.is_empty() {
            return Ok(());
        }
        let list = uncommitted.iter().map(|path| format!("\n  {path}")).collect::<String>();
        let hint = "commit them first: git is where the replaced revisions stay";
        Err(Failure::new(format!("files that would be replaced are not committed:{list}")).hint(hint).into())
    }

    /// Runs the proof, with the new file as standard input.
    pub(super) fn prove(&self, task: &str, postgres: &str, rest: &[String], path: &Path, text: &str) -> Result<()> {
        let path = path.to_str().context("the path of the revision is not UTF-8")?;
        let mut arguments = self.on_a_server(task, postgres)?;
        arguments.extend(["--file", path].map(str::to_owned));
        arguments.extend_from_slice(rest);
        self.output(&arguments, text, "not proven: nothing was written").map(drop)
    }
}

/// Puts a text in place of a file, and removes others. A run that is stopped in between leaves the old file or the new one.
pub(super) fn replace(path: &Path, text: &str, new: &Path, removed: &[&Path]) -> Result<()> {
    let name = new.file_name().unwrap_or_default().to_string_lossy();
    // Hidden files are no revisions.
    let temporary = new.with_file_name(format!(".{name}.new"));
    let at = |path: &Path| format!("`{}`", path.display());
    regular_file::write(&temporary, text).with_context(|| at(&temporary))?;
    fs::rename(&temporary, path).with_context(|| at(path))?;
    for path in removed {
        fs::remove_file(path).with_context(|| at(path))?;
    }
    if path != new {
        fs::rename(path, new).with_context(|| at(new))?;
    }
    Ok(())
}

/// The paths, for messages.
pub(super) fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| format!("\n  {}", path.display())).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use cluster::PrivateDirectory;

    use super::replace;

    #[test]
    fn one_file_takes_the_place_of_several() {
        let folder = PrivateDirectory::create(&std::env::temp_dir(), "xtask rewrite ").expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let names = || {
            let entries =
                fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
            let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
            names.sort();
            names
        };
        let [a, b, c, new] = ["a.sql", "b.sql", "c.sql", "new.sql"].map(path);
        for path in [&a, &b, &c] {
            fs::write(path, "old").expect("a file");
        }
        replace(&b, "squash", &new, &[&a]).expect("it is written");
        assert_eq!(
            (names(), fs::read_to_string(&new).expect("a file")),
            (vec!["c.sql".to_owned(), "new.sql".to_owned()], "squash".to_owned())
        );
        replace(&c, "changed", &c, &[]).expect("it is written");
        assert_eq!((names().len(), fs::read_to_string(&c).expect("a file")), (2, "changed".to_owned()));
        replace(&c, "again", &c, &[&a]).expect_err("there is no such file to remove");
        assert_eq!(fs::read_to_string(&c).expect("the new text is there"), "again");
    }
}
