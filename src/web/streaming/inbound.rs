//! A frame of the client on the socket of a channel: judged, obeyed, done. Clients send pings, and some send what nobody can
//! read: that is passed over.

use serde::Deserialize;

use crate::{
    ops::{
        channel_sockets::{Asked, act},
        sockets::{self, Arriving},
    },
    web::websocket::socket::{End, Open},
};

/// What a client may send.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Request {
    message: String,
    topics: Vec<String>,
    correlation_id: Option<String>,
}

/// What a frame asks for, and the word for it.
fn read(text: &[u8]) -> (&'static str, Asked) {
    let Ok(Request { message, topics, correlation_id }) = serde_json::from_slice(text) else {
        return ("(unreadable)", Asked::Nothing);
    };
    match message.as_str() {
        "ping" => ("ping", Asked::Ping),
        "subscribe" => ("subscribe", Asked::Subscribe { topics, correlation_id }),
        _ => ("(none)", Asked::Nothing),
    }
}

impl Open {
    /// One frame of the client.
    pub(in crate::web) async fn channel_frame(&mut self, text: &[u8]) -> Option<End> {
        let busy = self.host.org.clock.busy();
        let (action, asked) = read(text);
        let arriving = Arriving::new(action, text);
        let org = &self.host.org;
        let arrival = org.cell(|cell| {
            let arrival = sockets::arrive(org, cell, self.id, None, arriving)?;
            if arrival.rulings.is_empty() {
                act(&self.host, cell, self.id, &asked, &arrival, None);
            }
            Some(arrival)
        })?;
        if !arrival.rulings.is_empty() {
            let obeyed = match Box::pin(self.obey(&arrival, None, busy)).await {
                Ok(obeyed) => obeyed,
                Err(end) => return Some(end),
            };
            for _ in 0..obeyed.times {
                let org = &self.host.org;
                org.cell(|cell| act(&self.host, cell, self.id, &asked, &arrival, obeyed.wave.as_ref()));
            }
            if let Some(fault) = obeyed.evicted_by {
                sockets::evict(&self.host.app, &self.host.org, self.id, fault, obeyed.wave.as_ref());
            }
        }
        self.host.app.trim_journals();
        None
    }
}
