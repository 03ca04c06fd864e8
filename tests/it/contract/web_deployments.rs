//! Web deployments and integrations as published.

use serde_json::{Value, json};

use super::Held;

const DEPLOYMENTS: &str = "/api/v2/webdeployments/deployments";
const CONFIGURATIONS: &str = "/api/v2/webdeployments/configurations";
const INTEGRATIONS: &str = "/api/v2/integrations";
const CREDENTIALS: &str = "/api/v2/integrations/credentials";

#[tokio::test]
async fn web_deployments_answer_as_published() {
    let Some(held) = Held::start().await else { return };
    let [configuration, versions, draft, publish, version] =
        ["", "/versions", "/versions/draft", "/versions/draft/publish", "/versions/{versionId}"]
            .map(|rest| format!("{CONFIGURATIONS}/{{configurationId}}{rest}"));
    let messenger =
        json!({ "apps": { "conversations": { "humanize": { "enabled": true, "bot": { "name": "B" } } } } });
    let id =
        held.id(CONFIGURATIONS, json!({ "name": "c", "description": "d", "messenger": messenger })).await;
    let at = |rest: &str| format!("{CONFIGURATIONS}/{id}{rest}");
    held.ask("POST", CONFIGURATIONS, CONFIGURATIONS, json!({}), 400).await;
    held.ask("PUT", &at("/versions/draft"), &draft, json!({ "name": "c" }), 200).await;
    held.ask("PUT", &at("/versions/draft"), &draft, json!({}), 400).await;
    held.ask("GET", &at("/versions/draft"), &draft, json!({}), 200).await;
    held.ask("POST", &at("/versions/draft/publish"), &publish, json!({}), 200).await;
    held.ask("GET", &at("/versions"), &versions, json!({}), 200).await;
    held.ask("GET", &at("/versions/1"), &version, json!({}), 200).await;
    held.ask("GET", &at("/versions/2"), &version, json!({}), 404).await;
    held.ask("GET", CONFIGURATIONS, CONFIGURATIONS, json!({}), 200).await;

    let [one, active, resolution] = ["", "/configurations", "/identityresolution"]
        .map(|rest| format!("{DEPLOYMENTS}/{{deploymentId}}{rest}"));
    let reference = json!({ "id": id, "version": "1" });
    let wanted = json!({ "name": "d", "configuration": reference, "allowedDomains": ["shop.test"],
        "pushIntegrations": [{ "id": "p", "provider": "FCM" }] });
    let deployment = held.id(DEPLOYMENTS, wanted.clone()).await;
    let at_deployment = |rest: &str| format!("{DEPLOYMENTS}/{deployment}{rest}");
    let flow = json!({ "name": "d", "configuration": reference, "flow": { "id": "none" } });
    held.ask("POST", DEPLOYMENTS, DEPLOYMENTS, flow, 400).await;
    let content = json!({ "name": "d", "configuration": reference, "supportedContent": { "id": "none" } });
    held.ask("POST", DEPLOYMENTS, DEPLOYMENTS, content, 404).await;
    held.ask("PUT", &at_deployment(""), &one, wanted, 200).await;
    held.ask("GET", &at_deployment(""), &one, json!({}), 200).await;
    held.ask("GET", &at_deployment("/configurations"), &active, json!({}), 200).await;
    held.ask("GET", &at_deployment("/identityresolution"), &resolution, json!({}), 200).await;
    let resolves = json!({ "resolveIdentities": true });
    held.ask("PUT", &at_deployment("/identityresolution"), &resolution, resolves, 200).await;
    held.ask("PUT", &at_deployment("/identityresolution"), &resolution, json!({}), 400).await;
    for query in ["", "?expand=Configuration", "?pageSize=1"] {
        held.ask("GET", &format!("{DEPLOYMENTS}{query}"), DEPLOYMENTS, json!({}), 200).await;
    }
    held.ask("DELETE", &at(""), &configuration, json!({}), 409).await;
    held.ask("DELETE", &at_deployment(""), &one, json!({}), 204).await;
    held.ask("DELETE", &at_deployment(""), &one, json!({}), 404).await;
    held.ask("DELETE", &at(""), &configuration, json!({}), 204).await;
}

#[tokio::test]
async fn integrations_answer_as_published() {
    let Some(held) = Held::start().await else { return };
    let (one, configuration) = (
        format!("{INTEGRATIONS}/{{integrationId}}"),
        format!("{INTEGRATIONS}/{{integrationId}}/config/current"),
    );
    let kind = json!({ "id": "webdeploymentsOAuthClient" });
    let id = held.id(INTEGRATIONS, json!({ "name": "i", "integrationType": kind })).await;
    held.ask("POST", INTEGRATIONS, INTEGRATIONS, json!({}), 400).await;
    held.ask("GET", INTEGRATIONS, INTEGRATIONS, json!({}), 200).await;
    let path = format!("{INTEGRATIONS}/{id}");
    held.ask("GET", &path, &one, json!({}), 200).await;
    let kind = json!({ "name": "webdeploymentsOAuthClient" });
    let wanted = |id: &str| json!({ "name": "c", "type": kind, "credentialFields": { "clientId": id } });
    let credential = held.id(CREDENTIALS, wanted("a")).await;
    let of_credential = format!("{CREDENTIALS}/{{credentialId}}");
    let at_credential = format!("{CREDENTIALS}/{credential}");
    held.ask("GET", &at_credential, &of_credential, json!({}), 200).await;
    held.ask("PUT", &at_credential, &of_credential, wanted("b"), 200).await;
    for listing in
        [CREDENTIALS, "/api/v2/integrations/credentials/listing", "/api/v2/integrations/credentials/types"]
    {
        held.ask("GET", listing, listing, json!({}), 200).await;
    }
    let types = "/api/v2/integrations/types";
    held.ask("GET", types, types, json!({}), 200).await;
    let of_type = "/api/v2/integrations/types/{typeId}";
    held.ask("GET", "/api/v2/integrations/types/webdeploymentsOAuthClient", of_type, json!({}), 200).await;
    held.ask("GET", "/api/v2/integrations/types/none", of_type, json!({}), 404).await;
    let current = format!("{path}/config/current");
    held.ask("GET", &current, &configuration, json!({}), 200).await;
    let said = json!({ "name": "i", "version": 1, "notes": "n", "advanced": {}, "properties": {},
        "credentials": { "webdeploymentsOAuthClient": { "id": credential } } });
    held.ask("PUT", &current, &configuration, said.clone(), 200).await;
    held.ask("PUT", &current, &configuration, said, 409).await;
    let on = json!({ "intendedState": "ENABLED" });
    held.ask("PATCH", &path, &one, on, 200).await;
    held.ask("PATCH", &path, &one, Value::Null, 400).await;
    held.ask("DELETE", &path, &one, json!({}), 200).await;
    held.ask("DELETE", &path, &one, json!({}), 404).await;
    held.ask("DELETE", &at_credential, &of_credential, json!({}), 204).await;
}
