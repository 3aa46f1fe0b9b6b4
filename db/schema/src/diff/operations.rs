//! The operations of a diff, in the order in which they can run: what removes an element comes before what removes
//! something that it used, and what creates one after what creates something that it uses.

mod additions;
mod attachments;
mod beside;
mod bounds;
mod edges;
mod exchanges;
mod families;
mod inherited;
mod names;
mod promotions;
mod published;
mod references;
mod removals;
mod storage;
mod temporary_names;
mod writing;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::exchangeable::Exchanges;
use crate::diff::fate::{Fate, Fates};
use crate::diff::online::{Mode, Step};
use crate::diff::parents::Parents;
use crate::diff::removal;
use crate::diff::script::{Form, Refusal, Statement};
use families::Families;
use temporary_names::TemporaryNames;

/// Statements that belong together.
struct Operation {
    steps: Vec<Step>,
    priority: Priority,
    /// The object, for an error.
    label: String,
}

/// The order in which operations are written where nothing else decides: removals in the reverse order of the dump, and
/// the rest in its order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    /// As early as possible.
    Release(Place),
    Remove(Reverse<Place>),
    Make(Place),
    /// What is built outside a transaction.
    Build(Place),
    /// What is declared after that, for all rows from then on.
    Declare(Place),
    /// What is checked in a later transaction, or reads rows.
    Validate(Place),
    Finish(Place),
    /// What exchanges columns, after what uses the old ones is removed.
    Swap(u8, Place),
    /// What removes the old columns. What sets default privileges comes last.
    Contract(Place),
}

/// The place of an element in the dump: the rank of its kind, its group, its place in the group, its number, its name.
type Place = (u32, String, u32, u32, String);

/// Operations of which each comes after the one before it.
type Chain = Vec<(Vec<Step>, Priority)>;

/// What is dropped before its table, and not with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    Nothing,
    ForeignKeys,
    /// Also checks, defaults, policies, rules and triggers.
    Parts,
}

/// A new index or key, and the old one with the same name.
#[derive(Debug, Clone, Copy)]
struct Beside {
    old: Element,
    /// The operation that builds the new index under another name.
    build: usize,
    /// The operation that gives it the name of the old one.
    finish: usize,
    /// Whether the old one is that of a partitioned table, and the new one that of a partition.
    is_part: bool,
}

/// Builds the operations of a diff.
pub(crate) struct Operations<'a> {
    fates: &'a Fates<'a>,
    form: Form,
    /// What is dropped before its table, and not with it.
    apart: Apart,
    parents: Parents<'a>,
    list: Vec<Operation>,
    /// Each before the other.
    edges: Vec<(usize, usize)>,
    /// What removes or alters an old element.
    removers: HashMap<Element, usize>,
    /// What creates or alters a new element.
    makers: HashMap<Element, usize>,
    /// The operations in `removers`, and those in `makers`, by table.
    removed: Families,
    made: Families,
    /// The last of the operations that follow one, which are part of it.
    exits: HashMap<usize, usize>,
    chains: Vec<(usize, usize)>,
    /// The operation of a chain that adds the check before SET NOT NULL, by the first one.
    checks: HashMap<usize, usize>,
    /// Each before the other, unless that would be a circle.
    preferred: Vec<(usize, usize)>,
    /// What renames a type or a collation that is swapped.
    renames: HashMap<Element, usize>,
    exchanges: Exchanges,
    /// What builds an index before a column becomes an identity column, and the old column.
    identity_indexes: Vec<(usize, Element)>,
    /// Old sequences of identity columns, each with what attaches its table and drops it.
    attached_sequences: Vec<(Element, usize)>,
    /// What detaches an old table from its parents.
    detachments: HashMap<Element, usize>,
    /// Whether indexes and keys are built beside the ones that they replace.
    builds_beside: bool,
    /// The new indexes and keys for which that is so, and those of partitions whose old ones go with another one.
    besides: HashMap<Element, Beside>,
    names: TemporaryNames,
    /// New keys, each with the old index that becomes it.
    promotions: HashMap<Element, Element>,
    /// New indexes, each with the old key of the same columns that is dropped.
    demotions: HashMap<Element, Element>,
}

impl<'a> Operations<'a> {
    /// The statements of the diff, in their order.
    pub(crate) fn steps(fates: &'a Fates<'a>, form: Form) -> Result<Vec<Step>, Refusal> {
        // Tables that refer to each other can't be dropped with their foreign keys, and a table not before a view of it
        // that its own policy uses. An index can't be built beside another one if it needs something that can only be made
        // after that is dropped.
        let aparts = [Apart::Nothing, Apart::ForeignKeys, Apart::Parts];
        let planned = |exchanges: &Exchanges| {
            let attempt =
                |builds_beside: bool, apart: Apart| Self::attempt(fates, form, exchanges.clone(), apart, builds_beside);
            let others = aparts[1..].iter().map(|&apart| (true, apart)).chain(aparts.map(|apart| (false, apart)));
            others.fold(attempt(true, aparts[0]), |result, (beside, apart)| result.or_else(|_| attempt(beside, apart)))
        };
        let exchanges = Exchanges::new(fates, form, true);
        let result = planned(&exchanges);
        // Columns that wait for their type may form a circle with the rest.
        match exchanges.of_type.is_empty() {
            true => result,
            false => result.or_else(|_| planned(&Exchanges::new(fates, form, false))),
        }
    }

    fn attempt(
        fates: &'a Fates<'a>,
        form: Form,
        exchanges: Exchanges,
        apart: Apart,
        builds_beside: bool,
    ) -> Result<Vec<Step>, Refusal> {
        let mut operations = Self {
            fates,
            form,
            apart,
            parents: Parents::new(fates),
            list: Vec::new(),
            edges: Vec::new(),
            removers: HashMap::new(),
            makers: HashMap::new(),
            removed: Families::default(),
            made: Families::default(),
            exits: HashMap::new(),
            chains: Vec::new(),
            checks: HashMap::new(),
            preferred: Vec::new(),
            renames: HashMap::new(),
            names: TemporaryNames::new([fates.old, fates.new], &exchanges),
            exchanges,
            identity_indexes: Vec::new(),
            attached_sequences: Vec::new(),
            detachments: HashMap::new(),
            builds_beside,
            besides: HashMap::new(),
            promotions: Self::promotions(fates),
            demotions: if builds_beside && form == Form::Online { Self::demotions(fates) } else { HashMap::new() },
        };
        let promoted = operations.promotions.values().copied().collect();
        for pair in 0..fates.list.len() {
            operations.add(pair, &promoted);
        }
        operations.add_implied();
        operations.removed = Families::new(fates.old, &operations.removers);
        operations.made = Families::new(fates.new, &operations.makers);
        let rebounds = operations.add_rebounds();
        operations.add_attachments(rebounds);
        operations.add_storage();
        operations.add_replica_identities();
        operations.add_properties();
        operations.connect();
        operations.connect_exchanges();
        operations.sort()
    }

    fn old(&self) -> &'a Elements {
        self.fates.old
    }

    fn new_side(&self) -> &'a Elements {
        self.fates.new
    }

    fn push(&mut self, statements: Vec<Statement>, priority: Priority, label: String) -> usize {
        self.push_steps(Step::all(statements, Mode::Together), priority, label)
    }

    fn push_steps(&mut self, steps: Vec<Step>, priority: Priority, label: String) -> usize {
        self.list.push(Operation { steps, priority, label });
        self.list.len() - 1
    }

    /// Adds operations that are one: what comes before it comes before the first, and what comes after it after the last.
    fn push_chain(&mut self, chain: Chain, label: &str) -> Option<usize> {
        let operations: Vec<usize> =
            chain.into_iter().map(|(steps, priority)| self.push_steps(steps, priority, label.to_owned())).collect();
        let (&first, &last) = (operations.first()?, operations.last()?);
        self.chains.extend(operations.windows(2).map(|pair| (pair[0], pair[1])));
        if first != last {
            self.exits.insert(first, last);
        }
        Some(first)
    }

    /// The last of the operations that an operation is the first of.
    fn last_of(&self, first: usize) -> usize {
        self.exits.get(&first).copied().unwrap_or(first)
    }

    /// Adds what happens to a pair, except what PostgreSQL does with another one.
    fn add(&mut self, pair: usize, promoted: &HashSet<Element>) {
        if self.exchanges.absorb(pair) {
            return;
        }
        let (old, new) = (self.fates.pairs.list[pair].old, self.fates.pairs.list[pair].new);
        match (&self.fates.list[pair], old, new) {
            (Fate::Drop, Some(old), _) if promoted.contains(&old) => {}
            (Fate::Drop, Some(old), _) => _ = self.remove(pair, old),
            (Fate::Create, _, Some(new)) => _ = self.make(new),
            (Fate::Replace, Some(old), Some(new)) => {
                let remove = if promoted.contains(&old) { None } else { self.remove(pair, old) };
                let make = self.make(new);
                if let (Some(remove), Some(make)) = (remove, make) {
                    let is_swapped = self.fates.swapped.contains(&pair);
                    if is_swapped {
                        self.rename_swapped(old, remove, make);
                    } else if !self.besides.contains_key(&new) {
                        self.edges.push((remove, make));
                    }
                }
            }
            (Fate::Alter(_), Some(old), Some(new)) if self.add_exchange(pair, old, new) => {}
            (Fate::Alter(_), _, Some(new)) if self.has_exchanged_index(new) => {}
            (Fate::Alter(statements), Some(old), Some(new)) => self.alter(pair, old, new, statements.clone()),
            _ => {}
        }
    }

    fn make(&mut self, new: Element) -> Option<usize> {
        if let Some(maker) = self.parents.maker(new) {
            self.complete_inherited(maker, new);
            return None;
        }
        if let Some(&old) = self.promotions.get(&new) {
            return self.promote(old, new);
        }
        let statements = self.creation(new);
        if statements.is_empty() {
            return None;
        }
        let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
        let (replaced, chain) = match self.beside_chain(new, &statements, &place) {
            Some((old, chain)) => (Some(old), chain),
            None => (None, self.creation_chain(new, statements, place)),
        };
        let operation = self.push_chain(chain, &label)?;
        self.makers.insert(new, operation);
        if let (Some(old), Some(&finish)) = (replaced, self.exits.get(&operation)) {
            self.besides.insert(new, Beside { old, build: operation, finish, is_part: false });
        }
        Some(operation)
    }

    /// Gives the old version of a type or a collation another name, until no column has it any more.
    fn rename_swapped(&mut self, old: Element, remove: usize, make: usize) {
        let Some(object) = self.old().object(old) else { return };
        let Some(rename) = removal::renaming(object) else { return };
        let place = place(self.old(), old);
        let rename = self.push(vec![rename], Priority::Make(place), object.describe());
        self.edges.extend([(rename, make), (rename, remove)]);
        self.renames.insert(old, rename);
    }

    fn alter(&mut self, pair: usize, old: Element, new: Element, statements: Vec<Statement>) {
        let elements = self.new_side();
        let mut statements = match elements.kinds[new] {
            Kind::Column(table, _) => self.column_statements(pair, table, new),
            Kind::Default(table, index) => vec![self.set_default(table, index)],
            _ => statements,
        };
        if statements.is_empty() {
            return;
        }
        let (place, label) = (place(elements, new), elements.describe(new));
        let build = self.index_for_identity(old, new, &mut statements);
        let chain = self.alteration_chain(new, statements, place);
        let check = chain.len().checked_sub(3).filter(|_| matches!(elements.kinds[new], Kind::Column(..)));
        let Some(operation) = self.push_chain(chain, &label) else { return };
        self.checks.extend(check.map(|check| (operation, operation + check)));
        if let Some(build) = build {
            self.edges.push((build, operation));
            self.identity_indexes.push((build, old));
        }
        self.removers.insert(old, operation);
        self.makers.insert(new, operation);
    }

    /// What is dropped or created with another element is so at the same time.
    fn add_implied(&mut self) {
        for old in 0..self.old().kinds.len() {
            let mut root = old;
            for _ in 0..8 {
                match self.implied_removal(root) {
                    Some(next) if self.fates.of_old(root).is_gone() => root = next,
                    _ => break,
                }
            }
            // The sequence of an identity column goes when the column is no longer one.
            if let Some(column) = self.old().identity_column(old) {
                root = column;
            }
            if let Some(&operation) = self.removers.get(&root) {
                self.removers.entry(old).or_insert(operation);
            }
        }
        for new in 0..self.new_side().kinds.len() {
            if self.fates.of_new(new).is_made()
                && !self.new_side().is_inherited_reference(new)
                && let Some(maker) = self.parents.maker(new)
                && let Some(&operation) = self.makers.get(&maker)
            {
                self.makers.entry(new).or_insert(operation);
            }
            if let Some(operation) = self.change_above(new) {
                self.makers.entry(new).or_insert(operation);
            }
        }
    }

    /// What changes a column because it changes that of a parent.
    fn change_above(&self, new: Element) -> Option<usize> {
        let mut open: Vec<Element> = vec![new];
        while let Some(column) = open.pop().filter(|&column| matches!(self.fates.of_new(column), Fate::Alter(_))) {
            if let Some(&operation) = self.makers.get(&column) {
                return Some(operation);
            }
            open.extend(self.parents.columns_above(column));
        }
        None
    }
}

/// Adds comments to the last statements of a chain that are in a transaction with others. Those that validate rows follow
/// each other, and a comment would part them.
fn add_notes(chain: &mut Chain, notes: impl IntoIterator<Item = Step>) {
    let is_together = |(steps, _): &&mut (Vec<Step>, Priority)| steps.iter().all(|step| step.mode == Mode::Together);
    if let Some((steps, _)) = chain.iter_mut().rev().find(is_together) {
        steps.extend(notes);
    }
}

/// Where the dump has an element.
fn place(elements: &Elements, element: Element) -> Place {
    match elements.kinds[element] {
        Kind::Object(index) => {
            let (rank, group, place, name) = elements.objects[index].key.clone();
            (rank, group, place, 0, name)
        }
        Kind::Column(table, index) | Kind::Default(table, index) => {
            let (found, relation) = (elements.column(table, index), &elements.model.relations[&table]);
            let place = if matches!(elements.kinds[element], Kind::Default(..)) { 2 } else { 1 };
            (5, relation.name.clone(), place, found.number, found.name.clone())
        }
        Kind::Constraint(oid) => {
            let found = &elements.model.constraints[&oid];
            let rank = if found.owner.0 == catalog::TYPE { 2 } else { 5 };
            let place = if found.kind == "f" { 4 } else { 3 };
            (rank, elements.owner_name(found), place, 0, found.name.clone())
        }
    }
}
