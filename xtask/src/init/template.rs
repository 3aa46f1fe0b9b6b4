//! The application that `init --empty` leaves: files of the sample that every application needs, and those in
//! `xtask/templates/empty`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use revision::{Header, file_name};

use crate::clock;
use crate::config::ProjectName;
use crate::db::{date, random_id};

/// The sample application, unchanged.
const SAMPLE: &str = "xtask/tests/sample";
/// The files that replace the sample's.
const TEMPLATE: &str = "xtask/templates/empty";
/// The first revision in the template; its id, date and name are generated.
const FIRST_REVISION: &str = "db/versions/first.sql";

/// The files and folders of the sample that an application keeps.
const KEPT: [&str; 38] = [
    "xtask.toml",
    "frontend/.gitignore",
    "frontend/package.json",
    "frontend/package-lock.json",
    "frontend/tsconfig.json",
    "frontend/vite.config.ts",
    "frontend/dev-functions.ts",
    "frontend/src/main.tsx",
    "frontend/src/parse.ts",
    "frontend/src/browser.ts",
    "frontend/src/release",
    "frontend/src/styles/base.css",
    "frontend/src/styles/controls.css",
    "frontend/src/styles/notices.css",
    "frontend/src/styles/release.css",
    "frontend/src/styles/tokens.css",
    "frontend/browser/harness.ts",
    "amplify/README.md",
    "amplify/backend.ts",
    "amplify/hosting.ts",
    "amplify/package.json",
    "amplify/package-lock.json",
    "amplify/tsconfig.json",
    "amplify/functions/package.json",
    "amplify/functions/package-lock.json",
    "amplify/functions/tsconfig.json",
    "amplify/functions/vitest.config.ts",
    "amplify/functions/api/database.ts",
    "amplify/functions/api/event.ts",
    "amplify/functions/api/handler.ts",
    "amplify/functions/api/health.ts",
    "amplify/functions/api/log.ts",
    "amplify/functions/api/problem.ts",
    "amplify/functions/api/request.ts",
    "amplify/functions/api/response.ts",
    "amplify/functions/api/settings.ts",
    "amplify/functions/api/testing/call.ts",
    "amplify/functions/api/testing/database.ts",
];

/// Replacements in a file: text and its replacement.
type Replacements = [(&'static str, String)];

/// The files of the application, from the root of the checkout, with their contents.
pub(super) fn files(root: &Path, ProjectName(name): &ProjectName) -> Result<BTreeMap<PathBuf, String>> {
    let role = role(name);
    let now = clock::now();
    let header = Header { message: "create notes".to_owned(), revision: random_id()?, ..Header::default() };
    let of_sample = [
        ("rooms_api", role.clone()),
        ("# name = \"site\"", format!("name = \"{name}\"")),
        ("# database_user = ", "database_user = ".to_owned()),
    ];
    let of_template = [
        ("{{name}}", name.clone()),
        ("{{role}}", role),
        ("{{revision}}", header.revision.clone()),
        ("{{date}}", clock::timestamp(now)),
    ];
    let mut files = BTreeMap::new();
    for kept in KEPT {
        read(&root.join(SAMPLE), Path::new(kept), &of_sample, &mut files)?;
    }
    read(&root.join(TEMPLATE), Path::new(""), &of_template, &mut files)?;
    let first = Path::new(FIRST_REVISION);
    let text = files.remove(first).with_context(|| format!("`{TEMPLATE}` has no `{FIRST_REVISION}`"))?;
    files.insert(first.with_file_name(file_name(&date(now), &header)), text);
    Ok(files)
}

/// The settings of a repository with another application: the sample's, for its front end and without its functions.
pub(super) fn settings(
    root: &Path,
    ProjectName(name): &ProjectName,
    front_end: &Path,
    output: Option<&str>,
) -> Result<String> {
    let replacements = [
        ("# name = \"site\"", format!("name = \"{name}\"")),
        ("# directory = \"frontend\"", format!("directory = \"{}\"", front_end.display())),
        (
            "# output = \"dist\"",
            output.map_or("# output = \"dist\"".to_owned(), |output| format!("output = \"{output}\"")),
        ),
        ("# database_user = ", "database_user = ".to_owned()),
        ("\nrole = ", "\n# role = ".to_owned()),
        ("\nfile = ", "\n# file = ".to_owned()),
        ("rooms_api", role(name)),
    ];
    read_file(&root.join(SAMPLE).join("xtask.toml"), &replacements)
}

/// The role of the API in a project.
fn role(project: &str) -> String {
    format!("{}_api", project.replace('-', "_"))
}

fn read_file(path: &Path, replacements: &Replacements) -> Result<String> {
    let text = regular_file::read_to_string(path).with_context(|| format!("`{}`", path.display()))?;
    Ok(replacements.iter().fold(text, |text, (from, to)| text.replace(from, to)))
}

/// Reads a file, or every file below a folder.
fn read(base: &Path, path: &Path, replacements: &Replacements, files: &mut BTreeMap<PathBuf, String>) -> Result<()> {
    let whole = base.join(path);
    if !whole.is_dir() {
        files.insert(path.to_owned(), read_file(&whole, replacements)?);
        return Ok(());
    }
    for entry in fs::read_dir(&whole).with_context(|| format!("`{}`", whole.display()))? {
        read(base, &path.join(entry?.file_name()), replacements, files)?;
    }
    Ok(())
}
