//! Compares the planner with Alembic's own results on random graphs.
//!
//! `alembic/generate.py` runs Alembic to create `alembic/vectors.jsonl`; set `ALEMBIC_VECTORS=FILE` to use another file. Each line
//! is a graph in file order and its cases. Where Alembic crashes, an error or a consistent plan is expected; where it only warns
//! that `downgrade -1` is ambiguous, the error that lists the heads.

use std::collections::BTreeSet;
use std::path::PathBuf;

use revision::{Header, Node, Plan, Position, Revision, RevisionFile, RevisionGraph, TargetError, VersionChange};
use serde_json::Value;

fn strings(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("a list of strings").to_owned();
    value.as_array().map(|list| list.iter().map(text).collect()).unwrap_or_default()
}

fn graph_of(value: &Value) -> RevisionGraph {
    let revision = |value: &Value| {
        let header = Header {
            revision: value["id"].as_str().expect("an id").to_owned(),
            revises: strings(&value["down"]),
            depends_on: strings(&value["deps"]),
            branch_labels: strings(&value["labels"]),
            ..Header::default()
        };
        Revision::new(header, RevisionFile::in_memory("", ""))
    };
    RevisionGraph::new(value.as_array().expect("a list").iter().map(revision).collect())
        .expect("Alembic accepted this graph")
}

/// The version rows that a step removes and adds. Which row of a merge Alembic updates is arbitrary.
fn effect(changes: impl IntoIterator<Item = (Option<String>, Option<String>)>) -> (BTreeSet<String>, BTreeSet<String>) {
    let (removed, added): (Vec<_>, Vec<_>) = changes.into_iter().unzip();
    (removed.into_iter().flatten().collect(), added.into_iter().flatten().collect())
}

fn table_of(graph: &RevisionGraph, changes: &[VersionChange]) -> Vec<Vec<String>> {
    let id = |node: Node| graph.id(node).to_owned();
    let row = |change: &VersionChange| match *change {
        VersionChange::Insert(node) => vec!["insert".to_owned(), id(node)],
        VersionChange::Delete(node) => vec!["delete".to_owned(), id(node)],
        VersionChange::Update { from, to } => vec!["update".to_owned(), id(from), id(to)],
    };
    changes.iter().map(row).collect()
}

fn pairs(table: &[Vec<String>]) -> impl Iterator<Item = (Option<String>, Option<String>)> {
    table.iter().map(|row| match row[0].as_str() {
        "insert" => (None, Some(row[1].clone())),
        "delete" => (Some(row[1].clone()), None),
        _ => (Some(row[1].clone()), Some(row[2].clone())),
    })
}

fn heads_after(graph: &RevisionGraph, plan: &Plan) -> Vec<BTreeSet<String>> {
    let mut heads: BTreeSet<String> = plan.from.iter().map(|&node| graph.id(node).to_owned()).collect();
    let mut after = Vec::new();
    for step in &plan.steps {
        for (removed, added) in pairs(&table_of(graph, &step.changes)) {
            removed.inspect(|id| assert!(heads.remove(id), "a missing row is removed"));
            added.inspect(|id| assert!(heads.insert(id.clone()), "a row is inserted twice"));
        }
        after.push(heads.clone());
    }
    after
}

fn set(value: &Value) -> BTreeSet<String> {
    strings(value).into_iter().collect()
}

fn compare_plan(graph: &RevisionGraph, case: &Value, plan: Result<Plan, TargetError>) -> Result<(), String> {
    let expect = &case["expect"];
    let warned = !strings(&expect["warnings"]).is_empty();
    match plan {
        Err(TargetError::AmbiguousDowngrade { heads, .. }) if warned => {
            let listed: BTreeSet<String> = heads.into_iter().map(|(id, _)| id).collect();
            if listed == set(&case["from"]) { Ok(()) } else { Err(format!("the error lists {listed:?}")) }
        }
        _ if warned => Err("the ambiguity is not an error".to_owned()),
        Err(error) if expect["error"].is_null() => Err(format!("error: {error}")),
        Err(_) => Ok(()),
        Ok(plan) if case["stability"] == "alembic-crash" => {
            let after = heads_after(graph, &plan);
            let heads: BTreeSet<String> = plan.heads.iter().map(|&node| graph.id(node).to_owned()).collect();
            if after.last().is_none_or(|last| *last == heads) {
                Ok(())
            } else {
                Err("the plan is inconsistent".to_owned())
            }
        }
        Ok(plan) if !expect["error"].is_null() => Err(format!("expected an error, but got {plan:?}")),
        Ok(plan) => {
            let heads: BTreeSet<String> = plan.heads.iter().map(|&node| graph.id(node).to_owned()).collect();
            let steps = expect["plan"].as_array().expect("a plan");
            if heads != set(&expect["heads"]) || steps.len() != plan.steps.len() {
                return Err(format!("{plan:?}"));
            }
            let after = heads_after(graph, &plan);
            for ((expected, step), after) in steps.iter().zip(&plan.steps).zip(after) {
                let revision = step.revision.map(|node| graph.id(node));
                let table: Vec<Vec<String>> =
                    expected["table"].as_array().expect("a table").iter().map(strings).collect();
                let own = table_of(graph, &step.changes);
                let same = own == table
                    || (case["stability"] == "tableops-any-order" && effect(pairs(&own)) == effect(pairs(&table)));
                if revision != expected["rev"].as_str() || after != set(&expected["heads"]) || !same {
                    return Err(format!("step {step:?}, heads {after:?}"));
                }
            }
            Ok(())
        }
    }
}

fn compare_places(
    graph: &RevisionGraph,
    case: &Value,
    found: Result<Vec<Option<Position>>, TargetError>,
) -> Result<(), String> {
    let expect = &case["expect"];
    let name = |place: Option<Position>| match place {
        None => Value::Null,
        Some(Position::Base) => Value::from("base"),
        Some(Position::At(node)) => Value::from(graph.id(node)),
    };
    match found {
        Err(error) if expect["error"].is_null() => Err(format!("error: {error}")),
        Err(_) => Ok(()),
        Ok(_) if case["stability"] == "alembic-crash" => Ok(()),
        Ok(places) => {
            let names: Value = places.into_iter().map(name).collect();
            if expect["error"].is_null() && names == expect["revs"] { Ok(()) } else { Err(format!("{names}")) }
        }
    }
}

fn compare_map(graph: &RevisionGraph, expect: &Value) -> Result<(), String> {
    let ids = |nodes: &mut dyn Iterator<Item = Node>| nodes.map(|node| graph.id(node).to_owned()).collect::<Vec<_>>();
    let set_of = |nodes: &mut dyn Iterator<Item = Node>| ids(nodes).into_iter().collect::<BTreeSet<_>>();
    let same = set_of(&mut graph.heads()) == set(&expect["heads"])
        && set_of(&mut graph.real_heads()) == set(&expect["real_heads"])
        && set_of(&mut graph.bases()) == set(&expect["bases"])
        && graph.nodes().all(|node| graph.branch_labels(node) == strings(&expect["labels"][graph.id(node)]));
    if same { Ok(()) } else { Err("the graph differs".to_owned()) }
}

fn compare(graph: &RevisionGraph, case: &Value) -> Result<(), String> {
    let target = case["target"].as_str();
    let from = || graph.rows(strings(&case["from"]).iter().map(String::as_str)).expect("rows of this graph");
    match case["cmd"].as_str().expect("a command") {
        "upgrade" => compare_plan(graph, case, graph.plan_upgrade(&from(), target.expect("a target"))),
        "downgrade" => compare_plan(graph, case, graph.plan_downgrade(&from(), target.expect("a target"))),
        "stamp" => compare_plan(graph, case, graph.plan_stamp(&from(), [target.expect("a target")])),
        "resolve" => compare_places(graph, case, graph.places(target.expect("a target"))),
        "walk" => {
            let (lower, upper) = (case["target"][0].as_str(), case["target"][1].as_str());
            let nodes = graph.walk_revisions(lower.unwrap_or("base"), upper.unwrap_or("heads"));
            let places = nodes.map(|nodes| nodes.into_iter().map(|node| Some(Position::At(node))).collect());
            compare_places(graph, case, places)
        }
        "map" => compare_map(graph, &case["expect"]),
        other => panic!("unknown command {other}"),
    }
}

#[test]
fn agrees_with_alembic() {
    let file = std::env::var_os("ALEMBIC_VECTORS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/alembic/vectors.jsonl"), PathBuf::from);
    let text = std::fs::read_to_string(&file).expect("readable vectors");
    let (mut count, mut failures) = (0, Vec::new());
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let graph = graph_of(&line["graph"]);
        for case in line["cases"].as_array().expect("a list") {
            count += 1;
            if let Err(difference) = compare(&graph, case) {
                failures.push(format!("{}\n{case}\n-> {difference}", line["graph"]));
            }
        }
    }
    assert!(count > 1000, "only {count} vectors in {}", file.display());
    let shown = failures.iter().take(5).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(failures.is_empty(), "{} of {count} differ:\n{shown}", failures.len());
}
