//! What an operation writes: the statements that create or alter an element, in the form that was asked for.

use std::collections::HashSet;

use super::{Chain, Operations, Place, Priority, add_notes};
use crate::diff::change::NEW_OBJECTS;
use crate::diff::column;
use crate::diff::constraint;
use crate::diff::elements::{Element, Kind, catalog, quoted};
use crate::diff::online::{self, Mode, Step};
use crate::diff::properties;
use crate::diff::removal;
use crate::diff::script::{Form, Hazard, Statement};
use crate::diff::security;
use crate::model::{Column, Relation, Type};
use crate::object::{Class, Item};

impl<'a> Operations<'a> {
    /// What creates an element of a table that has rows, in the form that was asked for.
    pub(super) fn creation_chain(&self, new: Element, statements: Vec<Statement>, place: Place) -> Chain {
        let short = |statements: Vec<Statement>, place: Place| {
            vec![(Step::all(statements, Mode::Together), self.short_priority(new, place))]
        };
        if let Some(chain) = self.addition_chain(new, &place) {
            return chain;
        }
        if let Some(chain) = self.reference_chain(new, &place) {
            return chain;
        }
        if let Some(chain) = self.partition_chain(new, &statements, &place) {
            return chain;
        }
        if self.reads_rows(new) {
            return vec![(Step::all(statements, Mode::Later), Priority::Validate(place))];
        }
        let is_check = |oid: u32| self.new_side().model.constraints[&oid].kind == "c";
        let kinds: &[&str] = match self.new_side().kinds[new] {
            Kind::Constraint(oid) if is_check(oid) => &["r", "p"],
            _ => &["r", "m"],
        };
        let Some(table) = self.kept_table(new, kinds) else { return short(statements, place) };
        let model = &self.new_side().model;
        match self.new_side().kinds[new] {
            Kind::Object(index) => {
                let found = model.indexes.get(&self.new_side().objects[index].id.1);
                let first = statements.first().map(|statement| statement.sql.as_str()).unwrap_or_default();
                let built = found.and_then(|found| online::index(table, found, &found.quoted_name, first));
                let Some(mut built) = built else { return short(statements, place) };
                built.extend(Step::all(statements.into_iter().skip(1), Mode::Alone));
                vec![(built, Priority::Build(place))]
            }
            Kind::Constraint(oid) => {
                let found = &model.constraints[&oid];
                let index = found.index.and_then(|index| model.indexes.get(&index));
                let index = index.map(|index| (index, index.quoted_name.as_str()));
                let Some(steps) = online::constraint(self.new_side(), found, index) else {
                    return short(statements, place);
                };
                let notes = statements.into_iter().skip(1).map(Step::together);
                let mut chain: Chain = steps
                    .into_iter()
                    .map(|step| {
                        let priority = match step.mode {
                            Mode::Alone => Priority::Build(place.clone()),
                            Mode::Later => Priority::Validate(place.clone()),
                            Mode::Together if matches!(found.kind.as_str(), "p" | "u") => {
                                Priority::Finish(place.clone())
                            }
                            Mode::Together | Mode::Apart => Priority::Make(place.clone()),
                        };
                        (vec![step], priority)
                    })
                    .collect();
                add_notes(&mut chain, notes);
                chain
            }
            _ => short(statements, place),
        }
    }

    /// Whether creating an element reads the rows of tables that are in use: a materialized view, or an index of one.
    fn reads_rows(&self, new: Element) -> bool {
        let elements = self.new_side();
        let view = elements.owner_of(new).or(Some(new)).and_then(|element| elements.object(element));
        let is_view = view
            .is_some_and(|object| elements.model.relations.get(&object.id.1).is_some_and(|found| found.kind == "m"));
        let is_made = view
            .and_then(|object| elements.relation(object.id.1))
            .is_some_and(|view| self.fates.of_new(view).is_made());
        let is_table = |relation: &&Relation| matches!(relation.kind.as_str(), "r" | "p" | "m");
        self.form == Form::Online
            && is_view
            && is_made
            && self.old().model.relations.values().any(|found| is_table(&found))
    }

    /// The table of an element, if it stays, is of one of some kinds, and is to be kept in use.
    pub(super) fn kept_table(&self, new: Element, kinds: &[&str]) -> Option<&'a str> {
        let elements = self.new_side();
        let owner = elements.owner_of(new).filter(|_| self.form == Form::Online)?;
        let (_, oid) = elements.object(owner)?.id;
        let relation = elements.model.relations.get(&oid)?;
        let stays = self.fates.of_new(owner).stays();
        (stays && kinds.contains(&relation.kind.as_str())).then_some(relation.name.as_str())
    }

    /// The statements that create an element.
    pub(super) fn creation(&self, new: Element) -> Vec<Statement> {
        let elements = self.new_side();
        match elements.kinds[new] {
            Kind::Object(index) => self.object_creation(index),
            Kind::Column(table, index) => {
                let (relation, found) = (&elements.model.relations[&table], elements.column(table, index));
                let definition = column::definition(elements, table, found);
                let mut statement = Statement::new(format!("ALTER TABLE {} ADD COLUMN {definition};", relation.name));
                // A default is no NULL, but the result of an expression may be, and what a domain refuses.
                let is_given = found.has_default() || !found.identity.is_empty();
                let domain = elements.model.types.values().find(|one| one.kind == "d" && one.name == found.type_name);
                let has_value = is_given || domain.is_some_and(|domain| domain.default.is_some());
                let is_required = found.not_null || domain.is_some_and(|domain| domain.not_null);
                // PostgreSQL does not look at the rows of a foreign table.
                let has_rows = relation.kind != "f";
                if has_rows && is_required && !has_value && found.generated.is_empty() {
                    let (table, column) = (relation.name.clone(), found.name.clone());
                    statement = statement.with(Hazard::MissingValues { table, column });
                } else if has_rows && (found.not_null && !has_value || found.has_checked_type) {
                    statement = statement.with(Hazard::DependsOnRows(relation.name.clone()));
                }
                let is_filled = found.generated == "s" || !found.identity.is_empty();
                if is_filled
                    || found.is_volatile
                    || found.has_checked_type
                    || self.is_refused_with_default(table, found)
                {
                    statement = statement.with(Hazard::TableRewrite(relation.name.clone()));
                }
                let privileges = properties::default_privileges_of_identity(self.fates, table, found);
                let added = self.added_to_parent(table, found).unwrap_or_else(|| vec![statement]);
                added.into_iter().chain(privileges).collect()
            }
            Kind::Default(table, index) => vec![self.set_default(table, index)],
            Kind::Constraint(oid) => {
                let found = &elements.model.constraints[&oid];
                let mut statement = constraint::create(elements, found);
                let stays = elements.owner_of(new).is_some_and(|owner| self.fates.of_new(owner).stays());
                if !stays {
                    // There are no rows.
                    statement.hazards.clear();
                }
                let mut statements = vec![statement];
                let notes = elements.constraint_notes.get(&oid).into_iter().flatten();
                statements.extend(notes.map(|note| Statement::new(note.statement())));
                statements
            }
        }
    }

    pub(super) fn object_creation(&self, index: usize) -> Vec<Statement> {
        let object = &self.new_side().objects[index];
        let promoted = self.parents.promoted_indexes(object.id.1);
        let mut creation = object.clone();
        let comes_with_table =
            |item: &Item| item.part.is_some_and(|part| self.parents.is_index_of_parent(object.id.1, part));
        let with_table = creation.items.extract_if(.., |item| comes_with_table(item));
        let notes: Vec<Statement> =
            with_table.flat_map(|item| item.comments).map(|note| Statement::new(note.statement())).collect();
        let mut statements: Vec<Statement> =
            creation.statements(false).into_iter().map(|sql| Statement::new(sql.into_owned())).collect();
        let Class::Catalog(class) = object.id.0 else { return statements };
        if let Some(first) = statements.first_mut() {
            // A person wants the rows.
            if let Some(sql) = first.sql.strip_suffix("\nWITH NO DATA;") {
                first.sql = format!("{sql};");
            }
            if let Some(found) = self.new_side().model.types.get(&object.id.1).filter(|_| class == catalog::TYPE) {
                self.name_not_null(found, &creation.head, &mut first.sql);
            }
            if let Some(routine) = self.new_side().model.routines.get(&object.id.1).filter(|_| class == catalog::PROC)
                && routine.body.is_some()
                && matches!(routine.language.as_str(), "sql" | "plpgsql")
            {
                first.hazards.push(Hazard::UntrackableDependency(routine.signature.clone()));
            }
            if let Some(found) = self.new_side().model.indexes.get(&object.id.1).filter(|_| class == catalog::CLASS)
                && found.constraint.is_none()
            {
                let (table, relation) =
                    (self.new_side().relation(found.table), &self.new_side().model.relations[&found.table]);
                let stays = table.is_some_and(|table| self.fates.of_new(table).stays());
                // A new table has no rows, and the index of a partitioned one neither.
                if stays && relation.kind != "p" || relation.kind == "m" {
                    first.hazards.extend(online::unique_hazard(&relation.name, found));
                }
                if stays || relation.kind == "m" {
                    first.hazards.push(Hazard::IndexBuild(found.name.clone()));
                }
                if stays && relation.kind != "p" {
                    first.hazards.push(Hazard::BlockingLock(relation.name.clone()));
                }
            }
            if let Some(policy) = self.new_side().model.policies.get(&object.id.1).filter(|_| class == catalog::POLICY)
                && self.new_side().relation(policy.table).is_some_and(|table| self.fates.of_new(table).stays())
            {
                first.hazards.extend(removal::policy_hazard(self.new_side(), object.id.1));
            }
            let old = self.new_side().element_of(object.id).and_then(|new| self.fates.pairs.old_of(new));
            if let Some(before) = old.and_then(|old| self.old().object(old)) {
                first.hazards.extend(security::hazard((self.old(), before), (self.new_side(), object)));
            }
            if class == catalog::DEFAULT_ACL {
                first.hazards.push(Hazard::AuthorizationChange(NEW_OBJECTS.to_owned()));
            }
            if class == catalog::EXTENSION {
                first.hazards.push(Hazard::ExtensionVersion(object.describe()));
            }
        }
        if class == catalog::EXTENSION {
            let (suspend, restore) = properties::suspended_defaults(self.fates);
            statements.splice(0..0, suspend);
            statements.extend(restore);
        }
        // The sequence of an identity column gets them with the column.
        let sequence = self.new_side().model.sequences.get(&object.id.1).filter(|_| class == catalog::CLASS);
        if sequence.is_none_or(|sequence| !sequence.is_identity) {
            statements.extend(properties::default_privileges(self.fates, object));
        }
        statements.extend(promoted.into_iter().map(|(_, sql)| Statement::new(sql)));
        statements.extend(self.parents.renamed_indexes(object.id.1).into_iter().map(Statement::replacing));
        // Those have what the index of the table has, and a comment only of their own.
        for (index, place) in self.parents.given_objects(object.id.1) {
            let above = index.parent.and_then(|above| self.new_side().model.indexes.get(&above));
            let settings = above.into_iter().flat_map(|above| index.settings_below(above));
            statements.extend(settings.map(Statement::new));
            statements.extend(self.object_creation(place).into_iter().skip(1));
        }
        statements.extend(notes);
        statements
    }

    /// Names the NOT NULL of a new domain if an old one, which has had its name, has a constraint with the usual name:
    /// PostgreSQL would give it another one.
    fn name_not_null(&self, domain: &Type, head: &str, sql: &mut String) {
        let usual = quoted(&domain.usual_not_null());
        let is_taken = |other: &Type| other.named_not_null() == Some(&usual);
        if domain.named_not_null().is_none()
            && self.old().model.types.values().any(is_taken)
            && let Some(start) = head.strip_suffix(" NOT NULL").filter(|start| sql.starts_with(start))
        {
            sql.insert_str(start.len(), &format!(" CONSTRAINT {usual}"));
        }
    }

    pub(super) fn set_default(&self, table: u32, index: usize) -> Statement {
        let (relation, found) = (&self.new_side().model.relations[&table], self.new_side().column(table, index));
        let expression = found.expression.clone().unwrap_or_default();
        Statement::new(format!(
            "{} ALTER COLUMN {} SET DEFAULT {expression};",
            removal::alter_for_default(self.new_side(), table, relation),
            found.name
        ))
    }

    /// What changes an element of a table that has rows, in the form that was asked for.
    pub(super) fn alteration_chain(&self, new: Element, statements: Vec<Statement>, place: Place) -> Chain {
        let together = |statements: Vec<Statement>| Step::all(statements, Mode::Together);
        if let (Kind::Column(table, index), Some(name)) =
            (self.new_side().kinds[new], self.kept_table(new, &["r", "p"]))
            && let Some(at) = statements.iter().position(|statement| statement.sql.ends_with(" SET NOT NULL;"))
        {
            let column = self.new_side().column(table, index);
            let mut before = statements;
            let mut after = before.split_off(at);
            let mut steps = online::not_null(name, column, &after[0].hazards).into_iter();
            let [check, validate] = [steps.next(), steps.next()].map(|step| step.into_iter().collect());
            let finish = steps.chain(together(after.split_off(1))).collect();
            let chain = [
                (together(before), Priority::Make(place.clone())),
                (check, Priority::Make(place.clone())),
                (validate, Priority::Validate(place.clone())),
                (finish, Priority::Finish(place)),
            ];
            return chain.into_iter().filter(|(steps, _): &(Vec<Step>, _)| !steps.is_empty()).collect();
        }
        let is_validation = |statement: &Statement| statement.sql.contains(" VALIDATE CONSTRAINT ");
        if self.form == Form::Online
            && let Some(at) = statements.iter().position(is_validation)
        {
            let mut before = statements;
            let validate = Step::all(before.split_off(at), Mode::Later);
            let chain = [(together(before), Priority::Make(place.clone())), (validate, Priority::Validate(place))];
            return chain.into_iter().filter(|(steps, _)| !steps.is_empty()).collect();
        }
        vec![(together(statements), self.short_priority(new, place))]
    }

    /// When an element is written that takes one step. Default privileges come last: nothing that the diff creates is to
    /// get the new ones. Publications come after what fills columns: the rows of a published table can be updated only when
    /// it has its key. A table that becomes logged may be published by that.
    fn short_priority(&self, new: Element, place: Place) -> Priority {
        match self.new_side().object(new).map(|object| object.id.0) {
            Some(Class::Catalog(catalog::DEFAULT_ACL)) => Priority::Contract(place),
            Some(Class::Catalog(catalog::PUBLICATION)) => Priority::Finish(place),
            _ if self.fates.becomes_logged(new) => Priority::Finish(place),
            _ => Priority::Make(place),
        }
    }

    /// What changes a column, except what changing the column of a parent does.
    pub(super) fn column_statements(&self, pair: usize, table: u32, new: Element) -> Vec<Statement> {
        let Some(change) = self.fates.columns.get(&pair) else { return Vec::new() };
        let above: HashSet<&str> = self
            .parents
            .columns_above(new)
            .filter_map(|parent| self.fates.columns.get(&self.fates.pairs.of_new[parent]))
            .flat_map(|change| change.actions.iter().map(|action| action.text.as_str()))
            .collect();
        let name = &self.new_side().model.relations[&table].name;
        // Changing the type of a typed table changes the type of the column.
        let owner = self.new_side().owner_of(new);
        let is_typed = owner.is_some_and(|owner| self.parents.kept_type(owner).is_some());
        let is_own = |text: &str| !(above.contains(text) || is_typed && text.contains(" TYPE "));
        let actions = change.actions.iter().filter(|action| is_own(action.text.as_str()));
        let identity = self.new_identity(pair, table, new);
        let privileges = identity.map(|column| properties::default_privileges_of_identity(self.fates, table, column));
        actions
            .flat_map(|action| [action.first.clone(), Some(action.of_table(name)), action.then.clone()])
            .flatten()
            .chain(privileges.into_iter().flatten())
            .collect()
    }

    /// The column, if it becomes an identity column.
    fn new_identity(&self, pair: usize, table: u32, new: Element) -> Option<&Column> {
        let old = self.fates.pairs.list[pair].old?;
        match (self.old().kinds[old], self.new_side().kinds[new]) {
            (Kind::Column(before, one), Kind::Column(_, other)) => {
                let is_new = self.old().column(before, one).sequence.is_none();
                is_new.then(|| self.new_side().column(table, other))
            }
            _ => None,
        }
    }
}
