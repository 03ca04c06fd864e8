//! The org itself: what is said of it, and its limits.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::agent::Desk;

const ME: &str = "/api/v2/organizations/me";

#[tokio::test]
async fn an_org_is_written_anew_version_by_version() {
    let desk = Desk::start().await;
    let body = json!({
        "version": 1, "name": "Another Org", "defaultLanguage": "de", "defaultCountryCode": "AT",
        "thirdPartyURI": "https://crm.test/x", "supportURI": "https://help.test", "defaultSiteId": "site",
        "voicemailEnabled": true, "domain": "elsewhere", "state": "active",
    });
    let put = desk.done("PUT", ME, body.clone(), 200).await;
    assert_snapshot!(put.text, @r#"{"id":"00000000-0000-4000-8000-0000000000aa","name":"Another Org","defaultLanguage":"de","defaultCountryCode":"AT","thirdPartyURI":"https://crm.test/x","domain":"emulated-org.mypurecloud.com","features":{},"version":2,"state":"active","defaultSiteId":"site","supportURI":"https://help.test","voicemailEnabled":true,"productPlatform":"GenesysCloud","selfUri":"/api/v2/organizations/00000000-0000-4000-8000-0000000000aa"}"#);
    assert_eq!(desk.done("GET", ME, Value::Null, 200).await.json(), put.json());
    assert_eq!(desk.done("PUT", ME, body, 409).await.json()["code"], "general.conflict");
    let kept = desk.done("PUT", ME, json!({ "version": 2 }), 200).await.json();
    assert_eq!([&kept["name"], &kept["supportURI"]], ["Another Org", "https://help.test"]);
    let long = format!(r#"{{"version":3,"name":"{}"}}"#, "x".repeat(257));
    let bodies = [
        "",
        "[]",
        "{}",
        r#"{"version":"3"}"#,
        r#"{"version":3,"name":1}"#,
        r#"{"version":3,"name":" "}"#,
        &long,
        r#"{"version":3,"defaultLanguage":[]}"#,
        r#"{"version":3,"defaultCountryCode":""}"#,
        r#"{"version":3,"thirdPartyURI":"no uri"}"#,
        r#"{"version":3,"supportURI":7}"#,
        r#"{"version":3,"defaultSiteId":true}"#,
        r#"{"version":3,"voicemailEnabled":"yes"}"#,
        r#"{"version":3,"state":"deleted"}"#,
    ];
    let said = desk.refused("PUT", ME, &bodies).await;
    assert_snapshot!(said.replace(&"x".repeat(257), "xxx"), @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body is not a JSON object"
    {} 400 "constraint.validation" "version is missing"
    {"version":"3"} 400 "bad.request" "version is not a whole number"
    {"version":3,"name":1} 400 "bad.request" "name is not a text"
    {"version":3,"name":" "} 400 "constraint.validation" "name is blank"
    {"version":3,"name":"xxx"} 400 "constraint.validation" "name has more than 256 characters"
    {"version":3,"defaultLanguage":[]} 400 "bad.request" "defaultLanguage is not a text"
    {"version":3,"defaultCountryCode":""} 400 "constraint.validation" "defaultCountryCode is blank"
    {"version":3,"thirdPartyURI":"no uri"} 400 "constraint.validation" "thirdPartyURI is not a URI"
    {"version":3,"supportURI":7} 400 "bad.request" "supportURI is not a text"
    {"version":3,"defaultSiteId":true} 400 "bad.request" "defaultSiteId is not a text"
    {"version":3,"voicemailEnabled":"yes"} 400 "bad.request" "voicemailEnabled is not true or false"
    {"version":3,"state":"deleted"} 400 "constraint.validation" "state deleted is not active: the org of the token stays"
    "#);
}

#[tokio::test]
async fn limits_are_those_of_the_scenario_and_what_they_usually_are() {
    let emulator =
        crate::support::TestEmulator::yaml("name: c\nworld: { orgs: [{ limits: { tokenRate: 7000 } }] }")
            .await;
    let desk = Desk::at(emulator).await;
    const LIMITS: &str = "/api/v2/organizations/limits/namespaces";
    let own = desk.done("GET", &format!("{LIMITS}/platform.api"), Value::Null, 200).await.text;
    assert_snapshot!(own, @r#"{"entities":[{"key":"token.rate.per.minute","namespace":"platform.api","value":7000},{"key":"client.credentials.token.rate.per.minute","namespace":"platform.api","value":7000},{"key":"request.bytes.max","namespace":"platform.api","value":512000}]}"#);
    let usual = desk.undescribed("GET", &format!("{LIMITS}/platform.api/defaults"), Value::Null, 200).await;
    assert_eq!(usual.json()["entities"][0]["value"], 300);
    let none = desk.done("GET", &format!("{LIMITS}/routing"), Value::Null, 200).await.json();
    assert_eq!(none["entities"], json!([]));
    desk.done("GET", &format!("{LIMITS}/pigeons"), Value::Null, 404).await;
    desk.undescribed("GET", &format!("{LIMITS}/pigeons/defaults"), Value::Null, 404).await;
    let page = desk.undescribed("GET", &format!("{LIMITS}?pageSize=2"), Value::Null, 200).await.json();
    assert_eq!(page["entities"], json!(["authorization", "conversation"]));
    desk.undescribed("GET", &format!("{LIMITS}?pageSize=x"), Value::Null, 400).await;
}
