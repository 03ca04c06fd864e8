//! The WebSocket handshake (RFC 6455 section 4.2), and how faults spoil the answer.

use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::{
    domain::visit::Refusal,
    faults::{
        fault::Phase,
        point::Point,
        verdict::{Handshake, Verdict},
    },
    ops::cx::Cx,
    web::{answer, dialect, root},
};

/// What a request that asks for a socket is to be answered with, `Sec-WebSocket-Accept`; or the answer to one that does not
/// ask for it rightly.
pub fn asked(cx: &Cx, request: &Request) -> Result<String, Box<Response>> {
    if request.method() != Method::GET {
        let mut response = root::not_with(cx, request.method(), request.uri());
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        return Err(Box::new(response));
    }
    handshake(request).map_err(|wrong| {
        cx.refuse(Refusal::new("upgrade.malformed", wrong).expected("a WebSocket handshake, version 13"));
        let mut response = dialect::error(cx, 426, Some("upgrade.required"), Some(wrong));
        let headers = response.headers_mut();
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        Box::new(response)
    })
}

/// 101, as faults leave it.
pub fn switching(cx: &Cx, asked: &HeaderMap, accept: String) -> Response {
    let rulings = cx.ask(Point::Upgrade, Phase::Before, "", None);
    let right = |how| {
        !rulings.iter().any(|ruling| matches!(ruling.verdict, Verdict::Handshake(wrong) if wrong == how))
    };
    let mut response = answer::empty(StatusCode::SWITCHING_PROTOCOLS);
    let headers = response.headers_mut();
    if right(Handshake::NoUpgrade) {
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
    if right(Handshake::NoConnection) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    }
    let of_another = || derive_accept_key(b"another key");
    let accept = if right(Handshake::WrongAccept) { accept } else { of_another() };
    if let Ok(accept) = HeaderValue::try_from(accept) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    if let Some(protocol) = first_protocol(asked).filter(|_| right(Handshake::NoSubprotocol)) {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    response.map(|_| Body::empty())
}

/// Clients that offer a subprotocol need to see one of theirs; none is spoken here, so the first will do.
fn first_protocol(headers: &HeaderMap) -> Option<HeaderValue> {
    let offered = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    let first = offered.split(',').map(str::trim).find(|one| !one.is_empty())?;
    HeaderValue::from_str(first).ok()
}

/// `Sec-WebSocket-Accept`, or what is wrong.
fn handshake(request: &Request) -> Result<String, &'static str> {
    let headers = request.headers();
    if request.version() < Version::HTTP_11 {
        return Err("WebSocket needs HTTP/1.1");
    }
    if !names(headers, header::CONNECTION, "upgrade") || !names(headers, header::UPGRADE, "websocket") {
        return Err("This is a socket; it speaks WebSocket only");
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err("Sec-WebSocket-Version is not 13");
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or("Sec-WebSocket-Key is missing")?;
    Ok(derive_accept_key(key.as_bytes()))
}

fn names(headers: &HeaderMap, name: header::HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|list| list.split(',')).any(|one| one.trim().eq_ignore_ascii_case(wanted))
}
