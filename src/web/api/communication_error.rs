//! Why something was not done with a conversation, in the platform's words. An endpoint names the codes that are its own; what
//! it has no better word for has the plainest one of the same status.

use axum::response::Response;

use super::{
    error::{from_access, of_code},
    request::Refused,
};
use crate::ops::{
    access::AccessError,
    communications::CommunicationError::{self, *},
    conversations::NotSaid,
    cx::Cx,
};

/// The best word, and the plainest.
fn words(error: &CommunicationError) -> (&'static [&'static str], &'static str) {
    match error {
        NoConversation => {
            (&["conversation.error.conversation.not.found", "chat.error.not.found"], "not.found")
        }
        NoParticipant => {
            let best = &[
                "conversation.error.participant.not.found",
                "conversation.error.not.conversation.participant",
                "chat.error.not.found",
            ];
            (best, "not.found")
        }
        NoCommunication | NoMessage | NoMedia | NoIntegration => (&["chat.error.not.found"], "not.found"),
        NoQueue => (&["conversations.error.queue.not.found", "chat.error.queue.not.found"], "bad.request"),
        SameParty => (&["conversations.error.transfer.same.party"], "bad.request"),
        NoBody => (&["chat.error.notnull.createconversationmessagerequest.body"], "bad.request"),
        NoUser => (&[], "bad.request"),
        NotAUser => (&["not.a.user"], "bad.request"),
        NotAClient => (&["not.a.client"], "bad.request"),
        NotActive => (&["conversation.error.forbidden.not.active.participant"], "not.authorized"),
        OwnConversation => (&["conversation.error.monitor.own.conversation"], "bad.request"),
        TooManyMonitors => (&["too.many.monitors"], "bad.request"),
        NotConnected => {
            let best = &[
                "conversations.error.transfer.not.connected",
                "conversation.error.participant.no.active.conversations",
                "conversation.error.unexpected.parking.state",
                "chat.error.member.state",
            ];
            (best, "bad.request")
        }
        Over(NotSaid::Unknown(_)) => (&[], "not.found"),
        Over(_) => {
            let best = &[
                "conversation.error.conversation.disconnected",
                "conversation.error.participant.no.active.conversations",
                "conversations.error.transfer.not.connected",
                "chat.error.conversation.state",
            ];
            (best, "bad.request")
        }
        NoState => {
            (&["communication.state.required", "conversation.participant.update.invalid"], "bad.request")
        }
        NoCode => {
            let best = &[
                "missing.wrapup.code",
                "conversation.error.wrapup.code.required",
                "conversation.participant.update.invalid",
            ];
            (best, "bad.request")
        }
        TooLong(_) => (&["max.length.exceeded", "chat.error.bad.request"], "bad.request"),
        Invalid(_) => {
            let best = &[
                "conversation.participant.update.invalid",
                "conversation.error.unexpected.parking.state",
                "chat.error.bad.request",
            ];
            (best, "constraint.validation")
        }
        TooMuchTyping(_) => (&[], "too.many.requests.retry.after"),
    }
}

/// The answer; `own` are the endpoint's own codes.
pub fn refused(cx: &Cx, error: CommunicationError, own: &[&'static str]) -> Refused {
    if let TooMuchTyping(usage) = error {
        return from_access(cx, &AccessError::Limited(usage)).into();
    }
    let (best, plainest) = words(&error);
    let code = best.iter().find(|code| own.contains(code)).copied().unwrap_or(plainest);
    let response: Response = of_code(cx, code, &error.to_string());
    response.into()
}
