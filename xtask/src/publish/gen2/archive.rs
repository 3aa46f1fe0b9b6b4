//! The zip file of the page. It contains the contents of the folder: if it contained the folder itself, Amplify would
//! accept it, and respond to every request with AccessDenied.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::publish::distribution;

/// Packs a folder. Returns the number of files.
///
/// # Errors
/// The folder has no `index.html`, or a file cannot be read.
pub(super) fn pack(folder: &Path, target: &Path) -> Result<usize> {
    let files = distribution::built(folder)?;
    let file = File::create(target).with_context(|| format!("`{}`", target.display()))?;
    let mut zip = ZipWriter::new(file);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).unix_permissions(0o644);
    for name in files.keys() {
        let path = folder.join(name);
        let bytes = regular_file::read(&path).with_context(|| format!("`{}`", path.display()))?;
        zip.start_file(name.as_str(), options)
            .and_then(|()| Ok(zip.write_all(&bytes)?))
            .with_context(|| format!("could not pack `{}`", path.display()))?;
    }
    zip.finish().with_context(|| format!("`{}`", target.display()))?;
    Ok(files.len())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Read as _;

    use zip::ZipArchive;

    use super::pack;

    #[test]
    fn holds_the_contents_of_the_folder() {
        let folder = std::env::temp_dir().join(format!("xtask-archive-{}", std::process::id()));
        let (page, target) = (folder.join("dist"), folder.join("page.zip"));
        fs::create_dir_all(page.join("assets")).expect("can create the folder");
        fs::write(page.join("assets/räume.js"), "let a = 1;".repeat(1000)).expect("can write the file");
        assert!(pack(&page, &target).expect_err("there is no page").to_string().contains("no `index.html`"));
        fs::write(page.join("index.html"), "<p>").expect("can write the file");
        assert_eq!(pack(&page, &target).expect("it is packed"), 2);
        assert!(fs::metadata(&target).expect("it exists").len() < 1000, "it is compressed");
        let mut zip = ZipArchive::new(File::open(&target).expect("can open the file")).expect("it is a zip file");
        let mut names: Vec<String> = zip.file_names().map(|name| name.expect("it is UTF-8").into_owned()).collect();
        names.sort();
        assert_eq!(names, ["assets/räume.js", "index.html"]);
        let mut text = String::new();
        zip.by_name("assets/räume.js").expect("it is there").read_to_string(&mut text).expect("it is text");
        assert_eq!(text, "let a = 1;".repeat(1000));
        fs::remove_dir_all(folder).expect("can delete the folder");
    }
}
