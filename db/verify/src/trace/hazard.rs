//! The warnings of `db trace`. Each names what is blocked, and for how long.
//!
//! Only relations that existed before the revision count: other sessions do not see new tables yet. The rules correspond to the
//! hints E1 to E11 of eugene (<https://kaveland.no/eugene/>), which traces scripts in the same way.

use migrate::LockMode;

use super::lock::Lock;
use super::snapshot::{Oid, Snapshot};
use super::statement::{Hazard, Statement, milliseconds};

/// The states before and after a statement, and its locks.
pub(crate) struct Observation<'a> {
    /// Before the revision.
    pub(crate) origin: &'a Snapshot,
    pub(crate) before: &'a Snapshot,
    pub(crate) after: &'a Snapshot,
    /// The locks that the statement took.
    pub(crate) taken: &'a [Lock],
    /// The locks that earlier statements of the transaction hold.
    pub(crate) held: &'a [Lock],
}

/// The rules, in the order of output.
const RULES: [fn(&Observation<'_>) -> Vec<Hazard>; 6] = [
    lock_timeout_off,
    validated_under_lock,
    rewritten_under_lock,
    index_built_under_lock,
    rewrite_holds_other_locks,
    json_column,
];

/// The warnings about one statement.
pub(crate) fn of_statement(observation: &Observation<'_>) -> Vec<Hazard> {
    RULES.iter().flat_map(|rule| rule(observation)).collect()
}

/// E4: adds a warning to each statement with an AccessExclusiveLock that is held while more statements run.
pub(crate) fn add_statements_under_lock(statements: &mut [Statement]) {
    for index in 0..statements.len() {
        let (holder, following) = statements[index..].split_at_mut(1);
        let following: Vec<&Statement> = following.iter().filter(|statement| !statement.is_setting()).collect();
        let more = match following.len() {
            0 => continue,
            1 => "1 more statement runs".to_owned(),
            count => format!("{count} more statements run"),
        };
        let time = milliseconds(following.iter().map(|statement| statement.elapsed).sum());
        for lock in holder[0].locks.iter().filter(|lock| lock.mode == LockMode::AccessExclusive) {
            let message = format!("blocks reads and writes of `{}` while {more}, {time}", lock.relation);
            holder[0].hazards.push(Hazard { rule: "statements-under-lock", message });
        }
    }
}

impl Observation<'_> {
    /// Whether the relation existed before the revision.
    pub(crate) fn existed(&self, oid: Oid) -> bool {
        self.origin.relations.contains_key(&oid)
    }

    pub(crate) fn name(&self, oid: Oid) -> &str {
        self.after
            .relations
            .get(&oid)
            .or_else(|| self.origin.relations.get(&oid))
            .map_or("?", |relation| &relation.name)
    }

    /// What the strongest lock held on a relation blocks, if anything.
    fn blocks(&self, oid: Oid) -> Option<&'static str> {
        let locks = self.taken.iter().chain(self.held).filter(|lock| lock.oid == oid);
        locks.map(|lock| lock.mode).max().and_then(LockMode::blocks)
    }
}

/// E9.
fn lock_timeout_off(observation: &Observation<'_>) -> Vec<Hazard> {
    let dangerous =
        observation.taken.iter().filter(|lock| lock.mode.blocks().is_some() && observation.existed(lock.oid));
    dangerous
        .filter(|_| observation.after.lock_timeout_is_off)
        .map(|lock| Hazard {
            rule: "lock-timeout-off",
            message: format!(
                "without `lock_timeout`, queries on `{}` queue behind this statement while it waits for a lock",
                lock.relation
            ),
        })
        .collect()
}

/// E1, E2.
fn validated_under_lock(observation: &Observation<'_>) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    let mut add = |table: Oid, what: String| {
        if let (true, Some(blocked)) = (observation.existed(table), observation.blocks(table)) {
            let message =
                format!("blocks {blocked} of `{}` while all rows are checked {what}", observation.name(table));
            hazards.push(Hazard { rule: "validated-under-lock", message });
        }
    };
    for (oid, constraint) in
        observation.after.constraints.iter().filter(|(_, constraint)| "cf".contains(constraint.kind))
    {
        let was_validated = observation.before.constraints.get(oid).is_some_and(|before| before.is_validated);
        if constraint.is_validated && !was_validated {
            add(constraint.table, format!("against `{}`", constraint.name));
        }
    }
    let scanned = observation.after.scanned_since(observation.before);
    for ((table, name), column) in &observation.after.columns {
        let key = (*table, name.clone());
        let was_nullable = observation.before.columns.get(&key).is_some_and(|before| !before.is_not_null);
        // With a validated CHECK, no scan is needed.
        if was_nullable && column.is_not_null && scanned.iter().any(|(oid, _)| oid == table) {
            add(*table, format!("for NULL in `{name}`"));
        }
    }
    hazards
}

/// E5, E11.
fn rewritten_under_lock(observation: &Observation<'_>) -> Vec<Hazard> {
    let rewritten =
        observation.after.rewritten_since(observation.before).into_iter().filter(|&oid| observation.existed(oid));
    rewritten
        .filter_map(|oid| {
            let blocked = observation.blocks(oid)?;
            let mut reasons =
                observation.after.columns.iter().filter(|((table, _), _)| *table == oid).filter_map(|(key, column)| {
                    let name = &key.1;
                    match observation.before.columns.get(key) {
                        None if column.is_generated => Some(format!(": the new column `{name}` is generated")),
                        None if column.is_numbered => {
                            Some(format!(": the new column `{name}` is filled from a sequence"))
                        }
                        None => Some(format!(": the new column `{name}` is computed for every row")),
                        Some(before) if before.data_type != column.data_type => {
                            Some(format!(": `{name}` becomes {}", column.data_type))
                        }
                        Some(_) => None,
                    }
                });
            let message = format!(
                "blocks {blocked} of `{}` while it is rewritten{}",
                observation.name(oid),
                reasons.next().unwrap_or_default()
            );
            Some(Hazard { rule: "rewritten-under-lock", message })
        })
        .collect()
}

/// E6, E7, E8.
fn index_built_under_lock(observation: &Observation<'_>) -> Vec<Hazard> {
    let new = observation.after.relations.iter().filter(|(oid, relation)| {
        relation.kind == 'i' && !observation.before.relations.contains_key(oid) && observation.existed(relation.table)
    });
    new.filter_map(|(&oid, index)| {
        let blocked = observation.blocks(index.table)?;
        let constraint = observation
            .after
            .constraints
            .values()
            .find(|constraint| constraint.index == oid && "pux".contains(constraint.kind));
        let advice = match constraint.map(|constraint| constraint.kind) {
            Some('x') => "exclusion constraints cannot be added concurrently",
            Some(_) => "use CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX",
            None => "use CREATE INDEX CONCURRENTLY",
        };
        let table = observation.name(index.table);
        let message = format!("blocks {blocked} of `{table}` while the index `{}` is built; {advice}", index.name);
        Some(Hazard { rule: "index-built-under-lock", message })
    })
    .collect()
}

/// E10.
fn rewrite_holds_other_locks(observation: &Observation<'_>) -> Vec<Hazard> {
    let rewritten =
        observation.after.rewritten_since(observation.before).into_iter().filter(|&oid| observation.existed(oid));
    let pairs = rewritten
        .flat_map(|oid| observation.held.iter().filter(move |lock| lock.oid != oid).map(move |lock| (oid, lock)));
    pairs
        .filter_map(|(oid, lock)| {
            let blocked = lock.mode.blocks()?;
            let rewritten = observation.name(oid);
            let message = format!("blocks {blocked} of `{}` while `{rewritten}` is rewritten", lock.relation);
            Some(Hazard { rule: "rewrite-holds-other-locks", message })
        })
        .collect()
}

/// E3.
fn json_column(observation: &Observation<'_>) -> Vec<Hazard> {
    let new = observation.after.columns.iter().filter(|(key, column)| {
        column.data_type == "json"
            && observation.before.columns.get(key).is_none_or(|before| before.data_type != "json")
    });
    new.map(|((table, name), _)| Hazard {
        rule: "json-column",
        message: format!(
            "`{}.{name}` has no equality operator, so SELECT DISTINCT fails; use jsonb",
            observation.name(*table)
        ),
    })
    .collect()
}
