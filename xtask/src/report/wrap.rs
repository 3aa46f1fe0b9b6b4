//! Fits text to the terminal: wraps help, and truncates lines. clap could wrap its help, but needs three more crates,
//! which every release would compile.

use revision::columns;

/// Wraps lines at spaces. Continuation lines are aligned with the text of the line, or with the description of an
/// option.
pub(super) fn wrap(text: &str, width: usize) -> String {
    let lines: Vec<String> = text.lines().map(|line| wrap_line(line, width)).collect();
    lines.join("\n") + if text.ends_with('\n') { "\n" } else { "" }
}

fn wrap_line(line: &str, width: usize) -> String {
    if columns_of(line) <= width {
        return line.to_owned();
    }
    let (head, rest) = line.split_at(description(line));
    let mut indent = columns_of(head);
    let mut out = String::new();
    // Next to a long option, a narrow terminal has no room for the description, which begins on the next line.
    if indent > width / 2 {
        out.push_str(head.trim_end());
        out.push('\n');
        indent = 10.min(width / 4);
        out.push_str(&" ".repeat(indent));
    } else {
        out.push_str(head);
    }
    let (mut at, mut is_first) = (indent, true);
    for word in rest.split(' ').filter(|word| !word.is_empty()) {
        let length = columns_of(word);
        if !is_first && at + 1 + length > width {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            at = indent;
        } else if !is_first {
            out.push(' ');
            at += 1;
        }
        out.push_str(word);
        at += length;
        is_first = false;
    }
    out
}

/// Where the text of a line begins, in bytes: after the first gap of two spaces, or after the indent.
fn description(line: &str) -> usize {
    let indent = line.len() - line.trim_start().len();
    match line[indent..].find("  ") {
        Some(gap) if indent > 0 => {
            let gap = indent + gap;
            gap + line[gap..].len() - line[gap..].trim_start().len()
        }
        _ => indent,
    }
}

/// Truncates a line to fit, with `…` for the rest.
pub(super) fn cut(line: &str, width: usize) -> String {
    if columns_of(line) <= width {
        return line.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fits = |c: &char| left.checked_sub(columns(*c)).map(|rest| left = rest).is_some();
    line.chars().take_while(fits).collect::<String>() + "…"
}

/// The width of a line in columns.
pub(super) fn columns_of(line: &str) -> usize {
    line.chars().map(columns).sum()
}

#[cfg(test)]
mod tests {
    use super::{columns_of, wrap};

    #[test]
    fn descriptions_continue_below_themselves() {
        let help = "Usage: x\n\n  -a, --all  Show all of it, whatever it is\n";
        assert_eq!(wrap(help, 80), help);
        assert_eq!(wrap(help, 30), "Usage: x\n\n  -a, --all  Show all of it,\n             whatever it is\n");
        let long = "      --a-long-option <NAME>  What it does, in a few words";
        assert_eq!(wrap(long, 40), "      --a-long-option <NAME>\n          What it does, in a few words");
    }

    #[test]
    fn nothing_but_a_long_word_is_wider() {
        let help = "  --option <VALUE>  A description of the option with a-very-long-word-in-it and more\nText\n";
        for width in 20..100 {
            let wrapped = wrap(help, width);
            let is_word = |line: &str| !line.trim().contains(' ');
            assert!(wrapped.lines().all(|line| columns_of(line) <= width || is_word(line)), "{width}: {wrapped}");
            assert_eq!(wrapped.split_whitespace().collect::<Vec<_>>(), help.split_whitespace().collect::<Vec<_>>());
        }
    }
}
