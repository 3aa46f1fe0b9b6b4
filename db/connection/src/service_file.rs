//! The service file, `pg_service.conf`. Source: PostgreSQL 18, section 32.17, and libpq's `parseServiceFile`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::SettingsError;
use crate::keyword::{contains_a_setting, known_keyword};
use crate::number::is_space;

/// The longest line that libpq reads, in bytes, with its line end.
const LONGEST_LINE: usize = 1022;

/// The settings of a service, from the first file that defines it.
pub(crate) fn find(service: &str, files: &[PathBuf]) -> Result<Vec<(&'static str, String)>, SettingsError> {
    for path in files {
        let text = match regular_file::read_to_string(path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            Err(error) => {
                return Err(SettingsError::Unreadable { path: path.clone(), reason: error.to_string() });
            }
        };
        if let Some(values) = section(service, path, &text)? {
            return Ok(values);
        }
    }
    Err(SettingsError::UnknownService { files: files.to_vec() })
}

/// The settings of a `[service]`, if the text defines it.
fn section(service: &str, path: &Path, text: &str) -> Result<Option<Vec<(&'static str, String)>>, SettingsError> {
    let mut found: Option<Vec<(&'static str, String)>> = None;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let error = |expected| SettingsError::ServiceFile { path: path.to_owned(), line: index + 1, expected };
        if line.len() > LONGEST_LINE {
            return Err(error("at most 1021 bytes, of which libpq reads no more"));
        }
        let line = line.trim_matches(is_space);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            if found.is_some() {
                return Ok(found);
            }
            // As in libpq, text after the bracket is ignored.
            let is_this = header.strip_prefix(service).is_some_and(|rest| rest.starts_with(']'));
            found = is_this.then(Vec::new);
        } else if let Some(values) = &mut found {
            let (keyword, value) = line.split_once('=').ok_or(error("`keyword=value`"))?;
            let keyword = known_keyword(keyword).ok_or(error("a connection keyword directly before the `=`"))?;
            if keyword == "service" || keyword == "servicefile" {
                return Err(error("a setting other than a service"));
            }
            if contains_a_setting(keyword, value) {
                return Err(error("a value without `=`, and each setting on its own line"));
            }
            values.push((keyword, value.to_owned()));
        }
    }
    Ok(found)
}
