//! The names of things: cheap to clone, never mistaken for one another.

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            #[allow(dead_code, reason = "not every kind of id is asked for its text")]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// An emulated organisation.
    OrgId
    /// An OAuth client.
    ClientId
    /// A web messaging or legacy chat deployment.
    DeploymentId
    /// A guest of the guide dialect: `sub` and `webchat.guestId` of the guest JWT.
    GuestId
    /// A web messaging session: the token that the client made up for it.
    SessionToken
    /// A conversation as the platform knows it.
    ConversationId
    /// Somebody outside, as the platform knows them over all conversations.
    ContactId
    /// An agent.
    UserId
    /// A role, which grants permissions.
    RoleId
    /// A division, within which a role grants them.
    DivisionId
    /// A file of a web messaging session: the client may make it up.
    AttachmentId
    /// A notification channel. Whoever knows it may open its socket.
    ChannelId
    /// A fault, as the scenario or the admin API named it.
    FaultId
}

/// An open socket of an org: the number of the visit that opened it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub u64);
