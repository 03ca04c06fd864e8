//! `/api/v2/integrations`: what lets people sign in, set up as administrators and Terraform do.

use insta::assert_snapshot;
use serde_json::json;

use super::web_deployments::{DEPLOYMENTS, EXCHANGE, ask, config_json, done, published, text};
use crate::{
    idp::{REDIRECT_URI, code},
    support::{DEPLOYMENT, TestEmulator},
};

const INTEGRATIONS: &str = "/api/v2/integrations";
const CREDENTIALS: &str = "/api/v2/integrations/credentials";

/// An integration with the built-in provider, by what its own API takes.
async fn integration(emulator: &TestEmulator, discovery: &str) -> String {
    let kind = json!({ "id": "webdeploymentsOAuthClient" });
    let made =
        done(emulator, "POST", INTEGRATIONS, json!({ "name": "Sign-in", "integrationType": kind })).await;
    assert_eq!(made["reportedState"]["code"], "INACTIVE");
    let id = text(&made["id"]);
    let fields = json!({ "clientId": "messenger", "clientSecret": "messenger-secret" });
    let kind = json!({ "name": "webdeploymentsOAuthClient" });
    let wanted = json!({ "name": "c", "type": kind, "credentialFields": fields });
    let credential = done(emulator, "POST", CREDENTIALS, wanted).await;
    assert!(!credential.to_string().contains("messenger-secret"));
    let configuration = json!({ "name": "Sign-in", "version": 1, "notes": "", "advanced": {},
        "properties": { "discoveryUri": discovery, "implicitFlowSupport": "False" },
        "credentials": { "webdeploymentsOAuthClient": { "id": credential["id"] } } });
    let path = format!("{INTEGRATIONS}/{id}/config/current");
    assert_eq!(done(emulator, "PUT", &path, configuration.clone()).await["version"], 2);
    let stale = ask(emulator, "PUT", &path, configuration).await;
    assert_eq!((stale.status, &stale.json()["code"]), (409, &json!("version.conflict")));
    let enabled =
        done(emulator, "PATCH", &format!("{INTEGRATIONS}/{id}"), json!({ "intendedState": "ENABLED" })).await;
    assert_eq!(enabled["reportedState"]["code"], "ACTIVE", "{enabled}");
    id
}

#[tokio::test]
async fn people_sign_in_where_all_was_set_up_through_the_api_alone() {
    let emulator = TestEmulator::of_its_own_url().await;
    let discovery = format!("{}/idp/main/.well-known/openid-configuration", emulator.base());
    let id = integration(&emulator, &discovery).await;
    let settings = json!({ "enabled": true, "integrationId": id, "allowSessionUpgrade": true });
    let configuration =
        published(&emulator, json!({ "name": "c", "authenticationSettings": settings })).await;
    let wanted = json!({ "name": "d", "configuration": { "id": configuration, "version": "1" } });
    let deployment = text(&done(&emulator, "POST", DEPLOYMENTS, wanted).await["id"]);
    assert_eq!(
        config_json(&emulator, &deployment).await.json()["auth"],
        json!({ "enabled": true, "allowSessionUpgrade": true })
    );
    let exchange = async || {
        let oauth = json!({ "code": code(&emulator, &[]).await, "redirectUri": REDIRECT_URI });
        emulator.client.post(EXCHANGE, None, &json!({ "deploymentId": deployment, "oauth": oauth })).await
    };
    let answer = exchange().await;
    assert_eq!(answer.status, 200, "{}", answer.text);

    let one = format!("{INTEGRATIONS}/{id}");
    done(&emulator, "PATCH", &one, json!({ "intendedState": "DISABLED" })).await;
    assert_eq!(exchange().await.status, 401, "{}", emulator.last_refusal().await);
    done(&emulator, "PATCH", &one, json!({ "intendedState": "ENABLED" })).await;
    assert_eq!(exchange().await.status, 200);

    // the secret is another one: the provider refuses the platform
    let credential = text(
        &done(&emulator, "GET", &one, json!({})).await["config"]["current"]["credentials"]["webdeploymentsOAuthClient"]
            ["id"],
    );
    let kind = json!({ "name": "webdeploymentsOAuthClient" });
    let fields = json!({ "clientId": "messenger", "clientSecret": "another" });
    let path = format!("{CREDENTIALS}/{credential}");
    done(&emulator, "PUT", &path, json!({ "name": "c", "type": kind, "credentialFields": fields })).await;
    assert_eq!(exchange().await.status, 401);
    assert_eq!(ask(&emulator, "DELETE", &path, json!({})).await.status, 204);
    let state = done(&emulator, "GET", &one, json!({})).await["reportedState"].clone();
    assert_eq!(
        (&state["code"], &state["detail"]["message"]),
        (&json!("ERROR"), &json!("credentials is not one with clientId"))
    );
    assert_eq!(done(&emulator, "DELETE", &one, json!({})).await["intendedState"], "DELETED");
    assert_eq!(ask(&emulator, "GET", &one, json!({})).await.status, 404);
}

#[tokio::test]
async fn integrations_of_a_scenario_are_shown_without_secrets_and_can_be_switched_off() {
    let emulator = TestEmulator::start().await;
    let all = done(&emulator, "GET", INTEGRATIONS, json!({})).await;
    assert_eq!((&all["total"], &all["pageCount"]), (&json!(1), &json!(1)));
    assert_snapshot!(serde_json::to_string_pretty(&all["entities"][0]["config"]["current"]).unwrap(), @r#"
    {
      "advanced": {},
      "credentials": {
        "webdeploymentsOAuthClient": {
          "createdDate": "2026-01-02T03:04:05.000Z",
          "id": "8ffca2a0-d1d5-496c-b40d-93caa041b6ee",
          "modifiedDate": "2026-01-02T03:04:05.000Z",
          "name": "main credential",
          "selfUri": "/api/v2/integrations/credentials/8ffca2a0-d1d5-496c-b40d-93caa041b6ee",
          "type": {
            "id": "webdeploymentsOAuthClient",
            "name": "webdeploymentsOAuthClient"
          }
        }
      },
      "id": "a5c94f8a-520d-4908-b2da-0a2018a912af",
      "name": "main",
      "notes": "",
      "properties": {
        "discoveryUri": "http://emulator.test/idp/main/.well-known/openid-configuration",
        "implicitFlowSupport": "True",
        "maxRefreshTokenLifetime": 86400
      },
      "selfUri": "/api/v2/integrations/a5c94f8a-520d-4908-b2da-0a2018a912af/config/current",
      "version": 1
    }
    "#);
    let id = text(&all["entities"][0]["id"]);
    let credential =
        text(&all["entities"][0]["config"]["current"]["credentials"]["webdeploymentsOAuthClient"]["id"]);
    let shown = done(&emulator, "GET", &format!("{CREDENTIALS}/{credential}"), json!({})).await;
    assert_eq!(shown["credentialFields"], json!({ "clientId": "messenger" }));
    let exchange = async || {
        let oauth = json!({ "code": code(&emulator, &[]).await, "redirectUri": REDIRECT_URI });
        emulator
            .client
            .post(EXCHANGE, None, &json!({ "deploymentId": DEPLOYMENT, "oauth": oauth }))
            .await
            .status
    };
    assert_eq!(exchange().await, 200);
    done(&emulator, "PATCH", &format!("{INTEGRATIONS}/{id}"), json!({ "intendedState": "DISABLED" })).await;
    assert_eq!(exchange().await, 401);
}

#[tokio::test]
async fn bad_integrations_are_refused_by_name() {
    let emulator = TestEmulator::start().await;
    let id = text(&done(&emulator, "GET", INTEGRATIONS, json!({})).await["entities"][0]["id"]);
    let one = format!("{INTEGRATIONS}/{id}");
    let configuration = format!("{one}/config/current");
    let mut said = String::new();
    for (method, path, body) in [
        ("POST", INTEGRATIONS, json!({ "name": "x" })),
        ("POST", INTEGRATIONS, json!({ "name": "x", "integrationType": { "id": "gmail" } })),
        ("PATCH", &one, json!({})),
        ("PATCH", &one, json!({ "intendedState": "ON" })),
        ("PUT", &configuration, json!({ "name": "x" })),
        ("PUT", &configuration, json!({ "name": "x", "version": "1" })),
        (
            "PUT",
            &configuration,
            json!({ "name": "x", "version": 1, "credentials": { "a": { "id": "none" } } }),
        ),
        ("GET", "/api/v2/integrations/types/gmail", json!({})),
        ("POST", CREDENTIALS, json!({ "name": "x" })),
        ("POST", CREDENTIALS, json!({ "type": { "name": "magic" } })),
        ("POST", CREDENTIALS, json!({ "type": { "name": "webdeploymentsOAuthClient" } })),
        (
            "POST",
            CREDENTIALS,
            json!({ "type": { "name": "webdeploymentsOAuthClient" }, "credentialFields": { "clientId": 1 } }),
        ),
        ("GET", &format!("{CREDENTIALS}/none"), json!({})),
    ] {
        let answer = ask(&emulator, method, path, body).await;
        let path = path.replace(&id, "{id}");
        said += &format!("{method} {path}: {} {}\n", answer.status, text(&answer.json()["message"]));
    }
    assert_snapshot!(said, @"
    POST /api/v2/integrations: 400 integrationType is missing
    POST /api/v2/integrations: 400 integrationType.id is not webdeploymentsOAuthClient, which is all that is emulated
    PATCH /api/v2/integrations/{id}: 400 intendedState is missing
    PATCH /api/v2/integrations/{id}: 400 intendedState is not ENABLED or DISABLED
    PUT /api/v2/integrations/{id}/config/current: 400 version is missing
    PUT /api/v2/integrations/{id}/config/current: 400 version is not a whole number from 0 on
    PUT /api/v2/integrations/{id}/config/current: 404 there is no credential none
    GET /api/v2/integrations/types/gmail: 404 there is no type of integrations gmail
    POST /api/v2/integrations/credentials: 400 type is missing
    POST /api/v2/integrations/credentials: 400 type.name is not webdeploymentsOAuthClient or pureCloudOAuthClient or userDefinedOAuth
    POST /api/v2/integrations/credentials: 400 credentialFields.clientId is not there
    POST /api/v2/integrations/credentials: 400 credentialFields.clientId is not a text
    GET /api/v2/integrations/credentials/none: 404 there is no credential none
    ");
}
