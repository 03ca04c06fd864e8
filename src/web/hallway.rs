//! The one function that every request walks through. Read top to bottom, it is the life of a request.

use std::{pin::Pin, sync::Arc};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, header, request::Parts};
use http_body_util::Full;
use tower::ServiceExt;

use super::{
    Web,
    address::Address,
    answer::Held,
    bend, body,
    claim::Claims,
    control, cors, dialect,
    fated::{Fated, obey},
    login::oauth::Came,
    root,
};
use crate::{
    base::{codec::query_value, fate::Fate, time::Span},
    domain::visit::Surface,
    faults::{
        caller,
        fault::{Fault, Phase},
        point::Point,
        verdict::{Ending, Pace},
    },
    journal::draft::Keep,
    ops::{asked::Asked, cx::Cx},
};

/// Names what happened, in the journal too.
const CORRELATION_ID: HeaderName = HeaderName::from_static("inin-correlation-id");

/// Where a request came in.
#[derive(Clone, Debug)]
pub struct Peer {
    /// What becomes of its connection.
    pub fate: Arc<Fate>,
    /// Of a listener that serves the admin API alone: the port where everything else is.
    pub admin_of: Option<u16>,
    /// Does it speak TLS?
    pub secure: bool,
    /// Its request asks the proxy for a host that is not served: in words, why.
    pub stray: Option<Arc<str>>,
}

impl Peer {
    /// Nobody in particular, in plain HTTP.
    pub fn nobody() -> Self {
        Self { fate: Arc::default(), admin_of: None, secure: false, stray: None }
    }
}

/// The connection is to end without (the rest of) an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is ended by a fault, or its org was reset")]
pub struct Ended;

/// Answers one request.
pub async fn hallway<B>(web: &Web, peer: &Peer, request: Request<B>) -> Result<Response, Ended>
where
    B: http_body::Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    let (mut parts, body) = request.into_parts();

    // 1. address
    let stray = peer.stray.as_ref().map(|_| parts.uri.to_string());
    let address = match &stray {
        None => Address::of(&parts.uri, &parts.headers),
        Some(target) => Address::elsewhere(target),
    };
    if address.admin || peer.admin_of.is_some() {
        parts.extensions.insert(peer.clone());
        let mut response = control::answer(web, Request::from_parts(parts, Body::new(body))).await;
        // nobody gets past faults of the emulator on a connection that was let in for this
        if peer.admin_of.is_none() && web.app.is_gated() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        return Ok(response);
    }

    // 2.-4. whose it is, by head and body
    let mut claims = Claims::of_head(&web.app, &address, parts.uri.query(), &parts.headers);
    let (body, too_bad) = match body::collect(body, address.surface, &web.app.settings.patience).await {
        Ok(body) => (body, None),
        Err(bad) => (Bytes::new(), Some(bad)),
    };
    claims.of_body(&web.app, address.path, &parts.headers, &body);
    let Some(org) = claims.org(&web.app, &address) else {
        return Ok(of_no_org(web, &address, &parts));
    };

    // 5. the visit begins
    let caller = if web.app.settings.inject { asked_for(&parts) } else { None };
    let (fault, unheard) = caller.map_or((None, None), |read| {
        read.map_or_else(|wrong| (None, Some(wrong)), |fault| (Some(fault), None))
    });
    let asked = Asked {
        surface: address.surface,
        method: &parts.method,
        path: address.path,
        query: parts.uri.query(),
        headers: &parts.headers,
        body: &body,
        claimed: claims.claimed,
        base: address.base(&web.app.settings, peer.secure),
        fault,
        exempt: peer.stray.is_some(),
    };
    let (cx, rulings) = Cx::begin(&web.app, &org, asked);
    let origin = parts.headers.get(header::ORIGIN).cloned();

    // 6.-7. faults may wait, answer or end it; else the surface does
    let mut fated = Fated::default();
    let mut again = None;
    let early = match obey(&cx, rulings, &mut fated).await {
        Some(response) => Some(response),
        None if fated.ends_before_head() => None,
        None if peer.stray.is_some() => peer.stray.as_deref().map(|why| root::stray(&cx, why)),
        None if unheard.is_some() => unheard.map(|wrong| dialect::not_injected(&cx, &wrong)),
        None => Some(match (too_bad, preflight(cx.surface, &parts)) {
            (Some(bad), _) if !bad.is_for_handler(cx.surface) => bad.answer(&cx),
            (_, Some(preflight)) => preflight,
            (too_bad, None) => {
                if fated.is_twice() && parts.extensions.get::<Again>().is_none() {
                    again = Some((parts.clone(), body.clone()));
                }
                if parts.uri.authority().is_some() || parts.uri.path() != address.path {
                    let rest = rest_of(&address, parts.uri.query());
                    parts.uri = rest;
                }
                parts.extensions.insert(cx.clone());
                if let Some(request) = claims.token_request.take() {
                    parts.extensions.insert(Came(request));
                }
                if let Some(bad) = too_bad {
                    parts.extensions.insert(bad);
                }
                if matches!(cx.surface, Surface::Webmessaging | Surface::Streaming) {
                    parts.extensions.insert(peer.clone());
                }
                let response = route(web, cx.surface, parts, body).await;
                if too_bad.is_some() { body::last(response) } else { response }
            }
        }),
    };

    // 8. what was done may still be answered otherwise
    let late = match early {
        Some(response) if fated.cut.is_none() => {
            let rulings = cx.ask(Point::Request, Phase::Commit, "", None);
            let response = obey(&cx, rulings, &mut fated).await.unwrap_or(response);
            fated.hold_back(&cx).await;
            Some(response)
        }
        other => other,
    };
    if let Some((parts, body)) = again {
        deliver_again(web, parts, body).await;
    }
    let Some(response) = late.filter(|_| !fated.ends_before_head()) else {
        let how = fated.ending();
        cx.journal(|draft| draft.note(format!("the connection was {how} before the answer")));
        cx.close_unanswered();
        match how {
            Ending::Reset => peer.fate.seal_reset(),
            Ending::Close => {}
            // until the client, the org or the emulator ends it
            Ending::HalfOpen => drop(cx.sleep(Span::FOREVER).await),
        }
        return Err(Ended);
    };

    // 9. the entry closes before the first byte leaves
    let (response, body, keep) = finish(&cx, response, origin.as_ref(), &mut fated).await;
    cx.close(response.status().as_u16(), response.headers(), &body, keep);
    if let Some((after, how)) = fated.cut.and_then(|(cut, how)| Some((cut.of(body.len())?, how))) {
        return Ok(match how {
            Ending::Reset => bend::cut(response, &body, after, Some(Arc::clone(&peer.fate))),
            Ending::Close => bend::cut(response, &body, after, None),
            Ending::HalfOpen => {
                bend::paced(&cx, &peer.fate, response, &body, Pace::Stall { after, span: Span::FOREVER })
            }
        });
    }
    let response = match cx.take_wave() {
        Some(wave) => response.map(|_| Body::new(Held::new(body.clone(), wave))),
        None => response,
    };
    Ok(fated.send(&cx, peer, response, body))
}

/// This request was delivered before.
#[derive(Clone)]
struct Again;

/// Delivers a request once more; nobody gets the answer.
fn deliver_again<'a>(
    web: &'a Web,
    mut parts: Parts,
    body: Bytes,
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    parts.extensions.insert(Again);
    Box::pin(async move {
        let _ = hallway(web, &Peer::nobody(), Request::from_parts(parts, Full::new(body))).await;
    })
}

/// Where a request may ask for a fault, as a header or in the query.
const INJECT: [&str; 2] = ["x-emulator-inject", "emulatorInject"];

/// The fault that a request asks for.
fn asked_for(parts: &Parts) -> Option<Result<Fault, String>> {
    let [header, parameter] = INJECT;
    let text = match parts.headers.get(header) {
        Some(value) => String::from_utf8_lossy(value.as_bytes()).into_owned(),
        None => query_value(parts.uri.query().filter(|query| query.contains(parameter)), parameter)?,
    };
    Some(caller::parse(&text))
}

fn preflight(surface: Surface, parts: &Parts) -> Option<Response> {
    cors::preflight(&parts.method, &parts.headers, cors::allowed_headers(surface, &parts.headers))
}

/// The answer to a request whose org is not there: a page may read why.
fn of_no_org(web: &Web, address: &Address<'_>, parts: &Parts) -> Response {
    let mut response =
        preflight(address.surface, parts).unwrap_or_else(|| control::error::no_such_org(address.org));
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(web.app.gate.lock().correlation_id()) {
        headers.insert(CORRELATION_ID, id);
    }
    cors::allow(address.surface, parts.headers.get(header::ORIGIN), headers);
    response
}

async fn route(web: &Web, surface: Surface, parts: Parts, body: Bytes) -> Response {
    match web.surface(surface).oneshot(Request::from_parts(parts, Body::from(body))).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The target that routers see: without the org's prefix.
fn rest_of(address: &Address<'_>, query: Option<&str>) -> http::Uri {
    let target = match query {
        Some(query) => format!("{}?{query}", address.path),
        None => address.path.to_owned(),
    };
    target.parse().unwrap_or_default()
}

/// What every emulated answer carries; also its bytes.
async fn finish(
    cx: &Cx,
    response: Response,
    origin: Option<&HeaderValue>,
    fated: &mut Fated,
) -> (Response, Bytes, Keep) {
    let (mut parts, body) = response.into_parts();
    let mut keep = parts.extensions.remove::<Keep>().unwrap_or(Keep::Text);
    let mut bytes = body::whole(body).await.unwrap_or_default();
    if fated.edits() {
        (bytes, keep) = (fated.edit(cx, &mut parts, bytes), Keep::Text);
    }
    let headers = &mut parts.headers;
    if let Ok(id) = HeaderValue::try_from(cx.correlation_id()) {
        headers.insert(CORRELATION_ID, id);
    }
    headers.insert(header::DATE, fated.date(cx.now()).unwrap_or_else(|| cx.org.date(cx.now())));
    if let Some(usage) = cx.usage().filter(|_| cx.surface == Surface::Api) {
        headers.insert("inin-ratelimit-count", HeaderValue::from(usage.count));
        headers.insert("inin-ratelimit-allowed", HeaderValue::from(usage.allowed));
        headers.insert("inin-ratelimit-reset", HeaderValue::from(usage.reset.retry_secs()));
    }
    if matches!(cx.surface, Surface::Api | Surface::Login | Surface::Idp)
        && !headers.contains_key(header::CACHE_CONTROL)
    {
        headers
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, must-revalidate"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        headers.insert(header::EXPIRES, HeaderValue::from_static("0"));
    }
    cors::allow(cx.surface, origin, headers);
    if fated.denies_cors() {
        cors::deny(headers);
    }
    fated.change(headers);
    cx.journal(|draft| {
        if draft.faults().is_empty() {
            return;
        }
        let ids: Vec<_> = draft.faults().iter().map(ToString::to_string).collect();
        if let Ok(value) = HeaderValue::try_from(ids.join(", ")) {
            headers.insert(HeaderName::from_static("x-emulator-fault"), value);
        }
    });
    (Response::from_parts(parts, Body::from(bytes.clone())), bytes, keep)
}
