//! The token endpoint (OpenID Connect Core section 3.1.3, RFC 6749 section 3.2).

use super::{
    At,
    client::{ClientError, Credentials, authenticate},
    grant,
};
use crate::{
    domain::visit::Refusal,
    jose::signer::SignError,
    ops::params::{LONGEST, Params},
};

/// The grants that are served, as discovery spells them.
pub const GRANTS: [&str; 4] = ["authorization_code", "implicit", "refresh_token", "client_credentials"];

/// What the token endpoint gives.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Opaque.
    pub access_token: String,
    /// Seconds.
    pub expires_in: i64,
    /// Opaque.
    pub refresh_token: Option<String>,
    /// Who it is.
    pub id_token: Option<String>,
    /// For what.
    pub scopes: Vec<String>,
}

/// Why it gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The client is not proved.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// There is more of it than is read.
    #[error("the request has more than {LONGEST} bytes")]
    TooLong,
    /// A parameter came more than once.
    #[error("{0} came more than once")]
    Repeated(String),
    /// A parameter is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Nobody knows this grant.
    #[error("grant type {0} is not supported")]
    UnsupportedGrant(String),
    /// The client may not use it.
    #[error("{0}")]
    Unauthorized(&'static str),
    /// What came is worth nothing.
    #[error("{0}")]
    Grant(String),
    /// More was asked for than was granted.
    #[error("scope {0} was not granted")]
    Scope(String),
    /// The ID token could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Exchanges whatever came for tokens.
pub async fn exchange(at: &At, params: &Params, credentials: &Credentials) -> Result<Issued, TokenError> {
    readable(at, params)?;
    let grant_type = required(at, params, "grant_type")?;
    let client = authenticate(at, credentials)?;
    match grant_type {
        "authorization_code" => grant::authorization_code::exchange(at, &client, params).await,
        "refresh_token" => grant::refresh_token::exchange(at, &client, params).await,
        "client_credentials" => grant::client_credentials::exchange(at, &client, params),
        other => {
            at.refuse(
                Refusal::new("idp.grant_type_unsupported", "The grant type is not served")
                    .expected("authorization_code, refresh_token or client_credentials")
                    .seen(other),
            );
            Err(TokenError::UnsupportedGrant(other.to_owned()))
        }
    }
}

/// It is not too long, and no parameter came more than once.
pub(super) fn readable(at: &At, params: &Params) -> Result<(), TokenError> {
    let (rule, error) = match params.repeated() {
        _ if params.is_too_long() => ("idp.request_too_long", TokenError::TooLong),
        Some(name) => ("idp.parameter_repeated", TokenError::Repeated(name.to_owned())),
        None => return Ok(()),
    };
    at.refuse(Refusal::new(rule, error.to_string()));
    Err(error)
}

/// The value of a parameter that has to be there.
pub(super) fn required<'a>(at: &At, params: &'a Params, name: &'static str) -> Result<&'a str, TokenError> {
    params.get(name).ok_or_else(|| {
        let error = TokenError::Missing(name);
        at.refuse(Refusal::new("idp.parameter_missing", error.to_string()));
        error
    })
}
