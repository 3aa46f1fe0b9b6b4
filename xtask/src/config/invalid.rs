//! An error in `xtask.toml`: its place, and the name that may have been meant.

use std::path::Path;

use revision::{Place, Snippet, similar};

use crate::report::Failure;

/// The error of the parser, as those in other files are shown.
pub(super) fn invalid(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let message = error.message().replacen("unknown field", "unknown key", 1);
    let failure = at(path, text, error.span().map_or(0, |span| span.start), &message);
    match meant(&message) {
        Some(name) => failure.hint(format!("did you mean `{name}`?")),
        None => failure,
    }
}

/// An error at a place of the file: the index of a byte.
pub(super) fn at(path: &Path, text: &str, start: usize, message: &str) -> Failure {
    let before = text.get(..start).unwrap_or(text);
    let Place { line, column } = Place::START.after(before);
    let snippet = Snippet { line, column, text: text.lines().nth(line as usize - 1).unwrap_or_default() };
    let shown: String = snippet.render("|", "^").lines().map(|line| format!("\n  {line}")).collect();
    Failure::new(format!("{}:{line}:{column}: {message}{shown}", path.display()))
}

/// The known name that is most similar to an unknown one: ``unknown key `a`, expected one of `b`, `c` ``.
fn meant(message: &str) -> Option<String> {
    let names = message.strip_prefix("unknown key").or_else(|| message.strip_prefix("unknown variant"))?;
    let mut names = names.split('`').skip(1).step_by(2);
    similar(names.next()?, names)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::invalid;
    use crate::config::Config;
    use crate::report::Failure;

    #[test]
    fn shows_the_place_and_what_was_meant() {
        for (text, expected) in [
            ("[migrate]\nlock_timout = 1\n", "x:2:1: unknown key `lock_timout`, expected one of `versions`"),
            ("\n [adoptd]\nuntil = 1\n", "x:2:3: unknown key `adoptd`, expected one of `project`"),
            ("[publish]\nhosting = \"cloudfrnt\"\n", "x:2:11: unknown variant `cloudfrnt`, expected `amplify`"),
            ("[infra.environments.dev]\nnott = 1\n", "x:2:1: unknown key `nott`, expected one of `branch`"),
            ("[types]\nrole = \"é\" x\n", "x:2:"),
            ("[types\n", "x:1:"),
        ] {
            let error = toml::from_str::<Config>(text).expect_err(text);
            let shown = invalid(Path::new("x"), text, &error).to_string();
            assert!(shown.starts_with(expected) && shown.ends_with('^'), "{text}: {shown}");
        }
    }

    #[test]
    fn suggests_only_what_is_similar() {
        let hint = |text: &str| {
            let error = toml::from_str::<Config>(text).expect_err(text);
            Failure::one_line(&invalid(Path::new("x"), text, &error).into())
        };
        assert!(hint("[migrate]\nlock_timout = 1\n").ends_with("; did you mean `lock_timeout`?"));
        assert!(hint("[publsh]\n").ends_with("; did you mean `publish`?"));
        assert!(hint("[database]\ndrift = \"wran\"\n").ends_with("; did you mean `warn`?"));
        assert!(!hint("[migrate]\nzzz = 1\n").contains("did you mean"));
    }
}
