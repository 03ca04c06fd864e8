//! Web messaging sessions, and the bound of what all of them together remember.

use std::{borrow::Borrow, collections::BTreeMap, hash::Hash};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

use crate::{
    base::{ids::SessionToken, table::Table},
    domain::session::Session,
};

/// A session, and its place in the order of coming.
#[derive(Clone, Debug)]
struct Row {
    nth: u64,
    session: Session,
}

/// The sessions of an org. One too many evicts the oldest. When all of them together remember too much, the oldest
/// messages of the oldest session go first.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// In places of their own: the table has more room than rows.
    rows: Table<SessionToken, Box<Row>>,
    /// Tokens of devices that have joined the session of another token.
    joined: Table<SessionToken, SessionToken>,
    came: u64,
    /// Those that remember anything.
    remembering: BTreeMap<u64, SessionToken>,
    /// What all of them remember.
    bytes: usize,
    most_bytes: usize,
    forgotten: u64,
}

impl Sessions {
    /// Room for so many sessions, and for so many bytes of messages.
    pub fn bounded(most: usize, most_bytes: usize) -> Self {
        let (came, bytes, forgotten) = Default::default();
        let (rows, joined) = (Table::bounded(most), Table::bounded(most));
        Self { rows, joined, came, remembering: BTreeMap::new(), bytes, most_bytes, forgotten }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// From now on it has room for so many sessions, and for so many bytes of messages.
    pub fn hold(&mut self, most: usize, most_bytes: usize) {
        self.rows.hold(most);
        self.joined.hold(most);
        self.most_bytes = most_bytes;
    }

    /// The token by which the session is kept that this one stands for.
    pub fn kept_by<'a>(&'a self, token: &'a SessionToken) -> &'a SessionToken {
        self.joined.get(token).unwrap_or(token)
    }

    /// A device joins the session of another token.
    pub fn join(&mut self, device: SessionToken, session: SessionToken) {
        self.joined.insert(device, session);
    }

    /// All devices that have joined a session leave it.
    pub fn part(&mut self, session: &SessionToken) {
        let of_session = self.joined.iter().filter(|(_, kept)| *kept == session);
        for device in of_session.map(|(device, _)| device.clone()).collect::<Vec<_>>() {
            self.joined.remove(&device);
        }
    }

    /// The session of a token.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, token: &Q) -> Option<&Session>
    where
        SessionToken: Borrow<Q>,
    {
        self.rows.get(token).map(|row| &row.session)
    }

    /// The session of a token, made if there is none.
    pub fn entry(&mut self, token: SessionToken, make: impl FnOnce() -> Session) -> &mut Session {
        if self.rows.get(&token).is_none() {
            self.insert(token.clone(), make());
        }
        let row = self.rows.get_mut(&token).expect("a table has room for the row that was written last");
        &mut row.session
    }

    /// Adds a session, as the newest.
    pub fn insert(&mut self, token: SessionToken, session: Session) {
        self.remove(&token);
        self.came += 1;
        let (nth, bytes) = (self.came, session.history().bytes());
        if let Some((evicted, row)) = self.rows.insert(token.clone(), Box::new(Row { nth, session })) {
            self.count(row.nth, &evicted, row.session.history().bytes(), 0);
        }
        self.count(nth, &token, 0, bytes);
    }

    /// Takes one out.
    pub fn remove(&mut self, token: &SessionToken) -> Option<Session> {
        let Row { nth, session } = *self.rows.remove(token)?;
        self.count(nth, token, session.history().bytes(), 0);
        Some(session)
    }

    /// Something happens to a session. Whatever makes it remember something goes through here.
    pub fn change<T>(&mut self, token: &SessionToken, work: impl FnOnce(&mut Session) -> T) -> Option<T> {
        let row = self.rows.get_mut(token)?;
        let before = row.session.history().bytes();
        let done = work(&mut row.session);
        let (nth, after) = (row.nth, row.session.history().bytes());
        self.count(nth, token, before, after);
        while self.bytes > self.most_bytes {
            self.forget_oldest();
        }
        Some(done)
    }

    /// How many messages were forgotten since somebody asked, because all together were too many.
    pub fn take_forgotten(&mut self) -> u64 {
        std::mem::take(&mut self.forgotten)
    }

    fn forget_oldest(&mut self) {
        let Some((nth, token)) = self.remembering.first_key_value().map(|(nth, token)| (*nth, token.clone()))
        else {
            return;
        };
        self.forgotten += 1;
        if let Some(row) = self.rows.get_mut(&token) {
            let before = row.session.history().bytes();
            row.session.forget_oldest();
            let after = row.session.history().bytes();
            self.count(nth, &token, before, after);
        }
    }

    fn count(&mut self, nth: u64, token: &SessionToken, before: usize, after: usize) {
        self.bytes = self.bytes - before + after;
        match (before, after) {
            (0, 1..) => {
                self.remembering.insert(nth, token.clone());
            }
            (1.., 0) => {
                self.remembering.remove(&nth);
            }
            _ => {}
        }
    }
}

/// The sessions in the order of coming, and the devices that have joined them.
impl Serialize for Sessions {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut written = s.serialize_struct("Sessions", 2)?;
        written
            .serialize_field("rows", &self.rows.iter().map(|(_, row)| &row.session).collect::<Vec<_>>())?;
        written.serialize_field("joined", &self.joined)?;
        written.end()
    }
}

impl<'de> Deserialize<'de> for Sessions {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            rows: Vec<Session>,
            joined: Table<SessionToken, SessionToken>,
        }
        let Written { rows, joined } = Written::deserialize(d)?;
        let mut sessions = Self { joined, ..Self::bounded(rows.len(), usize::MAX) };
        for session in rows {
            sessions.insert(session.token.clone(), session);
        }
        Ok(sessions)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        base::{
            draw::{Cause, DrawKey, Mint},
            time::Timestamp,
        },
        domain::session::{Event, Inbound, Rules, tests::deployment},
    };

    const ROWS: usize = 3;
    const BYTES: usize = 4_000;

    #[derive(Clone, Debug)]
    enum Change {
        Say(u8, usize),
        StartNew(u8),
        Rename(u8, u8),
        Remove(u8),
    }

    fn change() -> impl Strategy<Value = Change> {
        let token = || 0..5_u8;
        prop_oneof![
            6 => (token(), 0..2_000_usize).prop_map(|(token, length)| Change::Say(token, length)),
            1 => token().prop_map(Change::StartNew),
            1 => (token(), token()).prop_map(|(old, new)| Change::Rename(old, new)),
            1 => token().prop_map(Change::Remove),
        ]
    }

    fn step(sessions: &mut Sessions, token: &SessionToken, event: Event, nth: u32) {
        let (deployment, key) = (deployment(), DrawKey::new(1, "o"));
        let rules = Rules { deployment: &deployment, bot: None };
        let mut mint = Mint::new(&key, Cause::visit(1).frame(nth));
        let now = Timestamp::default();
        sessions.entry(token.clone(), || Session::new(token.clone(), &deployment, now));
        sessions.change(token, |session| session.step(event, None, &rules, now, &mut mint));
    }

    fn configure(start_new: bool) -> Event {
        Event::Configure { start_new, person: None, cleared_existing: false }
    }

    fn say(text: String) -> Event {
        Event::Say(Inbound { text: Some(text), ..Inbound::default() })
    }

    fn texts(sessions: &Sessions, token: &str) -> Vec<String> {
        let session = sessions.get(token).unwrap();
        session.messages().map(|message| message.text.clone().unwrap()).collect()
    }

    #[test]
    fn the_oldest_messages_of_the_oldest_session_go_first() {
        let mut sessions = Sessions::bounded(ROWS, BYTES);
        let (old, new) = (SessionToken::from("old"), SessionToken::from("new"));
        for (nth, token) in (0..).zip([&old, &old, &new]) {
            step(&mut sessions, token, configure(false), 2 * nth);
            step(&mut sessions, token, say(format!("{nth}{}", "x".repeat(700))), 2 * nth + 1);
        }
        assert_eq!(sessions.take_forgotten(), 0);
        step(&mut sessions, &new, say(format!("3{}", "x".repeat(700))), 9);
        assert_eq!((sessions.take_forgotten(), sessions.take_forgotten()), (1, 0));
        assert_eq!(texts(&sessions, "old").iter().map(|text| &text[..1]).collect::<String>(), "1");
        assert_eq!(texts(&sessions, "new").iter().map(|text| &text[..1]).collect::<String>(), "23");
    }

    proptest! {
        #[test]
        fn the_running_total_is_what_a_look_at_every_session_says(changes in proptest::collection::vec(change(), 0..60)) {
            let mut sessions = Sessions::bounded(ROWS, BYTES);
            let named = |token: u8| SessionToken::from(token.to_string());
            for (nth, change) in (0..).zip(changes) {
                match change {
                    Change::Say(token, length) => {
                        step(&mut sessions, &named(token), configure(false), 2 * nth);
                        step(&mut sessions, &named(token), say("x".repeat(length + 1)), 2 * nth + 1);
                    }
                    Change::StartNew(token) => step(&mut sessions, &named(token), configure(true), 2 * nth),
                    Change::Rename(old, new) => {
                        if let Some(session) = sessions.remove(&named(old)) {
                            sessions.insert(named(new), session);
                        }
                    }
                    Change::Remove(token) => drop(sessions.remove(&named(token))),
                }
                let remembered = |row: &Row| row.session.history().bytes();
                let all: usize = sessions.rows.iter().map(|(_, row)| remembered(row)).sum();
                prop_assert_eq!(sessions.bytes, all);
                prop_assert!(all <= BYTES);
                let holders: BTreeMap<_, _> = sessions.rows.iter().filter(|(_, row)| remembered(row) > 0).map(|(token, row)| (row.nth, token.clone())).collect();
                prop_assert_eq!(&sessions.remembering, &holders, "nothing is left behind");
            }
        }
    }
}
