//! What is told on the socket of a notification channel, before it is spelled.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    communication::CommunicationState,
    detail_event::DetailEvent,
    message::Message,
    shown::Shown,
    station::Station,
    topic::{CHAT_MEMBERS, CHAT_MESSAGES, Template},
    user_status::{Presence, RoutingStatus},
};
use crate::base::{
    ids::{ChannelId, ClientId, ConversationId, OrgId, UserId},
    time::Timestamp,
};

/// The topic of what is about the socket itself.
pub const METADATA: &str = "channel.metadata";

/// One notification.
#[derive(Clone, Debug)]
pub struct Notification {
    /// The whole name of its topic.
    pub topic: String,
    /// The family of the topic, by which faults and the journal know it.
    pub class: &'static str,
    /// `metadata.CorrelationId`, of what happened in the org.
    pub correlation_id: Option<String>,
    /// What it says.
    pub body: Told,
}

/// What a notification says.
#[derive(Clone, Debug)]
pub enum Told {
    /// A few words about the socket: a heartbeat, the answer to a ping, its end.
    Words(&'static str),
    /// Something has become of the channel.
    System(System),
    /// A user is somewhere else.
    Presence(Presence),
    /// A conversation has changed: all of it.
    Conversation(Arc<Shown>),
    /// The same, as message conversations are told.
    MessageConversation(Arc<Shown>),
    /// The same, as chats are told.
    ChatConversation(Arc<Shown>),
    /// Something in a chat, as its guest hears of it too.
    Chat(ChatTold),
    /// A guest types in a conversation; the id of the event.
    GuestTypes(Arc<Shown>, String, Timestamp),
    /// Something has happened to a participant.
    Detail(Box<DetailEvent>),
    /// A user takes what queues have, or not, since then.
    RoutingStatus(UserId, RoutingStatus, Option<Timestamp>),
    /// A user takes calls elsewhere.
    Stations(Box<StationsTold>, StationAction),
}

/// What has become of the station of a user, in the vendor's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StationAction {
    /// It uses one.
    Associated,
    /// It uses none.
    Disassociated,
}

impl StationAction {
    /// The vendor's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Associated => "Associated",
            Self::Disassociated => "Disassociated",
        }
    }
}

/// The stations of a user.
#[derive(Clone, Debug, Default)]
pub struct StationsTold {
    /// The one that it uses.
    pub associated: Option<Station>,
    /// The one that it uses unless it says otherwise.
    pub default: Option<Station>,
    /// The one that it used last.
    pub last: Option<Station>,
    /// The one that it can be called at.
    pub effective: Option<Station>,
    /// Names and versions of users of these.
    pub users: BTreeMap<UserId, (String, u32)>,
}

/// What is told in a chat.
#[derive(Clone, Debug)]
pub struct ChatTold {
    /// Which.
    pub conversation: ConversationId,
    /// What.
    pub event: ChatEvent,
}

/// What happens in a chat.
#[derive(Clone, Debug)]
pub enum ChatEvent {
    /// A line was said.
    Said(Arc<Message>),
    /// A member is alerted, connected or disconnected.
    Member {
        /// Its participant's id.
        member: String,
        /// How far it is.
        state: CommunicationState,
        /// When.
        at: Timestamp,
    },
    /// A member types.
    Types {
        /// The id of the event.
        id: String,
        /// Its participant's id.
        sender: String,
        /// When.
        at: Timestamp,
    },
}

impl ChatEvent {
    /// The family of its topic.
    pub fn family(&self) -> &'static Template {
        match self {
            Self::Said(_) | Self::Types { .. } => CHAT_MESSAGES,
            Self::Member { .. } => CHAT_MEMBERS,
        }
    }

    /// `metadata.type`, by which clients tell them apart.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Said(_) => "message",
            Self::Types { .. } => "typing-indicator",
            Self::Member { .. } => "member-change",
        }
    }
}

/// What becomes of a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SystemTopic {
    /// Another channel has taken its place.
    NoLongerSubscribed,
    /// The access token that it was made with was taken back.
    TokenRevoked,
}

impl SystemTopic {
    /// The vendor's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoLongerSubscribed => "no_longer_subscribed",
            Self::TokenRevoked => "token_revoked",
        }
    }

    /// The family of its topic.
    pub const fn class(self) -> &'static str {
        match self {
            Self::NoLongerSubscribed => "v2.system.no_longer_subscribed",
            Self::TokenRevoked => "v2.system.token_revoked",
        }
    }

    /// The vendor's word for why.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoLongerSubscribed => "another_channel_subscribed",
            Self::TokenRevoked => "user_tokens_revoked",
        }
    }

    /// For people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NoLongerSubscribed => "Another channel has taken the place of this one",
            Self::TokenRevoked => "The access token of this channel was taken back",
        }
    }
}

/// What has become of a channel, and whose it is.
#[derive(Clone, Debug)]
pub struct System {
    /// What.
    pub topic: SystemTopic,
    /// The channel.
    pub channel: ChannelId,
    /// Its org.
    pub org: OrgId,
    /// Its user.
    pub user: Option<UserId>,
    /// Its application.
    pub client: ClientId,
    /// By what it came about.
    pub correlation_id: String,
}

impl From<System> for Notification {
    fn from(system: System) -> Self {
        let class = system.topic.class();
        Self {
            topic: [class, system.channel.as_str()].join("."),
            class,
            correlation_id: None,
            body: Told::System(system),
        }
    }
}
