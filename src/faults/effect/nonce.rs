//! `nonce`: the ID token of an identity provider has another nonce than the client sent.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::{Facts, Point, TokenKind},
    verdict::Verdict,
    when::When,
};

/// The ways in which a nonce can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NonceMode {
    /// It is another.
    Mismatch,
    /// There is none.
    Missing,
    /// It is that of the client's ID token before.
    Replayed,
}

impl NonceMode {
    /// The reason that refusals have for it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Mismatch => "nonce.mismatch",
            Self::Missing => "nonce.missing",
            Self::Replayed => "nonce.replayed",
        }
    }
}

/// How it is wrong.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Nonce {
    /// How it is wrong.
    mode: NonceMode,
}

impl Power for Nonce {
    fn point(&self, _: &When) -> Point {
        Point::Token
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.token == Some(TokenKind::Id)
    }

    fn decides(&self) -> Option<String> {
        Some("which nonce the token has".to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Nonce(self.mode))
    }
}
