//! Plans the steps from the current version rows to a target, in time linear in the number of revisions.
//!
//! `order.rs` sorts the steps; `version_rows.rs` determines how each step changes the version table.

use crate::graph::{Follow, RevisionGraph};
use crate::name::{Overwalk, Position};
use crate::node::{Node, NodeSet};
use crate::operation::Operation;
use crate::step::{Plan, Step, VersionChange};
use crate::target::Current;
use crate::target_error::TargetError;
use crate::version_rows::VersionRows;

impl RevisionGraph {
    /// Plans `upgrade TARGET` from the version rows `from`.
    ///
    /// # Errors
    /// Fails if the target is unknown, ambiguous, or not reachable from the version rows.
    pub fn plan_upgrade(&self, from: &[Node], target: &str) -> Result<Plan, TargetError> {
        let targets = self.upgrade_targets(target, Current::Rows(from), Overwalk::Refuse)?;
        self.refuse_overlap(&targets)?;
        self.refuse_overlap(from)?;
        let required = self.ancestors(targets.iter().copied(), Follow::Dependencies);
        let applied = self.ancestors(from.iter().copied(), Follow::Dependencies);
        let mut needed = self.empty_set();
        needed.extend(required.iter().filter(|&node| !applied.contains(node)));
        let mut order = self.sort(needed, &targets)?;
        order.reverse();
        let mut rows = VersionRows::new(self, from, applied);
        let steps = order.into_iter().map(|node| rows.upgrade(node)).collect::<Result<_, _>>()?;
        Ok(rows.into_plan(Operation::Upgrade, from, steps))
    }

    /// Plans `downgrade TARGET` from the version rows `from`.
    ///
    /// # Errors
    /// Fails if the target is unknown, ambiguous, or not below the version rows.
    pub fn plan_downgrade(&self, from: &[Node], target: &str) -> Result<Plan, TargetError> {
        let (label, place) = self.downgrade_target(target, Current::Rows(from), Overwalk::Refuse)?;
        let mut roots: Vec<Node> = match place {
            Position::Base => self.bases().collect(),
            Position::At(node) => self.next(node).to_vec(),
        };
        if let Some(label) = label.filter(|_| roots.len() > 1) {
            let branch = self.resolve_one(&label)?;
            let line = self.ancestors(branch, Follow::Revises);
            roots.retain(|&root| line.contains(root));
            if roots.is_empty() {
                return Err(TargetError::NotBelow { target: target.to_owned(), heads: self.ids(from.iter().copied()) });
            }
        }
        let applied = self.ancestors(from.iter().copied(), Follow::Dependencies);
        let mut dropped = self.descendants(roots, Follow::Dependencies);
        for node in self.nodes().filter(|&node| !applied.contains(node)) {
            dropped.remove(node);
        }
        if let Position::At(node) = place
            && dropped.is_empty()
            && !from.contains(&node)
        {
            return Err(TargetError::NotBelow { target: target.to_owned(), heads: self.ids(from.iter().copied()) });
        }
        self.plan_without(from, dropped)
    }

    /// Plans to revert these revisions, all of them applied, newest first. No target expresses this if they are on
    /// several branches.
    ///
    /// # Errors
    /// Fails if another applied revision needs one of them.
    pub fn plan_without(&self, from: &[Node], dropped: NodeSet) -> Result<Plan, TargetError> {
        let applied = self.ancestors(from.iter().copied(), Follow::Dependencies);
        let order = self.sort(dropped, from)?;
        let mut rows = VersionRows::new(self, from, applied);
        let steps = order.into_iter().map(|node| rows.downgrade(node)).collect::<Result<_, _>>()?;
        Ok(rows.into_plan(Operation::Downgrade, from, steps))
    }

    /// Plans the downgrade of a single revision, which must be a head. No target expresses this for a merge.
    ///
    /// # Errors
    /// Fails if the revision is not among the version rows.
    pub fn plan_one_back(&self, from: &[Node], revision: Node) -> Result<Plan, TargetError> {
        let applied = self.ancestors(from.iter().copied(), Follow::Dependencies);
        let mut rows = VersionRows::new(self, from, applied);
        let steps = vec![rows.downgrade(revision)?];
        Ok(rows.into_plan(Operation::Downgrade, from, steps))
    }

    /// Plans `stamp TARGET…` from the version rows `from`.
    ///
    /// # Errors
    /// Fails if a target is unknown or ambiguous, or conflicts with another.
    pub fn plan_stamp<'targets>(
        &self,
        from: &[Node],
        targets: impl IntoIterator<Item = &'targets str> + Clone,
    ) -> Result<Plan, TargetError> {
        let mut concerned: Vec<Node> = Vec::new();
        for target in targets.clone() {
            for node in self.filter_for_lineage(from, target, Follow::Dependencies)? {
                if !concerned.contains(&node) {
                    concerned.push(node);
                }
            }
        }
        let mut destinations: Vec<Position> = Vec::new();
        for target in targets {
            let before = destinations.len();
            // Below the base counts as the base, as in Alembic.
            destinations.extend(self.places(target)?.into_iter().map(|place| place.unwrap_or(Position::Base)));
            if before == destinations.len() {
                destinations.push(Position::Base);
            }
        }
        if destinations.contains(&Position::Base) && destinations.iter().any(|place| matches!(place, Position::At(_))) {
            destinations.retain(|place| *place != Position::Base);
        }
        let mut rows = VersionRows::new(self, from, self.empty_set());
        let mut steps = Vec::new();
        for place in destinations {
            let changes = match place {
                Position::Base => concerned.iter().map(|&head| rows.delete(head)).collect::<Result<Vec<_>, _>>()?,
                Position::At(node) if concerned.contains(&node) => continue,
                Position::At(node) => self.stamp_one(node, &concerned, &mut rows)?,
            };
            let single = |change| Step { revision: None, changes: vec![change] };
            match place {
                Position::Base => steps.extend(changes.into_iter().map(single)),
                Position::At(_) => steps.push(Step { revision: None, changes }),
            }
        }
        Ok(rows.into_plan(Operation::Stamp, from, steps))
    }

    /// Moves the version rows above or below the destination to it, or inserts a row if the branch has none.
    fn stamp_one(
        &self,
        node: Node,
        concerned: &[Node],
        rows: &mut VersionRows<'_>,
    ) -> Result<Vec<VersionChange>, TargetError> {
        let above = self.descendants([node], Follow::Dependencies);
        let below = self.ancestors([node], Follow::Dependencies);
        let is_downgrade = concerned.iter().any(|&head| above.contains(head));
        if !is_downgrade && !concerned.iter().any(|&head| below.contains(head)) {
            return Ok(vec![rows.insert(node)?]);
        }
        // An earlier destination of this command has already moved a row, so this one needs a separate row.
        if !is_downgrade && concerned.iter().any(|&head| !rows.heads.contains(&head)) {
            return Ok(vec![rows.insert(node)?]);
        }
        let mut changes = Vec::new();
        let (last, others) = concerned.split_last().expect("a head above or below was found among them");
        for &head in others {
            changes.push(rows.delete(head)?);
        }
        changes.push(rows.update(*last, node)?);
        Ok(changes)
    }

    /// The revisions of the range `LOWER:UPPER` (`history -r`), newest first, including both ends.
    ///
    /// # Errors
    /// Fails if an end is unknown or ambiguous, or if the lower end is not below the upper one.
    pub fn walk_revisions(&self, lower: &str, upper: &str) -> Result<Vec<Node>, TargetError> {
        let mut targets = self.upgrade_targets(upper, Current::Named(lower), Overwalk::Stop)?;
        if let Some((branch, _)) = lower.split_once('@')
            && !branch.is_empty()
        {
            targets = self.on_branch(targets, branch)?;
        }
        self.refuse_overlap(&targets)?;
        let required = self.ancestors(targets.iter().copied(), Follow::Dependencies);
        let mut start: Vec<Node> = Vec::new();
        let lower_places = self.places(lower)?;
        for &place in lower_places.iter().flatten() {
            match place {
                Position::At(node) if required.contains(node) => start.push(node),
                _ => return Err(TargetError::NotInRange { lower: lower.to_owned(), upper: upper.to_owned() }),
            }
        }
        if lower_places.first() == Some(&None) {
            // Below the base: as far down as possible.
            start.clear();
            if let (_, Position::At(node)) = self.downgrade_target(lower, Current::Named(upper), Overwalk::Stop)? {
                start.push(node);
            }
        }
        self.refuse_overlap(&start)?;
        let before = self.ancestors(start.iter().copied(), Follow::Dependencies);
        let above = self.descendants(start.iter().copied(), Follow::Revises);
        let is_between = |&node: &Node| !before.contains(node) && (start.is_empty() || above.contains(node));
        let mut wanted = self.empty_set();
        wanted.extend(required.iter().filter(is_between).chain(start.iter().copied()));
        self.sort(wanted, &targets)
    }

    /// Keeps only the targets on the branch that the lower end names.
    fn on_branch(&self, targets: Vec<Node>, branch: &str) -> Result<Vec<Node>, TargetError> {
        let label = match self.resolve_one(branch)? {
            Some(node) if self.id(node) == branch => match self.branch_labels(node) {
                [only] => only.clone(),
                labels => {
                    return Err(TargetError::BranchOfRevision { revision: branch.to_owned(), labels: labels.to_vec() });
                }
            },
            _ => branch.to_owned(),
        };
        Ok(targets.into_iter().filter(|&node| self.branch_labels(node).contains(&label)).collect())
    }

    /// Rejects version rows or targets of which one is an ancestor of another.
    fn refuse_overlap(&self, nodes: &[Node]) -> Result<(), TargetError> {
        match self.overlap(nodes) {
            None => Ok(()),
            Some((node, other)) => {
                Err(TargetError::Overlap { revision: self.id(node).to_owned(), ancestor: self.id(other).to_owned() })
            }
        }
    }
}
