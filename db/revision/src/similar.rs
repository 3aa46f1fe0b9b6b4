//! Suggestions for mistyped names.

/// The name that shares the longest prefix with `wanted`, at least four characters: the most likely intent of a typo or a
/// shortened id.
pub(crate) fn similar<'names>(wanted: &str, names: impl Iterator<Item = &'names String>) -> Option<String> {
    let common = |name: &str| name.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    names.filter(|name| common(name) >= 4).max_by_key(|name| (common(name), std::cmp::Reverse(name.as_str()))).cloned()
}
