//! The open sockets of an org: by number, by session, and counted by deployment, guest and client.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::Arc,
};

use super::{
    outbox::{Item, Outbox},
    person_token::SignedIn,
    window::Window,
};
use crate::{
    base::{
        draw::Cause,
        ids::{
            ChannelId, ClientId, ConnectionId, ConversationId, DeploymentId, FaultId, GuestId, SessionToken,
            UserId,
        },
        time::Timestamp,
        timers::TimerKey,
    },
    domain::{
        channel::Owner,
        guest_token::GuestIdentity,
        person::Person,
        quota::Bucket,
        visit::{Claimed, Surface},
    },
};

/// What a socket is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// Web messaging.
    Messaging,
    /// A notification channel.
    Channel(ChannelId),
    /// What happens in a web chat.
    Chat(ConversationId),
}

impl Place {
    /// Is it one on which notifications are told?
    pub fn is_streaming(&self) -> bool {
        *self != Self::Messaging
    }

    /// Of which family its URL is.
    pub fn surface(&self) -> Surface {
        if self.is_streaming() { Surface::Streaming } else { Surface::Webmessaging }
    }

    /// Where it is, for faults. What stands in the URL of a chat is a credential.
    pub fn path(&self) -> Cow<'static, str> {
        match self {
            Self::Messaging => "/v1".into(),
            Self::Channel(id) => format!("/channels/{id}").into(),
            Self::Chat(_) => "/v1/token/jwt".into(),
        }
    }
}

/// One open socket.
pub struct Socket {
    /// What waits to be written.
    pub outbox: Arc<Outbox>,
    /// Whom its guest token speaks for.
    pub guest: Option<GuestIdentity>,
    /// Who came with a JWT of an identity provider.
    pub person: Option<Person>,
    /// The end of the token that it came with.
    pub expires: Option<Timestamp>,
    /// When the JWT expires that it was configured with, where that matters.
    pub signed_in_until: Option<Timestamp>,
    /// The timer of the end of the token that it came with, or of the next heartbeat of a channel.
    pub expiry: Option<TimerKey>,
    /// Frames to the client are not sent before then, because an earlier one is not.
    pub held_until: Timestamp,
    /// Frames to the client that faults hold to send them in another order.
    pub windows: BTreeMap<FaultId, Window>,
    /// Frames of the client, as their limit counts them.
    pub requests: Bucket,
    /// Health checks of the client, as their limit counts them.
    pub echoes: Bucket,
    deployment: Option<DeploymentId>,
    place: Place,
    client: Option<ClientId>,
    user: Option<UserId>,
    session: Option<SessionToken>,
    frames: u32,
}

impl Socket {
    /// A socket that was just upgraded; `client` is the one that made its guest.
    pub fn new(deployment: DeploymentId, guest: Option<GuestIdentity>, client: Option<ClientId>) -> Self {
        Self { deployment: Some(deployment), guest, client, ..Self::bare() }
    }

    /// The socket of a channel.
    pub fn of_channel(channel: ChannelId, owner: Owner) -> Self {
        let Owner { client, user } = owner;
        Self { place: Place::Channel(channel), client: Some(client), user, ..Self::bare() }
    }

    /// The socket of a chat, which its guest opens.
    pub fn of_chat(conversation: ConversationId, guest: GuestIdentity, deployment: DeploymentId) -> Self {
        let deployment = Some(deployment).filter(|id| !id.as_str().is_empty());
        Self { place: Place::Chat(conversation), guest: Some(guest), deployment, ..Self::bare() }
    }

    fn bare() -> Self {
        Self {
            outbox: Arc::default(),
            guest: None,
            person: None,
            expires: None,
            signed_in_until: None,
            expiry: None,
            held_until: Timestamp::default(),
            windows: BTreeMap::new(),
            requests: Bucket::default(),
            echoes: Bucket::default(),
            deployment: None,
            place: Place::Messaging,
            client: None,
            user: None,
            session: None,
            frames: 0,
        }
    }

    /// Whose it is counted for.
    fn whose(&self) -> impl Iterator<Item = Whose> {
        let guest = self.guest.as_ref().map(|guest| Whose::Guest(guest.id.clone()));
        let client = self.client.clone().map(Whose::Client);
        let deployment = self.deployment.clone().map(Whose::Deployment);
        [deployment, guest, client].into_iter().flatten()
    }

    /// Who came with a JWT of an identity provider, as one who has signed in.
    pub fn signed_in(&self) -> Option<SignedIn> {
        let (person, expires) = (self.person.clone()?, self.expires?);
        Some(SignedIn { person, deployment: self.deployment.clone()?, expires })
    }

    /// Where its guest came in.
    pub fn deployment(&self) -> Option<&DeploymentId> {
        self.deployment.as_ref()
    }

    /// The channel that it is of.
    pub fn channel(&self) -> Option<&ChannelId> {
        match &self.place {
            Place::Channel(channel) => Some(channel),
            _ => None,
        }
    }

    /// The chat that it is of.
    pub fn chat(&self) -> Option<&ConversationId> {
        match &self.place {
            Place::Chat(conversation) => Some(conversation),
            _ => None,
        }
    }

    /// What it is of.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The application of its channel.
    pub fn application(&self) -> Option<&ClientId> {
        self.client.as_ref().filter(|_| self.channel().is_some())
    }

    /// The session that it was configured for; see [`Sockets::configure`].
    pub fn session(&self) -> Option<&SessionToken> {
        self.session.as_ref()
    }

    /// What its frames say about themselves.
    pub fn claimed(&self) -> Claimed {
        Claimed {
            client: self.application().cloned(),
            user: self.user.clone(),
            deployment: self.deployment.clone(),
            session: self.session.clone(),
            guest: self.guest.as_ref().map(|guest| guest.id.clone()),
            ..Claimed::default()
        }
    }

    /// Closes it, because its org is over.
    pub fn close(&self) {
        self.outbox.push(Item::Close { code: 1001, reason: "the org was reset".to_owned() });
    }

    /// The number of its next frame.
    pub fn next(&mut self, connection: ConnectionId) -> Cause {
        self.frames += 1;
        Cause::visit(connection.0).frame(self.frames)
    }
}

/// Whose sockets are counted together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Whose {
    /// Those of a deployment.
    Deployment(DeploymentId),
    /// Those of a guest.
    Guest(GuestId),
    /// Those of the guests that a client made.
    Client(ClientId),
}

/// The open sockets of an org, in the order of opening. No question about one session, deployment, guest or client
/// costs more because others have many sockets.
#[derive(Default)]
pub struct Sockets {
    /// In places of their own: the nodes of a tree that grows at its end stay half empty.
    open: BTreeMap<ConnectionId, Box<Socket>>,
    by_session: BTreeSet<(SessionToken, ConnectionId)>,
    by_channel: BTreeMap<ChannelId, ConnectionId>,
    by_chat: BTreeSet<(ConversationId, ConnectionId)>,
    counts: BTreeMap<Whose, u64>,
}

impl Sockets {
    /// Adds one.
    pub fn insert(&mut self, id: ConnectionId, socket: Socket) {
        for whose in socket.whose() {
            *self.counts.entry(whose).or_default() += 1;
        }
        self.by_channel.extend(socket.channel().cloned().map(|channel| (channel, id)));
        self.by_chat.extend(socket.chat().cloned().map(|chat| (chat, id)));
        self.open.insert(id, Box::new(socket));
    }

    /// Takes one out.
    pub fn remove(&mut self, id: ConnectionId) -> Option<Box<Socket>> {
        let socket = self.open.remove(&id)?;
        for whose in socket.whose() {
            if let Entry::Occupied(mut count) = self.counts.entry(whose) {
                *count.get_mut() -= 1;
                if *count.get() == 0 {
                    count.remove();
                }
            }
        }
        if let Some(session) = socket.session.clone() {
            self.by_session.remove(&(session, id));
        }
        if let Some(chat) = socket.chat().cloned() {
            self.by_chat.remove(&(chat, id));
        }
        if let Some(channel) = socket.channel()
            && self.of_channel(channel) == Some(id)
        {
            self.by_channel.remove(channel);
        }
        Some(socket)
    }

    /// One of them is now of this session, or of none.
    pub fn configure(&mut self, id: ConnectionId, session: Option<SessionToken>) {
        let Some(socket) = self.open.get_mut(&id) else { return };
        if let Some(before) = std::mem::replace(&mut socket.session, session.clone()) {
            self.by_session.remove(&(before, id));
        }
        self.by_session.extend(session.map(|session| (session, id)));
    }

    /// One of them.
    pub fn get(&self, id: ConnectionId) -> Option<&Socket> {
        self.open.get(&id).map(Box::as_ref)
    }

    /// One of them, to change it.
    pub fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Socket> {
        self.open.get_mut(&id).map(Box::as_mut)
    }

    /// How many are open.
    pub fn count(&self) -> u64 {
        self.open.len() as u64
    }

    /// How many of them are counted for this one.
    pub fn count_of(&self, whose: &Whose) -> u64 {
        self.counts.get(whose).copied().unwrap_or(0)
    }

    /// The connections of a session, oldest first.
    pub fn of_session(&self, session: &SessionToken) -> Vec<ConnectionId> {
        let all = (session.clone(), ConnectionId(0))..=(session.clone(), ConnectionId(u64::MAX));
        self.by_session.range(all).map(|(_, id)| *id).collect()
    }

    /// The connections of a chat, oldest first.
    pub fn of_chat(&self, chat: &ConversationId) -> Vec<ConnectionId> {
        let all = (chat.clone(), ConnectionId(0))..=(chat.clone(), ConnectionId(u64::MAX));
        self.by_chat.range(all).map(|(_, id)| *id).collect()
    }

    /// The connection of a channel: the one that was opened last.
    pub fn of_channel(&self, channel: &ChannelId) -> Option<ConnectionId> {
        self.by_channel.get(channel).copied()
    }

    /// The outboxes of all.
    pub fn outboxes(&self) -> Vec<Arc<Outbox>> {
        self.open.values().map(|socket| Arc::clone(&socket.outbox)).collect()
    }

    /// Closes all of them: the org is over. Each goes when its task has said goodbye.
    pub fn close_all(&self) {
        self.open.values().for_each(|socket| socket.close());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What may happen to the sockets of an org.
    #[derive(Clone, Debug)]
    enum Change {
        Open(u64, u8, Option<u8>),
        Hear(u64, u8),
        Configure(u64, Option<u8>),
        Close(u64),
    }

    fn change() -> impl Strategy<Value = Change> {
        let id = || 0..6_u64;
        let any = || proptest::option::of(0..3_u8);
        prop_oneof![
            4 => (id(), 0..3_u8, any()).prop_map(|(id, deployment, guest)| Change::Open(id, deployment, guest)),
            2 => (id(), 0..3_u8).prop_map(|(id, chat)| Change::Hear(id, chat)),
            4 => (id(), any()).prop_map(|(id, session)| Change::Configure(id, session)),
            2 => id().prop_map(Change::Close),
        ]
    }

    fn named<T: From<String>>(name: u8) -> T {
        T::from(name.to_string())
    }

    proptest! {
        #[test]
        fn the_indexes_say_what_a_look_at_every_socket_says(changes in proptest::collection::vec(change(), 0..60)) {
            let mut sockets = Sockets::default();
            for change in changes {
                match change {
                    Change::Open(id, at, guest) => {
                        sockets.remove(ConnectionId(id));
                        let identity = guest.map(|guest| GuestIdentity { id: named(guest), expires: Timestamp::default() });
                        sockets.insert(ConnectionId(id), Socket::new(named(at), identity, guest.map(|g| named(g / 2))));
                    }
                    Change::Hear(id, chat) => {
                        sockets.remove(ConnectionId(id));
                        let guest = GuestIdentity { id: named(chat), expires: Timestamp::default() };
                        sockets.insert(ConnectionId(id), Socket::of_chat(named(chat), guest, named(chat)));
                    }
                    Change::Configure(id, session) => sockets.configure(ConnectionId(id), session.map(named)),
                    Change::Close(id) => drop(sockets.remove(ConnectionId(id))),
                }
                for name in 0..3 {
                    let chat = named(name);
                    let of_chat = sockets.open.iter().filter(|(_, one)| one.chat() == Some(&chat));
                    prop_assert_eq!(sockets.of_chat(&chat), of_chat.map(|(id, _)| *id).collect::<Vec<_>>());
                    let (session, deployment) = (named(name), named(name));
                    let of_session = sockets.open.iter().filter(|(_, one)| one.session() == Some(&session));
                    let of_session: Vec<_> = of_session.map(|(id, _)| *id).collect();
                    prop_assert_eq!(sockets.of_session(&session), of_session);
                    let there = sockets.open.values().filter(|one| one.deployment() == Some(&deployment)).count();
                    prop_assert_eq!(sockets.count_of(&Whose::Deployment(deployment)), there as u64);
                    let guest = GuestId::from(name.to_string());
                    let of_guest = sockets.open.values().filter(|one| one.guest.as_ref().is_some_and(|g| g.id == guest));
                    prop_assert_eq!(of_guest.count() as u64, sockets.count_of(&Whose::Guest(guest)));
                    let client = ClientId::from(name.to_string());
                    let of_client = sockets.open.values().filter(|one| one.client.as_ref() == Some(&client));
                    prop_assert_eq!(of_client.count() as u64, sockets.count_of(&Whose::Client(client)));
                }
                prop_assert_eq!(sockets.count(), sockets.open.len() as u64);
                let counted: u64 = sockets.counts.values().sum();
                let whose: usize = sockets.open.values().map(|one| one.whose().count()).sum();
                prop_assert_eq!(counted, whose as u64, "nobody is counted who is not there");
                let configured = sockets.open.values().filter(|one| one.session().is_some()).count();
                prop_assert_eq!(sockets.by_session.len(), configured, "nothing is left behind");
            }
        }
    }
}
