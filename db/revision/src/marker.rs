//! Section markers: the lines `-- migrate:upgrade` and `-- migrate:downgrade`.

use crate::operation::Direction;

/// Whether a line is a section marker: `None` for any other line, `Err` with its text for a marker with an unknown name.
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
    fn knows_its_two_markers_and_what_only_looks_like_one() {
        assert_eq!(section_marker(b"-- migrate:upgrade"), Some(Ok(Direction::Upgrade)));
        assert_eq!(section_marker(b"--migrate:downgrade \r"), Some(Ok(Direction::Downgrade)));
        assert_eq!(section_marker(b"-- migrate:up"), Some(Err("-- migrate:up".to_owned())));
        assert_eq!(section_marker(b"-- Migrate:upgrade"), Some(Err("-- Migrate:upgrade".to_owned())));
        assert_eq!(section_marker(b"-- migrates"), None);
        assert_eq!(section_marker(b"select 1"), None);
    }
}
