//! Section markers: the lines `-- migrate:upgrade` and `-- migrate:downgrade`.

use crate::operation::Direction;

/// Parses a section marker. Returns `None` for any other line, and the text as an `Err` for an unknown marker.
pub(crate) fn section_marker(line: &[u8]) -> Option<Result<Direction, String>> {
    let comment = line.strip_prefix(b"--")?.trim_ascii();
    let prefix = comment.get(..8).filter(|prefix| prefix.eq_ignore_ascii_case(b"migrate:"))?;
    Some(match &comment[prefix.len()..] {
        b"upgrade" if prefix == b"migrate:" => Ok(Direction::Upgrade),
        b"downgrade" if prefix == b"migrate:" => Ok(Direction::Downgrade),
        _ => Err(String::from_utf8_lossy(line).trim().to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::section_marker;
    use crate::operation::Direction;

    #[test]
    fn parses_both_markers_and_rejects_similar_lines() {
        assert_eq!(section_marker(b"-- migrate:upgrade"), Some(Ok(Direction::Upgrade)));
        assert_eq!(section_marker(b"--migrate:downgrade \r"), Some(Ok(Direction::Downgrade)));
        assert_eq!(section_marker(b"-- migrate:up"), Some(Err("-- migrate:up".to_owned())));
        assert_eq!(section_marker(b"-- Migrate:upgrade"), Some(Err("-- Migrate:upgrade".to_owned())));
        assert_eq!(section_marker(b"-- migrates"), None);
        assert_eq!(section_marker(b"select 1"), None);
    }
}
