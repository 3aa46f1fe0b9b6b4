//! Sorts each layer so that few lines cross: by the mean place of what each vertex is connected to, back and forth, and then
//! by swapping neighbors.

use super::End;
use super::nets::{Nets, Vertex};

/// The ends that a section connects, in each gap.
type Pairs = Vec<Vec<(End, End)>>;

/// How often layers are sorted: less often if there is much to sort.
const SWEEPS: usize = 24;
const FEW_SWEEPS: usize = 6;
const MANY: usize = 3_000;

/// How far a vertex is from the next one, in the unit of ends.
const STEP: i64 = 1_000;

/// Sorts all layers.
pub(super) fn sort(nets: &mut Nets) {
    let pairs = pairs(nets);
    let total: usize = pairs.iter().map(Vec::len).sum();
    let (sweeps, rounds) = if total > MANY { (FEW_SWEEPS, 1) } else { (SWEEPS, 6) };
    let mut sorter = Sorter::new(nets, &pairs);
    sorter.set(nets.layers.iter().map(|layer| lines_in_the_middle(nets, layer)).collect());
    let mut best = (sorter.crossings(), sorter.layers.clone());
    for sweep in 0..sweeps {
        sorter.sweep(sweep % 2 == 0);
        if sweep % 4 == 3 {
            sorter.swap_neighbors(rounds);
        }
        let crossings = sorter.crossings();
        if crossings < best.0 {
            best = (crossings, sorter.layers.clone());
        }
    }
    sorter.set(best.1);
    sorter.swap_neighbors(rounds);
    nets.layers = sorter.layers;
}

/// A layer with the lines that pass between its boxes. At its edge, they would lead the layers up or down like a staircase.
fn lines_in_the_middle(nets: &Nets, layer: &[usize]) -> Vec<usize> {
    let (boxes, lines): (Vec<usize>, Vec<usize>) =
        layer.iter().partition(|&&vertex| nets.vertices[vertex].node.is_some());
    let (above, below) = boxes.split_at(boxes.len() / 2);
    [above, &lines, below].concat()
}

fn pairs(nets: &Nets) -> Pairs {
    let of_gap = |sections: &Vec<super::nets::Section>| {
        let of_section = |section: &super::nets::Section| {
            let rights = section.right.clone();
            let lefts = section.left.clone();
            lefts.into_iter().flat_map(move |left| rights.clone().into_iter().map(move |right| (left, right)))
        };
        sections.iter().flat_map(of_section).collect()
    };
    nets.gaps.iter().map(of_gap).collect()
}

struct Sorter<'p> {
    vertices: Vec<Vertex>,
    layers: Vec<Vec<usize>>,
    /// The place of each vertex in its layer.
    index: Vec<i64>,
    pairs: &'p Pairs,
    /// What each vertex is connected to on its left and on its right: its own end, and the other.
    left: Vec<Vec<(i32, End)>>,
    right: Vec<Vec<(i32, End)>>,
}

impl<'p> Sorter<'p> {
    fn new(nets: &Nets, pairs: &'p Pairs) -> Self {
        let count = nets.vertices.len();
        let (mut left, mut right) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for &(one, other) in pairs.iter().flatten() {
            right[one.node].push((one.y, other));
            left[other.node].push((other.y, one));
        }
        let vertices = nets.vertices.clone();
        let mut sorter = Self { vertices, layers: Vec::new(), index: vec![0; count], pairs, left, right };
        sorter.set(nets.layers.clone());
        sorter
    }

    fn set(&mut self, layers: Vec<Vec<usize>>) {
        self.layers = layers;
        (0..self.layers.len()).for_each(|layer| self.number(layer));
    }

    fn number(&mut self, layer: usize) {
        for (&vertex, index) in self.layers[layer].iter().zip(0..) {
            self.index[vertex] = index;
        }
    }

    fn place(&self, end: End) -> i64 {
        let height = i64::from(self.vertices[end.node].height.max(1));
        self.index[end.node] * STEP + i64::from(end.y) * STEP / height
    }

    /// Sorts every layer by the one before it, from the left or from the right.
    fn sweep(&mut self, from_left: bool) {
        let order: Vec<usize> = match from_left {
            true => (0..self.layers.len()).collect(),
            false => (0..self.layers.len()).rev().collect(),
        };
        for layer in order {
            let sides = if from_left { &self.left } else { &self.right };
            let mut keyed: Vec<(i64, i64, usize)> = self.layers[layer]
                .iter()
                .map(|&vertex| {
                    let own = self.index[vertex];
                    let others = &sides[vertex];
                    let sum: i64 = others.iter().map(|&(_, end)| self.place(end)).sum();
                    let count = i64::try_from(others.len()).unwrap_or(i64::MAX);
                    (if count == 0 { own * STEP } else { sum / count }, own, vertex)
                })
                .collect();
            keyed.sort_unstable();
            self.layers[layer] = keyed.into_iter().map(|(_, _, vertex)| vertex).collect();
            self.number(layer);
        }
    }

    /// Swaps neighbors in a layer as long as fewer lines cross then.
    fn swap_neighbors(&mut self, rounds: usize) {
        for _ in 0..rounds {
            let mut is_better = false;
            for layer in 0..self.layers.len() {
                for place in 1..self.layers[layer].len() {
                    let (above, below) = (self.layers[layer][place - 1], self.layers[layer][place]);
                    let (now, swapped) = self.crossings_of(above, below);
                    if swapped < now {
                        is_better = true;
                        self.layers[layer].swap(place - 1, place);
                        self.index.swap(above, below);
                    }
                }
            }
            if !is_better {
                return;
            }
        }
    }

    /// How many lines of two neighbors cross, and how many would if they were swapped.
    fn crossings_of(&self, above: usize, below: usize) -> (usize, usize) {
        let (mut now, mut swapped) = (0, 0);
        for sides in [&self.left, &self.right] {
            let places = |vertex: usize| {
                let mut places: Vec<i64> = sides[vertex].iter().map(|&(_, end)| self.place(end)).collect();
                places.sort_unstable();
                places
            };
            let (one, other) = (places(above), places(below));
            now += one.iter().map(|&place| other.partition_point(|&it| it < place)).sum::<usize>();
            swapped += other.iter().map(|&place| one.partition_point(|&it| it < place)).sum::<usize>();
        }
        (now, swapped)
    }

    /// How many lines cross.
    fn crossings(&self) -> usize {
        self.pairs.iter().map(|pairs| self.crossings_in(pairs)).sum()
    }

    fn crossings_in(&self, pairs: &[(End, End)]) -> usize {
        let mut ends: Vec<(i64, i64)> =
            pairs.iter().map(|&(left, right)| (self.place(left), self.place(right))).collect();
        ends.sort_unstable();
        let mut rights: Vec<i64> = ends.iter().map(|&(_, right)| right).collect();
        rights.sort_unstable();
        rights.dedup();
        // How many of the ends so far are at each place or above it (a Fenwick tree).
        let mut counts = vec![0_usize; rights.len() + 1];
        let mut crossings = 0;
        let mut from = 0;
        while from < ends.len() {
            // Lines from one end do not cross.
            let next = ends[from..].iter().position(|end| end.0 != ends[from].0).map_or(ends.len(), |many| from + many);
            for &(_, right) in &ends[from..next] {
                let mut at = rights.partition_point(|&it| it <= right);
                let mut above = 0;
                while at > 0 {
                    above += counts[at];
                    at &= at - 1;
                }
                crossings += from - above;
            }
            for &(_, right) in &ends[from..next] {
                let mut at = rights.partition_point(|&it| it < right) + 1;
                while at < counts.len() {
                    counts[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
            from = next;
        }
        crossings
    }
}
