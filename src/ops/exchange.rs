//! A code or id token of an identity provider for the platform's own JWT, and refreshing that.

use std::sync::Arc;

use super::{
    cx::Cx,
    person_token,
    relying_party::{RelyingParty, issuer_of},
};
use crate::{
    base::{
        ids::DeploymentId,
        time::{Span, Timestamp},
    },
    domain::{
        deployment::Deployment,
        exchange::{ExchangeRefusal, Expected, IdTokenClaims, judge},
        person::Person,
        relying_party::Integration,
        visit::Refusal,
    },
    jose::{signer::SignError, verifier::Jws},
    store::org_state::{RefreshGrant, TokenKey},
};

/// The platform's JWT lives no longer than this.
const LONGEST: Span = Span::from_secs(900);

/// What an exchange is asked with.
#[derive(Clone, Debug, Default)]
pub struct Presented {
    /// `deploymentId`.
    pub deployment: Option<String>,
    /// `oauth.code`.
    pub code: Option<String>,
    /// `oauth.idToken`.
    pub id_token: Option<String>,
    /// `oauth.redirectUri`.
    pub redirect_uri: Option<String>,
    /// `oauth.codeVerifier`.
    pub verifier: Option<String>,
    /// `oauth.nonce`.
    pub nonce: Option<String>,
    /// `oauth.maxAge`, seconds.
    pub max_age: Option<i64>,
    /// `oauth.iss`.
    pub issuer: Option<String>,
}

/// What an exchange gives.
#[derive(Clone, Debug)]
pub struct Exchanged {
    /// The platform's JWT.
    pub jwt: String,
    /// Only for a code.
    pub refresh_token: Option<String>,
}

/// Why it gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// A parameter is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Nobody knows this deployment.
    #[error("there is no such deployment")]
    NoDeployment,
    /// The deployment trusts no identity provider.
    #[error("the deployment trusts no identity provider")]
    NotEnabled,
    /// Somebody is not who they say, or it cannot be found out.
    #[error("{0}")]
    Refused(#[from] ExchangeRefusal),
    /// The refresh token is worth nothing.
    #[error("the refresh token is unknown, expired or revoked")]
    BadRefreshToken,
    /// The signing threads have stopped.
    #[error("{0}")]
    Sign(#[from] SignError),
}

fn trusting(cx: &Cx, deployment: Option<&str>) -> Result<(Arc<Deployment>, Arc<Integration>), ExchangeError> {
    let id = deployment.ok_or(ExchangeError::Missing("deploymentId"))?;
    cx.state(|state| {
        let deployment = state.deployments.get(id).cloned().ok_or(ExchangeError::NoDeployment)?;
        let integration = deployment.integration.as_ref().and_then(|name| state.integrations.get(name));
        let integration = integration.filter(|_| deployment.authentication).cloned();
        Ok((deployment, integration.ok_or(ExchangeError::NotEnabled)?))
    })
}

/// Exchanges what the provider gave for a JWT of the platform.
pub async fn exchange(cx: &Cx, presented: &Presented) -> Result<Exchanged, ExchangeError> {
    let (deployment, integration) = trusting(cx, presented.deployment.as_deref())?;
    let relying_party = RelyingParty::new(cx, Arc::clone(&integration));
    let discovery = relying_party.discovery().await?;
    let (id_token, lifetime) = match (&presented.code, &presented.id_token) {
        (Some(code), None) => {
            let redirect_uri =
                presented.redirect_uri.as_deref().ok_or(ExchangeError::Missing("oauth.redirectUri"))?;
            let verifier = presented.verifier.as_deref();
            let redeemed = relying_party.redeem(&discovery, code, Some(redirect_uri), verifier).await?;
            let id_token = redeemed.id_token.ok_or_else(|| {
                ExchangeRefusal::CodeRefused(
                    "the provider gave no id token; was scope openid asked for?".into(),
                )
            })?;
            let lives = redeemed.expires_in.map_or(LONGEST, Span::from_secs);
            (id_token, LONGEST.min(lives))
        }
        (None, Some(_)) if !integration.implicit_flow => {
            return Err(ExchangeRefusal::ImplicitNotSupported.into());
        }
        (None, Some(_)) if presented.nonce.is_none() => return Err(ExchangeError::Missing("oauth.nonce")),
        (None, Some(id_token)) => (id_token.clone(), LONGEST),
        (Some(_), Some(_)) | (None, None) => {
            return Err(ExchangeError::Missing("exactly one of oauth.code and oauth.idToken"));
        }
    };
    let malformed = |why: &str| ExchangeRefusal::TokenMalformed(why.to_owned());
    let jws = Jws::parse(&id_token).ok_or_else(|| malformed("its parts are not base64url and JSON"))?;
    if jws.header.alg != "RS256" {
        return Err(ExchangeRefusal::AlgNotAllowed(jws.header.alg).into());
    }
    let claims: IdTokenClaims = jws.claims_as().ok_or_else(|| malformed("its claims have other types"))?;
    relying_party.verify(&discovery, &jws).await?;
    let issuer = issuer_of(&integration, &discovery, &claims);
    let expected = Expected {
        issuer: presented.issuer.as_deref().unwrap_or(&issuer),
        audience: &integration.client_id,
        nonce: presented.nonce.as_deref(),
        max_age: presented.max_age.map(Span::from_secs),
        skew: integration.clock_skew,
        minimum_lifetime: integration.minimum_lifetime,
    };
    let person = judge(&claims, &expected, cx.now())?;
    if let Some(nonce) = &presented.nonce {
        let key = (integration.name.clone(), nonce.clone());
        let used = cx.state(|state| {
            let used = state.nonces.get(&key).is_some();
            state.nonces.insert(key, ());
            used
        });
        if used {
            return Err(ExchangeRefusal::NonceReplayed.into());
        }
    }
    cx.journal(|draft| draft.note(format!("{} has signed in", person.subject)));
    let refresh_token = presented.code.is_some().then(|| grant(cx, &deployment.id, &integration, &person));
    let jwt = signed(cx, &deployment.id, person, lifetime).await?;
    Ok(Exchanged { jwt, refresh_token })
}

fn grant(cx: &Cx, deployment: &DeploymentId, integration: &Integration, person: &Person) -> String {
    let key = TokenKey::new(cx.draw("refresh token").bytes());
    let grant = RefreshGrant {
        person: person.clone(),
        deployment: deployment.clone(),
        expires: cx.now().plus(integration.refresh_lifetime),
        revoked: false,
    };
    cx.state(|state| state.refresh_grants.insert(key, grant));
    [cx.org.tag.as_str(), &key.text()].concat()
}

async fn signed(
    cx: &Cx,
    deployment: &DeploymentId,
    person: Person,
    lifetime: Span,
) -> Result<String, SignError> {
    let jti = cx.draw("person token").uuid();
    let (jwt, _) = person_token::issue(&cx.app, &cx.org, &cx.base, jti, deployment, person, lifetime).await?;
    Ok(jwt)
}

/// A fresh JWT for a refresh token, which stays as it is.
pub async fn refresh(
    cx: &Cx,
    token: Option<&str>,
    deployment: Option<&str>,
) -> Result<String, ExchangeError> {
    let token = token.ok_or(ExchangeError::Missing("refreshToken"))?;
    let now: Timestamp = cx.now();
    let found = super::cx::token_key(&cx.org, token)
        .and_then(|key| cx.state(|state| state.refresh_grants.get(&key).cloned()))
        .filter(|grant| !grant.revoked && now < grant.expires)
        .filter(|grant| deployment.is_none_or(|id| id == grant.deployment.as_str()));
    let grant = found.ok_or(ExchangeError::BadRefreshToken)?;
    Ok(signed(cx, &grant.deployment, grant.person, LONGEST).await?)
}

/// For the journal.
pub fn refusal(error: &ExchangeError) -> Refusal {
    let rule = match error {
        ExchangeError::Missing(_) => "parameters.missing",
        ExchangeError::NoDeployment => "deployment.unknown",
        ExchangeError::NotEnabled => "authentication.not.enabled",
        ExchangeError::Refused(refused) => refused.word(),
        ExchangeError::BadRefreshToken => "refresh.token.invalid",
        ExchangeError::Sign(_) => "signing.stopped",
    };
    Refusal::new(rule, error.to_string())
}
