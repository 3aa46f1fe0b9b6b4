//! Writes a diagram as Mermaid's `erDiagram`. Its grammar knows few characters in names and types: what it does not know is
//! replaced, and the name as SQL writes it is in the comment.

use std::fmt::Write as _;

use crate::description::summary;
use crate::model::Change;
use crate::selection::{Selection, Shown, ShownLink};
use crate::text::{short_type, visible};

/// The colors of what has changed, for light and dark pages.
const CLASSES: &str = "  classDef added fill:#2da44e33,stroke:#2da44e
  classDef changed fill:#bf870033,stroke:#bf8700
  classDef removed fill:#cf222e33,stroke:#cf222e
";

/// The diagram.
pub(crate) fn write(selection: &Selection<'_>, title: &str) -> String {
    let mut text = "erDiagram\n".to_owned();
    let _ = writeln!(text, "  accTitle: {}", line(title));
    let _ = writeln!(text, "  accDescr: {}", line(&summary(selection)));
    for table in &selection.tables {
        write_table(&mut text, table);
    }
    for link in &selection.links {
        write_link(&mut text, selection, link);
    }
    if selection.tables.iter().any(|table| table.entity.change != Change::None) {
        text.push_str(CLASSES);
    }
    text
}

fn write_table(text: &mut String, table: &Shown<'_>) {
    let entity = table.entity;
    let _ = write!(text, "  {}", quoted(&entity.name));
    if entity.change != Change::None {
        let _ = write!(text, ":::{}", entity.change.word());
    }
    text.push_str(" {\n");
    for row in &table.rows {
        let column = &row.column;
        let (kind, name) = (word(&short_type(&column.type_name)), word(&column.name));
        let keys = [(column.is_primary, "PK"), (row.is_foreign, "FK"), (column.is_unique, "UK")];
        let keys: Vec<&str> = keys.iter().filter(|(is_key, _)| *is_key).map(|(_, key)| *key).collect();
        let mut notes = Vec::new();
        if row.change != Change::None {
            notes.push(format!("{} {}", row.change.sign(), row.change.word()));
        }
        if let Some(was) = row.was.as_ref().filter(|was| was.type_name != column.type_name) {
            notes.push(format!("was {}", short_type(&was.type_name)));
        }
        if name != column.name.trim_matches('"') {
            notes.push(column.name.replace('"', ""));
        }
        if !column.is_nullable && !column.is_primary {
            notes.push("not null".to_owned());
        }
        let _ = write!(text, "    {kind} {name}");
        if !keys.is_empty() {
            let _ = write!(text, " {}", keys.join(", "));
        }
        if !notes.is_empty() {
            let _ = write!(text, " \"{}\"", line(&notes.join("; ")));
        }
        text.push('\n');
    }
    if table.hidden > 0 {
        let _ = writeln!(text, "    more columns \"{} more\"", table.hidden);
    }
    text.push_str("  }\n");
}

fn write_link(text: &mut String, selection: &Selection<'_>, link: &ShownLink<'_>) {
    let reference = &link.link.reference;
    let one = if reference.is_optional { "|o" } else { "||" };
    let many = if reference.is_unique { "o|" } else { "o{" };
    // As in SQL, the columns; `--` is for a key of its own, which most references are not.
    let label = format!("{} {}", link.link.change.sign(), reference.columns.join(", "));
    let (to, from) = (&selection.tables[link.to].entity.name, &selection.tables[link.from].entity.name);
    let _ = writeln!(text, "  {} {one}--{many} {} : {}", quoted(to), quoted(from), quoted(label.trim()));
}

/// The name of a table, in quotes.
fn quoted(name: &str) -> String {
    // Mermaid reads what it draws as HTML and as Markdown.
    let name: String = line(name).chars().filter(|c| !matches!(c, '%' | '\\' | '<' | '>' | '`')).collect();
    format!("\"{}\"", if name.is_empty() { "_" } else { &name })
}

/// A text on a line, without quotes and what Mermaid takes for markup.
fn line(text: &str) -> String {
    let plain = |c: char| match c {
        '\n' | '\t' => ' ',
        '"' | '<' | '>' | '`' | '#' => ' ',
        other => visible(other),
    };
    let text: String = text.chars().filter(|&c| c != '"').map(plain).collect();
    text.replace("%%", "%")
}

/// A name or a type as the grammar has it.
fn word(text: &str) -> String {
    let is_known = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '(' | ')' | '[' | ']' | '-')
            || ('\u{c0}'..'\u{fffd}').contains(&c)
    };
    let known = text.chars().filter(|&c| c != '"').map(|c| if is_known(visible(c)) { c } else { '_' });
    let word: String = known.collect();
    // Keys are words of the grammar.
    let is_key = ["pk", "fk", "uk"].contains(&word.to_lowercase().as_str());
    let begins = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii());
    if begins && !is_key { word } else { format!("_{word}") }
}
