//! Finds codes and refresh tokens again, and says why one is worth nothing.

use crate::{
    domain::visit::Refusal,
    ops::{
        cx::{Cx, token_key},
        org::TAG,
    },
    store::{authorizations::Dead, org_state::TokenKey},
};

/// What is looked for, and its rules: unknown, revoked, expired.
pub type Kind = (&'static str, [&'static str; 3]);

/// A code.
pub const CODE: Kind = ("code", ["oauth.code_unknown", "oauth.code_revoked", "oauth.code_expired"]);
/// A refresh token.
pub const REFRESH_TOKEN: Kind = (
    "refresh token",
    ["oauth.refresh_token_unknown", "oauth.refresh_token_revoked", "oauth.refresh_token_expired"],
);

/// The key of an opaque code or token, if it is one of this org.
pub fn key(cx: &Cx, text: &str) -> Result<TokenKey, Dead> {
    token_key(&cx.org, text).ok_or(Dead::Unknown)
}

/// Was it issued by another org than this one?
pub fn is_of_another_org(cx: &Cx, text: &str) -> bool {
    let known = text.get(..TAG).is_some_and(|tag| cx.app.org_of_tag(tag).is_some());
    known && token_key(&cx.org, text).is_none()
}

/// Tells the journal that a code or token is worth nothing. Answers the words for it.
pub fn refuse(cx: &Cx, (what, [unknown, revoked, expired]): Kind, text: &str, why: Dead) -> String {
    let words = format!("the {what} {why}");
    cx.refuse(match why {
        Dead::Unknown if is_of_another_org(cx, text) => Refusal::new(
            "of.another.org",
            format!("The {what} was issued by another org than the one that was asked"),
        ),
        Dead::Unknown => Refusal::new(unknown, words.as_str()),
        Dead::Revoked => Refusal::new(revoked, words.as_str()),
        Dead::Expired(_) => Refusal::new(expired, words.as_str()).seen(cx.now().to_string()),
    });
    words
}
