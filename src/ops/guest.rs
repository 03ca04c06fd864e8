//! Guests of the guide dialect: made, renewed, shown.

use serde_json::value::RawValue;

use super::{
    access::{AccessError, Proved, Requirement, count, require},
    cx::Cx,
    guest_token::{self, LONGEST_CLAIMS, TokenRefusal},
};
use crate::{
    base::{
        draw::Mint,
        ids::{ClientId, GuestId},
    },
    domain::{
        guest::Guest,
        guest_token::{GuestClaims, WebchatClaim},
        visit::Refusal,
    },
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
    /// Its token would be one that nothing carries.
    #[error(
        "name, email and customAttributes make claims of {0} bytes; a guest JWT is carried in a request's head, and \
         claims of at most {LONGEST_CLAIMS} bytes fit"
    )]
    TooLong(usize),
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
    let GuestRequest { name, email, custom_attributes, guest_id, old_token } = request;
    let known = match (guest_id, old_token) {
        (Some(id), _) => Some((GuestId::from(id), None)),
        (None, Some(old)) => Some(guest_token::guest_of_old(cx, &old).await.map_err(|refusal| {
            cx.refuse(refusal.refusal());
            GuestError::OldToken(refusal)
        })?),
        (None, None) => None,
    };
    let said = WebchatClaim { guest_id: None, name, email, custom_attributes };
    let (now, stamp, jti) = (cx.now(), cx.token_time(), cx.draw("jti").uuid());
    let (guest, claims, expires_in) = cx
        .org
        .cell(|cell| {
            let state = &mut cell.state;
            let client = Some(caller.client().clone());
            let is_new = known.is_none();
            let guest = match known {
                Some((id, told)) => {
                    let guest = state.guests.get(&id).cloned();
                    let guest = guest.or_else(|| Some(of_token(cx, &id, told?, client)));
                    let mut guest = guest.ok_or_else(|| GuestError::Unknown(id.to_string()))?;
                    guest.renew(said);
                    guest
                }
                None => {
                    let mut mint = Mint::new(&cx.org.draws, cx.cause);
                    let mut id = GuestId::from(format!("guest-{}", mint.uuid("guest")));
                    // one of before a reset may have come back with the id that this visit draws
                    while state.guests.get(&id).is_some() {
                        id = GuestId::from(format!("guest-{}", mint.uuid("guest")));
                    }
                    made(cx, id, said, client)
                }
            };
            let rules = &state.settings.guest_tokens;
            let claims = GuestClaims::of(&guest, &cx.org.id, rules, &cx.base, stamp, jti);
            let expires_in = rules.lifetime.secs();
            let long = serde_json::to_vec(&claims).map_or(0, |json| json.len());
            if long > LONGEST_CLAIMS {
                return Err(GuestError::TooLong(long));
            }
            if is_new {
                let about = About {
                    guest: Some(guest.id.clone()),
                    client: guest.client.clone(),
                    conversation: Some(guest.conversation.clone()),
                    ..About::default()
                };
                cell.events.push(now, about, What::GuestCreated);
            }
            state.guests.insert(guest.id.clone(), guest.clone());
            state.issued_as(
                claims.iss.as_deref().unwrap_or_default(),
                claims.aud.as_ref().map_or(&[], |aud| aud.values()),
            );
            Ok((guest, claims, expires_in))
        })
        .inspect_err(|error| {
            let rule = if let GuestError::TooLong(_) = error { "oversized" } else { "guest.unknown" };
            cx.refuse(Refusal::new(rule, error.to_string()));
        })?;
    cx.journal(|draft| draft.subject().guest = Some(guest.id.clone()));
    let token = guest_token::sign(cx, TokenKind::Guest, claims).await?;
    Ok(GuestToken { guest, token, expires_in })
}

/// Who has a good token is known, even if the org was reset since, or had too many others: the token says who it is.
pub(super) fn known_again(cx: &Cx, id: &GuestId, told: &WebchatClaim) {
    let was_unknown = cx.state(|state| {
        let is_unknown = state.guests.get(id).is_none();
        if is_unknown {
            state.guests.insert(id.clone(), of_token(cx, id, told.clone(), None));
        }
        is_unknown
    });
    if was_unknown {
        cx.journal(|draft| draft.note(format!("guest {id} was not known, and is now as the token says")));
    }
}

fn of_token(cx: &Cx, id: &GuestId, mut told: WebchatClaim, client: Option<ClientId>) -> Guest {
    // tokens have an empty object where nothing was attached
    told.custom_attributes = told.custom_attributes.filter(|raw| raw.get() != "{}");
    made(cx, id.clone(), told, client)
}

/// The conversation hangs on the guest's id alone, so that it is the same again after a reset.
fn made(cx: &Cx, id: GuestId, told: WebchatClaim, client: Option<ClientId>) -> Guest {
    let conversation = cx.org.draws.named(&["conversation", id.as_str()], 0).uuid();
    Guest::of(id, client, conversation.into(), told)
}

/// Shows a guest.
pub async fn show(cx: &Cx, authorization: Option<&str>, id: &str) -> Result<Guest, GuestError> {
    require(cx, authorization, SEE).await?;
    cx.state(|state| state.guests.get(id).cloned()).ok_or_else(|| {
        cx.refuse(Refusal::new("guest.unknown", "There is no guest of this id in this org").seen(id));
        GuestError::Unknown(id.to_owned())
    })
}
