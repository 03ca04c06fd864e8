//! Not for users: what benches time in process, without a connection between, and what tests compare.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Empty};
use serde::Serialize;
use serde_json::Value;

use crate::{
    base::{clock::wall, document::Document, draw::Cause, time::Timestamp},
    builder::Builder,
    domain::{
        keyring::RingName,
        rotation::Rotation,
        visit::{Claimed, Surface},
    },
    emulator::{Emulator, StartError},
    faults::{fault::Phase, point::Point},
    jose::signer::{Forgery, Typ},
    journal::draft::{Draft, Keep},
    ops::{
        app::App,
        asked::Asked,
        cx::Cx,
        exchange::{self, Presented},
        guest_token, keys,
        org::Org,
    },
    web::{
        Web,
        hallway::{Peer, hallway},
    },
};

/// Plays every script of a scenario on emulators like this. Answers where the last one listened, and all that was said.
///
/// # Errors
/// When the scenario is not usable or the address is not to be had.
pub async fn transcript(scenario: &str, like: Builder) -> Result<(String, String), StartError> {
    crate::play::transcript::transcript(scenario, like).await
}

/// What a YAML text holds, for tests that are tables.
///
/// # Errors
/// With the place in the text.
pub fn yaml(text: &str) -> Result<Value, String> {
    Document::yaml(text).and_then(|document| document.read()).map_err(|wrong| wrong.to_string())
}

/// The default org of an emulator that listens.
pub struct Laboratory {
    app: Arc<App>,
    org: Arc<Org>,
    base: String,
    deployment: String,
}

/// The claims of an ID token that do for the default world.
#[derive(Serialize)]
struct IdToken<'a> {
    iss: String,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    nonce: &'a str,
}

impl Laboratory {
    /// Of an emulator with the default world.
    #[must_use]
    pub fn of(emulator: &Emulator) -> Option<Self> {
        let (app, base) = (Arc::clone(emulator.app()), emulator.url());
        let (org, deployment) = (app.default_org()?, emulator.deployment_id()?);
        Some(Self { app, org, base, deployment })
    }

    /// Asks for this path over and over for so long, without a connection. Answers how many requests a second; nothing, if
    /// one is not answered with 200.
    pub async fn answers(&self, path: &str, span: Duration) -> Option<f64> {
        let web = Web::new(Arc::clone(&self.app));
        let peer = Peer::nobody();
        let (begin, mut made) = (wall::instant(), 0_u32);
        while begin.elapsed() < span {
            for _ in 0..64 {
                let request = Request::get(path).header(header::HOST, "emulator.test");
                let request = request.body(Empty::<Bytes>::new()).ok()?;
                let answer = hallway(&web, &peer, request).await.ok().filter(|one| one.status() == 200)?;
                answer.into_body().collect().await.ok()?;
            }
            made += 64;
        }
        Some(f64::from(made) / begin.elapsed().as_secs_f64())
    }

    /// Keeps the entry of a request for this path over and over for so long, in a journal that is full after a while. Answers
    /// how many a second; nothing, if the request is not answered.
    pub async fn entries(&self, path: &str, span: Duration) -> Option<f64> {
        let web = Web::new(Arc::clone(&self.app));
        let peer = Peer::nobody();
        let request = Request::get(path).header(header::HOST, "emulator.test");
        let (asked, ()) = request.body(()).ok()?.into_parts();
        let request = Request::from_parts(asked.clone(), Empty::<Bytes>::new());
        let (answer, body) = hallway(&web, &peer, request).await.ok()?.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        let (begin, mut made) = (wall::instant(), 0_u32);
        while begin.elapsed() < span {
            for _ in 0..64 {
                self.org.cell(|cell| {
                    let (buffer, at) = (cell.journal.buffer(), (Cause::default(), Timestamp::default()));
                    let (path, query) = (asked.uri.path(), asked.uri.query());
                    let method = asked.method.clone();
                    let mut draft =
                        Draft::request(buffer, at, Surface::Cdn, method, (path, query), &asked.headers, b"");
                    draft.claims(&Claimed::default());
                    draft.answer(answer.status.as_u16(), &answer.headers, &body, Keep::Text);
                    cell.keep(draft.close(0, false));
                });
                self.app.trim_journals();
            }
            made += 64;
        }
        Some(f64::from(made) / begin.elapsed().as_secs_f64())
    }

    /// Asks what faults make of a request at every place that one can come by, over and over for so long. The first of them
    /// is asked under a lock that a request has taken anyway, so taking it is not counted. Answers for how many requests a
    /// second.
    #[must_use]
    pub fn askings(&self, span: Duration) -> f64 {
        let cx = self.visit();
        let places = [
            (Point::Request, Phase::Commit),
            (Point::Upgrade, Phase::Before),
            (Point::Scope, Phase::Before),
            (Point::Permission, Phase::Before),
            (Point::Token, Phase::Before),
        ];
        let (begin, mut made) = (wall::instant(), 0_u32);
        while begin.elapsed() < span {
            self.org.cell(|cell| {
                for _ in 0..64 {
                    std::hint::black_box(std::hint::black_box(&cell.faults).is_empty());
                }
            });
            for _ in 0..64 {
                for (at, phase) in places {
                    std::hint::black_box(cx.ask(at, phase, "", None));
                }
            }
            made += 64;
        }
        f64::from(made) / begin.elapsed().as_secs_f64()
    }

    fn visit(&self) -> Cx {
        let asked = Asked {
            surface: Surface::Api,
            method: &Method::POST,
            path: "/",
            query: None,
            headers: &HeaderMap::new(),
            body: &Bytes::new(),
            claimed: Claimed::default(),
            base: self.base.clone(),
            fault: None,
            exempt: false,
        };
        Cx::begin(&self.app, &self.org, asked).0
    }

    /// Verifies a guest token over and over for so long. Answers how many a second; nothing, if it is not good.
    pub async fn verifications(&self, token: &str, span: Duration) -> Option<f64> {
        let cx = self.visit();
        let (begin, mut made) = (wall::instant(), 0_u32);
        while begin.elapsed() < span {
            for _ in 0..64 {
                guest_token::verify(&cx, token, false).await.ok()?;
            }
            made += 64;
        }
        Some(f64::from(made) / begin.elapsed().as_secs_f64())
    }

    /// An ID token of Alice's with this nonce, by the provider `main`.
    pub async fn id_token(&self, nonce: &str) -> Option<String> {
        let ring = RingName::Idp("main".to_owned());
        let key = self.org.state(|state| state.ring(&ring).map(|keys| keys.signing().clone()))?;
        let now = self.org.token_time(self.org.clock.now()).seconds();
        let iss = format!("{}/idp/main", self.base);
        let claims = IdToken { iss, sub: "user-alice", aud: "messenger", iat: now, exp: now + 3600, nonce };
        let source = keys::source(&self.org, &ring, &key);
        let payload = serde_json::to_vec(&claims).ok()?;
        self.app.signer.sign(source, (Typ::Jwt, key.kid), payload, Forgery::None).await.ok()
    }

    /// Exchanges such a token.
    ///
    /// # Errors
    /// When it is refused; in words.
    pub async fn exchange(&self, id_token: String, nonce: &str) -> Result<(), String> {
        let presented = Presented {
            deployment: Some(self.deployment.clone()),
            id_token: Some(id_token),
            nonce: Some(nonce.to_owned()),
            ..Presented::default()
        };
        exchange::exchange(&self.visit(), &presented).await.map_err(|error| error.to_string()).map(drop)
    }

    /// Rotates the platform's key. Answers how long that took.
    #[must_use]
    pub fn rotate(&self) -> Duration {
        let now = self.org.clock.now();
        let begin: Instant = wall::instant();
        let _ = keys::rotate(&self.app, &self.org, &RingName::Platform, Rotation::default(), now);
        begin.elapsed()
    }
}
