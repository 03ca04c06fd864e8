//! Somebody who has signed in is the external contact that has the subject as its id in another system.

use serde_json::{Value, json};

use super::{
    OTHER, TOKEN,
    authenticated::{alice, configure},
    devices::contacts,
};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

const BY_SUBJECT: &str = "
name: subjects
world:
  orgs:
    - externalSources: { crm: { id: crm } }
      deployments: { messaging: { auth: { externalSource: crm, otherDevices: stay } } }
";

async fn api(emulator: &TestEmulator, path: &str, body: &Value) -> Value {
    let token = emulator.token("emulator-client", "emulator-secret").await;
    let answer = emulator.client.post(&format!("/api/v2/externalcontacts{path}"), Some(&token), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn subject(value: &str) -> Value {
    json!({ "type": "ExternalId", "value": value, "externalSource": { "id": "crm" } })
}

/// Alice says something on a device of hers.
async fn says(emulator: &TestEmulator, token: &str, text: &str) -> Socket {
    let jwt = alice(emulator, DEPLOYMENT).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let answer = configure(&mut socket, DEPLOYMENT, token, &jwt).await;
    assert_eq!(answer["class"], "SessionResponse", "{answer}");
    socket.say(token, text).await;
    socket.next().await;
    socket
}

#[tokio::test]
async fn a_contact_that_an_application_wrote_down_is_the_persons_on_every_device() {
    let emulator = TestEmulator::yaml(BY_SUBJECT).await;
    let written = json!({ "firstName": "Alicia", "externalIds": [subject("user-alice")] });
    let id = api(&emulator, "/contacts", &written).await["id"].clone();
    let _phone = says(&emulator, TOKEN, "from the phone").await;
    let _desk = says(&emulator, OTHER, "from the desk").await;
    assert_eq!(emulator.conversation().await["contactId"], id);
    let all = emulator.client.admin("GET", "/contacts", None).await.json();
    let [one] = &all["entities"].as_array().unwrap()[..] else { panic!("{all}") };
    assert_eq!((&one["id"], &one["type"]), (&id, &json!("Curated")));
    assert_eq!(one["firstName"], "Alicia", "what an application wrote down stays");
    assert_eq!(one["identifiers"][0]["value"], "user-alice");
}

#[tokio::test]
async fn whoever_signs_in_first_has_the_subject_as_identifier_from_then_on() {
    let emulator = TestEmulator::yaml(BY_SUBJECT).await;
    let _phone = says(&emulator, TOKEN, "hello").await;
    let found = api(&emulator, "/identifierlookup/contacts", &subject("user-alice")).await;
    assert_eq!(found["id"], emulator.conversation().await["contactId"]);
    assert_eq!(
        (&found["type"], &found["externalIds"][0]["value"]),
        (&json!("Identified"), &json!("user-alice"))
    );
}

#[tokio::test]
async fn without_a_source_the_subject_is_no_identifier() {
    let yaml = "name: none\nworld: { orgs: [{ externalSources: { crm: { id: crm } } }] }";
    let emulator = TestEmulator::yaml(yaml).await;
    api(&emulator, "/contacts", &json!({ "externalIds": [subject("user-alice")] })).await;
    let _phone = says(&emulator, TOKEN, "hello").await;
    let two = "Curated nobody conversations: 0 into:  from: \n\
               Identified user-alice conversations: 1 into:  from: ";
    assert_eq!(contacts(&emulator).await, two);
}

#[tokio::test]
async fn two_contacts_of_one_person_are_one_when_an_application_merges_them() {
    let emulator = TestEmulator::yaml(BY_SUBJECT).await;
    let mut guest = emulator.socket(DEPLOYMENT).await;
    guest.configure(DEPLOYMENT, OTHER).await;
    guest.say(OTHER, "nobody knows me").await;
    guest.next().await;
    let _phone = says(&emulator, TOKEN, "it is me").await;
    let all = emulator.client.admin("GET", "/contacts", None).await.json();
    let ids: Vec<_> = all["entities"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    let merged = api(&emulator, "/contacts/merge", &json!({ "contactIds": ids })).await;
    assert_eq!(
        contacts(&emulator).await,
        "Ephemeral nobody conversations: 0 into: 2 from: \n\
         Identified user-alice conversations: 0 into: 2 from: \n\
         Curated user-alice conversations: 2 into:  from: 0,1"
    );
    let conversations = emulator.client.admin("GET", "/conversations", None).await.json();
    let of: Vec<_> =
        conversations["entities"].as_array().unwrap().iter().map(|one| &one["contactId"]).collect();
    assert_eq!(of, [&merged["id"], &merged["id"]]);
    assert_eq!(api(&emulator, "/identifierlookup", &subject("user-alice")).await["id"], merged["id"]);
}
