//! What may come and go in messages.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Desk, GUEST, MESSAGES, of_another_org, open_messaging::integration, text};
use crate::support::{DEPLOYMENT, files};

const PROFILES: &str = "/api/v2/conversations/messaging/supportedcontent";
const INTEGRATIONS: &str = "/api/v2/conversations/messaging/integrations/open";

fn profile(inbound: &[&str], outbound: &[&str]) -> Value {
    let types = |all: &[&str]| all.iter().map(|kind| json!({ "type": kind })).collect::<Vec<_>>();
    json!({ "name": "Pictures", "mediaTypes": { "allow": { "inbound": types(inbound), "outbound": types(outbound) } } })
}

#[tokio::test]
async fn profiles_are_made_changed_listed_and_taken_away() {
    let mut desk = Desk::start().await;
    let made = desk.undescribed("POST", PROFILES, profile(&["image/*"], &["*/*"]), 200).await;
    assert_snapshot!(made.text, @r#"{"id":"fc6183b7-9cc1-4a51-9a6a-38c975a5c27f","name":"Pictures","dateCreated":"2026-01-02T03:04:05.000Z","dateModified":"2026-01-02T03:04:05.000Z","createdBy":{"id":"emulator-client","selfUri":"/api/v2/oauth/clients/emulator-client"},"modifiedBy":{"id":"emulator-client","selfUri":"/api/v2/oauth/clients/emulator-client"},"version":1,"mediaTypes":{"allow":{"inbound":[{"type":"image/*"}],"outbound":[{"type":"*/*"}]}},"selfUri":"/api/v2/conversations/messaging/supportedcontent/fc6183b7-9cc1-4a51-9a6a-38c975a5c27f"}"#);
    let one = text(&made.json(), "selfUri").to_owned();
    desk.emulator.advance("1s").await;
    let changed = json!({ "mediaTypes": { "allow": { "outbound": [] } } });
    let changed = desk.undescribed("PATCH", &one, changed, 200).await.json();
    assert_eq!(changed["mediaTypes"]["allow"], json!({ "inbound": [{ "type": "image/*" }], "outbound": [] }));
    assert_eq!([&changed["version"], &changed["name"]], [&json!(2), &json!("Pictures")]);
    assert_eq!(desk.undescribed("GET", &one, Value::Null, 200).await.json(), changed);
    let page = desk
        .undescribed("GET", &format!("{PROFILES}?pageSize=1&pageNumber=2"), Value::Null, 200)
        .await
        .json();
    assert_eq!([&page["total"], &page["entities"][0]["name"]], [&json!(2), &json!("Pictures")]);
    let usual = desk.undescribed("GET", &format!("{PROFILES}/default"), Value::Null, 200).await;
    assert_snapshot!(usual.text, @r#"{"id":"f763dc9a-5c2e-4a7b-a3ae-00b199ba4887","name":"Default","version":1,"mediaTypes":{"allow":{"inbound":[{"type":"*/*"}],"outbound":[{"type":"*/*"}]}},"selfUri":"/api/v2/conversations/messaging/supportedcontent/f763dc9a-5c2e-4a7b-a3ae-00b199ba4887"}"#);
    let usual = usual.json();
    let set =
        desk.undescribed("PUT", &format!("{PROFILES}/default"), json!({ "id": changed["id"] }), 200).await;
    assert_eq!(set.json(), changed);
    for (method, path, body, status, code) in [
        ("DELETE", one.as_str(), Value::Null, 400, "supported.content.in.use"),
        ("DELETE", text(&usual, "selfUri"), Value::Null, 400, "supported.content.in.use"),
        ("PUT", &format!("{PROFILES}/default"), json!({}), 400, "supported.content.id.required"),
        ("PUT", &format!("{PROFILES}/default"), json!({ "id": 7 }), 400, "bad.request"),
        ("PUT", &format!("{PROFILES}/default"), json!({ "id": "x" }), 404, "not.found"),
        ("GET", &format!("{PROFILES}/x"), Value::Null, 404, "not.found"),
        ("PATCH", &format!("{PROFILES}/x"), json!({}), 404, "not.found"),
        ("DELETE", &format!("{PROFILES}/x"), Value::Null, 404, "not.found"),
        ("GET", &format!("{PROFILES}?pageSize=x"), Value::Null, 400, "invalid.query.param.value"),
        ("POST", PROFILES, json!([]), 400, "bad.request"),
        ("POST", PROFILES, json!({}), 400, "invalid.supported.content"),
        ("POST", PROFILES, json!({ "name": 7 }), 400, "bad.request"),
        ("PATCH", &one, json!({ "name": " " }), 400, "invalid.supported.content"),
        ("PATCH", &one, json!({ "mediaTypes": [] }), 400, "bad.request"),
        ("PATCH", &one, json!({ "mediaTypes": { "allow": 1 } }), 400, "bad.request"),
        ("PATCH", &one, json!({ "mediaTypes": { "allow": { "inbound": "image/*" } } }), 400, "bad.request"),
        ("PATCH", &one, json!({ "mediaTypes": { "allow": { "inbound": [{}] } } }), 400, "invalid.media.type"),
        ("PATCH", &one, profile(&["image"], &[]), 400, "invalid.media.type"),
        (
            "PATCH",
            &one,
            profile(&["image/png"; 101], &[]),
            400,
            "maximum.supported.content.media.types.exceeded",
        ),
    ] {
        let answer = desk.undescribed(method, path, body.clone(), status).await.json();
        assert_eq!(answer["code"], code, "{method} {path} {body}: {answer}");
    }
    desk.undescribed("PUT", &format!("{PROFILES}/default"), json!({ "id": usual["id"] }), 200).await;
    desk.undescribed("DELETE", &one, Value::Null, 204).await;
    desk.undescribed("GET", &one, Value::Null, 404).await;
    for nth in 1..=100 {
        desk.undescribed("POST", PROFILES, json!({ "name": format!("p{nth}") }), 200).await;
    }
    let many = desk.undescribed("POST", PROFILES, json!({ "name": "more" }), 400).await.json();
    assert_eq!(many["code"], "maximum.supported.content.profiles.exceeded");
    let all = desk.undescribed("GET", PROFILES, Value::Null, 200).await.json();
    let foreign = text(&all["entities"][5], "selfUri").to_owned();
    desk.token = of_another_org(&desk).await;
    desk.undescribed("GET", &foreign, Value::Null, 404).await;
}

#[tokio::test]
async fn a_guest_sends_what_the_profile_of_its_deployment_has() {
    let desk = Desk::of_agent().await;
    let made = desk.undescribed("POST", PROFILES, profile(&["image/*"], &["text/plain"]), 200).await.json();
    let path = format!("/api/v2/webdeployments/deployments/{DEPLOYMENT}");
    let mut deployment = desk.done("GET", &path, Value::Null, 200).await.json();
    deployment["supportedContent"] = json!({ "id": made["id"] });
    desk.done("PUT", &path, deployment.clone(), 200).await;
    let shown = desk.done("GET", &format!("{path}?expand=supportedContent"), Value::Null, 200).await.json();
    assert_eq!(shown["supportedContent"]["mediaTypes"], made["mediaTypes"]);
    let in_use = desk.undescribed("DELETE", text(&made, "selfUri"), Value::Null, 400).await.json();
    assert_eq!(in_use["code"], "supported.content.in.use");
    desk.on_queue(true).await;
    let (mut guest, id) = desk.guest().await;
    let mut said = String::new();
    for (name, kind) in [("a.png", "image/png"), ("a.pdf", "application/pdf")] {
        guest
            .send(json!({
                "action": "onAttachment", "token": GUEST, "fileName": name, "fileType": kind,
                "fileSize": files::PNG.len(), "errorsAsJson": true, "attachmentId": name,
            }))
            .await;
        let answer = guest.next().await;
        said += &format!("{name} {} {}\n", answer["class"], answer["body"]["errorMessage"]);
    }
    assert_snapshot!(said, @r#"
    a.png "PresignedUrlResponse" null
    a.pdf "GenerateUrlError" "The supported content profile Pictures has no application/pdf inbound"
    "#);
    let (_, communication) = desk.taken(&id).await;
    let uploads = format!("{MESSAGES}/{id}/communications/{communication}/messages/media/uploads");
    for (name, status) in [("a.txt", 200), ("a.png", 400)] {
        let body = json!({ "fileName": name, "contentLengthBytes": 5 });
        desk.done("POST", &uploads, body, status).await;
    }
    deployment["supportedContent"] = json!({ "id": "nothing" });
    let unknown = desk.done("PUT", &path, deployment, 404).await.json();
    assert_eq!(unknown["code"], "scp.id.not.found");
}

#[tokio::test]
async fn an_integration_takes_what_its_profile_has() {
    let desk = Desk::start().await;
    let made = desk.undescribed("POST", PROFILES, profile(&["image/*"], &[]), 200).await.json();
    let id = integration(&desk, "http://127.0.0.1:9/").await;
    let one = format!("{INTEGRATIONS}/{id}");
    let reference = json!({ "supportedContent": { "id": made["id"] } });
    let changed = desk.undescribed("PATCH", &one, reference, 200).await.json();
    assert_eq!(changed["supportedContent"], json!({ "id": made["id"], "selfUri": made["selfUri"] }));
    for (query, total) in [(text(&made, "id"), 1), ("x", 0)] {
        let path = format!("{INTEGRATIONS}?supportedContent.id={query}");
        assert_eq!(desk.undescribed("GET", &path, Value::Null, 200).await.json()["total"], total);
    }
    for wrong in [json!({ "supportedContent": { "id": "x" } }), json!({ "messagingSetting": { "id": "x" } })]
    {
        let answer = desk.undescribed("PATCH", &one, wrong, 400).await.json();
        assert_eq!(answer["code"], "invalid.integration");
    }
    desk.undescribed("PATCH", &one, json!({ "supportedContent": "x" }), 400).await;
    let message = |kind: &str| {
        json!({
            "channel": { "messageId": "m", "from": { "id": "u", "idType": "Opaque" }, "time": "2026-01-05T09:00:00.000Z" },
            "content": [{ "contentType": "Attachment", "attachment": { "mediaType": "File", "url": "https://files.test/a", "mime": kind } }],
        })
    };
    let inbound = format!("{MESSAGES}/{id}/inbound/open/message");
    desk.done("POST", &inbound, message("image/png"), 200).await;
    let refused = desk.done("POST", &inbound, message("application/pdf"), 400).await.json();
    assert_snapshot!(refused["message"], @r#""The supported content profile Pictures has no application/pdf inbound""#);
    let in_use = desk.undescribed("DELETE", text(&made, "selfUri"), Value::Null, 400).await.json();
    assert_eq!(in_use["code"], "supported.content.in.use");
}
