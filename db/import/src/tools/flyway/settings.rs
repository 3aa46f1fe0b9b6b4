//! Flyway's settings: `flyway.toml`, `flyway.conf`, and the file next to a migration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::problem::Problem;
use crate::source_file;

/// The settings files of a project.
const FILES: [&str; 4] = ["flyway.toml", "flyway.conf", "conf/flyway.toml", "conf/flyway.conf"];

/// The folders of a project that belong to the class path.
const CLASS_PATHS: [&str; 2] = ["src/main/resources", "src/test/resources"];

/// The settings that affect the conversion.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) locations: Vec<PathBuf>,
    pub(super) versioned: String,
    pub(super) undo: String,
    pub(super) repeatable: String,
    pub(super) baseline: String,
    pub(super) separator: String,
    pub(super) suffixes: Vec<String>,
    /// By names in lowercase.
    pub(super) placeholders: BTreeMap<String, String>,
    pub(super) placeholder_prefix: String,
    pub(super) placeholder_suffix: String,
    pub(super) table: String,
    /// The schema in which the migrations run, if it is not `public`.
    pub(super) schema: Option<String>,
    script: Script,
}

/// The settings that a file can override.
#[derive(Debug, Clone, Copy)]
pub(super) struct Script {
    pub(super) in_transaction: bool,
    pub(super) replaces_placeholders: bool,
}

type Values = BTreeMap<String, String>;

impl Settings {
    /// The settings of a project: a directory, or its file of settings. Without settings, the directory contains the
    /// migrations.
    pub(super) fn find(source: &Path) -> Result<Self, Problem> {
        let named = source.is_file().then(|| source.to_owned());
        let file = named.or_else(|| FILES.iter().map(|name| source.join(name)).find(|path| path.is_file()));
        let Some(file) = file else { return Ok(Self::of(Values::new(), source)) };
        let root = match source.is_file() {
            true => source.parent().unwrap_or(Path::new(".")),
            false => source,
        };
        Ok(Self::of(values(&file)?, root))
    }

    fn of(mut values: Values, root: &Path) -> Self {
        let placeholders = values
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix("placeholders.")?.to_lowercase(), value.clone())))
            .collect();
        let script = Script { in_transaction: true, replaces_placeholders: true }.overridden(&values);
        let mut take = |key: &str, default: &str| values.remove(key).unwrap_or(default.to_owned());
        let schemas = take("schemas", "");
        let schema = take("defaultSchema", schemas.split(',').next().unwrap_or_default().trim());
        let suffixes = take("sqlMigrationSuffixes", ".sql");
        let locations = take("locations", "");
        Self {
            locations: locations.split(',').filter_map(|location| directory(location.trim(), root)).collect(),
            versioned: take("sqlMigrationPrefix", "V"),
            undo: take("undoSqlMigrationPrefix", "U"),
            repeatable: take("repeatableSqlMigrationPrefix", "R"),
            baseline: take("baselineMigrationPrefix", "B"),
            separator: take("sqlMigrationSeparator", "__"),
            suffixes: suffixes.split(',').map(|suffix| suffix.trim().to_owned()).collect(),
            placeholders,
            placeholder_prefix: take("placeholderPrefix", "${"),
            placeholder_suffix: take("placeholderSuffix", "}"),
            table: take("table", "flyway_schema_history"),
            schema: Some(schema).filter(|schema| !schema.is_empty() && schema != "public"),
            script,
        }
        .with_default_location(root)
    }

    fn with_default_location(mut self, root: &Path) -> Self {
        if self.locations.is_empty() {
            self.locations.push(root.to_owned());
        }
        self
    }
}

impl Script {
    fn overridden(self, values: &Values) -> Self {
        let is = |key: &str, default| values.get(key).map_or(default, |value| value == "true");
        Self {
            in_transaction: is("executeInTransaction", self.in_transaction),
            replaces_placeholders: is("placeholderReplacement", self.replaces_placeholders),
        }
    }
}

/// The settings of a migration, with those in the file next to it.
pub(super) fn script_settings(migration: &Path, settings: &Settings) -> Result<Script, Problem> {
    let mut name = migration.as_os_str().to_owned();
    name.push(".conf");
    let path = PathBuf::from(name);
    if !path.is_file() {
        return Ok(settings.script);
    }
    let values = values(&path)?;
    if let Some(condition) = values.get("shouldExecute").filter(|condition| *condition != "true") {
        let what =
            format!("has `shouldExecute={condition}`, which only Flyway can decide: remove it, or the migration");
        return Err(Problem::Unsupported { path, line: None, what });
    }
    Ok(settings.script.overridden(&values))
}

/// The directory of a location, or `None` for a location in a cloud, or on a class path outside of the project.
fn directory(location: &str, root: &Path) -> Option<PathBuf> {
    let relative = location.strip_prefix("filesystem:").map(|path| root.join(path));
    match (relative, location.strip_prefix("classpath:")) {
        (Some(path), _) => Some(path),
        (None, Some(path)) => CLASS_PATHS.iter().map(|base| root.join(base).join(path)).find(|path| path.is_dir()),
        (None, None) if location.is_empty() || location.contains(':') => None,
        (None, None) => Some(root.join(location)),
    }
}

/// The settings of a file, without `flyway.` before their names.
fn values(path: &Path) -> Result<Values, Problem> {
    let text = source_file::read(path)?;
    if path.extension().is_some_and(|extension| extension == "toml") {
        return toml_values(&text).map_err(|error| {
            let what = format!("is not valid TOML: {}", error.message());
            Problem::Unsupported { path: path.to_owned(), line: None, what }
        });
    }
    let text = text.replace("\\\r\n", "").replace("\\\n", "");
    let pair = |line: &str| {
        let line = line.trim();
        let (key, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
        let key = key.trim();
        Some((key.strip_prefix("flyway.").unwrap_or(key).to_owned(), value.trim().to_owned()))
    };
    Ok(text.lines().filter_map(pair).collect())
}

fn toml_values(text: &str) -> Result<Values, toml::de::Error> {
    let table: toml::Table = toml::from_str(text)?;
    let mut values = Values::new();
    if let Some(toml::Value::Table(flyway)) = table.get("flyway") {
        flatten("", flyway, &mut values);
    }
    Ok(values)
}

fn flatten(prefix: &str, table: &toml::Table, values: &mut Values) {
    for (key, value) in table {
        let name = format!("{prefix}{key}");
        match value {
            toml::Value::Table(table) => flatten(&format!("{name}."), table, values),
            toml::Value::Array(items) => {
                let items: Vec<String> = items.iter().map(plain).collect();
                values.insert(name, items.join(","));
            }
            value => {
                values.insert(name, plain(value));
            }
        }
    }
}

fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Boolean(is) => is.to_string(),
        toml::Value::Integer(number) => number.to_string(),
        // The relevant settings have no other types.
        _ => String::new(),
    }
}
