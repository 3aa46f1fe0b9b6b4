//! What a target means: `heads`, `+1`, `ae10`, `billing@-2` … resolved to revisions, as Alembic resolves them.
//!
//! Pure: graph and version rows in, revisions out. The rules are those of Alembic's `RevisionMap` (1.20), function by
//! function, so that the golden vectors made by running Alembic hold; where Alembic raises an `AssertionError`, this
//! says what is wrong.

use crate::graph::{Follow, RevisionGraph};
use crate::node::Node;
use crate::similar::similar;
use crate::target_error::TargetError;

/// The names that are neither ids nor labels.
const SYMBOLS: [&str; 3] = ["head", "heads", "base"];

/// Where a walk along the graph ends: a revision, or below the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Below the first revision.
    Base,
    /// At a revision.
    At(Node),
}

/// Where a relative target starts from when it names no revision.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Current<'a> {
    /// The rows of the version table.
    Rows(&'a [Node]),
    /// The other end of a range, as typed.
    Named(&'a str),
}

/// Whether a relative target may stop at the end of the graph instead of failing there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overwalk {
    Refuse,
    Stop,
}

/// `label@rev+2`, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Relative<'a> {
    label: Option<&'a str>,
    symbol: Option<&'a str>,
    steps: i64,
}

/// An id still to be looked up, or a head already found.
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
    /// The revisions a name stands for: an id, a unique prefix, a label, `head`, `heads`, `label@heads`, `-2`.
    /// `base` stands for none.
    ///
    /// # Errors
    /// The name stands for nothing, or for more than one revision where one is meant.
    pub fn resolve(&self, name: &str) -> Result<Vec<Node>, TargetError> {
        self.places(name)?
            .into_iter()
            .map(|place| match place {
                Some(Position::At(node)) => Ok(node),
                _ => Err(TargetError::TooFar { target: name.to_owned() }),
            })
            .collect()
    }

    /// The one revision a name stands for; `None` for `base`.
    ///
    /// # Errors
    /// The name stands for nothing, or for more than one revision.
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

    /// The rows of a version table as revisions of this graph, sorted by id.
    ///
    /// # Errors
    /// A row that no file here has, all of them named.
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
            return Err(TargetError::UnknownRows { rows: unknown });
        }
        let mut rows: Vec<Node> = found.iter().collect();
        rows.sort_unstable_by_key(|&node| self.id(node));
        Ok(rows)
    }

    /// Revisions that share a line of descent with what `check_against` names (Alembic's `filter_for_lineage`).
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

    /// What a text names, `label@` taken off: `heads` and `head` already found, `base` nothing.
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

    /// The places a name stands for (Alembic's `get_revisions`): a negative number walks down from every head (of the
    /// label), to `None` when it goes past the base.
    ///
    /// # Errors
    /// The name stands for nothing, or for more than one revision where one is meant.
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

    /// Alembic's `_revision_for_ident`: exactly an id or label, else the one that begins so, on the branch if given.
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
        // A name of three characters or fewer is only ever found whole (Alembic's rule).
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

    /// Steps up (positive, along the labelled branch) or down (negative). `None` as the start is outside the graph:
    /// below the bases going up, above the heads going down. `None` as the result is past the end.
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

    /// The revisions an upgrade is to reach (Alembic's `_parse_upgrade_target`).
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

    /// Where `+1` or `label@+1` starts from.
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
                    // The branch is not among the heads: its tips among what is applied.
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

    /// The branch label and the revision a downgrade is to stop at (Alembic's `_parse_downgrade_target`).
    /// The label is the one typed or, for `-1`, the current head itself.
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

    /// A label that only this one of several heads has, else its id: what makes a target unambiguous.
    fn own_label(&self, node: Node, among: &[Node]) -> &str {
        let others =
            |label: &String| among.iter().any(|&other| other != node && self.branch_labels(other).contains(label));
        self.branch_labels(node).iter().find(|label| !others(label)).map_or(self.id(node), String::as_str)
    }

    /// The one applied revision at the tip of a labelled branch.
    fn applied_tip(&self, label: &str, current: Current<'_>, target: &str) -> Result<String, TargetError> {
        let rows: Vec<Node> = match current {
            Current::Rows(rows) => rows.to_vec(),
            Current::Named(name) => self.resolve(name)?,
        };
        let mut tips = self.filter_for_lineage(&rows, label, Follow::Revises)?;
        if tips.is_empty() {
            // Several branches, one head: the others are its dependencies.
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

    /// All applied revisions at the tip of a branch, those that are only dependencies included, in file order.
    pub fn all_current(&self, rows: &[Node]) -> Vec<Node> {
        let applied = self.ancestors(rows.iter().copied(), Follow::Dependencies);
        applied.iter().filter(|&node| !self.next(node).iter().any(|&next| applied.contains(next))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Relative, relative};

    #[test]
    fn takes_relative_targets_apart() {
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
