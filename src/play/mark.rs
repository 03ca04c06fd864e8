//! A mark on a terminal while something takes long: what is done, and for how long already.

use std::{
    io::{self, IsTerminal, Write},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;

use crate::base::clock::wall;

/// What is done sooner is not marked.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often the mark moves.
const TURN: Duration = Duration::from_millis(120);
const FACES: [char; 4] = ['|', '/', '-', '\\'];
/// Back to the beginning of the line, which is empty then.
const WIPE: &str = "\r\u{1b}[K";

/// The mark. Nothing is drawn where nobody looks on.
#[derive(Debug, Default)]
pub struct Mark {
    turning: Option<Arc<Mutex<Turning>>>,
}

/// What is under way, and whether it was drawn.
#[derive(Debug, Default)]
struct Turning {
    drawn: bool,
    over: bool,
}

/// The mark after so long; nothing in the beginning.
fn face(elapsed: Duration, what: &str) -> Option<String> {
    let turn = elapsed.checked_sub(PATIENCE)?.as_millis() / TURN.as_millis();
    let face = FACES[usize::try_from(turn).unwrap_or_default() % FACES.len()];
    let seconds = match elapsed.as_secs() {
        0 => String::new(),
        seconds => format!(", {seconds} s"),
    };
    Some(format!("{WIPE}    {face} {what}{seconds}"))
}

fn draw(text: &str) {
    let mut terminal = io::stderr().lock();
    // a mark that cannot be drawn is no reason to stop
    let _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
}

impl Mark {
    /// Something begins.
    pub fn begin(&mut self, what: &str) {
        self.end();
        if !io::stderr().is_terminal() {
            return;
        }
        let (begun, what, turning) = (wall::instant(), what.to_owned(), Arc::<Mutex<Turning>>::default());
        self.turning = Some(Arc::clone(&turning));
        tokio::spawn(async move {
            loop {
                wall::sleep(TURN).await;
                let mut turning = turning.lock();
                if turning.over {
                    return;
                }
                if let Some(text) = face(begun.elapsed(), &what) {
                    draw(&text);
                    turning.drawn = true;
                }
            }
        });
    }

    /// It is done, and nothing is left of the mark.
    pub fn end(&mut self) {
        if let Some(turning) = self.turning.take() {
            let mut turning = turning.lock();
            turning.over = true;
            if turning.drawn {
                draw(WIPE);
            }
        }
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_long_is_marked_and_the_mark_turns_and_counts() {
        let at = |millis| face(Duration::from_millis(millis), "asking");
        assert_eq!(at(299), None);
        assert_eq!(at(300).unwrap(), "\r\u{1b}[K    | asking");
        assert_eq!(at(420).unwrap(), "\r\u{1b}[K    / asking");
        assert_eq!(at(2_100).unwrap(), "\r\u{1b}[K    \\ asking, 2 s");
    }
}
