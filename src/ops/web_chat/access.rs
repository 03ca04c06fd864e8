//! Whom a guest's call speaks for: its own JWT with or without `Bearer`, a guest JWT of the guide dialect, or what clients send
//! whose logger has replaced the credential.

use crate::{
    base::{codec::looks_like_jws, time::Span},
    domain::{
        conversation::{Conversation, Purpose},
        guest_token::{Audience, GuestClaims, GuestIdentity, WebchatClaim, Wrong},
        visit::Refusal,
        web_chat::MemberInfo,
    },
    faults::point::TokenKind,
    jose::signer::SignError,
    ops::{
        access::bearer,
        cx::Cx,
        guest_token::{self, TokenRefusal, not_revoked, signed_and_registered},
    },
    store::org_state::OrgState,
};

/// `aud` of the JWT.
const AUDIENCE: &str = "webchat";
/// How long it is good: there is no other for the same chat.
const LIFETIME: Span = Span::from_secs(24 * 3600);
/// What the logger of some clients leaves of a credential.
const REDACTED: &str = "[REDACTED]";

/// Why a call is nobody's.
#[derive(Debug, thiserror::Error)]
pub enum GuestAccessError {
    /// There is no credential.
    #[error("no guest JWT came")]
    Missing,
    /// It was good.
    #[error("the guest JWT has expired")]
    Expired,
    /// It is not.
    #[error("the guest JWT is not good")]
    Bad,
    /// The guest is not of this conversation.
    #[error("the guest takes no part in this conversation")]
    NotOwn,
}

/// The JWT of the guest of a chat.
pub(super) async fn issue(
    cx: &Cx,
    conversation: &str,
    guest: &str,
    member: &MemberInfo,
) -> Result<String, SignError> {
    let now = cx.token_time();
    let claims = GuestClaims {
        iss: Some(guest_token::issuer(cx)),
        aud: Some(Audience::One(AUDIENCE.to_owned())),
        sub: Some(guest.to_owned()),
        iat: Some(now.seconds()),
        exp: Some(now.plus(LIFETIME).seconds()),
        jti: Some(cx.draw("jti").uuid()),
        webchat: Some(WebchatClaim {
            guest_id: Some(guest.to_owned()),
            name: Some(member.display_name.clone()),
            email: None,
            custom_attributes: None,
        }),
        org_id: Some(cx.org.id.to_string()),
        conversation_id: Some(conversation.to_owned()),
        ..GuestClaims::default()
    };
    guest_token::sign(cx, TokenKind::Guest, claims).await
}

fn refused(cx: &Cx, refusal: TokenRefusal) -> GuestAccessError {
    cx.refuse(refusal.refusal());
    match refusal {
        TokenRefusal::Claims(Wrong::Expired { .. }) => GuestAccessError::Expired,
        _ => GuestAccessError::Bad,
    }
}

/// The chat that a guest's own JWT is of, its guest, and until when.
pub(super) async fn verify(cx: &Cx, token: &str) -> Result<(String, GuestIdentity), TokenRefusal> {
    let claims = signed_and_registered(cx, token, AUDIENCE).await?;
    not_revoked(cx, &claims)?;
    let GuestClaims { sub, exp, conversation_id, .. } = claims;
    let guest = sub.ok_or(Wrong::NoSubject)?;
    let expires = crate::base::time::Timestamp::default().plus(Span::from_secs(exp.unwrap_or_default()));
    let identity = GuestIdentity { id: guest.into(), expires: cx.of_token_time(expires) };
    Ok((conversation_id.unwrap_or_default(), identity))
}

/// Whom an event stream's JWT speaks for.
pub(super) async fn of_stream(cx: &Cx, token: &str) -> Result<(String, GuestIdentity), GuestAccessError> {
    if cx.claimed.of_another_org {
        return Err(of_another_org(cx));
    }
    verify(cx, token).await.map_err(|refusal| refused(cx, refusal))
}

fn of_another_org(cx: &Cx) -> GuestAccessError {
    let reason = "The guest JWT was issued by another org than the one that was addressed";
    cx.refuse(Refusal::new("of.another.org", reason).expected(format!("a JWT of org {}", cx.org.id)));
    GuestAccessError::Bad
}

/// The guest of the guide dialect whose JWT comes when a chat is made, where none is needed. Anything else that comes there
/// is passed over.
pub(super) async fn of_guide(
    cx: &Cx,
    authorization: Option<&str>,
) -> Result<Option<GuestIdentity>, GuestAccessError> {
    let Some(token) = bearer(authorization).filter(|token| looks_like_jws(token)) else { return Ok(None) };
    match guest_token::verify(cx, token, false).await {
        Ok(guest) => Ok(Some(guest)),
        // that of an earlier chat
        Err(TokenRefusal::Claims(Wrong::Audience { .. })) => Ok(None),
        Err(refusal) if refusal.is_ours() => Err(refused(cx, refusal)),
        Err(_) => Ok(None),
    }
}

/// A chat of the org.
fn chat<'a>(state: &'a OrgState, id: &str) -> Option<&'a Conversation> {
    state.conversations.get(id).filter(|known| known.chat.is_some())
}

/// Lets a guest in that speaks in a conversation. `member` is who it says that it is, where the path does.
pub async fn admit(
    cx: &Cx,
    authorization: Option<&str>,
    conversation: &str,
    member: Option<&str>,
) -> Result<(), GuestAccessError> {
    // clients send it with and without a scheme
    let given = bearer(authorization).or(authorization).map(str::trim);
    let given = given.filter(|given| !given.is_empty() && !given.eq_ignore_ascii_case("bearer"));
    let Some(token) = given else {
        cx.refuse(
            Refusal::new("chat_token.missing", "No guest JWT came").expected("Authorization: Bearer …"),
        );
        return Err(GuestAccessError::Missing);
    };
    if token == REDACTED {
        return redacted(cx, conversation, member);
    }
    if cx.claimed.of_another_org {
        return Err(of_another_org(cx));
    }
    let own = match verify(cx, token).await {
        Ok((known, guest)) => {
            known == conversation
                && cx.state(|state| {
                    chat(state, conversation).is_some_and(|known| {
                        known.participants().next().is_some_and(|one| one.side.id == guest.id.as_str())
                    })
                })
        }
        Err(TokenRefusal::Claims(Wrong::Audience { .. })) => {
            let guest =
                guest_token::verify(cx, token, false).await.map_err(|refusal| refused(cx, refusal))?;
            cx.state(|state| {
                chat(state, conversation).is_some_and(|known| {
                    known.participants().next().is_some_and(|one| one.guest.as_ref() == Some(&guest.id))
                })
            })
        }
        Err(refusal) => return Err(refused(cx, refusal)),
    };
    if own {
        return Ok(());
    }
    cx.refuse(Refusal::new("conversation.not_own", "The guest JWT is not of this conversation"));
    Err(GuestAccessError::NotOwn)
}

/// The path says who it is, if it is somebody who is there.
fn redacted(cx: &Cx, conversation: &str, member: Option<&str>) -> Result<(), GuestAccessError> {
    let is_let_in = cx.state(|state| {
        let live = chat(state, conversation).is_some_and(|known| {
            let here = known.present(Purpose::Customer).next().is_some();
            here && member.is_none_or(|id| known.participant(id).is_some())
        });
        state.settings.accept_redacted_authorization && live
    });
    if is_let_in {
        cx.journal(|draft| {
            draft.note("the literal [REDACTED] was taken for the credential of the path's guest")
        });
        return Ok(());
    }
    let refusal = Refusal::new("chat_token.missing", "No guest JWT came").expected("Authorization: Bearer …");
    cx.refuse(refusal.seen("the literal [REDACTED], which is a bug of the client's logger"));
    Err(GuestAccessError::Missing)
}
