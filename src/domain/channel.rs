//! Notification channels: who may hear of what, until when.

use serde::{Deserialize, Serialize};

use super::topic::topics;
use crate::base::{
    ids::{ChannelId, ClientId, UserId},
    time::{Span, Timestamp},
};

/// How long a channel lives when nobody subscribes to anything again.
pub const LIFETIME: Span = Span::from_secs(24 * 3600);
/// So long before its end its socket is told.
pub const NOTICE: Span = Span::from_secs(60);
/// How often a socket hears that it is alive.
pub const HEARTBEAT: Span = Span::from_secs(30);
/// Channels of a user and application; one more takes the place of the one that was longest out of use.
pub const MOST_CHANNELS: usize = 20;
/// Topics of a channel.
pub const MOST_TOPICS: usize = 1_000;

/// Whose channels are counted together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Owner {
    /// The application.
    pub client: ClientId,
    /// The user, of a user's token.
    pub user: Option<UserId>,
}

/// A channel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Channel {
    /// Its id, which is the secret of its socket too.
    pub id: ChannelId,
    /// Whose it is.
    pub owner: Owner,
    /// The access token that it was made with, by its key.
    pub token: String,
    /// When that is dead, and the channel with it.
    pub token_expires: Timestamp,
    /// When it is over by itself.
    pub expires: Timestamp,
    /// When it was last asked for, or its socket opened or closed.
    pub used: Timestamp,
    /// What it is subscribed to, as it was asked for, in that order.
    pub subscriptions: Vec<String>,
}

impl Channel {
    /// When it is over.
    pub fn ends(&self) -> Timestamp {
        self.expires.min(self.token_expires)
    }

    /// When its socket is told that it is soon over.
    pub fn notice(&self) -> Timestamp {
        Timestamp::from_micros(self.ends().micros() - NOTICE.micros())
    }

    /// The topics that its subscriptions name.
    pub fn topics(&self) -> impl Iterator<Item = String> {
        self.subscriptions.iter().flat_map(|id| topics(id).unwrap_or_default())
    }
}
