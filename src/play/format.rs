//! Reports for programs: JSON, JUnit's XML, annotations of GitHub Actions.

use std::fmt::Write;

use serde::Serialize;

use super::report::{Played, ScenarioReport, ScriptReport};

/// How many hold, in a sentence.
pub fn total(reports: &[ScenarioReport]) -> String {
    let wrong: Vec<_> =
        reports.iter().filter(|report| !report.held).map(|report| report.name.as_str()).collect();
    let scripts: usize = reports.iter().map(|report| report.scripts.len()).sum();
    match wrong[..] {
        [] => format!("All hold: scenarios: {}, scripts: {scripts}.", reports.len()),
        _ => format!("Do not hold: {} of {}: {}.", wrong.len(), reports.len(), wrong.join(", ")),
    }
}

/// One object: `held`, and all `scenarios`.
pub fn json(reports: &[ScenarioReport]) -> String {
    #[derive(Serialize)]
    struct All<'a> {
        held: bool,
        scenarios: &'a [ScenarioReport],
    }
    let all = All { held: reports.iter().all(|report| report.held), scenarios: reports };
    serde_json::to_string_pretty(&all).unwrap_or_default()
}

/// What is wrong with a script, with everything that helps to see why.
fn problem(script: &ScriptReport) -> String {
    let mut text = script.problem.clone().unwrap_or_default();
    if let Some(Played { did, came, differences, .. }) = script.last_difference() {
        let _ = write!(text, "\n{did} \u{2192} {came}");
        for one in differences {
            let _ = write!(text, "\n{}: expected {}, came {}", one.at, one.expected, one.seen);
        }
    }
    for line in &script.journal {
        let _ = write!(text, "\n{line}");
    }
    text
}

fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            // XML 1.0 has no other control characters
            char if char.is_control() && char != '\t' => escaped.push('\u{fffd}'),
            char => escaped.push(char),
        }
    }
    escaped
}

/// A test suite a scenario, a test case a script; `title` says which command tried them.
pub fn junit(title: &str, reports: &[ScenarioReport]) -> String {
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{title}\">\n");
    for report in reports {
        let cases = cases(report);
        let failed = cases.iter().filter(|(_, wrong)| wrong.is_some()).count();
        let (name, tests) = (xml(&report.name), cases.len());
        let _ = writeln!(text, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\">");
        for (case, wrong) in cases {
            let case = xml(&case);
            let _ = match wrong {
                None => writeln!(text, "    <testcase classname=\"{name}\" name=\"{case}\"/>"),
                Some(wrong) => writeln!(
                    text,
                    "    <testcase classname=\"{name}\" name=\"{case}\"><failure message=\"{}\">{}</failure></testcase>",
                    xml(wrong.lines().next().unwrap_or_default()),
                    xml(&wrong)
                ),
            };
        }
        text.push_str("  </testsuite>\n");
    }
    text + "</testsuites>\n"
}

/// Names of what was tried, and what is wrong with it.
fn cases(report: &ScenarioReport) -> Vec<(String, Option<String>)> {
    let mut cases: Vec<_> = report
        .scripts
        .iter()
        .map(|script| (script.name.clone(), script.problem.is_some().then(|| problem(script))))
        .collect();
    if cases.is_empty() {
        cases.push(("boots".to_owned(), report.error.clone()));
    }
    if !report.held && cases.iter().all(|(_, wrong)| wrong.is_none()) {
        cases.push(("proves".to_owned(), report.note.clone()));
    }
    cases
}

/// A line for each thing that is wrong, at its place in the file; then how many hold.
pub fn github(reports: &[ScenarioReport]) -> String {
    // a property also escapes what separates properties
    let message = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| message(text).replace(':', "%3A").replace(',', "%2C");
    let mut text = String::new();
    for report in reports.iter().filter(|report| !report.held) {
        let file = property(&report.source);
        for (case, wrong) in cases(report) {
            let Some(wrong) = wrong else { continue };
            let line =
                report.scripts.iter().find(|script| script.name == case).map_or(0, |script| script.line);
            let place = if line > 0 { format!(",line={line}") } else { String::new() };
            let title = property(&format!("{}, {case}", report.name));
            let _ = writeln!(text, "::error file={file}{place},title={title}::{}", message(&wrong));
        }
    }
    text + &total(reports) + "\n"
}
