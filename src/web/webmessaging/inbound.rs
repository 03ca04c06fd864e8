//! A frame of the client: judged, obeyed, done.

use super::{
    actions,
    request::Request,
    socket::{End, Open},
    stream::close,
};
use crate::{
    base::{
        codec::json_wrong,
        ids::{FaultId, SessionToken},
        time::Timestamp,
        wave::{Busy, Wave},
    },
    domain::frame::{Body, Frame},
    faults::verdict::{FrameVerdict, Verdict},
    ops::{
        limits,
        messaging::{self, Incoming},
        sockets::{self, Arrival, Judged},
        time::Due,
    },
};

/// What verdicts leave of a frame.
struct Obeyed<'a> {
    /// How often it is done.
    times: u32,
    /// The org's time, after all waits.
    now: Timestamp,
    /// Of the timer that ended the last of them.
    wave: Option<Wave>,
    echo_lost_by: Option<&'a FaultId>,
    evicted_by: Option<&'a FaultId>,
    _busy: Option<Busy<Due>>,
}

impl Open {
    pub(super) fn not_text(&self, bytes: &[u8]) -> Option<End> {
        let arrival = sockets::arrive(&self.cx.org, self.id, "(binary)", None, bytes)?;
        let incoming = Incoming {
            connection: self.id,
            cause: arrival.cause,
            now: arrival.now,
            session: SessionToken::from(""),
            tracing_id: None,
            wave: None,
            echo_lost_by: None,
        };
        if limits::admit_frame(&self.cx.app, &self.cx.org, &incoming, false) {
            self.tell(None, 400, "Frames are text with one JSON object", None);
        }
        None
    }

    fn tell(&self, tracing_id: Option<String>, code: u32, text: &str, wave: Option<&Wave>) {
        let frame = Frame { tracing_id, body: Body::Error { code, text: text.to_owned() } };
        messaging::answer(&self.cx.app, &self.cx.org, self.id, &frame, wave);
    }

    /// One frame of the client.
    pub(super) async fn frame(&mut self, text: &str) -> Option<End> {
        let busy = self.cx.org.clock.busy();
        let parsed = Request::read(text);
        let (action, token) = match &parsed {
            Ok(request) => (request.action.as_deref().unwrap_or("(none)"), request.token.as_deref()),
            Err(_) => ("(unreadable)", None),
        };
        let session = token.map(SessionToken::from);
        let arrival = sockets::arrive(&self.cx.org, self.id, action, session.as_ref(), text.as_bytes())?;
        let tracing_id = parsed.as_ref().ok().and_then(|request| request.tracing_id.clone());
        let obeyed = match self.obey(&arrival, tracing_id.as_ref(), busy).await {
            Ok(obeyed) => obeyed,
            Err(end) => return Some(end),
        };
        if obeyed.times > 0 {
            self.act(parsed, text, &arrival, &obeyed).await;
        }
        if let Some(fault) = obeyed.evicted_by {
            sockets::evict(&self.cx.app, &self.cx.org, self.id, fault, obeyed.wave.as_ref());
        }
        self.cx.app.trim_journals();
        None
    }

    /// Carries out the verdicts on a frame, as far as they come before it is done.
    async fn obey<'a>(
        &mut self,
        arrival: &'a Arrival,
        tracing_id: Option<&String>,
        busy: Busy<Due>,
    ) -> Result<Obeyed<'a>, End> {
        let mut obeyed = Obeyed {
            times: 1,
            now: arrival.now,
            wave: None,
            echo_lost_by: None,
            evicted_by: None,
            _busy: Some(busy),
        };
        for ruling in &arrival.rulings {
            match &ruling.verdict {
                Verdict::Wait(span) => {
                    obeyed._busy = None;
                    let cause = arrival.cause.timer(u32::MAX);
                    if let Some(end) = self.wait(obeyed.now.plus(*span), cause).await {
                        return Err(end);
                    }
                    obeyed._busy = Some(self.cx.org.clock.busy());
                    obeyed.wave = self.woken.clone();
                    obeyed.now = self.cx.org.clock.now();
                }
                verdict @ (Verdict::Answer(_) | Verdict::Limited(_)) => {
                    let refusal = sockets::refusal(verdict, tracing_id.cloned());
                    messaging::answer(&self.cx.app, &self.cx.org, self.id, &refusal, obeyed.wave.as_ref());
                    obeyed.times = 0;
                }
                Verdict::Close { code, reason } => {
                    close(&mut self.stream, *code, reason).await;
                    return Err(End);
                }
                Verdict::Drop { reset } => return Err(self.end(*reset)),
                Verdict::Frame(FrameVerdict::Lose) => obeyed.times = 0,
                Verdict::Frame(FrameVerdict::Again(more)) => obeyed.times += more,
                Verdict::Frame(FrameVerdict::LoseEcho) => obeyed.echo_lost_by = Some(&ruling.fault),
                Verdict::Frame(FrameVerdict::Evict) => obeyed.evicted_by = Some(&ruling.fault),
                _ => {
                    let (cause, session) = (arrival.cause, arrival.session.as_ref());
                    let judged = Judged { cause, now: obeyed.now, session, tracing_id };
                    let (app, org) = (&self.cx.app, &self.cx.org);
                    sockets::befall(app, org, self.id, &judged, ruling, obeyed.wave.as_ref());
                }
            }
        }
        Ok(obeyed)
    }

    async fn act(
        &self,
        parsed: Result<Request, serde_json::Error>,
        text: &str,
        arrival: &Arrival,
        obeyed: &Obeyed<'_>,
    ) {
        let mut incoming = Incoming {
            connection: self.id,
            cause: arrival.cause,
            now: obeyed.now,
            // health checks of small clients have no token: they mean the session that is configured here
            session: arrival.session.clone().unwrap_or_else(|| SessionToken::from("")),
            tracing_id: parsed.as_ref().ok().and_then(|request| request.tracing_id.clone()),
            wave: obeyed.wave.as_ref(),
            echo_lost_by: obeyed.echo_lost_by,
        };
        let is_health_check = parsed.as_ref().is_ok_and(|request| request.action.as_deref() == Some("echo"));
        if !limits::admit_frame(&self.cx.app, &self.cx.org, &incoming, is_health_check) {
            return;
        }
        let request = match parsed {
            Ok(request) => request,
            Err(error) => {
                let words = format!("The frame cannot be read: {}", json_wrong(&error));
                return self.tell(None, 400, &words, obeyed.wave.as_ref());
            }
        };
        actions::act(&self.cx, request, &incoming).await;
        for copy in 1..obeyed.times {
            if let Ok(request) = Request::read(text) {
                // what it makes has ids of its own
                incoming.cause = arrival.cause.timer(u32::MAX - copy);
                actions::act(&self.cx, request, &incoming).await;
            }
        }
    }
}
