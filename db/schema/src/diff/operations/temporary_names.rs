//! The names that relations and indexes have for a time.

use std::collections::HashSet;

use crate::diff::elements::Elements;
use crate::diff::exchangeable::Exchanges;
use crate::diff::name::with_suffix;
use crate::model::values::unquoted;

/// Names without quotes that are taken, in any schema.
#[derive(Debug)]
pub(super) struct TemporaryNames {
    taken: HashSet<String>,
}

impl TemporaryNames {
    /// None of those that relations, indexes and types have on either side, or columns while they are exchanged.
    pub(super) fn new(sides: [&Elements; 2], exchanges: &Exchanges) -> Self {
        let exchanged = exchanges.list.iter().flat_map(|exchange| exchange.temporary_names());
        let mut taken: HashSet<String> = exchanged.map(|(name, _)| unquoted(&name)).collect();
        for model in sides.map(|elements| &elements.model) {
            taken.extend(model.relations.values().map(|found| found.bare_name.clone()));
            taken.extend(model.indexes.values().map(|found| found.bare_name.clone()));
            taken.extend(model.types.values().map(|found| found.bare_name.clone()));
        }
        Self { taken }
    }

    /// A name that nothing has: as much of another one as there is room for, with a suffix.
    pub(super) fn free(&self, name: &str, suffix: &str) -> String {
        let mut names = (0_u32..).map(|number| {
            let end = if number == 0 { suffix.to_owned() } else { format!("{suffix}_{number}") };
            with_suffix(name, &end)
        });
        names.find(|name| !self.taken.contains(name)).unwrap_or_default()
    }

    pub(super) fn take(&mut self, name: String) {
        self.taken.insert(name);
    }
}
