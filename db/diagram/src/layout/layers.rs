//! Which layer each box is in: to the right of all that it refers to, in layers that are not too high.

use super::{Line, Size};

/// What lines and the space around boxes add to the width of a layer and the height of a box.
const CHANNEL: i64 = 110;
const GAP: i32 = 28;

/// The layer of each box, from the left.
pub(super) fn assign(sizes: &[Size], lines: &[Line], aspect: i64) -> Vec<usize> {
    let graph = Acyclic::new(sizes.len(), lines);
    let most = height(sizes, aspect);
    let mut layers = Layers { used: Vec::new(), most, of: vec![0; sizes.len()] };
    for node in graph.order() {
        let first = graph.left[node].iter().map(|&left| layers.of[left] + 1).max().unwrap_or(0);
        layers.put(node, first, sizes[node].height + GAP);
    }
    // A box that others refer to is next to the first of them, unless what it refers to is nearer.
    for _ in 0..3 {
        for node in graph.order().into_iter().rev() {
            let Some(last) = graph.right[node].iter().map(|&right| layers.of[right] - 1).min() else { continue };
            if graph.left[node].len() < graph.right[node].len() {
                layers.move_right(node, last, sizes[node].height + GAP);
            }
        }
    }
    without_empty(layers.of)
}

/// How high a layer may be, so that the whole drawing has about the right proportions.
fn height(sizes: &[Size], aspect: i64) -> i32 {
    let count = i64::try_from(sizes.len()).unwrap_or(i64::MAX).max(1);
    let sum = |of: fn(&Size) -> i32| sizes.iter().map(|size| i64::from(of(size))).sum::<i64>();
    let width = sum(|size| size.width) / count + CHANNEL;
    let total = sum(|size| size.height + GAP);
    let height = (total * width * 100 / aspect).isqrt();
    let tallest = sizes.iter().map(|size| size.height + GAP).max().unwrap_or(0);
    i32::try_from(height).unwrap_or(i32::MAX / 2).max(tallest)
}

fn without_empty(mut layer_of: Vec<usize>) -> Vec<usize> {
    let mut used: Vec<usize> = layer_of.clone();
    used.sort_unstable();
    used.dedup();
    for layer in &mut layer_of {
        *layer = used.binary_search(layer).unwrap_or_default();
    }
    layer_of
}

struct Layers {
    /// The height of what is in each layer.
    used: Vec<i32>,
    most: i32,
    of: Vec<usize>,
}

impl Layers {
    fn has_room(&self, layer: usize, height: i32) -> bool {
        self.used.get(layer).is_none_or(|&used| used == 0 || used + height <= self.most)
    }

    fn put(&mut self, node: usize, first: usize, height: i32) {
        let layer = (first..).find(|&layer| self.has_room(layer, height)).unwrap_or(first);
        if self.used.len() <= layer {
            self.used.resize(layer + 1, 0);
        }
        self.used[layer] += height;
        self.of[node] = layer;
    }

    fn move_right(&mut self, node: usize, last: usize, height: i32) {
        let now = self.of[node];
        if let Some(layer) = (now + 1..=last).rev().find(|&layer| self.has_room(layer, height)) {
            self.used[now] -= height;
            self.used[layer] += height;
            self.of[node] = layer;
        }
    }
}

/// The boxes to the left and to the right of each, without circles.
struct Acyclic {
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
}

impl Acyclic {
    /// A line leads to the left, except for those that would close a circle.
    fn new(nodes: usize, lines: &[Line]) -> Self {
        let mut targets = vec![Vec::new(); nodes];
        let mut is_referred_to = vec![false; nodes];
        for line in lines.iter().filter(|line| line.from.node != line.to.node) {
            targets[line.from.node].push(line.to.node);
            is_referred_to[line.to.node] = true;
        }
        for list in &mut targets {
            list.sort_unstable();
            list.dedup();
        }
        let mut graph = Self { left: vec![Vec::new(); nodes], right: vec![Vec::new(); nodes] };
        // 0: not seen, 1: on the path, 2: done.
        let mut state = vec![0_u8; nodes];
        let mut roots: Vec<usize> = (0..nodes).collect();
        roots.sort_by_key(|&node| is_referred_to[node]);
        for root in roots {
            let mut path = if state[root] == 0 { vec![(root, 0)] } else { Vec::new() };
            while let Some((node, next)) = path.pop() {
                state[node] = 1;
                let Some(&target) = targets[node].get(next) else {
                    state[node] = 2;
                    continue;
                };
                path.push((node, next + 1));
                match state[target] {
                    1 => graph.add(node, target),
                    _ => graph.add(target, node),
                }
                if state[target] == 0 {
                    path.push((target, 0));
                }
            }
        }
        graph
    }

    fn add(&mut self, left: usize, right: usize) {
        self.left[right].push(left);
        self.right[left].push(right);
    }

    /// All boxes, each after those to its left; by how many are before them, the ones with most lines first.
    fn order(&self) -> Vec<usize> {
        let mut missing: Vec<usize> = self.left.iter().map(Vec::len).collect();
        let mut ready: Vec<usize> = (0..missing.len()).filter(|&node| missing[node] == 0).collect();
        let mut order = Vec::with_capacity(missing.len());
        while !ready.is_empty() {
            ready.sort_by_key(|&node| {
                (std::cmp::Reverse(self.right[node].len()), self.left[node].iter().max().copied(), node)
            });
            let mut next = Vec::new();
            for &node in &ready {
                for &right in &self.right[node] {
                    missing[right] -= 1;
                    if missing[right] == 0 {
                        next.push(right);
                    }
                }
            }
            order.append(&mut ready);
            ready = next;
        }
        order
    }
}
