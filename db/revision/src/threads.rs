//! Distributes work among threads.

use std::thread;

/// Maps items in parallel and returns the results in order. Each thread gets at least `per_thread` items, because starting a
/// thread costs more than a little work.
///
/// # Errors
/// Returns the first error, in the order of the items.
pub(crate) fn map_in_threads<T: Send, U: Send, E: Send>(
    items: Vec<T>,
    per_thread: usize,
    work: impl Fn(T) -> Result<U, E> + Sync,
) -> Result<Vec<U>, E> {
    let count = items.len();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(count / per_thread + 1);
    if threads == 1 {
        return items.into_iter().map(work).collect();
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
    slots.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::map_in_threads;

    #[test]
    fn keeps_the_order_and_reports_the_first_error() {
        let doubled = map_in_threads((0..1000).collect(), 10, |number: u32| Ok::<_, u32>(number * 2));
        assert_eq!(doubled.map(|list| list[999]), Ok(1998));
        let failed = map_in_threads(
            (0..1000).collect(),
            10,
            |number: u32| if number % 400 == 399 { Err(number) } else { Ok(()) },
        );
        assert_eq!(failed, Err(399));
    }
}
