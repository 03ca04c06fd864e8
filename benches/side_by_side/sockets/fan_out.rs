//! How long it takes until the last of three connections has what one of them said, at a steady pace.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use super::{
    super::{Outcome, Plan, bare, median, server::Server, table::Row},
    CONNECTIONS, QUIET,
    client::Client,
    message, path, quiet_emulator, token,
};

/// Messages a second in all.
pub const PACE: u32 = 2_000;
/// Threads that say them.
const SPEAKERS: usize = 4;
/// Sessions of each.
const ROOMS: usize = 6;

/// Connections that all have what one of them says.
pub struct Room {
    connections: Vec<Client>,
    frame: Vec<u8>,
    bytes: usize,
}

/// Rooms of a server.
pub type Rooms = Vec<Room>;

impl Room {
    /// Says one thing, and waits until everybody has it.
    fn say(&mut self) -> Outcome<Duration> {
        let begin = Instant::now();
        self.connections[0].send(&self.frame)?;
        for connection in &mut self.connections {
            connection.read_exactly(self.bytes)?;
        }
        Ok(begin.elapsed())
    }
}

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let (emulator, bare) = (quiet_emulator()?, Server::bare(64)?);
    let ours = sessions(&emulator)?;
    let theirs =
        ours.iter().enumerate().map(|(nth, ours)| bare_room(&bare, nth, ours)).collect::<Outcome<_>>()?;
    let mut rooms: [Rooms; 2] = [ours, theirs];
    let mut waits: [Vec<f64>; 2] = Default::default();
    for _ in 0..plan.rounds {
        for (rooms, waits) in rooms.iter_mut().zip(&mut waits) {
            waits.push(p90(paced(rooms, PACE, Until::Passed(plan.span))?));
        }
    }
    let [ours, theirs] = waits.map(|waits| median(&waits));
    Ok(vec![Row {
        what: format!("a message to {CONNECTIONS} connections, {PACE}/s in all, p90"),
        emulator: format!("{ours:.3} ms"),
        beside: format!("bare {theirs:.3} ms"),
        figure: format!("{:.2} x", ours / theirs),
        goal: "<= 2 x bare",
        met: ours <= 2.0 * theirs,
    }])
}

/// Sessions whose conversation has begun, each with all of its connections.
pub fn sessions(emulator: &Server) -> Outcome<Rooms> {
    let path = path(QUIET);
    let session = |nth: usize| -> Outcome<Room> {
        let token = token(nth);
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut client = Client::upgrade(emulator.address, &path)?;
            client.configure(QUIET, &token)?;
            connections.push(client);
        }
        let frame = message(&token, &"x".repeat(64))?;
        connections[0].send(&frame)?;
        let mut bytes = 0;
        for connection in &mut connections {
            bytes = connection.read()?.len();
        }
        Ok(Room { connections, frame, bytes })
    };
    (0..SPEAKERS * ROOMS).map(session).collect()
}

/// A room of the bare server in which the same bytes go around.
fn bare_room(bare: &Server, nth: usize, ours: &Room) -> Outcome<Room> {
    let path = bare::sockets::room(nth, ours.bytes);
    let connections =
        (0..CONNECTIONS).map(|_| Client::upgrade(bare.address, &path)).collect::<Outcome<Vec<_>>>()?;
    let mut room = Room { connections, frame: ours.frame.clone(), bytes: ours.bytes };
    room.say()?;
    Ok(room)
}

/// When the speakers stop.
#[derive(Clone, Copy)]
pub enum Until<'a> {
    /// After this time.
    Passed(Duration),
    /// When they are told.
    Told(&'a AtomicBool),
}

impl Until<'_> {
    fn is_over(self, begin: Instant) -> bool {
        match self {
            Self::Passed(span) => begin.elapsed() >= span,
            Self::Told(stop) => stop.load(Relaxed),
        }
    }
}

/// Says so much a second in all rooms together. Answers how long each message took.
pub fn paced(rooms: &mut [Room], per_second: u32, until: Until<'_>) -> Outcome<Vec<Duration>> {
    let gap = Duration::from_secs(1) * SPEAKERS as u32 / per_second;
    let begin = Instant::now();
    let speak = |rooms: &mut [Room], nth: u32| -> Outcome<Vec<Duration>> {
        let mut due = begin + gap / SPEAKERS as u32 * nth;
        let mut took = Vec::new();
        loop {
            for room in &mut *rooms {
                if until.is_over(begin) {
                    return Ok(took);
                }
                thread::sleep(due.saturating_duration_since(Instant::now()));
                took.push(room.say()?);
                due += gap;
            }
        }
    };
    let results: Vec<_> = thread::scope(|scope| {
        let shares = rooms.chunks_mut(ROOMS).zip(0..);
        let speakers: Vec<_> = shares.map(|(rooms, nth)| scope.spawn(move || speak(rooms, nth))).collect();
        speakers.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut all = Vec::new();
    for result in results {
        all.extend(result.map_err(|_| "a speaker panicked")??);
    }
    Ok(all)
}

/// Nine of ten took no longer, in milliseconds.
pub fn p90(mut took: Vec<Duration>) -> f64 {
    took.sort_unstable();
    took.get(took.len() * 9 / 10).copied().unwrap_or_default().as_secs_f64() * 1e3
}
