//! `duplicate_delivery`: the platform is given the request twice, as by a proxy that tries again.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    domain::visit::Surface,
    faults::{
        point::{Facts, Point},
        verdict::{AnswerVerdict, Verdict},
        when::When,
    },
};

/// Has no options. The client gets the first answer; the second request has a number and a journal entry of its own,
/// and faults count it like any other, but for this one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DuplicateDelivery {}

impl Power for DuplicateDelivery {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn check(&self, when: &When) -> Result<(), String> {
        match when.surface {
            Some(Surface::Webmessaging | Surface::Streaming) => {
                Err("an upgrade cannot be delivered twice".into())
            }
            _ => Ok(()),
        }
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        !matches!(facts.surface, Surface::Webmessaging | Surface::Streaming)
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::Twice))
    }
}
