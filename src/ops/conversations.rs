//! Conversations as seen from outside, and speaking in them by hand, as an agent or a bot would.

use std::sync::Arc;

use super::{
    app::App,
    attachments::{self, Given},
    org::{Cell, Org},
    step::Step,
};
use crate::{
    base::{
        draw::{Cause, Mint},
        ids::{ConversationId, SessionToken},
        time::{Span, Timestamp},
    },
    domain::{
        communication::Medium,
        content::{Content, Rich},
        conversation::{Conversation, Ending, Participant, Purpose, Side},
        file::File,
        message::{Message, Originator, Persona},
        quota::{Limit, Usage},
        session::{MAX_SPOKEN, Spoken},
    },
    journal::redact::mark,
    store::org_state::{BucketKey, OrgState},
};

/// How often whoever talks to the guest may show that it types, in one conversation.
const TYPING: Limit = Limit::per_minute("typing", 12);

/// Which conversations are looked for; all that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Deployment id.
    pub deployment: Option<String>,
    /// Session token, or the fingerprint that is shown of it.
    pub session: Option<String>,
    /// Guest id.
    pub guest: Option<String>,
    /// The id of a conversation: only those that began later.
    pub after: Option<String>,
}

/// A part of the conversations of an org, in the order of beginning.
pub struct Page {
    /// Without what was said.
    pub conversations: Vec<Conversation>,
    /// The cursor to go on with; none when these are the last ones.
    pub next: Option<ConversationId>,
}

/// The conversations that fit, at most `limit`. `None` when there is none at the cursor.
pub fn find(org: &Org, wanted: &Wanted, limit: usize) -> Option<Page> {
    org.state(|state| {
        let mut all = state.conversations.iter();
        if let Some(after) = &wanted.after {
            all.find(|conversation| conversation.id.as_str() == after)?;
        }
        let mut fitting = all.filter(|conversation| fits(conversation, wanted)).peekable();
        let conversations: Vec<_> = fitting.by_ref().take(limit).map(Conversation::head).collect();
        let next = fitting.peek().and(conversations.last()).map(|last| last.id.clone());
        Some(Page { conversations, next })
    })
}

fn fits(conversation: &Conversation, wanted: &Wanted) -> bool {
    let is = |wanted: &Option<String>, given: Option<&str>| wanted.is_none() || wanted.as_deref() == given;
    let guest = conversation.participants().find_map(|one| one.guest.as_ref());
    let session = conversation.session.as_str();
    is(&wanted.deployment, Some(conversation.deployment.as_str()))
        && is(&wanted.guest, guest.map(|guest| guest.as_str()))
        && wanted.session.as_ref().is_none_or(|wanted| wanted == session || *wanted == mark(session))
}

/// One, with all that was said.
pub fn get(org: &Org, id: &str) -> Option<Conversation> {
    org.state(|state| state.conversations.get(id).cloned())
}

/// Why nobody can speak in a conversation, or not so.
#[derive(Debug, thiserror::Error)]
pub enum NotSaid {
    /// There is none of this id.
    #[error("there is no conversation {0}")]
    Unknown(String),
    /// It has ended.
    #[error("the conversation has ended: {}", how(*.0))]
    Ended(Option<Ending>),
    /// Its session has expired.
    #[error("the session of the conversation has expired")]
    Expired,
    /// Its session is read-only.
    #[error("the conversation has ended and its session is read-only until the guest starts a new one")]
    ReadOnly,
    /// The text is too long.
    #[error("the text has {0} characters, limit {MAX_SPOKEN}")]
    TooLong(usize),
    /// The file cannot be sent.
    #[error("{0}")]
    File(String),
    /// Nobody is shown that somebody types.
    #[error("typing indicators are not enabled for deployment {0}")]
    TypingOff(String),
    /// Somebody types too often.
    #[error("a conversation has at most {} typing events a minute; the next one in {} s", .0.allowed, .0.reset.retry_secs())]
    TooMuchTyping(Usage),
}

fn how(ending: Option<Ending>) -> &'static str {
    match ending {
        Some(Ending::Disconnected) => "the flow or an agent has disconnected it",
        Some(Ending::Cleared) => "the guest has cleared it",
        Some(Ending::Closed) => "the guest has closed the session",
        Some(Ending::BegunAnew) => "the guest has begun a new session",
        Some(Ending::Expired) => "its session has expired",
        Some(Ending::SignedOut) => "the person has signed out",
        Some(Ending::SignedInElsewhere) => "the person has signed in elsewhere",
        None => "its session is forgotten",
    }
}

/// What somebody shows by hand.
pub enum Shown {
    /// Nothing.
    Nothing,
    /// Buttons, cards and the like.
    Rich(Arc<Rich>),
    /// A file.
    File(File),
}

/// What somebody says by hand.
pub struct Words {
    /// The text.
    pub text: Option<String>,
    /// What is shown besides.
    pub shown: Shown,
    /// Who is shown; the default agent when a human speaks and nobody is named.
    pub from: Option<Persona>,
    /// What it is.
    pub originator: Originator,
}

/// Says something to the guest. Answers the message.
pub fn speak(app: &App, org: &Org, id: &str, words: Words) -> Result<Arc<Message>, NotSaid> {
    let length = words.text.as_ref().map_or(0, |text| text.chars().count());
    if length > MAX_SPOKEN {
        return Err(NotSaid::TooLong(length));
    }
    let Words { text, shown, from, originator } = words;
    by_hand(app, org, id, |cell, step, session| {
        let known = cell.state.conversations.get(id);
        if known.is_some_and(|known| known.chat.is_some())
            && (text.is_none() || !matches!(shown, Shown::Nothing))
        {
            return Err(NotSaid::File("in a web chat there is nothing but words".to_owned()));
        }
        let content = match shown {
            Shown::Nothing => Content::None,
            Shown::Rich(rich) => Content::Rich(rich),
            Shown::File(file) => {
                let mut mint = Mint::new(&org.draws, step.cause);
                let given = Given { name: &file.name, mime: &file.mime, bytes: &file.bytes() };
                let put = attachments::put(org, &mut cell.state, &mut mint, step.now, session, given);
                Content::Attachments(vec![put.map_err(|refused| NotSaid::File(refused.text))?])
            }
        };
        let from = match originator {
            Originator::Human => Some(human(cell, step, session, id, from)),
            Originator::Bot => from,
        };
        let spoken = step.speaks(cell, session, &id.into(), Spoken { text, content, from, originator });
        spoken.ok_or_else(|| NotSaid::Unknown(id.to_owned()))
    })
}

/// Shows the guest that somebody types, or types no more.
pub fn types(
    app: &App,
    org: &Org,
    id: &str,
    from: Option<Persona>,
    on: bool,
    lasting: Option<Span>,
) -> Result<(), NotSaid> {
    by_hand(app, org, id, |cell, step, session| {
        may_type(app, cell, id, step.now)?;
        let from = Some(from.unwrap_or_else(|| persona(&cell.state, org, id)));
        step.types(cell, session, &id.into(), from, (on, lasting));
        Ok(())
    })
}

/// May somebody show that it types?
pub(super) fn may_type(app: &App, cell: &mut Cell, id: &str, now: Timestamp) -> Result<(), NotSaid> {
    let known = cell.state.conversations.get(id);
    let deployment = known.and_then(|known| cell.state.deployments.get(&known.deployment));
    if let Some(deployment) = deployment.filter(|deployment| !deployment.agent_typing) {
        return Err(NotSaid::TypingOff(deployment.id.to_string()));
    }
    if app.settings.limits {
        let usage = cell.state.bucket(BucketKey::Typing(id.into())).take(TYPING, now);
        if usage.exceeded() {
            return Err(NotSaid::TooMuchTyping(usage));
        }
    }
    Ok(())
}

/// Ends the conversation, as an agent does. Answers it as it is then.
pub fn disconnect(app: &App, org: &Org, id: &str, from: Option<Persona>) -> Result<Conversation, NotSaid> {
    by_hand(app, org, id, |cell, step, session| {
        let from = Some(from.unwrap_or_else(|| persona(&cell.state, org, id)));
        step.ends(cell, session, &id.into(), from);
        cell.state.conversations.get(id).cloned().ok_or_else(|| NotSaid::Unknown(id.to_owned()))
    })
}

/// In the org's critical section, if the conversation is under way. Such a call has a number of its own.
fn by_hand<T>(
    app: &App,
    org: &Org,
    id: &str,
    work: impl FnOnce(&mut Cell, &Step<'_>, &SessionToken) -> Result<T, NotSaid>,
) -> Result<T, NotSaid> {
    let _busy = org.clock.busy();
    let done = org.cell(|cell| {
        let now = org.clock.now();
        let session = under_way(&cell.state, id, now)?;
        cell.state.by_hand += 1;
        let cause = Cause::by_hand(cell.state.by_hand);
        let step = Step { app, org, cause, now, requester: None, wave: None };
        work(cell, &step, &session)
    });
    app.trim_journals();
    done
}

/// The session of a conversation in which something can be said.
pub(super) fn under_way(state: &OrgState, id: &str, now: Timestamp) -> Result<SessionToken, NotSaid> {
    let known = state.conversations.get(id).ok_or_else(|| NotSaid::Unknown(id.to_owned()))?;
    let ending = known.ended.map(|(_, ending)| ending);
    if known.medium() != Medium::Webmessaging {
        return if ending.is_some() { Err(NotSaid::Ended(ending)) } else { Ok(known.session.clone()) };
    }
    let session = state.sessions.get(&known.session);
    let Some(session) = session.filter(|session| session.conversation.as_ref() == Some(&known.id)) else {
        return Err(NotSaid::Ended(ending));
    };
    match () {
        () if session.is_expired(now) => Err(NotSaid::Expired),
        () if session.read_only => Err(NotSaid::ReadOnly),
        () if session.has_ended() => Err(NotSaid::Ended(ending)),
        () => Ok(known.session.clone()),
    }
}

/// The human who speaks. With the first word it takes over from the queue, or from the bot.
fn human(
    cell: &mut Cell,
    step: &Step<'_>,
    session: &SessionToken,
    id: &str,
    from: Option<Persona>,
) -> Persona {
    let from = from.unwrap_or_else(|| persona(&cell.state, step.org, id));
    let name = from.shown();
    let known = cell.state.conversations.get(id);
    let mut agents = known.into_iter().flat_map(|known| known.present(Purpose::Agent));
    let there =
        agents.find(|agent| agent.side.name == name).map(|one| (one.side.id.clone(), one.is_alerting()));
    drop(agents);
    match there {
        Some((agent, true)) => step.takes(cell, session, &id.into(), &agent),
        // somebody may have handed the conversation over since
        Some((_, false)) => step.leave(cell, session, &id.into(), &[Purpose::Workflow, Purpose::Acd]),
        None => {
            let user = cell.state.users.values().find(|user| user.name == name).map(|user| user.id.clone());
            let new = step.org.draws.draw(step.cause, "agent", 0).uuid();
            let side = Side { id: new.clone(), purpose: Purpose::Agent, name };
            let agent = Participant { user, ..Participant::new(side, step.now) };
            step.joins(cell, session, &id.into(), agent);
            step.answered(cell, session, &id.into(), &new);
        }
    }
    from
}

/// How the agent is shown who answers: of the queue in which the guest waits, if anybody is; the user `agent`, or the first.
fn persona(state: &OrgState, org: &Org, id: &str) -> Persona {
    let ids = &org.entrance.ids;
    let users = || {
        let agent = ids.get("users.agent").into_iter();
        let all = agent.chain(ids.iter().filter(|(name, _)| name.starts_with("users.")).map(|(_, id)| id));
        all.filter_map(|id| state.users.get(id.as_str()))
    };
    let waits = state.conversations.get(id).and_then(|known| known.present(Purpose::Acd).next());
    let queue = waits.and_then(|acd| acd.queue.as_ref());
    let user = users().find(|user| queue.is_some_and(|queue| user.serves(queue))).or_else(|| users().next());
    Persona { nickname: user.map(|user| user.name.clone()), ..Persona::default() }
}
