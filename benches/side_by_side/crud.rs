//! OAuth clients that are made, read, changed and taken away, beside JSON objects in a map: an application goes through
//! the four again and again on each of its connections.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use super::{
    Outcome, Plan,
    bare::things::THINGS,
    load::{CONNECTIONS, Connection, THREADS},
    server::{Server, get, json, send},
    table::{Row, Share},
};

/// Where the emulator has its OAuth clients.
const CLIENTS: &str = "/api/v2/oauth/clients";
/// What is made.
const MADE: &str = r#"{"name":"Nightly report","description":"Reads conversations","authorizedGrantType":"TOKEN","scope":["conversations","users"],"registeredRedirectUri":["http://localhost:3000/callback"],"accessTokenValiditySeconds":3600,"state":"active"}"#;
/// What it is changed to, so that it can be taken away.
const CHANGED: &str = r#"{"name":"Weekly report","description":"Reads conversations","authorizedGrantType":"TOKEN","scope":["conversations","users"],"registeredRedirectUri":["http://localhost:3000/callback"],"accessTokenValiditySeconds":3600,"state":"inactive"}"#;

/// Where things are kept, and how one gets there.
struct Place {
    address: SocketAddr,
    path: &'static str,
    headers: String,
}

/// How far a connection is with its thing.
#[derive(Clone)]
enum Step {
    Make,
    Read(String),
    Change(String),
    Remove(String),
}

impl Place {
    fn request(&self, step: &Step) -> Vec<u8> {
        let Self { path, headers, .. } = self;
        match step {
            Step::Make => json("POST", path, headers, MADE),
            Step::Read(id) => get(&format!("{path}/{id}"), headers),
            Step::Change(id) => json("PUT", &format!("{path}/{id}"), headers, CHANGED),
            Step::Remove(id) => send("DELETE", &format!("{path}/{id}"), headers, ""),
        }
    }
}

impl Step {
    /// What comes after this, which was answered so.
    fn next(self, answer: &[u8]) -> Outcome<Self> {
        Ok(match self {
            Self::Make => Self::Read(id(answer)?),
            Self::Read(id) => Self::Change(id),
            Self::Change(id) => Self::Remove(id),
            Self::Remove(_) => Self::Make,
        })
    }
}

fn id(answer: &[u8]) -> Outcome<String> {
    let text = std::str::from_utf8(answer)?;
    let id = text.split_once(r#""id":""#).and_then(|(_, rest)| rest.split_once('"'));
    Ok(id.ok_or_else(|| format!("there is no id in {text}"))?.0.to_owned())
}

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let (emulator, bare) = (Server::emulator()?, Server::bare(64)?);
    let headers = format!("Authorization: Bearer {}\r\n", emulator.access_token()?);
    let places = [
        Place { address: emulator.address, path: CLIENTS, headers: headers.clone() },
        Place { address: bare.address, path: THINGS, headers },
    ];
    let mut rates: [Vec<f64>; 2] = Default::default();
    for _ in 0..plan.rounds {
        for (place, rates) in places.iter().zip(&mut rates) {
            rates.push(saturate(place, plan.span)?);
        }
    }
    let what = "POST, GET, PUT and DELETE of an OAuth client".to_owned();
    Ok(vec![Row::of_rates(what, &rates, Share::HALF)])
}

/// Keeps a request under way on each connection. Answers how many answers came in a second.
fn saturate(place: &Place, span: Duration) -> Outcome<f64> {
    let results: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| go_round(place, span))).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut rate = 0.0;
    for result in results {
        rate += result.map_err(|_| "a thread of the load panicked")??;
    }
    Ok(rate)
}

/// Ends when everything that was made is taken away.
fn go_round(place: &Place, span: Duration) -> Outcome<f64> {
    let mut all = Vec::new();
    for _ in 0..CONNECTIONS / THREADS {
        let mut connection = Connection::open(place.address)?;
        connection.send(&place.request(&Step::Make))?;
        all.push((connection, Step::Make));
    }
    let begin = Instant::now();
    let mut answers = 0;
    while !all.is_empty() {
        let is_over = begin.elapsed() >= span;
        for (connection, step) in &mut all {
            *step = step.clone().next(connection.another()?)?;
            answers += 1;
            if !(is_over && matches!(step, Step::Make)) {
                connection.send(&place.request(step))?;
            }
        }
        all.retain(|(_, step)| !(is_over && matches!(step, Step::Make)));
    }
    Ok(f64::from(answers) / begin.elapsed().as_secs_f64())
}
