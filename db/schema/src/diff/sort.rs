//! Sorts operations so that each comes after those that it needs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The order of nodes with a priority each: the lowest priority first, as far as the edges, each from a node to one that
/// comes after it, allow. Or the nodes of circles.
pub(crate) fn sorted<P: Ord + Clone>(priorities: &[P], edges: &[(usize, usize)]) -> Result<Vec<usize>, Vec<usize>> {
    let mut after = vec![Vec::new(); priorities.len()];
    let mut missing = vec![0_usize; priorities.len()];
    for &(one, other) in edges {
        if one != other {
            after[one].push(other);
            missing[other] += 1;
        }
    }
    let entry = |node: usize| Reverse((priorities[node].clone(), node));
    let mut ready: BinaryHeap<_> = (0..priorities.len()).filter(|&node| missing[node] == 0).map(entry).collect();
    let mut order = Vec::with_capacity(priorities.len());
    while let Some(Reverse((_, node))) = ready.pop() {
        order.push(node);
        for &next in &after[node] {
            missing[next] -= 1;
            if missing[next] == 0 {
                ready.push(entry(next));
            }
        }
    }
    if order.len() == priorities.len() {
        Ok(order)
    } else {
        Err((0..priorities.len()).filter(|&node| missing[node] > 0).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::sorted;

    #[test]
    fn priorities_decide_where_edges_allow() {
        assert_eq!(sorted(&[3, 2, 1], &[]), Ok(vec![2, 1, 0]));
        assert_eq!(sorted(&[3, 2, 1], &[(0, 2)]), Ok(vec![1, 0, 2]));
        assert_eq!(sorted(&[1, 1, 1], &[(1, 0), (0, 1)]), Err(vec![0, 1]));
    }
}
