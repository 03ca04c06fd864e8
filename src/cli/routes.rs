//! `routes`: what is emulated, and whose interface that is.

use clap::Args;

use super::{Exit, Output, stdout, table};
use crate::web::routes::ROUTES;

/// How it is listed.
#[derive(Debug, Args)]
pub struct Routes {
    /// How the list is written
    #[arg(long, env = "GENESYS_EMULATOR_OUTPUT", value_name = "text|json", default_value = "text")]
    output: Output,
}

/// Lists them.
pub fn run(asked: &Routes) -> Exit {
    match asked.output {
        Output::Json => stdout::line(serde_json::to_string_pretty(ROUTES).unwrap_or_default()),
        Output::Text => {
            let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let rows = ROUTES.iter().map(|route| {
                let dialect = word(serde_json::to_value(route.dialect).unwrap_or_default());
                vec![route.methods.to_owned(), route.path.to_owned(), dialect, route.summary.to_owned()]
            });
            stdout::put(table::of(&["METHODS", "PATH", "WHOSE", "WHAT"], rows.collect()));
            stdout::line(
                "\nwhose: of the vendor's published API, of guides alone, of a standard, of the emulator itself.\n\
                 Below /__admin is the admin API: `ctl` asks it.",
            );
        }
    }
    Exit::Fine
}
