//! White space and numbers as libpq reads them.

/// What C's `isspace` accepts, which differs from Rust's idea of white space.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

/// A number in decimal digits, with white space around it.
pub(crate) fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.trim_matches(is_space).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn only_white_space_of_c_may_surround_a_number() {
        assert_eq!(number(" \t+5\x0b\n"), Some(5_i32));
        for wrong in ["5\u{85}", "\u{a0}5", "5 5", "5x", " ", ""] {
            assert_eq!(number::<i32>(wrong), None, "{wrong:?}");
        }
    }
}
