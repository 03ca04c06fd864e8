//! A code or id token of an identity provider for the platform's own JWT, and refreshing that.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value};

use super::{
    cx::Cx,
    guest_token::injected,
    person_token::{self, Order},
    relying_party::{Discovery, RelyingParty, issuer_of, known_issuer},
};
use crate::{
    base::{
        ids::DeploymentId,
        time::{Span, Timestamp},
    },
    domain::{
        claim_attributes::Mapped,
        deployment::Deployment,
        exchange::{ExchangeRefusal, Expected, IdTokenClaims, judge},
        person::Person,
        relying_party::Integration,
        visit::Refusal,
    },
    faults::point::TokenKind,
    jose::{signer::SignError, verifier::Jws},
    store::org_state::{PersonGrant, TokenKey},
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
        let integration =
            deployment.sign_in.integration.as_ref().and_then(|name| state.integrations.get(name));
        let integration = integration.filter(|_| deployment.authentication).cloned();
        Ok((deployment, integration.ok_or(ExchangeError::NotEnabled)?))
    })
}

/// What the client proves itself with.
enum Proof<'a> {
    Code { code: &'a str, redirect_uri: &'a str },
    IdToken(&'a str),
}

impl Presented {
    /// Which of the two flows this is.
    fn proof(&self) -> Result<Proof<'_>, ExchangeError> {
        let missing = |name| Err(ExchangeError::Missing(name));
        match (&self.code, &self.id_token, &self.redirect_uri) {
            (Some(code), None, Some(redirect_uri)) => Ok(Proof::Code { code, redirect_uri }),
            (Some(_), None, None) => missing("oauth.redirectUri"),
            (None, Some(_), _) if self.nonce.is_none() => missing("oauth.nonce"),
            (None, Some(id_token), _) => Ok(Proof::IdToken(id_token)),
            (Some(_), Some(_), _) | (None, None, _) => missing("exactly one of oauth.code and oauth.idToken"),
        }
    }
}

/// Exchanges what the provider gave for a JWT of the platform.
pub async fn exchange(cx: &Cx, presented: &Presented) -> Result<Exchanged, ExchangeError> {
    let (deployment, integration) = trusting(cx, presented.deployment.as_deref())?;
    let proof = presented.proof()?;
    if matches!(proof, Proof::IdToken(_)) && !integration.implicit_flow {
        return Err(ExchangeRefusal::ImplicitNotSupported.into());
    }
    let relying_party = RelyingParty::new(cx, Arc::clone(&integration));
    let discovery = relying_party.discovery().await?;
    let (id_token, lifetime) = match &proof {
        Proof::IdToken(id_token) => ((*id_token).to_owned(), LONGEST),
        Proof::Code { code, redirect_uri } => {
            let verifier = presented.verifier.as_deref();
            let redeemed = relying_party.redeem(&discovery, code, redirect_uri, verifier).await?;
            let lives = redeemed.lives().map_or(LONGEST, |lives| LONGEST.min(lives));
            let without = "the provider gave no id token; was scope openid asked for?";
            (redeemed.id_token.ok_or_else(|| ExchangeRefusal::CodeRefused(without.to_owned()))?, lives)
        }
    };
    let person = proved(&relying_party, &discovery, &id_token, presented).await?;
    let person = told(cx, &deployment, person, &id_token);
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
    let with_code = matches!(proof, Proof::Code { .. });
    let refresh_token = with_code.then(|| grant(cx, &deployment.id, &integration, &person));
    let jwt = signed(cx, &deployment.id, person, lifetime).await?;
    Ok(Exchanged { jwt, refresh_token })
}

/// Whom an id token speaks for: algorithm, signature and claims, in this order.
async fn proved(
    relying_party: &RelyingParty<'_>,
    discovery: &Discovery,
    id_token: &str,
    presented: &Presented,
) -> Result<Person, ExchangeRefusal> {
    let malformed = |why: &str| ExchangeRefusal::TokenMalformed(why.to_owned());
    let jws = Jws::parse(id_token).ok_or_else(|| malformed("its parts are not base64url and JSON"))?;
    if jws.header.alg != "RS256" {
        return Err(ExchangeRefusal::AlgNotAllowed(jws.header.alg));
    }
    let claims: IdTokenClaims = jws.claims_as().ok_or_else(|| malformed("its claims have other types"))?;
    relying_party.verify(discovery, &jws).await?;
    let RelyingParty { cx, integration } = relying_party;
    let issuer = issuer_of(integration, discovery, presented.issuer.as_deref(), &claims);
    let expected = Expected {
        issuer: &issuer,
        audience: &integration.client_id,
        nonce: presented.nonce.as_deref(),
        max_age: presented.max_age.map(Span::from_secs),
        skew: integration.clock_skew,
        minimum_lifetime: integration.minimum_lifetime,
    };
    let person = judge(&claims, &expected, cx.token_time()).map_err(|refused| {
        // another nonce than the one that was sent, and one that was used before: that is the better reason
        let used = claims.nonce().map(|nonce| (integration.name.clone(), nonce.to_owned()));
        let replayed = used.is_some_and(|used| cx.state(|state| state.nonces.get(&used).is_some()));
        match refused {
            ExchangeRefusal::NonceMismatch if replayed => ExchangeRefusal::NonceReplayed,
            other => other,
        }
    })?;
    Ok(Person { issuer: known_issuer(integration, &claims), ..person })
}

/// The person with the attributes that the deployment makes of claims.
fn told(cx: &Cx, deployment: &Deployment, person: Person, id_token: &str) -> Person {
    let claims: Map<String, Value> = Jws::parse(id_token).and_then(|jws| jws.claims_as()).unwrap_or_default();
    let attributes = attributes(cx, deployment, |claim| claims.get(claim));
    Person { attributes, ..person }
}

/// The attributes that a deployment makes of claims. The journal is told of which, but not what they are.
pub(super) fn attributes<'a>(
    cx: &Cx,
    deployment: &Deployment,
    claim: impl Fn(&str) -> Option<&'a Value>,
) -> BTreeMap<String, String> {
    let Mapped { attributes, left_out } = deployment.sign_in.claim_attributes.of(claim);
    let names = |names: Vec<&str>| names.join(", ");
    if !attributes.is_empty() {
        let names = names(attributes.keys().map(String::as_str).collect());
        cx.journal(|draft| draft.note(format!("claims became the attributes {names}")));
    }
    if !left_out.is_empty() {
        let names = names(left_out.iter().map(String::as_str).collect());
        cx.journal(|draft| draft.note(format!("no room was left for the attributes {names}")));
    }
    attributes
}

fn grant(cx: &Cx, deployment: &DeploymentId, integration: &Integration, person: &Person) -> String {
    let key = TokenKey::new(cx.draw("refresh token").bytes());
    let grant = PersonGrant {
        person: person.clone(),
        deployment: deployment.clone(),
        expires: cx.now().plus(integration.refresh_lifetime),
        revoked: false,
    };
    cx.state(|state| state.refresh_grants.insert(key, grant));
    key.marked(&cx.org.tag)
}

async fn signed(
    cx: &Cx,
    deployment: &DeploymentId,
    person: Person,
    lifetime: Span,
) -> Result<String, SignError> {
    let jti = cx.draw("person token").uuid();
    let modes = injected(cx, TokenKind::Messaging);
    let order = Order { jti, deployment, person, lifetime, modes: &modes };
    let (jwt, _) = person_token::issue(&cx.app, &cx.org, &cx.base, order).await?;
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
