//! What is left of a visit that opened a socket.

use std::sync::Arc;

use super::{
    app::App,
    cx::{Cx, Visit},
    org::Org,
};
use crate::domain::visit::Claimed;

/// What the frames of a socket work with, as long as it is open; see [`Cx::of_frame`].
pub struct Host {
    /// The emulator.
    pub app: Arc<App>,
    /// The org.
    pub org: Arc<Org>,
    /// What absolute URLs start with that the client is told.
    pub base: String,
    /// What the upgrade said about itself; none of it is proved.
    pub claimed: Claimed,
}

impl From<&Cx> for Host {
    fn from(cx: &Cx) -> Self {
        let Visit { app, org, base, claimed, .. } = &**cx;
        Self { app: app.clone(), org: org.clone(), base: base.clone(), claimed: claimed.clone() }
    }
}
