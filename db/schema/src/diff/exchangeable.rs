//! Which columns can be exchanged for ones of other types, because the table would be rewritten; see
//! [`crate::diff::exchange`].

mod absorb;
mod candidates;
mod columns;
mod indexes;
mod partitions;
mod references;
mod taken;
mod types;

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diff::elements::Kind;
use crate::diff::exchange::Exchange;
use crate::diff::fate::{Fate, Fates};
use crate::diff::script::Form;
use absorb::Absorbed;
use candidates::Candidates;
use columns::{is_partitioned, plain};
use partitions::Partitions;
use taken::Taken;

/// What is exchanged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exchanges {
    pub(crate) list: Vec<Exchange>,
    /// The exchange of each pair of columns, by its index.
    pub(crate) of: HashMap<usize, usize>,
    /// The exchange of each pair of types.
    pub(crate) of_type: HashMap<usize, usize>,
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
    /// All that can be exchanged, with or without types.
    pub(crate) fn new(fates: &Fates<'_>, form: Form, has_types: bool) -> Self {
        if form == Form::Offline {
            return Self::default();
        }
        let is_candidate = |&pair: &usize| matches!(fates.list[pair], Fate::Alter(_)) && plain(fates, pair).is_some();
        let mut pairs: BTreeSet<usize> = fates.columns.keys().copied().filter(is_candidate).collect();
        let partitions = Partitions::new(fates, pairs.iter().copied());
        pairs.retain(|&pair| !is_partitioned_column(fates, pair) || partitions.below(pair).is_some());
        pairs.extend(partitions.all());
        if pairs.is_empty() {
            return Self::default();
        }
        let (old_users, new_users) = (fates.old.users(), fates.new.users());
        let types = if has_types { types::enums(fates) } else { BTreeSet::new() };
        let mut candidates = Candidates { fates, old_users, new_users, pairs, partitions, types };
        let taken = Taken::new([fates.old, fates.new]);
        // What uses two columns is exchanged with both or with neither.
        loop {
            match Self::of_all(&candidates, &taken) {
                Ok(exchanges) => return exchanges,
                Err(Unsuitable(unsuitable)) => {
                    let Candidates { pairs, partitions, types, .. } = &mut candidates;
                    pairs.retain(|&pair| !unsuitable.contains(&partitions.above(pair).unwrap_or(pair)));
                    types.retain(|pair| !unsuitable.contains(pair));
                }
            }
        }
    }

    fn of_all(candidates: &Candidates<'_>, taken: &Taken) -> Result<Self, Unsuitable> {
        let mut absorbed = Absorbed::default();
        let is_unsuitable = |pair: &usize| candidates.absorb_column(*pair, &mut absorbed).is_none();
        // All at once: each of them is unsuitable without the others too.
        let unsuitable: HashSet<usize> = candidates.pairs.iter().copied().filter(is_unsuitable).collect();
        if !unsuitable.is_empty() {
            return Err(Unsuitable(unsuitable));
        }
        let is_unsuitable = |pair: &usize| candidates.absorb_type(*pair, &mut absorbed).is_none();
        let unsuitable: HashSet<usize> = candidates.types.iter().copied().filter(is_unsuitable).collect();
        if !unsuitable.is_empty() {
            return Err(Unsuitable(unsuitable));
        }
        let mut exchanges = Self { absorbed: absorbed.pairs.clone(), ..Self::default() };
        let (unsuitable, suitable): (Vec<_>, Vec<_>) =
            absorbed.into_exchanges().into_iter().partition(|(exchange, _)| taken.has_one_of(exchange));
        if !unsuitable.is_empty() {
            return Err(Unsuitable(unsuitable.into_iter().flat_map(|(_, pairs)| pairs).collect()));
        }
        for (exchange, pairs) in suitable {
            let index = exchanges.list.len();
            let (types, columns): (Vec<usize>, Vec<usize>) =
                pairs.into_iter().partition(|pair| candidates.types.contains(pair));
            exchanges.of.extend(columns.into_iter().map(|pair| (pair, index)));
            exchanges.of_type.extend(types.into_iter().map(|pair| (pair, index)));
            exchanges.list.push(exchange);
        }
        Ok(exchanges)
    }

    /// Whether something happens to a pair together with a column.
    pub(crate) fn absorb(&self, pair: usize) -> bool {
        self.absorbed.contains(&pair)
    }
}

fn is_partitioned_column(fates: &Fates<'_>, pair: usize) -> bool {
    let kind = fates.pairs.list[pair].new.map(|new| fates.new.kinds[new]);
    matches!(kind, Some(Kind::Column(table, _)) if is_partitioned(fates.new, table))
}

/// The pairs of columns and types that can't be exchanged.
struct Unsuitable(HashSet<usize>);
