//! Reads what a client asks when it sends somebody to the authorization endpoint (OpenID Connect Core section 3.1.2).

use std::sync::Arc;

use super::At;
use crate::{
    base::codec::json_wrong,
    domain::{
        authentication_request::{ClaimsRequest, Prompt, ResponseMode, ResponseType, ReturnTo},
        identity_provider::RelyingParty,
        pkce::Challenge,
        visit::Refusal,
    },
    jose::signer::SignError,
    ops::{
        params::Params,
        way_back::{Untrusted, trusted},
    },
};

/// The parameters that are looked at, but for those that are only looked at once.
pub const REMEMBERED: [&str; 12] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "max_age",
    "code_challenge",
    "code_challenge_method",
    "claims",
    "login_hint",
];

/// What is asked.
#[derive(Clone, Debug)]
pub struct AuthenticationRequest {
    /// By this client.
    pub client: Arc<RelyingParty>,
    /// It has to be repeated with a code.
    pub redirect_uri: String,
    /// What is to come back at once.
    pub response_type: ResponseType,
    /// For what.
    pub scopes: Vec<String>,
    /// What goes into the ID token.
    pub nonce: Option<String>,
    /// What the person is shown.
    pub prompt: Prompt,
    /// The person must have signed in at most so many seconds ago.
    pub max_age: Option<i64>,
    /// Who it may be.
    pub login_hint: Option<String>,
    /// Who it was last time: an ID token.
    pub id_token_hint: Option<String>,
    /// What the verifier of the code has to fit.
    pub challenge: Option<Challenge>,
    /// Claims that are asked for one by one.
    pub claims: ClaimsRequest,
}

/// Why the client is told that nothing comes of it.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizationError {
    /// A parameter is missing, repeated, or not what it should be.
    #[error("{0}")]
    InvalidRequest(String),
    /// Not this response type.
    #[error("{0}")]
    UnsupportedResponseType(String),
    /// Not these scopes.
    #[error("{0}")]
    InvalidScope(String),
    /// Request objects are not read.
    #[error("request objects are not supported")]
    Request,
    /// They are not fetched either.
    #[error("request_uri is not supported")]
    RequestUri,
    /// Clients cannot register like this.
    #[error("registration is not supported")]
    Registration,
    /// The person would have to be asked, and may not be.
    #[error("{0}")]
    LoginRequired(String),
    /// The person does not want to.
    #[error("the sign-in was cancelled")]
    AccessDenied,
    /// The ID token could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl AuthorizationError {
    /// Tells the journal.
    pub fn refuse(&self, at: &At) {
        let rule = match self {
            Self::InvalidRequest(_) => "idp.invalid_request",
            Self::UnsupportedResponseType(_) => "idp.unsupported_response_type",
            Self::InvalidScope(_) => "idp.invalid_scope",
            Self::Request | Self::RequestUri | Self::Registration => "idp.parameter_unsupported",
            Self::LoginRequired(_) => "idp.login_required",
            Self::AccessDenied => "idp.access_denied",
            Self::Sign(_) => "idp.signature_failed",
        };
        at.refuse(Refusal::new(rule, self.to_string()));
    }
}

/// The rule of identity providers by which nobody is sent back.
fn rule(why: &Untrusted) -> &'static str {
    match why {
        Untrusted::TooLong => "idp.request_too_long",
        Untrusted::Repeated(_) => "idp.parameter_repeated",
        Untrusted::NoClient => "idp.client_missing",
        Untrusted::UnknownClient(_) => "idp.client_unknown",
        Untrusted::NoRedirectUri(_) => "idp.redirect_uri_missing",
        Untrusted::RedirectUri { .. } => "idp.redirect_uri_unknown",
        Untrusted::Hint | Untrusted::HintOfAnother(_) => "idp.id_token_hint",
    }
}

/// Whom nothing can be granted, and who is told.
#[derive(Debug)]
pub enum Unreadable {
    /// The person.
    Untrusted(Untrusted),
    /// The client.
    Told(ReturnTo, AuthorizationError),
}

impl At {
    /// Tells the journal why nobody can be sent back.
    pub(super) fn distrust(&self, why: Untrusted) -> Untrusted {
        let refusal = Refusal::new(rule(&why), why.to_string());
        self.refuse(match &why {
            Untrusted::UnknownClient(_) => refusal.expected(self.client_ids()),
            Untrusted::RedirectUri { registered, .. } => refusal.expected(registered.as_str()),
            _ => refusal,
        });
        why
    }
}

/// What is asked, if there is somebody to be answered.
pub fn read(at: &At, params: &Params) -> Result<(ReturnTo, AuthenticationRequest), Unreadable> {
    let (client, redirect_uri) = trusted(params, |id| at.provider.clients.get(id).cloned())
        .map_err(|why| Unreadable::Untrusted(at.distrust(why)))?;
    let response_type = params.get("response_type").map(str::parse::<ResponseType>);
    let usual = match &response_type {
        Some(Ok(response_type)) => ResponseMode::usual(*response_type),
        _ => ResponseMode::Query,
    };
    let wanted = params.get("response_mode").map(|text| ResponseMode::parse(text).ok_or(text));
    let mode = match wanted {
        // tokens do not go into queries, not even to say so
        Some(Ok(mode)) if !(mode == ResponseMode::Query && usual == ResponseMode::Fragment) => mode,
        _ => usual,
    };
    let state = params.get("state").map(str::to_owned);
    let back = ReturnTo { redirect_uri: redirect_uri.clone(), mode, state };

    let invalid = |words: String| AuthorizationError::InvalidRequest(words);
    let checked = || {
        if let Some(name) = params.repeated() {
            return Err(invalid(format!("{name} came more than once")));
        }
        for (name, error) in [
            ("request", AuthorizationError::Request),
            ("request_uri", AuthorizationError::RequestUri),
            ("registration", AuthorizationError::Registration),
        ] {
            if params.get(name).is_some() {
                return Err(error);
            }
        }
        let response_type = match response_type {
            None => return Err(invalid("response_type is missing".into())),
            Some(Err(error)) => return Err(AuthorizationError::UnsupportedResponseType(error.to_string())),
            Some(Ok(response_type)) => response_type,
        };
        match wanted {
            Some(Err(text)) => {
                let served = ResponseMode::SERVED.join(", ");
                return Err(invalid(format!("response_mode {text} is not served; expected {served}")));
            }
            Some(Ok(wanted)) if wanted != mode => {
                return Err(invalid("response_mode query is not for tokens".into()));
            }
            _ => {}
        }
        asked(params, client, redirect_uri, response_type)
    };
    match checked() {
        Ok(asked) => Ok((back, asked)),
        Err(error) => Err(Unreadable::Told(back, error)),
    }
}

fn asked(
    params: &Params,
    client: Arc<RelyingParty>,
    redirect_uri: String,
    response_type: ResponseType,
) -> Result<AuthenticationRequest, AuthorizationError> {
    let invalid = AuthorizationError::InvalidRequest;
    let text = |name: &str| params.get(name).map(str::to_owned);
    let scopes = scopes(params.get("scope"));
    if response_type.id_token && !scopes.iter().any(|scope| scope == "openid") {
        return Err(AuthorizationError::InvalidScope("an ID token is for scope openid".into()));
    }
    let nonce = text("nonce");
    if response_type.id_token && nonce.is_none() {
        return Err(invalid(
            "nonce is missing; it is needed for an ID token that comes with the redirect".into(),
        ));
    }
    let prompt = params.get("prompt").map(str::parse::<Prompt>).transpose();
    let max_age = match params.get("max_age").map(str::parse::<i64>) {
        None => None,
        Some(Ok(seconds)) if seconds >= 0 => Some(seconds),
        Some(_) => return Err(invalid("max_age is not a number of seconds".into())),
    };
    let challenge = match (params.get("code_challenge"), params.get("code_challenge_method")) {
        (None, None) => None,
        (None, Some(_)) => return Err(invalid("code_challenge_method came without code_challenge".into())),
        (Some(value), method) => {
            Some(Challenge::new(value, method).map_err(|error| invalid(error.to_string()))?)
        }
    };
    let claims = params.get("claims").map(serde_json::from_str::<ClaimsRequest>).transpose();
    Ok(AuthenticationRequest {
        client,
        redirect_uri,
        response_type,
        scopes,
        nonce,
        prompt: prompt.map_err(|error| invalid(error.to_string()))?.unwrap_or_default(),
        max_age,
        login_hint: text("login_hint"),
        id_token_hint: text("id_token_hint"),
        challenge,
        claims: claims
            .map_err(|error| invalid(format!("claims is not as expected: {}", json_wrong(&error))))?
            .unwrap_or_default(),
    })
}

/// Scopes as they were asked for, each once.
pub(super) fn scopes(text: Option<&str>) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for word in text.unwrap_or_default().split_ascii_whitespace() {
        if !scopes.iter().any(|known| known == word) {
            scopes.push(word.to_owned());
        }
    }
    scopes
}
