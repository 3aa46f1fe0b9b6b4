//! The proof that rewritten revisions make the same databases as before, up and down: for a squash, and for a branch that is moved
//! after another head. The new file is read from standard input, so nothing is written before the proof.

use std::path::Path;

use anyhow::{Context, Result, bail};
use migrate::Target;
use revision::{Directory, Files, Node, RevisionFile, RevisionGraph, Revisions};

use crate::at_heads::Place;
use crate::catalog::Catalog;
use crate::finding::message;
use crate::fixture::Fixture;
use crate::import::rows::{Contents, changed_contents};
use crate::scratch::ScratchDatabase;
use crate::server::Server;
use crate::trip::{State, differences};

/// A step on the way of a database; its state is read after it.
enum Leg {
    /// Apply a revision, and those before it.
    Upgrade(String),
    /// Revert these revisions, in this order.
    Revert(Vec<String>),
}

/// The state of a database after a leg.
struct Snapshot {
    state: State,
    contents: Contents,
}

/// Which revisions a database has, and its way from there.
struct Way<'w> {
    revisions: &'w Revisions,
    legs: Vec<Leg>,
}

/// A state of the database of the revisions as they are, and the state that one of the rewritten revisions must equal.
struct Pair<'p> {
    expected: &'p Snapshot,
    found: &'p Snapshot,
    /// What the databases have done.
    when: &'static str,
}

/// Compares a squash with the revisions that it replaces, the oldest first. Returns whether both make the same.
pub(crate) fn squash(directory: &Path, replaced: &[String], file: &Path, place: &Place<'_>) -> Result<bool> {
    let old = Revisions::read(&Directory::new(directory))?;
    let new = rewritten(&old, replaced, file)?;
    let last = replaced.last().context("the revisions of the squash")?;
    let fixtures = Fixture::all(directory, old.graph())?;
    refuse_fixtures_inside(&old, &fixtures, &replaced[..replaced.len() - 1], last)?;
    let squash = new.graph().find(last).context("the squash has the id of the last revision")?;
    let is_reversible = new.script(squash).downgrade().is_some();
    let legs = |reverted: Vec<String>| {
        let up = Leg::Upgrade(last.clone());
        if is_reversible { vec![up, Leg::Revert(reverted)] } else { vec![up] }
    };
    let old_way = Way { revisions: &old, legs: legs(replaced.iter().rev().cloned().collect()) };
    let new_way = Way { revisions: &new, legs: legs(vec![last.clone()]) };
    // What the squash follows has the same ids in both.
    let below = below(new.graph(), last)?;
    let before = Before { revisions: &old, fixtures: &fixtures, below: &below };
    compare([&old_way, &new_way], &before, place, "the squash", |old, new| {
        let whens = ["after the upgrade", "after the downgrade"];
        let pairs = old.iter().zip(new).zip(whens);
        pairs.map(|((expected, found), when)| Pair { expected, found, when }).collect()
    })
}

/// Compares a branch that is moved after another head with both branches merged. `moved` are its revisions, the oldest first.
pub(crate) fn rebase(directory: &Path, moved: &[String], onto: &str, file: &Path, place: &Place<'_>) -> Result<bool> {
    let old = Revisions::read(&Directory::new(directory))?;
    let (Some(first), Some(branch)) = (moved.first(), moved.last()) else { bail!("no revision to move") };
    let new = rewritten(&old, std::slice::from_ref(first), file)?;
    let fixtures = Fixture::all(directory, old.graph())?;
    let graph = old.graph();
    let below = below(graph, first)?;
    let up = |ids: [&str; 2]| ids.map(|id| Leg::Upgrade(id.to_owned())).into_iter().collect::<Vec<_>>();
    let old_way = Way { revisions: &old, legs: up([branch, onto]) };
    let mut new_way = Way { revisions: &new, legs: up([onto, branch]) };
    let script = |id: &String| graph.find(id).map(|node| old.script(node));
    if moved.iter().all(|id| script(id).is_some_and(|script| script.downgrade().is_some())) {
        new_way.legs.push(Leg::Revert(moved.iter().rev().cloned().collect()));
    }
    let before = Before { revisions: &old, fixtures: &fixtures, below: &below };
    compare([&old_way, &new_way], &before, place, "the moved branch", |old, new| {
        let mut pairs = vec![Pair { expected: &old[1], found: &new[1], when: "from both branches" }];
        if let [onto, _, reverted] = new {
            pairs.push(Pair { expected: onto, found: reverted, when: "after the downgrade of the branch" });
        }
        pairs
    })
}

/// The ids of the revisions that an upgrade to this one runs before it, in order.
fn below(graph: &RevisionGraph, id: &str) -> Result<Vec<String>> {
    let mut steps = graph.plan_upgrade(&[], id)?.steps;
    steps.pop();
    Ok(steps.iter().filter_map(|step| Some(graph.id(step.revision?).to_owned())).collect())
}

/// Which states of the two databases must be equal.
type Pairs = for<'p> fn(&'p [Snapshot], &'p [Snapshot]) -> Vec<Pair<'p>>;

/// The revisions without these, and with the file on standard input.
fn rewritten(old: &Revisions, without: &[String], file: &Path) -> Result<Revisions> {
    let text = std::io::read_to_string(std::io::stdin()).context("standard input")?;
    let graph = old.graph();
    let kept = graph.nodes().filter(|&node| !without.iter().any(|id| id == graph.id(node)));
    let kept = kept.map(|node| graph.revision(node).file().clone());
    Ok(Revisions::read(&kept.chain([RevisionFile::in_memory(file, text)]).collect::<Files>())?)
}

/// Refuses a fixture that names a revision that will be gone.
fn refuse_fixtures_inside(old: &Revisions, fixtures: &[Fixture], gone: &[String], squash: &str) -> Result<()> {
    let id = |node: Node| old.graph().id(node);
    for fixture in fixtures {
        for (key, node) in [("Revision", Some(fixture.revision)), ("Until", fixture.until)] {
            if let Some(id) = node.map(id).filter(|id| gone.iter().any(|gone| gone == id)) {
                bail!(
                    "{}: `{key}: {id}` names a revision that the squash replaces\n  next: name `{squash}`, or a revision before the squash",
                    fixture.path.display()
                );
            }
        }
    }
    Ok(())
}

/// What both databases have before they go their ways.
struct Before<'b> {
    revisions: &'b Revisions,
    fixtures: &'b [Fixture],
    /// The ids of the revisions, in order.
    below: &'b [String],
}

/// Runs both ways, and prints where the databases differ. Returns whether they do not.
fn compare(
    [old, new]: [&Way<'_>; 2],
    before: &Before<'_>,
    place: &Place<'_>,
    what: &str,
    pairs: Pairs,
) -> Result<bool> {
    let mut server = Server::start(place.choice, place.target, place.major)?;
    message(&format!("using {}", server.description));
    let mut scratch = ScratchDatabase::create(&server, old.revisions)?;
    let catalog = Catalog::new(&server, old.revisions, &mut scratch)?;
    drop(scratch);
    let expected = run(old, before, &server, &catalog)?;
    // What the revisions have created in the server, such as roles, would be there already.
    catalog.restore(&mut server)?;
    let expected = expected.map_err(|error| anyhow::anyhow!("{error}")).context("the revisions as they are")?;
    let found = run(new, before, &server, &catalog)?;
    catalog.restore(&mut server)?;
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            message(&format!("error: {what} fails where the revisions do not: {error}"));
            return Ok(false);
        }
    };
    let mut is_equal = true;
    for Pair { expected, found, when } in pairs(&expected, &found) {
        let mut lines = differences(&catalog, &expected.state, &found.state);
        lines.extend(changed_contents(&expected.contents, &found.contents).0);
        if !lines.is_empty() {
            let lines = lines.join("\n");
            message(&format!("error: {what} makes another database {when} (-: the revisions, +: {what})\n{lines}"));
            is_equal = false;
        }
    }
    if is_equal {
        let way = if new.legs.iter().any(|leg| matches!(leg, Leg::Revert(_))) { "up and down" } else { "up" };
        let summary = found.first().map(|snapshot| snapshot.contents.summary()).unwrap_or_default();
        message(&format!("proof: {what} and the revisions make equal databases, {way}: {summary}"));
    }
    Ok(is_equal)
}

/// Brings a database its way. The inner error is that of a revision.
fn run(
    way: &Way<'_>,
    before: &Before<'_>,
    server: &Server,
    catalog: &Catalog,
) -> Result<Result<Vec<Snapshot>, migrate::Error>> {
    let mut scratch = ScratchDatabase::create(server, way.revisions)?;
    for id in before.below {
        if let Err(error) = scratch.attempt(Target::Upgrade(id))? {
            return Ok(Err(error));
        }
        let node = before.revisions.graph().find(id);
        for fixture in before.fixtures.iter().filter(|fixture| Some(fixture.revision) == node) {
            fixture.load(scratch.probe()?)?;
        }
    }
    let mut snapshots = Vec::new();
    for leg in &way.legs {
        let targets = match leg {
            Leg::Upgrade(id) => vec![Target::Upgrade(id)],
            Leg::Revert(ids) => {
                let nodes = ids.iter().filter_map(|id| way.revisions.graph().find(id));
                nodes.map(Target::Revert).collect()
            }
        };
        for target in targets {
            if let Err(error) = scratch.attempt(target)? {
                return Ok(Err(error));
            }
        }
        snapshots.push(snapshot(server, catalog, &mut scratch)?);
    }
    Ok(Ok(snapshots))
}

fn snapshot(server: &Server, catalog: &Catalog, scratch: &mut ScratchDatabase<'_>) -> Result<Snapshot> {
    let mut state = State::read(server, catalog, scratch)?;
    state.read_schema(scratch)?;
    // The rows are read in a copy, which can lose the engine's tables.
    let mut copy = scratch.copy()?;
    let tables = copy.tables()?.join(", ");
    let session = copy.probe()?;
    session.send(&format!("DROP TABLE IF EXISTS {tables}"))?;
    Ok(Snapshot { state, contents: Contents::read(session)? })
}
