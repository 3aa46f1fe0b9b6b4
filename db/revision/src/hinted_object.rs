//! The objects that a statement creates and that can be renamed: itself, and the columns, constraints and labels in it, each with
//! the tokens that it consists of.

use std::ops::Range;

use squawk_lexer::{LiteralKind, TokenKind};

use crate::token_list::SignificantToken;

/// An object of the desired schema that can be renamed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HintedObject {
    /// What it is: `table`, `column`, `label`, …
    pub kind: &'static str,
    /// Its name with that of the schema, and of the table or type that it is a part of.
    pub parts: Vec<String>,
}

/// An object and its tokens in its statement.
pub(crate) struct Beside {
    /// None for a constraint without a name.
    pub(crate) object: Option<HintedObject>,
    pub(crate) tokens: Range<usize>,
    /// Whether only a hint before it can mean it: a constraint within the definition of a column.
    pub(crate) is_inner: bool,
}

/// The objects that a statement creates.
pub(crate) fn objects(tokens: &[SignificantToken<'_>]) -> Vec<Beside> {
    let mut reader = Reader { tokens, at: 0, found: Vec::new() };
    if reader.take("create") {
        reader.create();
    } else if reader.take("alter") {
        reader.alter();
    }
    reader.found
}

struct Reader<'t, 'a> {
    tokens: &'t [SignificantToken<'a>],
    at: usize,
    found: Vec<Beside>,
}

impl Reader<'_, '_> {
    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(word))
    }

    fn take(&mut self, word: &str) -> bool {
        let is = self.is(self.at, word);
        self.at += usize::from(is);
        is
    }

    fn take_any(&mut self, words: &[&str]) {
        while words.iter().any(|word| self.take(word)) {}
    }

    /// A dotted name at a position, and the position after it.
    fn dotted(&self, mut at: usize) -> Option<(Vec<String>, usize)> {
        let mut parts = vec![self.tokens.get(at)?.identifier()?];
        at += 1;
        while self.is(at, ".") {
            parts.push(self.tokens.get(at + 1)?.identifier()?);
            at += 2;
        }
        Some((parts, at))
    }

    /// A name with its schema, which is `public` unless the statement says otherwise.
    fn name(&mut self) -> Option<Vec<String>> {
        self.take_any(&["if", "not", "exists", "only", "concurrently"]);
        let (parts, at) = self.dotted(self.at)?;
        self.at = at;
        qualified(parts)
    }

    fn add(&mut self, kind: &'static str, parts: Vec<String>, tokens: Range<usize>) {
        self.found.push(Beside { object: Some(HintedObject { kind, parts }), tokens, is_inner: false });
    }

    fn add_whole(&mut self, kind: &'static str, parts: Vec<String>) {
        self.add(kind, parts, 0..self.tokens.len());
    }

    fn create(&mut self) {
        self.take_any(&["or", "replace", "global", "local", "temp", "temporary", "unlogged", "recursive", "unique"]);
        let is_special = ["foreign", "materialized", "constraint"].iter().any(|word| self.take(word));
        let kinds: [(&str, &'static str); 13] = [
            ("table", if is_special { "foreign table" } else { "table" }),
            ("view", if is_special { "materialized view" } else { "view" }),
            ("sequence", "sequence"),
            ("index", "index"),
            ("type", "type"),
            ("domain", "domain"),
            ("function", "routine"),
            ("procedure", "routine"),
            ("aggregate", "routine"),
            ("statistics", "statistics"),
            ("trigger", "trigger"),
            ("policy", "policy"),
            ("rule", "rule"),
        ];
        if self.take("schema") {
            return self.create_schema();
        }
        let Some((_, kind)) = kinds.into_iter().find(|(word, _)| self.take(word)) else { return };
        match kind {
            "trigger" | "policy" => self.create_on(kind, "on"),
            "rule" => self.create_on(kind, "to"),
            "index" => self.create_index(),
            _ => {
                let Some(name) = self.name() else { return };
                self.add_whole(kind, name.clone());
                match kind {
                    "table" | "foreign table" => self.items(&name),
                    "type" if self.take("as") => match self.take("enum") {
                        true => self.labels(&name),
                        false => self.items(&name),
                    },
                    "domain" => self.inner_constraints(&name, self.at..self.tokens.len()),
                    _ => {}
                }
            }
        }
    }

    fn create_schema(&mut self) {
        self.take_any(&["if", "not", "exists"]);
        if let Some((parts, _)) = self.dotted(self.at).filter(|_| !self.is(self.at, "authorization")) {
            self.add_whole("schema", parts);
        }
    }

    /// What belongs to a table that is named after a keyword.
    fn create_on(&mut self, kind: &'static str, keyword: &str) {
        let Some(name) = self.tokens.get(self.at).and_then(SignificantToken::identifier) else { return };
        let on = (self.at + 1..self.tokens.len()).find(|&at| self.is(at, keyword));
        let table = on.and_then(|on| self.dotted(on + 1)).and_then(|(parts, _)| qualified(parts));
        if let Some(table) = table {
            self.add_whole(kind, part_of(&table, name));
        }
    }

    /// An index is in the schema of its table.
    fn create_index(&mut self) {
        self.take_any(&["concurrently", "if", "not", "exists"]);
        let Some(name) =
            self.tokens.get(self.at).filter(|_| !self.is(self.at, "on")).and_then(|token| token.identifier())
        else {
            return;
        };
        self.at += 1;
        if self.take("on") {
            self.take_any(&["only"]);
            if let Some(table) = self.dotted(self.at).and_then(|(parts, _)| qualified(parts)) {
                self.add_whole("index", vec![table[0].clone(), name]);
            }
        }
    }

    /// The parts of the list in parentheses that begins here.
    fn list(&self) -> Vec<Range<usize>> {
        let mut items = Vec::new();
        if !self.is(self.at, "(") {
            return items;
        }
        let (mut depth, mut start) = (0_usize, self.at + 1);
        for at in self.at..self.tokens.len() {
            match self.tokens[at].text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 || depth == 1 && self.is(at, ",") {
                items.push(start..at);
                start = at + 1;
            }
            if depth == 0 {
                break;
            }
        }
        items
    }

    /// The columns and constraints of a table, or the attributes of a type.
    fn items(&mut self, owner: &[String]) {
        for item in self.list() {
            self.item(owner, item);
        }
    }

    fn item(&mut self, owner: &[String], item: Range<usize>) {
        const UNNAMED: [&str; 6] = ["primary", "unique", "check", "foreign", "exclude", "like"];
        let is_constraint = self.is(item.start, "constraint");
        let at = item.start + usize::from(is_constraint);
        let name = self.tokens.get(at).filter(|_| at < item.end).and_then(SignificantToken::identifier);
        let Some(name) = name.filter(|_| !UNNAMED.iter().any(|word| self.is(at, word))) else {
            return self.found.push(Beside { object: None, tokens: item, is_inner: false });
        };
        let kind = if is_constraint { "constraint" } else { "column" };
        self.add(kind, part_of(owner, name), item.clone());
        if !is_constraint {
            self.inner_constraints(owner, item);
        }
    }

    /// The constraints with a name that a column or a domain is defined with.
    fn inner_constraints(&mut self, owner: &[String], tokens: Range<usize>) {
        for at in tokens.clone().skip(1).filter(|&at| self.is(at, "constraint")).collect::<Vec<_>>() {
            if let Some(name) = self.tokens.get(at + 1).and_then(SignificantToken::identifier) {
                let object = Some(HintedObject { kind: "constraint", parts: part_of(owner, name) });
                self.found.push(Beside { object, tokens: at..tokens.end, is_inner: true });
            }
        }
    }

    fn labels(&mut self, owner: &[String]) {
        for item in self.list() {
            if let Some(label) = self.tokens.get(item.start).and_then(SignificantToken::string) {
                self.add("label", part_of(owner, label), item);
            }
        }
    }

    fn alter(&mut self) {
        self.take_any(&["foreign"]);
        let kind = ["table", "type", "domain"].into_iter().find(|word| self.take(word));
        let (Some(kind), Some(owner)) = (kind, self.name()) else { return };
        for action in self.actions() {
            self.action(kind, &owner, action);
        }
        // A hint before the statement can only mean its one object.
        if let [Beside { tokens, .. }] = self.found.as_mut_slice() {
            *tokens = 0..self.tokens.len();
        }
    }

    /// The actions of ALTER, which commas separate.
    fn actions(&self) -> Vec<Range<usize>> {
        let (mut actions, mut depth, mut start) = (Vec::new(), 0_usize, self.at);
        for at in self.at..self.tokens.len() {
            match self.tokens[at].text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                "," | ";" if depth == 0 => {
                    actions.push(start..at);
                    start = at + 1;
                }
                _ => {}
            }
        }
        actions.push(start..self.tokens.len());
        actions
    }

    fn action(&mut self, kind: &str, owner: &[String], action: Range<usize>) {
        if !self.is(action.start, "add") {
            return;
        }
        self.at = action.start + 1;
        if kind == "type" && self.take("value") {
            self.take_any(&["if", "not", "exists"]);
            if let Some(label) = self.tokens.get(self.at).and_then(SignificantToken::string) {
                self.add("label", part_of(owner, label), action);
            }
            return;
        }
        self.take_any(&["column", "attribute", "if", "not", "exists"]);
        let before = self.found.len();
        self.item(owner, self.at..action.end);
        if let Some(found) = self.found.get_mut(before) {
            found.tokens = action;
        }
    }
}

/// A name of one or two parts with its schema.
fn qualified(parts: Vec<String>) -> Option<Vec<String>> {
    match parts.as_slice() {
        [name] => Some(vec!["public".to_owned(), name.clone()]),
        [_, _] => Some(parts),
        _ => None,
    }
}

fn part_of(owner: &[String], name: String) -> Vec<String> {
    [owner, &[name]].concat()
}

impl SignificantToken<'_> {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    /// An identifier, as PostgreSQL stores it.
    fn identifier(&self) -> Option<String> {
        match self.kind {
            TokenKind::Ident => Some(self.text.to_lowercase()),
            TokenKind::QuotedIdent { .. } => {
                Some(self.text.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\""))
            }
            _ => None,
        }
    }

    /// The contents of a string.
    fn string(&self) -> Option<String> {
        let TokenKind::Literal { kind: LiteralKind::Str { .. } } = self.kind else { return None };
        Some(self.text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
    }
}
