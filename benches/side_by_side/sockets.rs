//! What an idle messaging session costs: an open socket with a session of its own.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::Duration,
};

use rustix::process::{Resource, getrlimit, setrlimit};

use super::{Outcome, Plan, server::Server, table::Row};

/// Threads that open sockets.
const OPENERS: usize = 4;
/// Sockets opened before memory is looked at for the first time.
const WARM: usize = 64;
/// Open files that are no sockets.
const OTHERS: u64 = 256;
/// No frame takes this long.
const PATIENCE: Duration = Duration::from_secs(10);
/// By then what was opened last is at rest.
const SETTLED: Duration = Duration::from_secs(1);

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    raise_open_files(plan.sockets as u64 + OTHERS)?;
    let emulator = Server::emulator()?;
    let deployment = emulator.org()?.deployment_id.clone();
    let open = |from: usize, to: usize| open(emulator.address, &deployment, from, to);
    let mut sockets = open(0, WARM)?;
    thread::sleep(SETTLED);
    let before = emulator.process.resident()?;
    sockets.extend(open(WARM, WARM + plan.sockets)?);
    thread::sleep(SETTLED);
    let after = emulator.process.resident()?;
    for socket in &sockets {
        is_idle(socket)?;
    }
    let each = after.saturating_sub(before) as f64 / plan.sockets as f64;
    Ok(vec![Row {
        what: format!("an idle configured session, of {}", plan.sockets),
        emulator: format!("{:.1} MiB in all", after as f64 / 1024.0),
        beside: format!("{:.1} MiB before", before as f64 / 1024.0),
        figure: format!("{each:.1} KiB"),
        goal: "<= 16 KiB",
        met: each <= 16.0,
    }])
}

fn raise_open_files(needed: u64) -> Outcome<()> {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.maximum.is_some_and(|maximum| maximum < needed) {
        let maximum = limit.maximum.unwrap_or_default();
        return Err(format!("{needed} open files are needed, the hard limit is {maximum}").into());
    }
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}

/// Sockets `from..to`, each configured for a token of its own.
fn open(address: SocketAddr, deployment: &str, from: usize, to: usize) -> Outcome<Vec<TcpStream>> {
    let next = AtomicUsize::new(from);
    let some = || -> Outcome<Vec<TcpStream>> {
        let mut sockets = Vec::new();
        loop {
            let nth = next.fetch_add(1, Relaxed);
            if nth >= to {
                return Ok(sockets);
            }
            sockets.push(session(address, deployment, nth)?);
        }
    };
    let results: Vec<_> = thread::scope(|scope| {
        let openers: Vec<_> = (0..OPENERS).map(|_| scope.spawn(some)).collect();
        openers.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut all = Vec::new();
    for result in results {
        all.extend(result.map_err(|_| "a thread panicked")??);
    }
    Ok(all)
}

/// The handshake and `configureSession`, up to its answer.
fn session(address: SocketAddr, deployment: &str, nth: usize) -> Outcome<TcpStream> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let head = format!(
        "GET /v1?deploymentId={deployment} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://localhost\r\n\r\n"
    );
    socket.write_all(head.as_bytes())?;
    let answer = read_head(&mut socket)?;
    if !answer.starts_with("HTTP/1.1 101") {
        return Err(format!("no upgrade: {answer}").into());
    }
    let frame = format!(
        r#"{{"action":"configureSession","deploymentId":"{deployment}","token":"5e551010-0000-4000-8000-{nth:012}"}}"#
    );
    socket.write_all(&masked(&frame)?)?;
    let answer = read_text(&mut socket)?;
    match answer.contains(r#""class":"SessionResponse""#) && answer.contains(r#""code":200"#) {
        true => Ok(socket),
        false => Err(format!("no session: {answer}").into()),
    }
}

/// Byte by byte, so that nothing of the first frame is taken.
fn read_head(socket: &mut TcpStream) -> Outcome<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        socket.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8(head)?)
}

/// A text frame of 126 to 65,535 bytes, masked with zeros (RFC 6455 section 5.2).
fn masked(text: &str) -> Outcome<Vec<u8>> {
    let length = u16::try_from(text.len())?;
    let mut frame = vec![0x81, 0x80 | 126];
    frame.extend(length.to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    Ok(frame)
}

/// The text of the next frame, which has to be a text frame.
fn read_text(socket: &mut TcpStream) -> Outcome<String> {
    let mut start = [0; 2];
    socket.read_exact(&mut start)?;
    let length = match start {
        [0x81, 126] => {
            let mut length = [0; 2];
            socket.read_exact(&mut length)?;
            usize::from(u16::from_be_bytes(length))
        }
        [0x81, length] if length < 126 => usize::from(length),
        other => return Err(format!("a frame that is no short text: {other:x?}").into()),
    };
    let mut text = vec![0; length];
    socket.read_exact(&mut text)?;
    Ok(String::from_utf8(text)?)
}

/// Is it open, with nothing to read?
fn is_idle(socket: &TcpStream) -> Outcome<()> {
    socket.set_nonblocking(true)?;
    match socket.peek(&mut [0]) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
        Ok(0) => Err("the emulator closed a socket".into()),
        Ok(_) => Err("a frame came to an idle socket".into()),
        Err(error) => Err(error.into()),
    }
}
