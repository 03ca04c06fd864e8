//! What a client costs that never reads: its own socket, and nobody else anything. Beside it the same messages to a
//! client that reads.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use super::{
    super::{Outcome, Plan, median, server::Server, table::Row},
    QUIET,
    client::Client,
    fan_out::{self, Rooms, Until, p90},
    message, path, quiet_emulator, token,
};

/// Bytes of a message's text: the longest.
const TEXT: usize = 4_096;
/// Messages that are sent between two looks at the memory.
const BATCH: usize = 10;
/// Such batches a second.
const PACE: u32 = 100;
/// Batches by which a client that does not read must be gone; what the system buffers for it is the most of them.
const MOST: usize = 1_000;
/// The number of the first session that is not one of the others'.
const FIRST: usize = 1_000;

/// What the session did to the emulator and to others.
struct Felt {
    /// Resident memory after each batch, in KiB more than before.
    grown: Vec<u64>,
    /// How long others' messages took, p90 in milliseconds.
    others: f64,
}

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let emulator = quiet_emulator()?;
    let mut others = fan_out::sessions(&emulator)?;
    let mut sessions = FIRST..;
    let mut run = |batches: Option<usize>| {
        let nth = sessions.next().unwrap_or_default();
        felt(&emulator, &mut others, nth, batches)
    };
    // the first time is not like the others: the journal fills, the heap grows
    run(Some(MOST / 10))?;
    let (mut grown, mut waits): (Vec<f64>, [Vec<f64>; 2]) = Default::default();
    for _ in 0..plan.rounds {
        let slow = run(None)?;
        let reading = run(Some(slow.grown.len()))?;
        let more = slow.grown.iter().zip(&reading.grown).map(|(slow, reading)| slow.saturating_sub(*reading));
        grown.push(more.max().unwrap_or(0) as f64 / 1024.0);
        waits[0].push(slow.others);
        waits[1].push(reading.others);
    }
    let grown = median(&grown);
    let [slow, reading] = waits.map(|waits| median(&waits));
    Ok(vec![
        Row {
            what: "memory that a client takes which never reads".to_owned(),
            emulator: format!("{grown:.2} MiB"),
            beside: "than one that reads".to_owned(),
            figure: format!("+{grown:.2} MiB"),
            goal: "<= 2 MiB, then dropped",
            met: grown <= 2.0,
        },
        Row {
            what: "p90 of others' messages meanwhile".to_owned(),
            emulator: format!("{slow:.3} ms"),
            beside: format!("{reading:.3} ms if it reads"),
            figure: format!("{:.2} x", slow / reading),
            goal: "<= 1.5 x",
            met: slow <= 1.5 * reading,
        },
    ])
}

/// A session with one connection that speaks and one that reads `batches` of it, or never reads: then until it is dropped.
fn felt(emulator: &Server, others: &mut Rooms, nth: usize, batches: Option<usize>) -> Outcome<Felt> {
    let (path, token) = (path(QUIET), token(nth));
    let mut speaker = Client::upgrade(emulator.address, &path)?;
    speaker.configure(QUIET, &token)?;
    let mut other = match batches {
        Some(_) => Client::upgrade(emulator.address, &path)?,
        None => Client::upgrade_with_little_room(emulator.address, &path)?,
    };
    other.configure(QUIET, &token)?;
    let batch = message(&token, &"x".repeat(TEXT))?.repeat(BATCH);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let probe = scope.spawn(|| fan_out::paced(others, fan_out::PACE / 2, Until::Told(&stop)));
        let grown = speak(emulator, (&mut speaker, &mut other), &batch, batches);
        stop.store(true, Relaxed);
        let took = probe.join().map_err(|_| "the probe panicked")??;
        Ok(Felt { grown: grown?, others: p90(took) })
    })
}

fn speak(
    emulator: &Server,
    (speaker, other): (&mut Client, &mut Client),
    batch: &[u8],
    batches: Option<usize>,
) -> Outcome<Vec<u64>> {
    let before = emulator.process.resident()?;
    let mut grown = Vec::new();
    let mut due = Instant::now();
    let is_over = |grown: &[u64], other: &Client| match batches {
        Some(batches) => Ok(grown.len() == batches),
        None if grown.len() == MOST => Err("a client that never reads was not dropped".into()),
        None => other.is_reset(),
    };
    while !is_over(&grown, other)? {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        due += Duration::from_secs(1) / PACE;
        speaker.send(batch)?;
        for _ in 0..BATCH {
            speaker.read()?;
            if batches.is_some() {
                other.read()?;
            }
        }
        grown.push(emulator.process.resident()?.saturating_sub(before));
    }
    Ok(grown)
}
