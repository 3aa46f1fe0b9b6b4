//! Draws bar charts as SVG. Four panels do not justify a library.

use std::fs;

use anyhow::{Context as _, Result};

use crate::harness::Harness;

/// A group of bars on a common scale.
pub(crate) struct Panel {
    pub(crate) title: String,
    pub(crate) bars: Vec<Bar>,
}

pub(crate) struct Bar {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    /// The formatted value.
    pub(crate) text: String,
    pub(crate) is_ours: bool,
}

const PANEL_WIDTH: usize = 420;
const BAR: usize = 20;
const HEAD: usize = 40;
/// The width of the names to the left of the bars, and the length of the longest bar.
const NAMES: usize = 120;
const LONGEST: f64 = 210.0;

/// Writes the panels in rows of two. A quick run writes nothing.
pub(crate) fn write(harness: &Harness, path: &str, panels: &[Panel]) -> Result<()> {
    let mut body = String::new();
    let mut top = 0;
    for row in panels.chunks(2) {
        for (column, panel) in row.iter().enumerate() {
            body.push_str(&draw(panel, column * PANEL_WIDTH, top));
        }
        top += HEAD + BAR * row.iter().map(|panel| panel.bars.len()).max().unwrap_or_default();
    }
    let width = 2 * PANEL_WIDTH;
    let height = top + 10;
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{body}</svg>\n"
    );
    if harness.is_quick {
        return Ok(());
    }
    fs::write(harness.root.join(path), text).with_context(|| format!("`{path}`"))
}

fn draw(panel: &Panel, left: usize, top: usize) -> String {
    let most = panel.bars.iter().map(|bar| bar.value).fold(f64::MIN_POSITIVE, f64::max);
    let mut text = format!(
        "<text x=\"{}\" y=\"{}\" font-weight=\"bold\" fill=\"#222\">{}</text>\n",
        left + 10,
        top + 26,
        panel.title
    );
    for (index, bar) in panel.bars.iter().enumerate() {
        let y = top + HEAD + index * BAR;
        let length = (bar.value / most * LONGEST).max(1.0);
        let (color, weight) = if bar.is_ours { ("#0b6e4f", "bold") } else { ("#9aa5b1", "normal") };
        text.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" font-weight=\"{weight}\" fill=\"#222\">{}</text>\n<rect x=\"{}\" y=\"{}\" width=\"{length:.1}\" height=\"{}\" fill=\"{color}\"/>\n<text x=\"{:.1}\" y=\"{}\" fill=\"#222\">{}</text>\n",
            left + NAMES - 8,
            y + 13,
            bar.name,
            left + NAMES,
            y + 2,
            BAR - 6,
            (left + NAMES) as f64 + length + 6.0,
            y + 13,
            bar.text,
        ));
    }
    text
}
