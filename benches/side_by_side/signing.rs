//! Guest tokens a second, beside the signatures that a core can make; and who has to wait for them.

use std::{
    process::Command,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::RSA_PKCS1_SHA256,
};

use super::{
    Outcome, Plan,
    load::{Until, paced, saturate},
    median,
    server::{Server, get, post},
    table::Row,
};

/// What guest tokens have to reach of the signatures that all cores can make.
const SHARE: f64 = 0.6;
/// What a cheap GET may take meanwhile, in milliseconds.
const WAIT: f64 = 0.3;
/// Cheap GETs a second.
const PACE: u32 = 500;

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let emulator = Server::emulator()?;
    let bearer = format!("Authorization: Bearer {}\r\n", emulator.access_token()?);
    let body = r#"{"name":"Ann","email":null,"customAttributes":{"plan":"gold"}}"#;
    let guest = [post("/api/v2/webchat/guest", "application/json", &bearer, body)];
    let cheap = get("/api/v2/oauth/publickey", "");
    let until = Until::Passed(plan.span);
    let rsa = Rsa::find()?;
    let (mut tokens, mut signatures, mut waits) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        signatures.push(rsa.per_second()?);
        tokens.push(saturate(emulator.address, &guest, until)?);
        let done = AtomicBool::new(false);
        let took = thread::scope(|scope| {
            let probe = scope.spawn(|| paced(emulator.address, &cheap, PACE, &done));
            let loaded = saturate(emulator.address, &guest, until);
            done.store(true, Relaxed);
            loaded?;
            probe.join().map_err(|_| "the probe panicked")?
        })?;
        waits.push(median(&took).as_secs_f64() * 1e3);
    }
    let cores = thread::available_parallelism()?.get() as f64;
    let (tokens, signatures, wait) = (median(&tokens), cores * median(&signatures), median(&waits));
    Ok(vec![
        Row {
            what: "POST /api/v2/webchat/guest, RS256".to_owned(),
            emulator: format!("{tokens:.0}/s"),
            beside: format!("{signatures:.0} signatures/s ({cores} cores, {})", rsa.name()),
            figure: format!("{:.2} x", tokens / signatures),
            goal: ">= 0.6 x signatures",
            met: tokens >= SHARE * signatures,
        },
        Row {
            what: format!("GET publickey at {PACE}/s meanwhile, p50"),
            emulator: format!("{wait:.3} ms"),
            beside: String::new(),
            figure: format!("{wait:.3} ms"),
            goal: "<= 0.3 ms",
            met: wait <= WAIT,
        },
    ])
}

/// What one core can do.
enum Rsa {
    /// By the command line tool.
    OpenSsl,
    /// By the library that the emulator signs with.
    AwsLc(Box<KeyPair>),
}

impl Rsa {
    fn find() -> Outcome<Self> {
        let there = Command::new("openssl").arg("version").output();
        if there.is_ok_and(|output| output.status.success()) {
            return Ok(Self::OpenSsl);
        }
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| "no key could be made")?;
        Ok(Self::AwsLc(Box::new(pair)))
    }

    fn name(&self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl speed",
            Self::AwsLc(_) => "aws-lc-rs, as openssl is not there",
        }
    }

    fn per_second(&self) -> Outcome<f64> {
        match self {
            Self::OpenSsl => openssl(),
            Self::AwsLc(pair) => aws_lc(pair),
        }
    }
}

/// The first column that is a rate, not a time: `rsa 2048 bits 0.000223s 0.000013s   4479.0  75011.0`.
fn openssl() -> Outcome<f64> {
    let output = Command::new("openssl").args(["speed", "-seconds", "1", "rsa2048"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().rfind(|line| line.trim_start().starts_with("rsa"));
    let columns = line.and_then(|line| line.split_once("bits")).map(|(_, columns)| columns);
    let rate = columns.and_then(|columns| columns.split_whitespace().find_map(|one| one.parse().ok()));
    Ok(rate.ok_or("openssl speed did not say how many signatures it made")?)
}

fn aws_lc(pair: &KeyPair) -> Outcome<f64> {
    let random = SystemRandom::new();
    let mut signature = vec![0; pair.public_modulus_len()];
    let mut sign = || {
        pair.sign(&RSA_PKCS1_SHA256, &random, &[7; 420], &mut signature)
            .map_err(|_| "no signature could be made")
    };
    sign()?;
    let (begin, mut made) = (Instant::now(), 0);
    while begin.elapsed() < Duration::from_secs(1) {
        sign()?;
        made += 1;
    }
    Ok(f64::from(made) / begin.elapsed().as_secs_f64())
}
