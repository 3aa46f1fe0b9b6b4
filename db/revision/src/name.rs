//! Resolves names to revisions, as Alembic does, and walks up or down from them.
//!
//! A name is an id, a unique prefix of one, a label, `head`, `heads` or `base`, with or without `label@`. Follows Alembic's
//! `RevisionMap` (1.20) function by function, so that its results match the golden vectors recorded from Alembic. Where
//! Alembic raises an `AssertionError`, this returns an error that describes the problem.

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

/// What to do if a relative target extends past the end of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overwalk {
    Refuse,
    Stop,
}

/// A name to look up, or a head that is already known.
enum Name<'a> {
    Text(&'a str),
    Found(Node),
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

    /// The revision that a branch is named after: by its label, or by an id.
    pub(crate) fn branch(&self, label: &str) -> Result<Node, TargetError> {
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
    pub(crate) fn walk(
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

    /// Where a name is, or `None` for `base`.
    pub(crate) fn place_of(&self, name: &str) -> Result<Option<Position>, TargetError> {
        Ok(self.resolve_one(name)?.map(Position::At))
    }
}
