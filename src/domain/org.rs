//! What an org decides for all of its clients.

use serde::{Deserialize, Serialize};

use super::{guest_token::GuestTokens, quota::Limit};

/// Whose scopes are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScopeChecks {
    /// Endpoints of the guide dialect check every client, the vendor's as the vendor does: user tokens only.
    #[default]
    Dialect,
    /// User tokens only, everywhere.
    User,
    /// Every token, everywhere.
    All,
    /// Nobody's.
    Off,
}

/// The vendor's rate limits as this org has them, per minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct RateLimits {
    /// API calls of one access token.
    pub token_rate: u64,
    /// Guest tokens that one client may have made, however many access tokens it uses for that.
    pub guest_rate: u64,
    /// Access tokens issued to one client.
    pub token_issue_rate: u64,
}

impl RateLimits {
    /// What the vendor documents, and 300 where it documents nothing.
    pub const DEFAULT: Self = Self { token_rate: 300, guest_rate: 300, token_issue_rate: 300 };

    /// The limit of API calls of one token.
    pub const fn token(&self) -> Limit {
        Limit::per_minute(self.token_rate)
    }

    /// The limit of guest tokens.
    pub const fn guest(&self) -> Limit {
        Limit::per_minute(self.guest_rate)
    }

    /// The limit of the token endpoint.
    pub const fn token_issue(&self) -> Limit {
        Limit::per_minute(self.token_issue_rate)
    }
}

/// Name and rules of an org.
#[derive(Clone, Debug, Serialize)]
pub struct OrgSettings {
    /// Display name.
    pub name: String,
    /// Domain of its region, such as `mypurecloud.com`.
    pub region: String,
    /// Language of its people, such as `en-us`.
    pub default_language: String,
    /// Country of its numbers and addresses, such as `US`.
    pub default_country_code: String,
    /// Whose scopes are looked at.
    pub scope_checks: ScopeChecks,
    /// How guest tokens are made.
    pub guest_tokens: GuestTokens,
    /// Its rate limits.
    pub limits: RateLimits,
}
