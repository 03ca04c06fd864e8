//! What differs between kinds of conversations whose URLs look alike: by messages, and web chats.

use super::{
    communication_error::refused,
    conversation_body::{CHATS, MESSAGES},
    request::Refused,
};
use crate::ops::{communications::of_medium, cx::Cx};

const NO_CONVERSATION: &str = "conversation.error.conversation.not.found";
const NO_PARTICIPANT: &str = "conversation.error.participant.not.found";
const NOT_OF_IT: &str = "conversation.error.not.conversation.participant";
const FORBIDDEN: &str = "conversation.error.forbidden.not.active.participant";
const INVALID: &str = "conversation.participant.update.invalid";
const INACTIVE: &str = "conversation.error.participant.no.active.conversations";
const NO_STATE: &str = "communication.state.required";
const NO_QUEUE: &str = "conversations.error.queue.not.found";
const NOT_CONNECTED: &str = "conversations.error.transfer.not.connected";

/// Codes that are an endpoint's own.
type Own = &'static [&'static str];

/// A kind of conversation.
pub trait Media: Send + 'static {
    /// Is it that of chats? Or whichever.
    const CHAT: Option<bool>;
    /// Where they are.
    const HOME: &'static str;
    /// Any of these permissions ends one.
    const END: &'static [&'static str];
    /// Of one conversation, when it is changed.
    const CONVERSATION: Own;
    /// Of a participant, when it is changed.
    const PARTICIPANT: Own;
    /// Of a communication, when it is changed.
    const COMMUNICATION: Own;
    /// Of participant data.
    const ATTRIBUTES: Own;
    /// Of what it can have been about.
    const CODES: Own;
    /// Of what it was about.
    const WRAPUP: Own;
    /// Of a transfer.
    const TRANSFER: Own;
}

/// By messages.
pub struct Messages;

impl Media for Messages {
    const CHAT: Option<bool> = Some(false);
    const HOME: &'static str = MESSAGES;
    const END: &'static [&'static str] =
        &["conversation:communication:disconnect", "conversation:message:park"];
    const CONVERSATION: Own = &[];
    const PARTICIPANT: Own = &[INVALID, INACTIVE];
    const COMMUNICATION: Own = &[NO_STATE];
    const ATTRIBUTES: Own = &[];
    const CODES: Own = &[];
    const WRAPUP: Own = &[];
    const TRANSFER: Own = &[NO_QUEUE, NOT_CONNECTED, FORBIDDEN];
}

/// By whatever.
pub struct Any;

impl Media for Any {
    const CHAT: Option<bool> = None;
    const HOME: &'static str = "/api/v2/conversations";
    const END: Own = Messages::END;
    const CONVERSATION: Own = Messages::CONVERSATION;
    const PARTICIPANT: Own = Messages::PARTICIPANT;
    const COMMUNICATION: Own = Messages::COMMUNICATION;
    const ATTRIBUTES: Own = Messages::ATTRIBUTES;
    const CODES: Own = Messages::CODES;
    const WRAPUP: Own = Messages::WRAPUP;
    const TRANSFER: Own = Messages::TRANSFER;
}

/// Web chats.
pub struct Chats;

impl Media for Chats {
    const CHAT: Option<bool> = Some(true);
    const HOME: &'static str = CHATS;
    const END: &'static [&'static str] = &["conversation:communication:disconnect"];
    const CONVERSATION: Own = &[NO_CONVERSATION];
    const PARTICIPANT: Own = &[
        INVALID,
        INACTIVE,
        "conversation.error.wrapup.code.required",
        FORBIDDEN,
        NO_CONVERSATION,
        NOT_OF_IT,
    ];
    const COMMUNICATION: Own = &[NO_STATE, FORBIDDEN];
    const ATTRIBUTES: Own = &[NO_PARTICIPANT, NO_CONVERSATION];
    const CODES: Own = &[FORBIDDEN];
    const WRAPUP: Own = &[FORBIDDEN, NO_CONVERSATION, NOT_OF_IT];
    const TRANSFER: Own = &[
        NO_QUEUE,
        NOT_CONNECTED,
        "conversations.error.transfer.same.party",
        FORBIDDEN,
        NO_CONVERSATION,
        NO_PARTICIPANT,
    ];
}

/// A conversation of another kind is not there.
pub fn is_of<M: Media>(cx: &Cx, id: &str, own: &[&'static str]) -> Result<(), Refused> {
    let Some(chat) = M::CHAT else { return Ok(()) };
    of_medium(cx, id, chat).map_err(|error| refused(cx, error, own))
}
