//! Web messaging deployments: who may come in, and what the Messenger is told.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{claim_attributes::ClaimAttributes, frame::Media, handshake::Handshake, messenger::Messenger};
use crate::base::{ids::DeploymentId, time::Span};

/// Is it switched on?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum DeploymentStatus {
    /// Yes.
    #[default]
    Active,
    /// No: sockets are refused.
    Inactive,
}

/// What a guest sees of the end of a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum ConversationDisconnect {
    /// Nothing.
    Disabled,
    /// An event; the guest may go on.
    Send,
    /// An event; the session is read-only from then on.
    #[default]
    ReadOnly,
}

/// How the socket's upgrade is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandshakeRefusal {
    /// 403 for a missing or foreign token, 401 for one that is ours and wrong.
    #[default]
    ByCause,
    /// Always 403.
    Forbidden,
}

/// Whether a guest has to prove itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Anyone may come.
    #[default]
    Anyone,
    /// The upgrade demands a guest JWT (guide dialect).
    GuestToken,
    /// Sessions must be authenticated.
    Authenticated,
}

/// Are phones told of messages while their app sleeps, and of what is in them?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Notifications {
    /// No.
    Disabled,
    /// That there are some.
    ExcludeMessagesContent,
    /// What is in them too.
    #[default]
    IncludeMessagesContent,
}

/// What becomes of the other devices of somebody who signs in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherDevices {
    /// Each is told so and its session is cleared.
    #[default]
    Close,
    /// They stay, and a new device joins their session.
    Stay,
}

/// What signing in does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignInRules {
    /// Local name of the integration with the identity provider that is trusted.
    pub integration: Option<String>,
    /// Is somebody who signs in the contact that is known of them, and not another guest? Default: yes.
    pub resolves_identities: bool,
    /// Is the contact that somebody had as a guest merged into the person's? Default: yes.
    pub merge_contacts: bool,
    /// The id of the external source whose ids the subjects of people are.
    pub external_source: Option<String>,
    /// Which claims of the person become attributes of the conversation.
    pub claim_attributes: ClaimAttributes,
    /// Page of the site where people sign in.
    pub login_url: Option<String>,
    /// Page of the site where they sign out.
    pub logout_url: Option<String>,
    /// What becomes of the person's other devices.
    pub other_devices: OtherDevices,
    /// Is a session refused with 401 when the JWT has expired that it was configured with? Default: no.
    pub expires_with_token: bool,
}

impl Default for SignInRules {
    fn default() -> Self {
        let (integration, external_source, claim_attributes, other_devices) = Default::default();
        Self {
            integration,
            resolves_identities: true,
            merge_contacts: true,
            external_source,
            claim_attributes,
            login_url: None,
            logout_url: None,
            other_devices,
            expires_with_token: false,
        }
    }
}

/// A web messaging deployment with its published configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deployment {
    /// Its id.
    pub id: DeploymentId,
    /// Is it switched on?
    pub status: DeploymentStatus,
    /// Its name.
    pub name: String,
    /// Version of the published configuration.
    pub version: String,
    /// How often it was changed since the org was made.
    pub revision: u64,
    /// The configuration as it was written, if it was written through the API.
    pub written: Option<Arc<Map<String, Value>>>,
    /// Host names that pages may have; `None` admits all.
    pub allowed_domains: Option<Vec<String>>,
    /// Who may come in.
    pub admission: Admission,
    /// How the upgrade is refused.
    pub handshake_refusal: HandshakeRefusal,
    /// What it wants of JWTs of an identity provider.
    pub handshake: Handshake,
    /// Guest tokens must name this very base URL as `iss` and `aud`.
    pub strict_issuer: bool,
    /// Every block of a guest's message must have an id of its own.
    pub strict_message_ids: bool,
    /// `auth.enabled`.
    pub authentication: bool,
    /// What signing in does.
    pub sign_in: SignInRules,
    /// `auth.allowSessionUpgrade`.
    pub allow_session_upgrade: bool,
    /// What the guest sees of the end of a conversation.
    pub conversation_disconnect: ConversationDisconnect,
    /// May the guest clear the conversation?
    pub conversation_clear: bool,
    /// `showAgentTypingIndicator`.
    pub agent_typing: bool,
    /// `showUserTypingIndicator`.
    pub guest_typing: bool,
    /// Does the Messenger start the conversation by itself?
    pub auto_start: bool,
    /// MIME types that may be attached; empty switches attachments off.
    pub attachment_types: Vec<String>,
    /// Largest attachment, in kilobytes of 1,000 bytes.
    pub attachment_max_kb: u32,
    /// Extensions that are never accepted, with their dot.
    pub blocked_extensions: Vec<String>,
    /// The session expires so long after the last message.
    pub session_duration: Span,
    /// Are phones told of messages?
    pub notifications: Notifications,
    /// How the Messenger looks and behaves.
    pub messenger: Messenger,
    /// `messenger.styles.primaryColor`.
    pub primary_color: String,
    /// Languages of the Messenger, the first one is the default.
    pub languages: Vec<String>,
    /// The bot that answers, by its local name.
    pub bot: Option<String>,
}

impl Deployment {
    /// One that a configuration has yet to make something of.
    pub fn plain(id: DeploymentId, name: String) -> Self {
        Self {
            id,
            status: DeploymentStatus::Active,
            name,
            version: String::new(),
            revision: 0,
            written: None,
            allowed_domains: None,
            admission: Admission::Anyone,
            handshake_refusal: HandshakeRefusal::ByCause,
            handshake: Handshake::default(),
            strict_issuer: false,
            strict_message_ids: false,
            authentication: false,
            sign_in: SignInRules::default(),
            allow_session_upgrade: false,
            conversation_disconnect: ConversationDisconnect::Disabled,
            conversation_clear: false,
            agent_typing: false,
            guest_typing: false,
            auto_start: false,
            attachment_types: Vec::new(),
            attachment_max_kb: 10_240,
            blocked_extensions: Vec::new(),
            session_duration: Span::from_secs(72 * 3600),
            notifications: Notifications::Disabled,
            messenger: Messenger::default(),
            primary_color: "#0165A7".to_owned(),
            languages: vec!["en-us".to_owned()],
            bot: None,
        }
    }

    /// What clients are told of it when they come in.
    pub fn media(&self) -> Media {
        Media {
            types: self.attachment_types.clone(),
            max_kb: self.attachment_max_kb,
            blocked_extensions: self.blocked_extensions.clone(),
            duration_secs: self.session_duration.secs(),
        }
    }

    /// May a page with this `Origin` come in? Clients send a URL, a bare host or nothing; nothing is not a page.
    pub fn admits_origin(&self, origin: Option<&str>) -> bool {
        admits(self.allowed_domains.as_deref(), origin)
    }
}

/// May a page with this `Origin` come in where these domains may, or all?
pub fn admits(domains: Option<&[String]>, origin: Option<&str>) -> bool {
    let (Some(origin), Some(domains)) = (origin, domains) else {
        return true;
    };
    let host = host_of(origin);
    domains.iter().any(|domain| {
        host.len() >= domain.len()
            && host.is_char_boundary(host.len() - domain.len())
            && host[host.len() - domain.len()..].eq_ignore_ascii_case(domain)
            && (host.len() == domain.len() || host[..host.len() - domain.len()].ends_with('.'))
    })
}

/// The host of an origin, whatever stands around it.
pub fn host_of(origin: &str) -> &str {
    let end = |text: &str, is_end: fn(u8) -> bool| text.bytes().position(is_end).unwrap_or(text.len());
    let behind_scheme = origin[end(origin, |byte| byte == b':')..].strip_prefix("://");
    let rest = behind_scheme.unwrap_or(origin);
    let authority = &rest[..end(rest, |byte| matches!(byte, b'/' | b'?' | b'#'))];
    match authority.starts_with('[') {
        true => authority.split_inclusive(']').next().unwrap_or_default(),
        false => &authority[..end(authority, |byte| byte == b':')],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_origin_is_found_in_every_spelling() {
        for (origin, host) in [
            ("https://a.test:8080/x", "a.test"),
            ("a.test", "a.test"),
            ("http://[::1]:3", "[::1]"),
            ("null", "null"),
        ] {
            assert_eq!(host_of(origin), host);
        }
    }
}
