//! Signs people out (OpenID Connect RP-Initiated Logout 1.0).

use super::{At, lookup, session};
use crate::ops::{
    params::Params,
    way_back::{Untrusted, admitted},
};

/// Where a client wants people to be sent once they have signed out.
const PARAMETER: &str = "post_logout_redirect_uri";

/// Where the person goes now, and with which `state`; nowhere, if the client did not say.
pub type GoesTo = Option<(String, Option<String>)>;

/// Ends the session of this browser, or the one that the ID token speaks of. `secret` is what the browser remembers.
pub async fn end_session(at: &At, params: &Params, secret: Option<&str>) -> Result<GoesTo, Untrusted> {
    let (hinted, sid) = match params.get("id_token_hint") {
        None => (None, None),
        Some(hint) => {
            let claims = lookup::id_token(at, hint).await.ok_or_else(|| at.distrust(Untrusted::Hint))?;
            (claims.aud.and_then(|aud| aud.values().first().cloned()), claims.sid)
        }
    };
    let goes_to = destination(at, params, hinted.as_deref()).map_err(|why| at.distrust(why))?;
    let here = session::find(at, secret).map(|presence| presence.sid);
    for sid in here.iter().chain(&sid) {
        session::end(at, sid);
    }
    Ok(goes_to)
}

fn destination(at: &At, params: &Params, hinted: Option<&str>) -> Result<GoesTo, Untrusted> {
    let named = params.get("client_id");
    if let (Some(hinted), Some(named)) = (hinted, named)
        && hinted != named
    {
        return Err(Untrusted::HintOfAnother(hinted.to_owned()));
    }
    let id = named.or(hinted);
    let clients = &at.provider.clients;
    let client =
        id.map(|id| clients.get(id).ok_or_else(|| Untrusted::UnknownClient(id.to_owned()))).transpose()?;
    let Some(given) = params.get(PARAMETER) else {
        return Ok(None);
    };
    let client = client.ok_or(Untrusted::NoClient)?;
    admitted(&client.id, PARAMETER, given, &client.post_logout_redirect_uris)?;
    Ok(Some((given.to_owned(), params.get("state").map(str::to_owned))))
}
