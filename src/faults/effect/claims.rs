//! `claims`: a token is made wrongly, in one named way.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::{Facts, Point, TokenKind},
    verdict::Verdict,
    when::When,
};

/// The ways in which a token can be wrong. A mode may also be called by the reason that refusals have for it, with `_`
/// for each dot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimsMode {
    /// `exp` lies an hour in the past.
    #[serde(alias = "token_expired")]
    Expired,
    /// `nbf` lies an hour ahead.
    #[serde(alias = "token_not_yet_valid")]
    NotYetValid,
    /// There is no `exp`.
    ExpMissing,
    /// `exp` counts milliseconds.
    #[serde(alias = "exp_in_milliseconds")]
    ExpInMs,
    /// `iss` is somebody else's.
    #[serde(alias = "issuer_mismatch")]
    WrongIss,
    /// `aud` is somebody else.
    #[serde(alias = "audience_mismatch")]
    WrongAud,
    /// There is no `sub`.
    SubMissing,
    /// There are no `permissions`.
    PermissionsMissing,
    /// There is no `webchat`.
    WebchatMissing,
    /// There is no `webchat.guestId`.
    GuestIdMissing,
    /// The signature is spoiled.
    #[serde(alias = "signature_invalid")]
    BadSignature,
    /// `kid` names a key that nobody has.
    KidUnknown,
    /// `alg` is `none`.
    AlgNone,
    /// `alg` is `HS256`, the secret is the public key.
    Hs256Confusion,
    /// It is right, and was taken back before it was given out.
    Revoked,
    /// `iss` and `aud` are the platform's in another region.
    WrongRegion,
    /// The text ends in the middle of its claims.
    Truncated,
    /// A member `padding` makes it longer than heads may be in most places.
    Oversized,
    /// The issuer's clock is ten minutes ahead: `iat`, `nbf` and `exp` are.
    ClockSkew,
}

impl ClaimsMode {
    /// The reason that refusals have for it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Expired => "token.expired",
            Self::NotYetValid => "token.not.yet.valid",
            Self::ExpMissing => "exp.missing",
            Self::ExpInMs => "exp.in.milliseconds",
            Self::WrongIss => "issuer.mismatch",
            Self::WrongAud => "audience.mismatch",
            Self::SubMissing => "sub.missing",
            Self::PermissionsMissing => "permissions.missing",
            Self::WebchatMissing => "webchat.missing",
            Self::GuestIdMissing => "guest.id.missing",
            Self::BadSignature => "signature.invalid",
            Self::KidUnknown => "kid.unknown",
            Self::AlgNone | Self::Hs256Confusion => "alg.not.allowed",
            Self::Revoked => "revoked",
            Self::WrongRegion => "wrong.region",
            Self::Truncated => "truncated",
            Self::Oversized => "oversized",
            Self::ClockSkew => "clock.skew",
        }
    }

    /// Can a token be wrong in this way that has no claims?
    pub const fn fits_opaque(self) -> bool {
        matches!(self, Self::Expired | Self::Revoked)
    }

    /// Why a token of this kind cannot be wrong in this way.
    pub fn check(self, token: TokenKind) -> Result<(), String> {
        use ClaimsMode::{GuestIdMissing, PermissionsMissing, Revoked, WebchatMissing, WrongRegion};
        Err(match (token, self) {
            (TokenKind::Access, PermissionsMissing | WebchatMissing | GuestIdMissing) => {
                "an access token has no such claim"
            }
            (TokenKind::Messaging, PermissionsMissing | WebchatMissing | GuestIdMissing) => {
                "the token of `getJwt` has no such claim"
            }
            (TokenKind::Id, PermissionsMissing | WebchatMissing | GuestIdMissing) => {
                "an ID token has no such claim"
            }
            (TokenKind::Id, Revoked) => "an ID token is not taken back; an access token is",
            (TokenKind::Id, WrongRegion) => {
                "an identity provider has no region; `wrong_iss` is another provider"
            }
            _ => return Ok(()),
        }
        .to_owned())
    }
}

/// Which token, and how it is wrong.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Claims {
    /// Which token. Default: the guest JWT.
    #[serde(default = "guest")]
    token: TokenKind,
    /// How it is wrong.
    mode: ClaimsMode,
}

impl Claims {
    /// Does it need access tokens that are JWTs?
    pub fn needs_access_jwts(&self) -> bool {
        self.token == TokenKind::Access && !self.mode.fits_opaque()
    }
}

fn guest() -> TokenKind {
    TokenKind::Guest
}

impl Power for Claims {
    fn point(&self, _: &When) -> Point {
        Point::Token
    }

    fn check(&self, _: &When) -> Result<(), String> {
        self.mode.check(self.token)
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.token == Some(self.token)
    }

    fn decides(&self) -> Option<String> {
        Some(format!("how a token of kind {:?} is wrong", self.token).to_lowercase())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Claims(self.mode))
    }
}
