//! A round trip in one transaction that is rolled back: fast, and exact if it succeeds. If anything is unusual, the
//! result is inconclusive, and the round trip is made on a copy of the database, with the engine.

use std::collections::BTreeSet;

use anyhow::Result;
use connection::{Connection, QueryError, Row};
use revision::{Script, Section};
use schema::{Digest, Fingerprinter};

use crate::fixture::{Answer, Fixture};
use crate::refusal::Refusal;

/// Words of statements whose effect a rollback does not undo, or that behave differently in one transaction. A new value
/// of an enum can't be used in the transaction that adds it. The constant `'now'` is the time of the transaction.
const INEXACT: [&str; 7] = ["add value", "dblink", "replication_slot", "'now", "' now", "$now", "$ now"];

/// Values that are constant within a transaction, but differ between two. Dynamic SQL may make them a part of an
/// object.
const OF_TRANSACTION: [&str; 6] =
    ["now", "current_timestamp", "localtimestamp", "transaction_timestamp", "xact_id", "txid_current"];

/// The longest section that is worth running again, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Sent between two sections: ends a transaction and starts the next, as the engine would.
const BETWEEN: &str = "SET CONSTRAINTS ALL IMMEDIATE;
RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; DISCARD SEQUENCES; DISCARD TEMP;\n";

/// The sequences that have been used, and their values.
const SEQUENCES: &str = "SELECT seqrelid, pg_sequence_last_value(seqrelid) FROM pg_sequence
WHERE seqrelid >= 16384 ORDER BY seqrelid";

/// The result of a trial.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The revision restores everything.
    Clean,
    /// The server refuses the downgrade.
    Refused(Refusal),
    /// The result is inconclusive.
    Unclear,
    /// The result is inconclusive, and the database has changed: sequences have advanced.
    Damaged,
}

/// Whether a trial is exact for a revision.
pub(crate) fn is_exact(script: &Script) -> Result<bool> {
    let Some(downgrade) = script.downgrade().filter(|_| script.is_transactional()) else { return Ok(false) };
    for section in [script.upgrade(), downgrade] {
        let mut length = 0;
        for statement in script.effective(section) {
            let statement = statement?;
            length += statement.length();
            if statement.copy.is_some() || length > LONGEST {
                return Ok(false);
            }
        }
        let sql = script.sql(section)?.to_lowercase();
        let words = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        let contains = |word: &&str| words.contains(*word);
        if INEXACT.iter().any(contains) || (is_dynamic(&words) && OF_TRANSACTION.iter().any(contains)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether SQL runs dynamic SQL: `EXECUTE`, but not that of a trigger or a privilege.
fn is_dynamic(sql: &str) -> bool {
    let others = ["function ", "procedure ", "on "];
    sql.split("execute ").skip(1).any(|rest| !others.iter().any(|other| rest.starts_with(other)))
}

/// Whether an error would be the same in a separate transaction: a missing or duplicate object, or one that others
/// depend on. An error about a use of an object, or about data, may be due to the statements before.
fn is_exact_error(code: &str) -> bool {
    code.starts_with("42") || code == "2BP01"
}

/// Upgrades, downgrades and upgrades again, in a database in which the revision can be applied. `fixtures` are those whose
/// results it must preserve.
pub(crate) fn run(
    fingerprinter: &Fingerprinter,
    probe: &mut Connection,
    script: &Script,
    fixtures: &[&Fixture],
) -> Result<Outcome> {
    probe.send("DISCARD ALL")?;
    let sequences = probe.query(SEQUENCES)?;
    let mut trial = Trial { fingerprinter, probe, script, fixtures };
    let result = trial.in_transaction();
    if !trial.probe.roll_back() {
        return Ok(Outcome::Unclear);
    }
    // An error is found again, and located, by the engine.
    let outcome = match result {
        Ok(Tried::WithoutError { transaction, catalogs, below })
            if fingerprinter.digest(probe, &transaction, &catalogs)? == below =>
        {
            Outcome::Clean
        }
        Ok(Tried::Refused(refusal)) => Outcome::Refused(refusal),
        Ok(_) | Err(_) => Outcome::Unclear,
    };
    Ok(if restore(probe, &sequences)? { outcome } else { Outcome::Damaged })
}

struct Trial<'t> {
    fingerprinter: &'t Fingerprinter,
    probe: &'t mut Connection,
    script: &'t Script,
    fixtures: &'t [&'t Fixture],
}

/// The result of the transaction.
enum Tried {
    /// The revision passes if the database is the same after the rollback as after the downgrade.
    WithoutError {
        transaction: String,
        /// The catalogs that were written to.
        catalogs: BTreeSet<String>,
        /// The catalog after the downgrade.
        below: Digest,
    },
    Refused(Refusal),
    Unclear,
}

impl Trial<'_> {
    fn in_transaction(&mut self) -> Result<Tried> {
        let Some(downgrade) = self.script.downgrade() else { return Ok(Tried::Unclear) };
        self.probe.send("BEGIN")?;
        let transaction = self.fingerprinter.transaction(self.probe)?;
        let before = self.answers()?;
        self.step(self.script.upgrade())?;
        let after = self.answers()?;
        let is_kept = before.iter().zip(&after).all(|(before, after)| after.is_none() || before == after);
        if !is_kept {
            return Ok(Tried::Unclear);
        }
        self.probe.send("SAVEPOINT verify_above")?;
        if let Err(error) = self.step(downgrade) {
            return Ok(self.refusal(downgrade, &error)?.map_or(Tried::Unclear, Tried::Refused));
        }
        if self.answers()? != before {
            return Ok(Tried::Unclear);
        }
        // The second upgrade may write to more catalogs than the first. So the state in between is digested twice.
        self.probe.send("SAVEPOINT verify_below")?;
        self.step(self.script.upgrade())?;
        let catalogs = self.fingerprinter.written(self.probe)?;
        let again = self.digest(&transaction, &catalogs)?;
        self.probe.send(BETWEEN)?;
        if self.answers()? != after {
            return Ok(Tried::Unclear);
        }
        self.probe.send("ROLLBACK TO SAVEPOINT verify_below")?;
        let below = self.digest(&transaction, &catalogs)?;
        self.probe.send("ROLLBACK TO SAVEPOINT verify_above")?;
        let above = self.digest(&transaction, &catalogs)?;
        Ok(if again == above { Tried::WithoutError { transaction, catalogs, below } } else { Tried::Unclear })
    }

    /// Finds the statement that the server refuses, if it would also refuse it in a separate transaction.
    fn refusal(&mut self, section: &Section, error: &anyhow::Error) -> Result<Option<Refusal>> {
        let Some(QueryError::Server(error)) = error.downcast_ref() else { return Ok(None) };
        if !is_exact_error(&error.code) {
            return Ok(None);
        }
        self.probe.send("ROLLBACK TO SAVEPOINT verify_above")?;
        for statement in self.script.effective(section) {
            let statement = statement?;
            let text = self.script.text(&statement)?;
            let Err(QueryError::Server(found)) = self.probe.send(&text) else { continue };
            let excerpt = statement.place.excerpt(&text, found.byte_in(&text).unwrap_or(0));
            let refusal = Refusal::new(Some(excerpt), &found);
            return Ok((found.code == error.code).then_some(refusal));
        }
        Ok(None)
    }

    fn step(&mut self, section: &Section) -> Result<()> {
        Ok(self.probe.send(&format!("{BETWEEN}{}\n;{BETWEEN}", self.script.sql(section)?))?)
    }

    fn digest(&mut self, transaction: &str, catalogs: &BTreeSet<String>) -> Result<Digest> {
        Ok(self.fingerprinter.digest(self.probe, transaction, catalogs)?)
    }

    /// The results of the fixtures. An error does not end the transaction.
    fn answers(&mut self) -> Result<Vec<Answer>> {
        let mut answers = Vec::new();
        for fixture in self.fixtures {
            self.probe.send("SAVEPOINT verify_fixture")?;
            let answer = fixture.answer(self.probe);
            self.probe.send("ROLLBACK TO SAVEPOINT verify_fixture")?;
            answers.push(answer?);
        }
        Ok(answers)
    }
}

/// Restores the sequences, which a rollback does not. Returns whether this was possible.
fn restore(probe: &mut Connection, before: &[Row]) -> Result<bool, QueryError> {
    let after = probe.query(SEQUENCES)?;
    for (before, _) in before.iter().zip(&after).filter(|(before, after)| before != after) {
        let [Some(sequence), Some(value)] = &before[..] else { return Ok(false) };
        probe.query(&format!("SELECT setval({sequence}::regclass, {value})"))?;
    }
    Ok(before.len() == after.len())
}
