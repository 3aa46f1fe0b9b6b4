//! No password is ever shown, regardless of typos in the text that contains it.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use connection::{Secret, Settings, SettingsError};
use serde_json::Value;

/// A password is `HEAD`, optionally a character with a meaning in connection strings, and `TAIL`.
const HEAD: &str = "Qx7v";
const TAIL: &str = "Kz9w";
const SPECIAL: [&str; 16] = ["", "@", ":", "/", "?", "#", "%", "&", "=", "+", " ", "'", "\"", "\\", ",", "["];

fn passwords() -> impl Iterator<Item = String> {
    SPECIAL.iter().map(|special| format!("{HEAD}{special}{TAIL}"))
}

/// The texts of the vectors with a password, and whether libpq reads one as such.
fn texts() -> Vec<(String, bool)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/libpq/vectors.jsonl");
    let lines = fs::read_to_string(path).expect("the vectors");
    let text = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let password = line["values"]["password"].as_str().unwrap_or_default();
        let text = line["text"].as_str().filter(|text| text.contains("secret"))?;
        let is_read = password.contains("secret") && text.matches("secret").count() == 1;
        Some((text.to_owned(), is_read))
    };
    lines.lines().filter_map(text).collect()
}

/// The text with each possible typo: a missing character, a wrong or an extra separator, a different scheme or none.
fn misspelled(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    for (index, c) in text.char_indices() {
        let (before, after) = (&text[..index], &text[index + c.len_utf8()..]);
        all.push(format!("{before}{after}"));
        if c.is_alphanumeric() {
            continue;
        }
        for other in ['@', ':', '/', '?', '#', '&', '=', ' ', '\'', '"', '\\', '%', ',', '\n'] {
            all.push(format!("{before}{other}{after}"));
        }
        for other in [' ', '\'', '"', '@', '/', '\\'] {
            all.push(format!("{before}{other}{c}{after}"));
        }
    }
    if let Some((_, rest)) = text.split_once("://") {
        for scheme in
            ["", "//", ":", "postgres:", "postgres:/", "postgres//", "mysql://", "POSTGRES://", "jdbc:postgresql://"]
        {
            all.push(format!("{scheme}{rest}"));
        }
    }
    all
}

/// Everything that can be printed of settings or of an error.
fn printed(outcome: &Result<Settings, SettingsError>) -> String {
    match outcome {
        Ok(settings) => format!("{settings:?} {}", settings.describe()),
        Err(error) => format!("{error} {error:?} {:?}", error.hint()),
    }
}

/// The printed text without the names that contain the password although the URL is valid:
/// - If the `:` before the password is missing, the user has a longer name, up to a `:` in the password.
/// - If the password has an `@` that is not percent-encoded and the `@` after it is missing, the host has a longer
///   name.
fn without_names(outcome: &Result<Settings, SettingsError>) -> String {
    let mut printed = printed(outcome);
    let Ok(settings) = outcome else { return printed };
    let variables = settings.to_environment();
    let password =
        variables.iter().find(|(variable, _)| *variable == "PGPASSWORD").map_or("", |(_, password)| password);
    if !password.contains(HEAD) {
        printed = printed.replace(settings.user(), "");
    }
    if password.ends_with(HEAD) {
        settings.hosts().iter().for_each(|host| printed = printed.replace(host, ""));
    }
    printed
}

fn assert_hidden(text: &impl Debug, printed: &str) {
    assert!(!printed.contains(HEAD) && !printed.contains(TAIL), "{text:?}: {printed}");
}

#[test]
fn no_typo_shows_a_password() {
    let mut count = 0;
    for (text, is_read) in texts() {
        for text in passwords().map(|password| text.replace("secret", &password)) {
            for text in if is_read { misspelled(&text) } else { vec![text] } {
                count += 1;
                assert_hidden(&text, &without_names(&Settings::resolve(&text, &|_| None)));
            }
        }
    }
    assert!(count > 100_000, "{count}");
}

#[test]
fn no_service_file_shows_a_password() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("secret_pg_service.conf");
    let file = path.display().to_string();
    for password in passwords() {
        for text in misspelled(&format!("[s]\nhost=h\npassword={password}\nuser=u\n")) {
            fs::write(&path, &text).expect("written");
            let outcome = Settings::resolve("service=s", &|name| (name == "PGSERVICEFILE").then(|| file.clone()));
            assert_hidden(&text, &printed(&outcome));
        }
    }
}

#[test]
fn no_variable_and_no_other_setting_shows_a_password() {
    for password in passwords() {
        for (variable, value) in
            [("PGPORT", "x"), ("PGSSLMODE", "x"), ("PGSERVICE", "x"), ("PGREQUIREAUTH", "x"), ("PGHOST", "h")]
        {
            let environment = |name: &str| match name {
                "PGPASSWORD" => Some(password.clone()),
                name => (name == variable).then(|| value.to_owned()),
            };
            assert_hidden(&variable, &printed(&Settings::resolve("", &environment)));
        }
        let base = Settings::resolve("host=h user=u", &|_| None).expect("good");
        let base = base.with_password(Secret::new(password.clone()));
        for text in ["dbname=d", "host=i", "port=x", "sslmode=x", "x", "postgres://"] {
            assert_hidden(&text, &printed(&base.overlaid(text, &|_| None)));
        }
        assert_hidden(&password, &format!("{base:?} {:?}", Secret::new(password.clone())));
    }
}
