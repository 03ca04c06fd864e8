//! Who comes with what an upgrade presents: a guest with a token of ours, or (guide dialect) a person with a JWT of the
//! deployment's identity provider, or an application with an access token.

use super::{
    access::{self, Proved},
    cx::Cx,
    exchange,
    guest_token::{self, LONGEST, TokenRefusal},
    keys,
};
use crate::{
    base::{codec::looks_like_jws, time::Timestamp},
    domain::{
        deployment::{Admission, Deployment},
        guest_token::GuestIdentity,
        handshake::{AUDIENCES, CHALLENGE_LIFETIME, Challenge, NonceRule, SubjectRule, Unfit},
        id_token::IdClaims,
        keyring::RingName,
        person::Person,
        registered::{Expected, judge_registered},
        visit::Refusal,
    },
    jose::verifier::Jws,
};

/// Who it is.
pub enum Visitor {
    /// It was not asked.
    Anyone,
    /// An application, with an access token.
    Client(Proved),
    /// A guest.
    Guest(GuestIdentity),
    /// Somebody who has signed in, until then.
    Person(Person, Timestamp),
}

/// Finds out who it is.
pub async fn identify(
    cx: &Cx,
    deployment: &Deployment,
    credential: Option<&str>,
) -> Result<Visitor, TokenRefusal> {
    let provider = deployment.handshake.provider.as_deref();
    if let Some((name, token)) = provider.zip(credential)
        && guest_token::is_begun(cx, &RingName::Idp(name.to_owned()), token)
    {
        return Err(TokenRefusal::Truncated);
    }
    let credential = credential.filter(|token| !token.is_empty());
    if deployment.handshake.wants_access_tokens() {
        return application(cx, deployment, credential).await;
    }
    match (credential, deployment.admission) {
        (None, _) if deployment.handshake.nonce == NonceRule::Required => Err(Unfit::NonceMissing.into()),
        (None, Admission::GuestToken) => Err(TokenRefusal::Missing),
        (None, _) => Ok(Visitor::Anyone),
        (Some(token), _) => match provider.zip(foreign(cx, token)) {
            Some((name, jws)) => person(cx, deployment, name, token, &jws).await,
            None => Ok(Visitor::Guest(guest_token::verify(cx, token, deployment.strict_issuer).await?)),
        },
    }
}

/// An application with an access token that has the scopes which are wanted here.
async fn application(
    cx: &Cx,
    deployment: &Deployment,
    credential: Option<&str>,
) -> Result<Visitor, TokenRefusal> {
    let token = credential.ok_or_else(|| {
        let scopes = deployment.handshake.required_scopes.join(" ");
        let refusal = Refusal::new("token.missing", "No access token came, and this deployment wants one");
        TokenRefusal::Access(refusal.expected(format!("an access token with scope {scopes}")))
    })?;
    if cx.claimed.of_another_org {
        let (seen, expected) = ("that of another org".to_owned(), cx.org.id.to_string());
        return Err(Unfit::Org { seen, expected }.into());
    }
    let proved = access::judge(cx, token).await.map_err(TokenRefusal::Access)?;
    deployment.handshake.check_granted(&proved.token.client.scopes)?;
    Ok(Visitor::Client(proved))
}

/// A JWT that is not by a key of the platform.
fn foreign<'a>(cx: &Cx, token: &'a str) -> Option<Jws<'a>> {
    let jws = looks_like_jws(token).then(|| Jws::parse(token)).flatten()?;
    let (kid, now) = (jws.header.kid.as_deref(), cx.now());
    cx.state(|state| state.platform_keys.named(kid, now).is_empty()).then_some(jws)
}

async fn person(
    cx: &Cx,
    deployment: &Deployment,
    provider: &str,
    token: &str,
    jws: &Jws<'_>,
) -> Result<Visitor, TokenRefusal> {
    let ring = RingName::Idp(provider.to_owned());
    let foreign = |why: String| TokenRefusal::Foreign(why);
    let claims: IdClaims =
        jws.claims_as().ok_or_else(|| foreign("its claims have other types".to_owned()))?;
    // as everywhere, a token is good under each name that the emulator has
    let path = format!("/idp/{provider}");
    let own = format!("{}{path}", cx.base);
    let issued_here = claims.iss.as_deref().is_some_and(|iss| iss.ends_with(&path));
    let kid = jws.header.kid.as_deref().unwrap_or("missing");
    let unsigned = match jws.header.alg.as_str() {
        "RS256" => {
            let signed = keys::signed(cx, &ring, jws).await;
            match signed.map_err(|error| TokenRefusal::Key(error.to_string()))? {
                Some(true) => None,
                Some(false) => Some(TokenRefusal::Signature(format!("the key {kid} did not make it"))),
                None => Some(TokenRefusal::UnknownKey(format!("kid {kid} is not a key of {provider}"))),
            }
        }
        alg => Some(TokenRefusal::Algorithm(format!("alg is {alg}, expected RS256"))),
    };
    match unsigned {
        Some(refusal) if issued_here => return Err(refusal),
        Some(refusal) => return Err(foreign(refusal.to_string())),
        None if token.len() > LONGEST => return Err(TokenRefusal::Oversized(token.len())),
        None => {}
    }
    let expires = registered(
        cx,
        &claims,
        if deployment.strict_issuer || !issued_here { own } else { claims.iss.clone().unwrap_or_default() },
    )?;
    let subject = claims.sub.clone().unwrap_or_default();
    if deployment.handshake.subject == SubjectRule::Known && !is_known(cx, &subject) {
        return Err(Unfit::Subject(subject).into());
    }
    deployment.handshake.check_scopes(&claims, &cx.org.id)?;
    if deployment.handshake.nonce == NonceRule::Required {
        answer(cx, deployment, claims.nonce.as_deref())?;
    }
    let told = |name: &str| claims.told.get(name).and_then(|text| text.as_str()).map(str::to_owned);
    let (first_name, last_name) = (told("given_name"), told("family_name"));
    let attributes = exchange::attributes(cx, deployment, |claim| claims.told.get(claim));
    let (email, issuer) = (told("email"), claims.iss.clone());
    let person = Person { subject, issuer, first_name, last_name, email, attributes };
    cx.journal(|draft| draft.note(format!("{} has signed in", person.subject)));
    Ok(Visitor::Person(person, expires))
}

/// Judges what every token claims. Answers when it expires.
fn registered(cx: &Cx, claims: &IdClaims, issuer: String) -> Result<Timestamp, TokenRefusal> {
    let region = cx.state(|state| state.settings.region.clone());
    let (issuers, audiences) = ([issuer], AUDIENCES.map(str::to_owned));
    let expected =
        Expected { now: cx.token_time(), region: &region, issuers: &issuers, audiences: &audiences };
    let (_, exp) = judge_registered(claims, &expected)?;
    Ok(cx.of_token_time(Timestamp::from_micros(exp * 1_000_000)))
}

/// Is this the id or the address of a user?
fn is_known(cx: &Cx, subject: &str) -> bool {
    cx.state(|state| {
        let mut users = state.users.values();
        users.any(|user| user.id.as_str() == subject || user.email.eq_ignore_ascii_case(subject))
    })
}

fn answer(cx: &Cx, deployment: &Deployment, nonce: Option<&str>) -> Result<(), Unfit> {
    let nonce = nonce.ok_or(Unfit::NonceMissing)?;
    cx.state(|state| match state.challenges.get_mut(nonce) {
        None => Err(Unfit::NonceMismatch("was never given out here")),
        Some(challenge) => challenge.answer(&deployment.id, cx.now()),
    })
}

/// A fresh nonce, if the deployment wants one.
pub fn challenge(cx: &Cx, deployment: &Deployment) -> Option<String> {
    (deployment.handshake.nonce == NonceRule::Required).then(|| {
        let nonce = cx.draw("challenge").uuid();
        let expires = cx.now().plus(CHALLENGE_LIFETIME);
        let challenge = Challenge { deployment: deployment.id.clone(), expires, used: false };
        cx.state(|state| state.challenges.insert(nonce.clone(), challenge));
        nonce
    })
}
