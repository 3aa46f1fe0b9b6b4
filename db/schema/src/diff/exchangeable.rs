//! Which columns can be exchanged for ones of other types, because the table would be rewritten; see
//! [`crate::diff::exchange`].

mod absorb;
mod candidates;
mod columns;
mod references;

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diff::elements::{Elements, Kind, catalog, quoted};
use crate::diff::exchange::Exchange;
use crate::diff::fate::{Fate, Fates};
use crate::diff::script::Form;
use crate::object::{Class, Object};
use absorb::Absorbed;
use candidates::Candidates;
use columns::plain;

/// What is exchanged.
#[derive(Debug, Default)]
pub(crate) struct Exchanges {
    pub(crate) list: Vec<Exchange>,
    /// The exchange of each pair of columns, by its index.
    pub(crate) of: HashMap<usize, usize>,
    /// The pairs of what is created with the new columns and dropped with the old ones.
    absorbed: HashSet<usize>,
    /// The operations of each exchange, once they are added.
    pub(crate) parts: HashMap<usize, Parts>,
}

/// The operations of an exchange.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    pub(crate) expand: usize,
    pub(crate) swap: usize,
    pub(crate) contract: usize,
}

impl Exchanges {
    pub(crate) fn new(fates: &Fates<'_>, form: Form) -> Self {
        if form == Form::Offline {
            return Self::default();
        }
        let is_candidate = |&pair: &usize| matches!(fates.list[pair], Fate::Alter(_)) && plain(fates, pair).is_some();
        let pairs: BTreeSet<usize> = fates.columns.keys().copied().filter(is_candidate).collect();
        if pairs.is_empty() {
            return Self::default();
        }
        let (old_users, new_users) = (fates.old.users(), fates.new.users());
        let mut candidates = Candidates { fates, old_users, new_users, pairs };
        // What uses two columns is exchanged with both or with neither.
        loop {
            match Self::of_all(&candidates) {
                Ok(exchanges) => return exchanges,
                Err(Unsuitable(pairs)) => candidates.pairs.retain(|pair| !pairs.contains(pair)),
            }
        }
    }

    fn of_all(candidates: &Candidates<'_>) -> Result<Self, Unsuitable> {
        let mut absorbed = Absorbed::default();
        for &pair in &candidates.pairs {
            candidates.absorb_column(pair, &mut absorbed).ok_or_else(|| Unsuitable(vec![pair]))?;
        }
        let mut exchanges = Self { absorbed: absorbed.pairs.clone(), ..Self::default() };
        for (exchange, pairs) in absorbed.into_exchanges() {
            if has_taken_names(candidates.fates, &exchange) {
                return Err(Unsuitable(pairs));
            }
            let index = exchanges.list.len();
            exchanges.of.extend(pairs.into_iter().map(|pair| (pair, index)));
            exchanges.list.push(exchange);
        }
        Ok(exchanges)
    }

    /// Whether something happens to a pair together with a column.
    pub(crate) fn absorb(&self, pair: usize) -> bool {
        self.absorbed.contains(&pair)
    }
}

/// The pairs of columns that can't be exchanged.
struct Unsuitable(Vec<usize>);

/// Whether a name that the exchange uses for a time is the name of something else.
fn has_taken_names(fates: &Fates<'_>, exchange: &Exchange) -> bool {
    let mut names: HashMap<String, &String> = HashMap::new();
    for (name, original) in exchange.temporary_names() {
        // Long names are cut.
        if names.insert(name, original).is_some_and(|other| other != original) {
            return true;
        }
    }
    let functions: Vec<String> = exchange.temporary_functions().map(|name| format!("{name}()")).collect();
    let is_table = |name: &String| {
        exchange.tables.iter().any(|table| table.name == *name)
            || exchange.references.iter().any(|reference| reference.table == *name)
    };
    let has_trigger = |object: &Object| {
        let (_, table, _, name) = &object.key;
        object.id.0 == Class::Catalog(catalog::TRIGGER)
            && exchange.tables.iter().any(|own| own.name == *table && own.trigger_name() == quoted(name))
    };
    [fates.old, fates.new].into_iter().any(|elements| {
        taken_names(elements, is_table).any(|name| names.contains_key(&name))
            || elements.objects.iter().any(has_trigger)
            || elements.facts.routines.values().any(|routine| functions.contains(&routine.signature))
    })
}

/// The names of the columns and the constraints of tables, and of all relations, quoted.
fn taken_names(elements: &Elements, is_table: impl Fn(&String) -> bool) -> impl Iterator<Item = String> {
    let is_own = move |oid: u32| elements.facts.relations.get(&oid).is_some_and(|found| is_table(&found.name));
    let names = elements.kinds.iter().filter_map(move |&kind| match kind {
        Kind::Column(table, index) => is_own(table).then(|| elements.column(table, index).name.clone()),
        Kind::Constraint(oid) => {
            let found = &elements.facts.constraints[&oid];
            (found.owner.0 == catalog::CLASS && is_own(found.owner.1)).then(|| found.name.clone())
        }
        _ => None,
    });
    let indexes = elements.facts.indexes.values().map(|index| index.quoted_name.clone());
    let relations = elements.facts.relations.values().map(|found| quoted(&found.bare_name));
    names.chain(indexes).chain(relations)
}
