//! `${name}` in a migration, which Flyway replaces anywhere, even in comments and strings.

use std::path::Path;

use super::settings::Settings;
use crate::migration_file::file_name;
use crate::problem::Problem;

/// The text with the values of the settings.
pub(super) fn replaced(text: &str, path: &Path, settings: &Settings) -> Result<String, Vec<Problem>> {
    let (mut result, mut problems) = (String::with_capacity(text.len()), Vec::new());
    let mut position = 0;
    while let Some(found) = text[position..].find(&settings.placeholder_prefix) {
        let start = position + found;
        let name_start = start + settings.placeholder_prefix.len();
        let line = Some(1 + text[..start].matches('\n').count() as u32);
        let problem = |what| Problem::Unsupported { path: path.to_owned(), line, what };
        result.push_str(&text[position..start]);
        let Some(length) = text[name_start..].find(&settings.placeholder_suffix) else {
            problems.push(problem(format!("`{}` has no end", settings.placeholder_prefix)));
            position = name_start;
            continue;
        };
        let name = &text[name_start..name_start + length];
        match value(name, path, settings) {
            Some(value) => result.push_str(&value),
            None => problems.push(problem(format!(
                "the placeholder `{name}` has no value: set `flyway.placeholders.{name}` in flyway.conf, or \
                 `placeholderReplacement = false`"
            ))),
        }
        position = name_start + length + settings.placeholder_suffix.len();
    }
    result.push_str(&text[position..]);
    if problems.is_empty() { Ok(result) } else { Err(problems) }
}

/// The value of a placeholder. One that depends on the run has none.
fn value(name: &str, path: &Path, settings: &Settings) -> Option<String> {
    let name = name.to_lowercase();
    settings.placeholders.get(&name).cloned().or_else(|| match name.as_str() {
        "flyway:defaultschema" => Some(settings.schema.clone().unwrap_or("public".to_owned())),
        "flyway:table" => Some(settings.table.clone()),
        "flyway:filename" => Some(file_name(path)),
        _ => None,
    })
}
