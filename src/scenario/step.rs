//! One step of a script: a word for what the client does, and what it expects to come of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::base::{document::Spot, time::Span};

/// A step. Exactly one of its members says what is done; the others say how, and what is expected.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Step {
    /// What is told to people: who does what, and why.
    pub say: Option<String>,
    /// A request: method and target, such as `POST /oauth/token`.
    pub http: Option<String>,
    /// A call of the admin API: method and path below `/__admin`, such as `GET /clock`.
    pub admin: Option<String>,
    /// A WebSocket is opened at this path and query, such as `/v1`.
    pub open: Option<String>,
    /// A frame is sent: an object, or a text as it is.
    pub send: Option<Value>,
    /// The socket of this name is closed.
    pub close: Option<String>,
    /// A person signs in at an identity provider, such as `{ person: alice }`.
    pub sign_in: Option<SignIn>,
    /// The org's clock is moved: `{ advance: 5s }` or `{ set: <time> }`.
    pub clock: Option<Value>,
    /// A JWT, such as `${token}`, is verified as a backend would, with `keys`.
    pub verify: Option<String>,
    /// The client remembers something by name, such as `{ name: Ann }`.
    pub set: Option<BTreeMap<String, Value>>,

    /// The name of a socket. Default: `socket` when one is opened, else the one last spoken of.
    pub socket: Option<String>,
    /// Basic credentials: those of the world's client of this local name, such as `guest`.
    pub client: Option<String>,
    /// A bearer token, such as `${access}`.
    pub bearer: Option<String>,
    /// Further headers: an object, or `${…}` that is one.
    pub headers: Option<Value>,
    /// Further values of the query, such as `{ page: 1 }`.
    pub query: Option<BTreeMap<String, Value>>,
    /// A body in JSON.
    pub json: Option<Value>,
    /// A body as a form, such as `{ grant_type: client_credentials }`.
    pub form: Option<BTreeMap<String, Value>>,
    /// A body as text.
    pub text: Option<String>,
    /// A body as bytes, in base64.
    pub base64: Option<String>,
    /// The client gives up after so long, in the org's time.
    pub timeout: Option<Span>,
    /// Frames may take so long, in the org's time. Default 1 min.
    pub within: Option<Span>,
    /// The key set, or the one key, that `verify` uses.
    pub keys: Option<Value>,
    /// The `iss` that `verify` wants. Default: any.
    pub issuer: Option<String>,
    /// The `aud` that `verify` wants. Default: any.
    pub audience: Option<String>,
    /// A list of expected frames may come in any order.
    pub in_any_order: Option<bool>,
    /// The step is done so often, such as `3`; `${n}` counts.
    pub times: Option<u64>,

    /// What comes of it. On a socket: the next frame, a list of the next ones, or `nothing`.
    pub expect: Option<Value>,
    /// In a script that is to fail: this is the step that does, and this is what comes instead.
    pub sees: Option<Value>,
    /// What the client keeps: names, and where in the answer it is, such as `{ access: body.access_token }`.
    pub capture: BTreeMap<String, String>,

    /// Its place in the file.
    #[serde(skip)]
    pub spot: Spot,
}

/// Signing in without a page: `prompt=none` with `login_hint`, and PKCE. With `user`, at the platform itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SignIn {
    /// Who, such as `alice`.
    pub person: Option<String>,
    /// Instead, at the platform: a user of the org, by address or id.
    pub user: Option<String>,
    /// At which provider of the world. Default `main`.
    pub provider: Option<String>,
    /// Which client asks. Default `messenger`; of the platform `emulator-code-client`.
    pub client: Option<String>,
    /// Where the person is sent back to. Default `http://localhost:3000/cb`.
    pub redirect_uri: Option<String>,
    /// Default `openid profile email`.
    pub scope: Option<String>,
    /// Default `code`.
    pub response_type: Option<String>,
    /// Default: a new one each time.
    pub nonce: Option<String>,
    /// Further parameters, or others; an empty one is left out.
    pub with: BTreeMap<String, Value>,
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
pub enum Verb<'a> {
    /// A request.
    Http(&'a str),
    /// A call of the admin API.
    Admin(&'a str),
    /// A socket is opened.
    Open(&'a str),
    /// A frame is sent.
    Send(&'a Value),
    /// A frame is waited for.
    Expect,
    /// A socket is closed.
    Close(&'a str),
    /// A person signs in.
    SignIn(&'a SignIn),
    /// The clock is moved.
    Clock(&'a Value),
    /// A JWT is verified.
    Verify(&'a str),
    /// Something is remembered.
    Set(&'a BTreeMap<String, Value>),
}

impl Verb<'_> {
    /// The word in the file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Http(_) => "http",
            Self::Admin(_) => "admin",
            Self::Open(_) => "open",
            Self::Send(_) => "send",
            Self::Expect => "expect",
            Self::Close(_) => "close",
            Self::SignIn(_) => "signIn",
            Self::Clock(_) => "clock",
            Self::Verify(_) => "verify",
            Self::Set(_) => "set",
        }
    }

    /// The members that say how.
    fn takes(&self) -> &'static [&'static str] {
        match self {
            Self::Http(_) => {
                &["client", "bearer", "headers", "query", "json", "form", "text", "base64", "timeout"]
            }
            Self::Admin(_) => &["query", "json", "text"],
            Self::Open(_) => &["socket", "bearer", "headers", "query"],
            Self::Send(_) | Self::Expect => &["socket", "within", "inAnyOrder"],
            Self::Verify(_) => &["keys", "issuer", "audience"],
            Self::Close(_) | Self::SignIn(_) | Self::Clock(_) | Self::Set(_) => &[],
        }
    }
}

/// Words of steps, in the order in which they are told.
const VERBS: &str = "http, admin, open, send, expect, close, signIn, clock, verify, set";

impl Step {
    /// What it does.
    pub fn verb(&self) -> Result<Verb<'_>, String> {
        let mut verbs: Vec<Verb<'_>> = [
            self.http.as_deref().map(Verb::Http),
            self.admin.as_deref().map(Verb::Admin),
            self.open.as_deref().map(Verb::Open),
            self.send.as_ref().map(Verb::Send),
            self.close.as_deref().map(Verb::Close),
            self.sign_in.as_ref().map(Verb::SignIn),
            self.clock.as_ref().map(Verb::Clock),
            self.verify.as_deref().map(Verb::Verify),
            self.set.as_ref().map(Verb::Set),
        ]
        .into_iter()
        .flatten()
        .collect();
        if verbs.is_empty() && self.expect.is_some() {
            return Ok(Verb::Expect);
        }
        match (verbs.pop(), verbs.pop()) {
            (Some(verb), None) => Ok(verb),
            (Some(one), Some(other)) => {
                Err(format!("a step does one thing; this one has `{}` and `{}`", other.word(), one.word()))
            }
            (None, _) => Err(format!("a step says what is done; expected one of {VERBS}")),
        }
    }

    /// The members that are given and say how.
    fn given(&self) -> Vec<&'static str> {
        [
            ("socket", self.socket.is_some()),
            ("client", self.client.is_some()),
            ("bearer", self.bearer.is_some()),
            ("headers", self.headers.is_some()),
            ("query", self.query.is_some()),
            ("json", self.json.is_some()),
            ("form", self.form.is_some()),
            ("text", self.text.is_some()),
            ("base64", self.base64.is_some()),
            ("timeout", self.timeout.is_some()),
            ("within", self.within.is_some()),
            ("keys", self.keys.is_some()),
            ("issuer", self.issuer.is_some()),
            ("audience", self.audience.is_some()),
            ("inAnyOrder", self.in_any_order.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }

    /// What cannot be meant.
    pub fn check(&self) -> Result<(), String> {
        let verb = self.verb()?;
        if let Some(strange) = self.given().iter().find(|name| !verb.takes().contains(name)) {
            let takes = match verb.takes() {
                [] => "it takes none of these".to_owned(),
                takes => format!("it takes {}", takes.join(", ")),
            };
            return Err(format!("`{strange}` is nothing for `{}`; {takes}", verb.word()));
        }
        let bodies =
            self.given().into_iter().filter(|name| ["json", "form", "text", "base64"].contains(name));
        if bodies.count() > 1 {
            return Err("a request has one body; give one of json, form, text, base64".to_owned());
        }
        if self.client.is_some() && self.bearer.is_some() {
            return Err("`client` and `bearer` are both credentials; give one".to_owned());
        }
        if self.headers.as_ref().is_some_and(|headers| !headers.is_object() && !headers.is_string()) {
            return Err("`headers` is an object, or `${…}` that is one".to_owned());
        }
        if self.times == Some(0) {
            return Err("`times` counts from 1".to_owned());
        }
        match verb {
            Verb::Http(line) | Verb::Admin(line) => request_line(line).map(drop),
            Verb::Open(target) => is_target(target),
            Verb::Verify(_) if self.keys.is_none() => Err("`verify` needs `keys`".to_owned()),
            Verb::Send(frame) if !frame.is_object() && !frame.is_string() => {
                Err("`send` takes a frame as an object, or a text".to_owned())
            }
            Verb::SignIn(SignIn { person: None, user: None, .. }) => {
                Err("`signIn` needs a `person`, or at the platform a `user`".to_owned())
            }
            Verb::SignIn(SignIn { person: Some(_), user: Some(_), .. }) => {
                Err("`signIn` has a `person` at a provider, or a `user` at the platform, not both".to_owned())
            }
            _ => Ok(()),
        }
    }
}

fn is_target(target: &str) -> Result<(), String> {
    match target.starts_with(['/', '$']) || target.starts_with("http://") {
        true => Ok(()),
        false => Err(format!("`{target}` is no target; expected a path such as /oauth/token")),
    }
}

/// Method and target of a request.
pub fn request_line(line: &str) -> Result<(&str, &str), String> {
    let wrong = || format!("`{line}` is no request; expected method and path, such as `POST /oauth/token`");
    let (method, target) = line.split_once(' ').ok_or_else(wrong)?;
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    is_target(target.trim()).ok().filter(|()| is_method).map(|()| (method, target.trim())).ok_or_else(wrong)
}
