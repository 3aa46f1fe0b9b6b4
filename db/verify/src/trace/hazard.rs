//! What is dangerous in what was seen: the rules of `db trace`. Each names what waits, and for how long it would.
//!
//! Only relations that were there before the revision count: nobody waits for a table that nobody can see yet. The cases
//! are those of eugene (<https://kaveland.no/eugene/>, hints E1 to E11), which traces scripts in the same way.

use super::lock::{Lock, Mode};
use super::snapshot::{Oid, Snapshot};
use super::statement::{Hazard, Statement, milliseconds};

/// What a statement did, and what it did it under.
pub(crate) struct Observation<'a> {
    /// Before the revision.
    pub(crate) origin: &'a Snapshot,
    pub(crate) before: &'a Snapshot,
    pub(crate) after: &'a Snapshot,
    /// What the statement itself took.
    pub(crate) taken: &'a [Lock],
    /// What earlier statements of the transaction took, and is still held.
    pub(crate) held: &'a [Lock],
}

/// The rules, in the order in which they are told.
const RULES: [fn(&Observation<'_>) -> Vec<Hazard>; 6] = [
    lock_timeout_off,
    validated_under_lock,
    rewritten_under_lock,
    index_built_under_lock,
    rewrite_holds_other_locks,
    json_column,
];

/// What the rules say of one statement.
pub(crate) fn of_statement(observation: &Observation<'_>) -> Vec<Hazard> {
    RULES.iter().flat_map(|rule| rule(observation)).collect()
}

/// An AccessExclusiveLock that is held while more statements run (E4): said once, at the statement that took it.
pub(crate) fn of_what_follows(statements: &mut [Statement]) {
    for index in 0..statements.len() {
        let (taking, following) = statements[index..].split_at_mut(1);
        let following: Vec<&Statement> = following.iter().filter(|statement| !statement.is_setting()).collect();
        let more = match following.len() {
            0 => continue,
            1 => "1 more statement runs".to_owned(),
            count => format!("{count} more statements run"),
        };
        let time = milliseconds(following.iter().map(|statement| statement.elapsed).sum());
        for lock in taking[0].locks.iter().filter(|lock| lock.mode == Mode::AccessExclusive) {
            let message = format!("nobody can read or write `{}` while {more}, {time}", lock.relation);
            taking[0].hazards.push(Hazard { rule: "statements-under-lock", message });
        }
    }
}

impl Observation<'_> {
    /// Whether others knew the relation before the revision.
    pub(crate) fn was_there(&self, oid: Oid) -> bool {
        self.origin.relations.contains_key(&oid)
    }

    pub(crate) fn name(&self, oid: Oid) -> &str {
        self.after
            .relations
            .get(&oid)
            .or_else(|| self.origin.relations.get(&oid))
            .map_or("?", |relation| &relation.name)
    }

    /// Who waits for a relation now: the strongest lock that is held on it, if anybody does.
    fn blocks(&self, oid: Oid) -> Option<&'static str> {
        let locks = self.taken.iter().chain(self.held).filter(|lock| lock.oid == oid);
        locks.map(|lock| lock.mode).max().and_then(Mode::blocks)
    }
}

/// E9.
fn lock_timeout_off(observation: &Observation<'_>) -> Vec<Hazard> {
    let dangerous =
        observation.taken.iter().filter(|lock| lock.mode.blocks().is_some() && observation.was_there(lock.oid));
    dangerous
        .filter(|_| observation.after.lock_timeout_is_off)
        .map(|lock| Hazard {
            rule: "lock-timeout-off",
            message: format!(
                "while it waits for `{}`, however long, every query on the table waits behind it",
                lock.relation
            ),
        })
        .collect()
}

/// E1, E2.
fn validated_under_lock(observation: &Observation<'_>) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    let mut add = |table: Oid, what: String| {
        if let (true, Some(who)) = (observation.was_there(table), observation.blocks(table)) {
            let message = format!("{who} `{}` until all its rows are checked for {what}", observation.name(table));
            hazards.push(Hazard { rule: "validated-under-lock", message });
        }
    };
    for (oid, constraint) in
        observation.after.constraints.iter().filter(|(_, constraint)| "cf".contains(constraint.kind))
    {
        let was_validated = observation.before.constraints.get(oid).is_some_and(|before| before.is_validated);
        if constraint.is_validated && !was_validated {
            add(constraint.table, format!("`{}`", constraint.name));
        }
    }
    let scanned = observation.after.scanned_since(observation.before);
    for ((table, name), column) in &observation.after.columns {
        let key = (*table, name.clone());
        let was_nullable = observation.before.columns.get(&key).is_some_and(|before| !before.is_not_null);
        // A CHECK that is validated saves the scan.
        if was_nullable && column.is_not_null && scanned.iter().any(|(oid, _)| oid == table) {
            add(*table, format!("NULL in `{name}`"));
        }
    }
    hazards
}

/// E5, E11.
fn rewritten_under_lock(observation: &Observation<'_>) -> Vec<Hazard> {
    let rewritten =
        observation.after.rewritten_since(observation.before).into_iter().filter(|&oid| observation.was_there(oid));
    rewritten
        .filter_map(|oid| {
            let who = observation.blocks(oid)?;
            let mut why =
                observation.after.columns.iter().filter(|((table, _), _)| *table == oid).filter_map(|(key, column)| {
                    let name = &key.1;
                    match observation.before.columns.get(key) {
                        None if column.is_generated => {
                            Some(format!(": the new column `{name}` is generated for every row"))
                        }
                        None if column.is_numbered => {
                            Some(format!(": the new column `{name}` is numbered, row by row"))
                        }
                        None => Some(format!(": the new column `{name}` has another value in every row")),
                        Some(before) if before.data_type != column.data_type => {
                            Some(format!(": `{name}` becomes {}", column.data_type))
                        }
                        Some(_) => None,
                    }
                });
            let message = format!(
                "{who} `{}` while all of it is written anew{}",
                observation.name(oid),
                why.next().unwrap_or_default()
            );
            Some(Hazard { rule: "rewritten-under-lock", message })
        })
        .collect()
}

/// E6, E7, E8.
fn index_built_under_lock(observation: &Observation<'_>) -> Vec<Hazard> {
    let new = observation.after.relations.iter().filter(|(oid, relation)| {
        relation.kind == 'i' && !observation.before.relations.contains_key(oid) && observation.was_there(relation.table)
    });
    new.filter_map(|(&oid, index)| {
        let who = observation.blocks(index.table)?;
        let constraint = observation
            .after
            .constraints
            .values()
            .find(|constraint| constraint.index == oid && "pux".contains(constraint.kind));
        let way = match constraint.map(|constraint| constraint.kind) {
            Some('x') => "no exclusion constraint can be added otherwise",
            Some(_) => "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … USING INDEX",
            None => "CREATE INDEX CONCURRENTLY does not",
        };
        let message =
            format!("{who} `{}` while the index `{}` is built; {way}", observation.name(index.table), index.name);
        Some(Hazard { rule: "index-built-under-lock", message })
    })
    .collect()
}

/// E10.
fn rewrite_holds_other_locks(observation: &Observation<'_>) -> Vec<Hazard> {
    let rewritten =
        observation.after.rewritten_since(observation.before).into_iter().filter(|&oid| observation.was_there(oid));
    let pairs = rewritten
        .flat_map(|oid| observation.held.iter().filter(move |lock| lock.oid != oid).map(move |lock| (oid, lock)));
    pairs
        .filter_map(|(oid, lock)| {
            let who = lock.mode.blocks()?;
            let message = format!("{who} `{}` while all of `{}` is written anew", lock.relation, observation.name(oid));
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
        message: format!("`{}.{name}` can't be compared: SELECT DISTINCT breaks; jsonb can", observation.name(*table)),
    })
    .collect()
}
