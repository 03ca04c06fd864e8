//! Everything that an org remembers, as one value: cloned for a snapshot, replaced for a reset.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{Hash, Hasher},
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use super::{
    authorizations::Authorizations, channels::Channels, contacts::Contacts, conversations::Conversations,
    files::Files, messaging_administration::MessagingAdministration, sessions::Sessions, stations::Stations,
    web_administration::WebAdministration,
};
use crate::{
    base::{
        codec::{base64url, from_base64url, push_base64url},
        ids::{ClientId, ConversationId, DeploymentId, DivisionId, GuestId, RoleId, SessionToken, UserId},
        table::Table,
        time::Timestamp,
    },
    domain::{
        authorization::UserAuthorization,
        bot::Bot,
        cached_media::CachedMedia,
        client::Client,
        contact_identifier::ExternalSource,
        data_action::DataAction,
        deployment::Deployment,
        guest::Guest,
        handshake::Challenge,
        identity_provider::IdentityProvider,
        keyring::{KeyType, Ring, RingName},
        open_messaging::OpenIntegration,
        org::OrgSettings,
        person::{Person, PersonKey},
        push_device::PushDevice,
        queue::{Queue, WrapupCode},
        quota::Bucket,
        relying_party::{Integration, Memory},
        role::{Division, Role},
        token::AccessToken,
        usage::Usage,
        user::User,
        user_status::{PresenceDefinition, UserStatus},
        web_chat::WebChats,
    },
};

/// Live access tokens of an org.
const TOKENS: usize = 50_000;
/// Answers about the use of clients that can be fetched.
const USAGES: usize = 100;
/// Users who were switched off or deleted.
const FORMER_USERS: usize = 10_000;
/// What messages have named by URL.
const CACHED_MEDIA: usize = 1_000;
/// Guests of an org.
const GUESTS: usize = 50_000;
/// Sessions of an org, each with its history.
const SESSIONS: usize = 20_000;
/// What all sessions of an org together remember, in bytes.
pub const HISTORY_BYTES: usize = 64 << 20;
/// Nonces that can be answered.
const CHALLENGES: usize = 10_000;
/// Phones of an org.
const PUSH_DEVICES: usize = 10_000;
/// Callers whose use of a limit is counted.
const BUCKETS: usize = 100_000;
/// Base URLs under which tokens were issued.
const ISSUERS: usize = 1_000;

/// The random part of an opaque access token, or of a URL that opens a file; or the hash of a token that is a JWT.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenKey([u8; 30]);

/// A key is a hash already, so a part of it will do.
impl Hash for TokenKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut part = [0; 8];
        part.copy_from_slice(&self.0[..8]);
        state.write_u64(u64::from_le_bytes(part));
    }
}

impl TokenKey {
    /// How long the text of a key is.
    pub const TEXT: usize = 40;

    /// From a draw.
    pub fn new(draw: &[u8; 32]) -> Self {
        let mut key = [0; 30];
        key.copy_from_slice(&draw[..30]);
        Self(key)
    }

    /// Of a token that is not kept: its SHA-256, as far as a key goes.
    pub fn of_text(token: &str) -> Self {
        Self::new(&Sha256::digest(token).into())
    }

    /// From its text.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(from_base64url(text)?.try_into().ok()?))
    }

    /// Its text.
    pub fn text(&self) -> String {
        base64url(&self.0)
    }

    /// Its text behind the mark of an org.
    pub fn marked(&self, tag: &str) -> String {
        let mut text = String::with_capacity(tag.len() + Self::TEXT);
        text.push_str(tag);
        push_base64url(&self.0, &mut text);
        text
    }
}

impl<'de> Deserialize<'de> for TokenKey {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("this is not the key of a token"))
    }
}

impl Serialize for TokenKey {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text())
    }
}

/// What a refresh token or JWT of somebody who has signed in is good for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonGrant {
    /// Who.
    pub person: Person,
    /// To what.
    pub deployment: DeploymentId,
    /// Until when.
    pub expires: Timestamp,
    /// Has the person signed out?
    pub revoked: bool,
}

/// Where a session's phone is kept.
pub type PushKey = (DeploymentId, SessionToken);

/// Whose use of what is counted.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BucketKey {
    /// API calls of an access token.
    Token(TokenKey),
    /// Guest tokens made for a client.
    Guest(ClientId),
    /// Access tokens issued to a client.
    Issue(ClientId),
    /// Typing of whoever talks to the guest.
    Typing(ConversationId),
    /// Sockets opened at a deployment.
    Connect(DeploymentId),
    /// Configurations of a session.
    Configure(SessionToken),
    /// Messages of a session.
    Message(SessionToken),
    /// Pages of history of a session.
    History(SessionToken),
}

/// All that an org remembers.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgState {
    /// Name and rules.
    pub settings: Arc<OrgSettings>,
    /// OAuth clients.
    pub clients: BTreeMap<ClientId, Arc<Client>>,
    /// Agents.
    pub users: BTreeMap<UserId, Arc<User>>,
    /// Those who were switched off or deleted.
    pub former_users: Table<UserId, Arc<User>>,
    /// What they take calls at.
    pub stations: Stations,
    /// Where they are, of those of whom it is known.
    pub statuses: BTreeMap<UserId, UserStatus>,
    /// Presences that the org has defined, by id.
    pub presence_definitions: BTreeMap<String, PresenceDefinition>,
    /// Roles that they and clients may hold.
    pub roles: BTreeMap<RoleId, Arc<Role>>,
    /// The divisions within which they do.
    pub divisions: BTreeMap<DivisionId, Arc<Division>>,
    /// What clients were granted by users.
    pub logins: Authorizations<UserAuthorization, User>,
    /// Deployments.
    pub deployments: BTreeMap<DeploymentId, Arc<Deployment>>,
    /// Queues by local name; those that were made since have their id for it.
    pub queues: BTreeMap<String, Arc<Queue>>,
    /// What conversations can have been about, by id.
    pub wrapup_codes: BTreeMap<String, Arc<WrapupCode>>,
    /// Bots by local name.
    pub bots: BTreeMap<String, Arc<Bot>>,
    /// Identity providers by name.
    pub identity_providers: BTreeMap<String, Arc<IdentityProvider>>,
    /// What they granted.
    pub authorizations: Authorizations,
    /// Notification channels.
    pub channels: Channels,
    /// Keys of the platform's own issuer.
    pub platform_keys: Ring,
    /// Keys of the identity providers that sign with keys, by name.
    pub provider_keys: BTreeMap<String, Ring>,
    /// Access tokens.
    pub tokens: Table<TokenKey, AccessToken>,
    /// What was found of the use of clients, by execution.
    pub usages: Table<String, Usage>,
    /// Guests of the guide dialect.
    pub guests: Table<GuestId, Guest>,
    /// Web messaging sessions.
    pub sessions: Sessions,
    /// The sessions of everybody who has signed in.
    pub signed_in: Table<(DeploymentId, PersonKey), Vec<SessionToken>>,
    /// JWTs of people who have signed in, by `jti`.
    pub person_jwts: Table<String, PersonGrant>,
    /// Integrations with identity providers, by local name.
    pub integrations: BTreeMap<String, Arc<Integration>>,
    /// What is remembered of their documents.
    pub providers: BTreeMap<String, Memory>,
    /// Refresh tokens of people who have signed in.
    pub refresh_grants: Table<TokenKey, PersonGrant>,
    /// Nonces that were used, by integration.
    pub nonces: Table<(String, String), ()>,
    /// Nonces that were given out at upgrades.
    pub challenges: Table<String, Challenge>,
    /// Ids of tokens that faults took back before they were given out.
    pub revoked_tokens: Table<String, ()>,
    /// Tokens made for people without an identity provider, so far.
    pub person_tokens: u64,
    /// Files of web messaging.
    pub files: Files,
    /// Calls so far that did by hand what an agent or a bot does.
    pub by_hand: u32,
    /// Conversations.
    pub conversations: Conversations,
    /// External contacts.
    pub contacts: Contacts,
    /// Other systems whose ids they may have, by id.
    pub external_sources: BTreeMap<String, Arc<ExternalSource>>,
    /// What flows ask about them, by id.
    pub data_actions: BTreeMap<String, Arc<DataAction>>,
    /// Integrations of Open Messaging, by id.
    pub open_integrations: BTreeMap<String, Arc<OpenIntegration>>,
    /// What may be in messages, and what is done with them.
    pub messaging: MessagingAdministration,
    /// What messages have named by URL, by id.
    pub cached_media: Table<String, CachedMedia>,
    /// What administrators of web deployments see besides.
    pub web: WebAdministration,
    /// Where guests of legacy web chats come in.
    pub web_chats: WebChats,
    /// Phones that are told of messages.
    pub push_devices: Table<PushKey, PushDevice>,
    /// What was used of every limit.
    pub buckets: Table<BucketKey, Bucket>,
    /// `iss` values under which guest tokens were issued.
    pub issuers: BTreeSet<String>,
    /// `aud` values for which guest tokens were issued.
    pub audiences: BTreeSet<String>,
}

impl OrgState {
    /// An org in its first moment.
    pub fn new(settings: OrgSettings, first_kid: String) -> Self {
        Self {
            settings: Arc::new(settings),
            clients: BTreeMap::new(),
            users: BTreeMap::new(),
            former_users: Table::bounded(FORMER_USERS),
            stations: Stations::default(),
            statuses: BTreeMap::new(),
            presence_definitions: BTreeMap::new(),
            roles: BTreeMap::new(),
            divisions: BTreeMap::new(),
            logins: Authorizations::default(),
            deployments: BTreeMap::new(),
            queues: BTreeMap::new(),
            wrapup_codes: BTreeMap::new(),
            bots: BTreeMap::new(),
            identity_providers: BTreeMap::new(),
            authorizations: Authorizations::default(),
            channels: Channels::default(),
            provider_keys: BTreeMap::new(),
            platform_keys: Ring::new(KeyType::Rsa, first_kid),
            tokens: Table::bounded(TOKENS),
            usages: Table::bounded(USAGES),
            guests: Table::bounded(GUESTS),
            sessions: Sessions::bounded(SESSIONS, HISTORY_BYTES),
            signed_in: Table::bounded(SESSIONS),
            challenges: Table::bounded(CHALLENGES),
            revoked_tokens: Table::bounded(TOKENS),
            person_jwts: Table::bounded(TOKENS),
            integrations: BTreeMap::new(),
            providers: BTreeMap::new(),
            refresh_grants: Table::bounded(TOKENS),
            nonces: Table::bounded(TOKENS),
            person_tokens: 0,
            files: Files::default(),
            by_hand: 0,
            conversations: Conversations::default(),
            contacts: Contacts::default(),
            external_sources: BTreeMap::new(),
            data_actions: BTreeMap::new(),
            open_integrations: BTreeMap::new(),
            messaging: MessagingAdministration::default(),
            cached_media: Table::bounded(CACHED_MEDIA),
            web: WebAdministration::default(),
            web_chats: WebChats::default(),
            push_devices: Table::bounded(PUSH_DEVICES),
            buckets: Table::bounded(BUCKETS),
            issuers: BTreeSet::new(),
            audiences: BTreeSet::new(),
        }
    }

    /// Read from somewhere else: everything is bounded as it is in an org in its first moment.
    pub fn hold(&mut self) {
        self.tokens.hold(TOKENS);
        self.usages.hold(USAGES);
        self.cached_media.hold(CACHED_MEDIA);
        self.former_users.hold(FORMER_USERS);
        self.guests.hold(GUESTS);
        self.sessions.hold(SESSIONS, HISTORY_BYTES);
        self.signed_in.hold(SESSIONS);
        self.challenges.hold(CHALLENGES);
        self.revoked_tokens.hold(TOKENS);
        self.person_jwts.hold(TOKENS);
        self.refresh_grants.hold(TOKENS);
        self.nonces.hold(TOKENS);
        self.push_devices.hold(PUSH_DEVICES);
        self.buckets.hold(BUCKETS);
        self.authorizations.hold();
        self.channels.hold();
        self.logins.hold();
        self.contacts.hold();
        self.conversations.hold();
        self.files.hold();
    }

    /// The keys of a name.
    pub fn ring(&self, name: &RingName) -> Option<&Ring> {
        match name {
            RingName::Platform => Some(&self.platform_keys),
            RingName::Idp(provider) => self.provider_keys.get(provider),
        }
    }

    /// The keys of a name, to change them.
    pub fn ring_mut(&mut self, name: &RingName) -> Option<&mut Ring> {
        match name {
            RingName::Platform => Some(&mut self.platform_keys),
            RingName::Idp(provider) => self.provider_keys.get_mut(provider),
        }
    }

    /// All keys by name, the platform's first.
    pub fn rings(&self) -> impl Iterator<Item = (RingName, &Ring)> {
        let providers = self.provider_keys.iter().map(|(name, ring)| (RingName::Idp(name.clone()), ring));
        std::iter::once((RingName::Platform, &self.platform_keys)).chain(providers)
    }

    /// The use of a limit, to count on.
    pub fn bucket(&mut self, key: BucketKey) -> &mut Bucket {
        self.buckets.entry(key, Bucket::default)
    }

    /// Whoever has signed out needs a code or id token to come back: all else that was given out is worth nothing.
    pub fn revoke_all(&mut self, person: &Person, deployment: &DeploymentId) {
        let revoke = |grant: &mut PersonGrant| {
            grant.revoked |= grant.person.is(person) && grant.deployment == *deployment;
        };
        self.refresh_grants.for_each(|_, grant| revoke(grant));
        self.person_jwts.for_each(|_, grant| revoke(grant));
    }

    /// Remembers under which names guest tokens were issued, so that they are known again.
    pub fn issued_as(&mut self, issuer: &str, audiences: &[String]) {
        if self.issuers.len() < ISSUERS && !self.issuers.contains(issuer) {
            self.issuers.insert(issuer.to_owned());
        }
        for audience in audiences {
            if self.audiences.len() < ISSUERS && !self.audiences.contains(audience) {
                self.audiences.insert(audience.clone());
            }
        }
    }
}
