//! What faults can do, one file an effect. The name of the file, of the type and in a scenario is the same word.

pub mod bandwidth;
pub mod claims;
pub mod close_connection;
pub mod close_socket;
pub mod content_type;
pub mod corrupt_frame;
pub mod corrupt_upgrade;
pub mod delay;
pub mod deny_cors;
pub mod deny_permission;
pub mod deny_scope;
pub mod dribble;
pub mod drop_frame;
pub mod drop_subprotocol;
pub mod duplicate_delivery;
pub mod duplicate_frame;
pub mod error_frame;
pub mod evict;
pub mod expire_session;
pub mod expired_certificate;
pub mod fragment_frame;
pub mod garbage;
pub mod half_open;
pub mod hang_upgrade;
pub mod invalid_json;
pub mod limit_connections;
pub mod lose_ack;
pub mod lose_response;
pub mod malformed_chunk;
pub mod missing_field;
pub mod nonce;
pub mod oversize_frame;
pub mod quota;
pub mod rate_limit;
pub mod refuse_connection;
pub mod refuse_handshake;
pub mod reorder_frames;
pub mod reset;
pub mod reset_handshake;
pub mod respond;
pub mod rotate_keys;
pub mod set_headers;
pub mod skew_date;
pub mod slow_close;
pub mod slow_handshake;
pub mod stale_read;
pub mod stall;
pub mod stop_pong;
pub mod stop_reading;
pub mod truncate;
pub mod truncate_frame;
pub mod unknown_enum;
pub mod untrusted_certificate;
pub mod wrong_host;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

use super::{
    alias,
    point::{Facts, Point},
    verdict::Verdict,
    when::When,
};
use crate::{
    base::{draw::DrawKey, ids::FaultId, table::Table},
    domain::{quota::Bucket, visit::Way},
};

/// What an effect may ask when it bites.
pub struct Ask<'a> {
    /// The request or frame.
    pub facts: &'a Facts<'a>,
    /// The org's draws.
    pub draws: &'a DrawKey,
    /// The fault.
    pub fault: &'a FaultId,
    /// The how-manieth match of its client this is.
    pub nth: u64,
    /// What callers have used of the fault's limit.
    pub buckets: &'a mut Table<String, Bucket>,
}

impl Ask<'_> {
    /// A fraction in 0..1: a hash of seed, fault, client, the client's n-th match and the label.
    pub fn draw(&self, label: &str) -> f64 {
        let client = self.facts.claimed.client.as_ref().map_or("", |client| client.as_str());
        self.draws.named(&["fault", self.fault.as_str(), client, label], self.nth).unit()
    }

    /// Thirty-two bytes of the same, the `index`-th.
    pub fn bytes(&self, label: &str, index: u64) -> [u8; 32] {
        let client = self.facts.claimed.client.as_ref().map_or("", |client| client.as_str());
        let nth = self.nth.to_string();
        *self.draws.named(&["fault", self.fault.as_str(), client, label, &nth], index).bytes()
    }
}

/// What faults of certificates decide alone.
const WHAT_IS_SHOWN: &str = "which certificate is shown";

/// What every effect can say about itself.
pub trait Power {
    /// Where it bites.
    fn point(&self, when: &When) -> Point;

    /// The way of the frames that it can be about, if it is only one. A fault that says nothing about the direction
    /// is then about those.
    fn only(&self) -> Option<Way> {
        None
    }

    /// Has it a phase `commit`?
    fn may_follow(&self) -> bool {
        false
    }

    /// Which of its options cannot be meant.
    fn check(&self, _when: &When) -> Result<(), String> {
        Ok(())
    }

    /// Is this something that it is about at all? What it is not about does not count.
    fn concerns(&self, _facts: &Facts<'_>) -> bool {
        true
    }

    /// Does it always end what it bites, so that no fault behind it is asked?
    fn ends(&self) -> bool {
        false
    }

    /// What it decides alone: of two faults that decide it, one would be for nothing.
    fn decides(&self) -> Option<String> {
        None
    }

    /// What it makes happen; `None` when it looked and does not bite after all.
    fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict>;
}

macro_rules! effects {
    ($($name:ident $type:ident)*; $($alias:ident $written:literal $shape:ident)*) => {
        /// An effect with its options. Written as a map whose one key is the effect's name.
        #[derive(Clone, PartialEq, Debug, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Effect {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $type($name::$type),)*
        }

        impl Effect {
            /// Its name.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$type(_) => stringify!($name),)* }
            }

            fn power(&self) -> &dyn Power {
                match self { $(Self::$type(effect) => effect,)* }
            }
        }

        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, expecting = "one effect by name, with its options, such as `reset: {}`")]
        struct EffectShape {
            $($name: Option<$name::$type>,)*
            $(#[serde(rename = $written)] $alias: Option<alias::$shape>,)*
        }

        impl EffectShape {
            fn effects(self) -> Result<Vec<Effect>, String> {
                let mut effects = Vec::new();
                $(effects.extend(self.$name.map(Effect::$type));)*
                $(effects.extend(self.$alias.map(alias::effect).transpose()?);)*
                Result::Ok(effects)
            }
        }

        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct StepShape {
            ok: Option<Ok>,
            times: Option<u32>,
            $($name: Option<$name::$type>,)*
            $(#[serde(rename = $written)] $alias: Option<alias::$shape>,)*
        }

        impl StepShape {
            fn effects(&mut self) -> Result<Vec<Effect>, String> {
                let mut effects = Vec::new();
                $(effects.extend(self.$name.take().map(Effect::$type));)*
                $(effects.extend(self.$alias.take().map(alias::effect).transpose()?);)*
                Result::Ok(effects)
            }
        }
    };
}

effects! {
    respond Respond
    rate_limit RateLimit
    quota Quota
    limit_connections LimitConnections
    delay Delay
    refuse_connection RefuseConnection
    reset Reset
    lose_response LoseResponse
    close_connection CloseConnection
    slow_close SlowClose
    half_open HalfOpen
    truncate Truncate
    stall Stall
    dribble Dribble
    bandwidth Bandwidth
    malformed_chunk MalformedChunk
    garbage Garbage
    content_type ContentType
    invalid_json InvalidJson
    missing_field MissingField
    unknown_enum UnknownEnum
    stale_read StaleRead
    deny_cors DenyCors
    duplicate_delivery DuplicateDelivery
    deny_scope DenyScope
    deny_permission DenyPermission
    claims Claims
    nonce Nonce
    rotate_keys RotateKeys
    set_headers SetHeaders
    skew_date SkewDate
    close_socket CloseSocket
    drop_frame DropFrame
    duplicate_frame DuplicateFrame
    reorder_frames ReorderFrames
    truncate_frame TruncateFrame
    fragment_frame FragmentFrame
    corrupt_frame CorruptFrame
    oversize_frame OversizeFrame
    error_frame ErrorFrame
    lose_ack LoseAck
    expire_session ExpireSession
    evict Evict
    stop_pong StopPong
    stop_reading StopReading
    hang_upgrade HangUpgrade
    drop_subprotocol DropSubprotocol
    corrupt_upgrade CorruptUpgrade
    refuse_handshake RefuseHandshake
    slow_handshake SlowHandshake
    reset_handshake ResetHandshake
    expired_certificate ExpiredCertificate
    wrong_host WrongHost
    untrusted_certificate UntrustedCertificate;
    latency "latency" Latency
    timeout "timeout" Timeout
    reset_peer "reset_peer" ResetPeer
    down "down" Down
    fault "fault" Fault
    fixed_delay "fixedDelayMilliseconds" FixedDelay
    delay_distribution "delayDistribution" DelayDistribution
    chunked_dribble "chunkedDribbleDelay" ChunkedDribble
}

impl Effect {
    /// Where it bites.
    pub fn point(&self, when: &When) -> Point {
        self.power().point(when)
    }

    /// The way of the frames that it can be about, if it is only one.
    pub fn only(&self) -> Option<Way> {
        self.power().only()
    }

    /// Has it a phase `commit`?
    pub fn may_follow(&self) -> bool {
        self.power().may_follow()
    }

    /// Which of its options cannot be meant.
    pub fn check(&self, when: &When) -> Result<(), String> {
        self.power().check(when)
    }

    /// Does it always end what it bites?
    pub fn ends(&self) -> bool {
        self.power().ends()
    }

    /// What it decides alone.
    pub fn decides(&self) -> Option<String> {
        self.power().decides()
    }

    /// Is this something that it is about at all?
    pub fn concerns(&self, facts: &Facts<'_>) -> bool {
        self.power().concerns(facts)
    }

    /// What it makes happen.
    pub fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict> {
        self.power().verdict(ask)
    }
}

impl<'de> Deserialize<'de> for Effect {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut effects = EffectShape::deserialize(d)?.effects().map_err(de::Error::custom)?;
        let names: Vec<_> = effects.iter().map(|effect| format!("`{}`", effect.name())).collect();
        match (effects.pop(), effects.is_empty()) {
            (Some(effect), true) => Result::Ok(effect),
            (None, _) => Err(de::Error::custom(
                "an `effect` has one effect by name, with its options, such as `reset: {}`",
            )),
            _ => Err(de::Error::custom(format!(
                "an `effect` has one effect, not {}; give each a fault of its own",
                names.join(" and ")
            ))),
        }
    }
}

/// One step of a plan: so many matches pass, or so many are bitten.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// What happens; `None` lets the request pass.
    pub effect: Option<Effect>,
    /// For so many matches.
    pub times: u32,
}

/// `ok: 3` or `ok: {}`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "`ok` is a number of matches, or `{}` for one")]
enum Ok {
    Times(u32),
    Once {},
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut shape = StepShape::deserialize(d)?;
        let mut effects = shape.effects().map_err(de::Error::custom)?;
        let step = match (&shape.ok, effects.pop()) {
            (Some(_), None) if shape.times.is_some() => {
                return Err(de::Error::custom("`times` is of effects; write `ok: 3`"));
            }
            (Some(Ok::Times(times)), None) => Self { effect: None, times: *times },
            (Some(Ok::Once {}), None) => Self { effect: None, times: 1 },
            (None, Some(effect)) => Self { effect: Some(effect), times: shape.times.unwrap_or(1) },
            _ => return Err(de::Error::custom("a step is `ok` or one effect")),
        };
        if !effects.is_empty() {
            return Err(de::Error::custom("a step has one effect"));
        }
        if step.times == 0 {
            return Err(de::Error::custom("a step lasts for at least one match"));
        }
        Result::Ok(step)
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        match &self.effect {
            None => map.serialize_entry("ok", &self.times)?,
            Some(effect) => {
                let value = serde_json::to_value(effect).map_err(serde::ser::Error::custom)?;
                for (name, options) in value.as_object().into_iter().flatten() {
                    map.serialize_entry(name, options)?;
                }
                if self.times != 1 {
                    map.serialize_entry("times", &self.times)?;
                }
            }
        }
        map.end()
    }
}

/// What two effects cannot both decide.
const HOW_IT_IS_SENT: &str = "how the answer is sent";

/// The way to a member of an answer's JSON names at least one.
fn field_is_named(field: &str) -> Result<(), String> {
    if field.split('.').any(str::is_empty) {
        return Err("`field` is the way to a member, such as `status` or `entities.0.id`".into());
    }
    Ok(())
}

/// A request, or a frame when the condition is about one.
fn request_or_frame(when: &When) -> Point {
    if when.is_about_frames() { Point::Frame } else { Point::Request }
}
