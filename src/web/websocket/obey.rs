//! The verdicts on a frame of the client, carried out as far as they come before it is done.

use super::{
    socket::{End, Open},
    stream::close,
};
use crate::{
    base::{
        ids::FaultId,
        time::Timestamp,
        wave::{Busy, Wave},
    },
    faults::verdict::{FrameVerdict, Verdict},
    ops::{
        sockets::{self, Arrival, Judged},
        time::Due,
    },
};

/// What verdicts leave of a frame.
pub struct Obeyed<'a> {
    /// How often it is done.
    pub times: u32,
    /// The org's time, after all waits.
    pub now: Timestamp,
    /// Of the timer that ended the last of them.
    pub wave: Option<Wave>,
    /// The fault that loses the echo of what is said.
    pub echo_lost_by: Option<&'a FaultId>,
    /// The fault that ends the connection when the frame has been dealt with.
    pub evicted_by: Option<&'a FaultId>,
    _busy: Option<Busy<Due>>,
}

impl Open {
    /// Carries out the verdicts on a frame, as far as they come before it is done.
    pub(in crate::web) async fn obey<'a>(
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
                    obeyed._busy = Some(self.host.org.clock.busy());
                    obeyed.wave = self.woken.clone();
                    obeyed.now = self.host.org.clock.now();
                }
                verdict @ (Verdict::Answer(_) | Verdict::Limited(_)) => {
                    let refusal = sockets::refusal(verdict, tracing_id.cloned(), self.speaks.of_channel());
                    let (app, org, wave) = (&self.host.app, &self.host.org, obeyed.wave.as_ref());
                    org.cell(|cell| sockets::send(app, org, cell, self.id, &refusal, wave));
                    obeyed.times = 0;
                }
                Verdict::Close { code, reason } => {
                    close(&mut self.stream, *code, reason).await;
                    return Err(End);
                }
                Verdict::Drop(how) => return Err(self.end(*how)),
                Verdict::Frame(FrameVerdict::Lose) => obeyed.times = 0,
                Verdict::Frame(FrameVerdict::Again(more)) => obeyed.times += more,
                Verdict::Frame(FrameVerdict::LoseEcho) => obeyed.echo_lost_by = Some(&ruling.fault),
                Verdict::Frame(FrameVerdict::Evict) => obeyed.evicted_by = Some(&ruling.fault),
                _ => {
                    let (cause, session) = (arrival.cause, arrival.session.as_ref());
                    let judged = Judged { cause, now: obeyed.now, session, tracing_id };
                    let (app, org) = (&self.host.app, &self.host.org);
                    sockets::befall(app, org, self.id, &judged, ruling, obeyed.wave.as_ref());
                }
            }
        }
        Ok(obeyed)
    }
}
