//! Lines in layers: those that lead to one place are a net, which passes the layers between as a single line.

use std::collections::{BTreeMap, HashMap};

use super::{End, Line, Size};

/// How far apart lines are that end at the same row and side of a box, and how far from the middle they may be.
const SPREAD: i32 = 10;
const FARTHEST: i32 = 8;

/// The height that a line needs between boxes.
pub(super) const PASS: i32 = 2;

/// What has a place in a layer: a box, or a net that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vertex {
    pub(super) layer: usize,
    pub(super) height: i32,
    /// The box, unless a net passes.
    pub(super) node: Option<usize>,
}

/// A part of a net between two layers: the ends on both sides are connected. Each end is a vertex and a distance from its top.
#[derive(Debug, Default, Clone)]
pub(super) struct Section {
    pub(super) left: Vec<End>,
    pub(super) right: Vec<End>,
}

/// How a line gets from its beginning to its end: the section in each gap, and the ends that it uses there.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) gap: usize,
    pub(super) section: usize,
    pub(super) from: End,
    pub(super) to: End,
}

/// The boxes in their layers, and what connects them.
#[derive(Debug)]
pub(super) struct Nets {
    pub(super) widths: Vec<i32>,
    pub(super) vertices: Vec<Vertex>,
    /// The vertices of each layer, from the top.
    pub(super) layers: Vec<Vec<usize>>,
    /// The sections in the gap to the right of each layer.
    pub(super) gaps: Vec<Vec<Section>>,
    /// The way of each line.
    pub(super) hops: Vec<Vec<Hop>>,
}

/// A side of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Side {
    Left,
    Right,
}

/// What leads to one end on one side of its box.
type NetKey = (End, u8, Side);

impl Nets {
    pub(super) fn new(sizes: &[Size], lines: &[Line], layer_of: &[usize]) -> Self {
        let count = layer_of.iter().max().map_or(0, |&last| last + 1);
        let vertices: Vec<Vertex> = sizes
            .iter()
            .zip(layer_of)
            .enumerate()
            .map(|(node, (size, &layer))| Vertex { layer, height: size.height, node: Some(node) })
            .collect();
        let mut layers = vec![Vec::new(); count];
        for (node, &layer) in layer_of.iter().enumerate() {
            layers[layer].push(node);
        }
        let widths = sizes.iter().map(|size| size.width).collect();
        let gaps = vec![Vec::new(); count];
        let mut nets = Self { widths, vertices, layers, gaps, hops: vec![Vec::new(); lines.len()] };
        nets.connect(lines, layer_of);
        nets
    }

    fn connect(&mut self, lines: &[Line], layer_of: &[usize]) {
        let mut keys: BTreeMap<NetKey, Vec<usize>> = BTreeMap::new();
        for (number, line) in lines.iter().enumerate() {
            let side = if layer_of[line.from.node] >= layer_of[line.to.node] { Side::Right } else { Side::Left };
            keys.entry((line.to, line.kind, side)).or_default().push(number);
        }
        let ports = Ports::new(lines, layer_of, &keys);
        for (&key, members) in &keys {
            let (to, _, side) = key;
            let target = ports.target(key);
            let (home, step) = (layer_of[to.node], if side == Side::Right { 1 } else { -1 });
            // The end of the net in each layer, from the target on.
            let mut trail = vec![target];
            let mut sections: HashMap<usize, usize> = HashMap::new();
            let mut members = members.clone();
            members.sort_by_key(|&line| layer_of[lines[line].from.node].abs_diff(home));
            for line in members {
                let source = lines[line].from.node;
                let distance = layer_of[source].abs_diff(home).max(1);
                while trail.len() < distance {
                    let layer = at(home, step, trail.len());
                    self.extend(&mut trail, layer, home, step, &mut sections);
                }
                let gap = gap_before(at(home, step, distance - 1), step);
                let section = self.section(gap, &mut sections, trail[distance - 1], step);
                let from = ports.source(line);
                let ends = &mut self.gaps[gap][section];
                // A line to its own box leaves it on the side where it arrives.
                if layer_of[source] == home || step < 0 {
                    ends.left.push(from)
                } else {
                    ends.right.push(from)
                }
                let mut hops = vec![Hop { gap, section, from, to: trail[distance - 1] }];
                for passed in (1..distance).rev() {
                    let gap = gap_before(at(home, step, passed - 1), step);
                    hops.push(Hop { gap, section: sections[&gap], from: trail[passed], to: trail[passed - 1] });
                }
                self.hops[line] = hops;
            }
        }
    }

    /// Lets a net pass a layer.
    fn extend(
        &mut self,
        trail: &mut Vec<End>,
        layer: usize,
        home: usize,
        step: i32,
        sections: &mut HashMap<usize, usize>,
    ) {
        let passed = trail.len();
        let pass = self.vertices.len();
        self.vertices.push(Vertex { layer, height: PASS, node: None });
        self.layers[layer].push(pass);
        let end = End { node: pass, y: PASS / 2 };
        let gap = gap_before(at(home, step, passed - 1), step);
        let section = self.section(gap, sections, trail[passed - 1], step);
        let ends = &mut self.gaps[gap][section];
        if step > 0 {
            ends.right.push(end)
        } else {
            ends.left.push(end)
        }
        trail.push(end);
    }

    /// The section of a net in a gap. It begins at an end that is nearer to the target.
    fn section(&mut self, gap: usize, sections: &mut HashMap<usize, usize>, end: End, step: i32) -> usize {
        *sections.entry(gap).or_insert_with(|| {
            let section = match step > 0 {
                true => Section { left: vec![end], right: Vec::new() },
                false => Section { left: Vec::new(), right: vec![end] },
            };
            self.gaps[gap].push(section);
            self.gaps[gap].len() - 1
        })
    }
}

/// The layer at a distance from another.
fn at(home: usize, step: i32, distance: usize) -> usize {
    if step > 0 { home + distance } else { home - distance }
}

/// The gap that a net enters when it leaves a layer.
fn gap_before(layer: usize, step: i32) -> usize {
    if step > 0 { layer } else { layer - 1 }
}

/// Where lines end at boxes: several at one row and side are apart.
struct Ports {
    sources: Vec<End>,
    targets: HashMap<NetKey, End>,
}

impl Ports {
    fn new(lines: &[Line], layer_of: &[usize], keys: &BTreeMap<NetKey, Vec<usize>>) -> Self {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        enum Port {
            Target(NetKey),
            Source(usize),
        }
        let mut at: BTreeMap<(End, Side), Vec<Port>> = BTreeMap::new();
        for &key in keys.keys() {
            at.entry((key.0, key.2)).or_default().push(Port::Target(key));
        }
        for (number, line) in lines.iter().enumerate() {
            let side = if layer_of[line.from.node] > layer_of[line.to.node] { Side::Left } else { Side::Right };
            at.entry((line.from, side)).or_default().push(Port::Source(number));
        }
        let mut ports = Self { sources: vec![End { node: 0, y: 0 }; lines.len()], targets: HashMap::new() };
        for ((end, _), mut here) in at {
            here.sort_unstable();
            let count = i32::try_from(here.len()).unwrap_or(i32::MAX).max(1);
            let apart = if count > 1 { SPREAD.min(2 * FARTHEST / (count - 1)) } else { 0 };
            for (number, port) in here.into_iter().enumerate() {
                let number = i32::try_from(number).unwrap_or_default();
                let end = End { node: end.node, y: end.y + number * apart - (count - 1) * apart / 2 };
                match port {
                    Port::Target(key) => _ = ports.targets.insert(key, end),
                    Port::Source(line) => ports.sources[line] = end,
                }
            }
        }
        ports
    }

    fn source(&self, line: usize) -> End {
        self.sources[line]
    }

    fn target(&self, key: NetKey) -> End {
        self.targets[&key]
    }
}
