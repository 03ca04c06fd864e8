//! Notification channels, as applications make them and say what they want to hear of.

use std::collections::BTreeSet;

use super::{access::Proved, cx::Cx, notifications, org::TAG, time::Due};
use crate::{
    base::{
        codec::{base32, base64url, from_base32, from_base64url},
        ids::ChannelId,
        time::Timestamp,
    },
    domain::{
        channel::{Channel, LIFETIME, MOST_CHANNELS, MOST_TOPICS, Owner},
        notification::SystemTopic,
        token::AccessToken,
        topic::{self, BadTopic, topics},
        visit::Refusal,
    },
    store::org_state::{OrgState, TokenKey},
};

/// What an id of a channel begins with.
const HEAD: &str = "streaming-";
/// How many characters of an id are the mark of its org.
const MARK: usize = 10;

/// Why nothing is done with a channel.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// There is none of this id that the caller may know of.
    #[error("There is no channel of this id, or it is over, or it is another application's")]
    Unknown,
    /// There is no such topic.
    #[error(transparent)]
    Topic(#[from] BadTopic),
    /// The caller may not hear of it.
    #[error("{0}")]
    Unauthorized(String),
    /// It would be subscribed to too much.
    #[error("A channel has at most {MOST_TOPICS} topics; {0} were asked for")]
    TooMany(usize),
}

/// A subscription as its owner sees it.
#[derive(Debug)]
pub struct Subscribed {
    /// What was asked for.
    pub id: String,
    /// Why it is refused, and the permissions that are missing.
    pub rejected: Option<(String, Vec<&'static str>)>,
}

/// Whose a token is.
pub fn owner(proved: &Proved) -> Owner {
    Owner { client: proved.token.client.id.clone(), user: proved.user().cloned() }
}

/// The mark of the org in an id of a channel, as its opaque tokens have it.
pub fn tag_of(id: &str) -> Option<String> {
    let (_, rest) = id.strip_prefix(HEAD)?.split_once('-')?;
    let bytes = from_base32(rest.get(..MARK)?)?;
    Some(base64url(&bytes)).filter(|tag| tag.len() == TAG)
}

fn new_id(cx: &Cx) -> ChannelId {
    let mark = base32(&from_base64url(&cx.org.tag).unwrap_or_default());
    let draw = cx.draw("channel");
    let secret = base32(&draw.bytes()[..10]);
    format!("{HEAD}{}-{mark}{secret}", draw.bytes()[10] % 10).into()
}

/// A new channel. One too many takes the place of the one of its owner that was longest out of use.
pub fn create(cx: &Cx, proved: &Proved) -> Channel {
    let now = cx.now();
    let channel = Channel {
        id: new_id(cx),
        owner: owner(proved),
        token: proved.key.text(),
        token_expires: proved.token.expires,
        expires: now.plus(LIFETIME),
        used: now,
        subscriptions: Vec::new(),
    };
    let wave = cx.wave();
    let speaker = cx.step(wave.as_ref()).speaker();
    cx.org.cell(|cell| {
        let known: Vec<_> = cell.state.channels.of_owner(&channel.owner, now).collect();
        let idle = |one: &&&Channel| (cell.sockets.of_channel(&one.id).is_some(), one.used);
        let displaced = (known.len() >= MOST_CHANNELS).then(|| known.iter().min_by_key(idle)).flatten();
        if let Some(displaced) = displaced.map(|one| one.id.clone()) {
            notifications::end(&speaker, cell, &displaced, SystemTopic::NoLongerSubscribed);
        }
        cell.state.channels.insert(channel.clone());
    });
    cx.org.clock.arm(channel.notice(), cx.cause, Due::Channel(channel.id.clone()));
    channel
}

/// The channels of the caller: those of its token, or of all tokens of the same application and user.
pub fn list(cx: &Cx, proved: &Proved, of_all_tokens: bool) -> Vec<(Channel, bool)> {
    let (owner, token) = (owner(proved), proved.key.text());
    cx.state(|state| {
        let all = state.channels.of_owner(&owner, cx.now());
        let all = all.map(|channel| (channel.clone(), channel.token == token));
        all.filter(|(_, own)| of_all_tokens || *own).collect()
    })
}

fn refuse(cx: &Cx, error: ChannelError) -> ChannelError {
    let rule = match error {
        ChannelError::Unknown => "channel.unknown",
        ChannelError::Topic(_) | ChannelError::Unauthorized(_) => "topic.refused",
        ChannelError::TooMany(_) => "topic.too_many",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// In the org's critical section, with a channel of the caller's.
fn with_own<T>(
    cx: &Cx,
    proved: &Proved,
    id: &str,
    work: impl FnOnce(&mut OrgState, Channel) -> Result<T, ChannelError>,
) -> Result<T, ChannelError> {
    let (owner, now) = (owner(proved), cx.now());
    let done = cx.state(|state| {
        let channel = state.channels.get_mut(id);
        let channel = channel.filter(|known| known.owner == owner && now < known.ends());
        let channel = channel.ok_or(ChannelError::Unknown)?;
        channel.used = now;
        let channel = channel.clone();
        work(state, channel)
    });
    done.map_err(|error| refuse(cx, error))
}

/// One of the caller's.
pub fn get(cx: &Cx, proved: &Proved, id: &str) -> Result<Channel, ChannelError> {
    with_own(cx, proved, id, |_, channel| Ok(channel))
}

/// How something is subscribed to.
#[derive(Clone, Copy, Default)]
pub struct How {
    /// To this alone, not to this too.
    pub replace: bool,
    /// What cannot be heard of is told, and is no error.
    pub ignore_errors: bool,
}

/// Subscribes one of the caller's.
pub fn subscribe(
    cx: &Cx,
    proved: &Proved,
    id: &str,
    wanted: Vec<String>,
    how: How,
) -> Result<Vec<Subscribed>, ChannelError> {
    with_own(cx, proved, id, |state, channel| subscribed(state, &channel.id, wanted, how, cx.now()))
}

/// Subscribes a channel, as far as its token may hear of it. Answers all that it is subscribed to, and what was refused. It
/// lives on for a day.
pub(super) fn subscribed(
    state: &mut OrgState,
    id: &ChannelId,
    wanted: Vec<String>,
    how: How,
    now: Timestamp,
) -> Result<Vec<Subscribed>, ChannelError> {
    let known = state.channels.get(id.as_str()).filter(|known| now < known.ends());
    let known = known.ok_or(ChannelError::Unknown)?;
    let token = TokenKey::parse(&known.token).and_then(|key| state.tokens.get(&key));
    let token = token.filter(|token| state.worthless(token, now).is_none()).ok_or(ChannelError::Unknown)?;
    // each names a topic at least
    if wanted.len() > MOST_TOPICS {
        return Err(ChannelError::TooMany(wanted.len()));
    }
    let mut all = if how.replace { Vec::new() } else { known.subscriptions.clone() };
    let mut there: BTreeSet<String> = all.iter().cloned().collect();
    let mut rejected = Vec::new();
    for wanted in wanted {
        match judge(state, token, &wanted) {
            Ok(()) if there.contains(&wanted) => {}
            Ok(()) => {
                there.insert(wanted.clone());
                all.push(wanted);
            }
            Err((error, missing)) if how.ignore_errors => {
                rejected.push(Subscribed { id: wanted, rejected: Some((error.to_string(), missing)) });
            }
            Err((error, _)) => return Err(error),
        }
    }
    let count = all.iter().map(|id| topics(id).map_or(0, |topics| topics.len())).sum();
    if count > MOST_TOPICS {
        return Err(ChannelError::TooMany(count));
    }
    state.channels.subscribe(id, all.clone());
    if let Some(channel) = state.channels.get_mut(id.as_str()) {
        channel.expires = now.plus(LIFETIME);
    }
    let permitted = all.into_iter().map(|id| Subscribed { id, rejected: None });
    Ok(permitted.chain(rejected).collect())
}

/// Subscribes it to nothing.
pub fn unsubscribe(cx: &Cx, proved: &Proved, id: &str) -> Result<(), ChannelError> {
    with_own(cx, proved, id, |state, channel| {
        state.channels.subscribe(&channel.id, Vec::new());
        Ok(())
    })
}

/// May the owner of this token hear of this? Else why not, and for want of which permissions.
fn judge(
    state: &OrgState,
    token: &AccessToken,
    wanted: &str,
) -> Result<(), (ChannelError, Vec<&'static str>)> {
    let names = topics(wanted).map_err(|bad| (bad.into(), Vec::new()))?;
    for topic in names.iter().filter_map(|name| topic::parse(name)) {
        let family = topic.family;
        let own = token.user_id().is_some_and(|user| user.as_str() == topic.id);
        if family.of_current_user && own {
            continue;
        }
        let missing: Vec<_> = family
            .permissions
            .iter()
            .copied()
            .filter(|wanted| !state.has_permission(token, wanted))
            .collect();
        if !missing.is_empty() {
            let words = format!("Topic {topic} needs the permissions [{}]", missing.join(", "));
            return Err((ChannelError::Unauthorized(words), missing));
        }
    }
    Ok(())
}
