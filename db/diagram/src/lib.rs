#![doc = include_str!("../README.md")]
//!
//! ## Overview
//!
//! [`draw`] does it all, from [`schema::Outline`]s: `model.rs` marks what has changed, `selection.rs` chooses what is
//! drawn, `layout.rs` places boxes and routes lines between them, and `svg.rs` and `mermaid.rs` write. The same schema
//! always results in the same text. The crate does not know about databases or revisions.

mod description;
mod layout;
mod mermaid;
mod model;
mod selection;
mod svg;
mod table_box;
mod text;

use schema::Outline;

use model::Model;
pub use selection::NoTable;
use selection::Selection;

/// How a diagram is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A drawing.
    Svg,
    /// The `erDiagram` of Mermaid, which GitHub draws in Markdown.
    Mermaid,
}

/// What to draw, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// How it is written.
    pub format: Format,
    /// Names of tables, in which `*` is any text. Those that match are drawn, with their neighbors. None: all tables.
    pub tables: Vec<String>,
    /// Whether tables are drawn that have not changed and have no neighbor that has.
    pub everything: bool,
    /// The name of the schema, for readers.
    pub title: String,
}

/// Draws a schema. What differs from `old` is marked.
///
/// # Errors
/// A pattern matches no table.
pub fn draw(old: Option<&Outline>, new: &Outline, options: &Options) -> Result<String, NoTable> {
    let model = Model::new(old, new);
    let selection = Selection::new(&model, &options.tables, options.everything)?;
    Ok(match options.format {
        Format::Svg => svg::write(&selection, &options.title),
        Format::Mermaid => mermaid::write(&selection, &options.title),
    })
}
