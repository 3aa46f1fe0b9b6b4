//! The names of the declarations. Each is unique in the file.

use std::collections::{BTreeMap, HashSet};

use unicode_ident::{is_xid_continue, is_xid_start};

use crate::visible::{Name, VisibleTables};

/// Names that the file itself uses.
const USED: [&str; 4] = ["Buffer", "Date", "PgInterval", "Record"];

pub(crate) struct Names {
    /// By schema and name.
    rows: BTreeMap<(String, String), String>,
    new_rows: BTreeMap<(String, String), String>,
    /// By OID.
    enums: BTreeMap<u32, String>,
}

impl Names {
    /// Chooses the names. Of several that would be the same, tables get it before enums, and these before new rows.
    pub(crate) fn new(tables: &VisibleTables) -> Self {
        let mut taken: HashSet<String> = USED.map(str::to_owned).into();
        let readable = tables.relations.iter().filter(|relation| relation.is_readable);
        let rows =
            readable.map(|relation| (key(&relation.name), unique(&mut taken, qualified(&relation.name)))).collect();
        let enums = tables.enums.iter().map(|one| (one.oid, unique(&mut taken, qualified(&one.name)))).collect();
        let insertable = tables.relations.iter().filter(|relation| relation.is_insertable);
        let new_rows = insertable
            .map(|relation| (key(&relation.name), unique(&mut taken, format!("New{}", qualified(&relation.name)))))
            .collect();
        Self { rows, new_rows, enums }
    }

    /// The name for the rows of a readable table.
    pub(crate) fn of_row(&self, table: &Name) -> &str {
        self.rows.get(&key(table)).map_or("", String::as_str)
    }

    /// The name for new rows of a table that the role can insert into.
    pub(crate) fn of_new_row(&self, table: &Name) -> &str {
        self.new_rows.get(&key(table)).map_or("", String::as_str)
    }

    /// The name of a type, if it is an enum.
    pub(crate) fn of_enum(&self, type_oid: u32) -> Option<&str> {
        self.enums.get(&type_oid).map(String::as_str)
    }
}

fn key(name: &Name) -> (String, String) {
    (name.schema.clone(), name.name.clone())
}

/// The name, with a number if it is taken. `pascal_case` writes no name that ends like this.
fn unique(taken: &mut HashSet<String>, name: String) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(free.clone());
    free
}

/// The name, after that of its schema unless it is `public`.
fn qualified(name: &Name) -> String {
    let schema = if name.schema == "public" { "" } else { &name.schema };
    let qualified = pascal_case(schema) + &pascal_case(&name.name);
    match qualified.starts_with(is_xid_start) {
        true => qualified,
        false => format!("_{qualified}"),
    }
}

/// The words of a name, each with a capital. A name without words is written with the numbers of its characters.
fn pascal_case(name: &str) -> String {
    let words: String = name.split(|c| !is_xid_continue(c) || c == '_' || is_invisible(c)).map(capitalized).collect();
    match words.is_empty() {
        true => name.chars().map(|c| format!("U{:X}", u32::from(c))).collect(),
        false => words,
    }
}

/// Whether a character that a name may have only changes how others look, such as the parts of an emoji.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
            ..='\u{180f}' | '\u{200c}' | '\u{200d}'
    ) || matches!(c, '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}')
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Name, qualified, unique};

    fn named(schema: &str, name: &str) -> String {
        qualified(&Name { schema: schema.to_owned(), name: name.to_owned() })
    }

    #[test]
    fn names_are_in_pascal_case() {
        let cases = [
            ("room_equipment", "RoomEquipment"),
            ("roomEquipment", "RoomEquipment"),
            ("2024 sales", "_2024Sales"),
            ("größe/höhe", "GrößeHöhe"),
            ("🚀", "U1F680"),
            ("👩‍🚀", "U1F469U200DU1F680"),
            ("✔️ done", "Done"),
            ("__", "U5FU5F"),
            ("class", "Class"),
            ("a\"b'c", "ABC"),
            ("部屋", "部屋"),
            ("ßa", "SSa"),
        ];
        for (name, expected) in cases {
            assert_eq!(named("public", name), expected);
        }
        assert_eq!(named("audit", "events"), "AuditEvents");
        assert_eq!(named("1", "2"), "_12");
    }

    #[test]
    fn names_are_unique() {
        let mut taken = HashSet::from(["Date".to_owned()]);
        let names = ["Date", "Date", "A"].map(|name| unique(&mut taken, name.to_owned()));
        assert_eq!(names, ["Date_2", "Date_3", "A"]);
    }
}
