//! Guests of the guide dialect: made, renewed, shown.

use serde_json::value::RawValue;

use super::{
    access::{AccessError, Proved, Requirement, count, require},
    cx::Cx,
    guest_token::{self, TokenRefusal},
};
use crate::{
    base::{draw::Mint, ids::GuestId},
    domain::{guest::Guest, guest_token::GuestClaims, visit::Refusal},
    events::event::{About, What},
    faults::point::TokenKind,
    jose::signer::SignError,
    store::org_state::BucketKey,
};

/// What making a guest token takes.
const MAKE: Requirement = Requirement {
    scopes: &["webchat:guest:write"],
    permissions: &["webchat:guest:edit"],
    all: false,
    dialect: true,
};
/// What seeing a guest takes.
const SEE: Requirement = Requirement {
    scopes: &["webchat:guest:read"],
    permissions: &["webchat:guest:view"],
    all: false,
    dialect: true,
};

/// What a proxy says of a guest.
#[derive(Clone, Debug, Default)]
pub struct GuestRequest {
    /// Display name.
    pub name: Option<String>,
    /// Address; the guide sends null for none.
    pub email: Option<String>,
    /// An object.
    pub custom_attributes: Option<Box<RawValue>>,
    /// The guest to go on with.
    pub guest_id: Option<String>,
    /// An older token of the guest to go on with.
    pub old_token: Option<String>,
}

/// A guest token.
pub struct GuestToken {
    /// The guest.
    pub guest: Guest,
    /// The JWT.
    pub token: String,
    /// Seconds.
    pub expires_in: i64,
}

/// Why there is no guest token, or no guest.
#[derive(Debug, thiserror::Error)]
pub enum GuestError {
    /// The caller may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Nobody knows this guest.
    #[error("there is no guest {0}")]
    Unknown(String),
    /// The older token is none.
    #[error("the older token cannot be used: {0}")]
    OldToken(TokenRefusal),
    /// The signature failed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// May the caller make guest tokens? Asked before the body is read.
pub async fn admit(cx: &Cx, authorization: Option<&str>) -> Result<Proved, AccessError> {
    let proved = require(cx, authorization, MAKE).await?;
    // a bucket of its own, so that a proxy with a fresh access token for each guest runs into it too
    count(cx, BucketKey::Guest(proved.client().clone()), |limits| limits.guest)?;
    Ok(proved)
}

/// Makes a guest, or renews the token of one.
pub async fn issue(cx: &Cx, caller: &Proved, request: GuestRequest) -> Result<GuestToken, GuestError> {
    let known = match (&request.guest_id, &request.old_token) {
        (Some(id), _) => Some(id.clone()),
        (None, Some(old)) => Some(guest_token::guest_of_old(cx, old).await.map_err(|refusal| {
            cx.refuse(refusal.refusal());
            GuestError::OldToken(refusal)
        })?),
        (None, None) => None,
    };
    let (now, stamp, jti) = (cx.now(), cx.token_time(), cx.draw("jti").uuid());
    let (guest, claims, expires_in) = cx
        .org
        .cell(|cell| {
            let state = &mut cell.state;
            let guest = match known {
                Some(id) => {
                    let Some(guest) = state.guests.get_mut(id.as_str()) else {
                        return Err(GuestError::Unknown(id));
                    };
                    renew(guest, request);
                    guest.clone()
                }
                None => {
                    let guest = make(cx, caller, request);
                    let about = About {
                        guest: Some(guest.id.clone()),
                        client: Some(guest.client.clone()),
                        conversation: Some(guest.conversation.clone()),
                        ..About::default()
                    };
                    cell.events.push(now, about, What::GuestCreated);
                    state.guests.insert(guest.id.clone(), guest.clone());
                    guest
                }
            };
            let rules = &state.settings.guest_tokens;
            let claims = GuestClaims::of(&guest, &cx.org.id, rules, &cx.base, stamp, jti);
            let expires_in = rules.lifetime.secs();
            state.issued_as(
                claims.iss.as_deref().unwrap_or_default(),
                claims.aud.as_ref().map_or(&[], |aud| aud.values()),
            );
            Ok((guest, claims, expires_in))
        })
        .inspect_err(|error| cx.refuse(Refusal::new("guest.unknown", error.to_string())))?;
    cx.journal(|draft| draft.subject().guest = Some(guest.id.clone()));
    let token = guest_token::sign(cx, TokenKind::Guest, claims).await?;
    Ok(GuestToken { guest, token, expires_in })
}

fn renew(guest: &mut Guest, request: GuestRequest) {
    if let Some(name) = request.name {
        guest.name = name;
    }
    if request.email.is_some() {
        guest.email = request.email;
    }
    if request.custom_attributes.is_some() {
        guest.custom_attributes = request.custom_attributes;
    }
}

fn make(cx: &Cx, caller: &Proved, request: GuestRequest) -> Guest {
    let mut mint = Mint::new(&cx.org.draws, cx.cause);
    Guest {
        id: GuestId::from(format!("guest-{}", mint.uuid("guest"))),
        client: caller.client().clone(),
        name: request.name.unwrap_or_else(|| "Anonymous Guest".to_owned()),
        email: request.email,
        custom_attributes: request.custom_attributes,
        conversation: mint.uuid("conversation").into(),
    }
}

/// Shows a guest.
pub async fn show(cx: &Cx, authorization: Option<&str>, id: &str) -> Result<Guest, GuestError> {
    require(cx, authorization, SEE).await?;
    cx.state(|state| state.guests.get(id).cloned()).ok_or_else(|| {
        cx.refuse(Refusal::new("guest.unknown", "There is no guest of this id in this org").seen(id));
        GuestError::Unknown(id.to_owned())
    })
}
