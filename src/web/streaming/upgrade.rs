//! `GET /channels/{id}`: the socket of a channel. Its id is the only credential: official clients send nothing else.

use axum::{Extension, extract::Request, response::Response};

use crate::{
    ops::{channel_sockets, cx::Cx},
    web::{
        api,
        extract::Id,
        hallway::Peer,
        websocket::{Protocol, handshake, socket},
    },
};

/// Upgrades to the socket of a channel. One that is not there, or not any more, is answered 401: there are clients that
/// make another channel then.
pub async fn get(cx: Cx, Extension(peer): Extension<Peer>, Id(id): Id, mut request: Request) -> Response {
    let accept = match handshake::asked(&cx, &request) {
        Ok(accept) => accept,
        Err(refused) => return *refused,
    };
    let Ok(connection) = channel_sockets::admit(&cx, &id) else {
        return api::error::bad_credentials(&cx, "channel.not.found");
    };
    let upgrading = hyper::upgrade::on(&mut request);
    socket::spawn(&cx, Protocol::Streaming, connection, peer.fate, upgrading);
    handshake::switching(&cx, request.headers(), accept)
}
