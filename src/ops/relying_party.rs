//! The platform at the identity provider's door: it fetches discovery documents and key sets, and redeems codes.

use std::{net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, Method, Uri, header};
use serde::Deserialize;
use serde_json::Value;

use super::{
    cx::Cx,
    fetch::{Answered, Outgoing, fetch},
    trace,
};
use crate::{
    base::time::Span,
    domain::{
        exchange::{ExchangeRefusal, IdTokenClaims},
        keyring::RingName,
        relying_party::{Fetched, Integration, Memory, Provider, fresh, lifetime},
    },
    jose::{
        key_set::{KeySet, Verified},
        verifier::Jws,
    },
};

/// What the platform reads of a discovery document.
#[derive(Clone, Debug, Deserialize)]
pub struct Discovery {
    /// `issuer`.
    pub issuer: String,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
}

/// What the provider's token endpoint gives for a code.
#[derive(Clone, Debug, Deserialize)]
pub struct Redeemed {
    /// The id token.
    pub id_token: Option<String>,
    expires_in: Option<Value>,
}

impl Redeemed {
    /// How long the provider's access token lives. Some providers write the number as text.
    pub fn lives(&self) -> Option<Span> {
        let told = self.expires_in.as_ref()?;
        let seconds = told.as_i64().or_else(|| told.as_str()?.parse().ok())?;
        Some(Span::from_secs(seconds.max(0)))
    }
}

/// An error of the provider's token endpoint (RFC 6749 section 5.2).
#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenError {
    error: String,
    error_description: String,
}

/// One of the two documents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Document {
    Discovery,
    KeySet,
}

impl Document {
    fn kept(self, memory: &Memory) -> Option<&Fetched> {
        match self {
            Self::Discovery => memory.discovery.as_ref(),
            Self::KeySet => memory.key_set.as_ref(),
        }
    }

    fn keep(self, memory: &mut Memory, document: Fetched) {
        match self {
            Self::Discovery => memory.discovery = Some(document),
            Self::KeySet => memory.key_set = Some(document),
        }
    }

    fn count(self, memory: &mut Memory) {
        match self {
            Self::Discovery => memory.discovery_fetches += 1,
            Self::KeySet => memory.key_set_fetches += 1,
        }
    }
}

/// One exchange's dealings with a provider.
pub struct RelyingParty<'a> {
    pub(super) cx: &'a Cx,
    pub(super) integration: Arc<Integration>,
}

fn unreachable(words: impl Into<String>) -> ExchangeRefusal {
    ExchangeRefusal::IdpUnreachable(words.into())
}

impl<'a> RelyingParty<'a> {
    /// For this integration.
    pub fn new(cx: &'a Cx, integration: Arc<Integration>) -> Self {
        Self { cx, integration }
    }

    /// What built-in providers are reached by, within this process.
    fn own(&self) -> Option<SocketAddr> {
        match self.integration.provider {
            Provider::BuiltIn(_) => self.cx.app.listening.get().copied(),
            Provider::Discovery(_) | Provider::Uploaded(_) => None,
        }
    }

    fn discovery_url(&self) -> String {
        match &self.integration.provider {
            Provider::Discovery(url) | Provider::Uploaded(url) => url.clone(),
            Provider::BuiltIn(name) => {
                // the base may not name the org, and nothing else of this request would
                let base = self.cx.base.split_once("://").map_or(self.cx.base.as_str(), |(_, rest)| rest);
                let host = base.split('/').next().unwrap_or_default();
                format!("http://{host}/@{}/idp/{name}/.well-known/openid-configuration", self.cx.org.id)
            }
        }
    }

    fn memory<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        self.cx.state(|state| work(state.providers.entry(self.integration.name.clone()).or_default()))
    }

    /// The discovery document, from memory while it is fresh.
    pub async fn discovery(&self) -> Result<Discovery, ExchangeRefusal> {
        if let Provider::Uploaded(issuer) = &self.integration.provider {
            return Ok(Discovery { issuer: issuer.clone(), token_endpoint: None, jwks_uri: None });
        }
        let url = self.discovery_url();
        let text = self.document(Document::Discovery, &url, false).await?;
        serde_json::from_str(&text)
            .map_err(|error| unreachable(format!("{url} is no discovery document: {error}")))
    }

    /// Checks a signature with the uploaded key, or with the provider's key set as far as the platform has it.
    pub async fn verify(&self, discovery: &Discovery, jws: &Jws<'_>) -> Result<(), ExchangeRefusal> {
        let kid = jws.header.kid.as_deref().unwrap_or("missing");
        let unknown = |known: &[String], how: &str| {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            ExchangeRefusal::KidUnknown(format!("kid is {kid}, the {how} has {known}"))
        };
        let invalid = || ExchangeRefusal::SignatureInvalid(kid.to_owned());
        if let Some(text) = &self.integration.static_key {
            let keys = KeySet::parse(text).map_err(|error| {
                ExchangeRefusal::KidUnknown(format!(
                    "kid is {kid}, and the uploaded key is unusable: {error}"
                ))
            })?;
            return match keys.verify(jws) {
                Verified::Yes => Ok(()),
                Verified::No => Err(invalid()),
                Verified::UnknownKey(known) => Err(unknown(&known, "uploaded key")),
            };
        }
        let url = discovery.jwks_uri.as_deref();
        let url = url.ok_or_else(|| unreachable("the discovery document has no jwks_uri"))?;
        match self.keys(url, false).await?.verify(jws) {
            Verified::Yes => return Ok(()),
            Verified::No => return Err(invalid()),
            Verified::UnknownKey(known) => {
                let now = self.cx.now();
                let again = self.memory(|memory| {
                    let again = memory.may_refetch(&self.integration.keys, now);
                    if again {
                        memory.refetched = Some(now);
                    }
                    again
                });
                if !again {
                    return Err(unknown(&known, "key set as it was last fetched"));
                }
            }
        }
        match self.keys(url, true).await?.verify(jws) {
            Verified::Yes => Ok(()),
            Verified::No => Err(invalid()),
            Verified::UnknownKey(known) => Err(unknown(&known, "key set, fetched again for it,")),
        }
    }

    async fn keys(&self, url: &str, again: bool) -> Result<KeySet, ExchangeRefusal> {
        let text = self.document(Document::KeySet, url, again).await?;
        KeySet::parse(&text).map_err(|error| unreachable(format!("{url} is no key set: {error}")))
    }

    /// A document from memory, or fetched.
    async fn document(&self, which: Document, url: &str, again: bool) -> Result<String, ExchangeRefusal> {
        let now = self.cx.now();
        let kept = self.memory(|memory| fresh(which.kept(memory), now).map(|document| document.text.clone()));
        if let Some(text) = kept.filter(|_| !again) {
            return Ok(text);
        }
        self.memory(|memory| which.count(memory));
        let answer = self.ask(Outgoing::get(url_of(url)?)).await?;
        if !answer.status.is_success() {
            return Err(unreachable(format!("{url} answers {}", answer.status)));
        }
        let text = String::from_utf8(answer.body.to_vec())
            .map_err(|_| unreachable(format!("{url} answers something that is not text")))?;
        let control = answer.headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
        let until = now.plus(lifetime(&self.integration.keys, control));
        // what cannot be read is not kept: the next exchange asks again
        let readable = match which {
            Document::Discovery => serde_json::from_str::<Discovery>(&text).is_ok(),
            Document::KeySet => KeySet::parse(&text).is_ok(),
        };
        if readable {
            self.memory(|memory| which.keep(memory, Fetched { text: text.clone(), at: now, until }));
        }
        Ok(text)
    }

    async fn ask(&self, mut outgoing: Outgoing) -> Result<Answered, ExchangeRefusal> {
        outgoing.connect_to = self.own();
        let (method, url) = (outgoing.method.clone(), outgoing.url.clone());
        let own = outgoing.connect_to.is_some();
        trace::pass_on(self.cx, url.path(), &mut outgoing.headers);
        let fetched = fetch(outgoing, self.cx.app.settings.confine_fetches);
        let answered = self.cx.outside(own, fetched).await;
        let told = answered.as_ref().map_or_else(ToString::to_string, |answer| answer.status.to_string());
        self.cx.journal(|draft| draft.note(format!("{method} {url}: {told}")));
        answered.map_err(|error| unreachable(format!("{url}: {error}")))
    }

    fn token_form(&self, code: &str, redirect_uri: &str, verifier: Option<&str>) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code").append_pair("code", code);
        form.append_pair("redirect_uri", redirect_uri);
        for (name, value) in [
            ("code_verifier", verifier),
            ("client_id", Some(self.integration.client_id.as_str())),
            ("client_secret", self.integration.client_secret.as_deref()),
        ] {
            if let Some(value) = value {
                form.append_pair(name, value);
            }
        }
        form.finish()
    }

    /// Redeems a code at the provider's token endpoint.
    pub async fn redeem(
        &self,
        discovery: &Discovery,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Result<Redeemed, ExchangeRefusal> {
        let url = discovery.token_endpoint.as_deref();
        let url =
            url.ok_or_else(|| unreachable("no token_endpoint is known, at which a code could be redeemed"))?;
        let mut outgoing = Outgoing::get(url_of(url)?);
        outgoing.method = Method::POST;
        outgoing.body = Bytes::from(self.token_form(code, redirect_uri, verifier));
        outgoing
            .headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let answer = self.ask(outgoing).await?;
        if answer.status.is_success() {
            return serde_json::from_slice(&answer.body)
                .map_err(|error| unreachable(format!("{url} answers no token response: {error}")));
        }
        let error: TokenError = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status.is_server_error() || error.error.is_empty() {
            return Err(unreachable(format!(
                "{url} answers {} without a token or an OAuth error",
                answer.status
            )));
        }
        Err(refused(&error))
    }
}

/// Why the provider refuses. Its `error` says little, so its words have to; where they name more than one reason, or
/// none, the reason is not guessed.
fn refused(error: &TokenError) -> ExchangeRefusal {
    let words = error.error_description.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    let mut reasons = [
        (ExchangeRefusal::PkceMismatch, has(&["verifier", "challenge", "pkce"])),
        (ExchangeRefusal::RedirectMismatch, has(&["redirect"])),
        (ExchangeRefusal::CodeReused, has(&["already", "reuse", "been used", "used before", "redeemed"])),
        (ExchangeRefusal::CodeExpired, has(&["expired"])),
    ]
    .into_iter()
    .filter_map(|(reason, named)| named.then_some(reason));
    match (error.error.as_str(), reasons.next(), reasons.next()) {
        ("invalid_grant" | "invalid_request", Some(reason), None) => reason,
        _ => ExchangeRefusal::CodeRefused([error.error.as_str(), &error.error_description].join(": ")),
    }
}

fn url_of(url: &str) -> Result<Uri, ExchangeRefusal> {
    url.parse().map_err(|_| unreachable(format!("{url} is not a URL")))
}

/// The issuer that a token must name; `said` is what the client says. A built-in provider is known by every base URL of
/// its org, so there the path decides: the signature proves the rest.
pub fn issuer_of(
    integration: &Integration,
    discovery: &Discovery,
    said: Option<&str>,
    claims: &IdTokenClaims,
) -> String {
    let expected = said.unwrap_or(&discovery.issuer);
    let Provider::BuiltIn(name) = &integration.provider else { return expected.to_owned() };
    let own = format!("/idp/{name}");
    let seen = claims.issuer().filter(|seen| seen.ends_with(&own) && expected.ends_with(&own));
    seen.unwrap_or(expected).to_owned()
}

/// By what issuer a person is known again, whatever base URL the token came by.
pub fn known_issuer(integration: &Integration, claims: &IdTokenClaims) -> Option<String> {
    match &integration.provider {
        Provider::BuiltIn(name) => Some(RingName::Idp(name.clone()).to_string()),
        _ => claims.issuer().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_a_refused_code_is_read_from_the_words_and_not_guessed() {
        for (error, words, expected) in [
            ("invalid_grant", "PKCE verification failed", "pkce.mismatch"),
            ("invalid_request", "code_verifier is missing", "pkce.mismatch"),
            ("invalid_grant", "redirect_uri does not match", "redirect.mismatch"),
            ("invalid_grant", "Code has already been redeemed", "code.reused"),
            ("invalid_grant", "The code has expired", "code.expired"),
            ("invalid_grant", "The code is invalid, expired or has been used", "code.refused"),
            ("invalid_grant", "", "code.refused"),
            ("invalid_client", "The secret has expired", "code.refused"),
        ] {
            let error = TokenError { error: error.into(), error_description: words.into() };
            assert_eq!(refused(&error).word(), expected, "{words}");
        }
    }

    #[test]
    fn how_long_a_token_lives_is_a_number_or_a_text_and_never_less_than_nothing() {
        let lives = |text: &str| serde_json::from_str::<Redeemed>(text).unwrap().lives().map(Span::secs);
        assert_eq!(lives("{}"), None);
        assert_eq!(lives(r#"{"expires_in":"3599"}"#), Some(3599));
        assert_eq!(lives(r#"{"expires_in":-5}"#), Some(0));
        assert_eq!(lives(r#"{"expires_in":[]}"#), None);
    }
}
