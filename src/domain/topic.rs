//! What a notification channel can be subscribed to.

use std::fmt;

/// A topic's length is below this, in characters.
pub const MAX_LENGTH: usize = 200;

/// A family of topics: `{id}` stands for one segment.
#[derive(Debug)]
pub struct Template {
    /// Its name.
    pub text: &'static str,
    /// For people.
    pub description: &'static str,
    /// What subscribers need. A user needs nothing for its own topics.
    pub permissions: &'static [&'static str],
    /// May a user have its own without permissions?
    pub of_current_user: bool,
}

const fn template(
    text: &'static str,
    description: &'static str,
    permissions: &'static [&'static str],
    of_current_user: bool,
) -> Template {
    Template { text, description, permissions, of_current_user }
}

const NOTHING: &[&str] = &[];
const COMMUNICATION: &[&str] = &["conversation:communication:view"];
const QUEUE: &[&str] = &["routing:queue:view"];
const DETAIL: &[&str] = &["analytics:conversationDetail:view"];
const DEPLOYMENT: &[&str] = &["webDeployments:deployment:view"];

/// Presence of a user.
pub const PRESENCE: &Template =
    &template("v2.users.{id}.presence", "The presence of a user has changed", NOTHING, false);
/// Routing status of a user.
pub const ROUTING_STATUS: &Template =
    &template("v2.users.{id}.routingStatus", "The routing status of a user has changed", NOTHING, false);
/// Stations of a user.
pub const STATION: &Template =
    &template("v2.users.{id}.station", "The station of a user has changed", NOTHING, false);
/// Conversations of a user.
pub const USER_CONVERSATIONS: &Template = &template(
    "v2.users.{id}.conversations",
    "A conversation has changed in which a user takes part",
    COMMUNICATION,
    true,
);
/// Message conversations of a user.
pub const USER_MESSAGES: &Template = &template(
    "v2.users.{id}.conversations.messages",
    "A message conversation has changed in which a user takes part",
    COMMUNICATION,
    true,
);
/// Chats of a user.
pub const USER_CHATS: &Template = &template(
    "v2.users.{id}.conversations.chats",
    "A chat has changed in which a user takes part",
    COMMUNICATION,
    true,
);
/// Guests of a user type.
pub const USER_TYPING: &Template = &template(
    "v2.users.{id}.conversations.inbound.typing.event",
    "A guest types in a conversation of a user",
    COMMUNICATION,
    true,
);
/// Tokens of a user.
pub const USER_TOKENS: &Template =
    &template("v2.users.{id}.tokens", "A token of a user was taken back", &["oauth:token:view"], true);
/// Conversations of a queue.
pub const QUEUE_CONVERSATIONS: &Template = &template(
    "v2.routing.queues.{id}.conversations",
    "A conversation has changed that a queue has had",
    QUEUE,
    false,
);
/// Message conversations of a queue.
pub const QUEUE_MESSAGES: &Template = &template(
    "v2.routing.queues.{id}.conversations.messages",
    "A message conversation has changed that a queue has had",
    QUEUE,
    false,
);
/// Chats of a queue.
pub const QUEUE_CHATS: &Template = &template(
    "v2.routing.queues.{id}.conversations.chats",
    "A chat has changed that a queue has had",
    QUEUE,
    false,
);
/// What is said in a chat.
pub const CHAT_MESSAGES: &Template = &template(
    "v2.conversations.chats.{id}.messages",
    "Something is said in a chat, or somebody types",
    COMMUNICATION,
    false,
);
/// Who takes part in a chat.
pub const CHAT_MEMBERS: &Template = &template(
    "v2.conversations.chats.{id}.members",
    "Somebody comes into a chat, or leaves it",
    COMMUNICATION,
    false,
);
/// Guests type while a flow answers.
pub const FLOW_TYPING: &Template = &template(
    "v2.workflows.{id}.conversations.inbound.typing.event",
    "A guest types in a conversation of a flow",
    COMMUNICATION,
    false,
);

/// Every family that a channel can be subscribed to. What is of calls and the like can be subscribed to, and nothing of it
/// happens here.
#[rustfmt::skip]
const FAMILIES: &[&Template] = &[
    PRESENCE,
    ROUTING_STATUS,
    USER_CONVERSATIONS,
    USER_MESSAGES,
    USER_CHATS,
    USER_TYPING,
    USER_TOKENS,
    QUEUE_CONVERSATIONS,
    QUEUE_MESSAGES,
    QUEUE_CHATS,
    CHAT_MESSAGES,
    CHAT_MEMBERS,
    FLOW_TYPING,
    &template("v2.users.{id}", "A user has changed", NOTHING, false),
    &template("v2.users.{id}.activity", "Presence or routing status of a user have changed", NOTHING, false),
    STATION,
    &template("v2.users.{id}.outofoffice", "A user is out of office, or back", NOTHING, false),
    &template("v2.users.{id}.geolocation", "A user is elsewhere", NOTHING, false),
    &template("v2.users.{id}.conversationsummary", "How many conversations a user has", COMMUNICATION, true),
    &template("v2.users.{id}.conversations.calls", "A call of a user has changed", COMMUNICATION, true),
    &template("v2.users.{id}.conversations.callbacks", "A callback of a user has changed", COMMUNICATION, true),
    &template("v2.users.{id}.conversations.cobrowsesessions", "A co-browsing session of a user has changed", COMMUNICATION, true),
    &template("v2.users.{id}.conversations.emails", "An email of a user has changed", COMMUNICATION, true),
    &template("v2.users.{id}.conversations.screenshares", "A shared screen of a user has changed", COMMUNICATION, true),
    &template("v2.users.{id}.conversations.socialexpressions", "A social expression of a user has changed", COMMUNICATION, true),
    &template("v2.users.{id}.conversations.videos", "A video of a user has changed", COMMUNICATION, true),
    &template("v2.users.{id}.voicemail.messages", "A voice mail of a user has changed", NOTHING, true),
    &template("v2.users.{id}.userrecordings", "A recording of a user has changed", NOTHING, true),
    &template("v2.routing.queues.{id}.users", "A member of a queue has changed", QUEUE, false),
    &template("v2.routing.queues.{id}.conversations.calls", "A call of a queue has changed", QUEUE, false),
    &template("v2.routing.queues.{id}.conversations.callbacks", "A callback of a queue has changed", QUEUE, false),
    &template("v2.routing.queues.{id}.conversations.emails", "An email of a queue has changed", QUEUE, false),
    &template("v2.conversations.{id}.transcription", "A piece of a transcript", COMMUNICATION, false),
    &template("v2.webmessaging.deployments.{id}.undelivered.messages", "Messages that no device of a guest has had", DEPLOYMENT, false),
    &template("v2.webdeployments.deployments.{id}", "A deployment has changed", DEPLOYMENT, false),
    &template("v2.detail.events.conversation.{id}.customer.start", "A guest comes", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.customer.end", "A guest leaves", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.flow.start", "A flow begins", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.flow.end", "A flow ends", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.acd.start", "A queue takes a conversation", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.acd.end", "A queue gives a conversation away", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.user.start", "A user is offered a conversation", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.user.end", "A user leaves a conversation", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.acw", "A user has dealt with a conversation", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.wrapup", "A user has wrapped a conversation up", DETAIL, false),
    &template("v2.detail.events.conversation.{id}.attributes", "Participant data has changed", DETAIL, false),
];

/// All families, in the order in which they are listed.
pub fn families() -> impl Iterator<Item = &'static Template> {
    FAMILIES.iter().copied()
}

impl Template {
    /// The name of the topic of one thing.
    pub fn of(&self, id: &str) -> String {
        self.text.replacen("{id}", id, 1)
    }

    /// The family of this name.
    pub fn named(text: &str) -> Option<&'static Self> {
        families().find(|family| family.text == text)
    }

    /// What stands for `{id}` in a topic of this family.
    fn id_in<'a>(&self, topic: &'a str) -> Option<&'a str> {
        let (head, tail) = self.text.split_once("{id}")?;
        let id = topic.strip_prefix(head)?.strip_suffix(tail)?;
        (!id.is_empty() && !id.contains(['.', '{', '}', '?', '&'])).then_some(id)
    }
}

/// One topic.
#[derive(Clone, Copy, Debug)]
pub struct Topic<'a> {
    /// Its family.
    pub family: &'static Template,
    /// What it is about.
    pub id: &'a str,
}

impl fmt::Display for Topic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.family.of(self.id))
    }
}

/// Why a text is no topic.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadTopic {
    /// It is too long.
    #[error("a topic has less than {MAX_LENGTH} characters")]
    Long,
    /// There is no such family.
    #[error("Topic {0} is not a valid topic")]
    Unknown(String),
}

/// The topics that a subscription names: one, or several as `prefix?a&b`.
pub fn topics(id: &str) -> Result<Vec<String>, BadTopic> {
    if id.chars().count() >= MAX_LENGTH {
        return Err(BadTopic::Long);
    }
    let names: Vec<String> = match id.split_once('?') {
        None => vec![id.to_owned()],
        Some((prefix, rest)) => rest.split('&').map(|one| [prefix, one].join(".")).collect(),
    };
    match names.iter().find(|name| parse(name).is_none()) {
        Some(unknown) => Err(BadTopic::Unknown(unknown.clone())),
        None => Ok(names),
    }
}

/// A single topic.
pub fn parse(name: &str) -> Option<Topic<'_>> {
    families().find_map(|family| Some(Topic { family, id: family.id_in(name)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_names_one_topic_or_several_of_a_prefix() {
        let named = |id: &str| topics(id).map_err(|error| error.to_string());
        assert_eq!(named("v2.users.u.presence"), Ok(vec!["v2.users.u.presence".to_owned()]));
        let both = vec!["v2.users.u.presence".to_owned(), "v2.users.u.conversations.messages".to_owned()];
        assert_eq!(named("v2.users.u?presence&conversations.messages"), Ok(both));
        for wrong in
            ["", "v2.users..presence", "v2.users.{id}.presence", "v2.users.a.b.presence", "v2.nothing.u"]
        {
            assert_eq!(named(wrong), Err(format!("Topic {wrong} is not a valid topic")));
        }
        let half = "v2.users.u?presence&nothing";
        assert_eq!(named(half), Err("Topic v2.users.u.nothing is not a valid topic".to_owned()));
        assert_eq!(topics(&"x".repeat(200)), Err(BadTopic::Long));
    }

    #[test]
    fn no_topic_is_of_two_families() {
        for family in families() {
            let name = family.of("00000000-0000-4000-8000-000000000000");
            let fitting = families().filter(|other| other.id_in(&name).is_some()).count();
            assert_eq!(fitting, 1, "{name}");
            assert_eq!(parse(&name).map(|topic| topic.to_string()), Some(name));
        }
    }
}
