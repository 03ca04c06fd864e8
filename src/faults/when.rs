//! Which requests or frames a fault is about. What is not said does not matter.

use std::collections::BTreeMap;

use http::{HeaderName, Method, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::point::{Facts, FrameFacts, Point};
use crate::{
    base::{
        codec::pairs,
        ids::{ClientId, DeploymentId, GuestId, SessionToken, UserId},
        pattern,
        rules::{self, any_fits, fits},
        suggest,
        way::way,
    },
    domain::{
        deployment::host_of,
        visit::{Surface, Way},
    },
};

/// Methods of HTTP (RFC 9110, RFC 5789).
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// The conditions of a fault; all that are given must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct When {
    /// The family of URLs: `login`, `api`, `cdn`, `webmessaging`, `streaming`, `uploads` or `idp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// HTTP method, in any letter case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Path; `*` and `{name}` stand for one segment, a last `**` for any rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The host that is asked for, without its port, or the server name of TLS; `*.` before a name is every name below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The client that the request claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// The person that it claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The deployment that it claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<DeploymentId>,
    /// The guest that it claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest: Option<GuestId>,
    /// The session token of a frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionToken>,
    /// Header values by name, or rules such as `{ startsWith: Bearer }`; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header: BTreeMap<String, Value>,
    /// Query values by name, or rules; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, Value>,
    /// Values of a form by name, or rules; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub form: BTreeMap<String, Value>,
    /// Values in a JSON body by the way to them, such as `customer.name`, or rules; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub body: BTreeMap<String, Value>,
    /// `action` of a client's frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// `class` of a server's frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Which way a frame goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Way>,
}

impl When {
    /// Is it about frames rather than requests?
    pub fn is_about_frames(&self) -> bool {
        self.action.is_some() || self.class.is_some() || self.direction.is_some() || self.session.is_some()
    }

    /// Can it be about sockets?
    pub fn about_sockets(&self) -> Result<(), String> {
        match self.surface {
            None | Some(Surface::Webmessaging | Surface::Streaming) => Ok(()),
            Some(_) => Err("only the surfaces `webmessaging` and `streaming` have sockets".into()),
        }
    }

    /// What cannot both be so. `only` is the way of the frames that the effect can be about, if it is only one.
    pub fn check(&self, point: Point, only: Option<Way>) -> Result<(), String> {
        if point == Point::Accept && *self != Self::default() {
            return Err("nothing is known of a connection that is being accepted; leave it out".into());
        }
        if point == Point::Handshake && *self != (Self { host: self.host.clone(), ..Self::default() }) {
            return Err("nothing but the `host` is known when TLS is offered; leave the rest out".into());
        }
        if point == Point::Frame && self.host.is_some() {
            return Err("`host` is of requests and of TLS; this effect is on frames".into());
        }
        if self.surface == Some(Surface::Webhooks) {
            return Err(
                "what goes to URLs of integrations has no faults; let the URL answer otherwise".into()
            );
        }
        if self.is_about_frames() && point != Point::Frame {
            return Err(
                "`action`, `class`, `direction` and `session` are of frames; this effect is not".into()
            );
        }
        if matches!(point, Point::Frame | Point::Upgrade) {
            self.about_sockets()?;
        }
        let of_requests = self.method.is_some() || self.path.is_some() || !self.form.is_empty();
        if point == Point::Frame && (of_requests || !self.header.is_empty() || !self.query.is_empty()) {
            return Err(
                "`method`, `path`, `header`, `query` and `form` are of requests; this effect is on frames"
                    .into(),
            );
        }
        if self.action.is_some() && (self.class.is_some() || self.direction == Some(Way::Out)) {
            return Err("`action` is of frames from the client; they have no `class` and go `in`".into());
        }
        if self.class.is_some() && self.direction == Some(Way::In) {
            return Err("`class` is of frames to the client; they go `out`".into());
        }
        if only == Some(Way::Out) && (self.action.is_some() || self.direction == Some(Way::In)) {
            return Err("this effect is on frames to the client; they have no `action` and go `out`".into());
        }
        if only == Some(Way::In) && (self.class.is_some() || self.direction == Some(Way::Out)) {
            return Err("this effect is on frames from the client; they have no `class` and go `in`".into());
        }
        for (name, rule) in [&self.header, &self.query, &self.form].into_iter().flatten() {
            rules::check(rule).map_err(|wrong| format!("`{name}`: {wrong}"))?;
        }
        for (way, rule) in &self.body {
            rules::check_json(rule).map_err(|wrong| format!("`{way}`: {wrong}"))?;
        }
        if let Some(name) = self.header.keys().find(|name| HeaderName::try_from(*name).is_err()) {
            return Err(format!("`{name}` is not a header name"));
        }
        self.method.as_ref().map_or(Ok(()), |method| is_method(method))?;
        if self.path.as_ref().is_some_and(|path| !path.starts_with('/')) {
            return Err("`path` begins with `/`".into());
        }
        Ok(())
    }

    /// Does it hold? `only` as for [`Self::check`].
    pub fn holds(&self, facts: &Facts<'_>, only: Option<Way>) -> bool {
        let claimed = facts.claimed;
        is_or_any(self.surface.as_ref(), Some(&facts.surface))
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(facts.method))
            && self.path.as_ref().is_none_or(|pattern| pattern::fits(pattern, facts.path))
            && self.host.as_ref().is_none_or(|host| is_host(host, facts))
            && is_or_any(self.client.as_ref(), claimed.client.as_ref())
            && is_or_any(self.user.as_ref(), claimed.user.as_ref())
            && is_or_any(self.deployment.as_ref(), claimed.deployment.as_ref())
            && is_or_any(self.guest.as_ref(), claimed.guest.as_ref())
            && is_or_any(self.session.as_ref(), claimed.session.as_ref())
            && self.header.iter().all(|(name, wanted)| has_header(facts, name, wanted))
            && (self.query.is_empty() || fields_hold(&self.query, facts.query.unwrap_or_default()))
            && facts.frame.is_none_or(|frame| self.frame_holds(frame, only))
            && self.form_holds(facts.body)
            && self.body_holds(facts.body)
    }

    fn form_holds(&self, body: &[u8]) -> bool {
        self.form.is_empty() || std::str::from_utf8(body).is_ok_and(|text| fields_hold(&self.form, text))
    }

    fn body_holds(&self, body: &[u8]) -> bool {
        if self.body.is_empty() {
            return true;
        }
        let Ok(json) = serde_json::from_slice::<Value>(body) else { return false };
        self.body.iter().all(|(place, wanted)| fits(wanted, way(&json, place)))
    }

    /// The way of the frames that it is about. One that says nothing else is about what the client sends, if it can be.
    pub fn way(&self, only: Option<Way>) -> Way {
        let default = only.unwrap_or(if self.class.is_some() { Way::Out } else { Way::In });
        self.direction.unwrap_or(default)
    }

    fn frame_holds(&self, frame: FrameFacts<'_>, only: Option<Way>) -> bool {
        frame.way == self.way(only)
            && self.action.as_ref().is_none_or(|wanted| wanted == frame.action)
            && self.class.as_ref().is_none_or(|wanted| wanted == frame.class)
    }
}

/// Can a request have this method? Some have others than those of HTTP, but hardly one that is nearly one of those.
fn is_method(text: &str) -> Result<(), String> {
    if Method::from_bytes(text.as_bytes()).is_err() {
        return Err(format!("`method`: `{text}` is no method; expected a word such as `POST`"));
    }
    let known = METHODS.iter().any(|known| text.eq_ignore_ascii_case(known));
    match suggest::slip(text, METHODS) {
        Some(near) if !known => {
            Err(format!("`method`: `{text}` is no method of HTTP; did you mean `{near}`?"))
        }
        _ => Ok(()),
    }
}

fn is_or_any<T: PartialEq>(wanted: Option<&T>, given: Option<&T>) -> bool {
    wanted.is_none() || wanted == given
}

/// Is this, or a name below `*.`, the host that is asked for?
fn is_host(wanted: &str, facts: &Facts<'_>) -> bool {
    let header = || facts.headers?.get(header::HOST)?.to_str().ok();
    facts.server_name.or_else(header).is_some_and(|host| pattern::fits_host(wanted, host_of(host)))
}

fn has_header(facts: &Facts<'_>, name: &str, wanted: &Value) -> bool {
    let values = facts.headers.iter().flat_map(|headers| headers.get_all(name));
    any_fits(wanted, values.map(|value| String::from_utf8_lossy(value.as_bytes())))
}

/// Do the values of a query or form fit these?
fn fields_hold(wanted: &BTreeMap<String, Value>, encoded: &str) -> bool {
    wanted.iter().all(|(name, wanted)| {
        any_fits(wanted, pairs(encoded).filter(|(given, _)| given == name).map(|(_, value)| value))
    })
}
