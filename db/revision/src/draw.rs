//! Draws the graph next to the descriptions of its revisions, as `git log --graph` does.

use crate::graph::RevisionGraph;
use crate::node::Node;

impl RevisionGraph {
    /// Draws the revisions in the given order (newest first), each with its text from `label`. Continuation lines of a
    /// multi-line text stay in the revision's lane.
    pub fn draw(&self, nodes: &[Node], label: &dyn Fn(Node) -> String) -> Vec<String> {
        let mut shown = self.empty_set();
        shown.extend(nodes.iter().copied());
        let mut output = Vec::new();
        // For each lane, the next revision to draw in it.
        let mut lanes: Vec<Node> = Vec::new();
        for &node in nodes {
            let lane = lanes.iter().position(|&waiting| waiting == node).unwrap_or_else(|| {
                lanes.push(node);
                lanes.len() - 1
            });
            // Other lanes waiting for the same revision end here.
            while let Some(other) = lanes.iter().rposition(|&waiting| waiting == node).filter(|&other| other != lane) {
                output.push(converge(lanes.len(), lane, other));
                lanes.remove(other);
            }
            let text = label(node);
            for (index, line) in text.lines().enumerate() {
                let mark = if index == 0 { '*' } else { '|' };
                let is_last = index > 0 && self.down(node).iter().all(|&down| !shown.contains(down));
                let lane_text = |at: usize| match at {
                    at if at == lane && is_last => ' ',
                    at if at == lane => mark,
                    _ => '|',
                };
                let drawn: Vec<String> = (0..lanes.len()).map(|at| lane_text(at).to_string()).collect();
                output.push(format!("{} {line}", drawn.join(" ")).trim_end().to_owned());
            }
            let parents: Vec<Node> = self.down(node).iter().copied().filter(|&down| shown.contains(down)).collect();
            match parents.split_first() {
                None => {
                    if lane + 1 < lanes.len() {
                        output.push(close(lanes.len(), lane));
                    }
                    lanes.remove(lane);
                }
                Some((&first, rest)) => {
                    lanes[lane] = first;
                    for (added, &parent) in rest.iter().enumerate() {
                        output.push(diverge(lanes.len(), lane + added));
                        lanes.insert(lane + added + 1, parent);
                    }
                }
            }
        }
        output
    }
}

/// Lane `other` joins lane `lane` on its left: `|/`, or `|_/` across the lanes in between.
fn converge(lanes: usize, lane: usize, other: usize) -> String {
    let mut drawn = vec![b' '; lanes * 2];
    for at in (0..lanes).filter(|&at| at != other) {
        drawn[if at > other { at * 2 - 2 } else { at * 2 }] = b'|';
        if at > other {
            drawn[at * 2 - 2] = b' ';
            drawn[at * 2 - 1] = b'/';
        }
    }
    drawn[other * 2 - 1] = b'/';
    for between in lane + 1..other {
        drawn[between * 2 - 1] = b'_';
    }
    text(drawn)
}

/// Opens a new lane to the right of `lane`: `|\`.
fn diverge(lanes: usize, lane: usize) -> String {
    let mut drawn = vec![b' '; lanes * 2 + 2];
    for at in 0..lanes {
        drawn[at * 2] = if at <= lane { b'|' } else { b' ' };
        if at > lane {
            drawn[at * 2 + 1] = b'\\';
        }
    }
    drawn[lane * 2 + 1] = b'\\';
    text(drawn)
}

/// Closes `lane`; the lanes to its right shift left: ` /`.
fn close(lanes: usize, lane: usize) -> String {
    let mut drawn = vec![b' '; lanes * 2];
    for at in 0..lanes {
        match at {
            at if at < lane => drawn[at * 2] = b'|',
            at if at > lane => drawn[at * 2 - 1] = b'/',
            _ => {}
        }
    }
    text(drawn)
}

fn text(drawn: Vec<u8>) -> String {
    String::from_utf8(drawn).unwrap_or_default().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use crate::file::RevisionFile;
    use crate::graph::{Revision, RevisionGraph};
    use crate::header::Header;

    fn drawing(revisions: &[(&str, &[&str])]) -> String {
        let revision = |&(id, down): &(&str, &[&str])| {
            let revises = down.iter().map(|&down| down.to_owned()).collect();
            let header = Header { revision: id.to_owned(), revises, ..Header::default() };
            Revision::new(header, RevisionFile::in_memory(id, ""))
        };
        let graph = RevisionGraph::new(revisions.iter().map(revision).collect()).expect("a valid graph");
        let nodes = graph.walk_revisions("base", "heads").expect("the whole history");
        graph.draw(&nodes, &|node| graph.id(node).to_owned()).join("\n")
    }

    #[test]
    fn draws_linear_history() {
        assert_eq!(drawing(&[("a", &[]), ("b", &["a"])]), "* b\n* a");
    }

    #[test]
    fn draws_a_branch_and_a_merge() {
        let graph: &[(&str, &[&str])] = &[("a", &[]), ("b", &["a"]), ("c", &["a"]), ("d", &["b", "c"])];
        assert_eq!(drawing(graph), "* d\n|\\\n* | b\n| * c\n|/\n* a");
    }

    #[test]
    fn draws_unrelated_revisions() {
        assert_eq!(drawing(&[("a", &[]), ("b", &[])]), "* a\n* b");
    }
}
