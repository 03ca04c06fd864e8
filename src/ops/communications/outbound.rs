//! Conversations that agents begin with people of Open Messaging.

use crate::{
    base::{draw::Mint, ids::ConversationId},
    domain::{
        conversation::{Participant, Purpose, Side},
        open_messaging::{OpenGuest, Recipient},
        visit::Refusal,
    },
    ops::{
        access::Proved,
        cx::Cx,
        open_messaging::{begin, nobody, under_way},
        org::Cell,
        routing::queue_of_id,
        step::{Step, of_visit},
    },
};

/// Why none begins.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    /// There is no such queue.
    #[error("There is no queue of this id")]
    NoQueue,
    /// The queue has no address of this kind.
    #[error("The queue has no address that messages of this type could come from")]
    NoAddress,
    /// The user is no member of the queue.
    #[error("Only members of the queue, who take what it has, begin conversations for it")]
    NotMember,
    /// One is under way.
    #[error("Conversation {0} is under way with this address")]
    UnderWay(ConversationId),
}

impl NotBegun {
    fn rule(&self) -> &'static str {
        match self {
            Self::NoQueue => "queue.unknown",
            Self::NoAddress => "queue.no_address",
            Self::NotMember => "queue.not_member",
            Self::UnderWay(_) => "conversation.under_way",
        }
    }
}

/// A user begins a conversation for a queue, or goes on with the one that is under way if that is wanted. Messages come from
/// the org's first integration.
pub fn begin_with(
    cx: &Cx,
    proved: &Proved,
    queue: &str,
    (address, may_go_on): (&str, bool),
) -> Result<ConversationId, NotBegun> {
    let begun = of_visit(cx, |cell, step| go(cell, step, proved, queue, (address, may_go_on)));
    begun.inspect_err(|error| {
        cx.refuse(Refusal::new(error.rule(), error.to_string()));
    })
}

fn go(
    cell: &mut Cell,
    step: &Step<'_>,
    proved: &Proved,
    queue: &str,
    (address, may_go_on): (&str, bool),
) -> Result<ConversationId, NotBegun> {
    let found = queue_of_id(&cell.state, queue);
    let local = found.map(|(local, _)| local.clone()).ok_or(NotBegun::NoQueue)?;
    let user = proved.user().and_then(|id| cell.state.users.get(id)).cloned();
    let user = user.filter(|user| user.serves(&local)).ok_or(NotBegun::NotMember)?;
    let integration = cell.state.open_integrations.keys().next().cloned().ok_or(NotBegun::NoAddress)?;
    if let Some(known) = under_way(cell, &integration, address) {
        return if may_go_on { Ok(known) } else { Err(NotBegun::UnderWay(known)) };
    }
    let mut mint = Mint::new(&step.org.draws, step.cause);
    let from = Recipient {
        nickname: None,
        id: address.to_owned(),
        id_type: Default::default(),
        first_name: None,
        last_name: None,
        email: None,
    };
    let id = begin(cell, step, &mut mint, OpenGuest { integration, from });
    let side = Side { id: mint.uuid("agent"), purpose: Purpose::Agent, name: user.name.clone() };
    let agent =
        Participant { user: Some(user.id.clone()), queue: Some(local), ..Participant::new(side, step.now) };
    step.joins(cell, &nobody(), &id, agent);
    step.review(cell, &user.id);
    Ok(id)
}
