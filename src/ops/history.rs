//! The history of a web messaging session.

use std::sync::Arc;

use super::{
    access::{AccessError, count},
    cx::Cx,
    guest_token,
};
use crate::{
    domain::{message::Message, visit::Refusal},
    store::org_state::BucketKey,
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
        let readable = session.history().readable(now);
        let total = readable.len();
        let messages = readable.rev().skip((page - 1).saturating_mul(size)).take(size).cloned().collect();
        Ok(History { messages, total })
    })
    .inspect_err(|error| {
        let rule =
            if matches!(error, HistoryError::Expired) { "session.expired" } else { "session.not_found" };
        cx.refuse(Refusal::new(rule, error.to_string()));
    })
}
