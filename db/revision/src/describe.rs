//! Formats revisions as Alembic does: as a single line, or as a multi-line entry.
//!
//! Follows `Script.cmd_format` and `Script.log_entry` in Alembic 1.20 (`alembic/script/base.py`).

use crate::graph::RevisionGraph;
use crate::node::Node;
use crate::printable::printable_line;

/// What a one-line description shows in addition to the id.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineFormat {
    /// The parents, as a `parent -> ` prefix.
    pub parents: bool,
    /// The branch labels.
    pub branches: bool,
    /// `(head)` or `(effective head)`.
    pub heads: bool,
    /// `(branchpoint)` and `(mergepoint)`.
    pub tree: bool,
    /// The message.
    pub message: bool,
}

impl LineFormat {
    /// The format of `history`.
    pub const HISTORY: Self = Self { parents: true, branches: true, heads: true, tree: true, message: true };
    /// The format of `heads`.
    pub const HEADS: Self = Self { parents: false, branches: true, heads: true, tree: false, message: false };
    /// The format of `branches`.
    pub const BRANCHES: Self = Self { parents: false, branches: true, heads: true, tree: true, message: false };
    /// The format of `current`.
    pub const CURRENT: Self = Self { parents: false, branches: false, heads: true, tree: true, message: false };
}

impl RevisionGraph {
    /// Describes a revision on one line. `is_current` adds `(current)`.
    pub fn line(&self, node: Node, format: LineFormat, is_current: bool) -> String {
        let mut text = String::new();
        let header = self.revision(node).header();
        if format.parents {
            text.push_str(&self.parents_text(node));
            if !header.depends_on.is_empty() {
                text.push_str(&format!(" ({})", header.depends_on.join(", ")));
            }
            text.push_str(" -> ");
        }
        text.push_str(self.id(node));
        if format.branches && !self.branch_labels(node).is_empty() {
            text.push_str(&format!(" ({})", self.branch_labels(node).join(", ")));
        }
        if format.heads {
            match (self.next(node).is_empty(), self.all_next(node).is_empty()) {
                (_, true) => text.push_str(" (head)"),
                (true, false) => text.push_str(" (effective head)"),
                (false, false) => {}
            }
        }
        if is_current {
            text.push_str(" (current)");
        }
        if format.tree && self.is_branch_point(node) {
            text.push_str(" (branchpoint)");
        }
        if format.tree && self.is_merge_point(node) {
            text.push_str(" (mergepoint)");
        }
        if format.message {
            text.push_str(&format!(", {}", header.message));
        }
        text
    }

    /// Describes a revision as a multi-line entry. `is_current` adds `(current)`.
    pub fn entry(&self, node: Node, is_current: bool) -> String {
        let revision = self.revision(node);
        let mark = |is: bool, text: &'static str| if is { text } else { "" };
        let mut text = format!(
            "Rev: {}{}{}{}{}\n",
            revision.id(),
            mark(self.next(node).is_empty(), " (head)"),
            mark(self.is_branch_point(node), " (branchpoint)"),
            mark(self.is_merge_point(node), " (mergepoint)"),
            mark(is_current, " (current)"),
        );
        let kind = if self.is_merge_point(node) { "Merges" } else { "Parent" };
        text.push_str(&format!("{kind}: {}\n", self.parents_text(node)));
        if !revision.header().depends_on.is_empty() {
            text.push_str(&format!("Also depends on: {}\n", revision.header().depends_on.join(", ")));
        }
        if self.is_branch_point(node) {
            text.push_str(&format!("Branches into: {}\n", self.ids(self.next(node).iter().copied()).join(", ")));
        }
        if !self.branch_labels(node).is_empty() {
            text.push_str(&format!("Branch names: {}\n", self.branch_labels(node).join(", ")));
        }
        let path = revision.path().display().to_string();
        text.push_str(&format!("Path: {}\n\n", printable_line(&path)));
        let header = revision.header();
        let mut lines = vec![header.message.clone()];
        if !header.description.is_empty() {
            lines.push(String::new());
            lines.extend(header.description.lines().map(str::to_owned));
        }
        lines.extend([String::new(), format!("Revision ID: {}", header.revision)]);
        lines.push(format!("Revises: {}", header.revises.join(", ")));
        if !header.create_date.is_empty() {
            lines.push(format!("Create Date: {}", header.create_date));
        }
        if !header.replaces.is_empty() {
            lines.push(format!("Replaces: {}", header.replaced_ids().join(", ")));
        }
        for line in lines {
            text.push_str(format!("    {line}").trim_end());
            text.push('\n');
        }
        text
    }

    fn parents_text(&self, node: Node) -> String {
        match self.down(node) {
            [] => "<base>".to_owned(),
            parents => self.ids(parents.iter().copied()).join(", "),
        }
    }
}
