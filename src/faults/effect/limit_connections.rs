//! `limit_connections`: refuses an upgrade when so many sockets are open already.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    domain::visit::Surface,
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
    /// HTTP status of the refused upgrade. Default 403.
    #[serde(default = "forbidden")]
    status: u16,
}

fn forbidden() -> u16 {
    403
}

impl Power for LimitConnections {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn check(&self, when: &When) -> Result<(), String> {
        if when.surface.is_some_and(|surface| surface != Surface::Webmessaging) {
            return Err("only the surface `webmessaging` has sockets".into());
        }
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
        };
        (open >= self.max).then(|| {
            let message = Some(format!("Too many connections: {open} are open, {} are allowed", self.max));
            Verdict::Answer(Answer { status: self.status, message, ..Answer::default() })
        })
    }
}
