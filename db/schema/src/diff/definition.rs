//! Definitions as text, of which some parts can be altered.

/// Where a text has another one outside of quotes.
pub(crate) fn find(text: &str, part: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, c)| {
        match quote {
            None if text[at..].starts_with(part) => return Some(at),
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        None
    })
}

/// The parts of a list, between commas outside of quotes.
pub(crate) fn parts(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = (!list.is_empty()).then_some(list);
    std::iter::from_fn(move || {
        let list = rest?;
        let end = find(list, ", ");
        rest = end.map(|end| &list[end + 2..]);
        Some(&list[..end.unwrap_or(list.len())])
    })
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_list_is_split_outside_of_quotes() {
        assert_eq!(parts("a, \"b, c\", 'd, ''e'").collect::<Vec<_>>(), ["a", "\"b, c\"", "'d, ''e'"]);
        assert_eq!(parts("").count(), 0);
    }
}
