//! Databases that are not in UTF-8: characters of a file that the database can't store must not fail a revision that psql
//! would apply, because psql does not send the header or the other section.

use connection::{Encoding, QueryError};

use crate::session::Session;

/// The characters of a text that the encoding of the database lacks. Must not be called in a transaction, except for a rehearsal.
pub(crate) fn lacking(session: &mut Session, text: &str) -> Result<Vec<char>, QueryError> {
    if session.connection.encoding() != Encoding::Other {
        return Ok(Vec::new());
    }
    let mut characters: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    characters.sort_unstable();
    characters.dedup();
    if can_store(session, &characters)? {
        return Ok(Vec::new());
    }
    let mut lacking = Vec::new();
    for character in characters {
        if !can_store(session, &[character])? {
            lacking.push(character);
        }
    }
    Ok(lacking)
}

fn can_store(session: &mut Session, characters: &[char]) -> Result<bool, QueryError> {
    let bytes: String = characters.iter().collect::<String>().bytes().map(|byte| format!("{byte:02x}")).collect();
    let query = format!("SELECT pg_catalog.convert_from('\\x{bytes}'::pg_catalog.bytea, 'UTF8')");
    match session.query(&query) {
        Ok(_) => Ok(true),
        Err(QueryError::Server(error)) if !error.is_fatal => Ok(false),
        Err(error) => Err(error),
    }
}

/// The text with the code points of these characters in their place.
pub(crate) fn without(text: String, lacking: &[char]) -> String {
    match lacking {
        [] => text,
        lacking => {
            let mut escaped = String::with_capacity(text.len());
            for c in text.chars() {
                match lacking.contains(&c) {
                    true => escaped.push_str(&format!("U+{:04X}", u32::from(c))),
                    false => escaped.push(c),
                }
            }
            escaped
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn replaces_missing_characters() {
        assert_eq!(without("café → bar".to_owned(), &['→']), "café U+2192 bar");
        assert_eq!(without("café → bar".to_owned(), &[]), "café → bar");
    }
}
