//! The one function that every request walks through. Read top to bottom, it is the life of a request.

use std::{
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, header, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower::ServiceExt;

use super::{
    OTHER_NAMES, Web,
    address::Address,
    answer::{Held, Kept},
    bend,
    claim::Claims,
    control, cors, dialect,
};
use crate::{
    base::{clock::wall, fate::Fate},
    domain::visit::{Refusal, Surface},
    faults::{
        fault::Phase,
        point::Point,
        verdict::{Cut, Ruling, Verdict},
    },
    ops::{
        cx::{Asked, Cx},
        keys,
    },
};

/// The vendor's limit of a request's body, in bytes.
pub const MAX_BODY: usize = 512_000;
/// Real time that a body may take to arrive.
const BODY_LIMIT: Duration = Duration::from_secs(10);
/// How much of a body that is too large is read before the connection is closed, in bytes.
const MAX_DRAINED: usize = 64 << 20;
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
pub async fn hallway<B>(web: &Web, peer: Peer, request: Request<B>) -> Result<Response, Ended>
where
    B: http_body::Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    let (mut parts, body) = request.into_parts();

    // 1. address
    let address = Address::of(&parts.uri, &parts.headers);
    if address.admin || peer.admin_of.is_some() {
        parts.extensions.insert(peer);
        return Ok(spelled(web, control::answer(web, Request::from_parts(parts, Body::new(body))).await));
    }

    // 2.-4. whose it is, by head and body
    let mut claims = Claims::of_head(&web.app, &address, parts.uri.query(), &parts.headers);
    let (body, too_bad) = match collect(body).await {
        Ok(body) => (body, None),
        Err(bad) => (Bytes::new(), Some(bad)),
    };
    claims.of_body(&web.app, &address.path, &parts.headers, &body);
    let Some(org) = claims.org(&web.app, &address) else {
        return Ok(spelled(web, control::error::no_such_org(address.org.as_deref())));
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
    let mut cut = None;
    let early = match obey(&cx, rulings, &mut cut).await {
        Some(response) => Some(response),
        None if cut == Some(Cut::BeforeHead) => None,
        None => Some(match (too_bad, cors::preflight(&parts)) {
            (Some(bad), _) => bad.answer(&cx),
            (None, Some(preflight)) => preflight,
            (None, None) => {
                if parts.uri.authority().is_some() || parts.uri.path() != address.path {
                    parts.uri = rest_of(&address, parts.uri.query());
                }
                parts.extensions.insert(cx.clone());
                if let Some(request) = claims.token_request.take() {
                    parts.extensions.insert(request);
                }
                if cx.surface == Surface::Webmessaging {
                    parts.extensions.insert(peer.clone());
                }
                route(web, parts, body).await
            }
        }),
    };

    // 8. what was done may still be answered otherwise
    let late = match early {
        Some(response) if cut.is_none() => {
            let rulings = cx.ask(Point::Request, Phase::Commit, "", None);
            Some(obey(&cx, rulings, &mut cut).await.unwrap_or(response))
        }
        other => other,
    };
    let Some(response) = late.filter(|_| cut != Some(Cut::BeforeHead)) else {
        peer.fate.seal_reset();
        cx.journal(|draft| draft.note("the connection was reset before the answer"));
        cx.close_unanswered();
        return Err(Ended);
    };

    // 9. the entry closes before the first byte leaves
    let (response, Kept { bytes: body, public }) = finish(&cx, response, origin.as_ref()).await;
    cx.close(response.status().as_u16(), response.headers(), &body, public);
    let response = match (cut, cx.take_wave()) {
        (Some(Cut::Body(after)), _) => bend::cut(response, &body, after, Arc::clone(&peer.fate)),
        (_, Some(wave)) => response.map(|_| Body::new(Held::new(body, wave))),
        _ => response,
    };
    Ok(spelled(web, response))
}

/// Carries out the verdicts on a request. Answers what a fault answers.
async fn obey(cx: &Cx, rulings: Vec<Ruling>, cut: &mut Option<Cut>) -> Option<Response> {
    let mut response = None;
    for Ruling { fault, verdict } in rulings {
        cx.journal(|draft| draft.fault(&fault));
        match verdict {
            Verdict::Wait(span) => {
                if !cx.sleep(span).await {
                    *cut = Some(Cut::BeforeHead);
                    return None;
                }
            }
            Verdict::Rotate(ring, how) => {
                if let Some(kid) = keys::rotate(&cx.org, &ring, how, cx.now()) {
                    cx.journal(|draft| draft.note(format!("the signing key is now {kid}")));
                }
            }
            Verdict::Reset(at) => *cut = Some(at),
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
            // of tokens, scopes and frames: they are not asked for here
            Verdict::DenyScope
            | Verdict::DenyPermission
            | Verdict::Claims(_)
            | Verdict::Close { .. }
            | Verdict::Drop { .. } => {}
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
async fn finish(cx: &Cx, mut response: Response, origin: Option<&HeaderValue>) -> (Response, Kept) {
    let kept = response.extensions_mut().remove::<Kept>();
    let (mut parts, body) = response.into_parts();
    let (kept, body) = match kept {
        Some(kept) => (kept, body),
        // routers make answers of their own, such as 405; they are short
        None => {
            let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            let public = false;
            (Kept { bytes: bytes.clone(), public }, Body::from(bytes))
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

fn spelled(web: &Web, mut response: Response) -> Response {
    let is_other =
        |name: &HeaderName| OTHER_NAMES.iter().any(|other| other.eq_ignore_ascii_case(name.as_str()));
    let spelling = match response.headers().keys().any(is_other) {
        true => &web.spelling.all,
        false => &web.spelling.usual,
    };
    response.extensions_mut().extend(spelling.clone());
    response
}

/// Why a body could not be taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum BadBody {
    TooLarge,
    TooSlow,
    Broken,
}

impl BadBody {
    fn answer(self, cx: &Cx) -> Response {
        let (status, code, message) = match self {
            Self::TooLarge => {
                let words = format!("The request is over the size limit. Maximum bytes: {MAX_BODY}");
                (413, "request.entity.too.large", words)
            }
            Self::TooSlow => {
                (408, "client.timeout", format!("The body did not arrive within {} s", BODY_LIMIT.as_secs()))
            }
            Self::Broken => (400, "bad.request", "The body could not be read to its end".to_owned()),
        };
        cx.refuse(Refusal::new("body.refused", message.as_str()));
        let mut response = dialect::error(cx, status, Some(code), Some(&message));
        // what is left of the body would be taken for the next request
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

async fn collect<B>(body: B) -> Result<Bytes, BadBody>
where
    B: http_body::Body<Data = Bytes, Error: Into<axum::BoxError>>,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut body = pin!(body);
    let limited = Limited::new(body.as_mut(), MAX_BODY).collect();
    match wall::timeout(BODY_LIMIT, limited).await {
        None => Err(BadBody::TooSlow),
        Some(Ok(collected)) => Ok(collected.to_bytes()),
        Some(Err(error)) if error.is::<LengthLimitError>() => {
            wall::timeout(BODY_LIMIT, drain(body)).await;
            Err(BadBody::TooLarge)
        }
        Some(Err(_)) => Err(BadBody::Broken),
    }
}

/// Reads on and keeps nothing: a client that is still writing when its connection closes never reads the answer.
async fn drain<B: http_body::Body<Data = Bytes>>(mut body: Pin<&mut B>) {
    let mut left = MAX_DRAINED;
    while let Some(Ok(frame)) = body.frame().await {
        let read = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(read) {
            Some(less) => left = less,
            None => break,
        }
    }
}
