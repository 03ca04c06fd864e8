//! One person on several devices, and what becomes of whom the platform took the person for before.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{
    OTHER, TOKEN,
    authenticated::{alice, authenticated, configure, revoke},
    session,
};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

const STAY: &str = "world: { orgs: [{ deployments: { messaging: { auth: { otherDevices: stay } } } }] }";

/// A socket on which Alice has signed in with this token.
async fn device(emulator: &TestEmulator, token: &str) -> (Socket, Value) {
    let jwt = alice(emulator, DEPLOYMENT).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let answer = configure(&mut socket, DEPLOYMENT, token, &jwt).await;
    assert_eq!(answer["class"], "SessionResponse", "{answer}");
    (socket, answer)
}

/// Says something and hears it.
async fn say(socket: &mut Socket, token: &str, text: &str) {
    socket.say(token, text).await;
    assert_eq!(socket.next().await["body"]["text"], text);
}

/// The texts that a device reads in its history, newest first.
pub async fn history(emulator: &TestEmulator, socket: &mut Socket, token: &str) -> Vec<String> {
    socket.send(json!({ "action": "getJwt", "token": token })).await;
    let answer = loop {
        let frame = socket.next().await;
        if frame["class"] == "JwtResponse" {
            break frame;
        }
    };
    let jwt = answer["body"]["jwt"].as_str().unwrap();
    let page = emulator.client.get("/api/v2/webmessaging/messages", Some(jwt)).await.json();
    let all = page["entities"].as_array().unwrap();
    assert_eq!(page["total"], all.len());
    all.iter()
        .map(|one| match one["text"].as_str() {
            Some(text) => text.to_owned(),
            None => one["events"][0]["presence"]["type"].as_str().unwrap().to_owned(),
        })
        .collect()
}

/// Contacts, with ids by the place of their first mention.
pub async fn contacts(emulator: &TestEmulator) -> String {
    let all = emulator.client.admin("GET", "/contacts", None).await.json();
    let all = all["entities"].as_array().unwrap().clone();
    let place = |id: &Value| all.iter().position(|one| one["id"] == *id).map(|nth| nth.to_string());
    let line = |one: &Value| {
        let from: Vec<_> = one["mergedFrom"].as_array().unwrap().iter().filter_map(place).collect();
        format!(
            "{} {} conversations: {} into: {} from: {}",
            one["type"].as_str().unwrap(),
            one["externalId"].as_str().unwrap_or("nobody"),
            one["conversations"].as_array().unwrap().len(),
            place(&one["mergedInto"]).unwrap_or_default(),
            from.join(","),
        )
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn history_follows_the_person_to_the_device_that_closes_the_first_one() {
    let emulator = TestEmulator::start().await;
    let (mut phone, _) = device(&emulator, TOKEN).await;
    say(&mut phone, TOKEN, "from the phone").await;
    let (mut desk, answer) = device(&emulator, OTHER).await;
    assert_eq!(answer["body"]["clearedExistingSession"], true);
    assert_eq!(phone.next().await["body"]["reason"], "signedIn");
    assert_eq!(history(&emulator, &mut desk, OTHER).await, ["from the phone"]);
    say(&mut desk, OTHER, "from the desk").await;
    emulator.advance("384h").await;
    let (mut later, _) = device(&emulator, "t-3").await;
    let read = history(&emulator, &mut later, "t-3").await;
    assert_eq!(read, ["You said: from the desk", "from the desk", "from the phone"]);
    assert_snapshot!(contacts(&emulator).await, @"Identified user-alice conversations: 2 into:  from:");
}

#[tokio::test]
async fn where_devices_stay_the_second_one_joins_the_session_of_the_first() {
    let emulator = TestEmulator::yaml(STAY).await;
    let (mut phone, _) = device(&emulator, TOKEN).await;
    say(&mut phone, TOKEN, "from the phone").await;
    let (mut desk, answer) = device(&emulator, OTHER).await;
    assert_eq!(answer["body"]["newSession"], false);
    assert_eq!(answer["body"]["clearedExistingSession"], false);
    say(&mut desk, OTHER, "from the desk").await;
    assert_eq!(phone.next().await["body"]["text"], "from the desk");
    emulator.by_hand("messages", json!({ "text": "Hello, both of you." })).await;
    for (socket, token) in [(&mut phone, TOKEN), (&mut desk, OTHER)] {
        assert_eq!(socket.next().await["body"]["text"], "Hello, both of you.");
        let read = history(&emulator, socket, token).await;
        assert_eq!(read, ["Hello, both of you.", "from the desk", "from the phone"]);
    }
    // a device that comes back is still of the same session
    let (mut again, answer) = device(&emulator, OTHER).await;
    assert_eq!(answer["body"]["newSession"], false);
    say(&mut again, OTHER, "here again").await;
    assert_eq!(phone.next().await["body"]["text"], "here again");
}

#[tokio::test]
async fn where_devices_stay_a_guest_who_signs_in_keeps_its_own_session_and_reads_all() {
    let emulator = TestEmulator::yaml(STAY).await;
    let (mut phone, _) = device(&emulator, TOKEN).await;
    say(&mut phone, TOKEN, "from the phone").await;
    let mut desk = session(&emulator, OTHER).await;
    say(&mut desk, OTHER, "from the desk").await;
    let jwt = alice(&emulator, DEPLOYMENT).await;
    desk.send(authenticated(DEPLOYMENT, OTHER, &jwt)).await;
    let read = history(&emulator, &mut desk, OTHER).await;
    assert_eq!(read, ["SignIn", "from the desk", "from the phone"]);
    assert_eq!(history(&emulator, &mut phone, TOKEN).await, read);
}

#[tokio::test]
async fn signing_out_ends_every_device_and_every_token_of_the_person() {
    let emulator = TestEmulator::yaml(STAY).await;
    let (mut phone, _) = device(&emulator, TOKEN).await;
    let (mut desk, _) = device(&emulator, OTHER).await;
    let mut guest = session(&emulator, "t-3").await;
    say(&mut guest, "t-3", "hello").await;
    let jwt = alice(&emulator, DEPLOYMENT).await;
    guest.send(authenticated(DEPLOYMENT, "t-3", &jwt)).await;
    while guest.next().await["class"] != "SessionResponse" {}
    let first = alice(&emulator, DEPLOYMENT).await;
    assert_eq!(revoke(&emulator, &first).await.status, 204);
    for socket in [&mut phone, &mut desk, &mut guest] {
        assert_eq!(socket.next().await["class"], "LogoutEvent");
    }
    for (socket, token) in [(&mut phone, TOKEN), (&mut desk, OTHER)] {
        assert_eq!(configure(socket, DEPLOYMENT, token, &jwt).await["code"], 401);
    }
    // the devices have nothing in common any more
    assert_eq!(phone.configure(DEPLOYMENT, TOKEN).await["body"]["connected"], true);
    assert_eq!(desk.configure(DEPLOYMENT, OTHER).await["body"]["newSession"], true);
    say(&mut desk, OTHER, "a guest").await;
    let fresh = alice(&emulator, DEPLOYMENT).await;
    let signed_in = configure(&mut phone, DEPLOYMENT, TOKEN, &fresh).await;
    assert_eq!(signed_in["body"]["events"][0]["presence"]["type"], "SignIn");
}

#[tokio::test]
async fn what_the_person_has_cleared_is_gone_and_the_rest_stays() {
    let emulator = TestEmulator::start().await;
    let (mut phone, _) = device(&emulator, TOKEN).await;
    say(&mut phone, TOKEN, "first").await;
    phone.send(json!({ "action": "closeSession", "token": TOKEN })).await;
    phone.next().await;
    let anew = json!({ "startNew": true });
    let jwt = alice(&emulator, DEPLOYMENT).await;
    let mut configure = authenticated(DEPLOYMENT, TOKEN, &jwt);
    configure.as_object_mut().unwrap().extend(anew.as_object().unwrap().clone());
    phone.send(configure).await;
    phone.next().await;
    say(&mut phone, TOKEN, "second").await;
    let event =
        json!({ "type": "Event", "events": [{ "eventType": "Presence", "presence": { "type": "Clear" } }] });
    phone.send(json!({ "action": "onMessage", "token": TOKEN, "message": event })).await;
    while phone.next().await["class"] != "ConnectionClosedEvent" {}
    let (mut desk, _) = device(&emulator, OTHER).await;
    assert_eq!(history(&emulator, &mut desk, OTHER).await, ["first"]);
}

#[tokio::test]
async fn a_guest_who_turns_out_to_be_somebody_is_one_contact_or_two() {
    for (merges, expected) in [(true, 1), (false, 0)] {
        let emulator = TestEmulator::yaml(&format!(
            "world: {{ orgs: [{{ deployments: {{ messaging: {{ auth: {{ mergeContacts: {merges} }} }} }} }}] }}"
        ))
        .await;
        let mut socket = session(&emulator, TOKEN).await;
        say(&mut socket, TOKEN, "who am I?").await;
        let ghost = emulator.conversation().await["contactId"].clone();
        let jwt = alice(&emulator, DEPLOYMENT).await;
        socket.send(authenticated(DEPLOYMENT, TOKEN, &jwt)).await;
        assert_eq!(socket.next().await["body"]["events"][0]["presence"]["type"], "SignIn");
        socket.next().await;
        let told = contacts(&emulator).await;
        assert_eq!(told.matches("into: 1").count(), expected, "{told}");
        assert_eq!(emulator.conversation().await["contactId"] == ghost, !merges);
        say(&mut socket, TOKEN, "it is me").await;
        let read = history(&emulator, &mut socket, TOKEN).await;
        assert_eq!(read, ["it is me", "SignIn", "who am I?"], "the conversation under way is always read");
    }
}

#[tokio::test]
async fn contacts_are_listed_in_the_order_of_coming_a_page_at_a_time() {
    let emulator = TestEmulator::start().await;
    for token in ["t-1", "t-2"] {
        let mut socket = session(&emulator, token).await;
        say(&mut socket, token, "hello").await;
    }
    device(&emulator, "t-3").await;
    let get = async |query: &str| emulator.client.admin("GET", &format!("/contacts{query}"), None).await;
    let first = get("?limit=2").await.json();
    let next = first["next"].as_str().unwrap();
    let rest = get(&format!("?after={next}")).await;
    assert_snapshot!(rest.text, @r#"{"entities":[{"id":"0b6c9679-08e1-4cce-a524-41af1ea08d30","type":"Identified","externalId":"user-alice","firstName":"Alice","lastName":"Adams","createDate":"2026-01-02T03:04:05.000Z","conversations":[],"mergedFrom":[]}],"next":null}"#);
    let wrong = [get("?limit=0").await, get("?after=x").await, get("?of=x").await];
    let wrong: Vec<_> = wrong.iter().map(|answer| format!("{} {}", answer.status, answer.text)).collect();
    assert_snapshot!(wrong.join("\n"), @r#"
    400 {"type":"about:blank","title":"A member is not as expected","status":400,"detail":"`limit` is between 1 and 1000","field":"limit"}
    400 {"type":"about:blank","title":"A member is not as expected","status":400,"detail":"there is no such contact; take `next` of an earlier answer","field":"after"}
    400 {"type":"about:blank","title":"A member is not as expected","status":400,"detail":"`of` is not a filter","field":"of"}
    "#);
}
