//! The history of a web messaging session.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    access::{AccessError, count},
    cx::Cx,
    guest_token,
};
use crate::{
    domain::{conversation::Ending, message::Message, person::Person, session::Session, visit::Refusal},
    store::org_state::{BucketKey, OrgState},
};

/// A page of a session's history, newest first.
pub struct History {
    /// Its messages.
    pub messages: Vec<Arc<Message>>,
    /// Messages in all.
    pub total: usize,
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// No token came.
    #[error("no token")]
    Missing,
    /// The token is not one of `getJwt`, or not good any more.
    #[error("bad token")]
    Bad(Option<&'static str>),
    /// The session is gone.
    #[error("no session")]
    NotFound,
    /// The session has expired.
    #[error("the session has expired")]
    Expired,
    /// The session asked for too many pages.
    #[error(transparent)]
    Limited(#[from] AccessError),
}

/// The history of the session that the token was made for.
pub async fn history(
    cx: &Cx,
    token: Option<&str>,
    page: usize,
    size: usize,
) -> Result<History, HistoryError> {
    let Some(token) = token else {
        cx.refuse(Refusal::new("token.missing", "No JWT came").expected("a JWT of getJwt as bearer token"));
        return Err(HistoryError::Missing);
    };
    let session = guest_token::verify_messaging(cx, token).await.map_err(|wrong| {
        cx.refuse(wrong.refusal());
        HistoryError::Bad(wrong.reason())
    })?;
    cx.journal(|draft| draft.subject().session = Some(session.as_str().into()));
    count(cx, BucketKey::History(session.as_str().into()), |limits| limits.history)?;
    let now = cx.now();
    cx.state(|state| {
        let session = state.sessions.get(session.as_str()).ok_or(HistoryError::NotFound)?;
        if now >= session.expires {
            return Err(HistoryError::Expired);
        }
        let skipped = (page - 1).saturating_mul(size);
        Ok(match &session.person {
            None => {
                let readable = session.history().readable(now);
                let total = readable.len();
                History { messages: readable.rev().skip(skipped).take(size).cloned().collect(), total }
            }
            Some(person) => {
                let all = of_person(state, session, person);
                let messages = all.iter().rev().skip(skipped).take(size).map(|one| Arc::clone(one)).collect();
                History { messages, total: all.len() }
            }
        })
    })
    .inspect_err(|error| {
        let rule =
            if matches!(error, HistoryError::Expired) { "session.expired" } else { "session.not_found" };
        cx.refuse(Refusal::new(rule, error.to_string()));
    })
}

/// All that was said under the contact of a person, wherever it was said, oldest first. What the person has cleared is
/// gone; what is not cleared stays.
fn of_person<'a>(state: &'a OrgState, session: &'a Session, person: &Person) -> Vec<&'a Arc<Message>> {
    let conversations = state.contacts.known(person).into_iter().flat_map(|contact| &contact.conversations);
    let known = conversations.filter_map(|id| state.conversations.get(id));
    let kept = known.filter(|known| known.ended.is_none_or(|(_, ending)| ending != Ending::Cleared));
    let mut all: Vec<_> = kept.flat_map(|known| known.messages()).chain(session.history().all()).collect();
    let mut seen = BTreeSet::new();
    all.retain(|message| seen.insert(message.id.as_str()));
    all.sort_by_key(|message| message.time);
    all
}
