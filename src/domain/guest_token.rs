//! The guest JWT of the guide dialect: what is in it, and what is wrong with one.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    guest::Guest,
    person::Person,
    registered::{Expected, judge_registered},
};
use crate::base::{
    ids::{GuestId, OrgId},
    time::{Span, Timestamp},
};

/// Which reading of the guide `iss` and `aud` follow; its prose and its code disagree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// The guide's code: `iss` and `aud` are the API's base URL.
    #[default]
    Code,
    /// The guide's prose: `iss` is `api.mypurecloud.com`, `aud` the tenant's domain.
    Prose,
    /// `aud` is `genesys-cloud-web-messaging`.
    Messaging,
    /// `iss` is the application's id, `aud` is `genesys-cloud-api`.
    App,
    /// `issuer` and `audience` as configured.
    Custom,
}

/// `aud`: RFC 7519 allows one value or several.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Audience {
    /// Its values.
    pub fn values(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// How an org makes guest tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GuestTokens {
    /// Which reading of the guide.
    pub profile: Profile,
    /// How long they live. Default 30 minutes.
    pub lifetime: Span,
    /// `iss` instead of the request's own base URL.
    pub issuer: Option<String>,
    /// `aud` with profile `custom`; `{base}` and `{tenantDomain}` stand for what they say.
    pub audience: Vec<String>,
    /// `iss` with profile `app`.
    pub application_id: String,
    /// The tenant's domain.
    pub tenant_domain: String,
}

/// `aud` of the token that `getJwt` answers with, and of no guest token.
pub const MESSAGING_AUDIENCE: &str = "webmessaging";

impl GuestTokens {
    /// `iss` of a token made for a request to `base`.
    pub fn issuer(&self, base: &str) -> String {
        match self.profile {
            Profile::Code | Profile::Messaging => self.issuer.clone().unwrap_or_else(|| base.to_owned()),
            Profile::Prose => "api.mypurecloud.com".to_owned(),
            Profile::App => self.application_id.clone(),
            Profile::Custom => self.filled(self.issuer.as_deref().unwrap_or("{base}"), base),
        }
    }

    /// `aud` of a token made for a request to `base`.
    pub fn audience(&self, base: &str) -> Audience {
        match self.profile {
            Profile::Code => Audience::Many(vec![self.issuer(base), self.tenant_domain.clone()]),
            Profile::Prose => Audience::One(self.tenant_domain.clone()),
            Profile::Messaging => Audience::One("genesys-cloud-web-messaging".to_owned()),
            Profile::App => Audience::One("genesys-cloud-api".to_owned()),
            Profile::Custom => {
                Audience::Many(self.audience.iter().map(|one| self.filled(one, base)).collect())
            }
        }
    }

    /// Does a token with these names come of a request to some other base? Only the guide's code puts it into both.
    pub fn issues_as(&self, issuer: &str, audience: &Audience) -> bool {
        self.profile == Profile::Code
            && self.issuer.is_none()
            && is_base(issuer)
            && *audience == self.audience(issuer)
    }

    fn filled(&self, template: &str, base: &str) -> String {
        template.replace("{base}", base).replace("{tenantDomain}", &self.tenant_domain)
    }
}

/// Is this what URLs start with: scheme and host, and perhaps the org's prefix?
fn is_base(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let org = path.strip_prefix("/@").unwrap_or(path);
        !host.is_empty() && !org.contains(['/', '?', '#']) && !host.contains(['@', '?', '#'])
    })
}

/// The claims, in the order in which they are written. Each is optional, because faults leave some out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GuestClaims {
    /// Issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// The guest's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Issued at, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// Not before, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// Expires, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// The token's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// What the guest may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
    /// The guest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webchat: Option<WebchatClaim>,
    /// The org.
    #[serde(rename = "orgId", skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    /// The deployment that somebody has signed in to.
    #[serde(rename = "deploymentId", default, skip_serializing_if = "Option::is_none")]
    pub deployment_id: Option<String>,
    /// The chat that a guest is in.
    #[serde(rename = "conversationId", default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Who has signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// What makes it too long, because of a fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub padding: Option<String>,
}

/// The claim `webchat`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebchatClaim {
    /// The guest's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest_id: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Address or null.
    pub email: Option<String>,
    /// What the proxy attached, an object.
    pub custom_attributes: Option<Box<RawValue>>,
}

/// What every guest may do.
pub const PERMISSIONS: [&str; 2] = ["webchat:guest:view", "conversation:webchat:edit"];

impl GuestClaims {
    /// The right claims of a guest for a request to `base`.
    pub fn of(
        guest: &Guest,
        org: &OrgId,
        rules: &GuestTokens,
        base: &str,
        now: Timestamp,
        jti: String,
    ) -> Self {
        let empty = || RawValue::from_string("{}".to_owned()).ok();
        Self {
            iss: Some(rules.issuer(base)),
            aud: Some(rules.audience(base)),
            sub: Some(guest.id.to_string()),
            iat: Some(now.seconds()),
            nbf: None,
            exp: Some(now.plus(rules.lifetime).seconds()),
            jti: Some(jti),
            permissions: Some(PERMISSIONS.map(str::to_owned).to_vec()),
            webchat: Some(WebchatClaim {
                guest_id: Some(guest.id.to_string()),
                name: Some(guest.name.clone()),
                email: guest.email.clone(),
                custom_attributes: guest.custom_attributes.clone().or_else(empty),
            }),
            org_id: Some(org.to_string()),
            deployment_id: None,
            conversation_id: None,
            person: None,
            padding: None,
        }
    }
}

/// Whom a valid guest token speaks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuestIdentity {
    /// The guest.
    pub id: GuestId,
    /// Until then.
    pub expires: Timestamp,
}

/// What is wrong with the claims of a token whose signature is right.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Wrong {
    /// `exp` has passed.
    #[error("exp {exp} has passed; it is {now}")]
    Expired {
        /// Claimed.
        exp: i64,
        /// The org's time.
        now: i64,
    },
    /// `nbf` has not come.
    #[error("nbf {nbf} has not come; it is {now}")]
    NotYetValid {
        /// Claimed.
        nbf: i64,
        /// The org's time.
        now: i64,
    },
    /// `iat` has not come: the issuer's clock is ahead.
    #[error("iat {iat} has not come; it is {now}, and clocks may differ by {CLOCKS_DIFFER} s")]
    ClockSkew {
        /// Claimed.
        iat: i64,
        /// The org's time.
        now: i64,
    },
    /// There is no `exp`.
    #[error("exp is missing")]
    NoExpiry,
    /// `exp` is thousands of years away.
    #[error("exp {0} is in milliseconds; a NumericDate is in seconds (RFC 7519 section 2)")]
    ExpiryInMilliseconds(i64),
    /// `iss` is not one that this org issues under.
    #[error("iss is {seen}, expected {expected}")]
    Issuer {
        /// What was claimed.
        seen: String,
        /// What would have done.
        expected: String,
    },
    /// `iss` is the platform in another region.
    #[error("iss is the platform in region {seen}; this org is in {expected}")]
    Region {
        /// What was claimed.
        seen: &'static str,
        /// The org's.
        expected: String,
    },
    /// It was taken back.
    #[error("it was taken back")]
    Revoked,
    /// No `aud` is one that this org issues for.
    #[error("aud is {seen}, expected {expected}")]
    Audience {
        /// What was claimed.
        seen: String,
        /// What would have done.
        expected: String,
    },
    /// There is no `sub`.
    #[error("sub is missing")]
    NoSubject,
    /// There are no `permissions`.
    #[error("permissions are missing")]
    NoPermissions,
    /// There is no `webchat`.
    #[error("webchat is missing")]
    NoWebchat,
    /// There is no `webchat.guestId`.
    #[error("webchat.guestId is missing")]
    NoGuestId,
}

impl Wrong {
    /// The reason, as answers and the journal have it.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Expired { .. } => "token.expired",
            Self::NotYetValid { .. } => "token.not.yet.valid",
            Self::ClockSkew { .. } => "clock.skew",
            Self::NoExpiry => "exp.missing",
            Self::ExpiryInMilliseconds(_) => "exp.in.milliseconds",
            Self::Issuer { .. } => "issuer.mismatch",
            Self::Region { .. } => "wrong.region",
            Self::Revoked => "revoked",
            Self::Audience { .. } => "audience.mismatch",
            Self::NoSubject => "sub.missing",
            Self::NoPermissions => "permissions.missing",
            Self::NoWebchat => "webchat.missing",
            Self::NoGuestId => "guest.id.missing",
        }
    }
}

/// By how many seconds the issuer's clock may be ahead.
pub const CLOCKS_DIFFER: i64 = 60;

/// Judges the claims of a guest token.
pub fn judge(claims: &GuestClaims, expected: &Expected<'_>) -> Result<GuestIdentity, Wrong> {
    let (_, exp) = judge_registered(claims, expected)?;
    if claims.permissions.is_none() {
        return Err(Wrong::NoPermissions);
    }
    let webchat = claims.webchat.as_ref().ok_or(Wrong::NoWebchat)?;
    let id = webchat.guest_id.as_deref().ok_or(Wrong::NoGuestId)?;
    Ok(GuestIdentity { id: id.into(), expires: Timestamp::from_micros(exp * 1_000_000) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_a_scheme_and_a_host_perhaps_with_an_org() {
        for base in ["http://genesys:4363", "https://api.example.test", "http://[::1]:1/@blue"] {
            assert!(is_base(base), "{base}");
        }
        for other in [
            "",
            "http://",
            "ftp://x",
            "x:1",
            "http://x/",
            "http://x/y",
            "http://x/@y/z",
            "http://a@b",
            "http://x?y",
        ] {
            assert!(!is_base(other), "{other}");
        }
    }
}
