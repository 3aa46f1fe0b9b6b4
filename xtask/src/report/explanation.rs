//! The explanation of an error: message, place, notes and exit code.

use std::path::{Path, PathBuf};

use cluster::ClusterError;
use migrate::RunError;
use revision::{Excerpt, Place};
use serde_json::{Map, Value, json};

use super::exit_code;
use super::failure::Failure;
use crate::hint;

/// The parts of an error message.
pub(super) struct Explanation {
    pub(super) message: String,
    pub(super) source: Option<Excerpt>,
    /// The file, and the position in it.
    place: Option<(PathBuf, Option<Place>)>,
    sqlstate: Option<String>,
    /// All errors, if there are several.
    all: Vec<Value>,
    pub(super) notes: Vec<(&'static str, String)>,
    pub(super) code: u8,
}

impl Explanation {
    pub(super) fn of(error: &anyhow::Error) -> Self {
        let mut explanation = Self {
            message: format!("{error:#}"),
            source: None,
            place: None,
            sqlstate: None,
            all: Vec::new(),
            notes: Vec::new(),
            code: 1,
        };
        for cause in error.chain() {
            if let Some(error) = cause.downcast_ref::<migrate::Error>() {
                explanation.add_migrate(error);
            } else if let Some(error) = cause.downcast_ref::<revision::Error>() {
                explanation.add_revision(error);
            } else if let Some(error) = cause.downcast_ref::<ClusterError>() {
                explanation.note("next", error.hint());
            } else if let Some(failure) = cause.downcast_ref::<Failure>() {
                explanation.note("state", failure.state.clone());
                explanation.note("next", failure.hint.clone());
                explanation.code = failure.code;
            }
            explanation.note("next", hint::of(cause));
        }
        explanation
    }

    /// The same as an object: `code` is the exit code, `hint` what to do next. Fields that do not apply are omitted.
    pub(super) fn json(&self) -> Value {
        let note = |wanted: &str| {
            let texts = self.notes.iter().filter(|(name, _)| *name == wanted).map(|(_, text)| text.as_str());
            Some(texts.collect::<Vec<_>>().join("\n")).filter(|text| !text.is_empty()).map(Value::String)
        };
        let fields = [
            ("event", Some(json!("error"))),
            ("code", Some(json!(self.code))),
            ("message", Some(json!(self.message))),
            ("place", self.place.as_ref().map(|(path, place)| place_json(path, *place))),
            ("sqlstate", self.sqlstate.clone().map(Value::String)),
            ("detail", note("detail")),
            ("server_hint", note("hint")),
            ("context", note("context")),
            ("state", note("state")),
            ("hint", note("next")),
            ("errors", (!self.all.is_empty()).then(|| json!(self.all))),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect::<Map<_, _>>().into()
    }

    fn note(&mut self, name: &'static str, text: Option<String>) {
        self.notes.extend(text.map(|text| (name, text)));
    }

    fn add_migrate(&mut self, error: &migrate::Error) {
        self.code = exit_code::of(error);
        match error {
            migrate::Error::Revision(error) => self.add_revision(error),
            migrate::Error::Run(error) => {
                if let RunError::Statement(error) = &**error {
                    self.source = error.excerpt.clone();
                    self.place = Some((error.path.clone(), error.excerpt.as_ref().map(|excerpt| excerpt.place)));
                    self.sqlstate = Some(error.code.clone());
                    self.note("detail", error.detail.clone());
                    self.note("hint", error.hint.clone());
                    self.note("context", error.context.clone());
                }
                self.note("state", error.outcome().map(ToString::to_string));
            }
            _ => {}
        }
    }

    fn add_revision(&mut self, error: &revision::Error) {
        self.note("more", hint::more(error));
        self.place = error.path().map(|path| (path.to_owned(), error.place()));
        let one = |message: String, path: Option<&Path>, place| json!({"message": message, "place": path.map(|path| place_json(path, place))});
        self.all = match error {
            revision::Error::Several(errors) => {
                errors.iter().map(|error| one(error.to_string(), error.path(), error.place())).collect()
            }
            revision::Error::Graph(error) if error.all().len() > 1 => {
                error.all().iter().map(|error| one(error.to_string(), error.path(), None)).collect()
            }
            _ => Vec::new(),
        };
        if let revision::Error::Script(error) = error.first() {
            self.source = error.source_line.clone().map(|line| Excerpt { place: error.place, line });
        }
    }
}

fn place_json(path: &Path, place: Option<Place>) -> Value {
    match place {
        Some(Place { line, column }) => json!({"path": path.display().to_string(), "line": line, "column": column}),
        None => json!({"path": path.display().to_string()}),
    }
}
