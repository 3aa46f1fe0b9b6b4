//! The password file, `~/.pgpass`. Source: PostgreSQL 18, section 32.16.

use std::path::Path;

use crate::error::SettingsError;

/// Reads a password file. Only its owner may have access to it.
pub(crate) fn read(file: &Path) -> Result<String, SettingsError> {
    let unreadable = |reason: String| SettingsError::Unreadable { path: file.to_owned(), reason };
    let text = regular_file::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).map_err(|error| unreadable(error.to_string()))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(unreadable("other users can read the password file; run `chmod 600` on it".to_owned()));
        }
    }
    Ok(text)
}

/// The password of the first line `host:port:database:user:password` that matches. `*` matches anything, a backslash
/// escapes. As in libpq, the password ends at a colon, and text after it is ignored.
pub(crate) fn password_for(text: &str, wanted: [&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut rest = Some(line.trim_end_matches('\r'));
        for wanted in wanted {
            let (field, after) = field(rest?);
            if field != "*" && unescaped(field) != wanted {
                return None;
            }
            rest = after;
        }
        rest.map(|rest| unescaped(field(rest).0))
    })
}

/// The text before the first colon that is not escaped, and the text after it.
fn field(text: &str) -> (&str, Option<&str>) {
    let mut is_escaped = false;
    let end = text.find(|c| {
        let is_end = c == ':' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    end.map_or((text, None), |end| (&text[..end], Some(&text[end + 1..])))
}

/// Each character after a backslash stands for itself, and so does a backslash at the end.
fn unescaped(field: &str) -> String {
    let mut text = String::new();
    let mut characters = field.chars();
    while let Some(c) = characters.next() {
        text.push(if c == '\\' { characters.next().unwrap_or(c) } else { c });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_files_match_field_by_field() {
        let text = "# c\nh:5432:d:other:no\n*:*:d:u:a\\:b:c\n*:*:*:*:last\n";
        assert_eq!(password_for(text, ["h", "5432", "d", "u"]).as_deref(), Some("a:b"));
        assert_eq!(password_for(text, ["h", "5432", "e", "u"]).as_deref(), Some("last"));
    }
}
