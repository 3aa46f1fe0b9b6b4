//! Statements outside a transaction, and how long they wait for their locks.

use super::sides::Part;

/// How long such a statement waits for a lock, while others queue behind it.
pub(super) const LOCK_TIMEOUT: &str = "SET lock_timeout = '5s';";
pub(super) const NO_LOCK_TIMEOUT: &str = "RESET lock_timeout;";

/// Statements that do not wait long for their locks.
pub(crate) fn with_lock_timeout(statements: Vec<String>) -> Vec<String> {
    if statements.is_empty() {
        return statements;
    }
    let around = |sql: &str| std::iter::once(sql.to_owned());
    around(LOCK_TIMEOUT).chain(statements).chain(around(NO_LOCK_TIMEOUT)).collect()
}

/// The statement that creates an index under another name.
pub(super) fn under_name(part: &Part, name: &str, rename: impl Fn(&str) -> String) -> String {
    let text = part.definition.replacen(&format!(" {} ON ", part.name), &format!(" {name} ON "), 1);
    let (start, rest) = text.split_once(" USING ").unwrap_or((&text, ""));
    format!("{start} USING {};", rename(rest))
}

/// The statement that builds an index under another name while its table is written to.
pub(super) fn concurrently(part: &Part, name: &str, rename: impl Fn(&str) -> String) -> String {
    under_name(part, name, rename).replacen("INDEX ", "INDEX CONCURRENTLY ", 1)
}
