//! In which state things are, for faults that ask: looked up only if any does.

use super::{cx::token_key, org::Cell, org::Org};
use crate::{
    base::time::Timestamp,
    domain::{
        conversation::{Conversation, ConversationState},
        session::SessionState,
        token::TokenState,
        visit::Claimed,
    },
    faults::point::Standing,
};

impl Cell {
    /// Of a request.
    pub(super) fn standing_of_request(
        &self,
        org: &Org,
        claimed: &Claimed,
        now: Timestamp,
    ) -> Option<Standing> {
        let key = |bearer: &str| self.state.tokens.get(&token_key(org, bearer)?);
        self.faults.minds_states().then(|| Standing {
            token: Some(match claimed.bearer.as_deref().map(key) {
                None => TokenState::None,
                Some(None) => TokenState::Unknown,
                Some(Some(token)) => self.state.worthless(token, now).map_or(TokenState::Live, Into::into),
            }),
            ..self.standing(now)
        })
    }

    /// Of a frame.
    pub(super) fn standing_of_frame(&self, claimed: &Claimed, now: Timestamp) -> Option<Standing> {
        self.faults.minds_states().then(|| {
            let state = &self.state;
            let token = claimed.session.as_ref().map(|token| state.sessions.kept_by(token));
            let session = token.and_then(|token| state.sessions.get(token));
            let conversation =
                session.and_then(|session| state.conversations.get(session.conversation.as_ref()?));
            Standing {
                session: Some(session.map_or(SessionState::None, |session| session.state(now))),
                conversation: Some(conversation.map_or(ConversationState::None, Conversation::state)),
                ..self.standing(now)
            }
        })
    }

    fn standing(&self, now: Timestamp) -> Standing {
        let rotating = self.state.rings().filter(|(_, ring)| ring.is_rotating(now)).map(|(name, _)| name);
        Standing { rotating: rotating.collect(), ..Standing::default() }
    }
}
