//! External contacts as published.

use serde_json::{Value, json};

use super::{Contract, contract, held::Held};
use crate::support::TestEmulator;

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
const SOURCES: &str = "/api/v2/externalcontacts/externalsources";
const LOOKUP: &str = "/api/v2/externalcontacts/identifierlookup";

#[tokio::test]
async fn external_sources_answer_as_published() {
    let Some(held) = Held::start().await else { return };
    let one = "/api/v2/externalcontacts/externalsources/{externalSourceId}";
    let link = json!({ "uriTemplate": "https://crm.test/{id}" });
    let id = held.id(SOURCES, json!({ "name": "crm", "linkConfiguration": link })).await;
    let path = format!("{SOURCES}/{id}");
    held.ask("POST", SOURCES, SOURCES, json!({ "name": "crm" }), 409).await;
    held.ask("POST", SOURCES, SOURCES, json!({}), 422).await;
    held.ask("POST", SOURCES, SOURCES, json!([]), 400).await;
    held.ask("GET", &path, one, json!({}), 200).await;
    held.ask("PUT", &path, one, json!({ "name": "crm", "active": false }), 200).await;
    held.ask("PUT", &format!("{SOURCES}/x"), one, json!({ "name": "x" }), 404).await;
    held.ask("GET", &format!("{SOURCES}?limit=1"), SOURCES, json!({}), 200).await;
    held.ask("GET", &format!("{SOURCES}?limit=0"), SOURCES, json!({}), 400).await;
    held.ask("DELETE", &path, one, json!({}), 204).await;
    held.ask("DELETE", &path, one, json!({}), 404).await;
    held.ask("GET", &path, one, json!({}), 404).await;
}

#[tokio::test]
async fn external_contacts_answer_as_published() {
    let Some(held) = Held::start().await else { return };
    let one = "/api/v2/externalcontacts/contacts/{contactId}";
    let identifiers = "/api/v2/externalcontacts/contacts/{contactId}/identifiers";
    let source = held.id(SOURCES, json!({ "name": "crm" })).await;
    let external = |value: &str| json!({ "externalSource": { "id": source, "name": "crm" }, "value": value });
    let ann = json!({
        "firstName": "Ann", "lastName": "Adams", "workEmail": "ann@shop.test", "title": "Dr",
        "cellPhone": { "display": "+43 1 234", "e164": "+431234", "acceptsSMS": true },
        "address": { "city": "Graz", "countryCode": "AT" }, "surveyOptOut": true,
        "externalIds": [external("42")], "identifiers": [{ "type": "Email", "value": "ann@shop.test" }],
    });
    let id = held.id(CONTACTS, ann.clone()).await;
    let path = format!("{CONTACTS}/{id}");
    held.ask("POST", CONTACTS, CONTACTS, ann.clone(), 409).await;
    held.ask("POST", CONTACTS, CONTACTS, json!({ "workEmail": "nobody" }), 422).await;
    held.ask("POST", CONTACTS, CONTACTS, json!({ "firstName": 1 }), 400).await;
    held.ask("GET", &format!("{path}?expand=identifiers"), one, json!({}), 200).await;
    held.ask("GET", &format!("{path}?expand=shoes"), one, json!({}), 400).await;
    held.ask("GET", &format!("{CONTACTS}/x"), one, json!({}), 404).await;
    held.ask("PUT", &path, one, json!({ "firstName": "Anna", "externalIds": [external("43")] }), 200).await;
    held.ask("PUT", &format!("{CONTACTS}/x"), one, json!({}), 404).await;
    let change = |action: &str, field: &str, value: Value| json!({ "changes": [{ "action": action, "field": field, "value": value }] });
    held.ask("PATCH", &path, one, change("AppendToCollection", "externalIds", external("44")), 200).await;
    held.ask("PATCH", &path, one, change("Update", "shoes", json!("x")), 422).await;
    held.ask("PATCH", &format!("{CONTACTS}/x"), one, json!({}), 404).await;
    held.ask("GET", &format!("{CONTACTS}?q=anna&sortOrder=lastName:desc"), CONTACTS, json!({}), 200).await;
    held.ask("GET", &format!("{CONTACTS}?sortOrder=shoes"), CONTACTS, json!({}), 400).await;

    let path_of = format!("{path}/identifiers");
    let email = |operation: &str| json!({ "operation": operation, "identifier": { "type": "Email", "value": "ann@shop.test" } });
    held.ask("GET", &path_of, identifiers, json!({}), 200).await;
    held.ask("PATCH", &path_of, identifiers, email("Claim"), 200).await;
    held.ask("PATCH", &path_of, identifiers, email("Take"), 400).await;
    let other = held.id(CONTACTS, json!({ "firstName": "Bob" })).await;
    let path_of_other = format!("{CONTACTS}/{other}/identifiers");
    held.ask("PATCH", &path_of_other, identifiers, email("Claim"), 409).await;
    held.ask("PATCH", &path_of_other, identifiers, email("Release"), 404).await;
    let empty = json!({ "operation": "Claim", "identifier": { "type": "Email", "value": "" } });
    held.ask("PATCH", &path_of_other, identifiers, empty, 422).await;

    for path in [LOOKUP.to_owned(), format!("{LOOKUP}/contacts")] {
        let wanted =
            |value: &str| json!({ "type": "ExternalId", "value": value, "externalSource": { "id": source } });
        held.ask("POST", &path, &path, wanted("44"), 200).await;
        held.ask("POST", &path, &path, wanted("42"), 404).await;
        held.ask("POST", &path, &path, json!({ "type": "ExternalId", "value": "44" }), 422).await;
    }

    let merge = format!("{CONTACTS}/merge");
    held.ask("POST", &merge, &merge, json!({ "contactIds": [id] }), 422).await;
    held.ask("POST", &merge, &merge, json!({ "contactIds": [id, "x"] }), 404).await;
    let both =
        held.id(&merge, json!({ "contactIds": [id, other], "valueOverride": { "title": "Prof" } })).await;
    held.ask("GET", &path, one, json!({}), 200).await;
    let promotion = "/api/v2/externalcontacts/contacts/{contactId}/promotion";
    held.ask("POST", &format!("{CONTACTS}/{both}/promotion"), promotion, json!({}), 400).await;
    held.ask("DELETE", &format!("{CONTACTS}/{both}"), one, json!({}), 200).await;
    held.ask("DELETE", &format!("{CONTACTS}/{both}"), one, json!({}), 404).await;
}

#[tokio::test]
async fn without_rights_external_contacts_answer_as_published() {
    let Some(contract) = contract().map(Contract) else { return };
    let emulator = TestEmulator::yaml(
        "name: c\nworld: { orgs: [{ scopeChecks: all, limits: { tokenRate: 0 }, clients: { \
         scoped: { id: scoped, secret: s, scopes: ['external-contacts:readonly'] }, \
         may: { id: may, secret: s, scopes: ['external-contacts'], permissions: ['externalContacts:*'] } } }] }",
    )
    .await;
    let readonly = emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    let (scoped, may) = (emulator.token("scoped", "s").await, emulator.token("may", "s").await);
    for path in [CONTACTS, SOURCES] {
        for (token, status) in
            [("", 401), (readonly.as_str(), 403), (scoped.as_str(), 403), (may.as_str(), 429)]
        {
            let answer = super::ask(&emulator, "GET", path, token).await;
            assert_eq!(answer.status, status, "{}", answer.text);
            contract.check("GET", path, &answer);
        }
    }
}
