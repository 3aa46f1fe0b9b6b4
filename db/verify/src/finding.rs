//! Findings, and their output formats: text as in rustc, JSON lines, SARIF, JUnit. The only file of this crate that prints:
//! text from files and servers is escaped here.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use revision::{Excerpt, Script, Section, Snippet, printable, printable_json, printable_line};
use serde_json::{Value, json};

use crate::standard_output::StandardOutput;

/// The output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text, as in rustc
    Text,
    /// One JSON line per finding
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit, for CodeBuild's test reports
    Junit,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    /// The revision can't be applied, so that the finding cannot be suppressed.
    Refusal,
    /// The revision is wrong.
    Error,
    /// The revision is unsafe.
    Warning,
}

/// A finding and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    /// What was found, as lines of a diff.
    pub(crate) details: Vec<String>,
    pub(crate) help: Option<String>,
    pub(crate) path: PathBuf,
    /// From 1.
    pub(crate) line: u32,
    /// In characters, from 1.
    pub(crate) column: u32,
    pub(crate) source_line: String,
}

impl Finding {
    /// A finding without rule and message.
    pub(crate) fn at(script: &Script, excerpt: Excerpt) -> Self {
        Self::on_file(script).placed(excerpt)
    }

    /// The same finding, at a different place in its file.
    pub(crate) fn placed(self, excerpt: Excerpt) -> Self {
        Self { line: excerpt.place.line, column: excerpt.place.column, source_line: excerpt.line, ..self }
    }

    /// A finding without rule and message, about the whole file.
    pub(crate) fn on_file(script: &Script) -> Self {
        Self::in_file(script.path(), format!("-- {}", script.header().message))
    }

    /// The same, given the first line of the file.
    pub(crate) fn in_file(path: &Path, source_line: String) -> Self {
        Self {
            rule: String::new(),
            severity: Severity::Warning,
            message: String::new(),
            details: Vec::new(),
            help: None,
            path: path.to_owned(),
            line: 1,
            column: 1,
            source_line,
        }
    }

    /// A finding without rule and message, about a section: at its first statement, if it has one.
    pub(crate) fn on_section(script: &Script, section: Option<&Section>) -> Result<Self> {
        match section.and_then(|section| script.effective(section).next()).transpose()? {
            Some(statement) => Ok(Self::at(script, statement.place.excerpt(&script.text(&statement)?, 0))),
            None => Ok(Self::on_file(script)),
        }
    }

    fn text(&self) -> String {
        let snippet = Snippet { line: self.line, column: self.column, text: &self.source_line };
        let gutter = snippet.gutter();
        let mut text = format!(
            "{}[{}]: {}\n{gutter}--> {}:{}:{}\n{}\n",
            self.severity(),
            self.rule,
            self.message,
            printable_line(&self.path.display().to_string()),
            self.line,
            self.column,
            snippet.render("|", "^")
        );
        for line in &self.details {
            text.push_str(&format!("  {line}\n"));
        }
        if let Some(help) = &self.help {
            text.push_str(&format!("{gutter} = help: {help}\n"));
        }
        if self.can_be_suppressed() {
            text.push_str(&format!(
                "{gutter} = note: to suppress this finding, add `-- Lint: allow {} (reason)` to the header\n",
                self.rule
            ));
        }
        text
    }

    pub(crate) fn can_be_suppressed(&self) -> bool {
        self.severity != Severity::Refusal
    }

    fn severity(&self) -> &'static str {
        match self.severity {
            Severity::Refusal | Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }

    fn json(&self) -> Value {
        let mut json = json!({
            "rule": self.rule, "severity": self.severity(), "message": self.message, "help": self.help,
            "path": self.path.display().to_string(), "line": self.line, "column": self.column,
        });
        if !self.details.is_empty() {
            json["details"] = json!(self.details);
        }
        json
    }

    /// Prints the finding by itself, before the others are known.
    pub(crate) fn print(&self, format: Format) {
        match format {
            Format::Json => json_line(&self.json()),
            _ => data(&self.text()),
        }
    }
}

/// Prints a problem that is not at a position in a revision.
pub(crate) fn problem(format: Format, text: &str, details: &[String]) {
    match format {
        Format::Json => json_line(&json!({"severity": "error", "message": text, "details": details})),
        _ => data(&[&[format!("error: {text}")], details].concat().join("\n  ")),
    }
}

/// Prints the findings in the linted files. `what` is what messages call one of these.
pub(crate) fn print(format: Format, what: &str, files: &[PathBuf], findings: &[Finding]) -> Result<()> {
    match format {
        Format::Text => {
            findings.iter().for_each(|finding| data(&finding.text()));
            let found = if findings.is_empty() { "no findings".to_owned() } else { counted(findings.len(), "finding") };
            message(&format!("{found} in {}", counted(files.len(), what)));
        }
        Format::Json => findings.iter().for_each(|finding| json_line(&finding.json())),
        Format::Sarif => json_line(&sarif(findings)),
        Format::Junit => data(&junit(files, findings)?),
    }
    Ok(())
}

fn sarif(findings: &[Finding]) -> Value {
    let result = |finding: &Finding| {
        json!({
            "ruleId": finding.rule,
            "level": finding.severity(),
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

/// A test case for each file, failed if the file has findings.
fn junit(files: &[PathBuf], findings: &[Finding]) -> Result<String> {
    let case = |file: &PathBuf| {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.path == *file).collect();
        let mut status = TestCaseStatus::success();
        if let Some(first) = own.first() {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(printable(&first.message));
            status.set_description(printable(&own.iter().map(|finding| finding.text()).collect::<String>()));
        }
        let mut case = TestCase::new(file.display().to_string(), status);
        case.set_classname("lint");
        case
    };
    let mut suite = TestSuite::new("db lint");
    suite.add_test_cases(files.iter().map(case));
    let mut report = Report::new("db lint");
    report.add_test_suite(suite);
    Ok(report.to_string()?.trim_end().to_owned())
}

/// A number of things.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Prints lines of data.
pub(crate) fn data(lines: &str) {
    let _ = writeln!(StandardOutput, "{}", printable(lines));
}

/// Prints data unchanged; it is escaped only on a terminal.
pub(crate) fn script(text: &str) {
    let shown = if std::io::stdout().is_terminal() { printable(text) } else { text.into() };
    let _ = writeln!(StandardOutput, "{shown}");
}

/// Prints a JSON line of data.
pub(crate) fn json_line(value: &Value) {
    let _ = writeln!(StandardOutput, "{}", printable_json(&value.to_string()));
}

/// Prints a message. Later lines are indented, so that none can pass for a separate message.
pub(crate) fn message(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", printable(line).replace('\n', "\n    "));
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Finding, Severity, junit};

    #[test]
    fn a_junit_report_is_always_well_formed() {
        let path = PathBuf::from("versions/a & \"b\".sql");
        let finding = Finding {
            rule: "rule".to_owned(),
            severity: Severity::Warning,
            message: "`\u{1}<a> & b`".to_owned(),
            details: Vec::new(),
            help: None,
            path: path.clone(),
            line: 1,
            column: 2,
            source_line: "\tSELECT '\u{1b}[31m' || ']]>'".to_owned(),
        };
        let report = junit(&[path, PathBuf::from("versions/c.sql")], &[finding]).expect("a report");
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"db lint\" tests=\"2\" skipped=\"0\" failures=\"1\" errors=\"0\">
    <testsuite name=\"db lint\" tests=\"2\" skipped=\"0\" errors=\"0\" failures=\"1\">
        <testcase name=\"versions/a &amp; &quot;b&quot;.sql\" classname=\"lint\">
            <failure message=\"`\\u{1}&lt;a&gt; &amp; b`\">warning[rule]: `\\u{1}&lt;a&gt; &amp; b`
";
        assert!(report.starts_with(expected), "{report}");
        assert!(report.contains("1 | SELECT &apos;\\u{1b}[31m&apos; || &apos;]]&gt;&apos;\n  | ^\n"), "{report}");
        assert!(report.ends_with(
            "        <testcase name=\"versions/c.sql\" classname=\"lint\"/>\n    </testsuite>\n</testsuites>"
        ));
    }
}
