//! Remarks for the user about a statement that is kept unchanged.

use crate::note::Remark;

/// The remarks on a statement. `own_table` is the name of the tool's table, without its schema.
pub(crate) fn remarks(tokens: &[&str], own_table: &str) -> impl Iterator<Item = Remark> {
    let mentions = |token: &&str| token.trim_matches('"').eq_ignore_ascii_case(own_table);
    let table = tokens.iter().any(mentions).then(|| Remark::OwnTable { table: own_table.to_owned() });
    let setting = setting(tokens).map(|setting| Remark::SessionSetting { setting });
    table.into_iter().chain(setting)
}

/// The setting that later migrations would inherit from this statement: names resolve differently with it.
fn setting(tokens: &[&str]) -> Option<&'static str> {
    let words: Vec<String> = tokens.iter().take(8).map(|token| token.to_ascii_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["set", "search_path", ..] | ["set", "session", "search_path", ..] => Some("search_path"),
        ["set", "role", ..] | ["set", "session", "role", ..] => Some("role"),
        ["set", "session", "authorization", ..] => Some("session authorization"),
        ["select", "set_config", "(", "'search_path'", ..]
        | ["select", "pg_catalog", ".", "set_config", "(", "'search_path'", ..]
            if !tokens.iter().any(|token| token.eq_ignore_ascii_case("true")) =>
        {
            Some("search_path")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use revision::significant;

    use super::{Remark, remarks};

    #[test]
    fn remarks_on_statements() {
        let of = |sql: &str| remarks(&significant(sql), "schema_migrations").collect::<Vec<_>>();
        assert_eq!(of("SET search_path TO a, b;"), [Remark::SessionSetting { setting: "search_path" }]);
        let sql = "SELECT pg_catalog.set_config('search_path', '', false);";
        assert_eq!(of(sql), [Remark::SessionSetting { setting: "search_path" }]);
        assert_eq!(of("SELECT set_config('search_path', '', true)"), []);
        assert_eq!(of("SET LOCAL search_path = a"), []);
        let table = Remark::OwnTable { table: "schema_migrations".to_owned() };
        assert_eq!(of("ALTER TABLE public.\"schema_migrations\" ADD a int"), [table]);
        assert_eq!(of("SELECT 'schema_migrations'"), []);
    }
}
