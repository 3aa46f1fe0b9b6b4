//! The operations that exchange columns; see [`crate::diff::exchange`].

use std::collections::HashSet;

use super::{Operations, Priority, place};
use crate::diff::elements::Element;
use crate::diff::online::{Mode, Step};
use crate::diff::script::Statement;

impl Operations<'_> {
    /// Adds the parts of an exchange. Returns whether the pair is one.
    pub(super) fn add_exchange(&mut self, pair: usize, old: Element, new: Element) -> bool {
        let Some(exchange) = self.exchanges.of.get(&pair).cloned() else { return false };
        let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
        let steps = |statements: Vec<Statement>, mode: Mode| -> Vec<Step> {
            statements.into_iter().map(|statement| Step { statement, mode }).collect()
        };
        let expand =
            self.push_steps(steps(exchange.expand(), Mode::Alone), Priority::Build(place.clone()), label.clone());
        let swap =
            self.push_steps(steps(exchange.swap(), Mode::Apart), Priority::Swap(1, place.clone()), label.clone());
        let contract = self.push_steps(steps(exchange.contract(), Mode::Alone), Priority::Contract(place), label);
        self.chains.extend([(expand, swap), (swap, contract)]);
        self.exchanges.contracts.insert(pair, contract);
        self.exits.insert(expand, swap);
        self.makers.insert(new, expand);
        self.removers.insert(old, swap);
        true
    }

    /// What uses an exchanged column is there until the names are exchanged.
    pub(super) fn connect_exchanges(&mut self) {
        let users = self.old().users();
        let columns: Vec<usize> = self.exchanges.of.keys().copied().collect();
        for pair in columns {
            let (Some(old), Some(new)) = (self.fates.pairs.list[pair].old, self.fates.pairs.list[pair].new) else {
                continue;
            };
            let (Some(&swap), Some(&expand)) = (self.removers.get(&old), self.makers.get(&new)) else { continue };
            // What the old column uses, such as its type, goes after it.
            let default = self.old().default_of(old);
            let elements = self.old();
            for used in [Some(old), default].into_iter().flatten().flat_map(|user| &elements.uses[user]) {
                let remover = self.removers.get(&used.0).copied().filter(|_| self.fates.of_old(used.0).is_gone());
                let contract = self.exchanges.contracts.get(&pair).copied();
                let Some((remover, contract)) = remover.zip(contract) else { continue };
                self.chains.push((contract, remover));
                self.list[remover].priority = Priority::Contract(place(self.fates.old, used.0));
            }
            let (mut open, mut seen) = (users[old].clone(), HashSet::from([old]));
            while let Some(user) = open.pop() {
                if !seen.insert(user) || !self.fates.of_old(user).is_gone() {
                    continue;
                }
                open.extend(&users[user]);
                let Some(&remover) = self.removers.get(&user).filter(|&&remover| remover != swap) else { continue };
                self.chains.push((expand, remover));
                let operation = &mut self.list[remover];
                operation.priority = Priority::Swap(0, place(self.fates.old, user));
                operation.steps.iter_mut().for_each(|step| step.mode = Mode::Apart);
            }
        }
    }
}
