//! How long it takes until the last of a thousand sockets has heard of something, beside a bare broadcast.

use std::{
    fmt::Write,
    net::SocketAddr,
    time::{Duration, Instant},
};

use super::{
    super::{
        Outcome, Plan, bare,
        load::Connection,
        median,
        server::{Server, json},
        table::Row,
    },
    client::{self, Client, masked},
    fan_out::p90,
    raise_open_files,
};

/// Who hears of it: so many applications with so many channels each.
const APPLICATIONS: usize = 50;
const CHANNELS: usize = 20;
const SOCKETS: usize = APPLICATIONS * CHANNELS;
/// Whose presence changes.
const USER: &str = "00000000-0000-4000-8000-0000000000bb";

/// Sockets that all hear of the same things, and what lets these happen.
struct Audience<S> {
    sockets: Vec<Client>,
    bytes: usize,
    speaker: S,
}

impl<S: FnMut() -> Outcome<()>> Audience<S> {
    /// Lets one thing happen, and waits until everybody has heard of it.
    fn tell(&mut self) -> Outcome<Duration> {
        let begin = Instant::now();
        (self.speaker)()?;
        for socket in &mut self.sockets {
            socket.read_event(self.bytes)?;
        }
        Ok(begin.elapsed())
    }

    fn waits(&mut self, span: Duration) -> Outcome<f64> {
        let begin = Instant::now();
        let mut waits = Vec::new();
        while begin.elapsed() < span {
            waits.push(self.tell()?);
        }
        Ok(p90(waits))
    }
}

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    raise_open_files(2 * SOCKETS)?;
    let (emulator, bare) = (emulator()?, Server::bare(64)?);
    let mut sockets = listening(&emulator)?;
    let token = emulator.access_token()?;
    let mut speaker = presence(emulator.address, &token)?;
    speaker()?;
    let mut bytes = 0;
    for socket in &mut sockets {
        bytes = socket.read()?.len();
    }
    let mut ours = Audience { sockets, bytes, speaker };
    let path = bare::sockets::room(0, bytes);
    let sockets = client::open(0..SOCKETS, |_| Client::upgrade(bare.address, &path))?;
    let mut speaker = Client::upgrade(bare.address, &path)?;
    let frame = masked("now")?;
    let mut theirs = Audience {
        sockets,
        bytes,
        speaker: || {
            speaker.send(&frame)?;
            speaker.read_exactly(bytes)
        },
    };
    let mut waits: [Vec<f64>; 2] = Default::default();
    for _ in 0..plan.rounds {
        waits[0].push(ours.waits(plan.span)?);
        waits[1].push(theirs.waits(plan.span)?);
    }
    let [ours, theirs] = waits.map(|waits| median(&waits));
    Ok(vec![Row {
        what: format!("a notification of {bytes} bytes to {SOCKETS} channels, the last receipt, p90"),
        emulator: format!("{ours:.2} ms"),
        beside: format!("bare {theirs:.2} ms"),
        figure: format!("{:.2} x", ours / theirs),
        goal: "<= 3 x bare",
        met: ours <= 3.0 * theirs,
    }])
}

/// The default world with so many applications more.
fn emulator() -> Outcome<Server> {
    let mut clients = String::new();
    for nth in 0..APPLICATIONS {
        write!(
            clients,
            "app{nth}: {{ id: app{nth}, secret: app{nth}, scopes: ['*'], permissions: ['*'] }}, "
        )?;
    }
    let scenario = tempfile::NamedTempFile::with_suffix(".yaml")?;
    std::fs::write(scenario.path(), format!("world: {{ orgs: [ {{ clients: {{ {clients} }} }} ] }}\n"))?;
    Server::emulator_with(scenario.path())
}

/// The sockets of all channels, each subscribed to the presence of one user.
fn listening(emulator: &Server) -> Outcome<Vec<Client>> {
    let topics = format!(r#"[{{"id":"v2.users.{USER}.presence"}}]"#);
    let mut paths = Vec::new();
    for nth in 0..APPLICATIONS {
        let name = format!("app{nth}");
        let bearer = format!("Authorization: Bearer {}\r\n", emulator.access_token_of(&name, &name)?);
        let mut connection = Connection::open(emulator.address)?;
        for _ in 0..CHANNELS {
            let made = json("POST", "/api/v2/notifications/channels", &bearer, "");
            connection.send(&made)?;
            let made: serde_json::Value = serde_json::from_slice(connection.another()?)?;
            let id = made["id"].as_str().ok_or("a channel without an id")?.to_owned();
            let path = format!("/api/v2/notifications/channels/{id}/subscriptions");
            connection.send(&json("PUT", &path, &bearer, &topics))?;
            connection.another()?;
            paths.push(format!("/channels/{id}"));
        }
    }
    client::open(0..SOCKETS, |nth| Client::upgrade(emulator.address, &paths[nth]))
}

/// Changes the presence of the user, so that it is always another one and spelled as long.
fn presence(address: SocketAddr, token: &str) -> Outcome<impl FnMut() -> Outcome<()>> {
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let path = format!("/api/v2/users/{USER}/presences/purecloud");
    let change = |word: &str| {
        let body = format!(r#"{{"presenceDefinition":{{"systemPresence":"{word}"}}}}"#);
        json("PATCH", &path, &bearer, &body)
    };
    let mut connection = Connection::open(address)?;
    let mut changes = [change("BUSY"), change("AWAY")].into_iter().cycle();
    Ok(move || {
        connection.send(&changes.next().unwrap_or_default())?;
        connection.another()?;
        Ok(())
    })
}
