//! Facts about the statements of a migration, which determine whether it runs in a transaction, and whether it has an
//! effect.

use revision::Statement;

use crate::control::Control;

/// Facts about the statements of one direction. Lines are those of the first such statement.
#[derive(Debug, Default, Clone)]
pub(crate) struct Facts {
    /// A statement that PostgreSQL does not allow in a transaction block.
    pub(crate) needs_no_transaction: Option<u32>,
    /// A statement that has an effect only in a transaction.
    pub(crate) needs_a_transaction: Option<u32>,
    /// A COMMIT with statements before and after it.
    pub(crate) commits_in_the_middle: Option<u32>,
    /// Whether it adds a value to an enum, which can be used only after a commit.
    pub(crate) adds_an_enum_value: bool,
    /// Whether a statement can change something.
    pub(crate) does_something: bool,
    /// Whether the last statement ends with a semicolon.
    pub(crate) is_open: bool,
    /// A COMMIT with statements before it.
    commit: Option<u32>,
    any: bool,
}

impl Facts {
    pub(crate) fn control(&mut self, control: &Control, line: u32) {
        if *control == Control::Commit && self.any {
            self.commit = Some(line);
        }
    }

    pub(crate) fn statement(&mut self, statement: &Statement, tokens: &[&str], line: u32) {
        self.commits_in_the_middle = self.commits_in_the_middle.or(self.commit.take());
        self.any = true;
        self.is_open = !statement.is_terminated;
        self.does_something |= !selects_constants(tokens);
        self.adds_an_enum_value |= adds_an_enum_value(tokens);
        if statement.nature.needs_no_transaction {
            self.needs_no_transaction.get_or_insert(line);
        }
        if statement.nature.needs_a_transaction {
            self.needs_a_transaction.get_or_insert(line);
        }
    }
}

fn is(token: &str, word: &str) -> bool {
    token.eq_ignore_ascii_case(word)
}

/// `SELECT 1;` and `SELECT 'down SQL query' AS text`, which templates contain so that the file is not empty.
fn selects_constants(tokens: &[&str]) -> bool {
    let [select, rest @ ..] = tokens else { return true };
    let is_constant = |token: &str| {
        let is_literal = |c: char| c.is_ascii_digit() || c == '\'';
        token.starts_with(is_literal) || [",", ";", "-", "+", "."].contains(&token)
    };
    let is_word = |token: &&str| ["true", "false", "null"].iter().any(|word| is(token, word));
    let mut after_as = false;
    is(select, "select")
        && rest.iter().all(|token| {
            let is_name = std::mem::replace(&mut after_as, is(token, "as"));
            is_name || after_as || is_constant(token) || is_word(token)
        })
}

fn adds_an_enum_value(tokens: &[&str]) -> bool {
    matches!(tokens, [alter, kind, rest @ ..] if is(alter, "alter") && is(kind, "type")
        && rest.windows(2).any(|pair| is(pair[0], "add") && is(pair[1], "value")))
}

#[cfg(test)]
mod tests {
    use revision::significant;

    use super::{adds_an_enum_value, selects_constants};

    #[test]
    fn selects_of_constants_do_nothing() {
        for sql in ["SELECT 1;", "select 'down SQL query'", "SELECT 1 AS one, 'a' AS \"b\";", "SELECT NULL", "SELECT;"]
        {
            assert!(selects_constants(&significant(sql)), "{sql}");
        }
        for sql in ["SELECT f();", "SELECT 1 FROM t", "SELECT setval('s', 1)", "DELETE FROM t", "SELECT a"] {
            assert!(!selects_constants(&significant(sql)), "{sql}");
        }
    }

    #[test]
    fn enum_values() {
        assert!(adds_an_enum_value(&significant("alter type a.b ADD VALUE IF NOT EXISTS 'c'")));
        assert!(!adds_an_enum_value(&significant("alter type a rename value 'a' to 'b'")));
        assert!(!adds_an_enum_value(&significant("alter table type add value text")));
    }
}
