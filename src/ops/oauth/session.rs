//! Who has signed in at the platform's login: the browser keeps a secret.

use std::sync::Arc;

use super::{find_client, issue};
use crate::{
    domain::{
        authorization::{LOGIN, Presence},
        user::User,
        visit::Refusal,
    },
    ops::{
        cx::{Cx, token_key},
        params::Params,
        way_back::{Untrusted, admitted},
    },
};

/// Signs a user in. Answers the secret for the browser, too.
pub fn begin(cx: &Cx, user: Arc<User>) -> (Presence<User>, String) {
    let (key, secret) = issue::opaque(cx, "login session");
    let (presence, forgot) = cx.state(|state| state.logins.sign_in(key, LOGIN, user, cx.now()));
    issue::note_forgotten(cx, "sign-ins", forgot);
    (presence, secret)
}

/// Who has signed in in this browser, if that user is still there.
pub fn find(cx: &Cx, secret: Option<&str>) -> Option<Presence<User>> {
    let key = token_key(&cx.org, secret?)?;
    cx.state(|state| {
        let presence = state.logins.signed_in(key, LOGIN)?;
        state.users.contains_key(&presence.person.id).then_some(presence)
    })
}

/// Signs out whoever has signed in in this browser. Answers where a client wants them to be sent now. Tokens live on.
pub fn end(cx: &Cx, params: &Params, secret: Option<&str>) -> Result<Option<String>, Untrusted> {
    let goes_to = destination(cx, params)?;
    if let Some(presence) = find(cx, secret) {
        cx.state(|state| state.logins.sign_out(&presence.sid, LOGIN));
    }
    Ok(goes_to)
}

fn destination(cx: &Cx, params: &Params) -> Result<Option<String>, Untrusted> {
    let distrust = |why: Untrusted| {
        refuse(cx, &why);
        why
    };
    let id = params.get("client_id");
    let client = match id {
        None => None,
        Some(id) => Some(find_client(cx, id, false).ok_or_else(|| Untrusted::UnknownClient(id.to_owned()))?),
    };
    let Some(given) = params.get("redirect_uri") else { return Ok(None) };
    let client = client.ok_or_else(|| distrust(Untrusted::NoClient))?;
    admitted(&client.id, "redirect_uri", given, &client.redirect_uris).map_err(distrust)?;
    Ok(Some(given.to_owned()))
}

/// Tells the journal why nobody can be sent back; of unknown clients it knows already.
pub(super) fn refuse(cx: &Cx, why: &Untrusted) {
    let rule = match why {
        Untrusted::UnknownClient(_) => return,
        Untrusted::TooLong => "oauth.request_too_long",
        Untrusted::Repeated(_) => "oauth.parameter_repeated",
        Untrusted::NoClient => "oauth.client_missing",
        Untrusted::NoRedirectUri(_) => "oauth.redirect_uri_missing",
        Untrusted::RedirectUri { .. } => "oauth.redirect_uri_unknown",
        Untrusted::Hint | Untrusted::HintOfAnother(_) => "oauth.id_token_hint",
    };
    let refusal = Refusal::new(rule, why.to_string());
    cx.refuse(match why {
        Untrusted::RedirectUri { registered, .. } => refusal.expected(registered.as_str()),
        _ => refusal,
    });
}
