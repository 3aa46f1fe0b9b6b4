//! The operations of a diff, in the order in which they can run: what removes an element comes before what removes
//! something that it used, and what creates one after what creates something that it uses.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::diff::column;
use crate::diff::constraint;
use crate::diff::elements::{Element, Elements, Kind, catalog};
use crate::diff::fate::{Fate, Fates};
use crate::diff::mentions::Mentions;
use crate::diff::online::{self, Mode, Step};
use crate::diff::parents::Parents;
use crate::diff::properties;
use crate::diff::removal;
use crate::diff::script::{Form, Hazard, Refusal, Statement};
use crate::diff::sort::sorted;
use crate::object::Class;

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
    Release(Place),
    Remove(Reverse<Place>),
    Make(Place),
    /// What is built outside a transaction.
    Build(Place),
    /// What is checked in a later transaction.
    Validate(Place),
    Finish(Place),
}

/// The place of an element in the dump: the rank of its kind, its group, its place in the group, its number, its name.
type Place = (u32, String, u32, u32, String);

/// Builds the operations of a diff.
pub(crate) struct Operations<'a> {
    fates: &'a Fates<'a>,
    form: Form,
    /// Whether foreign keys are dropped before their tables.
    drops_foreign_keys: bool,
    parents: Parents<'a>,
    list: Vec<Operation>,
    /// Each before the other.
    edges: Vec<(usize, usize)>,
    /// What removes or alters an old element.
    removers: HashMap<Element, usize>,
    /// What creates or alters a new element.
    makers: HashMap<Element, usize>,
    /// The last of the operations that follow one, which are part of it.
    exits: HashMap<usize, usize>,
    chains: Vec<(usize, usize)>,
}

impl<'a> Operations<'a> {
    /// The statements of the diff, in their order.
    pub(crate) fn steps(fates: &'a Fates<'a>, form: Form) -> Result<Vec<Step>, Refusal> {
        // Tables that refer to each other can't be dropped with their foreign keys.
        Self::attempt(fates, form, false).or_else(|_| Self::attempt(fates, form, true))
    }

    fn attempt(fates: &'a Fates<'a>, form: Form, drops_foreign_keys: bool) -> Result<Vec<Step>, Refusal> {
        let mut operations = Self {
            fates,
            form,
            drops_foreign_keys,
            parents: Parents::new(fates),
            list: Vec::new(),
            edges: Vec::new(),
            removers: HashMap::new(),
            makers: HashMap::new(),
            exits: HashMap::new(),
            chains: Vec::new(),
        };
        for pair in 0..fates.list.len() {
            operations.add(pair);
        }
        operations.add_implied();
        operations.add_attachments();
        operations.add_properties();
        operations.connect();
        operations.sort()
    }

    fn old(&self) -> &'a Elements {
        self.fates.old
    }

    fn new_side(&self) -> &'a Elements {
        self.fates.new
    }

    fn push(&mut self, statements: Vec<Statement>, priority: Priority, label: String) -> usize {
        self.push_steps(statements.into_iter().map(Step::together).collect(), priority, label)
    }

    fn push_steps(&mut self, steps: Vec<Step>, priority: Priority, label: String) -> usize {
        self.list.push(Operation { steps, priority, label });
        self.list.len() - 1
    }

    /// Adds operations that are one: what comes before it comes before the first, and what comes after it after the last.
    fn push_chain(&mut self, chain: Vec<(Vec<Step>, Priority)>, label: &str) -> Option<usize> {
        let operations: Vec<usize> =
            chain.into_iter().map(|(steps, priority)| self.push_steps(steps, priority, label.to_owned())).collect();
        let (&first, &last) = (operations.first()?, operations.last()?);
        self.chains.extend(operations.windows(2).map(|pair| (pair[0], pair[1])));
        if first != last {
            self.exits.insert(first, last);
        }
        Some(first)
    }

    /// Adds what happens to a pair, except what PostgreSQL does with another one.
    fn add(&mut self, pair: usize) {
        let (old, new) = (self.fates.pairs.list[pair].old, self.fates.pairs.list[pair].new);
        match (&self.fates.list[pair], old, new) {
            (Fate::Drop, Some(old), _) => _ = self.remove(pair, old),
            (Fate::Create, _, Some(new)) => _ = self.make(new),
            (Fate::Replace, Some(old), Some(new)) => {
                let remove = self.remove(pair, old);
                let make = self.make(new);
                if let (Some(remove), Some(make)) = (remove, make) {
                    let is_swapped = self.fates.swapped.contains(&pair);
                    if is_swapped {
                        self.rename_swapped(old, make);
                    } else {
                        self.edges.push((remove, make));
                    }
                }
            }
            (Fate::Alter(statements), Some(old), Some(new)) => self.alter(pair, old, new, statements.clone()),
            _ => {}
        }
    }

    fn remove(&mut self, pair: usize, old: Element) -> Option<usize> {
        let leaves = self.old().owner_of(old).is_some_and(|owner| self.fates.leaving.contains(&owner));
        if self.implied_removal(old).is_some() || (self.old().is_inherited_reference(old) && !leaves) {
            return None;
        }
        let is_swapped = self.fates.swapped.contains(&pair);
        let mut statements = vec![removal::statement(self.old(), old, is_swapped)?];
        if let Some(detach) = self.detachment(old) {
            statements.insert(0, detach);
        }
        let (place, label) = (place(self.old(), old), self.old().describe(old));
        let operation = self.push(statements, Priority::Remove(Reverse(place)), label);
        self.removers.insert(old, operation);
        Some(operation)
    }

    /// A partition that a foreign key refers to can't be dropped while it is one.
    fn detachment(&self, old: Element) -> Option<Statement> {
        let (_, oid) = self.old().object(old)?.id;
        let facts = &self.old().facts;
        let relation = facts.relations.get(&oid)?;
        let parent = facts.relations.get(&relation.partition_of?)?;
        let is_referenced = facts.constraints.values().any(|constraint| {
            constraint.referenced == Some(oid)
                && constraint.is_inherited
                && self.old().relation(constraint.owner.1).is_some_and(|owner| *self.fates.of_old(owner) != Fate::Drop)
        });
        is_referenced
            .then(|| Statement::new(format!("ALTER TABLE {} DETACH PARTITION {};", parent.name, relation.name)))
    }

    fn make(&mut self, new: Element) -> Option<usize> {
        if self.parents.is_made_by_another(new) {
            return None;
        }
        let statements = self.creation(new);
        if statements.is_empty() {
            return None;
        }
        let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
        let chain = self.creation_chain(new, statements, place);
        let operation = self.push_chain(chain, &label)?;
        self.makers.insert(new, operation);
        Some(operation)
    }

    /// What creates an element of a table that has rows, in the form that was asked for.
    fn creation_chain(&self, new: Element, statements: Vec<Statement>, place: Place) -> Vec<(Vec<Step>, Priority)> {
        let short = |statements: Vec<Statement>, place: Place| {
            vec![(statements.into_iter().map(Step::together).collect(), Priority::Make(place))]
        };
        let Some(table) = self.table_in_use(new) else { return short(statements, place) };
        let facts = &self.new_side().facts;
        match self.new_side().kinds[new] {
            Kind::Object(index) => {
                let found = facts.indexes.get(&self.new_side().objects[index].id.1);
                let mut rest = statements.into_iter();
                let built = found
                    .zip(rest.next())
                    .and_then(|(index, first)| online::index(index, &first.sql).ok_or(first).ok());
                let Some(built) = built else { return short(self.creation(new), place) };
                let after = rest.map(|statement| Step { statement, mode: Mode::Alone });
                vec![(std::iter::once(built).chain(after).collect(), Priority::Build(place))]
            }
            Kind::Constraint(oid) => {
                let found = &facts.constraints[&oid];
                let index = found.index.and_then(|index| facts.indexes.get(&index));
                let Some(steps) = online::constraint(table, found, index) else { return short(statements, place) };
                let notes = statements.into_iter().skip(1).map(Step::together);
                let mut chain: Vec<(Vec<Step>, Priority)> = steps
                    .into_iter()
                    .map(|step| {
                        let priority = match step.mode {
                            Mode::Alone => Priority::Build(place.clone()),
                            Mode::Later => Priority::Validate(place.clone()),
                            Mode::Together if matches!(found.kind.as_str(), "p" | "u") => {
                                Priority::Finish(place.clone())
                            }
                            Mode::Together => Priority::Make(place.clone()),
                        };
                        (vec![step], priority)
                    })
                    .collect();
                if let Some((steps, _)) = chain.last_mut() {
                    steps.extend(notes);
                }
                chain
            }
            _ => short(statements, place),
        }
    }

    /// The table of an element, if it is one that stays, is not partitioned, and is to be kept in use.
    fn table_in_use(&self, new: Element) -> Option<&'a str> {
        let elements = self.new_side();
        let owner = elements.owner_of(new).filter(|_| self.form == Form::Online)?;
        let (_, oid) = elements.object(owner)?.id;
        let relation = elements.facts.relations.get(&oid)?;
        let stays = matches!(self.fates.of_new(owner), Fate::Keep | Fate::Alter(_));
        (stays && matches!(relation.kind.as_str(), "r" | "m")).then_some(relation.name.as_str())
    }

    /// Gives the old version of a type another name, until no column has it any more.
    fn rename_swapped(&mut self, old: Element, make: usize) {
        let Some(object) = self.old().object(old) else { return };
        let Some(found) = self.old().facts.types.get(&object.id.1) else { return };
        let keyword = if found.kind == "d" { "DOMAIN" } else { "TYPE" };
        let sql = format!("ALTER {keyword} {} RENAME TO {};", found.name, removal::swapped_name(found));
        let place = place(self.old(), old);
        let rename = self.push(vec![Statement::new(sql)], Priority::Release(place), object.describe());
        self.edges.push((rename, make));
    }

    /// The statements that create an element.
    fn creation(&self, new: Element) -> Vec<Statement> {
        let elements = self.new_side();
        match elements.kinds[new] {
            Kind::Object(index) => self.object_creation(index),
            Kind::Column(table, index) => {
                let (relation, found) = (&elements.facts.relations[&table], elements.column(table, index));
                let definition = column::definition(elements, table, found);
                let mut statement = Statement::new(format!("ALTER TABLE {} ADD COLUMN {definition};", relation.name));
                if found.not_null && found.expression.is_none() && found.identity.is_empty() {
                    statement = statement.with(Hazard::DependsOnRows(relation.name.clone()));
                }
                if found.generated == "s" || !found.identity.is_empty() {
                    statement = statement.with(Hazard::TableRewrite(relation.name.clone()));
                }
                vec![statement]
            }
            Kind::Default(table, index) => vec![self.set_default(table, index)],
            Kind::Constraint(oid) => {
                let found = &elements.facts.constraints[&oid];
                let mut statements = vec![constraint::create(elements, found)];
                let notes = elements.constraint_notes.get(&oid).into_iter().flatten();
                statements.extend(notes.map(|note| Statement::new(note.statement.clone())));
                statements
            }
        }
    }

    fn object_creation(&self, index: usize) -> Vec<Statement> {
        let object = &self.new_side().objects[index];
        let promoted = self.parents.promoted_indexes(object.id.1);
        let mut creation = object.clone();
        creation.items.retain(|item| item.part.is_none_or(|part| !self.parents.is_index_of_parent(object.id.1, part)));
        let mut statements: Vec<Statement> =
            creation.statements(false).into_iter().map(|sql| Statement::new(sql.into_owned())).collect();
        let Class::Catalog(class) = object.id.0 else { return statements };
        if let Some(first) = statements.first_mut() {
            // A person wants the rows.
            if let Some(sql) = first.sql.strip_suffix("\nWITH NO DATA;") {
                first.sql = format!("{sql};");
            }
            if let Some(routine) = self.new_side().facts.routines.get(&object.id.1).filter(|_| class == catalog::PROC)
                && routine.body.is_some()
                && matches!(routine.language.as_str(), "sql" | "plpgsql")
            {
                first.hazards.push(Hazard::UntrackableDependency(routine.signature.clone()));
            }
            if let Some(found) = self.new_side().facts.indexes.get(&object.id.1).filter(|_| class == catalog::CLASS)
                && found.constraint.is_none()
            {
                first.hazards.push(Hazard::IndexBuild(found.name.clone()));
                let table = self.new_side().relation(found.table);
                if table.is_some_and(|table| *self.fates.of_new(table) != Fate::Create) {
                    first
                        .hazards
                        .push(Hazard::BlockingLock(self.new_side().facts.relations[&found.table].name.clone()));
                }
            }
            if class == catalog::EXTENSION {
                first.hazards.push(Hazard::ExtensionVersion(object.describe()));
            }
        }
        statements.extend(properties::default_privileges(self.fates, object));
        statements.extend(promoted.into_iter().map(|(_, sql)| Statement::new(sql)));
        statements.extend(self.parents.renamed_indexes(object.id.1).into_iter().map(Statement::new));
        statements
    }

    fn set_default(&self, table: u32, index: usize) -> Statement {
        let (relation, found) = (&self.new_side().facts.relations[&table], self.new_side().column(table, index));
        let expression = found.expression.clone().unwrap_or_default();
        Statement::new(format!(
            "{} ALTER COLUMN {} SET DEFAULT {expression};",
            removal::alter_for_default(self.new_side(), table, relation),
            found.name
        ))
    }

    fn alter(&mut self, pair: usize, old: Element, new: Element, statements: Vec<Statement>) {
        let elements = self.new_side();
        let statements = match elements.kinds[new] {
            Kind::Column(table, _) => self.column_statements(pair, table, new),
            Kind::Default(table, index) => vec![self.set_default(table, index)],
            _ => statements,
        };
        if statements.is_empty() {
            return;
        }
        let (place, label) = (place(elements, new), elements.describe(new));
        let chain = self.alteration_chain(new, statements, place);
        let Some(operation) = self.push_chain(chain, &label) else { return };
        self.removers.insert(old, operation);
        self.makers.insert(new, operation);
    }

    /// What changes an element of a table that has rows, in the form that was asked for.
    fn alteration_chain(&self, new: Element, statements: Vec<Statement>, place: Place) -> Vec<(Vec<Step>, Priority)> {
        let together = |statements: Vec<Statement>| statements.into_iter().map(Step::together).collect::<Vec<Step>>();
        if let (Kind::Column(table, index), Some(name)) = (self.new_side().kinds[new], self.table_in_use(new))
            && let Some(at) = statements.iter().position(|statement| statement.sql.ends_with(" SET NOT NULL;"))
        {
            let column = self.new_side().column(table, index);
            let (mut before, mut after) = (statements, Vec::new());
            after.extend(before.split_off(at));
            let mut steps = online::not_null(name, column, &after[0].hazards).into_iter();
            let mut first = together(before);
            first.extend(steps.next());
            let validate = steps.next().into_iter().collect();
            let finish = steps.chain(together(after.split_off(1))).collect();
            return vec![
                (first, Priority::Make(place.clone())),
                (validate, Priority::Validate(place.clone())),
                (finish, Priority::Finish(place)),
            ];
        }
        let is_validation = |statement: &Statement| statement.sql.contains(" VALIDATE CONSTRAINT ");
        if self.form == Form::Online && statements.iter().all(is_validation) {
            let later = |statement| Step { statement, mode: Mode::Later };
            return vec![(statements.into_iter().map(later).collect(), Priority::Validate(place))];
        }
        vec![(together(statements), Priority::Make(place))]
    }

    /// What changes a column, except what changing the column of a parent does.
    fn column_statements(&self, pair: usize, table: u32, new: Element) -> Vec<Statement> {
        let Some(change) = self.fates.columns.get(&pair) else { return Vec::new() };
        let above: HashSet<&str> = self
            .parents
            .columns_above(new)
            .filter_map(|parent| self.fates.columns.get(&self.fates.pairs.of_new[parent]))
            .flat_map(|change| change.actions.iter().map(|action| action.text.as_str()))
            .collect();
        let name = &self.new_side().facts.relations[&table].name;
        let actions = change.actions.iter().filter(|action| !above.contains(action.text.as_str()));
        actions
            .flat_map(|action| {
                let sql = format!("ALTER TABLE {name} {};", action.text);
                [Some(Statement { sql, hazards: action.hazards.clone() }), action.then.clone()]
            })
            .flatten()
            .collect()
    }

    /// The old element with which PostgreSQL drops this one.
    fn implied_removal(&self, old: Element) -> Option<Element> {
        let is_gone = |element: Element| matches!(self.fates.of_old(element), Fate::Drop | Fate::Replace);
        if self.drops_foreign_keys
            && let Kind::Constraint(oid) = self.old().kinds[old]
            && let constraint = &self.old().facts.constraints[&oid]
            && constraint.kind == "f"
            && !constraint.is_inherited
        {
            return None;
        }
        // A foreign key of a partition goes with that of the partitioned table.
        let leaves = self.old().owner_of(old).is_some_and(|owner| self.fates.leaving.contains(&owner));
        if self.old().is_inherited_reference(old)
            && !leaves
            && let Some(above) = self.old().constraint_above(old).filter(|&above| is_gone(above))
        {
            return Some(above);
        }
        let automatic = self.old().uses[old].iter().filter(|(_, is_automatic)| *is_automatic).map(|&(used, _)| used);
        let automatic = automatic.filter(|&used| !self.fates.is_taken_along(old, used));
        automatic.chain(self.parents.above(old)).find(|&used| used != old && is_gone(used))
    }

    /// What is dropped or created with another element is so at the same time.
    fn add_implied(&mut self) {
        for old in 0..self.old().kinds.len() {
            let mut root = old;
            for _ in 0..8 {
                match self.implied_removal(root) {
                    Some(next) if matches!(self.fates.of_old(root), Fate::Drop | Fate::Replace) => root = next,
                    _ => break,
                }
            }
            if let Some(&operation) = self.removers.get(&root) {
                self.removers.entry(old).or_insert(operation);
            }
        }
        for new in 0..self.new_side().kinds.len() {
            if matches!(self.fates.of_new(new), Fate::Create | Fate::Replace)
                && !self.new_side().is_inherited_reference(new)
                && let Some(maker) = self.parents.maker(new)
                && let Some(&operation) = self.makers.get(&maker)
            {
                self.makers.entry(new).or_insert(operation);
            }
        }
    }

    /// Detaches tables from parents before anything else, and attaches them after all.
    fn add_attachments(&mut self) {
        for (old, new, detach, attach) in self.parents.attachments() {
            let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
            let detach = (!detach.is_empty()).then(|| {
                let statements = detach.into_iter().map(Statement::new).collect();
                self.push(statements, Priority::Release(place.clone()), label.clone())
            });
            let attach = (!attach.is_empty()).then(|| {
                let place = (place.0, place.1.clone(), 20, 0, String::new());
                self.push(attach.into_iter().map(Statement::new).collect(), Priority::Make(place), label)
            });
            if let Some(detach) = detach {
                let removers: Vec<usize> = self.family(self.old(), old, &self.removers);
                self.edges.extend(removers.into_iter().map(|remover| (detach, remover)));
                let makers: Vec<usize> = self.family(self.new_side(), new, &self.makers);
                self.edges.extend(makers.into_iter().map(|maker| (detach, maker)));
                self.edges.extend(attach.map(|attach| (detach, attach)));
            }
            if let Some(attach) = attach {
                let makers = self.family(self.new_side(), new, &self.makers);
                self.edges.extend(makers.into_iter().map(|maker| (maker, attach)));
                let removers = self.family(self.old(), old, &self.removers);
                self.edges.extend(removers.into_iter().map(|remover| (remover, attach)));
            }
        }
    }

    /// The operations on a table, its parents, and what belongs to them.
    fn family(&self, elements: &Elements, table: Element, operations: &HashMap<Element, usize>) -> Vec<usize> {
        let tables: HashSet<Element> =
            std::iter::once(table).chain(self.parents.tables_above(elements, table)).collect();
        let belongs = |element: Element| {
            tables.contains(&element) || elements.owner_of(element).is_some_and(|owner| tables.contains(&owner))
        };
        let mut found: Vec<usize> =
            operations.iter().filter(|(element, _)| belongs(**element)).map(|(_, &operation)| operation).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Adds what changes owners, comments, settings and privileges of objects that stay.
    fn add_properties(&mut self) {
        for pair in 0..self.fates.list.len() {
            let (Some(old), Some(new)) = (self.fates.pairs.list[pair].old, self.fates.pairs.list[pair].new) else {
                continue;
            };
            if !matches!(self.fates.list[pair], Fate::Keep | Fate::Alter(_)) {
                continue;
            }
            let change = properties::change(self.fates, old, new);
            let (place, label) = (place(self.new_side(), new), self.new_side().describe(new));
            if !change.before.is_empty() {
                let before = self.push(change.before, Priority::Release(place.clone()), label.clone());
                let removers = self.family(self.old(), old, &self.removers);
                self.edges.extend(removers.into_iter().map(|remover| (before, remover)));
            }
            if !change.after.is_empty() {
                let place = (place.0, place.1, 10, place.3, place.4);
                let after = self.push(change.after, Priority::Make(place), label);
                let makers = self.family(self.new_side(), new, &self.makers);
                self.edges.extend(makers.into_iter().map(|maker| (maker, after)));
            }
        }
    }

    fn connect(&mut self) {
        self.connect_removals();
        self.connect_creations();
        self.connect_names();
        self.connect_partitions();
    }

    /// What uses an element is removed before it.
    fn connect_removals(&mut self) {
        for (user, uses) in self.old().uses.iter().enumerate() {
            let Some(&remover) = self.removers.get(&user) else { continue };
            for &(used, _) in uses {
                let is_gone = |element: Element| matches!(self.fates.of_old(element), Fate::Drop | Fate::Replace);
                let is_hard = is_gone(used)
                    || self.fates.is_retyped(self.fates.pairs.of_old[used])
                    // A column of a key can't become nullable.
                    || (is_gone(user) && matches!(self.old().kinds[used], Kind::Column(..)));
                if is_hard && let Some(&other) = self.removers.get(&used) {
                    self.edges.push((remover, other));
                }
            }
        }
        // A default is dropped before its column changes.
        for (pair, change) in &self.fates.columns {
            if !change.drops_default {
                continue;
            }
            let Some(old) = self.fates.pairs.list[*pair].old else { continue };
            let default = self.old().default_of(old).and_then(|default| self.removers.get(&default).copied());
            if let (Some(default), Some(&alter)) = (default, self.removers.get(&old)) {
                self.edges.push((default, alter));
            }
        }
    }

    /// What an element uses is created before it.
    fn connect_creations(&mut self) {
        let elements = self.new_side();
        for user in 0..elements.kinds.len() {
            let Some(&maker) = self.makers.get(&user) else { continue };
            let uses = elements.uses[user].iter().map(|&(used, _)| used);
            let uses = uses.filter(|&used| !elements.parts.contains(&(user, used)));
            let needs = elements.needs[user]
                .iter()
                .copied()
                .filter(|_| matches!(self.fates.of_new(user), Fate::Create | Fate::Replace));
            for used in uses.chain(needs).filter(|&used| !elements.is_owner_of_sequence(used, user)) {
                if let Some(&other) = self.makers.get(&used) {
                    self.edges.push((other, maker));
                }
            }
            if let Some(column) = elements.column_of(user)
                && let Some(&other) = self.makers.get(&column)
            {
                self.edges.push((other, maker));
            }
        }
    }

    /// A name is free before it is used again.
    fn connect_names(&mut self) {
        let names = |elements: &Elements, element: Element| -> Option<String> {
            let name = match elements.kinds[element] {
                Kind::Constraint(oid) => {
                    let index = elements.facts.constraints[&oid].index?;
                    elements.facts.indexes.get(&index).map(|index| &index.name)
                }
                Kind::Object(index) => {
                    let (class, oid) = elements.objects[index].id;
                    match class {
                        Class::Catalog(catalog::CLASS) => (elements.facts.relations.get(&oid).map(|found| &found.name))
                            .or_else(|| elements.facts.indexes.get(&oid).map(|found| &found.name)),
                        Class::Catalog(catalog::TYPE) => elements.facts.types.get(&oid).map(|found| &found.name),
                        Class::Catalog(catalog::PROC) => {
                            elements.facts.routines.get(&oid).map(|found| &found.signature)
                        }
                        _ => None,
                    }
                }
                _ => None,
            };
            name.cloned()
        };
        let mut freed: HashMap<String, usize> = HashMap::new();
        for (&old, &operation) in &self.removers {
            if matches!(self.fates.of_old(old), Fate::Drop | Fate::Replace)
                && !self.fates.swapped.contains(&self.fates.pairs.of_old[old])
                && let Some(name) = names(self.old(), old)
            {
                freed.insert(name, operation);
            }
        }
        for (&new, &operation) in &self.makers {
            if matches!(self.fates.of_new(new), Fate::Create | Fate::Replace)
                && let Some(name) = names(self.new_side(), new)
                && let Some(&remover) = freed.get(&name)
                && remover != operation
            {
                self.edges.push((remover, operation));
            }
        }
    }

    /// A partition of a table that exists is created after that has changed, because it takes over what that has.
    fn connect_partitions(&mut self) {
        let mut edges = Vec::new();
        for (&new, &operation) in &self.makers {
            if *self.fates.of_new(new) != Fate::Create || self.new_side().object(new).is_none() {
                continue;
            }
            for parent in self.parents.tables_above(self.new_side(), new) {
                if matches!(self.fates.of_new(parent), Fate::Create | Fate::Replace) {
                    continue;
                }
                let made = self.makers.iter().filter(|(element, _)| {
                    let belongs = **element == parent || self.new_side().owner_of(**element) == Some(parent);
                    belongs && !self.new_side().is_index_like(**element)
                });
                edges.extend(made.map(|(_, &maker)| (maker, operation)).filter(|(one, other)| one != other));
            }
        }
        self.edges.extend(edges);
    }

    /// Sorts with what the bodies of functions mention, unless that would be a circle.
    fn sort(self) -> Result<Vec<Step>, Refusal> {
        let mentions = Mentions::new(self.new_side());
        let mut edges = self.edges.clone();
        for (&new, &operation) in &self.makers {
            for mentioned in mentions.of(new) {
                let makers = self.makers.iter().filter(|(element, _)| {
                    **element == mentioned || self.new_side().owner_of(**element) == Some(mentioned)
                });
                edges.extend(makers.map(|(_, &maker)| (maker, operation)).filter(|(one, other)| one != other));
            }
        }
        let with_exits = |edges: &[(usize, usize)]| -> Vec<(usize, usize)> {
            let moved = edges.iter().map(|&(one, other)| (self.exits.get(&one).copied().unwrap_or(one), other));
            moved.filter(|(one, other)| self.exits.get(other) != Some(one)).chain(self.chains.iter().copied()).collect()
        };
        let (edges, own_edges) = (with_exits(&edges), with_exits(&self.edges));
        let priorities: Vec<Priority> = self.list.iter().map(|operation| operation.priority.clone()).collect();
        let order = sorted(&priorities, &edges).or_else(|_| sorted(&priorities, &own_edges));
        let order = order.map_err(|circle| {
            let mut labels: Vec<String> = circle.into_iter().map(|index| self.list[index].label.clone()).collect();
            labels.sort_unstable();
            labels.dedup();
            Refusal::Circle(labels)
        })?;
        let mut list: Vec<Option<Operation>> = self.list.into_iter().map(Some).collect();
        let operations = order.into_iter().filter_map(|index| list[index].take());
        Ok(operations.flat_map(|operation| operation.steps).collect())
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
            let (found, relation) = (elements.column(table, index), &elements.facts.relations[&table]);
            let place = if matches!(elements.kinds[element], Kind::Default(..)) { 2 } else { 1 };
            (5, relation.name.clone(), place, found.number, found.name.clone())
        }
        Kind::Constraint(oid) => {
            let found = &elements.facts.constraints[&oid];
            let rank = if found.owner.0 == catalog::TYPE { 2 } else { 5 };
            let place = if found.kind == "f" { 4 } else { 3 };
            (rank, elements.owner_name(found), place, 0, found.name.clone())
        }
    }
}
