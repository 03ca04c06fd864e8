//! The timeline of an org: armed when the org is made, and made again with it on reset.

use std::sync::{Arc, OnceLock, Weak};

use super::{app::App, conversations, keys, org::Org, outbox::Item, time::Due};
use crate::{
    base::draw::Cause,
    domain::keyring::RingName,
    events::event::NAMES,
    scenario::{
        bad_world::{self, BadWorld},
        timeline::{At, CloseSockets, Deed, Entry, Trigger},
    },
    store::org_state::OrgState,
};

/// Timers of the timeline come behind those of scheduled rotations.
const FIRST_TIMER: u32 = 1 << 20;

type Met = Box<dyn Fn(usize) + Send + Sync>;

/// What happens by itself in an org.
pub struct Timeline {
    entries: Vec<Entry>,
    met: OnceLock<Met>,
}

impl Timeline {
    /// What is in it.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// One of these entries, if there are any.
    pub(super) fn of(entries: Vec<Entry>) -> Option<Box<Self>> {
        (!entries.is_empty()).then(|| Box::new(Self { entries, met: OnceLock::new() }))
    }

    /// The events of these entries have happened.
    pub(super) fn go_on(&self, met: &[usize]) {
        if let Some(act) = self.met.get() {
            met.iter().for_each(|nth| act(*nth));
        }
    }
}

/// What cannot be meant in this org.
pub(super) fn check(state: &OrgState, entries: &[Entry]) -> Result<(), BadWorld> {
    for (nth, entry) in entries.iter().enumerate() {
        let wrong = |wrong: String| bad_world::bad_entry(nth, wrong);
        entry.check(NAMES).map_err(wrong)?;
        let of_fault = entry.what.fault_on.iter().flat_map(|fault| fault.rings());
        let rings = entry.what.rotate_keys.iter().filter_map(|rotate| rotate.ring()).chain(of_fault);
        if let Some(missing) = rings.filter_map(|ring| keys::no_such_ring(state, ring)).next() {
            return Err(wrong(missing));
        }
    }
    Ok(())
}

/// Arms all of it: the org is in its first moment.
pub(super) fn begin(org: &Org) {
    let Some(timeline) = &org.timeline else { return };
    let begun = org.clock.now();
    for (nth, entry) in timeline.entries.iter().enumerate() {
        match entry.trigger(NAMES) {
            Ok(Trigger::At(at)) => {
                let due = match at {
                    At::Begun(span) => begun.plus(span),
                    At::Time(time) => time,
                };
                arm(org, nth, due.plus(entry.wait.unwrap_or_default()));
            }
            Ok(Trigger::Event(name, n)) => org.cell(|cell| cell.events.watch(name, n, nth)),
            Err(wrong) => tracing::error!(wrong, "an entry of a timeline was not checked"),
        }
    }
}

/// Arms what is left of it in an org that was put back: entries that wait for so many events more.
pub(super) fn resume(org: &Org, waiting: &[(usize, u64)]) {
    let Some(timeline) = &org.timeline else { return };
    for (nth, left) in waiting {
        let trigger = timeline.entries.get(*nth).map(|entry| entry.trigger(NAMES));
        if let (Some(Ok(Trigger::Event(name, _))), 1..) = (trigger, *left) {
            org.cell(|cell| cell.events.watch(name, *left, *nth));
        }
    }
}

/// Lets it act. Called once, when the org is made.
pub(super) fn connect(app: &Arc<App>, org: &Arc<Org>) {
    let Some(timeline) = &org.timeline else { return };
    let (app, weak): (Weak<App>, Weak<Org>) = (Arc::downgrade(app), Arc::downgrade(org));
    let met = move |nth: usize| {
        let (Some(app), Some(org)) = (app.upgrade(), weak.upgrade()) else { return };
        match org.timeline.as_ref().and_then(|timeline| timeline.entries.get(nth)?.wait) {
            Some(wait) => arm(&org, nth, org.clock.now().plus(wait)),
            None => act(&app, &org, nth),
        }
    };
    // nobody has set it before
    let _ = timeline.met.set(Box::new(met));
}

fn arm(org: &Org, nth: usize, due: crate::base::time::Timestamp) {
    let place = u32::try_from(nth).unwrap_or(u32::MAX - FIRST_TIMER);
    org.clock.arm(due, Cause::default().timer(FIRST_TIMER + place), Due::Timeline(nth));
}

/// Does what an entry says.
pub(super) fn act(app: &App, org: &Org, nth: usize) {
    let entry = org.timeline.as_ref().and_then(|timeline| timeline.entries.get(nth));
    let Some(Entry { what, .. }) = entry else { return };
    let now = org.clock.now();
    let Deed { fault_on, fault_off, rotate_keys, close_sockets, advance, disconnect } = what;
    if let Some(fault) = fault_on {
        let added = org.cell(|cell| cell.faults.add(vec![(**fault).clone()], now));
        if let Err(error) = added {
            tracing::warn!(%error, "the timeline could not set a fault");
        }
    }
    if let Some(id) = fault_off
        && !org.cell(|cell| cell.faults.remove(id))
    {
        tracing::warn!(fault = id, "the timeline found no such fault to take away");
    }
    if let Some(rotate) = rotate_keys {
        let turn = rotate.turn(RingName::Platform);
        keys::rotate(app, org, &turn.ring, turn.how, now);
    }
    if let Some(CloseSockets { code, reason }) = close_sockets {
        for outbox in org.cell(|cell| cell.sockets.outboxes()) {
            outbox.push(Item::Close { code: *code, reason: reason.clone() });
        }
    }
    if let Some(by) = advance {
        org.clock.go_on(*by);
    }
    if disconnect.is_some() {
        let all =
            |state: &mut OrgState| state.conversations.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        for id in org.state(all) {
            // those that are over stay over
            let _ = conversations::disconnect(app, org, id.as_str(), None);
        }
    }
}
