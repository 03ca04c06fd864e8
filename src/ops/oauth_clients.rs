//! OAuth clients, as administrators make and change them. They get tokens by what they are granted, from the first moment on.

use std::sync::Arc;

use super::{access::end_channels, cx::Cx, roles::check_held};
use crate::{
    base::{
        codec::base64url,
        ids::{ClientId, RoleId},
        time::{Span, Timestamp},
    },
    domain::{
        client::{Actor, Client, ClientState, Grant, Written},
        org::AccessTokens,
        redirect_uri::RedirectUri,
        role::RoleDivision,
        scope::Scope,
    },
    store::org_state::OrgState,
};

/// OAuth clients of an org.
const MOST: usize = 1_000;
/// How long access tokens live unless it is said.
pub const USUAL_LIFETIME: Span = Span::from_secs(86_400);
/// How long they may live.
const LIFETIMES: [i64; 2] = [300, 172_800];
/// How long those of clients for SCIM may live.
const LONGEST_FOR_SCIM: i64 = 38_880_000;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// There is none of this id.
    #[error("there is no OAuth client {0}")]
    Unknown(String),
    /// Not this role, or not this division.
    #[error("{0}")]
    Role(String),
    /// A new one is active.
    #[error("a new client is active, not {}", .0.name())]
    State(ClientState),
    /// An application needs roles.
    #[error("a client of grant CLIENT-CREDENTIALS needs roleDivisions")]
    NoRoles,
    /// Whoever speaks for users needs scopes.
    #[error("a client of grant {} needs scope", .0.name())]
    NoScopes(Grant),
    /// Tokens cannot live so long.
    #[error("accessTokenValiditySeconds is {0}, expected {first} to {last}, and for SCIM up to {LONGEST_FOR_SCIM}", first = LIFETIMES[0], last = LIFETIMES[1])]
    Lifetime(i64),
    /// There are too many.
    #[error("there are {MOST} OAuth clients, which is the most there can be")]
    TooMany,
    /// It still works.
    #[error("only an inactive client can be deleted; first switch it off")]
    Active,
}

/// What is said of one.
#[derive(Clone, Debug)]
pub struct Said {
    /// For people.
    pub name: String,
    /// For people, too.
    pub description: Option<String>,
    /// How it may get tokens.
    pub grant: Grant,
    /// Where users may be sent back to.
    pub redirect_uris: Vec<RedirectUri>,
    /// What its tokens that speak for users may.
    pub scopes: Vec<Scope>,
    /// What its own tokens may.
    pub roles: Vec<RoleDivision>,
    /// Seconds that its access tokens live.
    pub lifetime: Option<i64>,
    /// Does it work?
    pub state: Option<ClientState>,
    /// From then on it does not.
    pub ends: Option<Timestamp>,
}

impl Said {
    fn check(&self, state: &OrgState) -> Result<(), ClientError> {
        self.roles.iter().try_for_each(|held| check_held(state, held)).map_err(ClientError::Role)?;
        match self.grant {
            Grant::ClientCredentials if self.roles.is_empty() => return Err(ClientError::NoRoles),
            grant if grant != Grant::ClientCredentials && self.scopes.is_empty() => {
                return Err(ClientError::NoScopes(grant));
            }
            _ => {}
        }
        let [least, most] = LIFETIMES;
        let is_scim = |id: &RoleId| {
            state.roles.get(id).is_some_and(|role| role.name.to_ascii_uppercase().contains("SCIM"))
        };
        let most = if self.roles.iter().any(|held| is_scim(&held.role)) { LONGEST_FOR_SCIM } else { most };
        match self.lifetime {
            Some(seconds) if !(least..=most).contains(&seconds) => Err(ClientError::Lifetime(seconds)),
            _ => Ok(()),
        }
    }

    fn lifetime(&self) -> Span {
        self.lifetime.map_or(USUAL_LIFETIME, Span::from_secs)
    }
}

/// A secret that nobody had before.
fn secret(cx: &Cx) -> String {
    base64url(&cx.draw("client secret").bytes()[..])
}

/// All of them, in the order of their ids.
pub fn list(cx: &Cx) -> Vec<Arc<Client>> {
    cx.state(|state| state.clients.values().cloned().collect())
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<Arc<Client>, ClientError> {
    cx.state(|state| state.clients.get(id).cloned()).ok_or_else(|| ClientError::Unknown(id.to_owned()))
}

/// Makes one.
pub fn create(cx: &Cx, said: Said, by: Actor) -> Result<Arc<Client>, ClientError> {
    if let Some(state) = said.state.filter(|state| *state != ClientState::Active) {
        return Err(ClientError::State(state));
    }
    let (id, secret, now) = (ClientId::from(cx.draw("oauth client").uuid()), secret(cx), cx.now());
    let client = cx.state(|state| {
        said.check(state)?;
        if state.clients.len() >= MOST {
            return Err(ClientError::TooMany);
        }
        let token_lifetime = said.lifetime();
        let client = Arc::new(Client {
            id: id.clone(),
            secret,
            name: said.name,
            description: said.description,
            grant: said.grant,
            redirect_uris: said.redirect_uris,
            signs_in: None,
            refresh_rotation: false,
            scopes: said.scopes,
            roles: said.roles,
            permissions: Vec::new(),
            token_lifetime,
            access_tokens: AccessTokens::default(),
            state: ClientState::Active,
            ends: said.ends,
            written: Some(Written { created: now, created_by: by.clone(), modified: now, modified_by: by }),
        });
        state.clients.insert(id.clone(), Arc::clone(&client));
        Ok(client)
    })?;
    cx.app.list_client(&id, &cx.org);
    Ok(client)
}

/// Changes one.
fn edit(
    cx: &Cx,
    id: &str,
    by: Actor,
    change: impl FnOnce(&OrgState, &mut Client) -> Result<(), ClientError>,
) -> Result<Arc<Client>, ClientError> {
    let now = cx.now();
    cx.state(|state| {
        let old = state.clients.get(id).ok_or_else(|| ClientError::Unknown(id.to_owned()))?;
        let mut client = Client::clone(old);
        change(state, &mut client)?;
        client.written = Some(match client.written {
            Some(written) => Written { modified: now, modified_by: by, ..written },
            // one of a scenario was there before anybody could make it
            None => Written { created: now, created_by: by.clone(), modified: now, modified_by: by },
        });
        let client = Arc::new(client);
        state.clients.insert(client.id.clone(), Arc::clone(&client));
        Ok(client)
    })
}

/// Writes one anew. What only scenarios say of a client stays as it is.
pub fn put(cx: &Cx, id: &str, said: Said, by: Actor) -> Result<Arc<Client>, ClientError> {
    let written = edit(cx, id, by, |state, client| {
        said.check(state)?;
        client.token_lifetime = said.lifetime();
        client.state = said.state.unwrap_or(client.state);
        client.name = said.name;
        client.description = said.description;
        client.grant = said.grant;
        client.redirect_uris = said.redirect_uris;
        client.scopes = said.scopes;
        client.roles = said.roles;
        client.ends = said.ends;
        Ok(())
    })?;
    if !written.works(cx.now()) {
        end_channels(cx);
    }
    Ok(written)
}

/// Gives one another secret; the old one is worth nothing from then on.
pub fn new_secret(cx: &Cx, id: &str, by: Actor) -> Result<Arc<Client>, ClientError> {
    let secret = secret(cx);
    edit(cx, id, by, |_, client| {
        client.secret = secret;
        Ok(())
    })
}

/// Takes one away, which has to be switched off before; and all that users granted it.
pub fn remove(cx: &Cx, id: &str) -> Result<(), ClientError> {
    let now = cx.now();
    let client = cx.state(|state| {
        let client = state.clients.get(id).ok_or_else(|| ClientError::Unknown(id.to_owned()))?;
        if client.works(now) {
            return Err(ClientError::Active);
        }
        let client = client.id.clone();
        state.clients.remove(&client);
        state.logins.revoke_those(|granted| granted.client == client);
        Ok(client)
    })?;
    cx.app.unlist_client(&client, &cx.org);
    end_channels(cx);
    Ok(())
}

/// What users granted a client: by whom, and since when.
#[derive(Clone, Debug)]
pub struct Authorized {
    /// The client.
    pub client: Arc<Client>,
    /// The user, by id and name.
    pub owner: (String, String),
    /// The first time.
    pub since: Timestamp,
    /// The last time.
    pub last: Timestamp,
}

/// Clients to which users have granted something: those of this user, or for an application those of all. One a client and
/// user, in the order of their ids.
pub fn authorized(cx: &Cx, by: &Actor) -> Vec<Authorized> {
    cx.state(|state| {
        let mut found: Vec<Authorized> = Vec::new();
        for granted in state.logins.all_granted() {
            let is_meant = !matches!(by, Actor::User(user) if *user != granted.user);
            let Some(client) = state.clients.get(&granted.client).filter(|_| is_meant) else { continue };
            let Some(user) = state.users.get(&granted.user) else { continue };
            let same = |one: &&mut Authorized| one.client.id == client.id && one.owner.0 == user.id.as_str();
            match found.iter_mut().find(same) {
                Some(known) => known.last = granted.since,
                None => found.push(Authorized {
                    client: Arc::clone(client),
                    owner: (user.id.to_string(), user.name.clone()),
                    since: granted.since,
                    last: granted.since,
                }),
            }
        }
        found.sort_by(|one, other| (&one.client.id, &one.owner).cmp(&(&other.client.id, &other.owner)));
        found
    })
}
