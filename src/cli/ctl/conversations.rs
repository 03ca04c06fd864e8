//! `ctl conversations`.

use clap::Subcommand;
use serde_json::json;

use super::{
    members::{body, pair},
    session::{Session, filtered, path},
    show::{Column, Show, brief},
};
use crate::cli::admin::Failure;

/// What to do with conversations. `last` as id is the one that began last.
#[derive(Debug, Subcommand)]
pub enum Conversations {
    /// All, in the order of beginning
    List {
        /// Filters: deploymentId=… session=… guestId=… limit=… after=…
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        filters: Vec<(String, String)>,
    },
    /// One, with its messages
    Get {
        /// Its id, or `last`
        id: String,
    },
    /// Say something to the guest
    Say {
        /// The conversation's id, or `last`
        id: String,
        /// The text
        text: String,
        /// More, such as from.nickname=Dana or originatingEntity=Bot
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        more: Vec<(String, String)>,
    },
    /// Show the guest that somebody types
    Typing {
        /// The conversation's id, or `last`
        id: String,
        /// How: type=Off duration=5s from.nickname=Dana
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        how: Vec<(String, String)>,
    },
    /// End it
    Disconnect {
        /// The conversation's id, or `last`
        id: String,
        /// Who, such as from.nickname=Dana
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        who: Vec<(String, String)>,
    },
}

const COLUMNS: &[Column] = &[
    ("ID", |one| brief(&one["id"])),
    ("BEGAN", |one| brief(&one["startTime"])),
    ("ENDED", |one| brief(&one["endTime"])),
    ("HOW", |one| brief(&one["ending"])),
    ("DEPLOYMENT", |one| brief(&one["deploymentId"])),
    ("WHO", |one| {
        let all = one["participants"].as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().map(|who| brief(&who["purpose"])).collect::<Vec<_>>().join(", ")
    }),
];

/// The id of a conversation; `last` is the one that began last.
async fn named(session: &Session<'_>, id: &str) -> Result<String, Failure> {
    if id != "last" {
        return Ok(id.to_owned());
    }
    let (mut last, mut after) = (None, Vec::new());
    loop {
        let mut filters = vec![("limit".to_owned(), "1000".to_owned())];
        filters.extend(after);
        let page = session.ask("GET", &filtered("/conversations", &filters), None).await?;
        last = page["entities"].as_array().and_then(|all| all.last()).map(|one| brief(&one["id"])).or(last);
        match page["next"].as_str() {
            Some(next) => after = vec![("after".to_owned(), next.to_owned())],
            None => return last.ok_or_else(|| Failure::run_time("there is no conversation yet")),
        }
    }
}

impl Conversations {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        match self {
            Self::List { filters } => {
                let page = session.ask("GET", &filtered("/conversations", filters), None).await?;
                session.show(&page, &Show::Table(COLUMNS));
            }
            Self::Get { id } => {
                let id = named(session, id).await?;
                let one = session.ask("GET", &path(&["conversations", &id]), None).await?;
                session.show(&one, &Show::Members);
            }
            Self::Say { id, text, more } => {
                let id = named(session, id).await?;
                let mut words = body(more);
                words["text"] = json!(text);
                let said =
                    session.ask("POST", &path(&["conversations", &id, "messages"]), Some(&words)).await?;
                session.show(&said, &Show::Done(&format!("said as {}", brief(&said["id"]))));
            }
            Self::Typing { id, how } => {
                let id = named(session, id).await?;
                let done =
                    session.ask("POST", &path(&["conversations", &id, "typing"]), Some(&body(how))).await?;
                session.show(&done, &Show::Done("shown"));
            }
            Self::Disconnect { id, who } => {
                let id = named(session, id).await?;
                let at = path(&["conversations", &id, "disconnect"]);
                let one = session.ask("POST", &at, Some(&body(who))).await?;
                session.show(&one, &Show::Done(&format!("{id} has ended")));
            }
        }
        Ok(())
    }
}
