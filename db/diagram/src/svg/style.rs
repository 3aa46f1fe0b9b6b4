//! The colors.

use crate::model::Change;

/// The colors of a light page.
pub(super) struct Palette;

impl Palette {
    pub(super) const PAGE: &str = "#ffffff";
    pub(super) const BOX: &str = "#ffffff";
    pub(super) const HEAD: &str = "#eaeef2";
    pub(super) const EDGE: &str = "#8c959f";
    pub(super) const INK: &str = "#1f2328";
    pub(super) const DIM: &str = "#59636e";
    pub(super) const KEY: &str = "#0550ae";
    pub(super) const LINE: &str = "#6e7781";

    /// Lines that lead to different tables: each is visible on a light and on a dark page.
    const LINES: [&str; 6] = ["#2f7fc1", "#b5651d", "#4a8f3c", "#8f5fbf", "#bf4a7f", "#1f8a8a"];

    pub(super) fn of_line(number: usize) -> &'static str {
        Self::LINES[number % Self::LINES.len()]
    }

    pub(super) fn of(change: Change) -> &'static str {
        match change {
            Change::None => Self::INK,
            Change::Changed => "#9a6700",
            Change::Removed => "#cf222e",
            Change::Added => "#1a7f37",
        }
    }

    /// Behind what has changed.
    pub(super) fn behind(change: Change) -> &'static str {
        match change {
            Change::None => Self::HEAD,
            Change::Changed => "#fff1c2",
            Change::Removed => "#ffe2e0",
            Change::Added => "#d4f8dc",
        }
    }
}

/// The class of what has changed, with a space before it.
pub(super) fn class_of(change: Change) -> &'static str {
    match change {
        Change::None => "",
        Change::Changed => " changed",
        Change::Removed => " removed",
        Change::Added => " added",
    }
}

/// The same on a dark page; and a line under the pointer stands out.
pub(super) const STYLE: &str = "<style>
.link:hover{stroke-width:3}
@media (prefers-color-scheme:dark){
.page{fill:#0d1117}.box{fill:#161b22;stroke:#6e7681}.head{fill:#2a313a}
.ink{fill:#e6edf3}.dim{fill:#9198a1}.key{fill:#79b8ff}.dot{stroke:#9198a1}.full{fill:#9198a1}
.head.added,.band.added{fill:#1b4428}.head.changed,.band.changed{fill:#4a3a10}.head.removed,.band.removed{fill:#572428}
.ink.added{fill:#4ac26b}.ink.changed{fill:#e0a82e}.ink.removed{fill:#ff7b72}
.box.added,.link.added{stroke:#3fb950}.box.changed,.link.changed{stroke:#d29922}.box.removed,.link.removed{stroke:#f85149}
}
</style>
";
