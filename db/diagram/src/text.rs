//! The texts of a drawing: how wide they are, how they are shortened, and how they are escaped.

/// The width of a character of the font, in tenths of a pixel: no monospaced font of 12 pixels is wider.
const CELL: usize = 73;

/// How many cells a text takes in a monospaced font.
fn cells(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 2,
        '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'..='\u{3ffff}' => 2,
        _ => 1,
    }
}

/// The width of a text in pixels.
pub(crate) fn width(text: &str) -> i32 {
    let cells: usize = text.chars().map(cells).sum();
    i32::try_from((cells * CELL).div_ceil(10)).unwrap_or(i32::MAX / 4)
}

/// The beginning of a text if it takes more than so many cells.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().map(cells).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let kept = text.chars().take_while(|&character| {
        let fits = cells(character) <= left;
        left = left.saturating_sub(cells(character));
        fits
    });
    kept.chain(['…']).collect()
}

/// A text for XML. What XML can't contain, or what would change the direction of the text around it, is replaced.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            other => escaped.push(visible(other)),
        }
    }
    escaped
}

/// The character, or one that stands for it if it is invisible.
pub(crate) fn visible(character: char) -> char {
    match character {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}

/// A type as PostgreSQL also calls it, if that is shorter.
pub(crate) fn short_type(name: &str) -> String {
    let zoned = |rest: &str, name: &str| {
        let (rest, is_zoned) = match (rest.strip_suffix(" with time zone"), rest.strip_suffix(" without time zone")) {
            (Some(rest), _) => (rest, "tz"),
            (None, Some(rest)) => (rest, ""),
            (None, None) => return None,
        };
        Some(format!("{name}{is_zoned}{rest}"))
    };
    let (name, array) = name.split_at(name.find('[').unwrap_or(name.len()));
    let short = if let Some(rest) = name.strip_prefix("character varying") {
        format!("varchar{rest}")
    } else if let Some(rest) = name.strip_prefix("character(") {
        format!("char({rest}")
    } else if let Some(rest) = name.strip_prefix("bit varying") {
        format!("varbit{rest}")
    } else if name == "double precision" {
        "float8".to_owned()
    } else if let Some(short) = name.strip_prefix("timestamp").and_then(|rest| zoned(rest, "timestamp")) {
        short
    } else {
        name.strip_prefix("time").and_then(|rest| zoned(rest, "time")).unwrap_or_else(|| name.to_owned())
    };
    short + array
}

/// A number with its noun.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_shortened() {
        for (name, short) in [
            ("timestamp with time zone", "timestamptz"),
            ("timestamp(3) without time zone[]", "timestamp(3)[]"),
            ("time(0) with time zone", "timetz(0)"),
            ("character varying(20)[]", "varchar(20)[]"),
            ("character(3)", "char(3)"),
            ("\"char\"", "\"char\""),
            ("timetable", "timetable"),
            ("numeric(10,2)", "numeric(10,2)"),
        ] {
            assert_eq!(short_type(name), short);
        }
    }

    #[test]
    fn texts_are_measured_in_cells() {
        assert_eq!((width("name"), width("表"), width("e\u{301}")), (30, 15, 8));
        assert_eq!(shortened("abcdef", 6), "abcdef");
        assert_eq!(shortened("abcdefg", 6), "abcde…");
        assert_eq!(shortened("表表表表", 6), "表表…");
    }

    #[test]
    fn no_text_leaves_its_element() {
        assert_eq!(
            escaped("</text><script>\"&'\u{1b}\u{202e}\n"),
            "&lt;/text&gt;&lt;script&gt;&quot;&amp;'\u{fffd}\u{fffd}\n"
        );
    }
}
