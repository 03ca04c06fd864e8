//! Commands of `ctl` without more.

use clap::Subcommand;
use serde_json::Value;

use super::{
    session::{Session, path},
    show::{Show, brief},
};
use crate::cli::admin::Failure;

/// What is asked.
#[derive(Debug, Subcommand)]
pub enum Plain {
    /// Why something was answered as it was
    Explain {
        /// A number of the journal, a correlation id or a tracing id; `last` is the last that was refused or disturbed
        #[arg(default_value = "last")]
        id: String,
    },
    /// Back to the first moment of the scenario
    Reset,
    /// Does it live?
    Health,
    /// Does it take requests?
    Ready,
    /// Which program it is
    Version,
    /// How things stand in all orgs, in numbers, as Prometheus reads them
    Metrics,
    /// The certificate that clients have to trust when they speak TLS, in PEM
    Ca,
    /// The description of the admin API, for generators of clients
    Openapi,
}

impl Plain {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let status = |answer: &Value| brief(&answer["status"]);
        match self {
            Self::Explain { id } => {
                session.show(&session.ask("GET", &path(&["explain", id]), None).await?, &Show::Members);
            }
            Self::Reset => {
                let org = session.ask("POST", "/reset", None).await?;
                let words = format!("{} is at its first moment, {}", brief(&org["id"]), brief(&org["now"]));
                session.show(&org, &Show::Done(&words));
            }
            Self::Health => {
                let answer = session.ask_emulator("GET", "/health", None).await?;
                session.show(&answer, &Show::Done(&status(&answer)));
            }
            Self::Ready => {
                let answer = session.ask_emulator("GET", "/ready", None).await?;
                session.show(&answer, &Show::Done(&status(&answer)));
            }
            Self::Openapi => {
                session.show(&session.ask_emulator("GET", "/openapi.json", None).await?, &Show::Json);
            }
            Self::Metrics => {
                let numbers = session.ask_emulator("GET", "/metrics", None).await?;
                session.show(&numbers, &Show::Done(numbers.as_str().unwrap_or_default().trim_end()));
            }
            Self::Ca => {
                let pem = session.ask_emulator("GET", "/ca.pem", None).await?;
                session.show(&pem, &Show::Done(pem.as_str().unwrap_or_default().trim_end()));
            }
            Self::Version => {
                let answer = session.ask_emulator("GET", "/version", None).await?;
                let words = format!("{} {}", brief(&answer["name"]), brief(&answer["version"]));
                session.show(&answer, &Show::Done(&words));
            }
        }
        Ok(())
    }
}
