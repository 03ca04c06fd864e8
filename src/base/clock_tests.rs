use super::{drive::QUIET, *};

fn frozen() -> Arc<Clock<u64>> {
    let at = Some(Timestamp::from_micros(0));
    Arc::new(Clock::new(Start { at, rate: Rate::Times(0.0) }, Duration::from_secs(5)))
}

#[tokio::test]
async fn an_advance_fires_in_order_with_now_at_each_due_time() {
    let clock = frozen();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, reader) = (Arc::clone(&seen), Arc::downgrade(&clock));
    clock.on_due(move |due, _, event, _wave| {
        let now = reader.upgrade().map(|clock| clock.now());
        log.lock().push((event, now == Some(due)));
    });
    for (event, due) in [(1, 30), (2, 10), (3, 20), (4, 99)] {
        clock.arm(Timestamp::from_micros(due), Cause::visit(event), event);
    }
    let moved = clock.move_to(|now| now.plus(Span::from_micros(50))).await;
    assert_eq!(*seen.lock(), [(2, true), (3, true), (1, true)]);
    assert_eq!((moved.fired, moved.to, clock.armed()), (3, Timestamp::from_micros(50), 1));
    assert_eq!(clock.now(), moved.to);
}

#[tokio::test]
async fn a_move_waits_for_what_the_woken_does_and_a_dropped_sleep_leaves_no_timer() {
    let clock = frozen();
    let (sleep, dropped) =
        [10, 20].map(|due| clock.sleep_until(Timestamp::from_micros(due), Cause::visit(1))).into();
    drop::<Sleep<u64>>(dropped);
    assert_eq!(clock.armed(), 1);
    let done = Arc::new(AtomicU64::new(0));
    let (count, awake) = (Arc::clone(&done), sleep);
    tokio::spawn(async move {
        let _wave = awake.await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        count.fetch_add(1, Relaxed);
    });
    let moved = clock.move_to(|now| now.plus(Span::from_micros(10))).await;
    assert_eq!((moved.fired, done.load(Relaxed), moved.waiting_for), (1, 1, vec![]));
}

#[tokio::test]
async fn at_rate_auto_nothing_jumps_to_the_end_of_time() {
    let at = Some(Timestamp::from_micros(0));
    let clock: Arc<Clock<u64>> = Arc::new(Clock::new(Start { at, rate: Rate::Auto }, Duration::from_secs(5)));
    let for_ever = clock.sleep_until(Timestamp::END, Cause::visit(1));
    let soon = clock.sleep_until(Timestamp::from_micros(3_600_000_000), Cause::visit(2));
    assert!(soon.await.is_some());
    let woken = wall::timeout(3 * QUIET, for_ever).await;
    assert!(woken.is_none() && clock.now() < Timestamp::from_micros(7_200_000_000));
}

#[tokio::test]
async fn the_past_can_be_set_and_fires_nothing() {
    let clock = frozen();
    clock.move_to(|now| now.plus(Span::from_secs(5))).await;
    let moved = clock.move_to(|_| Timestamp::from_micros(1)).await;
    assert_eq!((moved.fired, clock.now()), (0, Timestamp::from_micros(1)));
}
