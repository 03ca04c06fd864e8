//! A server in a process of its own. It is ended when its handle is dropped.

use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde::Deserialize;

use super::{Outcome, bare, load};

/// Any free port.
const ANYWHERE: &str = "127.0.0.1:0";
/// Between two looks whether sockets are closed.
const POLL: Duration = Duration::from_millis(5);
/// Closing takes no longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A process that ends with its handle.
pub struct Process(Child);

impl Process {
    /// Starts it, with nothing of what it says kept.
    pub fn silent(mut command: Command) -> Outcome<Self> {
        Ok(Self(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?))
    }

    /// Resident memory, in KiB.
    pub fn resident(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1));
        Ok(kib.ok_or("the system does not say how much memory is resident")?.parse()?)
    }

    /// Open files, sockets among them.
    pub fn open_files(&self) -> Outcome<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.0.id()))?.count())
    }

    /// Waits until no more than so many files are open.
    pub fn closes_down_to(&self, files: usize) -> Outcome<()> {
        let begin = Instant::now();
        while self.open_files()? > files {
            if begin.elapsed() > PATIENCE {
                return Err("the server does not close its sockets".into());
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // it may have ended by itself, and there is nothing to be done about the rest
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a server says when it is ready.
#[derive(Deserialize)]
struct Ready {
    url: String,
    org: Option<Org>,
}

/// The emulator's default org.
#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Org {
    pub client_id: String,
    pub client_secret: String,
    pub deployment_id: String,
}

/// A server that takes requests.
pub struct Server {
    pub process: Process,
    pub address: SocketAddr,
    org: Option<Org>,
}

impl Server {
    /// The emulator with its default world and journal, and without rate limits.
    pub fn emulator() -> Outcome<Self> {
        Self::ready(emulator(ANYWHERE))
    }

    /// The same with a scenario file that lies over the default world.
    pub fn emulator_with(scenario: &Path) -> Outcome<Self> {
        let mut command = emulator(ANYWHERE);
        command.arg("--scenario").arg(scenario);
        Self::ready(command)
    }

    /// The emulator with further flags.
    pub fn emulator_flags(flags: &[&str]) -> Outcome<Self> {
        let mut command = emulator(ANYWHERE);
        command.args(flags);
        Self::ready(command)
    }

    /// The bare server of TLS.
    pub fn bare_tls() -> Outcome<Self> {
        Self::ready(bare::tls::command(ANYWHERE)?)
    }

    /// The bare server with a document of so many bytes.
    pub fn bare(document: usize) -> Outcome<Self> {
        Self::ready(bare::command(ANYWHERE, document)?)
    }

    fn ready(mut command: Command) -> Outcome<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut process = Process(child);
        let out = process.0.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let ready: Ready = serde_json::from_str(&line)?;
        let address = ready.url.trim_start_matches("http://").parse()?;
        Ok(Self { process, address, org: ready.org })
    }

    /// The default org, which only the emulator has.
    pub fn org(&self) -> Outcome<&Org> {
        Ok(self.org.as_ref().ok_or("the emulator has no default org")?)
    }

    /// An access token of the default org's client.
    pub fn access_token(&self) -> Outcome<String> {
        let Org { client_id, client_secret, .. } = self.org()?;
        self.access_token_of(client_id, client_secret)
    }

    /// An access token of this client.
    pub fn access_token_of(&self, id: &str, secret: &str) -> Outcome<String> {
        #[derive(Deserialize)]
        struct Answer {
            access_token: String,
        }
        let answer = load::once(self.address, &token_form("/oauth/token", id, secret))?;
        Ok(serde_json::from_slice::<Answer>(&answer)?.access_token)
    }
}

/// The emulator, not started yet.
pub fn emulator(listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_genesys-emulator"));
    command.args(["serve", "--limits", "off", "--listen", listen]).env_clear();
    command
}

/// An address that was free a moment ago.
pub fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind(ANYWHERE)?.local_addr()?)
}

/// A request without a body.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").into_bytes()
}

/// A request with one.
pub fn post(path: &str, content_type: &str, headers: &str, body: &str) -> Vec<u8> {
    send("POST", path, &format!("Content-Type: {content_type}\r\n{headers}"), body)
}

/// A request with JSON.
pub fn json(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    send(method, path, &format!("Content-Type: application/json\r\n{headers}"), body)
}

/// Any request.
pub fn send(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
        .into_bytes()
}

/// The form that asks for an access token.
pub fn token_form(path: &str, id: &str, secret: &str) -> Vec<u8> {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    post(path, "application/x-www-form-urlencoded", "", &form)
}

/// The request for a guest token.
pub fn guest_request(access_token: &str) -> Vec<u8> {
    let bearer = format!("Authorization: Bearer {access_token}\r\n");
    let body = r#"{"name":"Ann","email":null,"customAttributes":{"plan":"gold"}}"#;
    post("/api/v2/webchat/guest", "application/json", &bearer, body)
}

/// The same for an org's client.
pub fn token_request(org: &Org) -> Vec<u8> {
    token_form("/oauth/token", &org.client_id, &org.client_secret)
}
