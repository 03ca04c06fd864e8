//! The one function that every request walks through. Read top to bottom, it is the life of a request.

use std::sync::Arc;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, header, request::Parts};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{
    Web,
    address::Address,
    answer::{Held, Kept},
    bend, body,
    claim::Claims,
    control, cors, dialect,
};
use crate::{
    base::fate::Fate,
    domain::visit::{Refusal, Surface},
    faults::{
        fault::Phase,
        point::Point,
        verdict::{Cut, HeaderChange, Ruling, Verdict},
    },
    journal::draft::Keep,
    ops::{
        cx::{Asked, Cx},
        keys,
    },
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
    let address = Address::of(&parts.uri, &parts.headers);
    if address.admin || peer.admin_of.is_some() {
        parts.extensions.insert(peer.clone());
        return Ok(control::answer(web, Request::from_parts(parts, Body::new(body))).await);
    }

    // 2.-4. whose it is, by head and body
    let mut claims = Claims::of_head(&web.app, &address, parts.uri.query(), &parts.headers);
    let (body, too_bad) = match body::collect(body, address.surface, &web.app.settings.patience).await {
        Ok(body) => (body, None),
        Err(bad) => (Bytes::new(), Some(bad)),
    };
    claims.of_body(&web.app, &address.path, &parts.headers, &body);
    let Some(org) = claims.org(&web.app, &address) else {
        return Ok(control::error::no_such_org(address.org.as_deref()));
    };

    // 5. the visit begins
    let asked = Asked {
        surface: address.surface,
        method: &parts.method,
        path: &address.path,
        query: parts.uri.query(),
        headers: &parts.headers,
        body: &body,
        claimed: claims.claimed,
        base: address.base(web.app.settings.public_url.as_deref()),
    };
    let (cx, rulings) = Cx::begin(&web.app, &org, asked);
    let origin = parts.headers.get(header::ORIGIN).cloned();

    // 6.-7. faults may wait, answer or end it; else the surface does
    let mut bent = Bent::default();
    let early = match obey(&cx, rulings, &mut bent).await {
        Some(response) => Some(response),
        None if bent.cut == Some(Cut::BeforeHead) => None,
        None => Some(match (too_bad, preflight(&cx, &parts)) {
            (Some(bad), _) if !bad.is_for_handler(cx.surface) => bad.answer(&cx),
            (_, Some(preflight)) => preflight,
            (too_bad, None) => {
                if parts.uri.authority().is_some() || parts.uri.path() != address.path {
                    parts.uri = rest_of(&address, parts.uri.query());
                }
                parts.extensions.insert(cx.clone());
                if let Some(request) = claims.token_request.take() {
                    parts.extensions.insert(request);
                }
                if let Some(bad) = too_bad {
                    parts.extensions.insert(bad);
                }
                if cx.surface == Surface::Webmessaging {
                    parts.extensions.insert(peer.clone());
                }
                let response = route(web, parts, body).await;
                if too_bad.is_some() { body::last(response) } else { response }
            }
        }),
    };

    // 8. what was done may still be answered otherwise
    let late = match early {
        Some(response) if bent.cut.is_none() => {
            let rulings = cx.ask(Point::Request, Phase::Commit, "", None);
            Some(obey(&cx, rulings, &mut bent).await.unwrap_or(response))
        }
        other => other,
    };
    let Some(response) = late.filter(|_| bent.cut != Some(Cut::BeforeHead)) else {
        peer.fate.seal_reset();
        cx.journal(|draft| draft.note("the connection was reset before the answer"));
        cx.close_unanswered();
        return Err(Ended);
    };

    // 9. the entry closes before the first byte leaves
    let (response, Kept { bytes: body, keep }) = finish(&cx, response, origin.as_ref(), bent.headers).await;
    cx.close(response.status().as_u16(), response.headers(), &body, keep);
    Ok(match (bent.cut, cx.take_wave()) {
        (Some(Cut::Body(after)), _) => bend::cut(response, &body, after, Arc::clone(&peer.fate)),
        (_, Some(wave)) => response.map(|_| Body::new(Held::new(body, wave))),
        _ => response,
    })
}

fn preflight(cx: &Cx, parts: &Parts) -> Option<Response> {
    cors::preflight(&parts.method, &parts.headers, cors::allowed_headers(cx.surface, &parts.headers))
}

/// What faults make of the answer, whoever gives it.
#[derive(Default)]
struct Bent {
    cut: Option<Cut>,
    headers: Vec<HeaderChange>,
}

/// Carries out the verdicts on a request. Answers what a fault answers.
async fn obey(cx: &Cx, rulings: Vec<Ruling>, bent: &mut Bent) -> Option<Response> {
    let mut response = None;
    for Ruling { fault, verdict } in rulings {
        cx.journal(|draft| draft.fault(&fault));
        match verdict {
            Verdict::Wait(span) => {
                if !cx.sleep(span).await {
                    bent.cut = Some(Cut::BeforeHead);
                    return None;
                }
            }
            Verdict::Rotate(turn) => {
                if let Some(words) = keys::turn(&cx.app, &cx.org, cx.cause.timer(u32::MAX), turn, cx.now()) {
                    cx.journal(|draft| draft.note(words));
                }
            }
            Verdict::Headers(changes) => bent.headers.extend(changes),
            Verdict::Reset(at) => bent.cut = Some(at),
            Verdict::Limited(usage) => {
                let reason = format!("A fault allows {} calls in its window", usage.allowed);
                cx.refuse(Refusal::new("rate_limit.injected", reason).by(fault));
                cx.set_usage(usage);
                response = Some(dialect::limited(cx, usage));
            }
            Verdict::Answer(answer) => {
                cx.refuse(
                    Refusal::new("response.injected", "A fault answers instead of the platform").by(fault),
                );
                response = Some(dialect::injected(cx, answer));
            }
            // of tokens, scopes, handshakes and frames: they are not asked for here
            Verdict::DenyScope
            | Verdict::DenyPermission
            | Verdict::Claims(_)
            | Verdict::Nonce(_)
            | Verdict::Close { .. }
            | Verdict::Drop { .. }
            | Verdict::Handshake(_)
            | Verdict::Frame(_) => {}
        }
    }
    response
}

async fn route(web: &Web, parts: Parts, body: Bytes) -> Response {
    match web.emulated.clone().oneshot(Request::from_parts(parts, Body::from(body))).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The target that routers see: without the org's prefix.
fn rest_of(address: &Address, query: Option<&str>) -> http::Uri {
    let target = match query {
        Some(query) => format!("{}?{query}", address.path),
        None => address.path.clone(),
    };
    target.parse().unwrap_or_default()
}

/// What every emulated answer carries; also its bytes.
async fn finish(
    cx: &Cx,
    mut response: Response,
    origin: Option<&HeaderValue>,
    changes: Vec<HeaderChange>,
) -> (Response, Kept) {
    let kept = response.extensions_mut().remove::<Kept>();
    let (mut parts, body) = response.into_parts();
    let (kept, body) = match kept {
        Some(kept) => (kept, body),
        // routers make answers of their own, such as 405; they are short
        None => {
            let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            (Kept { bytes: bytes.clone(), keep: Keep::Redacted }, Body::from(bytes))
        }
    };
    let headers = &mut parts.headers;
    if let Ok(id) = HeaderValue::try_from(cx.correlation_id()) {
        headers.insert(CORRELATION_ID, id);
    }
    headers.insert(header::DATE, cx.org.date(cx.now()));
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
    for (name, value) in changes {
        match value {
            Some(value) => drop(headers.insert(name, value)),
            None => drop(headers.remove(name)),
        }
    }
    cx.journal(|draft| {
        if draft.faults().is_empty() {
            return;
        }
        let ids: Vec<_> = draft.faults().iter().map(ToString::to_string).collect();
        if let Ok(value) = HeaderValue::try_from(ids.join(", ")) {
            headers.insert(HeaderName::from_static("x-emulator-fault"), value);
        }
    });
    (Response::from_parts(parts, body), kept)
}
