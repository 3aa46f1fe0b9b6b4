//! Which known name a mistyped one was meant to be.

/// The name with the longest common beginning of four characters or more: what a slip of the keyboard or a shortened id most
/// likely meant.
pub(crate) fn similar<'names>(wanted: &str, names: impl Iterator<Item = &'names String>) -> Option<String> {
    let common = |name: &str| name.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    names.filter(|name| common(name) >= 4).max_by_key(|name| (common(name), std::cmp::Reverse(name.as_str()))).cloned()
}
