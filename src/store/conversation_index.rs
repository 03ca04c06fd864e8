//! Where conversations are found: by who takes part, by the queue in which they wait, by whom they are with, and by what was
//! said.

use std::{
    borrow::Borrow,
    cmp::Ordering,
    collections::BTreeMap,
    ops::{Deref, DerefMut},
    sync::Arc,
};

use crate::{
    base::{
        ids::{ConversationId, UserId},
        time::Timestamp,
    },
    domain::{conversation::Conversation, message::Message},
};

/// By what a conversation is found.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    /// This user is there, or is asked.
    There(UserId),
    /// This user has had it from this queue, and has not said what it was about.
    Owed(UserId, String),
    /// It waits in this queue, and nobody is asked.
    Waits(String),
    /// It is under way in this integration with whom the application knows by this id.
    With(String, String),
}

/// What a conversation is found by, and since when.
type Marks = BTreeMap<Key, Timestamp>;

fn marks(known: &Conversation) -> Marks {
    let mut marks = Marks::new();
    for one in known.participants() {
        let Some(user) = &one.user else { continue };
        if one.left.is_none() {
            marks.insert(Key::There(user.clone()), Timestamp::default());
        }
        if let Some(queue) = one.queue.as_ref().filter(|_| one.owes_wrapup()) {
            marks.insert(Key::Owed(user.clone(), queue.clone()), Timestamp::default());
        }
    }
    if let Some((queue, since)) = known.waits() {
        marks.insert(Key::Waits(queue.to_owned()), since);
    }
    if let Some(open) = known.open.as_ref().filter(|_| known.ended.is_none()) {
        let with = Key::With(open.integration.clone(), open.from.id.clone());
        marks.insert(with, Timestamp::default());
    }
    marks
}

/// A message in the order of ids.
#[derive(Clone, Debug)]
struct Said(Arc<Message>);

impl Borrow<str> for Said {
    fn borrow(&self) -> &str {
        &self.0.id
    }
}

impl Ord for Said {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.id.cmp(&other.0.id)
    }
}

impl PartialOrd for Said {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for Said {}

/// Where each conversation is found, in the order of beginning or of waiting.
#[derive(Clone, Default, Debug)]
pub(super) struct Index {
    /// Each conversation by its number, and what it is found by.
    rows: BTreeMap<ConversationId, (u64, Marks)>,
    numbers: u64,
    places: BTreeMap<Key, BTreeMap<(Timestamp, u64), ConversationId>>,
    said: BTreeMap<Said, ConversationId>,
}

impl Index {
    /// A conversation may be found by something else from now on.
    pub fn mark(&mut self, known: &Conversation) {
        let now = marks(known);
        let id = &known.id;
        let numbers = &mut self.numbers;
        let (nth, before) = self.rows.entry(id.clone()).or_insert_with(|| {
            *numbers += 1;
            (*numbers, Marks::new())
        });
        if *before == now {
            return;
        }
        let nth = *nth;
        let before = std::mem::replace(before, now.clone());
        self.unplace(nth, before);
        for (key, since) in now {
            self.places.entry(key).or_default().insert((since, nth), id.clone());
        }
    }

    fn unplace(&mut self, nth: u64, marks: Marks) {
        for (key, since) in marks {
            if let Some(all) = self.places.get_mut(&key) {
                all.remove(&(since, nth));
                if all.is_empty() {
                    self.places.remove(&key);
                }
            }
        }
    }

    /// A conversation is gone with all that was said in it.
    pub fn forget(&mut self, gone: &Conversation) {
        if let Some((nth, marks)) = self.rows.remove(&gone.id) {
            self.unplace(nth, marks);
        }
        gone.messages().for_each(|message| self.unsay(message));
    }

    /// This was said. Of two of one id, which a fault can make, the later one is found.
    pub fn say(&mut self, id: &ConversationId, message: &Arc<Message>) {
        let said = Said(Arc::clone(message));
        self.said.remove(&said);
        self.said.insert(said, id.clone());
    }

    /// This is not kept any more.
    pub fn unsay(&mut self, message: &Arc<Message>) {
        let known = self.said.get_key_value(message.id.as_str());
        if known.is_some_and(|(known, _)| Arc::ptr_eq(&known.0, message)) {
            self.said.remove(message.id.as_str());
        }
    }

    /// The message of this id, and where it was said.
    pub fn message(&self, id: &str) -> Option<(&ConversationId, &Arc<Message>)> {
        self.said.get_key_value(id).map(|(said, place)| (place, &said.0))
    }

    fn at<'a>(&'a self, key: &Key) -> impl DoubleEndedIterator<Item = &'a ConversationId> + use<'a> {
        self.places.get(key).into_iter().flat_map(BTreeMap::values)
    }

    /// Where a user is, or is asked; in the order of beginning.
    pub fn of_user<'a>(&'a self, user: &UserId) -> impl Iterator<Item = &'a ConversationId> + use<'a> {
        self.at(&Key::There(user.clone()))
    }

    /// What a user has had from queues for which this holds, and has not wrapped up.
    pub fn owed<'a>(
        &'a self,
        user: &'a UserId,
        required: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a ConversationId> {
        let of_user = self.places.range(Key::Owed(user.clone(), String::new())..);
        let of_user = of_user.map_while(move |(key, all)| match key {
            Key::Owed(owes, queue) if owes == user => Some((queue, all)),
            _ => None,
        });
        of_user.filter(move |(queue, _)| required(queue)).flat_map(|(_, all)| all.values())
    }

    /// What waits in a queue without anybody being asked, that which has waited longest first.
    pub fn waiting<'a>(&'a self, queue: &str) -> impl Iterator<Item = &'a ConversationId> + use<'a> {
        self.at(&Key::Waits(queue.to_owned()))
    }

    /// What is under way with somebody in an integration.
    pub fn with(&self, integration: &str, id: &str) -> Option<&ConversationId> {
        self.at(&Key::With(integration.to_owned(), id.to_owned())).next_back()
    }
}

/// A conversation that is being changed. It is found by what it is then.
pub struct Held<'a> {
    pub(super) conversation: &'a mut Conversation,
    pub(super) index: &'a mut Index,
}

impl Deref for Held<'_> {
    type Target = Conversation;

    fn deref(&self) -> &Conversation {
        self.conversation
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Conversation {
        self.conversation
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.index.mark(self.conversation);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        domain::{
            communication::{Communication, DisconnectType},
            conversation::{Ending, Participant, Purpose, Side},
            message::{Direction, Kind},
            open_messaging::{OpenGuest, Recipient},
        },
        store::conversations::Conversations,
    };

    #[derive(Clone, Debug)]
    enum Change {
        Begin { open: bool },
        Join { agent: bool, alerting: bool, who: u8 },
        Part(usize),
        Skip(usize),
        End,
        Say(u8),
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            any::<bool>().prop_map(|open| Change::Begin { open }),
            (any::<bool>(), any::<bool>(), 0..3_u8).prop_map(|(agent, alerting, who)| Change::Join {
                agent,
                alerting,
                who
            }),
            (0..4_usize).prop_map(Change::Part),
            (0..4_usize).prop_map(Change::Skip),
            Just(Change::End),
            (0..6_u8).prop_map(Change::Say),
        ]
    }

    fn participant(id: String, purpose: Purpose, now: Timestamp) -> Participant {
        Participant::new(Side { id, purpose, name: String::new() }, now)
    }

    fn guest(who: &str) -> OpenGuest {
        let (nickname, first_name, last_name, email) = Default::default();
        let id_type = Default::default();
        let from = Recipient { nickname, id: who.to_owned(), id_type, first_name, last_name, email };
        OpenGuest { integration: "i".to_owned(), from }
    }

    fn said(id: String, time: Timestamp) -> Arc<Message> {
        Arc::new(Message {
            id,
            kind: Kind::Text,
            direction: Direction::Inbound,
            text: None,
            time,
            message_id: None,
            from: None,
            content: crate::domain::content::Content::None,
            happening: None,
            metadata: Default::default(),
            originator: None,
            line: None,
        })
    }

    fn act(all: &mut Conversations, place: u8, change: &Change, now: Timestamp) {
        let id = ConversationId::from(place.to_string());
        if let Change::Begin { open } = change {
            if all.get(&id).is_none() {
                let customer = participant(format!("customer {id}"), Purpose::Customer, now);
                let mut known = Conversation::new(id.clone(), "s".into(), "d".into(), customer);
                known.open = open.then(|| guest(&(place % 2).to_string()));
                all.insert(known);
            }
            return;
        }
        if let Change::Say(message) = change {
            all.keep(&id, said(message.to_string(), now));
            return;
        }
        let Some(mut known) = all.get_mut(&id) else { return };
        let nth = |nth: &usize| known.participants().nth(*nth).map(|one| one.side.id.clone());
        match change {
            Change::Begin { .. } | Change::Say(_) => {}
            Change::Join { agent, alerting, who } => {
                let purpose = if *agent { Purpose::Agent } else { Purpose::Acd };
                let mut new = participant(format!("{}", now.micros()), purpose, now);
                new.user = agent.then(|| who.to_string().as_str().into());
                new.queue = Some(format!("q{}", who % 2));
                if *agent && *alerting {
                    new.communication = Communication::alerting(now);
                }
                known.join(new);
            }
            Change::Part(one) => {
                let id = nth(one).unwrap_or_default();
                known.part(&id, DisconnectType::Client, now);
            }
            Change::Skip(one) => {
                let id = nth(one).unwrap_or_default();
                if let Some(one) = known.participant_mut(&id) {
                    one.communication.wrapup_skipped = true;
                }
            }
            Change::End => drop(known.end(Ending::Disconnected, now)),
        }
    }

    proptest! {
        #[test]
        fn everything_is_found_by_what_it_is(changes in prop::collection::vec((0..4_u8, change()), 0..60)) {
            let mut all = Conversations::default();
            for (nth, (place, change)) in changes.iter().enumerate() {
                act(&mut all, *place, change, Timestamp::from_micros(nth as i64 + 1));
                for who in ["0", "1", "2"].map(UserId::from) {
                    let own = |known: &&Conversation| known.participants().any(|one| {
                        one.user.as_ref() == Some(&who) && one.left.is_none()
                    });
                    let there: Vec<_> = all.iter().filter(own).map(|known| &known.id).collect();
                    prop_assert_eq!(all.of_user(&who).map(|known| &known.id).collect::<Vec<_>>(), there);
                    let owes = |known: &&Conversation| known.participants().any(|one| {
                        one.user.as_ref() == Some(&who) && one.queue.as_deref() == Some("q1") && one.owes_wrapup()
                    });
                    let owed: Vec<_> = all.iter().filter(owes).map(|known| &known.id).collect();
                    let found = all.owed(&who, |queue| queue == "q1").map(|known| &known.id);
                    prop_assert_eq!(found.collect::<Vec<_>>(), owed);
                }
                for queue in ["q0", "q1"] {
                    let since = |known: &Conversation| known.waits().filter(|(of, _)| *of == queue).map(|(_, since)| since);
                    let mut waits: Vec<_> = all.iter().filter_map(|known| Some((since(known)?, &known.id))).collect();
                    waits.sort();
                    let found = all.waiting(queue).map(|known| (since(known).unwrap(), &known.id));
                    prop_assert_eq!(found.collect::<Vec<_>>(), waits);
                }
                for who in ["0", "1"] {
                    let with = |known: &&Conversation| known.ended.is_none() && known.open == Some(guest(who));
                    let last = all.iter().filter(with).last().map(|known| &known.id);
                    prop_assert_eq!(all.with("i", who).map(|known| &known.id), last);
                }
                let messages: BTreeSet<_> = all.iter().flat_map(|known| known.messages().map(|one| one.id.clone())).collect();
                for id in messages {
                    let (known, message) = all.message(&id).unwrap();
                    prop_assert!(known.messages().any(|one| Arc::ptr_eq(one, message)));
                }
                let mut anew = all.clone();
                anew.hold();
                for queue in ["q0", "q1"] {
                    let ids = |all: &Conversations| all.waiting(queue).map(|known| known.id.clone()).collect::<Vec<_>>();
                    prop_assert_eq!(ids(&anew), ids(&all));
                }
            }
        }
    }
}
