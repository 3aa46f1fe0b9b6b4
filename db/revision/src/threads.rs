//! Work shared among the processors.

use std::thread;

/// What a function makes of each item, in order, with the items divided among the processors: at least `per_thread` for each,
/// because starting a thread costs more than a little work.
///
/// # Errors
/// The first, in the order of the items.
pub(crate) fn map_in_threads<T: Send, U: Send, E: Send>(
    mut items: Vec<T>,
    per_thread: usize,
    work: impl Fn(T) -> Result<U, E> + Sync,
) -> Result<Vec<U>, E> {
    let count = items.len();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(count / per_thread + 1);
    if threads == 1 {
        return items.into_iter().map(work).collect();
    }
    let work = &work;
    let parts: Vec<Result<Vec<U>, E>> = thread::scope(|scope| {
        let mut parts = Vec::new();
        while !items.is_empty() {
            let part = items.split_off(items.len().saturating_sub(count.div_ceil(threads)));
            parts.push(scope.spawn(move || part.into_iter().map(work).collect()));
        }
        parts.into_iter().rev().map(|part| part.join().expect("the work does not panic")).collect()
    });
    let mut results = Vec::with_capacity(count);
    for part in parts {
        results.extend(part?);
    }
    Ok(results)
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
