//! Conversations that wait in queues are offered to agents who are on queue.

use serde_json::{Value, json};

use super::{AGENT, Desk, GUEST, MESSAGES};
use crate::support::{DEPLOYMENT, TestEmulator};

async fn status(desk: &Desk) -> Value {
    desk.done("GET", &format!("/api/v2/users/{AGENT}/routingstatus"), Value::Null, 200).await.json()["status"]
        .clone()
}

#[tokio::test]
async fn an_agent_who_is_on_queue_is_offered_what_comes_and_what_has_waited() {
    let desk = Desk::of_agent().await;
    let (_guest, id) = desk.guest().await;
    assert_eq!(desk.participant(&id, "agent").await, Value::Null, "nobody is on queue");
    assert_eq!(desk.participant(&id, "acd").await["state"], "connected");
    desk.on_queue(true).await;
    assert_eq!(desk.participant(&id, "agent").await["state"], "alerting");
    assert_eq!(status(&desk).await, "IDLE");
    desk.taken(&id).await;
    let acd = desk.participant(&id, "acd").await;
    assert_eq!([&acd["state"], &acd["disconnectType"]], ["disconnected", "transfer"]);
    assert_eq!(status(&desk).await, "INTERACTING");
    desk.done("POST", &format!("/api/v2/conversations/{id}/disconnect"), Value::Null, 202).await;
    assert_eq!(status(&desk).await, "IDLE");
}

#[tokio::test]
async fn an_offer_that_nobody_answers_goes_to_the_next_and_one_that_is_turned_down_too() {
    let emulator = TestEmulator::yaml(
        "name: q\nworld: { orgs: [{ users: { second: { id: second, name: Second, queue: chat } } }] }",
    )
    .await;
    let desk = Desk::at(emulator).await;
    desk.on_queue(true).await;
    desk.emulator.advance("1s").await;
    desk.done("PUT", "/api/v2/users/second/routingstatus", json!({ "status": "IDLE" }), 200).await;
    let (_guest, id) = desk.guest().await;
    let first = desk.participant(&id, "agent").await;
    assert_eq!([&first["user"]["id"], &first["alertingTimeoutMs"]], [&json!(AGENT), &json!(30_000)]);
    desk.emulator.advance("30s").await;
    assert_eq!(status(&desk).await, "NOT_RESPONDING");
    let second = desk.participant(&id, "agent").await;
    assert_eq!([&second["user"]["id"], &second["state"]], ["second", "alerting"]);
    let path = format!("{MESSAGES}/{id}/participants/{}", second["id"].as_str().unwrap());
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    let second = desk.participant(&id, "agent").await;
    assert_eq!([&second["state"], &second["disconnectType"]], ["disconnected", "client"]);
    assert_eq!(desk.participant(&id, "acd").await["state"], "connected", "the guest waits on");
    // whoever had it does not get it again until it is transferred anew
    desk.on_queue(true).await;
    assert_eq!(desk.participant(&id, "agent").await, second);
}

#[tokio::test]
async fn an_agent_has_four_conversations_at_most() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let mut guests = Vec::new();
    for nth in 0..5 {
        let mut guest = desk.emulator.socket(DEPLOYMENT).await;
        let token = format!("00000000-0000-4000-8000-00000000bbb{nth}");
        guest.configure(DEPLOYMENT, &token).await;
        guest.say(&token, "agent").await;
        guest.next().await;
        desk.emulator.advance("1s").await;
        guests.push(guest);
    }
    let all = desk.done("GET", MESSAGES, Value::Null, 200).await.json();
    assert_eq!(all["total"], 4);
    let first = all["entities"][0]["id"].as_str().unwrap();
    desk.done("POST", &format!("/api/v2/conversations/{first}/disconnect"), Value::Null, 202).await;
    assert_eq!(desk.done("GET", MESSAGES, Value::Null, 200).await.json()["total"], 4);
}

#[tokio::test]
async fn a_conversation_is_transferred_to_a_queue_or_a_user() {
    let emulator = TestEmulator::yaml(
        "name: q\nworld: { orgs: [{ users: { second: { id: second, name: Second, queue: more } }, queues: { more: { id: more, name: More } } }] }",
    )
    .await;
    let mut desk = Desk::at(emulator).await;
    desk.token = desk.agents_token().await;
    desk.on_queue(true).await;
    desk.done("PUT", "/api/v2/users/second/routingstatus", json!({ "status": "IDLE" }), 200).await;
    let (mut guest, id) = desk.guest().await;
    let (path, _) = desk.taken(&id).await;
    let replace = format!("{path}/replace");
    for (body, status, code) in [
        (json!({ "queueId": "x" }), 400, "conversations.error.queue.not.found"),
        (json!({ "userId": "x" }), 400, "bad.request"),
        (json!({}), 400, "constraint.validation"),
        (json!({ "queueId": "more", "userId": AGENT }), 400, "constraint.validation"),
        (json!([]), 400, "bad.request"),
    ] {
        assert_eq!(desk.done("POST", &replace, body, status).await.json()["code"], code);
    }
    desk.done("POST", &replace, json!({ "queueId": "more", "transferType": "Unattended" }), 202).await;
    assert_eq!(desk.participant(&id, "acd").await["queue"]["name"], "More");
    let second = desk.participant(&id, "agent").await;
    assert_eq!([&second["user"]["id"], &second["state"]], ["second", "alerting"]);
    let code = desk.done("POST", &replace, json!({ "queueId": "more" }), 400).await.json()["code"].clone();
    assert_eq!(code, "conversations.error.transfer.not.connected");
    let of_second = format!("{MESSAGES}/{id}/participants/{}", second["id"].as_str().unwrap());
    let refused = desk.done("PATCH", &of_second, json!({ "state": "connected" }), 403).await;
    assert_eq!(refused.json()["code"], "not.authorized", "it was offered to somebody else");
    let application = desk.emulator.token("emulator-client", "emulator-secret").await;
    let taken = desk.ask_as(&application, "PATCH", &of_second, r#"{"state":"connected"}"#).await;
    assert_eq!(taken.status, 202, "an application acts for anybody");
    let back = format!("{of_second}/replace");
    let moved = desk.ask_as(&application, "POST", &back, json!({ "userId": AGENT }).to_string()).await;
    assert_eq!(moved.status, 202);
    let (_, communication) = desk.taken(&id).await;
    let say = format!("{MESSAGES}/{id}/communications/{communication}/messages");
    desk.done("POST", &say, json!({ "textBody": "me again" }), 200).await;
    assert_eq!(guest.next().await["body"]["text"], "me again");
}

#[tokio::test]
async fn what_is_put_aside_is_taken_up_again() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let (path, _) = desk.taken(&id).await;
    let parking = format!("{path}/parkingstate");
    let body = json!({ "state": "parked", "resumeTime": "2026-01-03T00:00:00.000Z" });
    desk.done("PATCH", &parking, body, 204).await;
    let agent = desk.participant(&id, "agent").await;
    assert_eq!([&agent["state"], &agent["resumeTime"]], ["parked", "2026-01-03T00:00:00.000Z"]);
    for body in [json!({ "state": "parked" }), json!({ "state": "alerting" })] {
        let code = desk.done("PATCH", &parking, body, 400).await.json()["code"].clone();
        assert_eq!(code, "conversation.error.unexpected.parking.state");
    }
    desk.done("PATCH", &parking, json!({}), 400).await;
    desk.done("PATCH", &parking, json!({ "state": "connected" }), 204).await;
    assert_eq!(desk.participant(&id, "agent").await["state"], "connected");
}

#[tokio::test]
async fn who_speaks_by_hand_takes_what_it_was_offered_and_a_snapshot_knows_of_offers() {
    let desk = Desk::start().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let state = desk.emulator.client.admin("GET", "/state", None).await.json();
    desk.emulator.by_hand("messages", json!({ "text": "by hand" })).await;
    assert_eq!(desk.participant(&id, "agent").await["state"], "connected");
    desk.emulator.client.admin("PUT", "/state", Some(&state)).await;
    assert_eq!(desk.participant(&id, "agent").await["state"], "alerting");
    desk.emulator.advance("31s").await;
    assert_eq!(desk.participant(&id, "agent").await["disconnectType"], "transfer.noanswer");
}

#[tokio::test]
async fn a_session_that_expires_ends_the_agents_part_too() {
    let desk = Desk::start().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    desk.taken(&id).await;
    desk.emulator
        .fault(json!({ "when": { "action": "onMessage" }, "effect": { "expire_session": {} } }))
        .await;
    let mut guest = _guest;
    guest.say(GUEST, "still there?").await;
    while guest.next().await["class"] != "SessionExpiredEvent" {}
    let agent = desk.participant(&id, "agent").await;
    assert_eq!([&agent["state"], &agent["disconnectType"]], ["disconnected", "session.expired"]);
    assert_eq!(status(&desk).await, "IDLE");
}

const SECOND: &str =
    "name: q\nworld: { orgs: [{ users: { second: { id: second, name: Second, queue: chat } } }] }";

#[tokio::test]
async fn what_is_offered_in_one_pass_has_ids_of_its_own() {
    let desk = Desk::of_agent().await;
    let (_first, first) = desk.guest().await;
    let token = "00000000-0000-4000-8000-00000000bbb1";
    let mut guest = desk.emulator.socket(DEPLOYMENT).await;
    guest.configure(DEPLOYMENT, token).await;
    guest.say(token, "agent").await;
    desk.emulator.advance("1s").await;
    desk.on_queue(true).await;
    let all = desk.done("GET", MESSAGES, Value::Null, 200).await.json();
    let ids: Vec<_> =
        all["entities"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    let [one, other] = ids[..] else { panic!("both were offered: {all}") };
    assert_eq!(one, first, "the one that has waited longest comes first");
    let (one, other) = (desk.participant(one, "agent").await, desk.participant(other, "agent").await);
    assert_eq!([&one["state"], &other["state"]], ["alerting", "alerting"]);
    assert_ne!(one["id"], other["id"]);
}

#[tokio::test]
async fn whoever_speaks_by_hand_is_busy_and_nobody_else_is_asked() {
    let desk = Desk::at(TestEmulator::yaml(SECOND).await).await;
    let of_second = "/api/v2/users/second/routingstatus";
    desk.done("PUT", of_second, json!({ "status": "IDLE" }), 200).await;
    let (_guest, id) = desk.guest().await;
    let second = desk.participant(&id, "agent").await;
    assert_eq!([&second["user"]["id"], &second["state"]], ["second", "alerting"]);
    desk.on_queue(true).await;
    let words = json!({ "text": "by hand", "from": { "nickname": "Emulated Agent" } });
    assert_eq!(desk.emulator.by_hand("messages", words).await.status, 201);
    assert_eq!(status(&desk).await, "INTERACTING");
    let path = format!("{MESSAGES}/{id}/participants/{}", second["id"].as_str().unwrap());
    assert_eq!(desk.done("PATCH", &path, json!({ "state": "connected" }), 400).await.status, 400);
    desk.emulator.advance("31s").await;
    let second = desk.done("GET", of_second, Value::Null, 200).await.json();
    assert_eq!(second["status"], "IDLE", "it was not asked for long enough");
    let known = desk.done("GET", &format!("{MESSAGES}/{id}"), Value::Null, 200).await.json();
    let told: Vec<_> = known["participants"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["purpose"] == "agent")
        .map(|one| format!("{} {} {}", one["name"], one["state"], one["disconnectType"]))
        .collect();
    assert_eq!(told, [r#""Second" "disconnected" "transfer""#, r#""Emulated Agent" "connected" null"#]);
    // whoever was there before goes on queue busy, and hears so at once
    desk.on_queue(false).await;
    let path = format!("/api/v2/users/{AGENT}/routingstatus");
    let on = desk.done("PUT", &path, json!({ "status": "IDLE" }), 200).await.json();
    assert_eq!(on["status"], "INTERACTING");
}

#[tokio::test]
async fn a_transfer_goes_to_somebody_else_and_comes_back_to_the_queue_when_it_is_turned_down() {
    let desk = Desk::at(TestEmulator::yaml(SECOND).await).await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let (path, _) = desk.taken(&id).await;
    let replace = format!("{path}/replace");
    let own = desk.done("POST", &replace, json!({ "userId": AGENT }), 400).await.json();
    assert_eq!(own["code"], "constraint.validation");
    assert_eq!(own["message"], format!("user {AGENT} takes part in the conversation already"));
    assert_eq!(desk.participant(&id, "agent").await["state"], "connected", "nothing has happened");
    desk.done("POST", &replace, json!({ "userId": "second" }), 202).await;
    let second = desk.participant(&id, "agent").await;
    let of_second = format!("{MESSAGES}/{id}/participants/{}", second["id"].as_str().unwrap());
    desk.on_queue(false).await;
    desk.emulator.advance("1s").await;
    desk.done("PATCH", &of_second, json!({ "state": "disconnected" }), 202).await;
    let acd = desk.participant(&id, "acd").await;
    assert_eq!([&acd["state"], &acd["queue"]["name"]], ["connected", "Chat Queue"]);
    desk.on_queue(true).await;
    let back = desk.participant(&id, "agent").await;
    assert_eq!([&back["user"]["id"], &back["state"]], [AGENT, "alerting"]);
    // what is turned down once is turned down
    desk.done("PATCH", &of_second, json!({ "state": "disconnected" }), 202).await;
    assert_eq!(desk.participant(&id, "agent").await, back);
}
