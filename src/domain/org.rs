//! What an org decides for all of its clients.

use serde::{Deserialize, Serialize};

use super::{guest_token::GuestTokens, quota::Limit};
use crate::base::time::Span;

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

/// How access tokens look to clients.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessTokens {
    /// Like nothing at all, as the platform's do.
    #[default]
    Opaque,
    /// As JWTs (RFC 9068): guides read `scope` in them.
    Jwt,
}

/// Whose time JWTs are stamped and judged by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenTimes {
    /// The org's, like everything else.
    #[default]
    Org,
    /// Real time: whoever verifies elsewhere has another clock than the org.
    Wall,
}

/// The vendor's rate limits as this org has them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RateLimits {
    /// API calls of one access token.
    pub token: Limit,
    /// Guest tokens that one client may have made, however many access tokens it uses for that.
    pub guest: Limit,
    /// Access tokens issued to one client.
    pub token_issue: Limit,
    /// Sockets opened at one deployment.
    pub connect: Limit,
    /// Frames of one connection, whatever they ask for.
    pub socket_request: Limit,
    /// Health checks of one connection.
    pub echo: Limit,
    /// Configurations of one session.
    pub configure: Limit,
    /// Messages of one session.
    pub message: Limit,
    /// Pages of history of one session.
    pub history: Limit,
}

impl RateLimits {
    /// What the vendor documents, and 300 a minute where it documents nothing.
    pub const DEFAULT: Self = Self {
        token: Limit::per_minute("tokenRate", 300),
        guest: Limit::per_minute("guestRate", 300),
        token_issue: Limit::per_minute("tokenIssueRate", 300),
        connect: Limit::per_minute("connectRate", 1_000),
        socket_request: Limit::per_minute("socketRequestRate", 60),
        echo: Limit::per_minute("echoRate", 2),
        configure: Limit::per_minute("configureRate", 60),
        message: Limit::per_second("messageRate", 5),
        history: Limit::per_minute("historyRate", 10),
    };
}

/// The unit in which people are shown the idle timeout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum IdleUnit {
    /// 60 s.
    #[default]
    Minutes,
    /// 3,600 s.
    Hours,
}

/// The rule about tokens of users that nobody uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IdleTimeout {
    /// Does it hold?
    pub enabled: bool,
    /// How long nobody may use one.
    pub after: Span,
    /// As what people are shown that.
    pub unit: IdleUnit,
}

impl IdleTimeout {
    /// The shortest that may be set.
    pub const LEAST: Span = Span::from_secs(300);
    /// The longest that may be set.
    pub const MOST: Span = Span::from_secs(8 * 3600);

    /// As long as the rule holds: how long nobody may use a token.
    pub fn holds(&self) -> Option<Span> {
        self.enabled.then_some(self.after)
    }
}

/// What an org says of itself besides.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// How often it was written.
    pub version: u32,
    /// A site of another company.
    pub third_party_uri: Option<String>,
    /// Id of the site that is meant where none is named.
    pub default_site: Option<String>,
    /// Where its people find help.
    pub support_uri: Option<String>,
    /// Do its people have voice mail?
    pub voicemail: bool,
}

impl Default for About {
    fn default() -> Self {
        let (third_party_uri, default_site, support_uri) = Default::default();
        Self { version: 1, third_party_uri, default_site, support_uri, voicemail: false }
    }
}

/// Name and rules of an org.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrgSettings {
    /// Display name.
    pub name: String,
    /// Domain of its region, such as `mypurecloud.com`.
    pub region: String,
    /// Language of its people, such as `en-us`.
    pub default_language: String,
    /// Country of its numbers and addresses, such as `US`.
    pub default_country_code: String,
    /// What it says of itself besides.
    pub about: About,
    /// Whose scopes are looked at.
    pub scope_checks: ScopeChecks,
    /// Whose time JWTs are stamped and judged by.
    pub token_times: TokenTimes,
    /// After how long a token of a user that nobody uses is worth nothing, and whether it is so.
    pub idle_timeout: IdleTimeout,
    /// How guest tokens are made.
    pub guest_tokens: GuestTokens,
    /// Is the literal that a client's logger leaves of a guest's credential taken for it, in web chats?
    pub accept_redacted_authorization: bool,
    /// Its rate limits.
    pub limits: RateLimits,
}
