//! Legacy web chat: who chats, where guests come in, and what is said in a chat.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::deployment::admits;
use crate::base::ids::DeploymentId;

/// Characters of what somebody says at a time.
pub const MOST_SAID: usize = 4_000;
/// Requests to share something that are kept of one chat; the oldest go first.
const MOST_REQUESTS: usize = 100;
/// What a guest says of itself, in bytes.
const MOST_OF_GUEST: usize = 32 << 10;

/// How the widget looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skin {
    /// Plain.
    Basic,
    /// The later one.
    ModernCaretSkin,
}

/// Where guests come in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatDeployment {
    /// Its id.
    pub id: DeploymentId,
    /// Its name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// Must guests bring signed data?
    pub authentication_required: bool,
    /// Where the widget gets that.
    pub authentication_url: Option<String>,
    /// Does nobody come in?
    pub disabled: bool,
    /// How the widget looks.
    pub skin: Option<Skin>,
    /// Host names of pages that may come in; `None` admits all.
    pub allowed_domains: Option<Vec<String>>,
    /// Id of the flow that was named.
    pub flow: Option<String>,
}

impl ChatDeployment {
    /// May a page with this `Origin` come in?
    pub fn admits_origin(&self, origin: Option<&str>) -> bool {
        admits(self.allowed_domains.as_deref().filter(|domains| !domains.is_empty()), origin)
    }
}

/// Where guests of an org come in, and what it decides for all of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebChats {
    /// Deployments, by id.
    pub deployments: BTreeMap<DeploymentId, Arc<ChatDeployment>>,
    /// Must guests name one?
    pub require_deployment: bool,
}

/// What a guest says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberInfo {
    /// Shown name.
    pub display_name: String,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// URL of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_image_url: Option<String>,
    /// What the page attached.
    pub custom_fields: BTreeMap<String, String>,
}

impl MemberInfo {
    /// Is it more than is kept?
    pub fn is_too_much(&self) -> bool {
        let texts = [
            Some(&self.display_name),
            self.first_name.as_ref(),
            self.last_name.as_ref(),
            self.email.as_ref(),
            self.phone_number.as_ref(),
            self.avatar_image_url.as_ref(),
        ];
        let fields = self.custom_fields.iter().flat_map(|(name, value)| [name, value]);
        texts.into_iter().flatten().chain(fields).map(String::len).sum::<usize>() > MOST_OF_GUEST
    }

    /// The same as participant data.
    pub fn attributes(&self, queue: &str) -> BTreeMap<String, String> {
        let known = [
            ("firstName", self.first_name.as_deref()),
            ("lastName", self.last_name.as_deref()),
            ("email", self.email.as_deref()),
            ("phoneNumber", self.phone_number.as_deref()),
            ("genesys.legacyRoutingTargetQueueAddress", Some(queue)),
        ];
        let known = known.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let custom = self.custom_fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        custom.chain(known).map(|(name, value)| (["context.", name].concat(), value.to_owned())).collect()
    }
}

/// What a line of a chat is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyType {
    /// Words.
    #[default]
    Standard,
    /// Words that are shown otherwise.
    Notice,
    /// Somebody has come.
    MemberJoin,
    /// Somebody has left.
    MemberLeave,
    /// Somebody wants to share something.
    MediaRequest,
}

/// What a message is as a line of a chat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Whose it is: a participant's id.
    pub sender: String,
    /// What it is.
    pub body_type: BodyType,
}

/// What can be shared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MediaType {
    /// The page.
    Cobrowse,
    /// The screen.
    Screenshare,
}

impl MediaType {
    /// What the words of a request name; the page, if they name nothing.
    pub fn named(words: &str) -> Vec<Self> {
        let named = [("COBROWSE", Self::Cobrowse), ("SCREENSHARE", Self::Screenshare)];
        let words = words.to_uppercase();
        let found: Vec<_> =
            named.into_iter().filter(|(name, _)| words.contains(name)).map(|(_, kind)| kind).collect();
        if found.is_empty() { vec![Self::Cobrowse] } else { found }
    }
}

/// What became of a request to share something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RequestState {
    /// Nothing yet.
    Pending,
    /// The guest shares it.
    Accepted,
    /// It does not.
    Declined,
    /// It did not say so in time.
    TimedOut,
    /// Whoever asked does not want it any more.
    Cancelled,
    /// It did not work.
    Errored,
}

impl RequestState {
    /// By the vendor's word for it.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "PENDING" => Self::Pending,
            "ACCEPTED" => Self::Accepted,
            "DECLINED" => Self::Declined,
            "TIMEDOUT" => Self::TimedOut,
            "CANCELLED" => Self::Cancelled,
            "ERRORED" => Self::Errored,
            _ => return None,
        })
    }
}

/// Somebody wants the guest to share something.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaRequest {
    /// Its id.
    pub id: String,
    /// What.
    pub types: Vec<MediaType>,
    /// What became of it.
    pub state: RequestState,
    /// The communication of whoever asks.
    pub communication: String,
    /// What both sides prove themselves with, once it is accepted.
    pub security_key: Option<String>,
}

/// The guest of a chat, and what is of the chat alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatGuest {
    /// Who carries it.
    pub provider: String,
    /// What the guest says of itself.
    pub member: MemberInfo,
    /// Did it bring signed data?
    pub authenticated: bool,
    /// Local name of the queue that it is for.
    pub queue: String,
    /// Does it wait there? Not before somebody hears what happens in it.
    pub routed: bool,
    /// Lines so far, of which the oldest may be forgotten.
    pub lines: u64,
    requests: Vec<MediaRequest>,
}

impl ChatGuest {
    /// Somebody who has just come.
    pub fn new(provider: String, member: MemberInfo, authenticated: bool, queue: String) -> Self {
        let (routed, lines, requests) = Default::default();
        Self { provider, member, authenticated, queue, routed, lines, requests }
    }

    /// What it was asked to share, oldest first.
    pub fn requests(&self) -> &[MediaRequest] {
        &self.requests
    }

    /// It is asked to share something.
    pub fn ask(&mut self, request: MediaRequest) {
        if self.requests.len() >= MOST_REQUESTS {
            self.requests.remove(0);
        }
        self.requests.push(request);
    }

    /// One of these, to change it.
    pub fn request_mut(&mut self, id: &str) -> Option<&mut MediaRequest> {
        self.requests.iter_mut().find(|request| request.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_what_is_to_be_shared() {
        use MediaType::{Cobrowse, Screenshare};
        assert_eq!(MediaType::named(""), [Cobrowse]);
        assert_eq!(MediaType::named("screenshare, please"), [Screenshare]);
        assert_eq!(MediaType::named("COBROWSE or SCREENSHARE"), [Cobrowse, Screenshare]);
    }

    #[test]
    fn what_is_asked_of_a_guest_is_bounded() {
        let mut guest = ChatGuest::new(String::new(), MemberInfo::default(), false, String::new());
        for nth in 0..=MOST_REQUESTS {
            guest.ask(MediaRequest {
                id: nth.to_string(),
                types: Vec::new(),
                state: RequestState::Pending,
                communication: String::new(),
                security_key: None,
            });
        }
        assert_eq!((guest.requests().len(), guest.requests()[0].id.as_str()), (MOST_REQUESTS, "1"));
    }

    #[test]
    fn what_a_guest_says_of_itself_becomes_participant_data() {
        let custom = [("plan".to_owned(), "gold".to_owned()), ("email".to_owned(), "other".to_owned())];
        let guest = MemberInfo {
            email: Some("jo@example.test".to_owned()),
            custom_fields: custom.into(),
            ..MemberInfo::default()
        };
        let data: Vec<_> = guest.attributes("Support").into_iter().collect();
        let expected = [
            ("context.email", "jo@example.test"),
            ("context.genesys.legacyRoutingTargetQueueAddress", "Support"),
            ("context.plan", "gold"),
        ];
        assert_eq!(data, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
