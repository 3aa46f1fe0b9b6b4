//! JUnit reports, which CodeBuild reads. Written by hand, because a library would be compiled for every release. `verify`
//! has one, but a report matters most when `verify` does not compile.

use std::fmt::{self, Display, Formatter, Write as _};
use std::time::Duration;

/// A named group of test cases.
pub(crate) struct Suite<'a> {
    pub(crate) name: String,
    pub(crate) time: Duration,
    pub(crate) cases: Vec<Case<'a>>,
}

/// A test case.
pub(crate) struct Case<'a> {
    pub(crate) name: &'a str,
    pub(crate) verdict: Verdict<'a>,
    /// How long it took, if known.
    pub(crate) time: Option<Duration>,
}

/// The result of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict<'a> {
    Passed,
    Skipped,
    /// With the reason.
    Failed(&'a str),
}

/// The report as XML.
pub(crate) fn report(suites: &[Suite<'_>]) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    // Writing to a string cannot fail.
    let _ = suites.iter().try_for_each(|suite| write_suite(&mut xml, suite));
    xml + "</testsuites>\n"
}

fn write_suite(xml: &mut String, suite: &Suite<'_>) -> fmt::Result {
    let count = |is: fn(Verdict<'_>) -> bool| suite.cases.iter().filter(|case| is(case.verdict)).count();
    let (name, tests) = (Attribute(&suite.name), suite.cases.len());
    let failures = count(|verdict| matches!(verdict, Verdict::Failed(_)));
    let skipped = count(|verdict| verdict == Verdict::Skipped);
    let seconds = suite.time.as_secs_f64();
    writeln!(
        xml,
        "<testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\" time=\"{seconds:.3}\">"
    )?;
    for case in &suite.cases {
        write!(xml, "<testcase classname=\"{name}\" name=\"{}\"", Attribute(case.name))?;
        if let Some(time) = case.time {
            write!(xml, " time=\"{:.3}\"", time.as_secs_f64())?;
        }
        match case.verdict {
            Verdict::Passed => writeln!(xml, "/>")?,
            Verdict::Skipped => writeln!(xml, "><skipped/></testcase>")?,
            Verdict::Failed(reason) => writeln!(xml, "><failure message=\"{}\"/></testcase>", Attribute(reason))?,
        }
    }
    writeln!(xml, "</testsuite>")
}

/// The value of an attribute (XML 1.0, sections 2.2, 2.3 and 3.3.3). Line ends and tabs are escaped, because parsers
/// normalize them to spaces. Characters that XML cannot represent become the replacement character.
struct Attribute<'a>(&'a str);

impl Display for Attribute<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\t' | '\n' | '\r' => write!(f, "&#{};", u32::from(c)),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => f.write_char(char::REPLACEMENT_CHARACTER),
            _ => f.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Case, Suite, Verdict, report};

    #[test]
    fn a_report_is_always_well_formed() {
        let case = |name, verdict| Case { name, verdict, time: None };
        let cases = vec![
            Case { time: Some(Duration::from_millis(1500)), ..case("npm run test", Verdict::Passed) },
            case("a::b", Verdict::Failed("\"a\" < b && \u{1b}[31mc\n\td\u{ffff}")),
            case("psql_…", Verdict::Skipped),
        ];
        let suite = Suite { name: "engine".to_owned(), time: Duration::from_secs(2), cases };
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites>
<testsuite name=\"engine\" tests=\"3\" failures=\"1\" skipped=\"1\" time=\"2.000\">
<testcase classname=\"engine\" name=\"npm run test\" time=\"1.500\"/>
<testcase classname=\"engine\" name=\"a::b\"><failure message=\"&quot;a&quot; &lt; b &amp;&amp; \u{fffd}[31mc&#10;&#9;d\u{fffd}\"/></testcase>
<testcase classname=\"engine\" name=\"psql_…\"><skipped/></testcase>
</testsuite>
</testsuites>
";
        assert_eq!(report(&[suite]), expected);
    }
}
