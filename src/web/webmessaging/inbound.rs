//! A frame of the client: judged, obeyed, done.

use super::{actions, request::Request};
use crate::{
    base::{codec::json_wrong, ids::SessionToken, wave::Busy},
    ops::{
        host::Host,
        limits,
        messaging::Incoming,
        org::Cell,
        sockets::{self, Arrival, Arriving},
        time::Due,
    },
    web::websocket::socket::{End, Open},
};

/// A frame as far as it can be read; its action is taken out.
type Parsed = Result<Request, serde_json::Error>;

impl Open {
    pub(in crate::web) fn not_text(&self, bytes: &[u8]) -> Option<End> {
        let Host { app, org, .. } = &self.host;
        let arriving = Arriving::new("(binary)", bytes);
        org.cell(|cell| {
            let arrival = sockets::arrive(org, cell, self.id, None, arriving)?;
            let incoming = self.incoming(&arrival, None);
            if limits::admit_frame(app, org, cell, &incoming, false) {
                let words = "Frames are text with one JSON object";
                actions::refuse(&self.host, cell, &incoming, 400, words);
            }
            None
        })
    }

    fn incoming<'a>(&self, arrival: &Arrival, tracing_id: Option<String>) -> Incoming<'a> {
        Incoming {
            connection: self.id,
            cause: arrival.cause,
            now: arrival.now,
            // health checks of small clients have no token: they mean the session that is configured here
            session: arrival.session.clone().unwrap_or_else(|| SessionToken::from("")),
            tracing_id,
            wave: None,
            echo_lost_by: None,
        }
    }

    /// One frame of the client. What no fault disturbs is done in the critical section in which it is numbered.
    pub(in crate::web) async fn frame(&mut self, text: &str) -> Option<End> {
        let busy = self.host.org.clock.busy();
        let mut parsed = Request::read(text);
        let (mut action, mut tracing_id, mut session) = (None, None, None);
        if let Ok(request) = &mut parsed {
            action = request.action.take();
            tracing_id = request.tracing_id.take();
            session = request.token.as_deref().map(SessionToken::from);
        }
        let label = match &parsed {
            Ok(_) => action.as_deref().unwrap_or("(none)"),
            Err(_) => "(unreadable)",
        };
        let arriving = Arriving::new(label, text.as_bytes());
        let org = &self.host.org;
        let (arrival, undisturbed) = org.cell(|cell| {
            let arrival = sockets::arrive(org, cell, self.id, session, arriving)?;
            let undisturbed = arrival.rulings.is_empty().then(|| {
                let incoming = self.incoming(&arrival, tracing_id.take());
                let request = self.admit(cell, action.as_deref(), &mut parsed, &incoming)?;
                let later = actions::act(&self.host, cell, action.as_deref(), request, &incoming)?;
                Some((later, incoming))
            });
            Some((arrival, undisturbed))
        })?;
        // in a place of its own: every socket would keep room for what is rare
        match (undisturbed, &parsed) {
            (Some(Some((later, incoming))), Ok(request)) => {
                Box::pin(actions::finish(&self.host, later, request, &incoming)).await;
            }
            (Some(_), _) => {}
            (None, _) => {
                let disturbed = self.disturbed(text, parsed, action, tracing_id, arrival, busy);
                if let Err(end) = Box::pin(disturbed).await {
                    return Some(end);
                }
            }
        }
        self.host.app.trim_journals();
        None
    }

    /// One frame of which faults make something: it may wait, be lost, or be done several times.
    async fn disturbed(
        &mut self,
        text: &str,
        parsed: Parsed,
        action: Option<String>,
        tracing_id: Option<String>,
        arrival: Arrival,
        busy: Busy<Due>,
    ) -> Result<(), End> {
        let obeyed = self.obey(&arrival, tracing_id.as_ref(), busy).await?;
        if obeyed.times > 0 {
            let incoming = Incoming {
                now: obeyed.now,
                wave: obeyed.wave.as_ref(),
                echo_lost_by: obeyed.echo_lost_by,
                ..self.incoming(&arrival, tracing_id)
            };
            self.act(text, parsed, action, incoming, obeyed.times).await;
        }
        if let Some(fault) = obeyed.evicted_by {
            sockets::evict(&self.host.app, &self.host.org, self.id, fault, obeyed.wave.as_ref());
        }
        Ok(())
    }

    /// Counts a frame. One too many, and one that cannot be read, has been answered.
    fn admit<'r>(
        &self,
        cell: &mut Cell,
        action: Option<&str>,
        parsed: &'r mut Parsed,
        incoming: &Incoming<'_>,
    ) -> Option<&'r mut Request> {
        let Host { app, org, .. } = &self.host;
        if !limits::admit_frame(app, org, cell, incoming, action == Some("echo")) {
            return None;
        }
        if let Err(error) = parsed {
            let words = format!("The frame cannot be read: {}", json_wrong(error));
            actions::refuse(&self.host, cell, incoming, 400, &words);
        }
        parsed.as_mut().ok()
    }

    async fn act(
        &self,
        text: &str,
        mut parsed: Parsed,
        mut action: Option<String>,
        mut incoming: Incoming<'_>,
        times: u32,
    ) {
        let cause = incoming.cause;
        for copy in 1.. {
            let done = self.host.org.cell(|cell| {
                let request = match copy {
                    1 => self.admit(cell, action.as_deref(), &mut parsed, &incoming)?,
                    _ => parsed.as_mut().ok()?,
                };
                Some(actions::act(&self.host, cell, action.as_deref(), request, &incoming))
            });
            match (done, &parsed) {
                (Some(Some(later)), Ok(request)) => {
                    actions::finish(&self.host, later, request, &incoming).await;
                }
                (Some(_), _) => {}
                (None, _) => return,
            }
            if copy == times {
                return;
            }
            // what it makes has ids of its own
            incoming.cause = cause.timer(u32::MAX - copy);
            parsed = Request::read(text);
            action = parsed.as_mut().ok().and_then(|request| request.action.take());
        }
    }
}
