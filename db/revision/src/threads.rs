//! Distributes work among threads.

use std::thread;

/// Maps items in parallel and returns the results in order. Each thread gets at least `per_thread` items, because starting a
/// thread costs more than a little work.
///
/// # Errors
/// Returns all errors, in the order of the items.
pub(crate) fn map_in_threads<T: Send, U: Send, E: Send>(
    items: Vec<T>,
    per_thread: usize,
    work: impl Fn(T) -> Result<U, E> + Sync,
) -> Result<Vec<U>, Vec<E>> {
    let count = items.len();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(count / per_thread + 1);
    if threads == 1 {
        return all(items.into_iter().map(work));
    }
    let work = &work;
    // Each thread writes to its slots in place: concatenating one list per thread would take twice the memory.
    let mut slots: Vec<Option<Result<U, E>>> = Vec::new();
    slots.resize_with(count, || None);
    let mut items = items.into_iter();
    thread::scope(|scope| {
        for part in slots.chunks_mut(count.div_ceil(threads)) {
            let items: Vec<T> = items.by_ref().take(part.len()).collect();
            scope.spawn(move || part.iter_mut().zip(items).for_each(|(slot, item)| *slot = Some(work(item))));
        }
    });
    all(slots.into_iter().flatten())
}

fn all<U, E>(results: impl Iterator<Item = Result<U, E>>) -> Result<Vec<U>, Vec<E>> {
    let (mut done, mut errors) = (Vec::with_capacity(results.size_hint().1.unwrap_or_default()), Vec::new());
    for result in results {
        match result {
            Ok(value) => done.push(value),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(done) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::map_in_threads;

    #[test]
    fn keeps_the_order_and_reports_all_errors() {
        let doubled = map_in_threads((0..1000).collect(), 10, |number: u32| Ok::<_, u32>(number * 2));
        assert_eq!(doubled.map(|list| list[999]), Ok(1998));
        let failed = map_in_threads(
            (0..1000).collect(),
            10,
            |number: u32| if number % 400 == 399 { Err(number) } else { Ok(()) },
        );
        assert_eq!(failed, Err(vec![399, 799]));
    }
}
