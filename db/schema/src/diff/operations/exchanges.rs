//! The operations that exchange columns; see [`crate::diff::exchange`].

use std::collections::{HashMap, HashSet};

use super::{Operations, Priority, place};
use crate::diff::elements::{Element, Elements, Kind};
use crate::diff::exchangeable::Parts;
use crate::diff::online::{Mode, Step};

impl Operations<'_> {
    /// Adds the parts of the exchange of a column, unless another column has. Returns whether the column is exchanged.
    pub(super) fn add_exchange(&mut self, pair: usize, old: Element, new: Element) -> bool {
        let Some(&index) = self.exchanges.of.get(&pair) else { return false };
        let parts = match self.exchanges.parts.get(&index) {
            Some(&parts) => parts,
            None => self.push_exchange(index, new),
        };
        self.exchanges.parts.insert(index, parts);
        self.makers.insert(new, parts.expand);
        self.removers.insert(old, parts.swap);
        true
    }

    fn push_exchange(&mut self, index: usize, new: Element) -> Parts {
        let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
        let exchange = &self.exchanges.list[index];
        let [expand, swap, contract] = [exchange.expand(), exchange.swap(), exchange.contract()];
        let expand = self.push_steps(Step::all(expand, Mode::Alone), Priority::Build(place.clone()), label.clone());
        let swap = self.push_steps(Step::all(swap, Mode::Apart), Priority::Swap(1, place.clone()), label.clone());
        let contract = self.push_steps(Step::all(contract, Mode::Alone), Priority::Contract(place), label);
        self.chains.extend([(expand, swap), (swap, contract)]);
        self.exits.insert(expand, swap);
        let pairs = self.exchanges.of_type.iter().filter(|(_, exchange)| **exchange == index);
        for pair in pairs.map(|(&pair, _)| self.fates.pairs.list[pair]) {
            self.removers.extend(pair.old.map(|old| (old, swap)));
            self.makers.extend(pair.new.map(|new| (new, expand)));
        }
        Parts { expand, swap, contract }
    }

    /// What makes the constraint or the index that takes the place of an old one. A table has one primary key.
    fn successor(&self, old: Element) -> Option<usize> {
        let (elements, pairs) = (self.new_side(), &self.fates.pairs);
        let is_part = matches!(self.old().kinds[old], Kind::Constraint(_)) || self.old().own_index(old).is_some();
        let same = pairs.new_of(old).filter(|_| is_part).and_then(|new| self.makers.get(&new));
        if let Some(&maker) = same {
            return Some(maker);
        }
        let table = self.old().owner_of(old).filter(|_| self.old().is_primary(old))?;
        let mut made = self.made.of(pairs.new_of(table)?).iter();
        let &(_, maker) = made.find(|&&(element, _)| elements.is_primary(element))?;
        // Its index is built before.
        Some(self.last_of(maker))
    }

    /// What uses an exchanged column or type is there until the names are exchanged.
    pub(super) fn connect_exchanges(&mut self) {
        let users = self.old().users();
        let finishes: HashMap<Element, usize> =
            self.besides.values().filter(|beside| !beside.is_part).map(|beside| (beside.old, beside.finish)).collect();
        let exchanged = self.exchanges.of.iter().chain(&self.exchanges.of_type);
        let exchanged: Vec<(usize, usize)> = exchanged.map(|(&pair, &index)| (pair, index)).collect();
        for (pair, index) in exchanged {
            let Some(old) = self.fates.pairs.list[pair].old else { continue };
            let Some(&Parts { expand, swap, contract }) = self.exchanges.parts.get(&index) else { continue };
            let is_type = self.exchanges.of_type.contains_key(&pair);
            let is_user =
                |elements: &Elements, user: Element| !is_type || matches!(elements.kinds[user], Kind::Object(_));
            // What the old column uses, such as its type, goes after it, and its sequence after its default.
            let default = self.old().default_of(old);
            let elements = self.old();
            let is_sequence = |element: Element| {
                elements.object(element).is_some_and(|object| elements.model.sequences.contains_key(&object.id.1))
            };
            for used in [Some(old), default].into_iter().flatten().flat_map(|user| &elements.uses[user]) {
                let remover = self.removers.get(&used.0).copied().filter(|_| self.fates.of_old(used.0).is_gone());
                let Some(remover) = remover.filter(|&remover| remover != swap) else { continue };
                if is_sequence(used.0) {
                    self.chains.extend([(swap, remover), (remover, contract)]);
                    let operation = &mut self.list[remover];
                    operation.priority = Priority::Swap(2, place(elements, used.0));
                    operation.steps.iter_mut().for_each(|step| step.mode = Mode::Apart);
                    continue;
                }
                self.chains.push((contract, remover));
                self.list[remover].priority = Priority::Contract(place(self.fates.old, used.0));
            }
            let (mut open, mut seen) = (users[old].clone(), HashSet::from([old]));
            while let Some(user) = open.pop() {
                if !seen.insert(user) || !self.fates.of_old(user).is_gone() || !is_user(self.old(), user) {
                    continue;
                }
                open.extend(&users[user]);
                let Some(&remover) = self.removers.get(&user).filter(|&&remover| remover != swap) else { continue };
                if is_sequence(user) {
                    continue;
                }
                // A key or an index that is replaced by one beside it stays until that is built.
                if let Some(&finish) = finishes.get(&user) {
                    self.chains.push((finish, if self.forbids_null(user, old) { swap } else { contract }));
                    continue;
                }
                self.chains.push((expand, remover));
                self.chains.extend(self.successor(user).map(|maker| (swap, maker)));
                let operation = &mut self.list[remover];
                operation.priority = Priority::Swap(0, place(self.fates.old, user));
                operation.steps.iter_mut().for_each(|step| step.mode = Mode::Apart);
            }
        }
    }
}
