//! Everything that an org remembers, as one value: cloned for a snapshot, replaced for a reset.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Serialize, Serializer};

use crate::{
    base::{
        codec::{base64url, from_base64url},
        ids::{ClientId, ConversationId, DeploymentId, GuestId, SessionToken, UserId},
        table::Table,
        time::Timestamp,
    },
    domain::{
        bot::Bot,
        client::Client,
        conversation::Conversation,
        deployment::Deployment,
        guest::Guest,
        keyring::Ring,
        org::OrgSettings,
        person::Person,
        quota::Bucket,
        relying_party::{Integration, Memory},
        session::Session,
        token::AccessToken,
        user::User,
    },
};

/// Live access tokens of an org.
const TOKENS: usize = 50_000;
/// Guests of an org.
const GUESTS: usize = 50_000;
/// Sessions of an org, each with its history.
const SESSIONS: usize = 20_000;
/// Callers whose use of a limit is counted.
const BUCKETS: usize = 100_000;
/// Base URLs under which tokens were issued.
const ISSUERS: usize = 1_000;

/// The random part of an opaque access token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenKey([u8; 30]);

impl TokenKey {
    /// How long the text of a key is.
    pub const TEXT: usize = 40;

    /// From a draw.
    pub fn new(draw: &[u8; 32]) -> Self {
        let mut key = [0; 30];
        key.copy_from_slice(&draw[..30]);
        Self(key)
    }

    /// From its text.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(from_base64url(text)?.try_into().ok()?))
    }

    /// Its text.
    pub fn text(&self) -> String {
        base64url(&self.0)
    }
}

impl Serialize for TokenKey {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text())
    }
}

/// What a refresh token of somebody who has signed in is good for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefreshGrant {
    /// Who.
    pub person: Person,
    /// To what.
    pub deployment: DeploymentId,
    /// Until when.
    pub expires: Timestamp,
    /// Has the person signed out?
    pub revoked: bool,
}

/// Whose use of what is counted.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BucketKey {
    /// API calls of an access token.
    Token(TokenKey),
    /// Guest tokens made for a client.
    Guest(ClientId),
    /// Access tokens issued to a client.
    Issue(ClientId),
}

/// All that an org remembers.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgState {
    /// Name and rules.
    pub settings: Arc<OrgSettings>,
    /// OAuth clients.
    pub clients: BTreeMap<ClientId, Arc<Client>>,
    /// Agents.
    pub users: BTreeMap<UserId, Arc<User>>,
    /// Deployments.
    pub deployments: BTreeMap<DeploymentId, Arc<Deployment>>,
    /// Names of queues by local name.
    pub queues: BTreeMap<String, String>,
    /// Bots by local name.
    pub bots: BTreeMap<String, Arc<Bot>>,
    /// Keys of the platform's own issuer.
    pub platform_keys: Ring,
    /// Access tokens.
    pub tokens: Table<TokenKey, AccessToken>,
    /// Guests of the guide dialect.
    pub guests: Table<GuestId, Guest>,
    /// Web messaging sessions.
    pub sessions: Table<SessionToken, Session>,
    /// The session of everybody who has signed in, by deployment and subject.
    pub signed_in: Table<(DeploymentId, String), SessionToken>,
    /// Ids of tokens whose owners have signed out.
    pub revoked_tokens: Table<String, ()>,
    /// Integrations with identity providers, by local name.
    pub integrations: BTreeMap<String, Arc<Integration>>,
    /// What is remembered of their documents.
    pub providers: BTreeMap<String, Memory>,
    /// Refresh tokens of people who have signed in.
    pub refresh_grants: Table<TokenKey, RefreshGrant>,
    /// Nonces that were used, by integration.
    pub nonces: Table<(String, String), ()>,
    /// Tokens made for people without an identity provider, so far.
    pub person_tokens: u64,
    /// Conversations.
    pub conversations: Table<ConversationId, Conversation>,
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
            deployments: BTreeMap::new(),
            queues: BTreeMap::new(),
            bots: BTreeMap::new(),
            platform_keys: Ring::new(first_kid),
            tokens: Table::bounded(TOKENS),
            guests: Table::bounded(GUESTS),
            sessions: Table::bounded(SESSIONS),
            signed_in: Table::bounded(SESSIONS),
            revoked_tokens: Table::bounded(TOKENS),
            integrations: BTreeMap::new(),
            providers: BTreeMap::new(),
            refresh_grants: Table::bounded(TOKENS),
            nonces: Table::bounded(TOKENS),
            person_tokens: 0,
            conversations: Table::bounded(SESSIONS),
            buckets: Table::bounded(BUCKETS),
            issuers: BTreeSet::new(),
            audiences: BTreeSet::new(),
        }
    }

    /// The use of a limit, to count on.
    pub fn bucket(&mut self, key: BucketKey) -> &mut Bucket {
        self.buckets.entry(key, Bucket::default)
    }

    /// Whoever has signed out needs a code or id token to come back.
    pub fn revoke_grants(&mut self, person: &Person, deployment: &DeploymentId) {
        let theirs = |grant: &RefreshGrant| grant.person.is(person) && grant.deployment == *deployment;
        let keys: Vec<_> =
            self.refresh_grants.iter().filter(|(_, grant)| theirs(grant)).map(|(key, _)| *key).collect();
        for key in keys {
            if let Some(grant) = self.refresh_grants.get_mut(&key) {
                grant.revoked = true;
            }
        }
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
