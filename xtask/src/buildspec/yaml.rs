//! YAML as a tree with positions.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

/// A value with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlNode {
    pub(super) value: YamlValue,
    /// A tag that is not one of YAML's own, such as `!Sub`.
    pub(super) tag: Option<String>,
    /// From 1.
    pub(super) line: usize,
    /// In characters, from 1.
    pub(super) column: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum YamlValue {
    Text(String),
    /// `key:` without a value.
    Nothing,
    List(Vec<YamlNode>),
    Map(Vec<(YamlNode, YamlNode)>),
}

impl YamlNode {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            YamlValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key; `None` if this is not a map, or has no such key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    pub(super) fn entries(&self) -> &[(Self, Self)] {
        match &self.value {
            YamlValue::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            YamlValue::List(items) => items,
            _ => &[],
        }
    }
}

/// A problem and its position.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn at(node: &YamlNode, message: impl Into<String>) -> Self {
        Self { line: node.line, column: node.column, message: message.into() }
    }
}

/// Reads a document.
pub(super) fn parse(text: &str) -> Result<YamlNode, Problem> {
    let mut reader = Reader { events: Parser::new_from_str(text), anchors: HashMap::new() };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
            (Event::StreamEnd, _) => {
                return Err(Problem { line: 1, column: 1, message: "the file is empty".to_owned() });
            }
            (event, span) => return reader.node(event, span),
        }
    }
}

struct Reader<Events> {
    events: Events,
    anchors: HashMap<usize, YamlNode>,
}

impl<'text, Events: Iterator<Item = Result<(Event<'text>, Span), ScanError>>> Reader<Events> {
    fn next(&mut self) -> Result<(Event<'text>, Span), Problem> {
        let wrong = |error: ScanError| {
            let (line, column) = (error.marker().line(), error.marker().col() + 1);
            Problem { line, column, message: error.info().to_owned() }
        };
        match self.events.next() {
            Some(event) => event.map_err(wrong),
            None => Err(Problem { line: 1, column: 1, message: "unexpected end of file".to_owned() }),
        }
    }

    fn node(&mut self, event: Event<'text>, span: Span) -> Result<YamlNode, Problem> {
        let (line, column) = (span.start.line(), span.start.col() + 1);
        let problem = |message: String| Problem { line, column, message };
        let tag = match &event {
            Event::Scalar(.., tag) | Event::SequenceStart(_, tag) | Event::MappingStart(_, tag) => {
                tag.as_ref().filter(|tag| !tag.is_yaml_core_schema()).map(ToString::to_string)
            }
            _ => None,
        };
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_nothing = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                (if is_nothing { YamlValue::Nothing } else { YamlValue::Text(text.into_owned()) }, anchor)
            }
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break (YamlValue::List(items), anchor),
                        (event, span) => items.push(self.node(event, span)?),
                    }
                }
            }
            Event::MappingStart(anchor, _) => {
                let mut entries: Vec<(YamlNode, YamlNode)> = Vec::new();
                loop {
                    let key = match self.next()? {
                        (Event::MappingEnd, _) => break (YamlValue::Map(entries), anchor),
                        (event, span) => self.node(event, span)?,
                    };
                    if entries.iter().any(|(other, _)| other.value == key.value) {
                        let name = key.text().unwrap_or_default();
                        return Err(Problem::at(&key, format!("duplicate key `{name}`")));
                    }
                    let (event, span) = self.next()?;
                    let value = self.node(event, span)?;
                    entries.push((key, value));
                }
            }
            Event::Alias(anchor) => {
                return self.anchors.get(&anchor).cloned().ok_or_else(|| problem("unknown alias".to_owned()));
            }
            other => return Err(problem(format!("unexpected: {other:?}"))),
        };
        let node = YamlNode { value, tag, line, column };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }
}
