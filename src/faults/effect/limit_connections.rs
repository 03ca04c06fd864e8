//! `limit_connections`: refuses an upgrade, or to configure a session, when so many sockets are open already.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    domain::visit::Way,
    faults::{
        point::{Facts, Point},
        verdict::{Answer, Verdict},
        when::When,
    },
};

/// Whose sockets are counted together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Per {
    /// The org's.
    #[default]
    Org,
    /// Those of the deployment that is asked for.
    Deployment,
    /// Those of the client whose guest's token the upgrade brings. Upgrades without one are not limited.
    Client,
    /// Those of the guest whose token the upgrade brings. Upgrades without one are not limited.
    Guest,
    /// Those of the session, which is known when it is configured: that is what is refused.
    Session,
}

/// So many sockets.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LimitConnections {
    /// Open at a time.
    max: u64,
    /// Whose are counted together. Default: all of the org.
    #[serde(default)]
    per: Per,
    /// HTTP status of the refused upgrade, `code` of the error frame. Default 403.
    #[serde(default = "forbidden")]
    status: u16,
}

fn forbidden() -> u16 {
    403
}

impl Power for LimitConnections {
    fn point(&self, _: &When) -> Point {
        if self.per == Per::Session { Point::Frame } else { Point::Request }
    }

    fn only(&self) -> Option<Way> {
        (self.per == Per::Session).then_some(Way::In)
    }

    fn check(&self, when: &When) -> Result<(), String> {
        when.about_sockets()?;
        if !(400..=599).contains(&self.status) {
            return Err(format!("`status` {} is not between 400 and 599", self.status));
        }
        Ok(())
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.sockets.is_some()
    }

    fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict> {
        let open = ask.facts.sockets?;
        let open = match self.per {
            Per::Org => open.org,
            Per::Deployment => open.deployment,
            Per::Client => open.client?,
            Per::Guest => open.guest?,
            Per::Session => open.session?,
        };
        (open >= self.max).then(|| {
            let message = Some(format!("Too many connections: {open} are open, {} are allowed", self.max));
            Verdict::Answer(Answer { status: self.status, message, ..Answer::default() })
        })
    }
}
