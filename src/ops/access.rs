//! Who is it proved to be, and may they? Checked in this order: token, scope, permission, quota.

use super::{
    access_jwt,
    cx::{Cx, token_key},
    notifications::token_revoked,
};
use crate::{
    base::{
        codec::looks_like_jws,
        ids::{ClientId, UserId},
    },
    domain::{
        client::Actor,
        org::{RateLimits, ScopeChecks},
        quota::{Limit, Usage},
        scope::any_covers,
        token::{AccessToken, Worthless},
        visit::Refusal,
    },
    faults::{fault::Phase, point::Point, verdict::Verdict},
    store::org_state::{BucketKey, TokenKey},
};

/// Rules by which a credential is none of ours.
const ANOTHER_ORG: &str = "of.another.org";
const OTHER_JWT: &str = "token.is_a_jwt";
const UNKNOWN: &str = "token.unknown";
const MISSING: &str = "token.missing";

/// What an endpoint asks for.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// Any of these scopes.
    pub scopes: &'static [&'static str],
    /// Any of these permissions; none is asked for when empty.
    pub permissions: &'static [&'static str],
    /// Are all of them wanted?
    pub all: bool,
    /// Is it an endpoint of the guide dialect? Those check the scopes of every client.
    pub dialect: bool,
}

/// Who it is.
#[derive(Clone)]
pub struct Proved {
    /// Under what the token is kept.
    pub key: TokenKey,
    /// The token.
    pub token: AccessToken,
}

impl Proved {
    /// The client of the token.
    pub fn client(&self) -> &ClientId {
        &self.token.client.id
    }

    /// The user that the token speaks for.
    pub fn user(&self) -> Option<&UserId> {
        self.token.user_id()
    }

    /// Who does what is done with the token.
    pub fn actor(&self) -> Actor {
        match self.user() {
            Some(user) => Actor::User(user.clone()),
            None => Actor::Client(self.client().clone()),
        }
    }
}

/// Why somebody may not.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is no bearer token.
    #[error("no bearer token")]
    Missing,
    /// The token is worth nothing.
    #[error("the token is worth nothing")]
    Bad,
    /// None of the scopes.
    #[error("scope {0} is missing")]
    Scope(&'static str),
    /// None of the permissions.
    #[error("one of the permissions {} is missing", .0.join(", "))]
    Permission(&'static [&'static str]),
    /// Not all of the permissions.
    #[error("the permissions {} are missing", .0.join(", "))]
    Permissions(Vec<&'static str>),
    /// Too many calls.
    #[error("too many calls")]
    Limited(Usage),
}

/// The credential of an `Authorization: Bearer` header, in any letter case of the scheme.
pub fn bearer(authorization: Option<&str>) -> Option<&str> {
    let (scheme, token) = authorization?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// What stands in the place of a bearer token, in words: it may be a secret.
pub fn no_bearer(authorization: Option<&str>) -> &'static str {
    match authorization {
        None => "no Authorization header",
        Some("[REDACTED]") => "the literal [REDACTED], which is a bug of the client's logger",
        Some(text) if looks_like_jws(text) => "a JWT without a scheme in the Authorization header",
        Some(_) => "an Authorization header without a bearer token",
    }
}

/// Proves an access token without asking for anything.
pub async fn prove(cx: &Cx, authorization: Option<&str>) -> Result<Proved, AccessError> {
    let Some(given) = bearer(authorization) else {
        let refusal = Refusal::new(MISSING, "No access token came").expected("Authorization: Bearer …");
        cx.refuse(refusal.seen(no_bearer(authorization)));
        return Err(AccessError::Missing);
    };
    judge(cx, given).await.map_err(|refusal| {
        cx.refuse(refusal);
        AccessError::Bad
    })
}

/// Judges a credential that should be an access token.
pub async fn judge(cx: &Cx, given: &str) -> Result<Proved, Refusal> {
    if cx.claimed.of_another_org {
        let reason = "The access token was issued by another org than the one that was addressed";
        return Err(Refusal::new(ANOTHER_ORG, reason).expected(format!("a token of org {}", cx.org.id)));
    }
    if access_jwt::claims_to_be(given) {
        access_jwt::verify(cx, given).await?;
    } else if looks_like_jws(given) {
        let refusal = Refusal::new(OTHER_JWT, "A JWT came where an opaque access token belongs");
        return Err(refusal.expected("an access token of /oauth/token").seen("a JWT"));
    }
    let now = cx.now();
    let find = |key| {
        cx.state(|state| {
            let token = state.tokens.get(&key)?.clone();
            let worthless = state.worthless(&token, now);
            Some((token, worthless))
        })
    };
    let Some((key, found)) = token_key(&cx.org, given).map(|key| (key, find(key))) else {
        return Err(Refusal::new(UNKNOWN, "The access token is not of this org"));
    };
    let Some((token, worthless)) = found else {
        return Err(Refusal::new(UNKNOWN, "The access token was never issued, or is long forgotten"));
    };
    match worthless {
        None => Ok(Proved { key, token }),
        Some(why) => Err(refusal(cx, &token, why)),
    }
}

/// Why a token is refused that was issued here.
fn refusal(cx: &Cx, token: &AccessToken, why: Worthless) -> Refusal {
    let client = &token.client.id;
    match why {
        Worthless::Revoked => {
            Refusal::new("token.revoked", "The access token was revoked by DELETE /api/v2/tokens/me")
        }
        Worthless::GrantRevoked => Refusal::new(
            "token.revoked",
            "What the access token was issued for was taken back: its code came twice, or all tokens of the user \
             were deleted",
        ),
        Worthless::Expired => {
            let now = cx.now();
            Refusal::new("token.expired", format!("The access token expired at {}", token.expires))
                .expected(format!("a token that lives at {now}"))
                .seen(format!("issued {}", token.issued))
        }
        Worthless::Idle => {
            let after = cx.state(|state| state.settings.idle_timeout.after);
            let refusal = Refusal::new("token.idle", format!("Nobody has used the access token for {after}"));
            let used = token.user.as_ref().map(|of| format!("used last {}", of.used));
            refusal.seen(used.unwrap_or_default())
        }
        Worthless::ClientGone => {
            Refusal::new("token.client_gone", format!("Client {client} of the access token was deleted"))
        }
        Worthless::ClientInactive => {
            Refusal::new("token.client_inactive", format!("Client {client} of the access token is inactive"))
        }
        Worthless::UserGone => Refusal::new("token.user_gone", "The user of the access token is no more"),
    }
}

/// A user's token was used: it does not idle yet.
pub fn touch(cx: &Cx, proved: &mut Proved) {
    let Some(of) = &mut proved.token.user else { return };
    of.used = cx.now();
    cx.state(|state| {
        if let Some(kept) = state.tokens.get_mut(&proved.key).and_then(|token| token.user.as_mut()) {
            kept.used = of.used;
        }
    });
}

/// Is it about a token that this org issued?
pub fn is_of_ours(refusal: &Refusal) -> bool {
    ![ANOTHER_ORG, OTHER_JWT, UNKNOWN, MISSING].contains(&refusal.rule)
}

/// Proves an access token that has what the endpoint asks for.
pub async fn require(
    cx: &Cx,
    authorization: Option<&str>,
    asked: Requirement,
) -> Result<Proved, AccessError> {
    let mut proved = admit(cx, authorization, asked).await?;
    touch(cx, &mut proved);
    Ok(proved)
}

/// The same without a trace: a user's token idles on.
pub async fn admit(cx: &Cx, authorization: Option<&str>, asked: Requirement) -> Result<Proved, AccessError> {
    let proved = prove(cx, authorization).await?;
    check_scopes(cx, &proved, asked)?;
    check_permissions(cx, &proved, asked)?;
    count(cx, BucketKey::Token(proved.key), |limits| limits.token)?;
    Ok(proved)
}

fn check_scopes(cx: &Cx, proved: &Proved, asked: Requirement) -> Result<(), AccessError> {
    let Some(first) = asked.scopes.first() else {
        return Ok(());
    };
    cx.journal(|draft| draft.wants(asked.scopes));
    let client = &proved.token.client;
    let person = proved.token.user.is_some();
    let checked = match cx.state(|s| s.settings.scope_checks) {
        ScopeChecks::Dialect => person || asked.dialect,
        ScopeChecks::User => person,
        ScopeChecks::All => true,
        ScopeChecks::Off => false,
    };
    for ruling in cx.ask(Point::Scope, Phase::Before, first, None) {
        if let Verdict::DenyScope = ruling.verdict {
            cx.refuse(Refusal::new("scope.denied", format!("A fault denies scope {first}")).by(ruling.fault));
            return Err(AccessError::Scope(first));
        }
    }
    if checked && !asked.scopes.iter().any(|scope| any_covers(&client.scopes, scope)) {
        cx.refuse(
            Refusal::new("scope.missing", format!("Client {} has no scope {first}", client.id))
                .expected(asked.scopes.join(" or "))
                .seen(listed(&client.scopes)),
        );
        return Err(AccessError::Scope(first));
    }
    Ok(())
}

fn listed(granted: &[impl ToString]) -> String {
    match granted {
        [] => "none".to_owned(),
        some => some.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn check_permissions(cx: &Cx, proved: &Proved, asked: Requirement) -> Result<(), AccessError> {
    let Some(first) = asked.permissions.first() else {
        return Ok(());
    };
    for ruling in cx.ask(Point::Permission, Phase::Before, first, None) {
        if let Verdict::DenyPermission = ruling.verdict {
            cx.refuse(
                Refusal::new("permission.denied", format!("A fault denies permission {first}"))
                    .by(ruling.fault),
            );
            return Err(lacking(asked, asked.permissions.to_vec()));
        }
    }
    let lacked = cx.state(|state| {
        let has = |wanted: &&str| state.has_permission(&proved.token, wanted);
        let enough =
            if asked.all { asked.permissions.iter().all(has) } else { asked.permissions.iter().any(has) };
        (!enough).then(|| {
            let missing: Vec<_> = asked.permissions.iter().filter(|wanted| !has(wanted)).copied().collect();
            let held: Vec<_> = state.permissions_of(&proved.token).map(ToString::to_string).collect();
            (missing, held)
        })
    });
    let Some((missing, held)) = lacked else { return Ok(()) };
    let who = match proved.user() {
        Some(user) => format!("User {user}"),
        None => format!("Client {}", proved.client()),
    };
    let separator = if asked.all { " and " } else { " or " };
    cx.refuse(
        Refusal::new("permission.missing", format!("{who} has no permission {}", missing[0]))
            .expected(asked.permissions.join(separator))
            .seen(listed(&held)),
    );
    Err(lacking(asked, missing))
}

fn lacking(asked: Requirement, missing: Vec<&'static str>) -> AccessError {
    if asked.all { AccessError::Permissions(missing) } else { AccessError::Permission(asked.permissions) }
}

/// Takes a token back. The notification channels that were made with it are over.
pub fn revoke(cx: &Cx, key: &TokenKey) {
    let wave = cx.wave();
    let speaker = cx.step(wave.as_ref()).speaker();
    cx.org.cell(|cell| {
        if let Some(token) = cell.state.tokens.get_mut(key) {
            token.revoked = true;
        }
        token_revoked(&speaker, cell, &key.text());
    });
}

/// Some tokens may be worth nothing any more, whatever became of what they stand for: the notification channels that were made
/// with them are over.
pub fn end_channels(cx: &Cx) {
    let (now, wave) = (cx.now(), cx.wave());
    let speaker = cx.step(wave.as_ref()).speaker();
    cx.org.cell(|cell| {
        let mut keys = cell.state.channels.tokens();
        keys.retain(|key| {
            let token = TokenKey::parse(key).and_then(|key| cell.state.tokens.get(&key));
            token.is_none_or(|token| cell.state.worthless(token, now).is_some())
        });
        for key in keys {
            token_revoked(&speaker, cell, &key);
        }
    });
}

/// Counts one call against a limit of the org.
pub fn count(cx: &Cx, key: BucketKey, limit: impl FnOnce(&RateLimits) -> Limit) -> Result<(), AccessError> {
    if !cx.app.settings.limits {
        return Ok(());
    }
    let now = cx.now();
    let (limit, usage) = cx.state(|state| {
        let limit = limit(&state.settings.limits);
        (limit, state.bucket(key).take(limit, now))
    });
    cx.set_usage(usage);
    if usage.exceeded() {
        cx.refuse(limit.refusal(usage));
        return Err(AccessError::Limited(usage));
    }
    Ok(())
}
