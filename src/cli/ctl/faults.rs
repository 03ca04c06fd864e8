//! `ctl faults`.

use clap::Subcommand;
use serde_json::Value;

use super::{
    session::{Session, path, text_of},
    show::{Column, Show, brief},
};
use crate::{base::document::Document, cli::admin::Failure};

/// What to do with faults.
#[derive(Debug, Subcommand)]
pub enum Faults {
    /// All, with how often they were about something and how often they bit
    List,
    /// One
    Get {
        /// Its id
        id: String,
    },
    /// Set more: each is a fault or a list of them, in YAML or JSON; `@FILE`, or `-` for stdin
    Add {
        /// Such as '{ when: { path: /oauth/token }, effect: { reset: {} } }'
        #[arg(required = true)]
        faults: Vec<String>,
    },
    /// Set these in the place of all
    Replace {
        /// As for `add`
        #[arg(required = true)]
        faults: Vec<String>,
    },
    /// Take these away
    #[command(visible_alias = "delete")]
    Rm {
        /// Their ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Take all away
    Clear,
}

const COLUMNS: &[Column] = &[
    ("ID", |one| brief(&one["id"])),
    ("MATCHED", |one| brief(&one["matched"])),
    ("FIRED", |one| brief(&one["fired"])),
    ("WHEN", |one| brief(&one["when"])),
    ("SCHEDULE", |one| brief(&one["schedule"])),
    ("EFFECT", |one| {
        if one["plan"].is_null() { brief(&one["effect"]) } else { format!("plan: {}", brief(&one["plan"])) }
    }),
];

/// Faults out of words, files and stdin, as one list.
fn read(words: &[String]) -> Result<Value, Failure> {
    let mut all = Vec::new();
    for word in words {
        let text = text_of(word)?;
        let value: Value = Document::yaml(&text).and_then(|document| document.read()).map_err(|wrong| {
            let wrong = wrong.shown(&text, None);
            Failure::configuration(format!("`{word}` is neither YAML nor JSON: {wrong}"))
        })?;
        match value {
            Value::Array(faults) => all.extend(faults),
            // as they stand in scenario files
            Value::Object(mut file) if file.len() == 1 && file.get("faults").is_some_and(Value::is_array) => {
                all.extend(file["faults"].take().as_array().cloned().unwrap_or_default());
            }
            fault => all.push(fault),
        }
    }
    // an error of the only one names its members as they are written
    Ok(if all.len() == 1 { all.remove(0) } else { Value::Array(all) })
}

impl Faults {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        match self {
            Self::List => session.show(&session.ask("GET", "/faults", None).await?, &Show::Table(COLUMNS)),
            Self::Get { id } => {
                session.show(&session.ask("GET", &path(&["faults", id]), None).await?, &Show::Members);
            }
            Self::Add { faults } => self.set(session, "POST", faults).await?,
            Self::Replace { faults } => self.set(session, "PUT", faults).await?,
            Self::Rm { ids } => {
                for id in ids {
                    let done = session.ask("DELETE", &path(&["faults", id]), None).await?;
                    session.show(&done, &Show::Done(&format!("{id} is gone")));
                }
            }
            Self::Clear => {
                session
                    .show(&session.ask("DELETE", "/faults", None).await?, &Show::Done("all faults are gone"));
            }
        }
        Ok(())
    }

    async fn set(&self, session: &Session<'_>, method: &str, faults: &[String]) -> Result<(), Failure> {
        let answer = session.ask(method, "/faults", Some(&read(faults)?)).await?;
        session.show(&answer, &Show::Done(&format!("set: {}", brief(&answer["ids"]))));
        Ok(())
    }
}
