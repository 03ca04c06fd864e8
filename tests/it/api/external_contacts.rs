//! `/api/v2/externalcontacts/contacts`: written, found, claimed, merged.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Answer, DEPLOYMENT, TestEmulator};

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
const CRM: &str = "name: crm\nworld: { orgs: [{ externalSources: { crm: { id: crm, name: CRM } } }] }";

async fn ask(emulator: &TestEmulator, method: &str, path: &str, body: Value) -> Answer {
    let token = emulator.token("emulator-client", "emulator-secret").await;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    emulator.client.send(method, path, &headers, body.to_string()).await
}

/// A contact with these members; its id.
async fn written(emulator: &TestEmulator, body: Value) -> String {
    let answer = ask(emulator, "POST", CONTACTS, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn crm(value: &str) -> Value {
    json!({ "type": "ExternalId", "value": value, "externalSource": { "id": "crm" } })
}

#[tokio::test]
async fn a_contact_is_written_and_shown_with_its_id_in_another_system() {
    let emulator = TestEmulator::yaml(CRM).await;
    let phone = json!({ "e164": "+4312345", "display": "+43 1 2345" });
    let body = json!({
        "firstName": "Ann", "lastName": "Adams", "workEmail": "ann@shop.test", "cellPhone": phone,
        "customFields": { "tier": { "name": "gold" } }, "externalIds": [crm("42")], "type": "Ephemeral", "shoes": 42,
    });
    let made = ask(&emulator, "POST", CONTACTS, body).await;
    assert_snapshot!(made.text, @r#"{"id":"5a1379f1-11e8-45c2-956e-cadb76ed1487","firstName":"Ann","lastName":"Adams","cellPhone":{"display":"+43 1 2345","e164":"+4312345"},"workEmail":"ann@shop.test","customFields":{"tier":{"name":"gold"}},"externalIds":[{"externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"},"value":"42"}],"identifiers":[{"type":"ExternalId","value":"42","dateCreated":"2026-01-02T03:04:05.000Z","externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"}}],"modifyDate":"2026-01-02T03:04:05.000Z","createDate":"2026-01-02T03:04:05.000Z","type":"Curated","canonicalContact":{"id":"5a1379f1-11e8-45c2-956e-cadb76ed1487","selfUri":"/api/v2/externalcontacts/contacts/5a1379f1-11e8-45c2-956e-cadb76ed1487"},"mergeSet":[{"id":"5a1379f1-11e8-45c2-956e-cadb76ed1487","selfUri":"/api/v2/externalcontacts/contacts/5a1379f1-11e8-45c2-956e-cadb76ed1487"}],"mergedFrom":[],"selfUri":"/api/v2/externalcontacts/contacts/5a1379f1-11e8-45c2-956e-cadb76ed1487"}"#);
    let path = made.json()["selfUri"].as_str().unwrap().to_owned();
    emulator.advance("1m").await;
    let shown = ask(&emulator, "GET", &path, json!({})).await;
    assert_eq!(shown.json()["externalIds"], made.json()["externalIds"]);
    assert_eq!(shown.json().get("identifiers"), None, "only where they are asked for");
    let journal = serde_json::to_string(&emulator.journal("").await).unwrap();
    assert!(journal.contains("customFields") && !journal.contains("gold"), "{journal}");
}

#[tokio::test]
async fn what_cannot_be_right_is_told_with_the_member() {
    let emulator = TestEmulator::yaml(CRM).await;
    let mut said = String::new();
    for body in [
        json!({ "personalEmail": "nobody" }),
        json!({ "homePhone": { "e164": "0043" } }),
        json!({ "firstName": ["Ann"] }),
        json!({ "externalIds": [{ "value": "1" }] }),
        json!({ "externalIds": [{ "value": "1", "externalSource": { "id": "erp" } }] }),
        json!({ "identifiers": [{ "type": "Email", "value": " " }] }),
        json!({ "identifiers": [{ "type": "Email", "value": "a@b", "externalSource": { "id": "crm" } }] }),
        json!({ "identifiers": [{ "type": "Shoe", "value": "42" }] }),
    ] {
        let answer = ask(&emulator, "POST", CONTACTS, body).await;
        said += &format!("{} {} {}\n", answer.status, answer.json()["code"], answer.json()["message"]);
    }
    assert_snapshot!(said, @r#"
    422 "validation.failed" "personalEmail is no address with `@`"
    422 "validation.failed" "homePhone has an `e164` that is not `+` and up to 15 digits"
    400 "bad.request" "The body cannot be read: invalid type, expected a string at line 1 column 21"
    422 "validation.failed" "an identifier of type ExternalId needs externalSource.id"
    422 "validation.failed" "there is no external source erp"
    422 "validation.failed" "the identifier has no value"
    422 "validation.failed" "externalSource is of identifiers of type ExternalId"
    400 "bad.request" "The body cannot be read: unknown variant `Shoe`, expected one of `SocialLine`, `SocialFacebook`, `SocialTwitter`, `SocialWhatsapp`, `SocialInstagram`, `SocialWhatsappBsuid`, `AppleOpaqueId`, `Email`, `Phone`, `Cookie`, `ExternalId` at line 1 column 30"
    "#);
    let all = ask(&emulator, "GET", CONTACTS, json!({})).await.json();
    assert_eq!(all["total"], 0, "nothing was written");
}

#[tokio::test]
async fn an_identifier_finds_its_contact_until_it_is_released() {
    let emulator = TestEmulator::yaml(CRM).await;
    let (ann, bob) =
        (written(&emulator, json!({ "firstName": "Ann" })).await, written(&emulator, json!({})).await);
    let lookup = "/api/v2/externalcontacts/identifierlookup/contacts?expand=identifiers";
    let of = |id: &str| format!("{CONTACTS}/{id}/identifiers");
    let with =
        |operation: &str, identifier: Value| json!({ "operation": operation, "identifier": identifier });
    let email = |text: &str| json!({ "type": "Email", "value": text });
    let mut said = String::new();
    for (method, path, body) in [
        ("POST", lookup.to_owned(), crm("42")),
        ("PATCH", of(&ann), with("Claim", crm("42"))),
        ("PATCH", of(&bob), with("Claim", crm("42"))),
        ("PATCH", of(&ann), with("Claim", email("Ann@Shop.test"))),
        ("PATCH", of(&bob), with("Claim", email("ann@shop.test"))),
        ("PATCH", of(&bob), with("Release", crm("42"))),
        ("PATCH", of(&bob), with("Steal", crm("42"))),
        ("POST", lookup.to_owned(), crm("42")),
        ("PATCH", of(&ann), with("Release", crm("42"))),
        ("PATCH", of(&bob), with("Claim", crm("42"))),
        ("GET", of(&ann), json!({})),
    ] {
        let answer = ask(&emulator, method, &path, body).await;
        let told = match answer.status {
            200 => answer.text.clone(),
            _ => format!("{} {}", answer.json()["code"], answer.json()["message"]),
        };
        said += &format!("{} {told}\n", answer.status);
    }
    assert_snapshot!(said.replace(&ann, "{ann}").replace(&bob, "{bob}"), @r#"
    404 "not.found" "The requested resource was not found."
    200 {"type":"ExternalId","value":"42","dateCreated":"2026-01-02T03:04:05.000Z","externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"}}
    409 "identifier.claim.conflict" "The identifier is claimed by another contact."
    200 {"type":"Email","value":"Ann@Shop.test","dateCreated":"2026-01-02T03:04:05.000Z"}
    409 "identifier.claim.conflict" "The identifier is claimed by another contact."
    404 "identifier.cannot.be.released" "The contact does not have this identifier."
    400 "invalid.operation.type" "Steal is not an operation. Expected Claim or Release."
    200 {"id":"{ann}","firstName":"Ann","externalIds":[{"externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"},"value":"42"}],"identifiers":[{"type":"ExternalId","value":"42","dateCreated":"2026-01-02T03:04:05.000Z","externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"}},{"type":"Email","value":"Ann@Shop.test","dateCreated":"2026-01-02T03:04:05.000Z"}],"modifyDate":"2026-01-02T03:04:05.000Z","createDate":"2026-01-02T03:04:05.000Z","type":"Curated","canonicalContact":{"id":"{ann}","selfUri":"/api/v2/externalcontacts/contacts/{ann}"},"mergeSet":[{"id":"{ann}","selfUri":"/api/v2/externalcontacts/contacts/{ann}"}],"mergedFrom":[],"selfUri":"/api/v2/externalcontacts/contacts/{ann}"}
    200 {"type":"ExternalId","value":"42","dateCreated":"2026-01-02T03:04:05.000Z","externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"}}
    200 {"type":"ExternalId","value":"42","dateCreated":"2026-01-02T03:04:05.000Z","externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"}}
    200 {"entities":[{"type":"Email","value":"Ann@Shop.test","dateCreated":"2026-01-02T03:04:05.000Z"}]}
    "#);
    let found = ask(&emulator, "POST", lookup, crm("42")).await;
    assert_eq!(found.json()["id"], bob.as_str());
}

#[tokio::test]
async fn a_source_that_is_not_in_use_gives_no_new_identifiers() {
    let yaml = "name: crm\nworld: { orgs: [{ externalSources: { crm: { id: crm, active: false } } }] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let ann = written(&emulator, json!({})).await;
    let body = json!({ "operation": "Claim", "identifier": crm("42") });
    let answer = ask(&emulator, "PATCH", &format!("{CONTACTS}/{ann}/identifiers"), body).await;
    assert_snapshot!(format!("{} {} {}", answer.status, answer.json()["code"], answer.json()["message"]), @r#"422 "identifier.cannot.be.claimed" "external source crm is not in use""#);
}

#[tokio::test]
async fn a_contact_is_replaced_changed_and_taken_away() {
    let emulator = TestEmulator::yaml(CRM).await;
    let ann =
        written(&emulator, json!({ "firstName": "Ann", "title": "Dr", "externalIds": [crm("1"), crm("2")] }))
            .await;
    let path = format!("{CONTACTS}/{ann}");
    let put =
        ask(&emulator, "PUT", &path, json!({ "firstName": "Anna", "externalIds": [crm("2"), crm("3")] }))
            .await;
    let ids = |answer: &Answer| {
        answer.json()["externalIds"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["value"].clone())
            .collect::<Value>()
    };
    assert_eq!(
        (put.json()["firstName"].as_str(), put.json().get("title"), ids(&put)),
        (Some("Anna"), None, json!(["2", "3"]))
    );
    let changes = json!({ "changes": [
        { "action": "UpdateIfEmpty", "field": "firstName", "value": "Eve" },
        { "action": "Update", "field": "lastName", "value": "Adams" },
        { "action": "RemoveFromCollection", "field": "externalIds", "value": { "value": "2", "externalSource": { "id": "crm" } } },
        { "action": "AppendToCollection", "field": "externalIds", "value": { "value": "4", "externalSource": { "id": "crm" } } },
    ] });
    let patched = ask(&emulator, "PATCH", &path, changes).await;
    assert_eq!(
        (patched.json()["firstName"].as_str(), patched.json()["lastName"].as_str(), ids(&patched)),
        (Some("Anna"), Some("Adams"), json!(["3", "4"]))
    );
    let wrong = json!({ "changes": [
        { "action": "Update", "field": "lastName", "value": "Brown" },
        { "action": "Update", "field": "lastNam", "value": "Adams" },
    ] });
    let refused = ask(&emulator, "PATCH", &path, wrong).await;
    assert_snapshot!(format!("{} {}", refused.status, refused.json()["message"]), @r#"422 "lastNam is not a field that can be changed""#);
    assert_eq!(
        ask(&emulator, "GET", &path, json!({})).await.json()["lastName"],
        "Adams",
        "wholly or not at all"
    );
    assert_eq!(ask(&emulator, "DELETE", &path, json!({})).await.text, "{}");
    assert_eq!(ask(&emulator, "GET", &path, json!({})).await.status, 404);
    written(&emulator, json!({ "externalIds": [crm("3"), crm("4")] })).await;
}

#[tokio::test]
async fn contacts_are_searched_sorted_and_paged() {
    let emulator = TestEmulator::yaml(CRM).await;
    for (first, last, email) in [
        ("Ann", "Adams", "ann@shop.test"),
        ("Bob", "Brown", "bob@shop.test"),
        ("Anna", "Clark", "c@other.test"),
    ] {
        written(
            &emulator,
            json!({ "firstName": first, "lastName": last, "workEmail": email, "externalIds": [crm(first)] }),
        )
        .await;
    }
    let mut said = String::new();
    for query in [
        "",
        "?q=ann",
        "?q=SHOP.test&sortOrder=firstName:desc",
        "?q=Ann%20Adams",
        "?q=bob",
        "?pageSize=2&pageNumber=2",
        "?q=an&pageSize=1",
        "?pageSize=2&pageNumber=9",
        "?pageSize=0",
        "?sortOrder=shoe",
        "?expand=shoe",
    ] {
        let answer = ask(&emulator, "GET", &format!("{CONTACTS}{query}"), json!({})).await;
        let body = answer.json();
        said += &match answer.status {
            200 => {
                let names: Vec<_> = body["entities"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["firstName"].as_str().unwrap())
                    .collect();
                format!(
                    "{query} {names:?} of {}, {} pages, next {}\n",
                    body["total"], body["pageCount"], body["nextUri"]
                )
            }
            status => format!("{query} {status} {} {}\n", body["code"], body["message"]),
        };
    }
    assert_snapshot!(said, @r#"
     ["Ann", "Bob", "Anna"] of 3, 1 pages, next null
    ?q=ann ["Ann", "Anna"] of 2, 1 pages, next null
    ?q=SHOP.test&sortOrder=firstName:desc ["Bob", "Ann"] of 2, 1 pages, next null
    ?q=Ann%20Adams ["Ann"] of 1, 1 pages, next null
    ?q=bob ["Bob"] of 1, 1 pages, next null
    ?pageSize=2&pageNumber=2 ["Anna"] of 3, 2 pages, next null
    ?q=an&pageSize=1 ["Ann"] of 2, 2 pages, next "/api/v2/externalcontacts/contacts?q=an&pageSize=1&pageNumber=2"
    ?pageSize=2&pageNumber=9 [] of 3, 2 pages, next null
    ?pageSize=0 400 "invalid.query.param.value" "Value [0] is not valid for its query parameter."
    ?sortOrder=shoe 400 "invalid.query.param.value" "Value [shoe] is not valid for its query parameter."
    ?expand=shoe 400 "invalid.query.param.value" "Value [shoe] is not valid for its query parameter."
    "#);
}

#[tokio::test]
async fn merged_contacts_are_one_new_contact_which_both_ids_find() {
    let emulator = TestEmulator::yaml(CRM).await;
    let ann = written(&emulator, json!({ "firstName": "Ann", "externalIds": [crm("42")] })).await;
    let guest = written(&emulator, json!({ "firstName": "Guest", "lastName": "Adams" })).await;
    let body = json!({ "contactIds": [ann, guest], "valueOverride": { "title": "Dr" } });
    let merged = ask(&emulator, "POST", &format!("{CONTACTS}/merge"), body).await;
    let id = merged.json()["id"].as_str().unwrap().to_owned();
    let named = |text: &str| text.replace(&ann, "{ann}").replace(&guest, "{guest}").replace(&id, "{merged}");
    assert_snapshot!(named(&merged.text), @r#"{"id":"{merged}","firstName":"Ann","lastName":"Adams","title":"Dr","externalIds":[{"externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"},"value":"42"}],"identifiers":[{"type":"ExternalId","value":"42","dateCreated":"2026-01-02T03:04:05.000Z","externalSource":{"id":"crm","name":"CRM","active":true,"selfUri":"/api/v2/externalcontacts/externalsources/crm"}}],"modifyDate":"2026-01-02T03:04:05.000Z","createDate":"2026-01-02T03:04:05.000Z","type":"Curated","canonicalContact":{"id":"{merged}","selfUri":"/api/v2/externalcontacts/contacts/{merged}"},"mergeSet":[{"id":"{merged}","selfUri":"/api/v2/externalcontacts/contacts/{merged}"},{"id":"{ann}","selfUri":"/api/v2/externalcontacts/contacts/{ann}"},{"id":"{guest}","selfUri":"/api/v2/externalcontacts/contacts/{guest}"}],"mergedFrom":[{"id":"{ann}","selfUri":"/api/v2/externalcontacts/contacts/{ann}"},{"id":"{guest}","selfUri":"/api/v2/externalcontacts/contacts/{guest}"}],"selfUri":"/api/v2/externalcontacts/contacts/{merged}"}"#);
    for old in [&ann, &guest] {
        assert_eq!(
            ask(&emulator, "GET", &format!("{CONTACTS}/{old}"), json!({})).await.json()["id"],
            id.as_str()
        );
    }
    let unresolved = ask(&emulator, "GET", &format!("{CONTACTS}/{guest}/unresolved"), json!({})).await;
    assert_snapshot!(named(&unresolved.text), @r#"{"id":"{guest}","firstName":"Guest","lastName":"Adams","externalIds":[],"modifyDate":"2026-01-02T03:04:05.000Z","createDate":"2026-01-02T03:04:05.000Z","type":"Curated","canonicalContact":{"id":"{merged}","selfUri":"/api/v2/externalcontacts/contacts/{merged}"},"mergeSet":[{"id":"{merged}","selfUri":"/api/v2/externalcontacts/contacts/{merged}"},{"id":"{ann}","selfUri":"/api/v2/externalcontacts/contacts/{ann}"},{"id":"{guest}","selfUri":"/api/v2/externalcontacts/contacts/{guest}"}],"mergedFrom":[],"mergedTo":{"id":"{merged}","selfUri":"/api/v2/externalcontacts/contacts/{merged}"},"selfUri":"/api/v2/externalcontacts/contacts/{guest}"}"#);
    let lookup = "/api/v2/externalcontacts/identifierlookup";
    assert_eq!(ask(&emulator, "POST", lookup, crm("42")).await.json()["id"], id.as_str());
    let all = ask(&emulator, "GET", CONTACTS, json!({})).await.json();
    assert_eq!((&all["total"], &all["entities"][0]["id"]), (&json!(1), &json!(id)));
    let older = json!({ "sourceContactId": written(&emulator, json!({ "firstName": "Bob" })).await, "targetContactId": id });
    let again = ask(&emulator, "POST", "/api/v2/externalcontacts/merge/contacts", older).await.json();
    assert_eq!((&again["firstName"], &again["title"]), (&json!("Ann"), &json!("Dr")));
    let same =
        ask(&emulator, "POST", &format!("{CONTACTS}/merge"), json!({ "contactIds": [ann, guest] })).await;
    assert_snapshot!(format!("{} {}", same.status, same.json()["message"]), @r#"422 "contactIds names 2 to 25 different contacts""#);
}

#[tokio::test]
async fn the_contact_of_a_guest_is_promoted_and_its_conversation_may_go_to_another() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "hello").await;
    socket.next().await;
    let conversation = emulator.conversation().await;
    let [ghost, id] = ["contactId", "id"].map(|name| conversation[name].as_str().unwrap().to_owned());
    let path = format!("{CONTACTS}/{ghost}");
    assert_eq!(ask(&emulator, "GET", &path, json!({})).await.json()["type"], "Ephemeral");
    let promoted = ask(&emulator, "POST", &format!("{path}/promotion"), json!({})).await;
    assert_eq!((promoted.status, promoted.json()["type"].as_str()), (200, Some("Curated")));
    let again = ask(&emulator, "POST", &format!("{path}/promotion"), json!({})).await;
    assert_eq!(
        (again.status, again.json()["code"].as_str()),
        (400, Some("promotion.of.curated.contact.failed"))
    );

    let ann = written(&emulator, json!({ "firstName": "Ann" })).await;
    let path = format!("/api/v2/externalcontacts/conversations/{id}");
    let mut said = Vec::new();
    for (contact, communication) in [(ann.as_str(), ""), ("x", "c"), (ann.as_str(), "c")] {
        let body = json!({ "externalContactId": contact, "conversationId": id, "communicationId": communication, "mediaType": "MESSAGE" });
        said.push(ask(&emulator, "PUT", &path, body).await.status);
    }
    assert_eq!(said, [400, 404, 202]);
    assert_eq!(emulator.conversation().await["contactId"], ann.as_str());
    let contacts = emulator.client.admin("GET", "/contacts", None).await.json();
    let of = |nth: usize| contacts["entities"][nth]["conversations"].clone();
    assert_eq!((of(0), of(1)), (json!([]), json!([id])));
}
