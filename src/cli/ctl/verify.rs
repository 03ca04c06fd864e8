//! `ctl verify` and `ctl findings`.

use std::time::Duration;

use clap::Args;

use super::{
    session::{Session, filtered, text_of},
    show::{Column, Show, brief},
};
use crate::{
    cli::{Exit, admin::Failure},
    ops::verify::Verification,
    play::http::Request,
};

/// It may take as long as it says that it waits, and no less than anything else.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// What is to be so.
#[derive(Debug, Args)]
pub struct Verify {
    /// An expectation, a list of them, or more, in YAML or JSON; `@FILE`, or `-` for stdin [default: every fault has fired]
    #[arg(value_name = "VERIFICATION")]
    verification: Option<String>,
}

impl Verify {
    /// Does it; what does not hold ends with 3.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let text = self.verification.as_deref().map(text_of).transpose()?.unwrap_or_default();
        Verification::read(if text.trim().is_empty() { "{}" } else { &text })
            .map_err(|wrong| Failure::configuration(wrong.to_string()))?;
        let mut request = Request::new("POST", &session.of_org("/verify")?);
        request.body = text.into_bytes();
        let report = session.target.call(request, PATIENCE).await.map_err(|failure| {
            match failure.words.starts_with("Verification failed") {
                true => Failure { exit: Exit::NotHeld, ..failure },
                false => failure,
            }
        })?;
        let count = |list: &serde_json::Value| list.as_array().map_or(0, Vec::len);
        let (expectations, faults) = (count(&report["expectations"]), count(&report["faults"]["fired"]));
        let words = format!("expectations that hold: {expectations}, faults that fired: {faults}");
        session.show(&report, &Show::Done(&words));
        Ok(())
    }
}

/// Which findings.
#[derive(Debug, Args)]
pub struct Findings {
    /// Leave out what is less: info, warning or error
    #[arg(long, value_name = "SEVERITY")]
    severity: Option<String>,
}

const COLUMNS: &[Column] = &[
    ("SEVERITY", |one| brief(&one["severity"])),
    ("FINDING", |one| brief(&one["finding"])),
    ("WHAT", |one| brief(&one["summary"])),
    ("ENTRIES", |one| brief(&one["evidence"])),
    ("ADVICE", |one| brief(&one["advice"])),
];

impl Findings {
    /// Lists them.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let severity: Vec<_> =
            self.severity.iter().map(|severity| ("severity".to_owned(), severity.clone())).collect();
        session
            .show(&session.ask("GET", &filtered("/findings", &severity), None).await?, &Show::Table(COLUMNS));
        Ok(())
    }
}
