//! All files in `objects`, in the order in which they are applied.
//!
//! A file comes after those that create what its statements refer to, or, if it has `Depends On`, after those that the field
//! names. Names are compared as text, so a column with the name of a view also counts as a reference.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::migration_source::Directory;
use crate::object_file::{ObjectFile, ObjectStatement};
use crate::object_order::{References, sort};
use crate::object_statement::{CreatedObject, ObjectName};
use crate::place::Place;
use crate::script_error::{Problem, ScriptError};

/// All files in `objects`, read and checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Objects {
    /// In the order in which they are applied.
    files: Vec<ObjectFile>,
    /// For each file, those that it refers to.
    references: Vec<Vec<usize>>,
}

impl Objects {
    /// Reads the files of a directory and its subdirectories. There are none if it does not exist.
    ///
    /// # Errors
    /// As [`Self::new`]; or files can't be read or are invalid. All errors are reported.
    pub fn read(directory: &Directory) -> Result<Self, Error> {
        let (mut files, mut errors) = (Vec::new(), Vec::new());
        for (name, file) in directory.files_below()? {
            match ObjectFile::read(&name, &file) {
                Ok(file) => files.push(file),
                Err(error) => errors.extend(error.into_all()),
            }
        }
        if errors.is_empty() { Self::new(files) } else { Err(Error::several(errors)) }
    }

    /// Sorts files.
    ///
    /// # Errors
    /// Two files create the same object, `Depends On` names no file, or files depend on each other.
    pub fn new(mut files: Vec<ObjectFile>) -> Result<Self, Error> {
        files.sort_by(|one, other| one.name().cmp(other.name()));
        let errors: Vec<Error> = created_twice(&files).into_iter().chain(unknown_files(&files)).collect();
        if !errors.is_empty() {
            return Err(Error::several(errors));
        }
        let created = all_created(&files);
        let references: Vec<References> = (0..files.len()).map(|file| references(file, &files, &created)).collect();
        let order = sort(&references).map_err(|cycle| Error::ObjectCycle {
            paths: cycle.iter().map(|&file| files[file].path().to_owned()).collect(),
        })?;
        let place = |file: usize| order.iter().position(|&other| other == file);
        let sorted = |own: &References| own.early.union(&own.late).filter_map(|&file| place(file)).collect();
        Ok(Self {
            references: order.iter().map(|&file| sorted(&references[file])).collect(),
            files: order.iter().map(|&file| files[file].clone()).collect(),
        })
    }

    /// The files, in the order in which they are applied.
    pub fn files(&self) -> &[ObjectFile] {
        &self.files
    }

    /// Whether there are no files.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Finds a file by name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|file| file.name() == name)
    }

    /// The files that a file refers to.
    pub fn references(&self, file: usize) -> &[usize] {
        &self.references[file]
    }
}

/// The created names, each with its files and their qualified names.
type Created<'a> = BTreeMap<&'a str, Vec<(usize, &'a ObjectName)>>;

fn all_created(files: &[ObjectFile]) -> Created<'_> {
    let mut created = Created::new();
    for (index, file) in files.iter().enumerate() {
        for name in names_of(file) {
            created.entry(&name.name).or_default().push((index, name));
        }
    }
    created
}

fn references(index: usize, files: &[ObjectFile], created: &Created<'_>) -> References {
    let file = &files[index];
    if let Some((_, names)) = &file.header.depends_on {
        let is_named = |other: &usize| *other != index && names.iter().any(|name| name == files[*other].name());
        return References { early: (0..files.len()).filter(is_named).collect(), ..References::default() };
    }
    let meant = |parts: &Vec<String>| {
        let same = parts.iter().filter_map(|part| created.get(part.as_str())).flatten();
        let meant: Vec<usize> = same.filter(|(_, name)| name.is_meant_by(parts)).map(|(other, _)| *other).collect();
        // Other files may have overloads of the function.
        if meant.contains(&index) { Vec::new() } else { meant }
    };
    References {
        early: file.names.early.iter().flat_map(meant).collect(),
        late: file.names.late.iter().flat_map(meant).collect(),
    }
}

/// The names that other files can refer to.
fn names_of(file: &ObjectFile) -> impl Iterator<Item = &ObjectName> {
    file.statements().iter().filter_map(|statement| match &statement.created {
        Some(CreatedObject::View(name) | CreatedObject::Routine(name)) => Some(name),
        _ => None,
    })
}

fn unknown_files(files: &[ObjectFile]) -> Vec<Error> {
    let mut errors = Vec::new();
    for file in files {
        let Some((line, names)) = &file.header.depends_on else { continue };
        for name in names.iter().filter(|name| !files.iter().any(|other| other.name() == **name)) {
            let problem = Problem::NoSuchObject { name: name.clone() };
            errors.push(Error::script(file.path())(ScriptError::at(Place { line: *line, column: 4 }, problem)));
        }
    }
    errors
}

fn created_twice(files: &[ObjectFile]) -> Vec<Error> {
    let statements: Vec<(&ObjectFile, &ObjectStatement)> =
        files.iter().flat_map(|file| file.statements().iter().map(move |statement| (file, statement))).collect();
    let mut errors = Vec::new();
    for (index, (file, statement)) in statements.iter().enumerate() {
        let Some(object) = statement.created.as_ref().and_then(described) else { continue };
        let is_same = |(_, other): &&(&ObjectFile, &ObjectStatement)| {
            other.created.as_ref().and_then(described).as_ref() == Some(&object)
        };
        if let Some((other, _)) = statements[..index].iter().find(is_same) {
            let excerpt = statement.place.excerpt(statement.text(), 0);
            let problem = Problem::CreatedTwice { object, other: other.path().display().to_string() };
            errors.push(Error::script(file.path())(ScriptError::on(excerpt, problem)));
        }
    }
    errors
}

/// An object that only one statement may create. Routines may be overloaded.
fn described(object: &CreatedObject) -> Option<String> {
    let qualified = |name: &ObjectName| match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.clone(),
    };
    Some(match object {
        CreatedObject::View(name) => format!("the view {}", qualified(name)),
        CreatedObject::Trigger { name, table, .. } => format!("the trigger {name} on {}", qualified(table)),
        CreatedObject::Policy { name, table } => format!("the policy {name} on {}", qualified(table)),
        CreatedObject::Routine(_) => return None,
    })
}
