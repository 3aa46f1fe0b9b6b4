//! A grammar in a file, and random texts that it produces.

use std::collections::HashMap;

/// A deterministic generator of random numbers (Knuth's MMIX).
pub(super) struct Random(u64);

impl Random {
    /// Neighboring seeds give unrelated numbers.
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        random.below(1);
        random
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// A part of an alternative: text, or what a rule expands to.
enum Piece {
    Text(String),
    /// With the same number, an expansion is the same wherever it occurs in a text.
    Rule {
        name: String,
        number: Option<char>,
    },
}

/// Rules by name; the file describes its format.
pub(super) struct Grammar {
    rules: HashMap<String, Vec<(usize, Vec<Piece>)>>,
}

impl Grammar {
    /// The rules of a text, each as it is defined last.
    pub(super) fn parse(text: &str) -> Self {
        let mut rules: HashMap<String, Vec<(usize, Vec<Piece>)>> = HashMap::new();
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let alternatives = match line.strip_prefix("    ") {
                Some(alternatives) => alternatives,
                None => {
                    let (name, alternatives) = line.split_once(':').expect("a rule has a colon");
                    name.clone_into(&mut current);
                    rules.remove(name);
                    alternatives.strip_prefix(' ').unwrap_or_default()
                }
            };
            if !alternatives.is_empty() {
                let mut alternatives: Vec<&str> = alternatives.split(" | ").collect();
                // The last one may be empty.
                if let Some(last) = alternatives.pop() {
                    let without = last.strip_suffix(" |");
                    alternatives.push(without.unwrap_or(last));
                    alternatives.extend(without.map(|_| ""));
                }
                let alternatives = alternatives.into_iter().map(alternative);
                rules.entry(current.clone()).or_default().extend(alternatives);
            }
        }
        let grammar = Self { rules };
        for piece in grammar.rules.values().flatten().flat_map(|(_, pieces)| pieces) {
            if let Piece::Rule { name, .. } = piece {
                assert!(grammar.rules.contains_key(name), "no rule `{name}`");
            }
        }
        grammar
    }

    /// A random expansion of a rule, and the name of the rule that its first alternative begins with.
    pub(super) fn expand(&self, rule: &str, random: &mut Random) -> (String, String) {
        let mut kind = String::new();
        let mut known = HashMap::new();
        let text = self.expand_rule(rule, random, &mut known, &mut kind);
        (kind, text)
    }

    fn expand_rule(
        &self,
        rule: &str,
        random: &mut Random,
        known: &mut HashMap<(String, char), String>,
        kind: &mut String,
    ) -> String {
        let alternatives = &self.rules[rule];
        let mut place = random.below(alternatives.iter().map(|(weight, _)| weight).sum());
        let chosen = alternatives.iter().find(|(weight, _)| {
            let is_here = place < *weight;
            place = place.saturating_sub(*weight);
            is_here
        });
        let (_, pieces) = chosen.expect("the place is below the sum");
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Rule { name, number } => {
                    if kind.is_empty() || kind == "create" {
                        name.clone_into(kind);
                    }
                    let bound = number.map(|number| (name.clone(), number));
                    if let Some(earlier) = bound.as_ref().and_then(|bound| known.get(bound)) {
                        text.push_str(earlier);
                        continue;
                    }
                    let expansion = self.expand_rule(name, random, known, kind);
                    text.push_str(&expansion);
                    if let Some(bound) = bound {
                        known.insert(bound, expansion);
                    }
                }
            }
        }
        text
    }
}

fn alternative(text: &str) -> (usize, Vec<Piece>) {
    let weighted = text.split_once("* ").and_then(|(weight, rest)| Some((weight.parse().ok()?, rest)));
    let (weight, mut rest) = weighted.unwrap_or((1, text));
    let mut pieces = Vec::new();
    let mut literal = String::new();
    while let Some(at) = rest.find('<') {
        literal.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[1..].split_once('>').map(|(name, _)| name);
        match name.filter(|name| name.chars().all(|char| char.is_ascii_alphanumeric() || "_@".contains(char))) {
            Some(reference) if !reference.is_empty() => {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
                let (name, number) = reference.split_once('@').unwrap_or((reference, ""));
                pieces.push(Piece::Rule { name: name.to_owned(), number: number.chars().next() });
                rest = &rest[reference.len() + 2..];
            }
            _ => {
                literal.push('<');
                rest = &rest[1..];
            }
        }
    }
    pieces.push(Piece::Text(literal + rest));
    (weight, pieces)
}
