//! `GET /v1`: who is admitted to the messaging socket.

use axum::{Extension, extract::Request, response::Response};
use http::{HeaderMap, HeaderValue, header};

use super::error::from_upgrade;
use crate::{
    base::codec::query_value,
    ops::{
        access::{bearer, no_bearer},
        admission::{self, Upgrade},
        cx::Cx,
    },
    web::{
        claim::TOKEN_PARAMETERS,
        hallway::Peer,
        websocket::{Protocol, handshake, socket},
    },
};

/// Upgrades to the messaging socket.
pub async fn get(cx: Cx, Extension(peer): Extension<Peer>, mut request: Request) -> Response {
    let accept = match handshake::asked(&cx, &request) {
        Ok(accept) => accept,
        Err(refused) => return *refused,
    };
    let upgrade = presented(request.headers(), request.uri().query());
    let connection = match admission::admit(&cx, &upgrade).await {
        Ok(connection) => connection,
        Err(error) => return from_upgrade(&cx, &error),
    };
    let upgrading = hyper::upgrade::on(&mut request);
    socket::spawn(&cx, Protocol::Webmessaging, connection, peer.fate, upgrading);
    handshake::switching(&cx, request.headers(), accept)
}

fn presented(headers: &HeaderMap, query: Option<&str>) -> Upgrade {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let authorization = text(header::AUTHORIZATION);
    Upgrade {
        deployment: query_value(query, "deploymentId"),
        origin: text(header::ORIGIN).map(str::to_owned),
        credential: bearer(authorization)
            .map(str::to_owned)
            .or_else(|| TOKEN_PARAMETERS.into_iter().find_map(|name| query_value(query, name))),
        no_bearer: no_bearer(authorization),
    }
}
