//! Who comes into a conversation and who leaves it, under the org's lock.

use super::{org::Cell, step::Step};
use crate::{
    base::{
        draw::Mint,
        ids::{ConversationId, SessionToken},
    },
    domain::{
        communication::DisconnectType,
        conversation::{Conversation, Ending, Participant, Purpose, Side},
        detail_event::Happened,
    },
    events::event::What,
};

impl Step<'_> {
    /// A conversation begins, or one that the guest's tokens belong to goes on with another session.
    pub(super) fn begin(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: ConversationId,
        mint: &mut Mint<'_>,
    ) {
        let state = &mut cell.state;
        let Some(session) = state.sessions.get(token) else {
            return;
        };
        let deployment = session.deployment.clone();
        let bot = state.deployments.get(&deployment).and_then(|deployment| deployment.bot.clone());
        let bot = bot.map(|name| Side { id: mint.uuid("participant"), purpose: Purpose::Workflow, name });
        let bot = bot.map(|side| Participant::new(side, self.now));
        let resumed = state.conversations.get_mut(&id).map(|mut known| {
            let left = known.resume(token.clone(), self.now);
            // whoever has taken over from the bot goes on
            (left, known.present(Purpose::Acd).chain(known.present(Purpose::Agent)).next().is_some())
        });
        if let Some((left, taken)) = resumed {
            self.tell(cell, token, What::ConversationResumed);
            self.guest_has_changed(cell, token);
            self.have_left(cell, token, &id, left);
            self.changed(cell, &id);
            if let Some(bot) = bot.filter(|_| !taken) {
                self.joins(cell, token, &id, bot);
            }
            return;
        }
        let guest = session.guest.as_ref().and_then(|id| state.guests.get(id));
        let name = match (&session.person, guest) {
            (Some(person), _) => person.shown(),
            (None, Some(guest)) => guest.name.clone(),
            (None, None) => "Guest".to_owned(),
        };
        let side = Side { id: mint.uuid("participant"), purpose: Purpose::Customer, name };
        let mut customer = Participant {
            guest: session.guest.clone(),
            guest_changes: guest.map_or(0, |guest| guest.changes),
            ..Participant::new(side.clone(), self.now)
        };
        customer.communication.id = self.communication_id(&side.id);
        customer.merge(guest.map(|guest| guest.participant_data()).unwrap_or_default());
        customer.merge(session.person.as_ref().map(|person| person.attributes.clone()).unwrap_or_default());
        let rules = state.deployments.get(&deployment).map(|one| &one.sign_in);
        let resolves = rules.is_some_and(|rules| rules.resolves_identities);
        let contact = match session.person.as_ref().filter(|_| resolves) {
            Some(person) => {
                let source = rules.and_then(|rules| rules.external_source.as_deref());
                state.contacts.of_person(person, source, self.now, || mint.uuid("contact"))
            }
            None => state.contacts.of_guest(token, self.now, || mint.uuid("contact")),
        };
        state.contacts.begins(&contact, id.clone());
        let mut conversation = Conversation::new(id.clone(), token.clone(), deployment, customer);
        conversation.contact = Some(contact);
        state.conversations.insert(conversation);
        self.tell(cell, token, What::ConversationStarted);
        self.tell(cell, token, What::ParticipantJoined(side.clone()));
        self.happened(cell, &id, &side.id, Happened::Start);
        if let Some(bot) = bot {
            self.joins(cell, token, &id, bot);
        }
    }

    /// Where a renewal has said something else of the guest, the participant has that from now on. What agents have
    /// written stays, as long as nothing of the same name came with it.
    pub(super) fn guest_has_changed(&self, cell: &mut Cell, token: &SessionToken) {
        let state = &mut cell.state;
        // who has signed in is somebody else
        let session = state.sessions.get(token).filter(|session| session.person.is_none());
        let Some((id, guest)) = session.and_then(|session| {
            Some((session.conversation.clone()?, state.guests.get(session.guest.as_ref()?)?))
        }) else {
            return;
        };
        let Some(mut known) = state.conversations.get_mut(&id).filter(|known| known.ended.is_none()) else {
            return;
        };
        let customer = &mut known.customer;
        if customer.guest.as_ref() != Some(&guest.id) || customer.guest_changes == guest.changes {
            return;
        }
        customer.guest_changes = guest.changes;
        customer.side.name.clone_from(&guest.name);
        customer.merge(guest.participant_data());
        let customer = customer.side.id.clone();
        drop(known);
        self.happened(cell, &id, &customer, Happened::Attributes);
        self.changed(cell, &id);
    }

    /// The bot leaves the conversation to a queue.
    pub(super) fn hand_over(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        queue: String,
        mint: &mut Mint<'_>,
    ) {
        let Some(id) = cell.state.sessions.get(token).and_then(|session| session.conversation.clone()) else {
            return;
        };
        self.leave(cell, token, &id, &[Purpose::Workflow]);
        self.enqueue(cell, token, &id, (mint.uuid("participant"), queue));
    }

    /// A conversation is over. Where the guest has taken it up with another session, this one has no say in that.
    pub(super) fn end(&self, cell: &mut Cell, token: &SessionToken, id: &ConversationId, ending: Ending) {
        let Some(mut known) = cell.state.conversations.get_mut(id).filter(|known| known.session == *token)
        else {
            return;
        };
        let agents: Vec<_> = known.present(Purpose::Agent).filter_map(|agent| agent.user.clone()).collect();
        let (left, was_open) = known.end(ending, self.now);
        drop(known);
        let nobody_left = left.is_empty();
        self.have_left(cell, token, id, left);
        if was_open {
            if nobody_left {
                self.changed(cell, id);
            }
            for user in agents {
                self.review(cell, &user);
            }
            self.tell_of(cell, token, Some(id.clone()), What::ConversationEnded(ending));
        }
    }

    /// Somebody takes part.
    pub(super) fn joins(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        mut participant: Participant,
    ) {
        let Some(mut known) = cell.state.conversations.get_mut(id) else { return };
        let side = participant.side.clone();
        participant.communication.id = self.communication_id(&side.id);
        known.join(participant);
        drop(known);
        self.tell_of(cell, token, Some(id.clone()), What::ParticipantJoined(side.clone()));
        self.happened(cell, id, &side.id, Happened::Start);
        self.member_changed(cell, id, &side.id);
        self.changed(cell, id);
    }

    /// A drawn name: an id more shifts no other.
    pub(super) fn communication_id(&self, participant: &str) -> String {
        self.org.draws.named(&["communication", participant], 0).uuid()
    }

    /// An agent takes what it was offered: whoever was there before it leaves.
    pub(super) fn takes(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        participant: &str,
    ) {
        let Some(mut known) = cell.state.conversations.get_mut(id) else { return };
        if let Some(agent) = known.participant_mut(participant) {
            agent.communication.connected = Some(self.now);
        }
        drop(known);
        self.member_changed(cell, id, participant);
        self.changed(cell, id);
        self.answered(cell, token, id, participant);
    }

    /// An agent is there now who talks to the guest: whoever was there before it leaves, nobody else is asked any more, and
    /// the agent is busy.
    pub(super) fn answered(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        participant: &str,
    ) {
        self.leave(cell, token, id, &[Purpose::Workflow, Purpose::Acd]);
        let Some(mut known) = cell.state.conversations.get_mut(id) else { return };
        let agents = known.present(Purpose::Agent);
        let own = known.participant(participant).and_then(|own| own.user.clone());
        let asked: Vec<_> = agents.filter(|one| one.is_alerting()).cloned().collect();
        let left =
            asked.iter().filter_map(|one| known.part(&one.side.id, DisconnectType::Transfer, self.now));
        let left = left.collect();
        drop(known);
        self.have_left(cell, token, id, left);
        for user in own.into_iter().chain(asked.into_iter().filter_map(|one| one.user)) {
            self.review(cell, &user);
        }
    }

    /// Whoever is there for one of these takes part no longer.
    pub(super) fn leave(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        purposes: &[Purpose],
    ) {
        let known = cell.state.conversations.get_mut(id);
        let left = known.map(|mut known| known.leave(purposes, DisconnectType::Transfer, self.now));
        let left = left.unwrap_or_default();
        self.have_left(cell, token, id, left);
    }

    /// These take part no longer.
    pub(super) fn have_left(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        left: Vec<Side>,
    ) {
        if left.is_empty() {
            return;
        }
        for side in left {
            self.tell_of(cell, token, Some(id.clone()), What::ParticipantLeft(side.clone()));
            self.happened(cell, id, &side.id, Happened::End);
            self.member_changed(cell, id, &side.id);
        }
        self.close_event_streams(cell, id);
        self.changed(cell, id);
    }
}
