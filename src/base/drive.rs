//! A clock that runs: what fires by itself, and rate `auto`.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use super::{Clock, Inner, Rate, What, wall};
use crate::base::time::{Span, Timestamp};

/// With rate `auto`, this much real quiet is taken for "nothing else is to be done".
pub(super) const QUIET: Duration = Duration::from_millis(10);
/// With rate `auto`, a timer further away than this is only jumped to when a visit waits for it.
const JUMP: Span = Span::from_secs(60);

impl<E> Inner<E> {
    /// Is there anything that time may jump for? What waits for ever does not wait for the end of time.
    fn has_purpose(&self, now: Timestamp) -> bool {
        let mut waited_for = self.timers.iter().filter(|(_, what)| !matches!(what, What::Tick(..)));
        waited_for.next().is_some_and(|(key, what)| {
            let near = matches!(what, What::Wake(_)) || key.due().since(now) <= JUMP;
            near && key.due() < Timestamp::END
        })
    }
}

impl<E: Send + 'static> Clock<E> {
    pub(super) fn needs_driver(&self, inner: &mut Inner<E>) -> bool {
        let needed = !inner.driven && inner.run.speed() > 0.0 && inner.timers.len() > 0;
        inner.driven |= needed;
        needed
    }

    pub(super) fn start_driver(self: &Arc<Self>) {
        let clock = Arc::clone(self);
        tokio::spawn(async move { clock.drive().await });
    }

    /// Fires what becomes due while the clock runs; ends when nothing is armed or the clock stands.
    async fn drive(self: Arc<Self>) {
        loop {
            let wait = {
                let mut inner = self.inner.lock();
                let (speed, now) = (inner.run.speed(), inner.now());
                match inner.timers.first() {
                    Some((key, _)) if speed > 0.0 => {
                        let away = key.due().since(now);
                        let jumps = inner.run.rate == Rate::Auto && inner.has_purpose(now);
                        let jump = jumps.then_some(key.due());
                        (Duration::from_micros((away.micros() as f64 / speed) as u64), jump)
                    }
                    _ => {
                        inner.driven = false;
                        return;
                    }
                }
            };
            match wait {
                (Duration::ZERO, _) => {}
                (length, Some(due)) if length > QUIET => {
                    self.wait_for_quiet(due).await;
                    continue;
                }
                (length, _) => tokio::select! {
                    () = wall::sleep(length) => {}
                    () = self.nudge.notified() => continue,
                },
            }
            // nobody waits for a running clock to settle, least of all the other timers of the org
            let _serial = self.moves.lock().await;
            let now = self.now();
            while self.fire_one(now).is_some() {}
        }
    }

    async fn wait_for_quiet(&self, due: Timestamp) {
        let before = self.activity.load(Relaxed);
        tokio::select! {
            () = wall::sleep(QUIET) => {}
            () = self.nudge.notified() => return,
        }
        let _serial = self.moves.lock().await;
        let mut inner = self.inner.lock();
        let quiet = self.busy.load(Relaxed) == 0 && self.activity.load(Relaxed) == before;
        if quiet && inner.run.rate == Rate::Auto && inner.now() < due {
            inner.restart(due, Rate::Auto);
        }
    }
}
