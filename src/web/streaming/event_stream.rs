//! `GET /v1/token/{jwt}`: the socket on which the guest of a chat hears of it. Clients open it as they were given it.

use axum::response::IntoResponse;
use axum::{Extension, extract::Request, response::Response};

use crate::{
    ops::{
        cx::Cx,
        web_chat::event_stream::{StreamError, admit},
    },
    web::{
        api,
        extract::Id,
        hallway::Peer,
        websocket::{Protocol, handshake, socket},
    },
};

/// Upgrades to it.
pub async fn get(cx: Cx, Extension(peer): Extension<Peer>, Id(jwt): Id, mut request: Request) -> Response {
    let accept = match handshake::asked(&cx, &request) {
        Ok(accept) => accept,
        Err(refused) => return *refused,
    };
    let connection = match admit(&cx, &jwt).await {
        Ok(connection) => connection,
        Err(StreamError::Access(error)) => {
            return api::chat_guest::of_access(&cx, &error, &[]).into_response();
        }
        Err(error @ StreamError::Over) => {
            return api::error::of_code(&cx, "chat.error.conversation.state", &error.to_string());
        }
    };
    let upgrading = hyper::upgrade::on(&mut request);
    socket::spawn(&cx, Protocol::Streaming, connection, peer.fate, upgrading);
    handshake::switching(&cx, request.headers(), accept)
}
