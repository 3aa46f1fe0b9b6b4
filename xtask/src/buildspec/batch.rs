//! Checks the builds of a batch, beyond their keys: one type, unique identifiers, and dependencies that can be met.

use std::collections::BTreeMap;

use super::yaml::{Problem, YamlNode};

/// The types of a batch.
const TYPES: [&str; 4] = ["build-list", "build-matrix", "build-graph", "build-fanout"];

pub(super) fn check(batch: &YamlNode, problems: &mut Vec<Problem>) {
    let types: Vec<&str> = TYPES.into_iter().filter(|name| batch.get(name).is_some()).collect();
    match types[..] {
        [_] => {}
        [] => {
            let message = format!("`batch` requires one of `{}`", TYPES.join("`, `"));
            problems.push(Problem::at(batch, message));
        }
        _ => problems.push(Problem::at(batch, format!("`batch` has several types: `{}`", types.join("`, `")))),
    }
    for name in ["build-list", "build-graph"] {
        let builds = batch.get(name).map(YamlNode::items).unwrap_or_default();
        identifiers(builds, problems);
        builds.iter().for_each(|build| compute(build, problems));
        dependencies(builds, problems);
    }
}

fn identifiers(builds: &[YamlNode], problems: &mut Vec<Problem>) {
    let mut known = Vec::new();
    for identifier in builds.iter().filter_map(|build| build.get("identifier")) {
        let Some(text) = identifier.text() else { continue };
        if known.contains(&text) {
            problems.push(Problem::at(identifier, format!("duplicate identifier `{text}`")));
        }
        known.push(text);
    }
}

/// CodeBuild accepts a compute type or a fleet, not both.
fn compute(build: &YamlNode, problems: &mut Vec<Problem>) {
    let Some(env) = build.get("env") else { return };
    if let (Some(_), Some(fleet)) = (env.get("compute-type"), env.get("fleet")) {
        problems.push(Problem::at(fleet, "a build cannot have both `compute-type` and `fleet`"));
    }
}

/// The identifiers in `depend-on`, by the identifier of the build.
type Dependencies<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a YamlNode)>>;

fn dependencies(builds: &[YamlNode], problems: &mut Vec<Problem>) {
    let named = builds.iter().filter_map(|build| Some((build.get("identifier")?.text()?, build)));
    let graph: Dependencies<'_> = named
        .map(|(identifier, build)| {
            let items = build.get("depend-on").map(YamlNode::items).unwrap_or_default();
            (identifier, items.iter().filter_map(|item| Some((item.text()?, item))).collect())
        })
        .collect();
    for (name, node) in graph.values().flatten() {
        if !graph.contains_key(name) {
            problems.push(Problem::at(node, format!("no build has the identifier `{name}`")));
        }
    }
    let mut finished = Vec::new();
    for identifier in graph.keys() {
        visit(&graph, identifier, &mut Vec::new(), &mut finished, problems);
    }
}

/// Follows the dependencies of a build, and reports each that leads back to a build on the path.
fn visit<'a>(
    graph: &Dependencies<'a>,
    identifier: &'a str,
    path: &mut Vec<&'a str>,
    finished: &mut Vec<&'a str>,
    problems: &mut Vec<Problem>,
) {
    if finished.contains(&identifier) {
        return;
    }
    path.push(identifier);
    for &(next, node) in graph.get(identifier).into_iter().flatten() {
        match path.iter().position(|known| *known == next) {
            Some(start) => {
                let circle = format!("`{}` → `{next}`", path[start..].join("` → `"));
                problems.push(Problem::at(node, format!("circular dependency: {circle}")));
            }
            None => visit(graph, next, path, finished, problems),
        }
    }
    path.pop();
    finished.push(identifier);
}
