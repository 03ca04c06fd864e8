//! Frames a second when each connection sends the next one as soon as it has the answer.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    super::{
        Outcome, Plan, bare,
        server::Server,
        table::{Row, Share},
    },
    client::Client,
    echo_request, path, token,
};

/// Connections of the load.
const CONNECTIONS: usize = 100;
const THREADS: usize = 2;

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let (emulator, bare) = (Server::emulator()?, Server::bare(64)?);
    let deployment = &emulator.org()?.deployment_id;
    let text = "x".repeat(64);
    let frame = |nth: usize| echo_request(&token(nth), &text);
    let frames = (0..CONNECTIONS).map(frame).collect::<Outcome<Vec<_>>>()?;
    let mut clients = [Vec::new(), Vec::new()];
    let mut bytes = 0;
    for (nth, frame) in frames.iter().enumerate() {
        let mut client = Client::upgrade(emulator.address, &path(deployment))?;
        client.configure(deployment, &token(nth))?;
        client.send(frame)?;
        bytes = client.read()?.len();
        clients[0].push(client);
        clients[1].push(Client::upgrade(bare.address, &bare::sockets::echo(bytes))?);
    }
    let mut rates: [Vec<f64>; 2] = Default::default();
    for _ in 0..plan.rounds {
        for (clients, rates) in clients.iter_mut().zip(&mut rates) {
            rates.push(saturate(clients, &frames, bytes, plan.span)?);
        }
    }
    Ok(vec![Row::of_rates(format!("echo on {CONNECTIONS} sockets, {bytes} bytes"), &rates, Share::MOST)])
}

/// Keeps a frame under way on each connection. Answers how many answers came in a second.
fn saturate(clients: &mut [Client], frames: &[Vec<u8>], bytes: usize, span: Duration) -> Outcome<f64> {
    let share = clients.len().div_ceil(THREADS);
    let results: Vec<_> = thread::scope(|scope| {
        let shares = clients.chunks_mut(share).zip(frames.chunks(share));
        let threads: Vec<_> = shares
            .map(|(clients, frames)| scope.spawn(move || go_round(clients, frames, bytes, span)))
            .collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut rate = 0.0;
    for result in results {
        rate += result.map_err(|_| "a thread of the load panicked")??;
    }
    Ok(rate)
}

fn go_round(clients: &mut [Client], frames: &[Vec<u8>], bytes: usize, span: Duration) -> Outcome<f64> {
    let begin = Instant::now();
    let mut answers = 0;
    for (client, frame) in clients.iter_mut().zip(frames) {
        client.send(frame)?;
    }
    loop {
        let go_on = begin.elapsed() < span;
        for (client, frame) in clients.iter_mut().zip(frames) {
            client.read_exactly(bytes)?;
            answers += 1;
            if go_on {
                client.send(frame)?;
            }
        }
        if !go_on {
            return Ok(f64::from(answers) / begin.elapsed().as_secs_f64());
        }
    }
}
