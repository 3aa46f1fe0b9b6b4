//! Two releases whose actions interleave: nothing that the service can do makes one undo the other.
//!
//! The pipeline has its actions in one stage, which one execution at a time may enter. That leaves these orders: an execution
//! ends, fails or is stopped after some of its actions, and the next one runs; or it is stopped and abandoned, and the build
//! that is running ends later. The test runs more than these: every order in which the actions of both can take effect, each
//! release stopping after any of its actions. `Publish` changes no database, and is left out.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::support::release::{added, applied, checkout, columns, migrate};
use crate::support::{Database, in_parallel};

const WORKERS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Database,
    Contract,
}

/// The actions of the stage `Release` that migrate, without and with `expand_contract`.
const STAGES: [&[Action]; 2] = [&[Action::Database], &[Action::Database, Action::Contract]];

/// The older release is 1, the newer one 2.
type Order = Vec<(usize, Action)>;

/// Every order of the first `older` actions of one release and the first `newer` of the other.
fn orders(older: &[Action], newer: &[Action]) -> Vec<Order> {
    let begin = |release: usize, actions: &[Action], rest: Vec<Order>| -> Vec<Order> {
        rest.into_iter().map(|order| [vec![(release, actions[0])], order].concat()).collect()
    };
    match (older, newer) {
        ([], []) => vec![Vec::new()],
        ([], newer) => begin(2, newer, orders(&[], &newer[1..])),
        (older, []) => begin(1, older, orders(&older[1..], &[])),
        (older, newer) => {
            [begin(1, older, orders(&older[1..], newer)), begin(2, newer, orders(older, &newer[1..]))].concat()
        }
    }
}

/// What an action does.
#[derive(Debug, PartialEq, Eq)]
enum Effect {
    Applies(Vec<&'static str>),
    /// It succeeds, and leaves the rest to the newer release.
    LeavesAlone,
    /// It fails, and changes nothing.
    Refuses,
}

/// What an action must do to a database with these revisions.
fn expected(release: usize, action: Action, has_phases: bool, applied: &BTreeSet<&str>) -> Effect {
    let known: Vec<&str> = (0..=release).flat_map(added).copied().collect();
    let is_newer = applied.iter().any(|revision| !known.contains(revision));
    let phase = match (action, has_phases) {
        (Action::Database, true) => 'e',
        (Action::Contract, _) => 'c',
        _ => ' ',
    };
    match (action, is_newer) {
        // It began before the newer one, which contracts for both.
        (Action::Contract, true) => Effect::LeavesAlone,
        // It begins after the newer one: that is a way back, and no part of a release.
        (Action::Database, true) => Effect::Refuses,
        (_, false) => {
            let wanted = |id: &&str| *id == "b0" || phase == ' ' || id.starts_with(phase);
            Effect::Applies(known.into_iter().filter(wanted).filter(|id| !applied.contains(id)).collect())
        }
    }
}

fn run(order: &[(usize, Action)], has_phases: bool, checkouts: &[PathBuf]) {
    let database = Database::create();
    assert_eq!(migrate(&database, &checkouts[0], &[]).code, 0);
    let mut revisions = BTreeSet::from(["b0"]);
    let (mut heads, mut has_failed) = ([const { String::new() }; 3], [false; 3]);
    for &(release, action) in order {
        // CodePipeline runs no action after one that has failed.
        if has_failed[release] {
            continue;
        }
        let before = (database.catalog(), applied(&database));
        let exported = heads[release].clone();
        let mut variables = vec![("RELEASE_ROLLBACK", "none")];
        match (action, has_phases) {
            (Action::Contract, _) => {
                variables.extend([("DATABASE_TARGET", "contract@heads"), ("DATABASE_HEADS", exported.as_str())]);
            }
            (_, true) => variables.push(("DATABASE_TARGET", "expand@heads")),
            (_, false) => {}
        }
        let built = migrate(&database, &checkouts[release], &variables);
        let context = format!("{order:?}: {action:?} of {release}: {}", built.text);
        match expected(release, action, has_phases, &revisions) {
            Effect::Applies(more) => {
                assert_eq!(built.code, 0, "{context}");
                revisions.extend(more);
            }
            Effect::LeavesAlone => {
                assert_eq!(built.code, 0, "{context}");
                assert!(built.text.contains("a newer release has migrated the database"), "{context}");
                assert_eq!((database.catalog(), applied(&database)), before, "{context}");
            }
            Effect::Refuses => {
                assert_eq!(built.code, 1, "{context}");
                assert!(built.text.contains("nothing was changed"), "{context}");
                assert!(built.text.contains("cargo xtask rollback --to COMMIT"), "{context}");
                assert_eq!((database.catalog(), applied(&database)), before, "{context}");
                has_failed[release] = true;
            }
        }
        assert_eq!(applied(&database), Vec::from_iter(revisions.iter().copied()), "{context}");
        heads[release] = built.heads;
    }
    // Whatever the older release did: where the newer one has finished, the database is as if only that one had run.
    let newer = order.iter().filter(|(release, _)| *release == 2).count();
    if newer == STAGES[usize::from(has_phases)].len() {
        let alone = Database::create();
        assert_eq!(migrate(&alone, &checkouts[2], &[]).code, 0);
        assert_eq!(
            database.rows("SELECT version_num FROM alembic_version"),
            alone.rows("SELECT version_num FROM alembic_version"),
            "{order:?}"
        );
        assert_eq!(columns(&database), columns(&alone), "{order:?}");
        alone.drop();
    }
    database.drop();
}

#[test]
fn interleaved_releases_do_not_undo_each_other() {
    let checkouts: Vec<PathBuf> = (0..3).map(|release| checkout(&format!("interleaved-{release}"), release)).collect();
    for stage in STAGES {
        let lengths = (0..=stage.len()).flat_map(|older| (0..=stage.len()).map(move |newer| (older, newer)));
        let all: Vec<Order> = lengths.flat_map(|(older, newer)| orders(&stage[..older], &stage[..newer])).collect();
        let has_phases = stage.contains(&Action::Contract);
        in_parallel(WORKERS, &all, |_, order| run(order, has_phases, &checkouts));
    }
}
