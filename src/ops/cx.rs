//! One visit, as everything that works on it sees it.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering::Relaxed},
    },
    time::Instant,
};

use bytes::Bytes;
use http::{HeaderMap, Method};
use parking_lot::Mutex;

use super::{
    app::App,
    asked::{Asked, Head},
    host::Host,
    org::{Org, TAG},
    sockets::open_sockets,
    time::Due,
};
use crate::{
    base::{
        clock::wall,
        codec::looks_like_jws,
        draw::{Cause, Draw},
        ids::FaultId,
        time::{Span, Timestamp},
        wave::{Busy, Sleep, Wave},
    },
    domain::{
        quota::Usage,
        visit::{Claimed, Refusal, Surface},
    },
    faults::{
        engine::{Engine, Remembered},
        fault::Phase,
        index::Places,
        point::{Facts, Point, TokenKind},
        verdict::Ruling,
    },
    journal::draft::{Draft, Keep},
    store::org_state::TokenKey,
};

/// One visit.
pub struct Visit {
    /// The emulator.
    pub app: Arc<App>,
    /// The org.
    pub org: Arc<Org>,
    /// Its number, as a cause.
    pub cause: Cause,
    /// The family of URLs.
    pub surface: Surface,
    /// What it says about itself; none of it is proved.
    pub claimed: Claimed,
    /// What absolute URLs of its answer start with.
    pub base: String,
    head: Option<Box<Head>>,
    now: AtomicI64,
    timers: AtomicU32,
    started: Instant,
    draft: Mutex<Option<Draft>>,
    usage: Mutex<Option<Usage>>,
    held: Mutex<(Option<Wave>, Option<Busy<Due>>)>,
}

/// A visit, to be passed around.
#[derive(Clone)]
pub struct Cx(Arc<Visit>);

impl Deref for Cx {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.0
    }
}

impl Cx {
    /// A visit begins: number, time, match counters and verdicts are taken together.
    pub fn begin(app: &Arc<App>, org: &Arc<Org>, asked: Asked<'_>) -> (Self, Vec<Ruling>) {
        let busy = org.clock.busy();
        let Asked { surface, method, path, query, headers, body, mut claimed, base, fault, exempt } = asked;
        let (cause, now, rulings, places, own, buffer) = org.cell(|cell| {
            cell.visits += 1;
            let now = org.clock.now();
            let mut own = fault.and_then(|fault| Engine::of_one(fault, now));
            let key = claimed.bearer.as_deref().and_then(|bearer| token_key(org, bearer));
            if let Some(token) = key.and_then(|key| cell.state.tokens.get(&key)) {
                claimed.client.get_or_insert_with(|| token.client.id.clone());
                claimed.user = token.user_id().cloned();
            }
            if surface == Surface::Streaming {
                let channel = path.strip_prefix("/channels/").and_then(|id| cell.state.channels.get(id));
                if let Some(channel) = channel {
                    claimed.client = Some(channel.owner.client.clone());
                    claimed.user.clone_from(&channel.owner.user);
                }
            }
            let faulty = !exempt && (own.is_some() || !cell.faults.is_empty());
            let rulings = if faulty {
                let upgrade = matches!(surface, Surface::Webmessaging | Surface::Streaming);
                let sockets = upgrade.then(|| open_sockets(cell, &claimed, None));
                let method = method.as_str();
                let standing = cell.standing_of_request(org, &claimed, now);
                let facts = Facts {
                    surface,
                    method,
                    path,
                    query,
                    server_name: None,
                    headers: Some(headers),
                    body,
                    claimed: &claimed,
                    frame: None,
                    required: "",
                    token: None,
                    sockets,
                    standing: standing.as_ref(),
                    now,
                };
                cell.decide_with(own.as_mut(), Point::Request, Phase::Before, &facts, &org.draws)
            } else {
                Vec::new()
            };
            let places = faulty.then(|| cell.faults.places());
            (Cause::visit(cell.visits), now, rulings, places, own, cell.journal.buffer())
        });
        let mut draft =
            Draft::request(buffer, (cause, now), surface, method.clone(), (path, query), headers, body);
        draft.claims(&claimed);
        let head = places.map(|places| {
            Box::new(Head {
                method: method.clone(),
                path: path.to_owned(),
                query: query.map(str::to_owned),
                headers: headers.clone(),
                body: body.clone(),
                own: own.map(Mutex::new),
                places,
            })
        });
        let visit = Visit {
            app: Arc::clone(app),
            org: Arc::clone(org),
            cause,
            surface,
            claimed,
            base,
            head,
            now: AtomicI64::new(now.micros()),
            timers: AtomicU32::new(0),
            started: wall::instant(),
            draft: Mutex::new(Some(draft)),
            usage: Mutex::new(None),
            held: Mutex::new((None, Some(busy))),
        };
        (Self(Arc::new(visit)), rulings)
    }
}

impl Cx {
    /// What a frame of a socket works with. It has no journal entry of its own: the frame has.
    pub fn of_frame(host: &Host, cause: Cause, now: Timestamp) -> Self {
        let path = "/v1".to_owned();
        let head = Head {
            method: Method::GET,
            path,
            query: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            own: None,
            places: Places::ANY,
        };
        Self(Arc::new(Visit {
            app: Arc::clone(&host.app),
            org: Arc::clone(&host.org),
            cause,
            surface: Surface::Webmessaging,
            claimed: host.claimed.clone(),
            base: host.base.clone(),
            head: Some(Box::new(head)),
            now: AtomicI64::new(now.micros()),
            timers: AtomicU32::new(0),
            started: wall::instant(),
            draft: Mutex::new(None),
            usage: Mutex::new(None),
            held: Mutex::new((None, None)),
        }))
    }
}

/// The key of a token, if it is an opaque one of this org, or a JWT of anybody.
pub fn token_key(org: &Org, token: &str) -> Option<TokenKey> {
    if looks_like_jws(token) {
        return Some(TokenKey::of_text(token));
    }
    let (tag, rest) = token.split_at_checked(TAG)?;
    (tag == org.tag && rest.len() == TokenKey::TEXT).then(|| TokenKey::parse(rest)).flatten()
}

impl Visit {
    /// The org's time of this visit. It stands still but for the visit's own waits.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Relaxed))
    }

    /// The time that JWTs are stamped and judged by: the org's, unless it is to be the wall's.
    pub fn token_time(&self) -> Timestamp {
        self.org.token_time(self.now())
    }

    /// A moment of the past, as JWTs count it.
    pub fn in_token_time(&self, past: Timestamp) -> Timestamp {
        Timestamp::from_micros(self.token_time().micros() - self.now().since(past).micros())
    }

    /// A time of a JWT that is still to come, as the org counts it.
    pub fn of_token_time(&self, time: Timestamp) -> Timestamp {
        self.now().plus(time.since(self.token_time()))
    }

    /// Waits for something outside of this org's time; `now` is read again afterwards. Of what is itself a visit of this
    /// org, rate `auto` need not be told that something is being done.
    pub async fn outside<T>(&self, is_visit: bool, work: impl Future<Output = T>) -> T {
        if is_visit {
            self.held.lock().1 = None;
        }
        let done = work.await;
        if is_visit {
            self.held.lock().1 = Some(self.org.clock.busy());
        }
        self.now.store(self.org.clock.now().micros(), Relaxed);
        done
    }

    /// The org's state.
    pub fn state<T>(&self, work: impl FnOnce(&mut crate::store::org_state::OrgState) -> T) -> T {
        self.org.state(work)
    }

    /// A document that stays the same until the org is made anew; `key` names all that it hangs on.
    pub fn document(&self, key: String, write: impl FnOnce() -> Vec<u8>) -> bytes::Bytes {
        self.org.document(key, write)
    }

    /// This visit's draw of a label.
    pub fn draw(&self, label: &str) -> Draw {
        self.org.draws.draw(self.cause, label, 0)
    }

    /// `ININ-Correlation-Id`.
    pub fn correlation_id(&self) -> String {
        self.org.correlation_id(self.cause)
    }

    /// Changes the visit's journal entry, while it is open.
    pub fn journal(&self, work: impl FnOnce(&mut Draft)) {
        if let Some(draft) = self.draft.lock().as_mut() {
            work(draft);
        }
    }

    /// It is not granted, for this reason.
    pub fn refuse(&self, refusal: Refusal) {
        self.journal(|draft| draft.refuse(refusal));
    }

    /// The use of a limit, for the answer's headers.
    pub fn set_usage(&self, usage: Usage) {
        *self.usage.lock() = Some(usage);
    }

    /// The use of a limit, if one was used.
    pub fn usage(&self) -> Option<Usage> {
        *self.usage.lock()
    }

    /// What the faults of a place make happen now; they are noted in the journal.
    pub fn ask(&self, point: Point, phase: Phase, required: &str, token: Option<TokenKind>) -> Vec<Ruling> {
        let Some(head) = &self.head else { return Vec::new() };
        if head.own.is_none() && !head.places.has(point, phase) {
            return Vec::new();
        }
        let rulings = self.org.cell(|cell| {
            let standing = cell.standing_of_request(&self.org, &self.claimed, self.now());
            let facts = Facts {
                surface: self.surface,
                method: head.method.as_str(),
                path: &head.path,
                query: head.query.as_deref(),
                server_name: None,
                headers: Some(&head.headers),
                body: &head.body,
                claimed: &self.claimed,
                frame: None,
                required,
                token,
                sockets: None,
                standing: standing.as_ref(),
                now: self.now(),
            };
            let mut own = head.own.as_ref().map(Mutex::lock);
            cell.decide_with(own.as_deref_mut(), point, phase, &facts, &self.org.draws)
        });
        for ruling in &rulings {
            self.journal(|draft| {
                draft.fault(&ruling.fault);
                ruling.drawn().into_iter().for_each(|drawn| draft.note(drawn));
            });
        }
        rulings
    }

    /// Waits in the org's time; `now` is read again afterwards. `false` when the org was reset or taken away
    /// meanwhile: then this visit is of a past that is no more, and must do nothing. So it is when the emulator stops
    /// during a wait that is for ever.
    #[must_use]
    pub async fn sleep(&self, span: Span) -> bool {
        let nth = self.timers.fetch_add(1, Relaxed);
        let sleep = self.org.clock.sleep_until(self.now().plus(span), self.cause.timer(nth));
        *self.held.lock() = (None, None);
        let wave = tokio::select! {
            wave = sleep => wave,
            () = self.app.stop.cancelled(), if span == Span::FOREVER => None,
        };
        let woken = wave.is_some();
        *self.held.lock() = (wave, Some(self.org.clock.busy()));
        self.now.store(self.org.clock.now().micros(), Relaxed);
        woken
    }

    /// A wait of so much of the org's time from this moment on, for what is done when the visit is over.
    pub fn wake_after(&self, span: Span) -> Sleep<Due> {
        let nth = self.timers.fetch_add(1, Relaxed);
        self.org.clock.sleep_until(self.org.clock.now().plus(span), self.cause.timer(nth))
    }

    /// Remembers for a fault what this request was answered with. Answers what it was the last time.
    pub fn remember(&self, fault: &FaultId, answer: Remembered) -> Option<Remembered> {
        let head = self.head.as_ref()?;
        let bearer = self.claimed.bearer.as_deref().unwrap_or_default();
        let key = [&head.path, "?", head.query.as_deref().unwrap_or_default(), " ", bearer].concat();
        self.org.cell(|cell| cell.faults.remember(fault, key, answer))
    }

    /// The wave of the timer that woke this visit, for what it causes.
    pub fn wave(&self) -> Option<Wave> {
        self.held.lock().0.clone()
    }

    /// The wave of the timer that woke this visit: to be held until the answer is handed over.
    pub fn take_wave(&self) -> Option<Wave> {
        self.held.lock().0.take()
    }

    /// Closes the journal entry with the answer. Nothing is added afterwards.
    pub fn close(&self, status: u16, headers: &HeaderMap, body: &[u8], keep: Keep) {
        let Some(mut draft) = self.draft.lock().take() else {
            return;
        };
        draft.answer(status, headers, body, keep);
        self.held.lock().1 = None;
        self.keep(draft, false);
    }

    /// Closes the journal entry without an answer: the connection ends instead.
    pub fn close_unanswered(&self) {
        if let Some(draft) = self.draft.lock().take() {
            self.keep(draft, false);
        }
    }

    fn keep(&self, mut draft: Draft, abandoned: bool) {
        if let Some(own) = self.head.as_ref().and_then(|head| head.own.as_ref()) {
            let idle = own.lock().counts().into_iter().filter(|count| count.fired == 0);
            let effects = idle.filter_map(|count| count.fault.effect.as_ref().map(|effect| effect.name()));
            effects
                .for_each(|name| draft.note(format!("`{name}` was asked for, and had nothing to bite here")));
        }
        let elapsed = wall::instant().duration_since(self.started).as_micros();
        let entry = draft.close(u64::try_from(elapsed).unwrap_or(u64::MAX), abandoned);
        self.org.cell(|cell| cell.keep(entry));
        self.app.trim_journals();
    }
}

/// A visit that nobody finished, because the client went away.
impl Drop for Visit {
    fn drop(&mut self) {
        if let Some(draft) = self.draft.lock().take() {
            self.keep(draft, true);
        }
    }
}
