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
}
