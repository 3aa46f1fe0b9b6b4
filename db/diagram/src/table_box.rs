//! A table as a box: its texts, where each row is, and how large it all is.

use schema::Column;

use crate::layout::Size;
use crate::model::{Change, Row};
use crate::selection::Shown;
use crate::text::{counted, short_type, shortened, width};

pub(crate) const HEADER: i32 = 28;
pub(crate) const ROW: i32 = 20;
const PADDING: i32 = 10;

/// How many cells names and types may take.
const LONGEST_NAME: usize = 40;
const LONGEST_TYPE: usize = 36;

/// The text of a row.
#[derive(Debug)]
pub(crate) struct RowText<'m> {
    pub(crate) row: &'m Row,
    pub(crate) keys: &'static str,
    pub(crate) name: String,
    pub(crate) type_name: String,
}

/// A table as it is drawn. Distances are from the left of the box.
#[derive(Debug)]
pub(crate) struct TableBox<'m> {
    pub(crate) size: Size,
    pub(crate) name: String,
    /// What is to the right of the name.
    pub(crate) note: String,
    pub(crate) rows: Vec<RowText<'m>>,
    /// How many columns are not drawn, in words.
    pub(crate) more: Option<String>,
    pub(crate) sign_x: i32,
    pub(crate) keys_x: i32,
    /// The center of the circle that shows whether a column can be null.
    pub(crate) circle_x: i32,
    pub(crate) name_x: i32,
    pub(crate) type_x: i32,
    pub(crate) note_x: i32,
}

impl<'m> TableBox<'m> {
    pub(crate) fn new(table: &Shown<'m>, is_comparison: bool) -> Self {
        let entity = table.entity;
        let rows: Vec<RowText<'m>> = table.rows.iter().map(|row| row_text(row)).collect();
        let name = shortened(&entity.name, LONGEST_NAME);
        let note = if entity.partitions > 0 { counted(entity.partitions, "partition") } else { String::new() };
        let more = (table.hidden > 0).then(|| format!("… {}", counted(table.hidden, "more column")));
        let longest =
            |of: for<'r> fn(&'r RowText<'m>) -> &'r str| rows.iter().map(|row| width(of(row))).max().unwrap_or(0);
        let sign = if is_comparison { 14 } else { 0 };
        let keys = longest(|row| row.keys);
        let keys_x = PADDING + sign;
        let circle_x = keys_x + keys + if keys > 0 { 12 } else { 3 };
        let name_x = circle_x + 10;
        let more_width = more.as_deref().map(|more| name_x + width(more)).unwrap_or(0);
        let type_x = name_x + longest(|row| &row.name) + 16;
        let note_x = keys_x + width(&name) + 12;
        let header = if note.is_empty() { note_x - 12 } else { note_x + width(&note) };
        let right = header.max(type_x + longest(|row| &row.type_name)).max(more_width) + PADDING;
        let lines = rows.len() + usize::from(more.is_some());
        let height = HEADER + ROW * i32::try_from(lines).unwrap_or(i32::MAX / 64) + 6;
        // Even, so that the middle of a row is a whole number of pixels.
        let size = Size { width: right + right % 2, height };
        Self { size, name, note, rows, more, sign_x: PADDING, keys_x, circle_x, name_x, type_x, note_x }
    }

    /// The middle of the row of a column, or of the header.
    pub(crate) fn row_y(&self, column: Option<&String>) -> i32 {
        let row = column.and_then(|name| self.rows.iter().position(|row| row.row.column.name == *name));
        row.map_or(HEADER / 2, middle)
    }
}

/// The middle of a row.
pub(crate) fn middle(row: usize) -> i32 {
    HEADER + 2 + ROW * i32::try_from(row).unwrap_or_default() + ROW / 2
}

fn row_text(row: &Row) -> RowText<'_> {
    let keys = match (row.column.is_primary, row.is_foreign, row.column.is_unique) {
        (true, true, _) => "PK FK",
        (true, false, _) => "PK",
        (false, true, true) => "FK UK",
        (false, true, false) => "FK",
        (false, false, true) => "UK",
        (false, false, false) => "",
    };
    let name = shortened(&row.column.name, LONGEST_NAME);
    RowText { row, keys, name, type_name: shortened(&type_text(row), LONGEST_TYPE) }
}

/// The type, and what about the column has changed.
fn type_text(row: &Row) -> String {
    let now = &row.column;
    let Some(was) = row.was.as_ref().filter(|_| row.change == Change::Changed) else {
        return short_type(&now.type_name);
    };
    let mut text = short_type(&now.type_name);
    if was.type_name != now.type_name {
        text = format!("{} → {text}", short_type(&was.type_name));
    }
    for change in changes(was, now) {
        text.push_str(", ");
        text.push_str(change);
    }
    text
}

/// What about a column has changed, other than its type.
pub(crate) fn changes(was: &Column, now: &Column) -> Vec<&'static str> {
    let mut changes = Vec::new();
    if was.is_nullable != now.is_nullable {
        changes.push(if now.is_nullable { "now nullable" } else { "now not null" });
    }
    if was.default != now.default {
        changes.push(match (&was.default, &now.default) {
            (None, _) => "new default",
            (_, None) => "no default",
            _ => "other default",
        });
    }
    if (was.is_primary, was.is_unique) != (now.is_primary, now.is_unique) {
        changes.push("other keys");
    }
    if was.comment != now.comment {
        changes.push("comment");
    }
    changes
}
