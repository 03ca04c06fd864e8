//! What signing in to a deployment does with contacts, and whose a deployment is.

use insta::assert_snapshot;
use serde_json::json;

use super::web_deployments::{
    CONFIGURATIONS, DEPLOYMENTS, EXCHANGE, ask, config_json, done, published, text,
};
use crate::{
    idp::{REDIRECT_URI, code},
    support::{DEPLOYMENT, ORG, TestEmulator},
};

#[tokio::test]
async fn signing_in_resolves_identities_as_the_deployment_says() {
    let emulator = TestEmulator::start().await;
    let path = format!("{DEPLOYMENTS}/{DEPLOYMENT}/identityresolution");
    let shown = done(&emulator, "GET", &path, json!({})).await;
    assert_snapshot!(shown, @r#"{"automerge":{"authenticatedWebMessaging":true,"webTracking":false},"resolveIdentities":true,"selfUri":"/api/v2/webdeployments/deployments/00000000-0000-4000-8000-0000000000cc/identityresolution"}"#);
    let contact = async |token: &str| {
        let oauth = json!({ "code": code(&emulator, &[]).await, "redirectUri": REDIRECT_URI });
        let body = json!({ "deploymentId": DEPLOYMENT, "oauth": oauth });
        let jwt = text(&emulator.client.post(EXCHANGE, None, &body).await.json()["jwt"]);
        let mut socket = emulator.socket(DEPLOYMENT).await;
        let configure = json!({ "action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT, "token": token,
            "data": { "code": jwt } });
        socket.send(configure).await;
        let answer = socket.next().await;
        assert_eq!(answer["code"], 200, "{answer}");
        socket
            .send(
                json!({ "action": "onMessage", "token": token, "message": { "type": "Text", "text": "Hi" } }),
            )
            .await;
        socket.next().await;
        let all = emulator.client.admin("GET", "/contacts", None).await.json();
        all["entities"].as_array().unwrap().len()
    };
    assert_eq!(contact("session-one-0123456789").await, 1);
    let wanted = json!({ "resolveIdentities": false, "automerge": { "authenticatedWebMessaging": false } });
    assert_eq!(done(&emulator, "PUT", &path, wanted).await["resolveIdentities"], false);
    assert_eq!(contact("session-two-0123456789").await, 2, "nobody who is known");
    let bad = ask(&emulator, "PUT", &path, json!({})).await;
    assert_eq!((bad.status, &bad.json()["code"]), (400, &json!("general.bad.request")));
    let bad = ask(
        &emulator,
        "PUT",
        &path,
        json!({ "resolveIdentities": true, "externalSource": { "id": "none" } }),
    )
    .await;
    assert_eq!(bad.status, 404, "{}", bad.text);
}

#[tokio::test]
async fn what_was_made_is_its_org_s_alone_and_comes_back_with_a_snapshot() {
    let emulator = TestEmulator::start().await;
    let id = published(&emulator, json!({ "name": "c" })).await;
    let wanted = json!({ "name": "d", "configuration": { "id": id, "version": "1" } });
    let deployment = text(&done(&emulator, "POST", DEPLOYMENTS, wanted).await["id"]);
    let state = emulator.client.admin("GET", "/state", None).await.json();

    let made = emulator.client.admin("POST", "/orgs", None).await.json();
    let (other, client, secret) = (text(&made["id"]), text(&made["clientId"]), text(&made["clientSecret"]));
    let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    let token = text(&emulator.client.post_form("/oauth/token", &form).await.json()["access_token"]);
    for path in [format!("{DEPLOYMENTS}/{deployment}"), format!("{CONFIGURATIONS}/{id}/versions/draft")] {
        let answer = emulator.client.get(&format!("/@{other}{path}"), Some(&token)).await;
        assert_eq!(answer.status, 404, "{}", answer.text);
    }

    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(config_json(&emulator, &deployment).await.status, 403);
    let restored = emulator.client.admin("PUT", "/state", Some(&state)).await;
    assert_eq!(restored.status, 200, "{}", restored.text);
    assert_eq!(config_json(&emulator, &deployment).await.status, 200);
    let shown = done(&emulator, "GET", &format!("{DEPLOYMENTS}/{deployment}"), json!({})).await;
    assert_eq!(shown["configuration"]["id"], id);
    // a deployment alone tells the org, also after that
    let hosts =
        emulator.client.get(&format!("/webdeployments/v1/deployments/{deployment}/domains.json"), None).await;
    assert_eq!(hosts.json(), json!({ "allowAllDomains": true, "allowedDomains": [] }));
    assert_ne!(other, ORG);
}

#[tokio::test]
async fn whoever_may_not_is_refused() {
    let emulator = TestEmulator::start().await;
    let token = emulator.token("emulator-nopermission-client", "emulator-nopermission-secret").await;
    for path in [DEPLOYMENTS, CONFIGURATIONS, "/api/v2/integrations", "/api/v2/integrations/credentials"] {
        let answer = emulator.client.get(path, Some(&token)).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (403, &json!("missing.any.permissions")),
            "{path}"
        );
        assert_eq!(emulator.client.get(path, None).await.status, 401);
    }
}
