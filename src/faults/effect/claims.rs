//! `claims`: a token is made wrongly, in one named way.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::{Facts, Point, TokenKind},
    verdict::Verdict,
    when::When,
};

/// The ways in which a token can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimsMode {
    /// `exp` lies an hour in the past.
    Expired,
    /// `nbf` lies an hour ahead.
    NotYetValid,
    /// There is no `exp`.
    ExpMissing,
    /// `exp` counts milliseconds.
    ExpInMs,
    /// `iss` is somebody else's.
    WrongIss,
    /// `aud` is somebody else.
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
    BadSignature,
    /// `kid` names a key that nobody has.
    KidUnknown,
    /// `alg` is `none`.
    AlgNone,
    /// `alg` is `HS256`, the secret is the public key.
    Hs256Confusion,
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

fn guest() -> TokenKind {
    TokenKind::Guest
}

impl Power for Claims {
    fn point(&self, _: &When) -> Point {
        Point::Token
    }

    fn check(&self, _: &When) -> Result<(), String> {
        use ClaimsMode::{Expired, GuestIdMissing, PermissionsMissing, WebchatMissing};
        match (self.token, self.mode) {
            (TokenKind::Access, mode) if mode != Expired => {
                Err("an access token is opaque: it has no claims, but it can be `expired`".into())
            }
            (TokenKind::Messaging, PermissionsMissing | WebchatMissing | GuestIdMissing) => {
                Err("the token of `getJwt` has no such claim".into())
            }
            (TokenKind::Id, PermissionsMissing | WebchatMissing | GuestIdMissing) => {
                Err("an ID token has no such claim".into())
            }
            _ => Ok(()),
        }
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.token == Some(self.token)
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Claims(self.mode))
    }
}
