//! Answers the authorization endpoint: whoever is known is sent back with what was asked for, everybody else is asked.

use std::sync::Arc;

use super::{
    At,
    issue::{self, Beside},
    lookup,
    request::{self, AuthenticationRequest, AuthorizationError, REMEMBERED, Unreadable},
    session,
};
use crate::{
    base::codec::same_secret,
    domain::{
        authentication_request::ReturnTo,
        authorization::{Authorization, Code, Presence},
        identity_provider::EndUser,
        visit::Refusal,
    },
    ops::{params::Params, visitor::Visitor, way_back::Untrusted},
    store::{authorizations::Given, org_state::TokenKey},
};

/// What a client gets at once.
#[derive(Clone, Debug)]
pub struct Granted {
    /// A code.
    pub code: Option<String>,
    /// An access token, and how many seconds it lives.
    pub access_token: Option<(String, i64)>,
    /// An ID token.
    pub id_token: Option<String>,
    /// For what.
    pub scopes: Vec<String>,
}

/// The sign-in page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Which client asks.
    pub client: String,
    /// Who can sign in.
    pub people: Vec<Arc<EndUser>>,
    /// Who it may be.
    pub hint: Option<String>,
    /// Who has signed in already and may go on.
    pub signed_in: Option<Arc<EndUser>>,
    /// Has somebody tried in vain?
    pub wrong: bool,
    /// What the page sends along.
    pub request: Vec<(&'static str, String)>,
}

/// What comes of it.
pub enum Outcome {
    /// The person is asked.
    Ask(Page),
    /// The client is answered.
    Answer {
        /// Where.
        to: ReturnTo,
        /// With what.
        result: Result<Granted, AuthorizationError>,
        /// What the browser is to remember.
        cookie: Option<String>,
    },
}

enum Decision {
    Ask { signed_in: Option<Arc<EndUser>>, wrong: bool },
    Grant(Presence, Option<String>),
    Refuse(AuthorizationError),
}

/// Answers an authentication request. `secret` is what the browser remembers.
pub async fn authorize(
    at: &At,
    params: &Params,
    secret: Option<&str>,
    visitor: Visitor,
) -> Result<Outcome, Untrusted> {
    let (to, asked) = match request::read(at, params) {
        Ok(read) => read,
        Err(Unreadable::Untrusted(why)) => return Err(why),
        Err(Unreadable::Told(to, error)) => {
            error.refuse(at);
            return Ok(Outcome::Answer { to, result: Err(error), cookie: None });
        }
    };
    let decision = match subject_hint(at, &asked).await {
        Ok(subject) => decide(at, &asked, subject.as_deref(), session::find(at, secret), visitor),
        Err(error) => Decision::Refuse(error),
    };
    let (result, cookie) = match decision {
        Decision::Ask { signed_in, wrong } => {
            return Ok(Outcome::Ask(page(at, params, &asked, signed_in, wrong)));
        }
        Decision::Grant(presence, cookie) => (grant(at, asked, presence).await, cookie),
        Decision::Refuse(error) => (Err(error), None),
    };
    if let Err(error) = &result {
        error.refuse(at);
    }
    Ok(Outcome::Answer { to, result, cookie })
}

/// The only subject that will do, by the request's claims or by the ID token that it hints with.
async fn subject_hint(at: &At, asked: &AuthenticationRequest) -> Result<Option<String>, AuthorizationError> {
    let claimed = asked.claims.subject().map(str::to_owned);
    let Some(hint) = &asked.id_token_hint else {
        return Ok(claimed);
    };
    match lookup::id_token(at, hint).await {
        Some(claims) => Ok(claimed.or(claims.sub)),
        None => Err(AuthorizationError::InvalidRequest(Untrusted::Hint.to_string())),
    }
}

fn decide(
    at: &At,
    asked: &AuthenticationRequest,
    subject: Option<&str>,
    before: Option<Presence>,
    visitor: Visitor,
) -> Decision {
    let ask = |signed_in| Decision::Ask { signed_in, wrong: false };
    let fits = |person: &EndUser| subject.is_none_or(|subject| subject == person.subject);
    let required = |words: String| Decision::Refuse(AuthorizationError::LoginRequired(words));
    let sign_in = |person: Arc<EndUser>| match fits(&person) {
        true => {
            let (presence, cookie) = session::begin(at, person);
            Decision::Grant(presence, Some(cookie))
        }
        false => required(format!("the request is for another subject than {}", person.subject)),
    };
    let again = || {
        at.refuse(Refusal::new("idp.password_wrong", "Nobody has this user name and password"));
        Decision::Ask { signed_in: None, wrong: true }
    };
    let hinted = asked.login_hint.as_deref().map(|hint| at.provider.person(hint).ok_or(hint));
    let is_hinted = |person: &EndUser| match &hinted {
        None => true,
        Some(Ok(hinted)) => hinted.subject == person.subject,
        Some(Err(_)) => false,
    };
    let is_fresh = |presence: &Presence| match asked.max_age {
        None => true,
        Some(max_age) => max_age > 0 && at.now().seconds() - presence.since.seconds() <= max_age,
    };
    let usable = before.filter(|before| fits(&before.person) && is_fresh(before));
    match visitor {
        Visitor::Cancels => Decision::Refuse(AuthorizationError::AccessDenied),
        Visitor::Chose(name) => at.provider.people.get(&name).cloned().map_or_else(again, sign_in),
        Visitor::Wrote { name, password } => by_password(at, &name, &password).map_or_else(again, sign_in),
        Visitor::GoesOn => match usable {
            Some(presence) => Decision::Grant(presence, None),
            None => ask(None),
        },
        Visitor::Sent if asked.prompt.none => match (hinted, usable) {
            (Some(Ok(person)), _) => sign_in(Arc::clone(person)),
            (Some(Err(hint)), _) => required(format!("there is nobody called {hint}")),
            (None, Some(presence)) => Decision::Grant(presence, None),
            (None, None) => required("nobody has signed in, or not lately enough".to_owned()),
        },
        Visitor::Sent => match usable.filter(|before| is_hinted(&before.person)) {
            Some(presence) if !asked.prompt.login && !asked.prompt.consent => Decision::Grant(presence, None),
            Some(presence) if !asked.prompt.login => ask(Some(presence.person)),
            _ => ask(None),
        },
    }
}

fn page(
    at: &At,
    params: &Params,
    asked: &AuthenticationRequest,
    signed_in: Option<Arc<EndUser>>,
    wrong: bool,
) -> Page {
    let remembered = REMEMBERED.iter().filter_map(|name| Some((*name, params.get(name)?.to_owned())));
    Page {
        client: asked.client.id.to_string(),
        people: at.provider.people.values().cloned().collect(),
        hint: asked.login_hint.clone(),
        signed_in,
        wrong,
        request: remembered.collect(),
    }
}

async fn grant(
    at: &At,
    asked: AuthenticationRequest,
    presence: Presence,
) -> Result<Granted, AuthorizationError> {
    let AuthenticationRequest {
        client, redirect_uri, response_type, scopes, nonce, challenge, claims, ..
    } = asked;
    let authorization = Arc::new(Authorization {
        provider: at.provider.name.clone(),
        client,
        presence: Some(presence),
        scopes: scopes.clone(),
        nonce,
        claims,
    });
    let granted = TokenKey::new(at.draw("idp authorization").bytes());
    let code = response_type.code.then(|| issue::opaque(at, "idp code"));
    let expires = at.now().plus(at.provider.code_lifetime);
    let forgot = at.state(|state| {
        let tables = &mut state.authorizations;
        let forgot = tables.grant(granted, Arc::clone(&authorization));
        if let Some((key, _)) = code {
            let value = Code { redirect_uri, challenge, expires, used: false };
            tables.codes.insert(key, Given { granted, value });
        }
        forgot
    });
    at.forgot("grants", forgot);
    let code = code.map(|(_, text)| text);
    let access_token = response_type.token.then(|| issue::access_token(at, granted, &scopes));
    let id_token = if response_type.id_token {
        let access_token = access_token.as_ref().map(|(text, _)| text.as_str());
        let beside = Beside { access_token, code: code.as_deref(), refreshed: false };
        issue::id_token(at, &authorization, beside).await?
    } else {
        None
    };
    Ok(Granted { code, access_token, id_token, scopes })
}

/// Who has this user name and this password.
fn by_password(at: &At, name: &str, password: &str) -> Option<Arc<EndUser>> {
    let person = at.provider.person(name)?;
    same_secret(&person.password, password).then(|| Arc::clone(person))
}
