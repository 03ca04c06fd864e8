//! Frames to one client that a fault holds, so that they leave in another order.

use super::outbox::Item;
use crate::base::{
    draw::{Cause, DrawKey},
    time::Timestamp,
    timers::TimerKey,
};

/// One frame that is held.
pub struct Held {
    /// It is not sent before then in any case.
    pub due: Timestamp,
    /// Its number.
    pub cause: Cause,
    /// The frame.
    pub item: Item,
}

/// What one fault holds of one connection.
#[derive(Default)]
pub struct Window {
    /// In the order in which they were made.
    held: Vec<Held>,
    /// How many windows there have been.
    nth: u64,
    /// Ends it, if nothing else does.
    timer: Option<TimerKey>,
}

impl Window {
    /// Holds one more. The first one arms the timer that ends the window. Answers how many are held.
    pub fn hold(&mut self, held: Held, arm: impl FnOnce() -> TimerKey) -> usize {
        if self.held.is_empty() {
            self.timer = Some(arm());
        }
        self.held.push(held);
        self.held.len()
    }

    /// The timer that is armed.
    pub fn timer(&self) -> Option<TimerKey> {
        self.timer
    }

    /// It is over: all that is held in the order in which it leaves, which hangs on `names` and the number of the
    /// window.
    pub fn release(&mut self, draws: &DrawKey, names: &[&str]) -> Vec<Held> {
        self.nth += 1;
        self.timer = None;
        let mut held: Vec<_> = std::mem::take(&mut self.held).into_iter().map(Some).collect();
        let order = another_order(draws, names, self.nth, held.len());
        order.into_iter().filter_map(|at| held.get_mut(at)?.take()).collect()
    }
}

/// The numbers below `count` in a drawn order that is not their own, unless there is but one (Fisher and Yates).
fn another_order(draws: &DrawKey, names: &[&str], nth: u64, count: usize) -> Vec<usize> {
    let mut order: Vec<_> = (0..count).collect();
    for last in (1..count).rev() {
        let place = last.to_string();
        let names: Vec<_> = names.iter().copied().chain([place.as_str()]).collect();
        let drawn = draws.named(&names, nth).integer() % (last as u64 + 1);
        order.swap(last, drawn as usize);
    }
    if order.is_sorted() && count > 1 {
        order.rotate_left(1);
    }
    order
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn all_leave_in_another_order_and_in_the_same_one_again(seed: u64, nth in 0..100_u64, count in 0..50_usize) {
            let draws = DrawKey::new(seed, "org");
            let order = another_order(&draws, &["fault", "session"], nth, count);
            prop_assert_eq!(&another_order(&draws, &["fault", "session"], nth, count), &order);
            prop_assert!(count < 2 || !order.is_sorted());
            let mut sorted = order;
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_order_hangs_on_seed_names_and_window() {
        let of = |seed, name, nth| another_order(&DrawKey::new(seed, "org"), &[name], nth, 20);
        let one = of(1, "fault", 1);
        for other in [of(2, "fault", 1), of(1, "other", 1), of(1, "fault", 2)] {
            assert_ne!(one, other);
        }
    }
}
