//! Tokens in process: how much a verification costs beside the bare signature, and an exchange beside its two.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use genesys_emulator::{Emulator, laboratory::Laboratory};
use tokio::task::JoinSet;

use super::{
    Outcome, Plan,
    load::once,
    median,
    server::{guest_request, token_form},
    table::Row,
};

/// What verifications have to reach of the library's.
const SHARE: f64 = 0.7;
/// What an exchange may cost of one verification and one signature, in time that threads run: how long one takes to wake
/// up is not of it.
const DEAREST: f64 = 1.5;
/// Exchanges under way at a time.
const UNDER_WAY: usize = 16;
/// What a rotation may take, in milliseconds.
const LONGEST: f64 = 1.0;
/// Exchanges in one round.
const EXCHANGES: usize = 200;
/// Rotations within the committed pool.
const ROTATIONS: usize = 12;

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measured(plan))
}

async fn measured(plan: &Plan) -> Outcome<Vec<Row>> {
    let emulator = Emulator::builder().limits(false).start().await?;
    let laboratory = Arc::new(Laboratory::of(&emulator).ok_or("the default world has an org")?);
    let guest = guest_token(&emulator)?;
    let mut library = Library::new(&guest)?;
    // the documents of the provider are fetched once and kept
    exchanged(&laboratory, "first", 1).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut exchanges, mut signatures) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        theirs.push(library.verifications(plan.span)?);
        ours.push(laboratory.verifications(&guest, plan.span).await.ok_or("the guest token is refused")?);
        signatures.push(library.signature()?);
        let took = exchanged(&laboratory, &round.to_string(), EXCHANGES).await?;
        exchanges.push(millis(took) / EXCHANGES as f64);
    }
    let (ours, theirs) = (median(&ours), median(&theirs));
    let (exchange, bare) = (median(&exchanges), median(&signatures) + 1e3 / theirs);
    let rotations: Vec<f64> = (0..ROTATIONS).map(|_| millis(laboratory.rotate())).collect();
    let rotation = median(&rotations);
    Ok(vec![
        Row {
            what: "guest JWTs verified on one core, in process".to_owned(),
            emulator: format!("{ours:.0}/s"),
            beside: format!("aws-lc-rs {theirs:.0}/s"),
            figure: format!("{:.2} x", ours / theirs),
            goal: ">= 0.7 x aws-lc-rs",
            met: ours >= SHARE * theirs,
        },
        Row {
            what: "an exchange with a cached key set, in process, time of all threads".to_owned(),
            emulator: format!("{exchange:.3} ms"),
            beside: format!("verifying and signing {bare:.3} ms"),
            figure: format!("{:.2} x", exchange / bare),
            goal: "<= 1.5 x its signatures",
            met: exchange <= DEAREST * bare,
        },
        Row {
            what: "a rotation, in process, p50".to_owned(),
            emulator: format!("{rotation:.3} ms"),
            beside: String::new(),
            figure: format!("{rotation:.3} ms"),
            goal: "<= 1 ms",
            met: rotation <= LONGEST,
        },
    ])
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}

/// How long all threads of this process have run.
fn run() -> Outcome<Duration> {
    let mut nanos = 0;
    for thread in fs::read_dir("/proc/self/task")? {
        // one that has just ended is not there any more
        let Ok(text) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        nanos += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}

/// How long threads ran for so many exchanges; their ID tokens are there before.
async fn exchanged(laboratory: &Arc<Laboratory>, name: &str, count: usize) -> Outcome<Duration> {
    let mut waiting = Vec::with_capacity(count);
    for nth in 0..count {
        let nonce = format!("{name}-{nth}");
        waiting.push((laboratory.id_token(&nonce).await.ok_or("no ID token could be made")?, nonce));
    }
    let begin = run()?;
    let mut under_way = JoinSet::new();
    for (token, nonce) in waiting {
        if under_way.len() == UNDER_WAY {
            under_way.join_next().await.ok_or("an exchange is lost")???;
        }
        let laboratory = Arc::clone(laboratory);
        under_way.spawn(async move { laboratory.exchange(token, &nonce).await });
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(run()?.saturating_sub(begin))
}

fn guest_token(emulator: &Emulator) -> Outcome<String> {
    let (id, secret) = emulator.client().ok_or("the default world has a client")?;
    let token = |answer: Vec<u8>| -> Outcome<String> {
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        Ok(answer["access_token"].as_str().ok_or("no token came")?.to_owned())
    };
    let access = token(once(emulator.address(), &token_form("/oauth/token", &id, &secret))?)?;
    token(once(emulator.address(), &guest_request(&access))?)
}

/// What the library does by itself, with a key of its own, on the bytes of a guest token.
struct Library {
    pair: KeyPair,
    public: ParsedPublicKey,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl Library {
    fn new(token: &str) -> Outcome<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| "no key could be made")?;
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref())
            .map_err(|_| "the key is none")?;
        let (signed, _) = token.rsplit_once('.').ok_or("a guest token is a JWT")?;
        let mut library =
            Self { signature: vec![0; pair.public_modulus_len()], pair, public, signed: signed.into() };
        library.sign()?;
        Ok(library)
    }

    fn sign(&mut self) -> Outcome<()> {
        let done = self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &self.signed, &mut self.signature);
        Ok(done.map_err(|_| "no signature could be made")?)
    }

    /// Verifications a second, with a key that is parsed already.
    fn verifications(&self, span: Duration) -> Outcome<f64> {
        let (begin, mut made) = (Instant::now(), 0_u32);
        while begin.elapsed() < span {
            for _ in 0..64 {
                self.public
                    .verify_sig(&self.signed, &self.signature)
                    .map_err(|_| "the signature is not good")?;
            }
            made += 64;
        }
        Ok(f64::from(made) / begin.elapsed().as_secs_f64())
    }

    /// How long a signature takes, in milliseconds.
    fn signature(&mut self) -> Outcome<f64> {
        let mut took = Vec::with_capacity(EXCHANGES);
        for _ in 0..EXCHANGES {
            let begin = Instant::now();
            self.sign()?;
            took.push(millis(begin.elapsed()));
        }
        Ok(median(&took))
    }
}
