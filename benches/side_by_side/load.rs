//! Load from plain threads and sockets. Each thread goes round its connections: reads one answer, sends the next
//! request, goes on to the next one. That costs two system calls a request and leaves the cores to the server.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use super::Outcome;

/// Connections of a load.
pub const CONNECTIONS: usize = 32;
/// Threads that share them.
pub const THREADS: usize = 2;
/// Connections of a paced probe.
const PROBES: u32 = 4;
/// No answer takes this long.
const PATIENCE: Duration = Duration::from_secs(10);

/// When a load ends.
#[derive(Clone, Copy)]
pub enum Until {
    /// After this time.
    Passed(Duration),
    /// After so many answers.
    Answered(u64),
}

/// A connection with at most one request under way.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// How long the last answer was: most answers of a load are alike.
    usual: usize,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: vec![0; 16 << 10], usual: 0 })
    }

    /// Sends a request.
    pub fn send(&mut self, request: &[u8]) -> Outcome<()> {
        Ok(self.stream.write_all(request)?)
    }

    /// Reads an answer, which has to be 200, or 204.
    fn read(&mut self) -> Outcome<()> {
        let mut got = 0;
        loop {
            if got == self.buffer.len() {
                self.buffer.resize(2 * got, 0);
            }
            let more = self.stream.read(&mut self.buffer[got..])?;
            if more == 0 {
                return Err("the server closed the connection".into());
            }
            got += more;
            if got == self.usual || length(&self.buffer[..got])? == Some(got) {
                break;
            }
        }
        let is_done = |status: &[u8]| self.buffer[..got].starts_with(status);
        if !is_done(b"HTTP/1.1 200 ") && !is_done(b"HTTP/1.1 204 ") {
            let answer = String::from_utf8_lossy(&self.buffer[..got]);
            return Err(format!("an answer that is not 200 or 204: {answer}").into());
        }
        self.usual = got;
        Ok(())
    }

    /// Sends a request and answers the body of its answer.
    pub fn ask(&mut self, request: &[u8]) -> Outcome<&[u8]> {
        self.send(request)?;
        self.read()?;
        Ok(self.body())
    }

    /// The body of an answer that is not like the one before.
    pub fn another(&mut self) -> Outcome<&[u8]> {
        self.usual = 0;
        self.read()?;
        Ok(self.body())
    }

    fn body(&self) -> &[u8] {
        let answer = &self.buffer[..self.usual];
        &answer[head(answer).unwrap_or(answer.len())..]
    }
}

/// Where the head ends.
fn head(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|four| four == b"\r\n\r\n").map(|end| end + 4)
}

/// How long the whole answer is, once its head is there.
fn length(answer: &[u8]) -> Outcome<Option<usize>> {
    let Some(end) = head(answer) else { return Ok(None) };
    if answer.starts_with(b"HTTP/1.1 204 ") {
        return Ok(Some(end));
    }
    let lines = std::str::from_utf8(&answer[..end])?.lines();
    let body = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .ok_or("an answer without a length")?;
    Ok(Some(end + body.1.trim().parse::<usize>()?))
}

/// One request on a connection of its own: the body of the answer.
pub fn once(address: SocketAddr, request: &[u8]) -> Outcome<Vec<u8>> {
    Ok(Connection::open(address)?.ask(request)?.to_vec())
}

/// Keeps a request under way on each connection. Answers how many answers came in a second.
pub fn saturate(address: SocketAddr, requests: &[Vec<u8>], until: Until) -> Outcome<f64> {
    let ready = Barrier::new(THREADS);
    let share = CONNECTIONS / THREADS;
    let results: Vec<_> = thread::scope(|scope| {
        let run = || {
            let connections: Outcome<Vec<_>> = (0..share).map(|_| Connection::open(address)).collect();
            ready.wait();
            rounds(&mut connections?, requests, until)
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut rate = 0.0;
    for result in results {
        let (answers, took) = result.map_err(|_| "a thread of the load panicked")??;
        rate += answers as f64 / took.as_secs_f64();
    }
    Ok(rate)
}

fn rounds(connections: &mut [Connection], requests: &[Vec<u8>], until: Until) -> Outcome<(u64, Duration)> {
    let begin = Instant::now();
    let mut answers = 0;
    let mut under_way = 0;
    for (connection, request) in connections.iter_mut().zip(requests.iter().cycle()) {
        connection.send(request)?;
        under_way += 1;
    }
    loop {
        for (connection, request) in connections.iter_mut().zip(requests.iter().cycle()) {
            connection.read()?;
            (answers, under_way) = (answers + 1, under_way - 1);
            let go_on = match until {
                Until::Passed(span) => begin.elapsed() < span,
                Until::Answered(most) => answers + under_way < most / THREADS as u64,
            };
            if go_on {
                connection.send(request)?;
                under_way += 1;
            } else if under_way == 0 {
                return Ok((answers, begin.elapsed()));
            }
        }
    }
}

/// Sends so many requests a second until told to stop. Answers how long each took.
pub fn paced(
    address: SocketAddr,
    request: &[u8],
    per_second: u32,
    stop: &AtomicBool,
) -> Outcome<Vec<Duration>> {
    let gap = Duration::from_secs(1) * PROBES / per_second;
    let probe = |nth: u32| -> Outcome<Vec<Duration>> {
        let mut connection = Connection::open(address)?;
        let mut due = Instant::now() + gap / PROBES * nth;
        let mut took = Vec::new();
        while !stop.load(Relaxed) {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let sent = Instant::now();
            connection.ask(request)?;
            took.push(sent.elapsed());
            due += gap;
        }
        Ok(took)
    };
    let results: Vec<_> = thread::scope(|scope| {
        let probes: Vec<_> = (0..PROBES).map(|nth| scope.spawn(move || probe(nth))).collect();
        probes.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut all = Vec::new();
    for result in results {
        all.extend(result.map_err(|_| "a probe panicked")??);
    }
    Ok(all)
}
