//! Identity providers: who can sign in there, and which clients may ask who it was.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{keyring::KeyType, redirect_uri::RedirectUri};
use crate::base::{ids::ClientId, time::Span};

/// How ID tokens are signed (RFC 7518 section 3.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Algorithm {
    /// By an RSA key.
    #[default]
    Rs256,
    /// By a key on the curve P-256.
    Es256,
    /// By the client's secret.
    Hs256,
}

impl Algorithm {
    /// Its name in JOSE.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::Hs256 => "HS256",
        }
    }

    /// What keys it takes; `None` when secrets do.
    pub const fn key_type(self) -> Option<KeyType> {
        match self {
            Self::Rs256 => Some(KeyType::Rsa),
            Self::Es256 => Some(KeyType::Ec),
            Self::Hs256 => None,
        }
    }
}

/// Claims that the protocol itself makes: nobody brings them along.
pub const PROTOCOL_CLAIMS: [&str; 11] =
    ["iss", "sub", "aud", "exp", "iat", "nbf", "auth_time", "nonce", "at_hash", "c_hash", "sid"];

/// Which scope asks for which claims (OpenID Connect Core section 5.4).
const CLAIMS_OF_SCOPES: [(&str, &[&str]); 4] = [
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
];

/// Somebody who can sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndUser {
    /// The user name.
    pub name: String,
    /// The password.
    pub password: String,
    /// `sub`.
    pub subject: String,
    /// All that is known of it, by claim.
    pub claims: BTreeMap<String, Value>,
}

impl EndUser {
    /// Is it the one that somebody means by this user name, address or subject?
    pub fn is_called(&self, name: &str) -> bool {
        let email = self.claims.get("email").and_then(Value::as_str);
        self.name == name || self.subject == name || email == Some(name)
    }

    /// What people see.
    pub fn shown(&self) -> &str {
        self.claims.get("name").and_then(Value::as_str).unwrap_or(&self.name)
    }

    /// The claims that a client with these scopes is told. What no scope asks for is told to everybody.
    pub fn told(&self, scopes: &[String]) -> BTreeMap<String, Value> {
        let is_told = |claim: &str| {
            let scope = CLAIMS_OF_SCOPES.iter().find(|(_, claims)| claims.contains(&claim));
            scope.is_none_or(|(scope, _)| scopes.iter().any(|granted| granted == scope))
        };
        let told = self.claims.iter().filter(|(claim, _)| is_told(claim));
        told.map(|(claim, value)| (claim.clone(), value.clone())).collect()
    }
}

/// A client of an identity provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RelyingParty {
    /// `client_id`, unique within the provider.
    pub id: ClientId,
    /// `client_secret`; `None` of a public client.
    pub secret: Option<String>,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where they may be sent to once they have signed out.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
}

/// An identity provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IdentityProvider {
    /// Its name in the path.
    pub name: String,
    /// Who can sign in, by user name.
    pub people: BTreeMap<String, Arc<EndUser>>,
    /// Who may ask.
    pub clients: BTreeMap<ClientId, Arc<RelyingParty>>,
    /// How ID tokens are signed.
    pub algorithm: Algorithm,
    /// How long access tokens and ID tokens live.
    pub token_lifetime: Span,
    /// How long a code lives.
    pub code_lifetime: Span,
    /// How long a refresh token lives.
    pub refresh_lifetime: Span,
    /// Does each refresh token work once, and bring the next one?
    pub refresh_rotation: bool,
}

impl IdentityProvider {
    /// The one that is called like this.
    pub fn person(&self, name: &str) -> Option<&Arc<EndUser>> {
        self.people.get(name).or_else(|| self.people.values().find(|person| person.is_called(name)))
    }
}
