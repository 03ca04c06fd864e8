//! The client's end of a messaging socket, as cheap as it can be: it blocks, masks with zeros and parses no JSON.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::Duration,
};

use socket2::{Domain, Socket, Type};

use super::super::Outcome;

/// Threads that open sockets.
const OPENERS: usize = 4;
/// Frames that are under way at once when many are exchanged.
const BATCH: usize = 100;
/// No frame takes this long.
const PATIENCE: Duration = Duration::from_secs(10);

/// An upgraded connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The part of the buffer that was received and not read yet.
    unread: Range<usize>,
}

impl Client {
    /// Connects and upgrades.
    pub fn upgrade(address: SocketAddr, path: &str) -> Outcome<Self> {
        Self::upgrade_on(TcpStream::connect(address)?, path)
    }

    /// The same with so little room for what is not read that the server notices soon.
    pub fn upgrade_with_little_room(address: SocketAddr, path: &str) -> Outcome<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        socket.set_recv_buffer_size(4096)?;
        socket.connect(&address.into())?;
        Self::upgrade_on(socket.into(), path)
    }

    fn upgrade_on(stream: TcpStream, path: &str) -> Outcome<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut client = Self { stream, buffer: vec![0; 512], unread: 0..0 };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://localhost\r\n\r\n"
        );
        client.send(request.as_bytes())?;
        let end = loop {
            let answer = &client.buffer[client.unread.clone()];
            match answer.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => client.receive()?,
            }
        };
        let head = String::from_utf8_lossy(&client.buffer[..end]).into_owned();
        client.unread.start += end;
        match head.starts_with("HTTP/1.1 101") {
            true => Ok(client),
            false => Err(format!("no upgrade: {head}").into()),
        }
    }

    /// Configures a session, up to the answer.
    pub fn configure(&mut self, deployment: &str, token: &str) -> Outcome<()> {
        self.send(&masked(&format!(
            r#"{{"action":"configureSession","deploymentId":"{deployment}","token":"{token}"}}"#
        ))?)?;
        let answer = self.read()?;
        match answer.contains(r#""class":"SessionResponse""#) && answer.contains(r#""code":200"#) {
            true => Ok(()),
            false => Err(format!("no session: {answer}").into()),
        }
    }

    /// Sends frames.
    pub fn send(&mut self, frames: &[u8]) -> Outcome<()> {
        Ok(self.stream.write_all(frames)?)
    }

    /// Sends a frame so often, and reads an answer to each.
    pub fn exchange(&mut self, frame: &[u8], times: usize) -> Outcome<()> {
        let some = frame.repeat(BATCH);
        for _ in 0..times / BATCH {
            self.send(&some)?;
            for _ in 0..BATCH {
                self.read()?;
            }
        }
        Ok(())
    }

    /// The text of the next frame, which has to be a text frame.
    pub fn read(&mut self) -> Outcome<&str> {
        loop {
            let start = self.unread.start;
            if let Some(text) = text_frame(&self.buffer[self.unread.clone()])? {
                self.unread.start += text.end;
                return Ok(std::str::from_utf8(&self.buffer[start + text.start..start + text.end])?);
            }
            self.receive()?;
        }
    }

    /// The same, and it has to be so long.
    pub fn read_exactly(&mut self, bytes: usize) -> Outcome<()> {
        let text = self.read()?;
        match text.len() == bytes {
            true => Ok(()),
            false => Err(format!("a frame that is not of {bytes} bytes: {text}").into()),
        }
    }

    /// The same of a channel, whose socket is told now and then that it is alive.
    pub fn read_event(&mut self, bytes: usize) -> Outcome<()> {
        loop {
            match self.read()? {
                text if text.len() == bytes => return Ok(()),
                text if text.contains("Heartbeat") => {}
                text => return Err(format!("an event that is not of {bytes} bytes: {text}").into()),
            }
        }
    }

    fn receive(&mut self) -> Outcome<()> {
        if self.unread.start > 0 {
            self.buffer.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
        }
        if self.unread.end == self.buffer.len() {
            self.buffer.resize(2 * self.buffer.len(), 0);
        }
        match self.stream.read(&mut self.buffer[self.unread.end..])? {
            0 => Err("the server closed a socket".into()),
            more => {
                self.unread.end += more;
                Ok(())
            }
        }
    }

    /// Is it open, with nothing to read?
    pub fn is_idle(&self) -> Outcome<()> {
        self.stream.set_nonblocking(true)?;
        match self.stream.peek(&mut [0]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(self.stream.set_nonblocking(false)?),
            Ok(0) => Err("the server closed an idle socket".into()),
            Ok(_) => Err("a frame came to an idle socket".into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Has the server reset it?
    pub fn is_reset(&self) -> Outcome<bool> {
        Ok(self.stream.take_error()?.is_some_and(|error| error.kind() == ErrorKind::ConnectionReset))
    }
}

/// Opens one socket for each number, by several threads.
pub fn open(numbers: Range<usize>, one: impl Fn(usize) -> Outcome<Client> + Sync) -> Outcome<Vec<Client>> {
    let next = AtomicUsize::new(numbers.start);
    let some = || -> Outcome<Vec<Client>> {
        let mut sockets = Vec::new();
        loop {
            let nth = next.fetch_add(1, Relaxed);
            if nth >= numbers.end {
                return Ok(sockets);
            }
            sockets.push(one(nth)?);
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

/// A text frame of up to 65,535 bytes, masked with zeros (RFC 6455 section 5.2).
pub fn masked(text: &str) -> Outcome<Vec<u8>> {
    let length = u16::try_from(text.len())?;
    let mut frame = match u8::try_from(length) {
        Ok(length) if length < 126 => vec![0x81, 0x80 | length],
        _ => [&[0x81, 0x80 | 126][..], &length.to_be_bytes()].concat(),
    };
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    Ok(frame)
}

/// Where the text of the frame is that these bytes begin with, once all of it is there.
fn text_frame(bytes: &[u8]) -> Outcome<Option<Range<usize>>> {
    let text = match bytes {
        [0x81, length @ ..126, ..] => 2..2 + usize::from(*length),
        [0x81, 126, high, low, ..] => 4..4 + usize::from(u16::from_be_bytes([*high, *low])),
        [] | [0x81] | [0x81, 126] | [0x81, 126, _] => return Ok(None),
        other => return Err(format!("a frame that is no short text: {:x?}", &other[..2]).into()),
    };
    Ok((bytes.len() >= text.end).then_some(text))
}
