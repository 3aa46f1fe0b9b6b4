//! Options in the parentheses of CREATE, clauses after a name, and storage parameters.

/// `KEYWORD = value`, if there is one.
pub(crate) fn value(keyword: &str, value: Option<&str>) -> Option<String> {
    value.map(|value| format!("{keyword} = {value}"))
}

/// The same of a text.
pub(crate) fn option(keyword: &str, text: &Option<String>) -> Option<String> {
    value(keyword, text.as_deref())
}

/// What stands for itself, if it is set.
pub(crate) fn flag(text: &str, is_set: bool) -> Option<String> {
    is_set.then(|| text.to_owned())
}

/// Those that there are, with commas.
pub(crate) fn list(options: impl IntoIterator<Item = Option<String>>) -> String {
    options.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// ` KEYWORD value`, if there is one.
pub(crate) fn clause(keyword: &str, text: &Option<String>) -> String {
    text.as_ref().map(|text| format!(" {keyword} {text}")).unwrap_or_default()
}

/// The names of storage parameters (`name=value`) to reset, and those to set.
pub(crate) fn changed(old: &[String], new: &[String]) -> (Vec<String>, Vec<String>) {
    let name = |option: &String| option.split('=').next().unwrap_or_default().to_owned();
    let names: Vec<String> = new.iter().map(name).collect();
    let reset = old.iter().map(name).filter(|option| !names.contains(option)).collect();
    (reset, new.iter().filter(|option| !old.contains(option)).cloned().collect())
}
