//! Publishes results: prints tables to standard output and updates the pages that show them. The only file that prints data.

use std::fs;

use anyhow::{Context as _, Result};

use crate::harness::Harness;

/// Prints a block and replaces it in the page, between its markers. A quick run does not change the page.
#[expect(clippy::print_stdout, reason = "this is where data is printed")]
pub(crate) fn publish(harness: &Harness, page: &str, block: &str, text: &str) -> Result<()> {
    println!("{text}");
    if harness.is_quick {
        return Ok(());
    }
    let path = harness.root.join(page);
    let old = fs::read_to_string(&path).with_context(|| format!("`{page}`"))?;
    let (begin, end) = (format!("<!-- bench {block} -->\n"), format!("<!-- end of bench {block} -->"));
    let (before, rest) =
        old.split_once(&begin).with_context(|| format!("`{page}` has no marker `{}`", begin.trim()))?;
    let (_, after) = rest.split_once(&end).with_context(|| format!("`{page}` has no marker `{end}`"))?;
    fs::write(&path, format!("{before}{begin}{text}\n{end}{after}")).with_context(|| format!("`{page}`"))
}

/// Formats rows as a Markdown table. The first row is the header.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| format!("| {} |", row.join(" | "));
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    let columns = rows.first().map_or(0, Vec::len);
    lines.insert(1.min(lines.len()), format!("|---|{}", "--:|".repeat(columns.saturating_sub(1))));
    lines.join("\n")
}

/// Formats a duration in seconds.
pub(crate) fn seconds(value: f64) -> String {
    match value {
        value if value < 0.01 => format!("{:.1} ms", value * 1000.0),
        value if value < 1.0 => format!("{:.0} ms", value * 1000.0),
        value if value < 100.0 => format!("{value:.1} s"),
        value => format!("{value:.0} s"),
    }
}

/// Formats a number with thousands separators.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The date, the machine and the server, which give the numbers their context.
pub(crate) fn environment(harness: &Harness) -> Result<String> {
    let server = std::process::Command::new(harness.binaries.program("postgres")).arg("--version").output()?;
    let server = String::from_utf8_lossy(&server.stdout).trim().to_owned();
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory: u64 = memory.lines().find_map(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel: Vec<&str> = kernel.trim().split(['.', '-']).take(2).collect();
    let cores = std::thread::available_parallelism()?;
    let date = std::process::Command::new("date").arg("+%Y-%m-%d").output()?;
    Ok(format!(
        "{}, {cores} cores of {} (a virtual machine, shared), {} GB, Linux {}; {server}, on a socket, fsync on.",
        String::from_utf8_lossy(&date.stdout).trim(),
        processor.map_or("an unknown processor", |(_, name)| name),
        (memory + 512 * 1024) / (1024 * 1024),
        kernel.join("."),
    ))
}
