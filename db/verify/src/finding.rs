//! What was found, and its forms: as rustc prints, as JSON lines, as SARIF, as JUnit. The only file here that prints.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Value, json};

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, as rustc does
    Text,
    /// A JSON line each
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit, for CodeBuild's test reports
    Junit,
}

/// One finding at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) path: PathBuf,
    /// From 1.
    pub(crate) line: u32,
    /// In characters, from 1.
    pub(crate) column: u32,
    pub(crate) source_line: String,
}

impl Finding {
    fn text(&self) -> String {
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        let before = self.source_line.chars().take(self.column as usize - 1);
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let mut text = format!(
            "warning[{}]: {}\n{gutter}--> {}:{}:{}\n{gutter} |\n{number} | {}\n{gutter} | {indent}^\n",
            self.rule,
            self.message,
            self.path.display(),
            self.line,
            self.column,
            self.source_line
        );
        if let Some(help) = &self.help {
            text.push_str(&format!("{gutter} = help: {help}\n"));
        }
        text.push_str(&format!("{gutter} = note: `-- Lint: allow {} (why)` in the header answers it\n", self.rule));
        text
    }

    fn json(&self) -> Value {
        json!({
            "rule": self.rule, "message": self.message, "help": self.help,
            "path": self.path.display().to_string(), "line": self.line, "column": self.column,
        })
    }
}

/// Prints the findings on the files that were looked at.
pub(crate) fn print(format: Format, files: &[PathBuf], findings: &[Finding]) {
    match format {
        Format::Text => {
            findings.iter().for_each(|finding| data(&finding.text()));
            talk(&match (findings.len(), files.len()) {
                (0, files) => format!("{files} revisions, nothing found"),
                (count, files) => format!("{count} findings in {files} revisions"),
            });
        }
        Format::Json => findings.iter().for_each(|finding| data(&finding.json().to_string())),
        Format::Sarif => data(&sarif(findings).to_string()),
        Format::Junit => data(&junit(files, findings)),
    }
}

fn sarif(findings: &[Finding]) -> Value {
    let result = |finding: &Finding| {
        json!({
            "ruleId": finding.rule,
            "level": "warning",
            "message": {"text": finding.message},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": finding.path.display().to_string()},
                "region": {"startLine": finding.line, "startColumn": finding.column},
            }}],
        })
    };
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let rules: Vec<Value> = rules.into_iter().map(|rule| json!({"id": rule})).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "cargo xtask db lint", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

/// A test case for each file; one that has findings has failed.
fn junit(files: &[PathBuf], findings: &[Finding]) -> String {
    let escape =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut cases = String::new();
    let mut failed = 0;
    for file in files {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.path == *file).collect();
        let name = escape(&file.display().to_string());
        if own.is_empty() {
            cases.push_str(&format!("  <testcase classname=\"lint\" name=\"{name}\"/>\n"));
            continue;
        }
        failed += 1;
        let text: String = own.iter().map(|finding| escape(&finding.text())).collect();
        let message = escape(&own[0].message);
        cases.push_str(&format!(
            "  <testcase classname=\"lint\" name=\"{name}\">\n    <failure message=\"{message}\">{text}</failure>\n  </testcase>\n"
        ));
    }
    let head = format!("<testsuite name=\"db lint\" tests=\"{}\" failures=\"{failed}\">", files.len());
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}\n{cases}</testsuite>")
}

/// A line of data.
pub(crate) fn data(line: &str) {
    // A reader that has seen enough is no error.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line of talk.
pub(crate) fn talk(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
