//! What is verified when the command has ended: expectations, that every fault has fired, and the habits that were seen.

use std::{fmt, fs, path::Path};

use super::command::Ended;
use crate::{
    cli::admin::Failure,
    emulator::Emulator,
    ops::{
        findings::{self, Finding, Severity},
        verify::{NotVerified, Reach, Verification, report::Report},
    },
};

/// Exit codes of shells for a command that they could not start.
const NOT_STARTED: [u8; 2] = [126, 127];

/// What is to be so in the end.
pub struct Wanted {
    verification: Verification,
    /// The file that says it, if one does.
    file: Option<String>,
    /// Findings that hurt as much as this, or more, are not to be.
    fail_on: Option<Severity>,
}

/// What came of it.
pub struct Verdict {
    /// Nothing, if there was nothing that could be otherwise.
    report: Option<Report>,
    /// Faults of other orgs that never fired.
    unfired: Vec<String>,
    findings: Vec<Finding>,
    fail_on: Option<Severity>,
}

impl Wanted {
    /// What a file says; without one, that every fault has fired.
    pub fn read(file: Option<&Path>, fail_on: Option<Severity>) -> Result<Self, Failure> {
        let Some(path) = file else {
            return Ok(Self { verification: Verification::default(), file: None, fail_on });
        };
        let name = path.display().to_string();
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::configuration(format!("{name} cannot be read: {error}")))?;
        let verification =
            Verification::read(&text).map_err(|error| Failure::configuration(format!("{name}: {error}")))?;
        Ok(Self { verification, file: Some(name), fail_on })
    }

    /// Judges what happened in the default org, and waits where that is asked. A fault that is set in several orgs has fired
    /// when it fired in one of them; those that only other orgs have are to have fired, too. A command that could not be started, or was
    /// told to end, has not done what is judged: then there is no verdict.
    pub async fn judge(&self, emulator: &Emulator, ended: Ended) -> Result<Option<Verdict>, Failure> {
        if ended.interrupted || NOT_STARTED.contains(&ended.code) {
            return Ok(None);
        }
        let report = match (emulator.verify_within(&self.verification, Reach::Everywhere).await, &self.file) {
            (Ok(report), _) => Some(report),
            (Err(NotVerified::Nothing | NotVerified::NoOrg), None) => None,
            (Err(error), Some(file)) => return Err(Failure::configuration(format!("{file}: {error}"))),
            (Err(error), None) => return Err(Failure::run_time(error.to_string())),
        };
        let unfired = emulator.unfired_elsewhere(&self.verification.allow_unfired);
        let orgs = emulator.app().all_orgs();
        let findings = orgs.iter().flat_map(|org| findings::find(org)).collect();
        Ok(Some(Verdict { report, unfired, findings, fail_on: self.fail_on }))
    }
}

impl Verdict {
    /// Is all as it is to be?
    pub fn held(&self) -> bool {
        let held = self.report.as_ref().is_none_or(Report::held) && self.unfired.is_empty();
        held && self.bad_habits().next().is_none()
    }

    /// What was judged, and what is not as it is to be.
    pub fn parts(&self) -> Vec<(String, Option<String>)> {
        let mut parts = Vec::new();
        if let Some(report) = &self.report {
            let problems: Vec<_> =
                report.expectations.iter().filter_map(|one| one.problem.as_ref()).collect();
            parts.extend(report.expectations.iter().map(|one| (one.name.clone(), one.problem.clone())));
            let others: Vec<_> =
                report.problems.iter().filter(|one| !problems.contains(one)).cloned().collect();
            parts.push(("faults and requests".to_owned(), (!others.is_empty()).then(|| others.join("\n"))));
        }
        if !self.unfired.is_empty() {
            parts.push(("faults of other orgs".to_owned(), Some(self.unfired.join("\n"))));
        }
        if self.fail_on.is_some() {
            let habits: Vec<_> = self.bad_habits().map(told).collect();
            parts.push(("findings".to_owned(), (!habits.is_empty()).then(|| habits.join("\n"))));
        }
        parts
    }

    fn bad_habits(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| self.fail_on.is_some_and(|least| finding.severity >= least))
    }
}

fn told(finding: &Finding) -> String {
    let Finding { finding, severity, summary, evidence, advice, .. } = finding;
    let seen = evidence.join(", ");
    let summary = summary.trim_end_matches('.');
    format!("{severity} {finding}: {summary}. {advice} (journal: {seen})")
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(report) = &self.report {
            for line in report.to_string().lines() {
                writeln!(f, "  {line}")?;
            }
        }
        for line in self.unfired.iter().flat_map(|one| one.lines()) {
            writeln!(f, "  {line}")?;
        }
        for finding in &self.findings {
            writeln!(f, "  {}", told(finding))?;
        }
        Ok(())
    }
}
