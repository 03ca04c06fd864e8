//! What becomes of connections before any org can be known: faults of the emulator as a whole, held beside the orgs.

use super::{app::App, fitting, org::Org};
use crate::{
    base::{
        clock::wall,
        draw::{Cause, DrawKey},
        ids::FaultId,
        time::{Span, Timestamp},
    },
    domain::visit::{Claimed, Surface},
    faults::{
        engine::{Count, Engine, Shown},
        fault::{BadFault, Fault, Of, Phase},
        point::{Facts, Point},
        verdict::{Ending, Offered, Ruling, Verdict},
    },
};

/// The faults of an emulator.
pub struct Gate {
    engine: Engine,
    /// Those that its scenario sets: what a reset goes back to.
    first: Vec<Fault>,
    draws: DrawKey,
    /// Requests so far that were for no org.
    lost: u64,
}

/// What becomes of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Admission {
    /// It waits this long in the time of the default org; nothing is read meanwhile.
    pub wait: Span,
    /// Then it ends like this, instead of being served.
    pub end: Option<Ending>,
    /// Or TLS comes to this.
    pub tls: Option<Offered>,
}

impl Gate {
    /// Lets everybody in. Draws come from the emulator's seed.
    pub fn new(seed: u64) -> Self {
        Self { engine: Engine::default(), first: Vec::new(), draws: DrawKey::new(seed, "emulator"), lost: 0 }
    }

    /// `ININ-Correlation-Id` of the answer to the next request that is for no org.
    pub fn correlation_id(&mut self) -> String {
        self.lost += 1;
        self.draws.draw(Cause::visit(self.lost), "correlation", 0).uuid()
    }

    /// All faults with their counters.
    pub fn list(&self) -> Vec<Shown> {
        self.engine.list()
    }

    /// All with what they have counted.
    pub fn counts(&self) -> Vec<Count> {
        self.engine.counts()
    }

    /// One with its counters.
    pub fn get(&self, id: &str) -> Option<Shown> {
        self.engine.get(id)
    }

    /// Takes one away. Was it there?
    pub fn remove(&mut self, id: &str) -> bool {
        self.engine.remove(id)
    }

    /// The same with these faults too, or in the place of all.
    pub fn with(&self, faults: Vec<Fault>, replace: bool, now: Timestamp) -> Result<Self, BadFault> {
        let mut engine = if replace { Engine::default() } else { self.engine.clone() };
        engine.add(faults, now)?;
        Ok(Self { engine, first: self.first.clone(), draws: self.draws.clone(), lost: self.lost })
    }

    /// The same under another scenario, or in its first moment.
    pub fn anew(&self, first: Vec<Fault>, now: Timestamp) -> Result<Self, BadFault> {
        Ok(Self { first: first.clone(), ..self.with(first, true, now)? })
    }

    fn decide(&mut self, point: Point, server_name: Option<&str>, now: Timestamp) -> Vec<Ruling> {
        let facts = Facts {
            surface: Surface::Unknown,
            method: "",
            path: "",
            query: None,
            server_name,
            headers: None,
            body: b"",
            claimed: &Claimed::default(),
            frame: None,
            required: "",
            token: None,
            sockets: None,
            standing: None,
            now,
        };
        self.engine.decide(point, Phase::Before, &facts, &self.draws)
    }
}

/// Those of the emulator as a whole, and those of orgs.
pub fn apart(faults: Vec<Fault>) -> (Vec<Fault>, Vec<Fault>) {
    faults.into_iter().partition(|fault| fault.whose() == Of::Emulator)
}

/// The first fault that is of the emulator as a whole.
pub fn of_emulator(faults: &[Fault]) -> Option<FaultId> {
    faults.iter().find(|fault| fault.whose() == Of::Emulator).map(Fault::id)
}

impl App {
    /// Is anything to become of connections?
    pub fn is_gated(&self) -> bool {
        !self.gate.lock().engine.is_empty()
    }

    /// The time by which faults of the emulator go: the default org's.
    pub fn gate_time(&self) -> Timestamp {
        self.default_org().map_or_else(wall::now, |org| org.clock.now())
    }

    /// A connection that is not for the admin API: it is counted, and judged.
    pub fn admit(&self) -> Admission {
        self.judge(Point::Accept, None)
    }

    /// TLS is offered to whoever asks for this server.
    pub fn offer_tls(&self, server_name: Option<&str>) -> Admission {
        self.judge(Point::Handshake, server_name)
    }

    fn judge(&self, point: Point, server_name: Option<&str>) -> Admission {
        let now = self.gate_time();
        let rulings = self.gate.lock().decide(point, server_name, now);
        let mut admission = Admission::default();
        for Ruling { fault, verdict, .. } in rulings {
            match verdict {
                Verdict::Wait(span) => {
                    tracing::info!(%fault, server_name, "a connection waits");
                    admission.wait = admission.wait.and(span);
                }
                Verdict::Cut { how, after, .. } => {
                    admission.wait = admission.wait.and(after);
                    tracing::info!(%fault, server_name, "a connection was {how} before anything was served");
                    admission.end = Some(how);
                }
                Verdict::Tls(offered) => {
                    tracing::info!(%fault, server_name, "TLS came to {offered}");
                    admission.tls = Some(offered);
                }
                // nothing else is of this place
                _ => {}
            }
        }
        admission
    }

    /// Waits in the time of the default org. `false` when that org is over meanwhile, or there is none.
    pub async fn wait_at_gate(&self, span: Span) -> bool {
        let Some(org) = self.default_org() else { return false };
        let due = org.clock.now().plus(span);
        let waited = org.clock.sleep_until(due, Cause::default()).await;
        waited.is_some()
    }

    /// Back to what the scenario sets.
    pub fn reset_gate(&self) -> Result<(), BadFault> {
        let now = self.gate_time();
        let mut gate = self.gate.lock();
        *gate = gate.anew(gate.first.clone(), now)?;
        Ok(())
    }

    /// Sets faults, those of the emulator and those of an org, or puts them in the place of all: all or none. Answers their
    /// ids, in the order of the list.
    pub fn set_faults(
        &self,
        org: Option<&Org>,
        faults: Vec<Fault>,
        replace: bool,
    ) -> Result<Vec<FaultId>, BadFault> {
        let ids = faults.iter().map(Fault::id).collect();
        let (own, of_org) = apart(faults);
        let now = self.gate_time();
        let mut gate = self.gate.lock();
        let next = gate.with(own.clone(), replace, now)?;
        if let Some(taken) = of_org.iter().find(|fault| next.get(fault.id().as_str()).is_some()) {
            return Err(BadFault::taken(taken.id()));
        }
        if let Some(org) = org {
            org.set_faults(of_org, replace, |engine| {
                let taken = own.iter().find(|fault| engine.get(fault.id().as_str()).is_some());
                taken.map_or(Ok(()), |taken| Err(BadFault::taken(taken.id())))
            })?;
        }
        *gate = next;
        Ok(ids)
    }
}

impl Org {
    /// Sets faults of an org, or puts them in the place of all: all or none. What stays has the last word before. Answers
    /// their ids.
    pub fn set_faults(
        &self,
        faults: Vec<Fault>,
        replace: bool,
        check: impl FnOnce(&Engine) -> Result<(), BadFault>,
    ) -> Result<Vec<FaultId>, BadFault> {
        let now = self.clock.now();
        self.cell(|cell| {
            fitting::check(&cell.state, &faults)?;
            if !replace {
                check(&cell.faults)?;
                return cell.faults.add(faults, now);
            }
            let mut engine = Engine::default();
            let ids = engine.add(faults, now)?;
            cell.faults = engine;
            Ok(ids)
        })
    }
}
