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
/// escapes.
pub(crate) fn password_for(text: &str, wanted: [&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut fields = vec![String::new()];
        let mut chars = line.trim_end_matches('\r').chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => fields.last_mut()?.extend(chars.next()),
                ':' if fields.len() < 5 => fields.push(String::new()),
                c => fields.last_mut()?.push(c),
            }
        }
        let fits =
            fields.len() == 5 && fields.iter().zip(wanted).all(|(field, wanted)| field == "*" || field == wanted);
        if fits { fields.pop() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_files_match_field_by_field() {
        let text = "# c\nh:5432:d:other:no\n*:*:d:u:a\\:b:c\n*:*:*:*:last\n";
        assert_eq!(password_for(text, ["h", "5432", "d", "u"]).as_deref(), Some("a:b:c"));
        assert_eq!(password_for(text, ["h", "5432", "e", "u"]).as_deref(), Some("last"));
    }
}
