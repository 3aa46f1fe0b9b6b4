//! Resolves targets such as `heads`, `+1`, `ae10` and `billing@-2` to revisions, as Alembic does.
//!
//! Follows Alembic's `RevisionMap` (1.20) function by function, so that its results match the golden vectors recorded from
//! Alembic. Where Alembic raises an `AssertionError`, this returns an error that describes the problem.

use crate::graph::{Follow, RevisionGraph};
use crate::node::Node;
use crate::similar::similar;
use crate::target_error::TargetError;

/// The names that are neither ids nor labels.
const SYMBOLS: [&str; 3] = ["head", "heads", "base"];

/// Where a walk through the graph ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Below the first revision.
    Base,
    /// At a revision.
    At(Node),
}

/// Where a relative target starts if it does not name a revision.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Current<'a> {
    /// The rows of the version table.
    Rows(&'a [Node]),
    /// The other end of a range, as the user specified it.
    Named(&'a str),
}

/// What to do if a relative target extends past the end of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overwalk {
    Refuse,
    Stop,
}

/// The parts of a relative target such as `label@rev+2`.
#[derive(Debug, PartialEq, Eq)]
struct Relative<'a> {
    label: Option<&'a str>,
    symbol: Option<&'a str>,
    steps: i64,
}

/// A name to look up, or a head that is already known.
enum Name<'a> {
    Text(&'a str),
    Found(Node),
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
    /// Resolves a name to revisions: an id, a unique prefix, a label, `head`, `heads`, `label@heads`, or `-2`. `base` resolves to
    /// none.
    ///
    /// # Errors
    /// Fails if the name is unknown or ambiguous.
    pub fn resolve(&self, name: &str) -> Result<Vec<Node>, TargetError> {
        // Alembic accepts any label before `@base`.
        if let Some((label, "base")) = name.split_once('@')
            && !label.is_empty()
        {
            self.branch(label)?;
        }
        self.places(name)?
            .into_iter()
            .map(|place| match place {
                Some(Position::At(node)) => Ok(node),
                _ => Err(TargetError::TooFar { target: name.to_owned() }),
            })
            .collect()
    }

    /// Resolves a name to a single revision, or `None` for `base`.
    ///
    /// # Errors
    /// Fails if the name is unknown or resolves to several revisions.
    pub fn resolve_one(&self, name: &str) -> Result<Option<Node>, TargetError> {
        let (names, label) = self.names_of(name)?;
        match names.as_slice() {
            [] => {
                if let Some(label) = label {
                    self.branch(label)?;
                }
                Ok(None)
            }
            [only] => self.lookup(only, label).map(Some),
            _ => Err(TargetError::MultipleHeads { wanted: name.to_owned(), heads: self.ids(self.real_heads()) }),
        }
    }

    /// Looks up the rows of a version table, sorted by id.
    ///
    /// # Errors
    /// Fails if the graph lacks any of them. The error lists all that are missing, or names one that is a part of a squash.
    pub fn rows<'rows>(&self, rows: impl IntoIterator<Item = &'rows str>) -> Result<Vec<Node>, TargetError> {
        let mut unknown = Vec::new();
        let mut found = self.empty_set();
        for row in rows {
            match self.find(row) {
                Some(node) => {
                    found.insert(node);
                }
                None => unknown.push(row.to_owned()),
            }
        }
        if !unknown.is_empty() {
            unknown.sort_unstable();
            if let Some((row, squash)) = unknown.iter().find_map(|row| Some((row, self.squash_of(row)?))) {
                let parents = self.ids(self.down(squash).iter().copied());
                return Err(TargetError::InsideSquash {
                    row: row.clone(),
                    squash: self.id(squash).to_owned(),
                    parents,
                });
            }
            return Err(TargetError::UnknownRows { rows: unknown, is_logged: false });
        }
        let mut rows: Vec<Node> = found.iter().collect();
        rows.sort_unstable_by_key(|&node| self.id(node));
        Ok(rows)
    }

    /// Keeps the targets that are ancestors or descendants of what `check_against` names (Alembic's `filter_for_lineage`).
    pub(crate) fn filter_for_lineage(
        &self,
        targets: &[Node],
        check_against: &str,
        follow: Follow,
    ) -> Result<Vec<Node>, TargetError> {
        let (names, label) = self.names_of(check_against)?;
        let mut tests = Vec::new();
        if !targets.is_empty() {
            for name in label.iter().map(|label| Name::Text(label)).chain(names) {
                tests.push(self.lookup(&name, None)?);
            }
        }
        if tests.is_empty() {
            return Ok(targets.to_vec());
        }
        let below = self.ancestors(tests.iter().copied(), follow);
        let above = self.descendants(tests, follow);
        Ok(targets.iter().copied().filter(|&node| below.contains(node) || above.contains(node)).collect())
    }

    /// Splits off `label@` and expands `heads`, `head` and `base`.
    fn names_of<'a>(&self, text: &'a str) -> Result<(Vec<Name<'a>>, Option<&'a str>), TargetError> {
        let (label, id) = match text.split_once('@') {
            Some((label, id)) => (Some(label), id),
            None => (None, text),
        };
        let found = |nodes: Vec<Node>| nodes.into_iter().map(Name::Found).collect();
        let names = match (id, label) {
            ("heads", None) => found(self.real_heads().collect()),
            ("heads", Some(label)) => found(self.label_heads(label)?),
            ("head", _) => {
                let heads = match label {
                    Some(label) => self.label_heads(label)?,
                    None => self.heads().collect(),
                };
                if heads.len() > 1 {
                    return Err(TargetError::MultipleHeads { wanted: text.to_owned(), heads: self.ids(heads) });
                }
                found(heads)
            }
            ("base", _) => Vec::new(),
            (id, _) => vec![Name::Text(id)],
        };
        Ok((names, label))
    }

    fn label_heads(&self, label: &str) -> Result<Vec<Node>, TargetError> {
        let heads: Vec<Node> = self.heads().collect();
        if label.is_empty() { Ok(heads) } else { self.filter_for_lineage(&heads, label, Follow::Revises) }
    }

    /// Resolves a name to positions (Alembic's `get_revisions`). A negative number walks down from every head (of the label);
    /// the position is `None` if it ends below the base.
    ///
    /// # Errors
    /// Fails if the name is unknown or ambiguous.
    pub fn places(&self, text: &str) -> Result<Vec<Option<Position>>, TargetError> {
        let (names, label) = self.names_of(text)?;
        if let [Name::Text(id)] = names.as_slice()
            && let Ok(steps) = id.parse::<i64>()
            && steps < 0
        {
            return self
                .real_heads()
                .filter(|&head| label.is_none_or(|label| self.branch_labels(head).iter().any(|own| own == label)))
                .map(|head| self.walk(Some(Position::At(head)), steps, None, Overwalk::Refuse))
                .collect();
        }
        names.iter().map(|name| Ok(Some(Position::At(self.lookup(name, label)?)))).collect()
    }

    fn branch(&self, label: &str) -> Result<Node, TargetError> {
        match self.find(label).or_else(|| self.find_label(label)) {
            Some(node) => Ok(node),
            None => self.lookup(&Name::Text(label), None).map_err(|_| TargetError::NoSuchBranch {
                label: label.to_owned(),
                labels: self.names().skip(self.len()).map(|(label, _)| label.to_owned()).collect(),
                similar: similar(label, self.names().map(|(name, _)| name)),
            }),
        }
    }

    /// Looks up an id, a label or a unique prefix, optionally restricted to a branch (Alembic's `_revision_for_ident`).
    fn lookup(&self, name: &Name<'_>, branch: Option<&str>) -> Result<Node, TargetError> {
        let branch = branch.filter(|label| !label.is_empty());
        let on_branch = branch.map(|label| self.branch(label)).transpose()?;
        let node = match *name {
            Name::Found(node) => node,
            Name::Text(text) => match self.find(text).or_else(|| self.find_label(text)) {
                Some(node) => node,
                None => self.lookup_prefix(text, branch)?,
            },
        };
        if let (Some(tip), Some(label)) = (on_branch, branch)
            && !self.ancestors([node], Follow::Revises).contains(tip)
            && !self.descendants([node], Follow::Revises).contains(tip)
        {
            return Err(TargetError::NotOnBranch { revision: self.id(node).to_owned(), branch: label.to_owned() });
        }
        Ok(node)
    }

    fn lookup_prefix(&self, prefix: &str, branch: Option<&str>) -> Result<Node, TargetError> {
        // Names of three characters or fewer have no prefixes (Alembic's rule).
        let mut candidates: Vec<(&str, Node)> =
            self.names().filter(|(name, _)| name.len() > 3 && name.starts_with(prefix)).collect();
        if let Some(label) = branch {
            let nodes: Vec<Node> = candidates.iter().map(|(_, node)| *node).collect();
            let kept = self.filter_for_lineage(&nodes, label, Follow::Revises)?;
            candidates.retain(|(_, node)| kept.contains(node));
        }
        match candidates.as_slice() {
            [(_, node)] => Ok(*node),
            [] => Err(TargetError::NoSuchRevision {
                wanted: prefix.to_owned(),
                similar: similar(prefix, self.names().map(|(name, _)| name).chain(SYMBOLS)),
            }),
            _ => Err(TargetError::AmbiguousPrefix {
                prefix: prefix.to_owned(),
                candidates: candidates
                    .iter()
                    .map(|(name, node)| ((*name).to_owned(), self.revision(*node).header().message.clone()))
                    .collect(),
            }),
        }
    }

    /// Walks up (positive, along the labeled branch) or down (negative). A start of `None` is outside the graph: below the bases
    /// when walking up, above the heads when walking down. A result of `None` is past the end.
    fn walk(
        &self,
        start: Option<Position>,
        steps: i64,
        label: Option<&str>,
        overwalk: Overwalk,
    ) -> Result<Option<Position>, TargetError> {
        let mut place = start;
        for _ in 0..steps.unsigned_abs() {
            let mut children: Vec<Position> = if steps > 0 {
                let up: Vec<Node> = match place {
                    Some(Position::At(node)) => self.next(node).to_vec(),
                    _ => self.bases().collect(),
                };
                let up = match label {
                    Some(label) => self.filter_for_lineage(&up, label, Follow::Revises)?,
                    None => up,
                };
                up.into_iter().map(Position::At).collect()
            } else {
                match place {
                    Some(Position::Base) => Vec::new(),
                    Some(Position::At(node)) => self.down(node).iter().copied().map(Position::At).collect(),
                    None => self.heads().map(Position::At).collect(),
                }
            };
            if steps < 0 && children.is_empty() && place != Some(Position::Base) {
                children.push(Position::Base);
            }
            match children.as_slice() {
                [] => return Ok(if overwalk == Overwalk::Refuse { None } else { place }),
                [only] => place = Some(*only),
                _ => {
                    let nodes = children.iter().filter_map(|place| match place {
                        Position::At(node) => Some(*node),
                        Position::Base => None,
                    });
                    return Err(TargetError::AmbiguousWalk { candidates: self.ids(nodes) });
                }
            }
        }
        Ok(place)
    }

    fn place_of(&self, name: &str) -> Result<Option<Position>, TargetError> {
        Ok(self.resolve_one(name)?.map(Position::At))
    }

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
