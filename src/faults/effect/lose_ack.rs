//! `lose_ack`: a guest's message is taken in, but its sender never learns of it.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    domain::visit::Way,
    faults::{
        point::{Facts, Point},
        verdict::{FrameVerdict, Verdict},
        when::When,
    },
};

const SAYS: &str = "onMessage";

/// Has no options. The message is kept, the bot answers it and other connections of the session get it; the echo to
/// the connection that sent it is lost. Whoever sends it again says it twice.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LoseAck {}

impl Power for LoseAck {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn only(&self) -> Option<Way> {
        Some(Way::In)
    }

    fn check(&self, when: &When) -> Result<(), String> {
        match &when.action {
            Some(action) if action != SAYS => Err(format!("only the `action` `{SAYS}` has an echo")),
            _ => Ok(()),
        }
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.frame.is_some_and(|frame| frame.action == SAYS)
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::LoseEcho))
    }
}
