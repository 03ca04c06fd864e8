//! Where users sign in for clients (RFC 6749 sections 4.1.1 and 4.2.1): whoever is known, or is signed in without a page, is
//! sent back with a code or a token; everybody else is asked.

use std::sync::Arc;

use super::{find_client, issue, session};
use crate::{
    base::time::Span,
    domain::{
        authentication_request::{ResponseMode, ReturnTo},
        authorization::{Code, Presence},
        client::{Client, Grant},
        pkce::Challenge,
        user::User,
        visit::Refusal,
    },
    jose::signer::SignError,
    ops::{
        cx::Cx,
        params::Params,
        visitor::Visitor,
        way_back::{Untrusted, trusted},
    },
    store::authorizations::Given,
};

/// How long a code lives.
const CODE_LIFETIME: Span = Span::from_secs(60);

/// The parameters that the page sends along.
const REMEMBERED: [&str; 10] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "state",
    "org",
    "provider",
    "target",
    "login_hint",
    "code_challenge",
    "code_challenge_method",
];

/// What a client gets at once.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A code.
    Code(String),
    /// An access token, and how many seconds it lives.
    Token(String, i64),
}

/// Why the client is told that nothing comes of it.
#[derive(Debug, thiserror::Error)]
pub enum NotAuthorized {
    /// A parameter is missing, repeated, or not what it should be.
    #[error("{0}")]
    InvalidRequest(String),
    /// Not this response type.
    #[error("response_type {0} is not served; expected code or token")]
    UnsupportedResponseType(String),
    /// The client has another grant, or is inactive.
    #[error("{0}")]
    UnauthorizedClient(String),
    /// Nobody signs in.
    #[error("{0}")]
    AccessDenied(String),
    /// The token could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// The sign-in page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Which client asks.
    pub client: Arc<Client>,
    /// Who can sign in.
    pub users: Vec<Arc<User>>,
    /// What is wrong.
    pub wrong: Option<String>,
    /// Was somebody refused for it?
    pub refused: bool,
    /// Who has signed in already and may go on.
    pub signed_in: Option<Arc<User>>,
    /// What the page sends along.
    pub request: Vec<(&'static str, String)>,
}

/// What comes of it.
pub enum Outcome {
    /// The user is asked.
    Ask(Page),
    /// The client is answered.
    Answer {
        /// Where.
        to: ReturnTo,
        /// With what.
        result: Result<Answer, NotAuthorized>,
        /// What the browser is to remember.
        cookie: Option<String>,
    },
}

/// What is asked.
struct Asked {
    client: Arc<Client>,
    redirect_uri: String,
    token: bool,
    challenge: Option<Challenge>,
    hint: Hint,
    /// Is the page wanted in any case?
    page: bool,
}

/// Who it may be.
enum Hint {
    Nobody,
    User(Arc<User>),
    Unknown(String),
}

enum Decision {
    Ask(Option<Arc<User>>),
    AskAgain { wrong: String, refused: bool },
    Grant(Presence<User>, Option<String>),
    Refuse(NotAuthorized),
}

/// Answers an authorization request. `secret` is what the browser remembers.
pub async fn authorize(
    cx: &Cx,
    params: &Params,
    secret: Option<&str>,
    visitor: Visitor,
) -> Result<Outcome, Untrusted> {
    let (client, redirect_uri) = trusted(params, |id| find_client(cx, id, false)).inspect_err(|why| {
        session::refuse(cx, why);
    })?;
    let response_type = params.get("response_type");
    let mode = if response_type == Some("token") { ResponseMode::Fragment } else { ResponseMode::Query };
    let state = params.get("state").map(str::to_owned);
    let to = ReturnTo { redirect_uri: redirect_uri.clone(), mode, state };
    let decision = match read(cx, params, client, redirect_uri) {
        Err(error) => Err(error),
        Ok(asked) => match decide(cx, &asked, session::find(cx, secret), visitor) {
            Decision::Ask(signed_in) => {
                return Ok(Outcome::Ask(Page { signed_in, ..page(cx, params, asked) }));
            }
            Decision::AskAgain { wrong, refused } => {
                let wrong = Some(wrong);
                return Ok(Outcome::Ask(Page { wrong, refused, ..page(cx, params, asked) }));
            }
            Decision::Grant(presence, cookie) => {
                grant(cx, asked, &presence).await.map(|answer| (answer, cookie))
            }
            Decision::Refuse(error) => Err(error),
        },
    };
    let (result, cookie) = match decision {
        Ok((answer, cookie)) => (Ok(answer), cookie),
        Err(error) => (Err(error), None),
    };
    if let Err(error) = &result {
        refuse(cx, error);
    }
    Ok(Outcome::Answer { to, result, cookie })
}

fn refuse(cx: &Cx, error: &NotAuthorized) {
    let rule = match error {
        NotAuthorized::InvalidRequest(_) => "oauth.invalid_request",
        NotAuthorized::UnsupportedResponseType(_) => "oauth.response_type_unsupported",
        NotAuthorized::UnauthorizedClient(_) => "oauth.client_unauthorized",
        NotAuthorized::AccessDenied(_) => "oauth.access_denied",
        NotAuthorized::Sign(_) => "oauth.signature_failed",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
}

fn read(cx: &Cx, params: &Params, client: Arc<Client>, redirect_uri: String) -> Result<Asked, NotAuthorized> {
    let invalid = NotAuthorized::InvalidRequest;
    if let Some(name) = params.repeated() {
        return Err(invalid(format!("{name} came more than once")));
    }
    let (token, grant) = match params.get("response_type") {
        None => return Err(invalid("response_type is missing".into())),
        Some("code") => (false, Grant::Code),
        Some("token") => (true, Grant::Token),
        Some(other) => return Err(NotAuthorized::UnsupportedResponseType(other.to_owned())),
    };
    if client.grant != grant {
        let words = format!("the client has grant {}, not {}", client.grant.name(), grant.name());
        return Err(NotAuthorized::UnauthorizedClient(words));
    }
    if !client.works(cx.now()) {
        return Err(NotAuthorized::UnauthorizedClient("the client is inactive".into()));
    }
    let challenge = match (params.get("code_challenge"), params.get("code_challenge_method")) {
        (None, None) => None,
        (None, Some(_)) => return Err(invalid("code_challenge_method came without code_challenge".into())),
        (Some(value), Some("S256")) => {
            Some(Challenge::new(value, Some("S256")).map_err(|error| invalid(error.to_string()))?)
        }
        (Some(_), None) => return Err(invalid("code_challenge_method is missing; expected S256".into())),
        (Some(_), Some(other)) => {
            return Err(invalid(format!("code_challenge_method {other} is not served; expected S256")));
        }
    };
    is_here(cx, params)?;
    let prompt = params.get("prompt");
    if let Some(other) = prompt.filter(|prompt| *prompt != "login") {
        cx.journal(|draft| {
            draft.note(format!("prompt={other} means nothing here; the platform knows login"))
        });
    }
    let hint = params.get("login_hint").map_or(Hint::Nobody, |hint| hinted(cx, hint));
    Ok(Asked { client, redirect_uri, token, challenge, hint, page: prompt == Some("login") })
}

/// The request is not for another org: neither by `org` and `provider`, which mean something as a pair only, nor by `target`.
fn is_here(cx: &Cx, params: &Params) -> Result<(), NotAuthorized> {
    let name = cx.state(|state| state.settings.name.clone());
    let is_this = |named: &str| named == cx.org.id.as_str() || named.eq_ignore_ascii_case(&name);
    match (params.get("org"), params.get("provider")) {
        (Some(org), Some(_)) if !is_this(org) => {
            return Err(NotAuthorized::AccessDenied(format!("there is no org {org} here")));
        }
        (Some(_), None) | (None, Some(_)) => {
            cx.journal(|draft| draft.note("org and provider mean something together only"));
        }
        _ => {}
    }
    match params.get("target") {
        Some(target) if target != cx.org.id.as_str() => {
            Err(NotAuthorized::AccessDenied(format!("nobody of this org may act in org {target}")))
        }
        _ => Ok(()),
    }
}

/// `login_hint`: an address, the org's name, or both with a colon between.
fn hinted(cx: &Cx, hint: &str) -> Hint {
    let user =
        |called: &str| cx.state(|state| state.users.values().find(|user| user.is_called(called)).cloned());
    let is_org = |named: &str| cx.state(|state| state.settings.name.eq_ignore_ascii_case(named));
    let of_org = || hint.split_once(':').filter(|(_, org)| is_org(org)).and_then(|(email, _)| user(email));
    match user(hint).or_else(of_org) {
        Some(user) => Hint::User(user),
        None if is_org(hint) => Hint::Nobody,
        None => Hint::Unknown(hint.to_owned()),
    }
}

fn decide(cx: &Cx, asked: &Asked, before: Option<Presence<User>>, visitor: Visitor) -> Decision {
    let sign_in = |user: Arc<User>| {
        let (presence, cookie) = session::begin(cx, user);
        Decision::Grant(presence, Some(cookie))
    };
    match visitor {
        Visitor::Cancels => Decision::Refuse(NotAuthorized::AccessDenied("the sign-in was cancelled".into())),
        Visitor::Chose(name) | Visitor::Wrote { name, .. } => match hinted(cx, &name) {
            Hint::User(user) => sign_in(user),
            _ => {
                cx.refuse(Refusal::new("oauth.user_unknown", "Nobody of the org is called so"));
                Decision::AskAgain { wrong: "There is nobody of this name.".into(), refused: true }
            }
        },
        Visitor::GoesOn => match before {
            Some(presence) => Decision::Grant(presence, None),
            None => Decision::Ask(None),
        },
        Visitor::Sent if asked.page => Decision::Ask(before.map(|presence| presence.person)),
        Visitor::Sent => match (&asked.hint, before) {
            (Hint::Unknown(hint), _) => {
                cx.journal(|draft| draft.note("login_hint names nobody of this org, so the page asks"));
                Decision::AskAgain { wrong: format!("There is nobody called {hint} here."), refused: false }
            }
            (Hint::User(user), Some(presence)) if presence.person.id == user.id => {
                Decision::Grant(presence, None)
            }
            (Hint::Nobody, Some(presence)) => Decision::Grant(presence, None),
            (Hint::User(user), _) if asked.client.signs_in.is_some() => sign_in(Arc::clone(user)),
            (Hint::Nobody, None) => {
                let id = asked.client.signs_in.as_ref();
                match id.and_then(|id| cx.state(|state| state.users.get(id).cloned())) {
                    Some(user) => sign_in(user),
                    None => Decision::Ask(None),
                }
            }
            (Hint::User(_), _) => Decision::Ask(None),
        },
    }
}

fn page(cx: &Cx, params: &Params, asked: Asked) -> Page {
    let remembered = REMEMBERED.iter().filter_map(|name| Some((*name, params.get(name)?.to_owned())));
    let mut users = cx.state(|state| state.users.values().cloned().collect::<Vec<_>>());
    if let Hint::User(hinted) = &asked.hint {
        users.sort_by_key(|user| user.id != hinted.id);
    }
    let (client, request) = (asked.client, remembered.collect());
    Page { client, users, wrong: None, refused: false, signed_in: None, request }
}

async fn grant(cx: &Cx, asked: Asked, presence: &Presence<User>) -> Result<Answer, NotAuthorized> {
    let Asked { client, redirect_uri, token, challenge, .. } = asked;
    let user = &presence.person.id;
    let granted = issue::grant(cx, &client, user);
    if token {
        let given = issue::access_token(cx, &client, Some((user, granted))).await?;
        return Ok(Answer::Token(given.access_token, given.expires_in));
    }
    let (key, text) = issue::opaque(cx, "oauth code");
    let value = Code { redirect_uri, challenge, expires: cx.now().plus(CODE_LIFETIME), used: false };
    cx.state(|state| state.logins.codes.insert(key, Given { granted, value }));
    Ok(Answer::Code(text))
}
