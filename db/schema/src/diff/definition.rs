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
