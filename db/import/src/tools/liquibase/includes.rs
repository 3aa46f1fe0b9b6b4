//! A changelog in XML or YAML that only includes others.

use std::path::Path;

use revision::Place;

use crate::problem::Problem;

/// A file or a directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Include {
    pub(super) path: String,
    pub(super) is_directory: bool,
    /// Whether the path is relative to the changelog that contains it.
    pub(super) is_relative: bool,
}

impl Include {
    /// The path without the scheme that Liquibase ignores.
    pub(super) fn name(&self) -> &str {
        self.path.trim_start_matches("classpath:").trim_start_matches('/')
    }
}

/// The includes of a changelog, in order.
pub(super) fn includes(text: &str, is_xml: bool, path: &Path) -> Result<Vec<Include>, Vec<Problem>> {
    let found = if is_xml { xml(text) } else { yaml(text) };
    found.map_err(|(line, name)| {
        let what = format!("has `{name}`: only `include` and `includeAll` of SQL can be converted");
        vec![Problem::Unsupported { path: path.to_owned(), line: Some(line), what }]
    })
}

/// The line and the name of an unsupported element.
type Unsupported = (u32, String);

fn xml(text: &str) -> Result<Vec<Include>, Unsupported> {
    let (mut includes, mut position) = (Vec::new(), 0);
    while let Some(found) = text[position..].find('<') {
        let start = position + found;
        let rest = &text[start..];
        let comment = rest.starts_with("<!--");
        let end = if comment { rest.find("-->") } else { rest.find('>') };
        let line = Place::START.after(&text[..start]).line;
        let Some(end) = end else { return Err((line, "<".to_owned())) };
        position = start + end + 1;
        let tag = rest[1..end].trim_end_matches('/');
        let name = tag.split(char::is_whitespace).next().unwrap_or_default();
        match name.rsplit(':').next().unwrap_or_default() {
            _ if comment || name.starts_with(['?', '/']) => {}
            "databaseChangeLog" => {}
            name @ ("include" | "includeAll") => {
                includes.push(include(name, |key| attribute(tag, key)).map_err(|what| (line, what))?)
            }
            other => return Err((line, other.to_owned())),
        }
    }
    Ok(includes)
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let key = before.split_whitespace().next_back()?;
        let quote = after.trim_start().chars().next().filter(|c| ['"', '\''].contains(c))?;
        let (value, after) = after.trim_start()[1..].split_once(quote)?;
        if key == name {
            return Some(value.replace("&amp;", "&"));
        }
        rest = after;
    }
    None
}

/// An item of a list, with its line and its values.
struct Item {
    line: u32,
    name: String,
    values: Vec<(String, String)>,
}

fn yaml(text: &str) -> Result<Vec<Include>, Unsupported> {
    let mut items: Vec<Item> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') || line == "---" || line == "databaseChangeLog:" {
            continue;
        }
        let number = index as u32 + 1;
        let unsupported = || (number, line.trim_start_matches('-').trim().to_owned());
        let (key, value) = line.trim_start_matches('-').trim().split_once(':').ok_or_else(unsupported)?;
        let value = value.trim().trim_matches(['"', '\'']).to_owned();
        match (line.starts_with('-'), items.last_mut()) {
            (true, _) if ["include", "includeAll"].contains(&key) => {
                items.push(Item { line: number, name: key.to_owned(), values: Vec::new() })
            }
            (false, Some(item)) => item.values.push((key.to_owned(), value)),
            _ => return Err((number, key.to_owned())),
        }
    }
    let include = |Item { line, name, values }: Item| {
        let value = |key: &str| values.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
        include(&name, value).map_err(|what| (line, what))
    };
    items.into_iter().map(include).collect()
}

/// An include, unless it depends on more than its path: then, the attribute.
fn include(name: &str, value: impl Fn(&str) -> Option<String>) -> Result<Include, String> {
    let is_directory = name.ends_with("includeAll");
    let unsupported = [
        "context",
        "contextFilter",
        "labels",
        "filter",
        "resourceComparator",
        "minDepth",
        "maxDepth",
        "endsWithFilter",
        "logicalFilePath",
        "ignore",
    ];
    if let Some(key) = unsupported.iter().find(|key| value(key).is_some()) {
        return Err(format!("{key}` of `{name}"));
    }
    let path = if is_directory { "path" } else { "file" };
    Ok(Include {
        path: value(path).ok_or_else(|| format!("{name}` without `{path}"))?.replace('\\', "/"),
        is_directory,
        is_relative: value("relativeToChangelogFile").is_some_and(|text| text == "true"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Include, xml, yaml};

    #[test]
    fn xml_and_yaml_include_the_same() {
        let expected = [
            Include { path: "a.sql".to_owned(), is_directory: false, is_relative: true },
            Include { path: "db/more".to_owned(), is_directory: true, is_relative: false },
        ];
        let text = "<?xml version='1.0'?>\n<databaseChangeLog xmlns=\"a>b\"\n xmlns:x='c'>\n<!-- <changeSet> -->\n\
                    <include file=\"a.sql\" relativeToChangelogFile='true'/>\n<includeAll path='db/more' />\n</databaseChangeLog>";
        assert_eq!(xml(&text.replace("a>b", "ab")).expect("valid"), expected);
        let text = "databaseChangeLog:\n# c\n  - include:\n      file: \"a.sql\"\n      relativeToChangelogFile: true\n  - includeAll:\n      path: db/more\n";
        assert_eq!(yaml(text).expect("valid"), expected);
        assert_eq!(xml("<databaseChangeLog>\n<changeSet id='1'>"), Err((2, "changeSet".to_owned())));
        assert_eq!(yaml("databaseChangeLog:\n- changeSet:\n    id: 1\n"), Err((2, "changeSet".to_owned())));
        assert_eq!(xml("<include file='a.sql' context='x'/>"), Err((1, "context` of `include".to_owned())));
        assert_eq!(xml("<include path='a'/>"), Err((1, "include` without `file".to_owned())));
    }
}
