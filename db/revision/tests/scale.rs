//! Tests that planning takes linear time: four times as many revisions take about four times as long.

use std::time::{Duration, Instant};

use revision::{Header, Node, Revision, RevisionFile, RevisionGraph};

/// Creates blocks of ten revisions. In each, two branches of four continue from the first revision, and the last merges them.
fn ladder(count: usize) -> RevisionGraph {
    let id = |index: usize| format!("{index:012x}");
    let revision = |index: usize| {
        let (block, place) = (index - index % 10, index % 10);
        let revises = match place {
            _ if index == 0 => Vec::new(),
            5 => vec![id(block)],
            9 => vec![id(block + 4), id(block + 8)],
            _ => vec![id(index - 1)],
        };
        let header = Header { revision: id(index), revises, ..Header::default() };
        Revision::new(header, RevisionFile::in_memory("", ""))
    };
    RevisionGraph::new((0..count).map(revision).collect()).expect("a valid graph")
}

fn time(run: impl Fn()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// How often both are run, alternating, before the ratio of the shortest times counts. Noise only adds time.
const ROUNDS: usize = 10;

type Planning<'a> = (&'a str, &'a dyn Fn(&RevisionGraph, &[Node]));

#[test]
fn time_grows_with_the_number_of_revisions() {
    let (small, large) = (ladder(10_000), ladder(40_000));
    let head = |graph: &RevisionGraph| graph.heads().collect::<Vec<Node>>();
    let (small_head, large_head) = (head(&small), head(&large));
    assert_eq!(large.plan_upgrade(&[], "heads").expect("a plan").steps.len(), 40_000);
    let plans: [Planning<'_>; 3] = [
        ("upgrade", &|graph, _| drop(graph.plan_upgrade(&[], "heads").expect("a plan"))),
        ("downgrade", &|graph, head| drop(graph.plan_downgrade(head, "base").expect("a plan"))),
        ("history", &|graph, _| drop(graph.walk_revisions("base", "heads").expect("a walk"))),
    ];
    for (name, plan) in plans {
        let (mut small_time, mut large_time, mut ratio) = (Duration::MAX, Duration::MAX, f64::INFINITY);
        for _ in 0..ROUNDS {
            small_time = small_time.min(time(|| plan(&small, &small_head)));
            large_time = large_time.min(time(|| plan(&large, &large_head)));
            ratio = large_time.as_secs_f64() / small_time.as_secs_f64();
            if ratio < 8.0 {
                break;
            }
        }
        assert!(
            ratio < 8.0,
            "{name}: {large_time:?} for 40,000 revisions, {small_time:?} for 10,000: {ratio:.1} times"
        );
    }
}
