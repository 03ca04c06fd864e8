use super::*;
use crate::{
    base::{clock, draw::Cause, ids::ConnectionId, patience::Patience},
    ops::{
        app::{Encoded, Settings},
        connections::Socket,
        outbox::Item,
        time::Interrupted,
    },
};

const START: Timestamp = Timestamp::from_micros(1_000_000);

/// An emulator whose clocks stand.
pub fn emulator() -> Arc<App> {
    let rate = clock::Rate::Times(0.0);
    let patience = Patience::default();
    let (limits, inject, confine_fetches) = (true, true, true);
    let settings =
        Settings { seed: 1, rate, limits, inject, confine_fetches, patience, ..Settings::default() };
    let encode = |_: &_| Encoded { class: "", text: "".into() };
    let app = Arc::new(App::new(settings, encode, |_, _| None));
    let default = Scenario::built_in("default").unwrap();
    load(&app, Scenario { clock: Some(START), ..default }).unwrap();
    app
}

/// An org of its own, whose clock is on the way from `START` to an hour later, and was stopped there by what it woke.
struct Moving {
    org: Arc<Org>,
    moved: tokio::task::JoinHandle<Result<clock::Moved, Interrupted>>,
    woken: crate::base::wave::Wave,
}

async fn moving(org: Arc<Org>) -> Moving {
    let sleep = org.clock.sleep_until(START.plus(Span::from_secs(1)), Cause::visit(1));
    let mover = Arc::clone(&org);
    let hour = |now: Timestamp| now.plus(Span::from_secs(3600));
    let moved = tokio::spawn(async move { time::move_clock(&mover, hour).await });
    Moving { org, moved, woken: sleep.await.unwrap() }
}

#[tokio::test]
async fn in_the_middle_of_a_move_of_the_clock_a_reset_shows_the_first_state_at_the_first_time() {
    let app = emulator();
    let Moving { org, moved, woken } = moving(app.default_org().unwrap()).await;
    org.state(|state| state.issued_as("before", &[]));
    let next = reset(&app, &org).unwrap();
    let found = app.default_org().unwrap();
    assert!(Arc::ptr_eq(&next, &found));
    assert_eq!((found.state(|state| state.issuers.len()), found.clock.now()), (0, START));
    // who began before goes on with what there was before
    assert_eq!(org.state(|state| state.issuers.len()), 1);
    assert_eq!(org.clock.now(), START.plus(Span::from_secs(1)));
    let late = found.clock.sleep_until(START.plus(Span::from_secs(10)), Cause::visit(1));
    drop(woken);
    assert_eq!(moved.await.unwrap(), Err(Interrupted));
    assert_eq!((found.clock.now(), found.clock.armed()), (START, 1), "the move was not of this clock");
    drop(late);
}

#[tokio::test]
async fn an_org_that_is_over_lets_everybody_go() {
    let app = emulator();
    let org = create(&app, NewOrg::default()).unwrap();
    let Moving { org, moved, woken } = moving(org).await;
    let waits = org.clock.sleep_until(START.plus(Span::from_secs(10)), Cause::visit(2));
    assert!(remove(&app, org.id.as_str()));
    assert!(waits.await.is_none());
    assert!(org.clock.sleep_until(START.plus(Span::from_secs(10)), Cause::visit(3)).await.is_none());
    let socket = Socket::new("d".into(), None, None);
    let outbox = Arc::clone(&socket.outbox);
    org.cell(|cell| cell.open(ConnectionId(4), socket));
    assert!(matches!(outbox.try_pop(), Some(Item::Close { code: 1001, .. })));
    drop(woken);
    assert_eq!(moved.await.unwrap(), Err(Interrupted));
    assert!(matches!(reset(&app, &org), Err(OrgError::Gone(id)) if id == org.id));
}
