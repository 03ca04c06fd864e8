//! The JWT with which somebody who has signed in configures an authenticated session, and signing out with it.

use super::{
    app::App,
    cx::Cx,
    guest_token::{TokenRefusal, sign_in_modes, signed_and_registered},
    org::Org,
};
use crate::{
    base::{
        ids::DeploymentId,
        time::{Span, Timestamp},
    },
    domain::{
        guest_token::{Audience, GuestClaims},
        person::Person,
        session::Event,
    },
    faults::effect::claims::ClaimsMode,
    jose::signer::SignError,
    store::org_state::PersonGrant,
};

/// `aud` of the token.
const AUDIENCE: &str = "webmessaging-authenticated";
/// How long it lives unless it is said.
pub const LIFETIME: Span = Span::from_secs(1800);

/// Who has signed in to what, as a token says that was found good.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// To what.
    pub deployment: DeploymentId,
    /// Until when, in the org's time.
    pub expires: Timestamp,
}

/// Why nobody has signed in.
#[derive(Debug, thiserror::Error)]
pub enum PersonTokenError {
    /// No token came.
    #[error("no token came")]
    Missing,
    /// It is not good.
    #[error("{0}")]
    Bad(#[from] TokenRefusal),
    /// It does not say who, or to what.
    #[error("it is not a token of somebody who has signed in")]
    Nobody,
    /// It was made for another deployment.
    #[error("it was made for deployment {0}")]
    OtherDeployment(String),
    /// Its owner has signed out.
    #[error("its owner has signed out")]
    Revoked,
}

impl PersonTokenError {
    /// The reason, as answers and the journal have it; `None` when the token is not one of ours.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Bad(refusal) => refusal.reason(),
            Self::Revoked => Some("revoked"),
            Self::Missing | Self::Nobody | Self::OtherDeployment(_) => None,
        }
    }
}

/// A token to be made.
pub struct Order<'a> {
    /// Its id.
    pub jti: String,
    /// To what somebody has signed in.
    pub deployment: &'a DeploymentId,
    /// Who.
    pub person: Person,
    /// How long it lives.
    pub lifetime: Span,
    /// How it is wrong.
    pub modes: &'a [ClaimsMode],
}

/// Signs a token for somebody. `base` is what `iss` is made of.
pub async fn issue(
    app: &App,
    org: &Org,
    base: &str,
    order: Order<'_>,
) -> Result<(String, Timestamp), SignError> {
    let Order { jti, deployment, person, lifetime, modes } = order;
    let now = org.token_time(org.clock.now());
    let expires = now.plus(lifetime);
    let issuer = org.state(|state| {
        let issuer = state.settings.guest_tokens.issuer(base);
        state.issued_as(&issuer, &[]);
        let (person, deployment) = (person.clone(), deployment.clone());
        state.person_jwts.insert(jti.clone(), PersonGrant { person, deployment, expires, revoked: false });
        issuer
    });
    let claims = GuestClaims {
        iss: Some(issuer),
        aud: Some(Audience::One(AUDIENCE.to_owned())),
        sub: Some(person.subject.clone()),
        iat: Some(now.seconds()),
        nbf: None,
        exp: Some(expires.seconds()),
        jti: Some(jti),
        permissions: None,
        webchat: None,
        org_id: Some(org.id.to_string()),
        deployment_id: Some(deployment.to_string()),
        conversation_id: None,
        person: Some(person),
        padding: None,
    };
    Ok((sign_in_modes(app, org, now, claims, modes).await?, expires))
}

/// The id of a token that nobody asked an identity provider for.
pub fn next_id(org: &Org) -> String {
    let nth = org.state(|state| {
        state.person_tokens += 1;
        state.person_tokens
    });
    org.draws.named(&["person token"], nth).uuid()
}

/// Who a token speaks for.
pub async fn verify(cx: &Cx, token: Option<&str>) -> Result<SignedIn, PersonTokenError> {
    let token = token.ok_or(PersonTokenError::Missing)?;
    let claims = signed_and_registered(cx, token, AUDIENCE).await?;
    let (Some(person), Some(deployment)) = (claims.person, claims.deployment_id) else {
        return Err(PersonTokenError::Nobody);
    };
    let id = claims.jti.unwrap_or_default();
    let revoked = cx.state(|state| {
        let signed_out = state.person_jwts.get(&id).is_some_and(|known| known.revoked);
        signed_out || state.revoked_tokens.get(&id).is_some()
    });
    if revoked {
        return Err(PersonTokenError::Revoked);
    }
    let seconds = Span::from_secs(claims.exp.unwrap_or_default());
    let expires = cx.of_token_time(Timestamp::default().plus(seconds));
    Ok(SignedIn { person, deployment: deployment.into(), expires })
}

/// Who a token speaks for on this deployment.
pub async fn verify_for(
    cx: &Cx,
    token: Option<&str>,
    deployment: Option<&str>,
) -> Result<SignedIn, PersonTokenError> {
    let signed_in = verify(cx, token).await?;
    match deployment {
        Some(id) if id != signed_in.deployment.as_str() => {
            Err(PersonTokenError::OtherDeployment(signed_in.deployment.to_string()))
        }
        _ => Ok(signed_in),
    }
}

/// Signs out everywhere: every JWT and refresh token of the person is worth nothing any more, and its sessions end on all
/// of their sockets.
pub fn sign_out(cx: &Cx, signed_in: SignedIn) {
    let SignedIn { person, deployment, .. } = signed_in;
    let wave = cx.wave();
    cx.org.cell(|cell| {
        cell.state.revoke_all(&person, &deployment);
        let step = cx.step(wave.as_ref());
        for token in cell.state.signed_in.remove(&(deployment, person.key())).unwrap_or_default() {
            if cell.state.sessions.get(&token).is_some_and(|session| session.is_of(&person)) {
                step.run(cell, &token, Event::Logout);
                cell.state.sessions.part(&token);
            }
        }
    });
}
