//! Resolves targets such as `heads`, `+1`, `ae10` and `billing@-2` to revisions, as Alembic does: relative ones start at the
//! rows of the version table, or at the other end of a range.

use crate::graph::{Follow, RevisionGraph};
use crate::name::{Overwalk, Position};
use crate::node::Node;
use crate::target_error::TargetError;

/// Where a relative target starts if it does not name a revision.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Current<'a> {
    /// The rows of the version table.
    Rows(&'a [Node]),
    /// The other end of a range, as the user specified it.
    Named(&'a str),
}

/// The parts of a relative target such as `label@rev+2`.
#[derive(Debug, PartialEq, Eq)]
struct Relative<'a> {
    label: Option<&'a str>,
    symbol: Option<&'a str>,
    steps: i64,
}

fn relative(target: &str) -> Option<Relative<'_>> {
    let unlabelled = |text| -> Option<(Option<&str>, i64)> {
        let text: &str = text;
        let sign = text.find(['+', '-'])?;
        let (symbol, steps) = text.split_at(sign);
        let word = symbol.chars().all(|c| c.is_alphanumeric() || c == '_');
        let digits = !steps[1..].is_empty() && steps[1..].bytes().all(|byte| byte.is_ascii_digit());
        if !word || !digits {
            return None;
        }
        Some(((!symbol.is_empty()).then_some(symbol), steps.parse().ok()?))
    };
    let labelled = target.match_indices('@').filter(|(at, _)| *at > 0).find_map(|(at, _)| {
        let (symbol, steps) = unlabelled(&target[at + 1..])?;
        Some(Relative { label: Some(&target[..at]), symbol, steps })
    });
    labelled.or_else(|| unlabelled(target).map(|(symbol, steps)| Relative { label: None, symbol, steps }))
}

impl RevisionGraph {
    /// The revisions to upgrade to (Alembic's `_parse_upgrade_target`).
    pub(crate) fn upgrade_targets(
        &self,
        target: &str,
        current: Current<'_>,
        overwalk: Overwalk,
    ) -> Result<Vec<Node>, TargetError> {
        let too_far = || TargetError::TooFar { target: target.to_owned() };
        let at = |place: Option<Position>| match place {
            Some(Position::At(node)) => Ok(node),
            _ => Err(too_far()),
        };
        let Some(Relative { label, symbol, steps }) = relative(target) else {
            return self.places(target)?.into_iter().map(at).collect();
        };
        let start = match symbol {
            Some(symbol) if steps > 0 => self.place_of(symbol)?,
            Some(symbol) => {
                let qualified = label.map_or(symbol.to_owned(), |label| format!("{label}@{symbol}"));
                return Ok(vec![at(self.walk(self.place_of(&qualified)?, steps, None, overwalk)?)?]);
            }
            None if steps > 0 => self.upgrade_start(label, current)?,
            None => return Err(TargetError::WrongWay { target: target.to_owned() }),
        };
        Ok(vec![at(self.walk(start, steps, label, overwalk)?)?])
    }

    /// Where `+1` or `label@+1` starts.
    fn upgrade_start(&self, label: Option<&str>, current: Current<'_>) -> Result<Option<Position>, TargetError> {
        let rows: Vec<Node> = match (label, current) {
            (_, Current::Rows(rows)) => rows.to_vec(),
            (None, Current::Named(name)) => return self.place_of(name),
            (Some(_), Current::Named(name)) => self.resolve(name)?,
        };
        let starts = match label {
            None => rows,
            Some(label) => {
                let mut starts = self.filter_for_lineage(&rows, label, Follow::Revises)?;
                if starts.is_empty() {
                    // None of the heads is on the branch: start from the branch's latest applied revisions.
                    let applied: Vec<Node> = self.ancestors(rows, Follow::Dependencies).iter().collect();
                    let active = self.filter_for_lineage(&applied, label, Follow::Revises)?;
                    let mut tips = self.empty_set();
                    tips.extend(active.iter().copied());
                    for &node in &active {
                        for &down in self.normalized_down(node) {
                            tips.remove(down);
                        }
                    }
                    starts = tips.iter().collect();
                }
                starts
            }
        };
        match starts.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(Position::At(*only))),
            _ => Err(TargetError::AmbiguousUpgrade { heads: self.ids(starts) }),
        }
    }

    /// The branch label and the position to downgrade to (Alembic's `_parse_downgrade_target`). For `-1`, the label is the id of
    /// the current head.
    pub(crate) fn downgrade_target(
        &self,
        target: &str,
        current: Current<'_>,
        overwalk: Overwalk,
    ) -> Result<(Option<String>, Position), TargetError> {
        let Some(Relative { label, symbol, steps }) = relative(target) else {
            let (label, symbol) = match target.rsplit_once('@') {
                Some((label, symbol)) => (Some(label).filter(|label| !label.is_empty()), symbol),
                None => (None, target),
            };
            let place = self.resolve_one(symbol)?.map_or(Position::Base, Position::At);
            return Ok((label.map(str::to_owned), place));
        };
        let too_far = || TargetError::TooFar { target: target.to_owned() };
        if steps >= 0 {
            let Some(symbol) = symbol else { return Err(TargetError::WrongWay { target: target.to_owned() }) };
            let place = self.walk(self.place_of(symbol)?, steps, label, overwalk)?.ok_or_else(too_far)?;
            return Ok((label.map(str::to_owned), place));
        }
        let (label, start) = match (symbol, label) {
            (Some(symbol), None) => (None, symbol.to_owned()),
            (Some(symbol), Some(label)) => (Some(label.to_owned()), format!("{label}@{symbol}")),
            (None, Some(label)) => {
                let tip = self.applied_tip(label, current, target)?;
                (Some(label.to_owned()), format!("{label}@{tip}"))
            }
            (None, None) => {
                let head = match current {
                    Current::Rows([]) => return Err(too_far()),
                    Current::Rows([only]) => self.id(*only).to_owned(),
                    Current::Rows(rows) => {
                        return Err(TargetError::AmbiguousDowngrade {
                            target: target.to_owned(),
                            heads: rows
                                .iter()
                                .map(|&node| (self.id(node).to_owned(), self.own_label(node, rows).to_owned()))
                                .collect(),
                        });
                    }
                    Current::Named(name) => name.to_owned(),
                };
                (Some(head.clone()), format!("{head}@{head}"))
            }
        };
        let place = self.walk(self.place_of(&start)?, steps, None, overwalk)?.ok_or_else(too_far)?;
        Ok((label, place))
    }

    /// A name that makes a target unambiguous: a label that none of the other heads has, or else the id.
    fn own_label(&self, node: Node, among: &[Node]) -> &str {
        let others =
            |label: &String| among.iter().any(|&other| other != node && self.branch_labels(other).contains(label));
        self.branch_labels(node).iter().find(|label| !others(label)).map_or(self.id(node), String::as_str)
    }

    /// The latest applied revision of a labeled branch.
    fn applied_tip(&self, label: &str, current: Current<'_>, target: &str) -> Result<String, TargetError> {
        let rows: Vec<Node> = match current {
            Current::Rows(rows) => rows.to_vec(),
            Current::Named(name) => self.resolve(name)?,
        };
        let mut tips = self.filter_for_lineage(&rows, label, Follow::Revises)?;
        if tips.is_empty() {
            // The head is on another branch and this branch is a dependency of it.
            let all = self.all_current(&rows);
            tips = self.filter_for_lineage(&all, label, Follow::Revises)?;
        }
        match tips.as_slice() {
            [tip] => Ok(self.id(*tip).to_owned()),
            [] => {
                self.branch(label)?;
                Err(TargetError::BranchNotApplied { target: target.to_owned(), label: label.to_owned() })
            }
            _ => Err(TargetError::BranchOnSeveralHeads {
                target: target.to_owned(),
                label: label.to_owned(),
                heads: self.ids(tips),
            }),
        }
    }

    /// The latest applied revision of every branch, including those that are applied only as dependencies, in file order.
    pub fn all_current(&self, rows: &[Node]) -> Vec<Node> {
        let applied = self.ancestors(rows.iter().copied(), Follow::Dependencies);
        applied.iter().filter(|&node| !self.next(node).iter().any(|&next| applied.contains(next))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Relative, relative};

    #[test]
    fn parses_relative_targets() {
        let case = |text| relative(text).map(|Relative { label, symbol, steps }| (label, symbol, steps));
        assert_eq!(case("-1"), Some((None, None, -1)));
        assert_eq!(case("ae10+2"), Some((None, Some("ae10"), 2)));
        assert_eq!(case("billing@+1"), Some((Some("billing"), None, 1)));
        assert_eq!(case("billing@head-1"), Some((Some("billing"), Some("head"), -1)));
        assert_eq!(case("heads"), None);
        assert_eq!(case("+1x"), None);
        assert_eq!(case("+"), None);
    }
}
