//! `ctl clock`.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{
    session::Session,
    show::{Show, brief},
};
use crate::cli::{Output, admin::Failure, stdout};

/// What to do with the org's time.
#[derive(Debug, Subcommand)]
pub enum Clock {
    /// What time it is, how fast it goes, when the next timer is due
    Get,
    /// Move it forward; the answer comes when everything due has been done
    Advance {
        /// Such as 1h, 90s, 250ms
        by: String,
    },
    /// Move it to a time
    Set {
        /// RFC 3339, such as 2026-01-02T03:04:05Z
        to: String,
    },
    /// Let it stand
    Freeze,
    /// Let it go as it does by itself
    Resume,
    /// Let it go so many times as fast; `auto` jumps to the next timer when nothing else is to be done
    Rate {
        /// A number, or `auto`
        #[arg(allow_negative_numbers = true)]
        rate: String,
    },
}

fn told(clock: &Value) -> String {
    let mut words = brief(&clock["now"]);
    if clock["frozen"] == true {
        words += ", it stands";
    } else if clock["rate"] != 1.0 {
        words += &format!(", rate {}", brief(&clock["rate"]));
    }
    if clock["from"].is_string() {
        words +=
            &format!("; came from {}, timers that fired: {}", brief(&clock["from"]), brief(&clock["fired"]));
        if clock["settled"] == false {
            words += &format!("; not settled, waiting for {}", brief(&clock["waitingFor"]));
        }
    }
    if clock["nextDue"].is_string() {
        words += &format!("; next timer {}", brief(&clock["nextDue"]));
    }
    words
}

impl Clock {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let change = match self {
            Self::Get => None,
            Self::Advance { by } => Some(json!({ "advance": by })),
            Self::Set { to } => Some(json!({ "set": to })),
            Self::Freeze => Some(json!({ "freeze": true })),
            Self::Resume => Some(json!({ "resume": true })),
            Self::Rate { rate } => {
                let rate = rate.parse::<f64>().map_or_else(|_| json!(rate), |times| json!(times));
                Some(json!({ "rate": rate }))
            }
        };
        let method = if change.is_some() { "PUT" } else { "GET" };
        let clock = session.ask(method, "/clock", change.as_ref()).await?;
        match session.output {
            Output::Json => session.show(&clock, &Show::Json),
            Output::Text => stdout::line(told(&clock)),
        }
        Ok(())
    }
}
