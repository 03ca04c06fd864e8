//! `health`: for scripts and containers.

use std::{
    io::{Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use clap::Args;

use super::Exit;

const PATIENCE: Duration = Duration::from_secs(3);

/// Where to ask.
#[derive(Debug, Args)]
pub struct Health {
    /// The emulator's URL; the path /__admin/health is asked
    #[arg(long, env = "GENESYS_EMULATOR_URL", value_name = "URL")]
    url: Option<String>,
    /// The address that the emulator was told to listen on, when there is no URL
    #[arg(long, env = "GENESYS_EMULATOR_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:4363")]
    listen: String,
}

impl Health {
    fn address(&self) -> String {
        let given = self.url.as_ref().map(|url| {
            url.trim_start_matches("http://").trim_start_matches("https://").trim_end_matches('/')
        });
        let address = given.unwrap_or(&self.listen).split('/').next().unwrap_or_default();
        // what listens on every address is asked on loopback
        address.replacen("0.0.0.0", "127.0.0.1", 1).replacen("[::]", "[::1]", 1)
    }
}

/// Asks once.
pub fn run(health: &Health) -> Exit {
    let address = health.address();
    match ask(&address) {
        Ok(200) => Exit::Fine,
        Ok(status) => {
            eprintln!("{address} answered {status}");
            Exit::RunTime
        }
        Err(error) => {
            eprintln!("{address} does not answer: {error}");
            Exit::RunTime
        }
    }
}

fn ask(address: &str) -> std::io::Result<u16> {
    let missing = || std::io::Error::other("the address has no host");
    let socket = address.to_socket_addrs()?.next().ok_or_else(missing)?;
    let mut stream = TcpStream::connect_timeout(&socket, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /__admin/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    let status = std::str::from_utf8(&head[9..]).ok().and_then(|status| status.parse().ok());
    status.ok_or_else(|| std::io::Error::other("that is not HTTP"))
}
