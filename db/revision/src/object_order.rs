//! The order of the files in `objects`: each after the files that it refers to, otherwise by name.

use std::collections::BTreeSet;

/// What a file refers to, as indices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct References {
    /// What must exist when the file is applied.
    pub(crate) early: BTreeSet<usize>,
    /// What must exist when a function of the file is called. It comes first, unless that would be a cycle.
    pub(crate) late: BTreeSet<usize>,
}

/// Sorts the files, whose indices are in the order of their names.
///
/// # Errors
/// Returns the files of a cycle of references that must be resolved when a file is applied, each before the one that it
/// refers to.
pub(crate) fn sort(references: &[References]) -> Result<Vec<usize>, Vec<usize>> {
    let all: Vec<BTreeSet<usize>> = references.iter().map(|own| &own.early | &own.late).collect();
    let kept = |file: usize, other: usize| references[file].early.contains(&other) || !reaches(&all, other, file);
    let needed: Vec<BTreeSet<usize>> = (0..)
        .zip(&all)
        .map(|(file, others)| others.iter().copied().filter(|&other| kept(file, other)).collect())
        .collect();
    let mut waiting: Vec<usize> = needed.iter().map(BTreeSet::len).collect();
    let mut ready: BTreeSet<usize> = (0..needed.len()).filter(|&file| waiting[file] == 0).collect();
    let mut order = Vec::new();
    while let Some(file) = ready.pop_first() {
        order.push(file);
        for other in (0..needed.len()).filter(|&other| needed[other].contains(&file)) {
            waiting[other] -= 1;
            if waiting[other] == 0 {
                ready.insert(other);
            }
        }
    }
    if order.len() == needed.len() { Ok(order) } else { Err(cycle(&needed, &order)) }
}

/// Whether `to` is `from`, or can be reached from it.
fn reaches(edges: &[BTreeSet<usize>], from: usize, to: usize) -> bool {
    let (mut seen, mut todo) = (BTreeSet::from([from]), vec![from]);
    while let Some(file) = todo.pop() {
        if file == to {
            return true;
        }
        todo.extend(edges[file].iter().copied().filter(|&other| seen.insert(other)));
    }
    false
}

/// A cycle among the files that could not be sorted.
fn cycle(needed: &[BTreeSet<usize>], sorted: &[usize]) -> Vec<usize> {
    let is_left = |file: &usize| !sorted.contains(file);
    let mut path: Vec<usize> = (0..needed.len()).find(is_left).into_iter().collect();
    loop {
        // Each remaining file depends on another one.
        let Some(next) = path.last().and_then(|&file| needed[file].iter().copied().find(is_left)) else { return path };
        if let Some(start) = path.iter().position(|&file| file == next) {
            return path.split_off(start);
        }
        path.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(early: &[&[usize]], late: &[&[usize]]) -> Vec<References> {
        let set = |files: &[usize]| files.iter().copied().collect();
        early.iter().zip(late).map(|(early, late)| References { early: set(early), late: set(late) }).collect()
    }

    #[test]
    fn sorts_by_references_then_by_name() {
        assert_eq!(sort(&references(&[&[2], &[], &[]], &[&[], &[], &[]])), Ok(vec![1, 2, 0]));
        assert_eq!(sort(&references(&[&[], &[], &[]], &[&[1], &[], &[]])), Ok(vec![1, 0, 2]));
        assert_eq!(sort(&[]), Ok(vec![]));
    }

    #[test]
    fn a_cycle_is_an_error_unless_a_late_reference_closes_it() {
        assert_eq!(sort(&references(&[&[1], &[0], &[]], &[&[], &[], &[]])), Err(vec![0, 1]));
        assert_eq!(sort(&references(&[&[], &[0]], &[&[1], &[]])), Ok(vec![0, 1]));
        assert_eq!(sort(&references(&[&[1], &[2], &[1]], &[&[], &[], &[]])), Err(vec![1, 2]));
    }
}
