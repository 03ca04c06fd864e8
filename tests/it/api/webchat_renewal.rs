//! `POST /api/v2/webchat/guest` for a guest that is known already.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{claims, jwt, post_guest};
use crate::support::{DEPLOYMENT, TestEmulator};

struct Guest {
    emulator: TestEmulator,
    token: String,
    id: String,
    jwt: String,
    shown: Value,
}

impl Guest {
    async fn ann() -> Self {
        let emulator = TestEmulator::start().await;
        let token = emulator.guest_client_token().await;
        let body = r#"{"name":"Ann","email":"ann@shop.example.test","customAttributes":{"plan":"gold"}}"#;
        let made = post_guest(&emulator, &token, body).await;
        let id = made.json()["guestId"].as_str().unwrap().to_owned();
        let mut guest = Self { jwt: jwt(&made), emulator, token, id, shown: Value::Null };
        guest.shown = guest.show().await;
        guest
    }

    async fn show(&self) -> Value {
        let path = format!("/api/v2/webchat/guest/{}", self.id);
        self.emulator.client.get(&path, Some(&self.token)).await.json()
    }

    /// The claims of a renewed token, checked to be the same guest's.
    async fn renewed(&self, body: Value) -> Value {
        let answer = post_guest(&self.emulator, &self.token, body.to_string()).await;
        let claims: Value = serde_json::from_str(&claims(&jwt(&answer))).unwrap();
        assert_eq!(answer.json()["guestId"], self.id);
        assert_eq!(claims["sub"], self.id);
        assert_eq!(claims["webchat"]["guestId"], self.id);
        assert_eq!(self.show().await["conversationId"], self.shown["conversationId"]);
        claims
    }
}

#[tokio::test]
async fn a_guest_id_gets_the_same_guest_a_fresh_token() {
    let ann = Guest::ann().await;
    ann.emulator.advance("20m").await;
    let claims = ann.renewed(json!({ "guestId": ann.id })).await;
    assert_snapshot!(claims, @r#"{"aud":["http://emulator.test","emulated-org.mypurecloud.com"],"exp":1767326045,"iat":1767324245,"iss":"http://emulator.test","jti":"240209ae-b194-4475-8838-8ae499bef637","orgId":"00000000-0000-4000-8000-0000000000aa","permissions":["webchat:guest:view","conversation:webchat:edit"],"sub":"guest-393143b4-fb53-4864-af9f-18961d578d5e","webchat":{"customAttributes":{"plan":"gold"},"email":"ann@shop.example.test","guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","name":"Ann"}}"#);
    assert_eq!(ann.show().await, ann.shown, "nothing was said, nothing changed");
}

#[tokio::test]
async fn the_older_token_does_too_even_when_it_has_expired() {
    let ann = Guest::ann().await;
    for member in ["token", "access_token", "accessToken", "jwt"] {
        ann.renewed(json!({ (member): ann.jwt })).await;
    }
    ann.emulator.advance("30m").await;
    let claims = ann.renewed(json!({ "token": ann.jwt })).await;
    assert_eq!(claims["iat"], 1_767_324_845);
    assert_eq!(claims["exp"], 1_767_326_645);
}

#[tokio::test]
async fn what_is_said_anew_replaces_what_was_known() {
    let ann = Guest::ann().await;
    let body =
        json!({ "guestId": ann.id, "name": "Anna", "email": null, "customAttributes": { "plan": "silver" } });
    let claims = ann.renewed(body).await;
    assert_snapshot!(claims["webchat"], @r#"{"customAttributes":{"plan":"silver"},"email":"ann@shop.example.test","guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","name":"Anna"}"#);
    let claims = ann.renewed(json!({ "guestId": ann.id, "email": "anna@shop.example.test" })).await;
    assert_snapshot!(claims["webchat"], @r#"{"customAttributes":{"plan":"silver"},"email":"anna@shop.example.test","guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","name":"Anna"}"#);
}

#[tokio::test]
async fn an_unknown_guest_id_is_404() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let answer = post_guest(&emulator, &token, r#"{"guestId":"guest-0"}"#).await;
    assert_eq!(answer.status, 404);
    assert_snapshot!(answer.text, @r#"{"message":"The requested resource was not found.","code":"not.found","status":404,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"there is no guest guest-0","rule":"guest.unknown"}"#);
    let answer = emulator.client.get("/api/v2/webchat/guest/guest-0", Some(&token)).await;
    assert_eq!(answer.status, 404);
    assert_snapshot!(answer.text, @r#"{"message":"The requested resource was not found.","code":"not.found","status":404,"contextId":"164893be-bc28-414c-8ebe-5aea3e153b2b","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"There is no guest of this id in this org","rule":"guest.unknown","seen":"guest-0"}"#);
    let answer = emulator.client.get("/api/v2/webchat/guest/%ff", Some(&token)).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (404, Some("not.found")));
}

#[tokio::test]
async fn an_older_token_that_this_org_never_made_is_400() {
    let ann = Guest::ann().await;
    let (head, signature) = ann.jwt.rsplit_once('.').unwrap();
    let tampered = format!("{head}.{}", signature.chars().rev().collect::<String>());
    let stranger = TestEmulator::with(|builder| builder.seed(2)).await.guest_jwt().await;
    let mut answers = Vec::new();
    for old in [stranger.as_str(), &tampered, "nonsense", "a.b.c", &ann.token] {
        let answer = post_guest(&ann.emulator, &ann.token, json!({ "token": old }).to_string()).await;
        let refusal = ann.emulator.last_refusal().await;
        answers.push(format!("{} {}\n{refusal}", answer.status, answer.json()["message"]));
    }
    assert_snapshot!(answers.join("\n"), @r#"
    400 "The guest's older token cannot be used: the signature is not by a current key: kid emulator-97de6f901c26 is not a current key of this org"
    {"reason":"the signature is not by a current key: kid emulator-97de6f901c26 is not a current key of this org","rule":"kid.unknown"}
    400 "The guest's older token cannot be used: the signature is not by a current key: the key emulator-f1f0ef23f83c did not make it"
    {"reason":"the signature is not by a current key: the key emulator-f1f0ef23f83c did not make it","rule":"signature.invalid"}
    400 "The guest's older token cannot be used: the token is not a JWT of this platform: it is not a JWT"
    {"reason":"the token is not a JWT of this platform: it is not a JWT","rule":"guest_token.foreign"}
    400 "The guest's older token cannot be used: the token is not a JWT of this platform: it is not a JWT"
    {"reason":"the token is not a JWT of this platform: it is not a JWT","rule":"guest_token.foreign"}
    400 "The guest's older token cannot be used: an OAuth access token came where a guest JWT is expected"
    {"reason":"an OAuth access token came where a guest JWT is expected","rule":"guest_token.is_an_access_token"}
    "#);
}

#[tokio::test]
async fn the_conversation_goes_on_with_a_fresh_token() {
    let ann = Guest::ann().await;
    let answer = post_guest(&ann.emulator, &ann.token, json!({ "guestId": ann.id }).to_string()).await;
    let fresh = jwt(&answer);
    let conversation = async |jwt: &str| {
        let target = format!("/v1?deploymentId={DEPLOYMENT}&token={jwt}");
        let mut socket = ann.emulator.upgrade(&target).await.unwrap();
        socket.configure(DEPLOYMENT, "00000000-0000-4000-8000-00000000aaaa").await
    };
    assert_eq!(conversation(&ann.jwt).await["body"]["newSession"], true);
    assert_eq!(conversation(&fresh).await["body"]["newSession"], false);
}

#[tokio::test]
async fn a_guest_whom_a_reset_has_forgotten_is_as_its_older_token_says() {
    let mut ann = Guest::ann().await;
    ann.emulator.client.admin("POST", "/reset", None).await;
    ann.token = ann.emulator.guest_client_token().await;
    let unknown = post_guest(&ann.emulator, &ann.token, json!({ "guestId": ann.id }).to_string()).await;
    assert_eq!(unknown.status, 404, "an id alone proves nothing");
    let claims = ann.renewed(json!({ "token": ann.jwt, "name": "Anna" })).await;
    let told = json!({
        "guestId": ann.id, "name": "Anna", "email": "ann@shop.example.test", "customAttributes": { "plan": "gold" },
    });
    assert_eq!(claims["webchat"], told);
}

#[tokio::test]
async fn nothing_comes_back_that_was_never_attached() {
    let emulator = TestEmulator::start().await;
    let made = post_guest(&emulator, &emulator.guest_client_token().await, "").await;
    let path = format!("/api/v2/webchat/guest/{}", made.json()["guestId"].as_str().unwrap());
    let show = async || emulator.client.get(&path, Some(&emulator.guest_client_token().await)).await.text;
    let before = show().await;
    emulator.client.admin("POST", "/reset", None).await;
    let token = emulator.guest_client_token().await;
    post_guest(&emulator, &token, json!({ "token": jwt(&made) }).to_string()).await;
    assert_eq!(show().await, before);
}

#[tokio::test]
async fn the_token_of_a_web_chat_makes_no_guest() {
    let emulator = TestEmulator::start().await;
    let wish = crate::webchat::wish();
    let chat = emulator.client.post("/api/v2/webchat/guest/conversations", None, &wish).await.json();
    let token = emulator.guest_client_token().await;
    let answer = post_guest(&emulator, &token, json!({ "token": chat["jwt"] }).to_string()).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn any_client_of_the_org_renews_a_guest() {
    let mut ann = Guest::ann().await;
    ann.token = ann.emulator.token("emulator-client", "emulator-secret").await;
    ann.renewed(json!({ "guestId": ann.id })).await;
    let claims = ann.renewed(json!({ "token": ann.jwt, "name": "Anna" })).await;
    assert_eq!(claims["webchat"]["name"], "Anna");
}
