//! The timeline of a scenario: what happens by itself, at a time or when something else has happened.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    base::{
        suggest,
        time::{Span, Timestamp},
    },
    faults::{effect::rotate_keys::RotateKeys, fault::Fault},
};

/// Plain words for events, and the events that they stand for.
pub const MOMENTS: &[(&str, &str)] = &[
    ("token", "token.issued"),
    ("guest", "guest.created"),
    ("connection", "connection.opened"),
    ("session", "session.configured"),
    ("conversation", "conversation.started"),
    ("message", "message.inbound"),
    ("reply", "message.outbound"),
    ("signIn", "person.signedIn"),
    ("signOut", "person.signedOut"),
    ("upload", "attachment.uploaded"),
    ("rotation", "key.rotated"),
    ("fault", "fault.fired"),
];

/// States that things come to, and the events by which they do.
pub const STATES: &[(&str, &str)] = &[
    ("session=active", "session.configured"),
    ("session=expired", "session.expired"),
    ("conversation=active", "conversation.started"),
    ("conversation=ended", "conversation.ended"),
    ("connection=open", "connection.opened"),
    ("connection=closed", "connection.closed"),
    ("person=signedIn", "person.signedIn"),
    ("person=signedOut", "person.signedOut"),
];

/// An entry: exactly one of `at`, `on`, `when`, `after`, and what is done then.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Entry {
    /// So long after the org began, or at this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// At the how-manieth event, such as `token#3`; `token` is the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// When something first comes to a state, such as `session=active`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// After the first event of this name, such as `rotation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// So much later in the org's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Span>,
    /// What people are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// What is done.
    #[serde(rename = "do")]
    pub what: Deed,
}

/// A span from the beginning, or a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "`at` is a duration such as `30s`, from when the org began, or a time in RFC 3339"
)]
pub enum At {
    /// So long after the org began.
    Begun(Span),
    /// At this time.
    Time(Timestamp),
}

/// What is done: exactly one thing.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Deed {
    /// A fault is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault_on: Option<Box<Fault>>,
    /// The fault of this id is taken away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault_off: Option<String>,
    /// A key ring is rotated at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate_keys: Option<RotateKeys>,
    /// Every open socket is closed with this code and reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_sockets: Option<CloseSockets>,
    /// The org's time goes on by so much at once; a move of the clock that is under way gets longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advance: Option<Span>,
    /// Every conversation is disconnected by the other side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnect: Option<Nothing>,
}

/// How sockets are closed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct CloseSockets {
    /// Default 1012, service restart.
    pub code: u16,
    /// Default: none.
    pub reason: String,
}

impl Default for CloseSockets {
    fn default() -> Self {
        Self { code: 1012, reason: String::new() }
    }
}

/// `{}`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What an entry waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// A time.
    At(At),
    /// The how-manieth event of this name.
    Event(&'static str, u64),
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(At::Begun(span)) => write!(f, "at {span}"),
            Self::At(At::Time(time)) => write!(f, "at {time}"),
            Self::Event(name, nth) => write!(f, "on {name}#{nth}"),
        }
    }
}

/// The event that a word stands for: one of [`MOMENTS`], or an event by its own name.
fn event(word: &str, names: &'static [&'static str]) -> Result<&'static str, String> {
    let known = MOMENTS.iter().find(|(moment, _)| *moment == word).map(|(_, event)| *event);
    known.or_else(|| names.iter().copied().find(|name| *name == word)).ok_or_else(|| {
        let all = MOMENTS.iter().map(|(moment, _)| *moment);
        let near = suggest::nearest(word, all.clone().chain(names.iter().copied()));
        let hint = near.map_or_else(
            || format!("expected one of {}", all.collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        format!("nothing called `{word}` happens; {hint}")
    })
}

impl Entry {
    /// What it waits for. `names` are those of all events.
    pub fn trigger(&self, names: &'static [&'static str]) -> Result<Trigger, String> {
        let given = [
            self.at.map(|at| Ok(Trigger::At(at))),
            self.on.as_ref().map(|on| {
                let (word, nth) = on.split_once('#').unwrap_or((on, "1"));
                let nth = nth.parse().ok().filter(|nth| *nth > 0);
                let nth = nth.ok_or_else(|| {
                    format!("`{on}` is no event; expected a name and a number from 1, such as token#3")
                })?;
                Ok(Trigger::Event(event(word, names)?, nth))
            }),
            self.when.as_ref().map(|state| {
                let known = STATES.iter().find(|(name, _)| name == state);
                known.map(|(_, event)| Trigger::Event(event, 1)).ok_or_else(|| {
                    let all = || STATES.iter().map(|(name, _)| *name);
                    let hint = suggest::nearest(state, all()).map_or_else(
                        || format!("expected one of {}", all().collect::<Vec<_>>().join(", ")),
                        |near| format!("did you mean `{near}`?"),
                    );
                    format!("nothing comes to `{state}`; {hint}")
                })
            }),
            self.after.as_ref().map(|word| Ok(Trigger::Event(event(word, names)?, 1))),
        ];
        let mut given: Vec<_> = given.into_iter().flatten().collect();
        match (given.pop(), given.pop()) {
            (Some(trigger), None) => trigger,
            _ => Err("an entry has exactly one of `at`, `on`, `when`, `after`".to_owned()),
        }
    }

    /// What cannot be meant.
    pub fn check(&self, names: &'static [&'static str]) -> Result<(), String> {
        self.trigger(names)?;
        let Deed { fault_on, fault_off, rotate_keys, close_sockets, advance, disconnect } = &self.what;
        let given = [
            fault_on.is_some(),
            fault_off.is_some(),
            rotate_keys.is_some(),
            close_sockets.is_some(),
            advance.is_some(),
            disconnect.is_some(),
        ];
        if given.iter().filter(|given| **given).count() != 1 {
            return Err(
                "`do` is one thing: faultOn, faultOff, rotateKeys, closeSockets, advance or disconnect"
                    .to_owned(),
            );
        }
        if let Some(fault) = fault_on {
            fault.check().map_err(|bad| bad.to_string())?;
        }
        if let Some(rotate) = rotate_keys {
            rotate.check_options()?;
            if rotate.is_scheduled() {
                return Err("`rotateKeys` is done at once; `wait` of the entry and further entries say when"
                    .to_owned());
            }
        }
        match close_sockets {
            Some(CloseSockets { code: 1000..=1003 | 1005 | 1007..=1014 | 3000..=4999, .. }) | None => Ok(()),
            Some(CloseSockets { code, .. }) => {
                Err(format!("`closeSockets`: {code} is no code of RFC 6455 that a close frame can have"))
            }
        }
    }
}
