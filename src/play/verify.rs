//! A client that verifies JWTs as a careful backend does, with the words that the emulator has for what is wrong.

use serde_json::{Value, json};

use crate::jose::{
    key_set::{KeySet, Verified},
    verifier::Jws,
};

/// What a verifier wants.
pub struct Wanted<'a> {
    /// The key set, or one key, as the verifier has it.
    pub keys: &'a Value,
    /// `iss`.
    pub issuer: Option<String>,
    /// `aud`.
    pub audience: Option<String>,
    /// The time, in seconds.
    pub now: i64,
}

/// The judgement, as scripts see it: `valid`, and either `claims` or the `reason`.
pub fn verify(token: &str, wanted: &Wanted<'_>) -> Value {
    let Some(jws) = Jws::parse(token) else {
        return json!({ "valid": false, "reason": "token.malformed" });
    };
    let claims = jws.claims_as::<Value>().unwrap_or_default();
    match judge(&jws, &claims, wanted) {
        Ok(()) => json!({ "valid": true, "claims": claims }),
        Err(reason) => json!({ "valid": false, "reason": reason, "claims": claims }),
    }
}

fn judge(jws: &Jws<'_>, claims: &Value, wanted: &Wanted<'_>) -> Result<(), &'static str> {
    if jws.header.alg != "RS256" {
        return Err("alg.not.allowed");
    }
    let keys = KeySet::parse(&wanted.keys.to_string()).map_err(|_| "keys.unreadable")?;
    match keys.verify(jws) {
        Verified::Yes => {}
        Verified::No => return Err("signature.invalid"),
        Verified::UnknownKey(_) => return Err("kid.unknown"),
    }
    match claims["exp"].as_f64() {
        None => return Err("exp.missing"),
        Some(exp) if exp > 1e11 => return Err("exp.in.milliseconds"),
        Some(exp) if exp <= wanted.now as f64 => return Err("token.expired"),
        Some(_) => {}
    }
    if claims["nbf"].as_f64().is_some_and(|from| from > wanted.now as f64) {
        return Err("token.not.yet.valid");
    }
    if wanted.issuer.as_ref().is_some_and(|issuer| claims["iss"] != **issuer) {
        return Err("issuer.mismatch");
    }
    let is_for = |audience: &String| match &claims["aud"] {
        Value::Array(all) => all.iter().any(|one| one == audience),
        one => one == audience,
    };
    match wanted.audience.as_ref().is_none_or(is_for) {
        true => Ok(()),
        false => Err("audience.mismatch"),
    }
}
