//! The values of a row of the catalog.

use connection::Row;

use crate::array_cast::without_implicit_casts;
use crate::flattened::flattened;

/// An object or a part of it: the OID of its catalog, its own, and the number of the column.
pub(crate) type Node = (u32, u32, u32);

/// The values of a row from left to right, after the one that says what the row is.
pub(crate) struct Values(std::vec::IntoIter<Option<String>>);

impl Values {
    pub(crate) fn of(row: Row) -> Self {
        let mut values = row.into_iter();
        values.next();
        Self(values)
    }

    pub(crate) fn optional(&mut self) -> Option<String> {
        self.0.next().flatten()
    }

    pub(crate) fn text(&mut self) -> String {
        self.optional().unwrap_or_default()
    }

    /// SQL that the server writes.
    pub(crate) fn sql(&mut self) -> Option<String> {
        self.optional().map(|text| without_implicit_casts(&text).into_owned())
    }

    /// What creates an object, as the server writes it.
    pub(crate) fn definition(&mut self) -> Option<String> {
        self.sql().map(|text| flattened(&text).into_owned())
    }

    pub(crate) fn number(&mut self) -> u32 {
        self.oid().unwrap_or_default()
    }

    pub(crate) fn oid(&mut self) -> Option<u32> {
        self.optional().and_then(|text| text.parse().ok()).filter(|&oid| oid != 0)
    }

    pub(crate) fn flag(&mut self) -> bool {
        matches!(self.optional().as_deref(), Some("t" | "true"))
    }

    /// The elements of an array; none if it is NULL.
    pub(crate) fn texts(&mut self) -> Vec<String> {
        self.group().rest()
    }

    /// The values that are left.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0.flatten().collect()
    }

    /// An array whose elements are values of their own; without any if it is NULL.
    pub(crate) fn group(&mut self) -> Self {
        Self(self.optional().map(|array| elements(&array)).unwrap_or_default().into_iter())
    }

    /// The elements of an array of texts, two by two.
    pub(crate) fn pairs(&mut self) -> Vec<(String, String)> {
        self.texts().chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
    }

    /// The elements of an array of numbers.
    pub(crate) fn numbers(&mut self) -> Vec<u32> {
        self.texts().iter().filter_map(|number| number.parse().ok()).collect()
    }

    pub(crate) fn node(&mut self) -> Node {
        (self.number(), self.number(), self.number())
    }
}

/// The elements of an array of one dimension, as PostgreSQL writes it.
fn elements(array: &str) -> Vec<Option<String>> {
    let inner = array.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
    if inner.is_empty() {
        return Vec::new();
    }
    let (mut elements, mut element) = (Vec::new(), String::new());
    let (mut is_open, mut was_quoted) = (false, false);
    // NULL is a null unless it is quoted.
    let value = |text: String, was_quoted: bool| (was_quoted || text != "NULL").then_some(text);
    let mut characters = inner.chars();
    while let Some(next) = characters.next() {
        match next {
            '\\' => element.extend(characters.next()),
            '"' => (is_open, was_quoted) = (!is_open, true),
            ',' if !is_open => elements.push(value(std::mem::take(&mut element), std::mem::take(&mut was_quoted))),
            other => element.push(other),
        }
    }
    elements.push(value(element, was_quoted));
    elements
}

/// A name without its quotes.
pub(crate) fn unquoted(name: &str) -> String {
    match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::elements;

    #[test]
    fn arrays_are_split() {
        for (array, expected) in [
            ("{}", &[] as &[Option<&str>]),
            ("{1,2}", &[Some("1"), Some("2")]),
            (r#"{"",NULL,"NULL"}"#, &[Some(""), None, Some("NULL")]),
            (r#"{"a,b","c\"d\\e{}"}"#, &[Some("a,b"), Some(r#"c"d\e{}"#)]),
            ("{\"a\nb\",é}", &[Some("a\nb"), Some("é")]),
        ] {
            let found = elements(array);
            let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
            assert_eq!(found, expected, "{array}");
        }
    }
}
