//! How far from the top each vertex is: in line with what it is connected to, if its neighbors leave room for that.
//!
//! The places of a layer that are nearest to those wanted, in a fixed order and with fixed distances, are a regression:
//! where vertices want to overlap, they form a block that is placed at the median of what its members want.

use super::End;
use super::nets::Nets;

/// How often layers are moved: less often if there are many vertices.
const ROUNDS: usize = 10;
const FEW_ROUNDS: usize = 3;
const MANY: usize = 3_000;

/// The distance between two boxes, a box and a line, and two lines.
const BOXES: i32 = 28;
const BOX_AND_LINE: i32 = 14;
const LINES: i32 = 10;

/// The distance of each vertex from the top.
pub(super) fn tops(nets: &Nets) -> Vec<i32> {
    let mut placer = Placer::new(nets);
    let rounds = if nets.vertices.len() > MANY { FEW_ROUNDS } else { ROUNDS };
    for round in 0..rounds {
        let is_last = round + 1 == rounds;
        (0..nets.layers.len()).for_each(|layer| placer.place(layer, true, is_last));
        (0..nets.layers.len()).rev().for_each(|layer| placer.place(layer, is_last, true));
    }
    let least = placer.tops.iter().copied().min().unwrap_or(0);
    placer.tops.iter().map(|top| top - least).collect()
}

struct Placer<'n> {
    nets: &'n Nets,
    tops: Vec<i32>,
    /// For each vertex, the end of another one that it is connected to, and its own.
    left: Vec<Vec<(End, i32)>>,
    right: Vec<Vec<(End, i32)>>,
}

/// Vertices that touch.
struct Block {
    /// How many.
    count: usize,
    /// Sorted.
    wanted: Vec<i32>,
}

impl Block {
    fn top(&self) -> i32 {
        self.wanted[(self.wanted.len() - 1) / 2]
    }
}

impl<'n> Placer<'n> {
    fn new(nets: &'n Nets) -> Self {
        let count = nets.vertices.len();
        let (mut left, mut right) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for section in nets.gaps.iter().flatten() {
            for &one in &section.left {
                for &other in &section.right {
                    right[one.node].push((other, one.y));
                    left[other.node].push((one, other.y));
                }
            }
        }
        let mut placer = Self { nets, tops: vec![0; count], left, right };
        for layer in &nets.layers {
            let offsets = placer.offsets(layer);
            layer.iter().zip(offsets).for_each(|(&vertex, offset)| placer.tops[vertex] = offset);
        }
        placer
    }

    /// How far each vertex of a layer is from the first one if all touch.
    fn offsets(&self, layer: &[usize]) -> Vec<i32> {
        let mut offset = 0;
        let mut offsets = Vec::with_capacity(layer.len());
        for (place, &vertex) in layer.iter().enumerate() {
            if let Some(&above) = place.checked_sub(1).and_then(|above| layer.get(above)) {
                let (one, other) = (&self.nets.vertices[above], &self.nets.vertices[vertex]);
                let gap = match (one.node, other.node) {
                    (Some(_), Some(_)) => BOXES,
                    (None, None) => LINES,
                    _ => BOX_AND_LINE,
                };
                offset += one.height + gap;
            }
            offsets.push(offset);
        }
        offsets
    }

    /// Moves the vertices of a layer near to what they are connected to on these sides.
    fn place(&mut self, layer: usize, by_left: bool, by_right: bool) {
        let layer = &self.nets.layers[layer];
        let offsets = self.offsets(layer);
        let mut blocks: Vec<Block> = Vec::new();
        for (&vertex, &offset) in layer.iter().zip(&offsets) {
            let mut block = Block { count: 1, wanted: self.wanted(vertex, by_left, by_right) };
            block.wanted.iter_mut().for_each(|top| *top -= offset);
            while let Some(above) = blocks.pop_if(|above| above.top() > block.top()) {
                block.count += above.count;
                block.wanted.extend(above.wanted);
                block.wanted.sort_unstable();
            }
            blocks.push(block);
        }
        let mut vertices = layer.iter().zip(offsets);
        for block in &blocks {
            for (&vertex, offset) in vertices.by_ref().take(block.count) {
                self.tops[vertex] = block.top() + offset;
            }
        }
    }

    /// Where a vertex wants to be; where it is, if it is not connected. Sorted.
    fn wanted(&self, vertex: usize, by_left: bool, by_right: bool) -> Vec<i32> {
        let left = self.left[vertex].iter().filter(|_| by_left);
        let right = self.right[vertex].iter().filter(|_| by_right);
        let mut wanted: Vec<i32> = left.chain(right).map(|(end, own)| self.tops[end.node] + end.y - own).collect();
        if wanted.is_empty() {
            wanted.push(self.tops[vertex]);
        }
        // A line that passes has no end of its own to be seen at: it had better be straight.
        if self.nets.vertices[vertex].node.is_none() {
            wanted = wanted.iter().flat_map(|&top| [top; 3]).collect();
        }
        wanted.sort_unstable();
        wanted
    }
}
