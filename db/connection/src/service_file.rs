//! The service file, `pg_service.conf`. Source of the rules: PostgreSQL 17, section 32.17.

use std::path::PathBuf;

use crate::error::SettingsError;
use crate::keyword::known_keyword;

/// What the first of the files that has the service says of it.
pub(crate) fn find(service: &str, files: &[PathBuf]) -> Result<Vec<(&'static str, String)>, SettingsError> {
    for file in files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        if let Some(values) = section(service, &text)? {
            return Ok(values);
        }
    }
    Err(SettingsError::UnknownService { service: service.to_owned(), files: files.to_vec() })
}

/// The settings of a `[service]`, if the text has it.
fn section(service: &str, text: &str) -> Result<Option<Vec<(&'static str, String)>>, SettingsError> {
    let mut found: Option<Vec<(&'static str, String)>> = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            if found.is_some() {
                return Ok(found);
            }
            found = (name == service).then(Vec::new);
        } else if let Some(values) = &mut found
            && let Some((keyword, value)) = line.split_once('=')
        {
            values.push((known_keyword(keyword.trim())?, value.trim().to_owned()));
        }
    }
    Ok(found)
}
