//! Names that are made of others.

/// The bytes that a name may have (PostgreSQL's `NAMEDATALEN`, without the terminator).
pub(crate) const NAME_LENGTH: usize = 63;

/// A name without quotes, with a suffix: as much of it as there is room for.
pub(crate) fn with_suffix(name: &str, suffix: &str) -> String {
    let mut name = name.to_owned();
    while name.len() + suffix.len() > NAME_LENGTH {
        name.pop();
    }
    name + suffix
}

/// As much of a name without quotes as PostgreSQL keeps.
pub(crate) fn cut(name: &str) -> String {
    with_suffix(name, "")
}

/// What qualifies a name, as SQL writes it: the schema with a dot, or nothing.
pub(crate) fn qualifier(name: &str) -> &str {
    let start = match name.strip_suffix('"') {
        Some(rest) => rest.replace("\"\"", "  ").rfind('"').unwrap_or_default(),
        None => name.rfind('.').map_or(0, |dot| dot + 1),
    };
    &name[..start]
}

/// The name that PostgreSQL gives to what a table has for some columns (makeObjectName in indexcmds.c): the longer of the
/// two names is cut until the whole has 63 bytes.
pub(crate) fn usual_name(table: &str, columns: &str, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(!columns.is_empty());
    let (mut one, mut other) = (table.len(), columns.len());
    while one + other + overhead > NAME_LENGTH {
        if one > other { one -= 1 } else { other -= 1 }
    }
    let cut = |text: &str, length: usize| {
        let end = (0..=length).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
        text[..end].to_owned()
    };
    let mut parts = vec![cut(table, one)];
    if !columns.is_empty() {
        parts.push(cut(columns, other));
    }
    parts.push(label.to_owned());
    parts.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_qualifier_ends_before_the_last_name() {
        for (name, expected) in [
            ("t", ""),
            ("\"T\"", ""),
            ("s.t", "s."),
            ("s.\"a \"\"b\"\" .c\"", "s."),
            ("\"a.b\".t", "\"a.b\"."),
            ("\"a.b\".\"t\"", "\"a.b\"."),
        ] {
            assert_eq!(qualifier(name), expected, "{name}");
        }
    }

    #[test]
    fn names_are_cut_as_postgresql_cuts_them() {
        assert_eq!(usual_name("orders", "a_b", "idx"), "orders_a_b_idx");
        assert_eq!(usual_name("orders", "", "pkey"), "orders_pkey");
        assert_eq!(usual_name(&"t".repeat(63), "id", "idx").len(), 63);
    }
}
