//! Constraints that have no NOT VALID on the table or domain that has them, or none without a lock: foreign keys of
//! partitioned tables, which partitions get before them, and checks of domains.

use super::{Chain, Operations, Place, Priority, add_notes};
use crate::diff::constraint;
use crate::diff::elements::{Element, Kind, catalog};
use crate::diff::online::{self, Mode, Step};
use crate::diff::script::{Form, Statement};
use crate::model::Constraint;

impl<'a> Operations<'a> {
    /// What creates a foreign key of a partitioned table or a check of a domain that stays.
    pub(super) fn reference_chain(&self, new: Element, place: &Place) -> Option<Chain> {
        let elements = self.new_side();
        let Kind::Constraint(oid) = elements.kinds[new] else { return None };
        let found = elements.model.constraints.get(&oid).filter(|found| found.is_valid)?;
        let notes = elements.constraint_notes.get(&oid).into_iter().flatten();
        let notes = notes.map(|note| Step::together(Statement::new(note.statement())));
        let mut chain = match (found.kind.as_str(), found.owner.0) {
            ("f", catalog::CLASS) => {
                self.kept_table(new, &["p"])?;
                let (mut checked, mut above) = (Vec::new(), Vec::new());
                self.add_references_below(found, &mut checked, &mut above)?;
                let create = |constraint| Step::together(Statement::new(constraint::sql(elements, constraint)));
                let mut chain = self.checked(&checked, place);
                let above = above.into_iter().chain([found]).map(create).collect();
                chain.push((above, Priority::Finish(place.clone())));
                chain
            }
            ("c", catalog::TYPE) => {
                let stays = elements.owner_of(new).is_some_and(|owner| self.fates.of_new(owner).stays());
                (stays && self.form == Form::Online).then_some(())?;
                self.checked_domain(found, place)
            }
            _ => return None,
        };
        add_notes(&mut chain, notes);
        Some(chain)
    }

    /// Foreign keys that are checked for new rows first and for the others later.
    pub(super) fn checked(&self, constraints: &[&Constraint], place: &Place) -> Chain {
        let elements = self.new_side();
        let steps = constraints.iter().filter_map(|found| online::constraint(elements, found, None));
        let (add, validate) = steps.flatten().partition(|step: &Step| step.mode == Mode::Together);
        vec![(add, Priority::Make(place.clone())), (validate, Priority::Validate(place.clone()))]
    }

    /// The foreign keys that partitions get with that of their table: those of tables with rows, and those of partitioned
    /// tables, the lowest first. `None` if a partition can't have one before.
    fn add_references_below(
        &self,
        above: &Constraint,
        checked: &mut Vec<&'a Constraint>,
        others: &mut Vec<&'a Constraint>,
    ) -> Option<()> {
        let elements = self.new_side();
        let mut below: Vec<&Constraint> = elements.constraints_below(above).collect();
        below.sort_unstable_by_key(|found| elements.owner_name(found));
        for found in below {
            let relation = elements.model.relations.get(&found.owner.1)?;
            let table = elements.relation(found.owner.1)?;
            if !self.parents.keeps_parent(table) {
                continue;
            }
            match relation.kind.as_str() {
                "r" => checked.push(found),
                "p" => {
                    self.add_references_below(found, checked, others)?;
                    others.push(found);
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// A check that is validated apart from what else happens to the tables, under a lock that blocks writes.
    fn checked_domain(&self, found: &Constraint, place: &Place) -> Chain {
        let domain = self.new_side().owner_name(found);
        let (name, definition) = (&found.name, &found.definition);
        let add = Statement::new(format!("ALTER DOMAIN {domain} ADD CONSTRAINT {name} {definition} NOT VALID;"));
        let validate = Statement::new(format!("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name};"));
        let validate = constraint::hazards_of_domain(&domain).into_iter().fold(validate, Statement::with);
        vec![
            (vec![Step::together(add)], Priority::Make(place.clone())),
            (vec![Step::later(validate)], Priority::Validate(place.clone())),
        ]
    }
}
