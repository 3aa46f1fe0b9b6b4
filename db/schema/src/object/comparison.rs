//! Objects as they are compared: without what has no meaning, like the order of columns.

use crate::object::{Body, Object, Setting};

impl Object {
    /// Whether the same statement creates another object, with options in any order.
    pub(crate) fn is_created_like(&self, other: &Self) -> bool {
        self.creation(true) == other.creation(true)
    }

    /// The lines to compare. The order of options, of privileges and of a table's columns does not count, because a
    /// downgrade can't restore it.
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = self.with_parents().as_ref().unwrap_or(self).text(true);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if matches!(self.body, Some(Body::List | Body::OptionalList)) {
            let columns = lines.get_mut(1..).unwrap_or_default();
            columns.iter_mut().for_each(|line| line.truncate(line.trim_end_matches(',').len()));
            columns.sort_unstable();
        }
        lines
    }

    /// The table with the parents that it gets after it is created as those that it is created with: which of both it is
    /// depends on the order of its columns.
    fn with_parents(&self) -> Option<Self> {
        let start = format!("ALTER {} INHERIT ", self.target.as_ref()?);
        let parent = |setting: &Setting| Some(setting.statement.strip_prefix(&start)?.trim_end_matches(';').to_owned());
        let parents: Vec<String> = self.more.iter().filter_map(parent).collect();
        if parents.is_empty() {
            return None;
        }
        let mut table = self.clone();
        table.more.retain(|setting| !setting.statement.starts_with(&start));
        table.middle.insert_str(0, &format!(" INHERITS ({})", parents.join(", ")));
        Some(table)
    }
}
