//! `hang_upgrade`: an upgrade is not answered.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    faults::{
        point::{Facts, Point},
        verdict::Verdict,
        when::When,
    },
};

/// For how long. Without `for` the request stands open until the client goes, the org is reset or the emulator stops.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HangUpgrade {
    /// In the org's time; then it is answered as usual. Default: for good.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    lasting: Option<Span>,
}

impl Power for HangUpgrade {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn check(&self, when: &When) -> Result<(), String> {
        when.about_sockets()
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.sockets.is_some()
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Wait(self.lasting.unwrap_or(Span::FOREVER)))
    }
}
