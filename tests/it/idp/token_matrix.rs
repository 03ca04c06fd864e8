//! Every wrong token by name: as a stock verifier sees it whose clock is the machine's, and as the emulator refuses it.

use genesys_emulator::Emulator;
use insta::assert_snapshot;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};

use super::{text, tokens};
use crate::support::{
    Answer, DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator, emulator::PUBLIC_URL,
};

/// What the fault `claims` can make of a token.
pub const MODES: [&str; 19] = [
    "expired",
    "not_yet_valid",
    "exp_missing",
    "exp_in_ms",
    "wrong_iss",
    "wrong_aud",
    "sub_missing",
    "permissions_missing",
    "webchat_missing",
    "guest_id_missing",
    "bad_signature",
    "kid_unknown",
    "alg_none",
    "hs256_confusion",
    "revoked",
    "wrong_region",
    "truncated",
    "oversized",
    "clock_skew",
];

/// Something that tokens can be made wrongly by and of.
struct Laboratory {
    emulator: TestEmulator,
    socket: Socket,
    platform: JwkSet,
    provider: JwkSet,
}

impl Laboratory {
    async fn new() -> Self {
        let running = |_| Emulator::builder().public_url(PUBLIC_URL).seed(1).limits(false);
        let emulator = TestEmulator::with(running).await;
        let mut socket = emulator.socket(DEPLOYMENT).await;
        socket.configure(DEPLOYMENT, "t-1").await;
        let mut sets = Vec::new();
        for path in ["/.well-known/jwks.json", "/idp/main/jwks"] {
            sets.push(serde_json::from_str(&emulator.client.get(path, None).await.text).unwrap());
        }
        let (provider, platform) = (sets.pop().unwrap(), sets.pop().unwrap());
        Self { emulator, socket, platform, provider }
    }

    /// A token of this kind that is wrong in this way; `None` if it cannot be.
    async fn made(&mut self, kind: &str, mode: &str) -> Option<String> {
        let (emulator, client) = (&self.emulator, &self.emulator.client);
        if kind == "person" {
            let wanted = json!({ "person": { "subject": "alice" }, "mode": mode });
            let answer = client.admin("POST", "/person-tokens", Some(&wanted)).await;
            return (answer.status == 201).then(|| text(&answer.json(), "jwt").to_owned());
        }
        let fault = json!([{ "id": "f", "effect": { "claims": { "token": kind, "mode": mode } } }]);
        if client.admin("PUT", "/faults", Some(&fault)).await.status != 200 {
            return None;
        }
        let token = match kind {
            "guest" => emulator.guest_jwt().await,
            "messaging" => {
                self.socket.send(json!({ "action": "getJwt", "token": "t-1" })).await;
                self.socket.next().await["body"]["jwt"].as_str().unwrap().to_owned()
            }
            _ => text(&tokens(emulator, "openid").await, "id_token").to_owned(),
        };
        client.admin("DELETE", "/faults", None).await;
        Some(token)
    }

    /// What the stock verifier says.
    fn seen(&self, kind: &str, jwt: &str) -> String {
        let (keys, issuer, audience) = match kind {
            "guest" => (&self.platform, PUBLIC_URL.to_owned(), PUBLIC_URL),
            "messaging" => (&self.platform, PUBLIC_URL.to_owned(), "webmessaging"),
            "person" => (&self.platform, PUBLIC_URL.to_owned(), "webmessaging-authenticated"),
            _ => (&self.provider, format!("{PUBLIC_URL}/idp/main"), "messenger"),
        };
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = 0;
        let header = match decode_header(jwt) {
            Ok(header) => header,
            Err(error) => return format!("header: {:?}", error.kind()).split('(').next().unwrap().to_owned(),
        };
        let Some(key) = keys.find(&header.kid.unwrap()) else { return "no such key".to_owned() };
        match decode::<Value>(jwt, &DecodingKey::from_jwk(key).unwrap(), &validation) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => format!("{:?}", error.kind()).replace('"', ""),
        }
    }

    /// What the emulator itself says, where it takes such tokens: the status, the reason of body and journal.
    async fn own(&mut self, kind: &str, jwt: &str) -> String {
        let client = &self.emulator.client;
        let (status, body) = match kind {
            "guest" => {
                let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
                match self.emulator.upgrade(&target).await {
                    Ok(_) => return "accepted".to_owned(),
                    Err((status, body)) => (status, serde_json::from_str(&body).unwrap()),
                }
            }
            "messaging" => parts(&client.get("/api/v2/webmessaging/messages", Some(jwt)).await),
            "person" => {
                let data = json!({ "code": jwt });
                let action = "configureAuthenticatedSession";
                let frame =
                    json!({ "action": action, "deploymentId": DEPLOYMENT, "token": "t-2", "data": data });
                self.socket.send(frame).await;
                assert_eq!(self.socket.next().await["code"], 401);
                let bearer = format!("bearer {jwt}");
                let path = "/api/v2/webdeployments/token/revoke";
                parts(&client.send("DELETE", path, &[("authorization", bearer.as_str())], "").await)
            }
            _ => {
                let path = format!("/idp/main/end_session?id_token_hint={jwt}");
                return format!("{}", client.get(&path, None).await.status);
            }
        };
        assert_eq!(body["code"], "bad.credentials", "{body}");
        let reason = text(&body["details"][0], "errorCode").to_owned();
        assert_eq!(self.emulator.last_refusal().await["rule"], reason);
        format!("{status} {reason}")
    }
}

fn parts(answer: &Answer) -> (u16, Value) {
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    (answer.status, answer.json())
}

async fn column(kind: &str) -> String {
    let mut laboratory = Laboratory::new().await;
    let mut said = String::new();
    for mode in MODES {
        let row = match laboratory.made(kind, mode).await {
            None => "cannot be meant".to_owned(),
            Some(jwt) => {
                let seen = laboratory.seen(kind, &jwt);
                format!("{seen} | {}", laboratory.own(kind, &jwt).await)
            }
        };
        said += &format!("{mode}: {row}\n");
    }
    said
}

#[tokio::test]
async fn each_mode_of_a_guest_token_is_seen_and_refused_for_its_reason() {
    assert_snapshot!(column("guest").await, @r#"
    expired: ExpiredSignature | 401 token.expired
    not_yet_valid: ImmatureSignature | 401 token.not.yet.valid
    exp_missing: MissingRequiredClaim(exp) | 401 exp.missing
    exp_in_ms: accepted | 401 exp.in.milliseconds
    wrong_iss: InvalidIssuer | 401 issuer.mismatch
    wrong_aud: InvalidAudience | 401 audience.mismatch
    sub_missing: MissingRequiredClaim(sub) | 401 sub.missing
    permissions_missing: accepted | 401 permissions.missing
    webchat_missing: accepted | 401 webchat.missing
    guest_id_missing: accepted | 401 guest.id.missing
    bad_signature: InvalidSignature | 401 signature.invalid
    kid_unknown: no such key | 401 kid.unknown
    alg_none: header: Json | 401 alg.not.allowed
    hs256_confusion: InvalidAlgorithm | 401 alg.not.allowed
    revoked: accepted | 401 revoked
    wrong_region: InvalidIssuer | 401 wrong.region
    truncated: header: InvalidToken | 401 truncated
    oversized: accepted | 401 oversized
    clock_skew: ImmatureSignature | 401 clock.skew
    "#);
}

#[tokio::test]
async fn each_mode_of_the_sockets_and_a_persons_token_is_seen_and_refused_for_its_reason() {
    let said = column("messaging").await;
    assert_eq!(said, column("person").await);
    assert_snapshot!(said, @r#"
    expired: ExpiredSignature | 401 token.expired
    not_yet_valid: ImmatureSignature | 401 token.not.yet.valid
    exp_missing: MissingRequiredClaim(exp) | 401 exp.missing
    exp_in_ms: accepted | 401 exp.in.milliseconds
    wrong_iss: InvalidIssuer | 401 issuer.mismatch
    wrong_aud: InvalidAudience | 401 audience.mismatch
    sub_missing: MissingRequiredClaim(sub) | 401 sub.missing
    permissions_missing: cannot be meant
    webchat_missing: cannot be meant
    guest_id_missing: cannot be meant
    bad_signature: InvalidSignature | 401 signature.invalid
    kid_unknown: no such key | 401 kid.unknown
    alg_none: header: Json | 401 alg.not.allowed
    hs256_confusion: InvalidAlgorithm | 401 alg.not.allowed
    revoked: accepted | 401 revoked
    wrong_region: InvalidIssuer | 401 wrong.region
    truncated: header: InvalidToken | 401 truncated
    oversized: accepted | 401 oversized
    clock_skew: ImmatureSignature | 401 clock.skew
    "#);
}

#[tokio::test]
async fn each_mode_of_an_id_token_is_seen() {
    assert_snapshot!(column("id").await, @r#"
    expired: ExpiredSignature | 200
    not_yet_valid: ImmatureSignature | 200
    exp_missing: MissingRequiredClaim(exp) | 200
    exp_in_ms: accepted | 200
    wrong_iss: InvalidIssuer | 200
    wrong_aud: InvalidAudience | 400
    sub_missing: MissingRequiredClaim(sub) | 200
    permissions_missing: cannot be meant
    webchat_missing: cannot be meant
    guest_id_missing: cannot be meant
    bad_signature: InvalidSignature | 400
    kid_unknown: no such key | 400
    alg_none: header: Json | 400
    hs256_confusion: InvalidAlgorithm | 400
    revoked: cannot be meant
    wrong_region: cannot be meant
    truncated: header: InvalidToken | 400
    oversized: accepted | 200
    clock_skew: ImmatureSignature | 200
    "#);
}

#[tokio::test]
async fn a_persons_token_cannot_be_wrong_in_what_it_does_not_have() {
    let emulator = TestEmulator::start().await;
    let wanted = json!({ "person": { "subject": "alice" }, "mode": "webchat_missing" });
    let answer = emulator.client.admin("POST", "/person-tokens", Some(&wanted)).await;
    assert_eq!((answer.status, text(&answer.json(), "field")), (400, "mode"));
}
