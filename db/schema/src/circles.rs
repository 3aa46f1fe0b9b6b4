//! The circles of a graph: its strongly connected components, found with Tarjan's algorithm.

/// For each node, the nodes that it needs, sorted.
pub(crate) type Graph = Vec<Vec<usize>>;

/// The nodes that need each other.
pub(crate) struct Circles {
    /// The number of the component of each node.
    component_of: Vec<usize>,
    /// The nodes of each component.
    components: Vec<Vec<usize>>,
}

impl Circles {
    pub(crate) fn of(graph: &Graph) -> Self {
        let mut search = Search {
            graph,
            reached: vec![None; graph.len()],
            lowest: vec![0; graph.len()],
            open: Vec::new(),
            circles: Self { component_of: vec![usize::MAX; graph.len()], components: Vec::new() },
        };
        let mut count = 0;
        for node in 0..graph.len() {
            if search.reached[node].is_none() {
                count = search.visit(node, count);
            }
        }
        search.circles
    }

    /// Whether two nodes are in the same circle.
    pub(crate) fn share(&self, one: usize, other: usize) -> bool {
        self.component_of[one] == self.component_of[other]
    }

    /// All nodes that are in a circle.
    pub(crate) fn members(&self) -> impl Iterator<Item = usize> {
        self.components.iter().filter(|nodes| nodes.len() > 1).flatten().copied()
    }

    /// The nodes of the first circle.
    pub(crate) fn first(&self) -> Option<Vec<usize>> {
        self.components.iter().find(|nodes| nodes.len() > 1).cloned()
    }
}

struct Search<'a> {
    graph: &'a Graph,
    /// When a node was reached.
    reached: Vec<Option<usize>>,
    /// The earliest node that can be reached from a node.
    lowest: Vec<usize>,
    /// Nodes without a component yet.
    open: Vec<usize>,
    circles: Circles,
}

impl Search<'_> {
    /// Visits what can be reached from a node, without recursion: a chain of objects may be long.
    fn visit(&mut self, start: usize, mut count: usize) -> usize {
        let graph = self.graph;
        let mut path = vec![(start, graph[start].iter())];
        self.enter(start, &mut count);
        while let Some((node, rest)) = path.last_mut() {
            let node = *node;
            match rest.next() {
                Some(&next) if self.reached[next].is_none() => {
                    self.enter(next, &mut count);
                    path.push((next, graph[next].iter()));
                }
                Some(&next) => {
                    if let (Some(reached), usize::MAX) = (self.reached[next], self.circles.component_of[next]) {
                        self.lowest[node] = self.lowest[node].min(reached);
                    }
                }
                None => {
                    path.pop();
                    if let Some(&(parent, _)) = path.last() {
                        self.lowest[parent] = self.lowest[parent].min(self.lowest[node]);
                    }
                    if self.reached[node] == Some(self.lowest[node]) {
                        self.close(node);
                    }
                }
            }
        }
        count
    }

    fn enter(&mut self, node: usize, count: &mut usize) {
        self.reached[node] = Some(*count);
        self.lowest[node] = *count;
        self.open.push(node);
        *count += 1;
    }

    /// Makes a component of the nodes since this one.
    fn close(&mut self, first: usize) {
        let start = self.open.iter().rposition(|&node| node == first).unwrap_or_default();
        let nodes = self.open.split_off(start);
        nodes.iter().for_each(|&node| self.circles.component_of[node] = self.circles.components.len());
        self.circles.components.push(nodes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let mut graph: Graph = vec![Vec::new(); 6];
        edges.iter().for_each(|&(from, to)| graph[from].push(to));
        let mut found: Vec<Vec<usize>> =
            Circles::of(&graph).components.into_iter().filter(|nodes| nodes.len() > 1).collect();
        found.iter_mut().for_each(|nodes| nodes.sort_unstable());
        found.sort_unstable();
        found
    }

    #[test]
    fn nodes_that_need_each_other_are_a_circle() {
        assert_eq!(circles(&[(0, 1), (1, 2), (0, 2)]), [[0; 0]; 0]);
        assert_eq!(circles(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4)]), [[0, 1, 2]]);
        assert_eq!(circles(&[(5, 4), (4, 5), (4, 3), (0, 1), (1, 0), (1, 4)]), [[0, 1], [4, 5]]);
        assert_eq!(circles(&[(0, 1), (1, 2), (2, 1), (2, 3), (3, 0)]), [[0, 1, 2, 3]]);
    }
}
