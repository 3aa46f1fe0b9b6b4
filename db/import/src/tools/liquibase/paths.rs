//! The path that identifies a changeset in the table: that of its file, or the one in `logicalFilePath`. Source: Liquibase's
//! `AbstractFormattedChangeLogParser` and `DatabaseChangeLog.normalizePath`, and what Liquibase 4.28 records.

use std::path::{Component, Path, PathBuf};

/// The last `logicalFilePath` in a line, which Liquibase finds by a regular expression: up to white space, including quotes.
pub(super) fn logical(line: &str) -> Option<PathBuf> {
    let name = "logicalfilepath:";
    let start = line.to_ascii_lowercase().rfind(name)? + name.len();
    line[start..].split(char::is_whitespace).next().map(recorded)
}

/// A path as Liquibase records it: without a scheme, a drive, or a slash at either end.
fn recorded(path: &str) -> PathBuf {
    let path = ["classpath:", "classpath*:"].iter().find_map(|scheme| path.strip_prefix(scheme)).unwrap_or(path);
    let path = path.replace('\\', "/");
    let path = match path.as_bytes() {
        [drive, b':', ..] if drive.is_ascii_alphabetic() => &path[2..],
        _ => &path,
    };
    normal(Path::new(path.trim_start_matches('/')))
}

/// A path without `.`, and without `..` after a name.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::logical;

    /// What `databasechangelog` has after Liquibase 4.28 has run a changeset with this attribute, in the first line of the file
    /// or its own.
    #[test]
    fn paths_are_recorded_as_by_liquibase() {
        for (line, recorded) in [
            ("logicalFilePath:moved/logical.sql", "moved/logical.sql"),
            ("logicalfilepath:lower/l.sql", "lower/l.sql"),
            ("stripComments:false   LOGICALFILEPATH:spaced/s.sql   changeLogId:x", "spaced/s.sql"),
            ("logicalFilePath:\"quoted/q.sql\"", "\"quoted/q.sql\""),
            ("logicalFilePath:\"in quotes/x y.sql\" context:none", "\"in"),
            ("logicalFilePath:'single.sql'", "'single.sql'"),
            ("logicalFilePath:", ""),
            ("logicalFilePath: spaced.sql", ""),
            ("logicalFilePath:./d/../dots.sql", "dots.sql"),
            ("logicalFilePath:../up.sql", "../up.sql"),
            ("logicalFilePath:a//b.sql", "a/b.sql"),
            ("logicalFilePath:trail/", "trail"),
            ("logicalFilePath:/abs/x.sql", "abs/x.sql"),
            ("logicalFilePath:win\\x.sql", "win/x.sql"),
            ("logicalFilePath:C:\\dir\\x.sql", "dir/x.sql"),
            ("logicalFilePath:classpath:/cp.sql", "cp.sql"),
            ("logicalFilePath:file:x.sql", "file:x.sql"),
            ("logicalFilePath:x.sql,splitStatements:false", "x.sql,splitStatements:false"),
            ("logicalFilePath:one.sql logicalFilePath:two.sql", "two.sql"),
            ("xlogicalFilePath:z.sql", "z.sql"),
        ] {
            assert_eq!(logical(line).as_deref(), Some(Path::new(recorded)), "{line}");
        }
        assert_eq!(logical("logicalFilePath = eq.sql"), None);
    }
}
