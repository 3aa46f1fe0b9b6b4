//! Generates texts for simple regular expressions. The server decides whether they match.

use std::iter::Peekable;
use std::str::Chars;

/// Deterministic pseudorandom numbers (Knuth's MMIX generator).
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

/// A text for a pattern. Unsupported syntax is copied literally.
pub(super) fn text(pattern: &str, numbers: &mut Numbers) -> String {
    alternatives(&mut pattern.chars().peekable(), numbers)
}

/// One of the alternatives, up to the closing parenthesis or the end.
fn alternatives(rest: &mut Peekable<Chars<'_>>, numbers: &mut Numbers) -> String {
    let mut branches = vec![String::new()];
    while let Some(next) = rest.next() {
        let atom: Vec<String> = match next {
            ')' => break,
            '|' => {
                branches.push(String::new());
                continue;
            }
            '^' | '$' => continue,
            '(' => group(rest, numbers),
            '[' => class(rest, numbers),
            '\\' => escape(rest.next().unwrap_or('\\'), numbers),
            '.' => repeat(numbers, LETTERS),
            literal => vec![literal.to_string(); LONGEST],
        };
        let count = quantity(rest, numbers);
        let branch = branches.last_mut();
        branch.into_iter().for_each(|branch| branch.extend(atom.iter().cycle().take(count).cloned()));
    }
    let chosen = numbers.below(branches.len());
    branches.swap_remove(chosen)
}

/// The maximum number of characters for a quantifier without a limit.
const LONGEST: usize = 8;
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

/// Random characters, as many as the quantifier allows.
fn repeat(numbers: &mut Numbers, from: &str) -> Vec<String> {
    let from: Vec<char> = from.chars().collect();
    (0..64).filter_map(|_| from.get(numbers.below(from.len()))).map(char::to_string).collect()
}

/// The text of a group, several times.
fn group(rest: &mut Peekable<Chars<'_>>, numbers: &mut Numbers) -> Vec<String> {
    let mut ahead = rest.clone();
    if ahead.next() == Some('?') && ahead.next() == Some(':') {
        *rest = ahead;
    }
    let start = rest.clone();
    let texts = (0..LONGEST).map(|_| {
        *rest = start.clone();
        alternatives(rest, numbers)
    });
    texts.collect()
}

/// `[…]`, after the bracket.
fn class(rest: &mut Peekable<Chars<'_>>, numbers: &mut Numbers) -> Vec<String> {
    let is_negated = rest.next_if_eq(&'^').is_some();
    let mut members = String::new();
    while let Some(next) = rest.next() {
        match next {
            ']' if !members.is_empty() => break,
            '[' if rest.peek() == Some(&':') => {
                let name: String = rest.by_ref().take_while(|&c| c != ']').filter(char::is_ascii_alphabetic).collect();
                members.push_str(named(&name));
            }
            '\\' => members.push_str(&escaped(rest.next().unwrap_or('\\'))),
            '-' if !members.is_empty() && rest.peek().is_some_and(|&c| c != ']') => {
                let (first, last) = (members.chars().last().unwrap_or('-'), rest.next().unwrap_or('-'));
                members.extend((first..=last).skip(1).take(256));
            }
            literal => members.push(literal),
        }
    }
    if is_negated {
        members = format!("{LETTERS}{DIGITS}_").chars().filter(|&c| !members.contains(c)).collect();
    }
    repeat(numbers, &members)
}

fn named(name: &str) -> &'static str {
    match name {
        "digit" => DIGITS,
        "upper" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "xdigit" => "0123456789abcdef",
        "space" => " ",
        "punct" => ".-",
        _ => LETTERS,
    }
}

fn escape(letter: char, numbers: &mut Numbers) -> Vec<String> {
    match letter {
        'A' | 'Z' | 'm' | 'M' | 'y' | 'b' => vec![String::new()],
        letter => repeat(numbers, &escaped(letter)),
    }
}

/// The characters that an escape stands for.
fn escaped(letter: char) -> String {
    match letter {
        'd' => DIGITS.to_owned(),
        'w' | 'S' | 'D' => LETTERS.to_owned(),
        's' => " ".to_owned(),
        'W' => "-".to_owned(),
        letter => letter.to_string(),
    }
}

/// How often to repeat the text before a quantifier, which is consumed.
fn quantity(rest: &mut Peekable<Chars<'_>>, numbers: &mut Numbers) -> usize {
    let (least, most) = match rest.peek() {
        Some('*') => (0, LONGEST),
        Some('+') => (1, LONGEST),
        Some('?') => (0, 1),
        Some('{') => {
            let bounds: String = rest.by_ref().skip(1).take_while(|&c| c != '}').collect();
            let (least, most) = bounds.split_once(',').unwrap_or((&bounds, &bounds));
            let least: usize = least.trim().parse().unwrap_or(1);
            let most = most.trim().parse().unwrap_or(least + LONGEST).min(least + LONGEST);
            rest.next_if_eq(&'?');
            return least + numbers.below(most.saturating_sub(least) + 1);
        }
        _ => return 1,
    };
    rest.next();
    rest.next_if_eq(&'?');
    // Long texts are more often distinct.
    if most == LONGEST { most - numbers.below(LONGEST / 2) } else { least + numbers.below(most - least + 1) }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, text};

    #[test]
    fn texts_match_simple_patterns() {
        let one = |pattern: &str| text(pattern, &mut Numbers::new(3));
        let code = one("^[A-Z]{2}$");
        assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()), "{code}");
        let name = one(r"\A(?:ab|cd)-\d{3}\.x?\Z");
        assert!(name.starts_with("ab-") || name.starts_with("cd-"), "{name}");
        assert!(name[3..6].bytes().all(|byte| byte.is_ascii_digit()) && name[6..].starts_with('.'), "{name}");
        let host = one("^[[:digit:]]+([.][^a-y]{4})$");
        assert!(host.contains('.') && host.as_bytes()[0].is_ascii_digit(), "{host}");
    }
}
