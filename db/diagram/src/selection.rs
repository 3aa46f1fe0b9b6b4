//! What is drawn of a model: all of it, or the tables that are asked for or have changed, with their neighbors.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use crate::model::{Change, Entity, Link, Model, Row};

/// How many columns of a table are drawn, beside its keys and what has changed.
const MOST_COLUMNS: usize = 40;

/// No table matches a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoTable {
    /// As it was given.
    pub pattern: String,
}

impl fmt::Display for NoTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no table matches `{}`", self.pattern)
    }
}

impl std::error::Error for NoTable {}

/// A table as it is drawn.
#[derive(Debug)]
pub(crate) struct Shown<'m> {
    pub(crate) entity: &'m Entity,
    pub(crate) rows: Vec<&'m Row>,
    /// How many columns are not drawn.
    pub(crate) hidden: usize,
}

/// A reference as it is drawn, between tables by their index.
#[derive(Debug)]
pub(crate) struct ShownLink<'m> {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) link: &'m Link,
}

/// What is drawn.
#[derive(Debug)]
pub(crate) struct Selection<'m> {
    pub(crate) tables: Vec<Shown<'m>>,
    pub(crate) links: Vec<ShownLink<'m>>,
    /// How many tables are not drawn.
    pub(crate) hidden: usize,
    /// Whether changes are marked.
    pub(crate) is_comparison: bool,
}

impl<'m> Selection<'m> {
    pub(crate) fn new(model: &'m Model, patterns: &[String], everything: bool) -> Result<Self, NoTable> {
        let entities = &model.entities;
        let all: BTreeSet<usize> = (0..entities.len()).collect();
        let full = if !patterns.is_empty() {
            matching(entities, patterns)?
        } else if model.is_comparison && !everything {
            all.iter().copied().filter(|&index| entities[index].change != Change::None).collect()
        } else {
            all
        };
        let mut shown = full.clone();
        for (index, entity) in entities.iter().enumerate() {
            for link in &entity.links {
                if full.contains(&index) || full.contains(&link.target) {
                    shown.extend([index, link.target]);
                }
            }
        }
        let numbers: HashMap<usize, usize> = shown.iter().enumerate().map(|(number, &index)| (index, number)).collect();
        let mut links = Vec::new();
        let mut ends = BTreeSet::new();
        for &from in &shown {
            for link in &entities[from].links {
                // Between two neighbors, a line would only distract.
                if full.contains(&from) || full.contains(&link.target) {
                    ends.extend(link.reference.referenced.iter().map(|name| (link.target, name.as_str())));
                    ends.extend(link.reference.columns.iter().map(|name| (from, name.as_str())));
                    links.push(ShownLink { from: numbers[&from], to: numbers[&link.target], link });
                }
            }
        }
        let table = |&index: &usize| {
            let most = if full.contains(&index) { MOST_COLUMNS } else { 0 };
            table(&entities[index], most, |name| ends.contains(&(index, name)))
        };
        let tables = shown.iter().map(table).collect();
        Ok(Self { tables, links, hidden: entities.len() - shown.len(), is_comparison: model.is_comparison })
    }
}

/// A table with its keys, what has changed, where lines end, and so many of the other columns.
fn table<'m>(entity: &'m Entity, most: usize, is_end: impl Fn(&str) -> bool) -> Shown<'m> {
    let is_needed = |row: &Row| {
        let is_key = row.column.is_primary || (row.is_foreign && most > 0);
        is_key || row.change != Change::None || is_end(&row.column.name)
    };
    // A single column takes no more room than its number.
    let others = entity.rows.iter().filter(|row| !is_needed(row)).count();
    let most = if others == most + 1 && most > 0 { others } else { most };
    let mut left = most;
    let mut rows = Vec::new();
    for row in &entity.rows {
        let is_shown = is_needed(row) || left > 0;
        if !is_needed(row) {
            left = left.saturating_sub(1);
        }
        if is_shown {
            rows.push(row);
        }
    }
    Shown { entity, hidden: entity.rows.len() - rows.len(), rows }
}

fn matching(entities: &[Entity], patterns: &[String]) -> Result<BTreeSet<usize>, NoTable> {
    let mut found = BTreeSet::new();
    for pattern in patterns {
        let matches = |name: &str| matches(pattern.as_bytes(), name.as_bytes());
        let names = |name: &str| matches(name) || matches(&name.replace('"', "")) || matches(&format!("public.{name}"));
        let matched = entities.iter().enumerate().filter(|(_, entity)| names(&entity.name)).map(|(index, _)| index);
        let matched: Vec<usize> = matched.collect();
        if matched.is_empty() {
            return Err(NoTable { pattern: pattern.clone() });
        }
        found.extend(matched);
    }
    Ok(found)
}

/// Whether a text matches a pattern, in which `*` is any text.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read, mut star) = (0, 0, None);
    while read < text.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, read));
            at += 1;
        } else if pattern.get(at) == Some(&text[read]) {
            (at, read) = (at + 1, read + 1);
        } else if let Some((place, from)) = star {
            star = Some((place, from + 1));
            (at, read) = (place + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text, expected) in [
            ("orders", "orders", true),
            ("order", "orders", false),
            ("order*", "orders", true),
            ("*s", "orders", true),
            ("billing.*", "billing.invoices", true),
            ("*a*b*", "xaxbx", true),
            ("*a*b", "xaxbx", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
        }
    }
}
