//! The JWT with which somebody who has signed in configures an authenticated session, and signing out with it.

use super::{
    app::App,
    cx::Cx,
    guest_token::{TokenRefusal, sign_in_modes, signed_and_registered},
    org::Org,
    step::Step,
};
use crate::{
    base::{
        ids::DeploymentId,
        time::{Span, Timestamp},
    },
    domain::{
        guest_token::{Audience, GuestClaims, Wrong},
        person::Person,
        session::Event,
    },
    faults::effect::claims::ClaimsMode,
    jose::signer::SignError,
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
    id: String,
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
            Self::Revoked => Some(Wrong::Revoked.rule()),
            Self::Missing | Self::Nobody | Self::OtherDeployment(_) => None,
        }
    }
}

/// Signs a token for somebody, without asking an identity provider; wrongly in these ways. `base` is what
/// `iss` is made of.
pub async fn issue(
    app: &App,
    org: &Org,
    base: &str,
    deployment: &DeploymentId,
    person: Person,
    lifetime: Span,
    modes: &[ClaimsMode],
) -> Result<(String, Timestamp), SignError> {
    let now = org.clock.now();
    let expires = now.plus(lifetime);
    let (issuer, nth) = org.state(|state| {
        let issuer = state.settings.guest_tokens.issuer(base);
        state.issued_as(&issuer, &[]);
        state.person_tokens += 1;
        (issuer, state.person_tokens)
    });
    let claims = GuestClaims {
        iss: Some(issuer),
        aud: Some(Audience::One(AUDIENCE.to_owned())),
        sub: Some(person.subject.clone()),
        iat: Some(now.seconds()),
        nbf: None,
        exp: Some(expires.seconds()),
        jti: Some(org.draws.named(&["person token"], nth).uuid()),
        permissions: None,
        webchat: None,
        org_id: Some(org.id.to_string()),
        deployment_id: Some(deployment.to_string()),
        person: Some(person),
        padding: None,
    };
    Ok((sign_in_modes(app, org, now, claims, modes).await?, expires))
}

/// Who a token speaks for.
pub async fn verify(cx: &Cx, token: Option<&str>) -> Result<SignedIn, PersonTokenError> {
    let token = token.ok_or(PersonTokenError::Missing)?;
    let claims = signed_and_registered(cx, token, AUDIENCE).await?;
    let (Some(person), Some(deployment)) = (claims.person, claims.deployment_id) else {
        return Err(PersonTokenError::Nobody);
    };
    let id = claims.jti.ok_or(TokenRefusal::Claims(Wrong::NoSubject))?;
    if cx.state(|state| state.revoked_tokens.get(&id).is_some()) {
        return Err(PersonTokenError::Revoked);
    }
    Ok(SignedIn { person, deployment: deployment.into(), id })
}

/// Who a token speaks for on this deployment.
pub async fn verify_for(
    cx: &Cx,
    token: Option<&str>,
    deployment: Option<&str>,
) -> Result<Person, PersonTokenError> {
    let signed_in = verify(cx, token).await?;
    match deployment {
        Some(id) if id != signed_in.deployment.as_str() => {
            Err(PersonTokenError::OtherDeployment(signed_in.deployment.to_string()))
        }
        _ => Ok(signed_in.person),
    }
}

/// Signs out: the token is worth nothing any more, and the session of its owner ends on all of its sockets.
pub fn sign_out(cx: &Cx, signed_in: SignedIn) {
    let SignedIn { person, deployment, id } = signed_in;
    let wave = cx.wave();
    cx.org.cell(|cell| {
        cell.state.revoked_tokens.insert(id, ());
        let session = cell.state.signed_in.remove(&(deployment, person.subject.clone()));
        let Some(token) = session else {
            return;
        };
        if cell.state.sessions.get(&token).is_some_and(|session| session.is_of(&person)) {
            let step = Step {
                app: &cx.app,
                org: &cx.org,
                cause: cx.cause,
                now: cx.now(),
                requester: None,
                wave: wave.as_ref(),
            };
            step.run(cell, &token, Event::Logout);
        }
    });
}
