//! Compact JWS (RFC 7515), made on threads of their own from key pairs that are parsed once.
//!
//! `jsonwebtoken` parses the key for every signature, which costs more than half of the rate; and an emulator has
//! to sign wrongly on request. Signing on the async threads would make every other request wait for it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, OnceLock,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
};

use aws_lc_rs::hmac;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use super::keygen::{self, BadKey, Key, Source};
use crate::{base::codec::base64url, domain::keyring::UNKNOWN_KID};

/// Jobs waiting for a thread; more make their callers wait.
const QUEUE: usize = 1024;
/// Keys waiting to be made ready; what is more is made when it is needed.
const AHEAD: usize = 4;
/// Seeded keys kept; the pool's are kept for good.
const SEEDED_KEPT: usize = 64;

/// How a token is to be wrong, as far as its signature is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Forgery {
    /// Not at all.
    #[default]
    None,
    /// The last bytes of the signature are others.
    BadSignature,
    /// The header names a key that nobody has.
    KidUnknown,
    /// `alg` is `none` and there is no signature.
    AlgNone,
    /// `alg` is `HS256` and the shared secret is what everybody knows: the public key's PEM.
    Hs256Confusion,
    /// The text ends in the middle of the claims.
    Truncated,
}

/// `typ` of a token (RFC 7515 section 4.1.9).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Typ {
    /// `JWT`.
    Jwt,
    /// An access token, `at+jwt` (RFC 9068 section 2.1).
    AccessToken,
}

impl Typ {
    /// Its text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jwt => "JWT",
            Self::AccessToken => "at+jwt",
        }
    }
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key could not be used.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The library refused.
    #[error("the signature failed")]
    Sign,
    /// The emulator is stopping.
    #[error("the signing threads have stopped")]
    Stopped,
}

type Work = Box<dyn FnOnce(&Keys) + Send>;

/// Keys that were parsed already, shared by all threads.
#[derive(Default)]
struct Keys {
    pool: [OnceLock<Arc<Key>>; 16],
    seeded: Mutex<BTreeMap<Source, Arc<Key>>>,
}

impl Keys {
    fn kept(&self, source: Source) -> Option<Arc<Key>> {
        match source {
            Source::Pool(place) => self.pool[place].get().cloned(),
            _ => self.seeded.lock().get(&source).cloned(),
        }
    }

    fn get(&self, source: Source) -> Result<Arc<Key>, BadKey> {
        if let Some(key) = self.kept(source) {
            return Ok(key);
        }
        let key = Arc::new(keygen::load(source)?);
        match source {
            Source::Pool(place) => Ok(Arc::clone(self.pool[place].get_or_init(|| key))),
            _ => {
                let mut seeded = self.seeded.lock();
                if seeded.len() == SEEDED_KEPT {
                    seeded.pop_first();
                }
                Ok(Arc::clone(seeded.entry(source).or_insert(key)))
            }
        }
    }
}

/// The signing threads; they end when this is dropped.
pub struct Signer {
    keys: Arc<Keys>,
    queue: mpsc::Sender<Work>,
    makers: OnceLock<SyncSender<Source>>,
}

impl Signer {
    /// Starts one thread a core, of low priority. They do nothing before the first job.
    pub fn start() -> Self {
        let (queue, jobs) = mpsc::channel::<Work>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let keys = Arc::new(Keys::default());
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let (jobs, keys) = (Arc::clone(&jobs), Arc::clone(&keys));
            let run = move || {
                be_nice();
                loop {
                    let job = jobs.lock().blocking_recv();
                    let Some(job) = job else { return };
                    job(&keys);
                }
            };
            if let Err(error) = thread::Builder::new().name("signer".into()).spawn(run) {
                tracing::warn!(%error, "a signing thread could not be started");
            }
        }
        Self { keys, queue, makers: OnceLock::new() }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Keys) -> Result<T, SignError> + Send + 'static,
    ) -> Result<T, SignError> {
        let (reply, answer) = oneshot::channel();
        let job: Work = Box::new(move |keys| drop(reply.send(work(keys))));
        self.queue.send(job).await.map_err(|_| SignError::Stopped)?;
        answer.await.map_err(|_| SignError::Stopped)?
    }

    /// The key of this source, without waiting behind signatures if it was needed before.
    pub async fn key(&self, source: Source) -> Result<Arc<Key>, SignError> {
        match self.keys.kept(source) {
            Some(key) => Ok(key),
            None => self.run(move |keys| Ok(keys.get(source)?)).await,
        }
    }

    /// A compact JWS over `claims` (JSON).
    pub async fn sign(
        &self,
        source: Source,
        (typ, kid): (Typ, Option<String>),
        claims: Vec<u8>,
        forgery: Forgery,
    ) -> Result<String, SignError> {
        self.run(move |keys| compact(typ, &With::Key(&*keys.get(source)?, kid.as_deref()), &claims, forgery))
            .await
    }

    /// Makes keys ready that will be needed soon, on a thread of its own: one that comes from a seed takes a tenth of a
    /// second or more. Does not wait.
    pub fn prepare(&self, sources: impl IntoIterator<Item = Source>) {
        for source in sources {
            if self.keys.kept(source).is_none() {
                // with so many waiting already, it will be made when it is needed
                let _ = self.makers.get_or_init(|| self.start_maker()).try_send(source);
            }
        }
    }

    fn start_maker(&self) -> SyncSender<Source> {
        let (queue, wanted) = sync_channel(AHEAD);
        let keys = Arc::clone(&self.keys);
        let run = move || {
            be_nice();
            for source in wanted {
                if let Err(error) = keys.get(source) {
                    tracing::warn!(%error, "making a key ready");
                }
            }
        };
        if let Err(error) = thread::Builder::new().name("key maker".into()).spawn(run) {
            tracing::warn!(%error, "the thread that makes keys ready could not be started");
        }
        queue
    }

    /// Loads this key and makes one signature nobody needs, so that the first real one is quick.
    pub async fn warm(&self, source: Source) {
        if let Err(error) = self.sign(source, (Typ::Jwt, None), Vec::new(), Forgery::None).await {
            tracing::debug!(%error, "warming up the signing threads");
        }
    }
}

/// A compact JWS over `claims` (JSON) by a secret that both sides know: HS256. That is quick, so it is done here.
pub fn sign_by_secret(secret: &str, claims: &[u8], forgery: Forgery) -> Result<String, SignError> {
    compact(Typ::Jwt, &With::Secret(secret), claims, forgery)
}

/// What a token is signed with.
enum With<'a> {
    /// A key and its `kid`, if it has one.
    Key(&'a Key, Option<&'a str>),
    /// A shared secret.
    Secret(&'a str),
}

impl With<'_> {
    fn alg(&self) -> &'static str {
        match self {
            Self::Key(key, _) => key.alg(),
            Self::Secret(_) => "HS256",
        }
    }

    fn kid(&self) -> Option<&str> {
        match self {
            Self::Key(_, kid) => *kid,
            Self::Secret(_) => None,
        }
    }

    /// What everybody knows of it; nothing, of a secret.
    fn public(&self) -> &str {
        match self {
            Self::Key(key, _) => &key.public_pem,
            Self::Secret(_) => "",
        }
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        match self {
            Self::Key(key, _) => key.sign(bytes).ok_or(SignError::Sign),
            Self::Secret(secret) => Ok(hs256(secret, bytes)),
        }
    }
}

fn hs256(secret: &str, bytes: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), bytes).as_ref().to_vec()
}

fn compact(typ: Typ, with: &With<'_>, claims: &[u8], forgery: Forgery) -> Result<String, SignError> {
    let typ = typ.as_str();
    let alg = match forgery {
        Forgery::AlgNone => "none",
        Forgery::Hs256Confusion => "HS256",
        _ => with.alg(),
    };
    let kid = if forgery == Forgery::KidUnknown { Some(UNKNOWN_KID) } else { with.kid() };
    let header = match kid {
        Some(kid) => format!(r#"{{"alg":"{alg}","typ":"{typ}","kid":"{kid}"}}"#),
        None => format!(r#"{{"alg":"{alg}","typ":"{typ}"}}"#),
    };
    let mut token = base64url(header.as_bytes());
    token.push('.');
    token.push_str(&base64url(claims));
    if forgery == Forgery::Truncated {
        let begin = token.find('.').unwrap_or_default();
        token.truncate(begin + (token.len() - begin) / 2);
        return Ok(token);
    }
    let signature = match forgery {
        Forgery::AlgNone => Vec::new(),
        Forgery::Hs256Confusion => hs256(with.public(), token.as_bytes()),
        Forgery::BadSignature => spoiled(with.sign(token.as_bytes())?),
        Forgery::None | Forgery::KidUnknown | Forgery::Truncated => with.sign(token.as_bytes())?,
    };
    token.push('.');
    token.push_str(&base64url(&signature));
    Ok(token)
}

fn spoiled(mut signature: Vec<u8>) -> Vec<u8> {
    for byte in signature.iter_mut().rev().take(4) {
        *byte ^= 0x5a;
    }
    signature
}

/// On Linux a priority belongs to the thread; elsewhere it would be the whole process's.
fn be_nice() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 10) {
        tracing::debug!(%error, "the signing threads keep normal priority");
    }
}
