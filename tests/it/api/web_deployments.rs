//! `/api/v2/webdeployments` and `/api/v2/integrations`, as administrators and Terraform use them.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    idp::{REDIRECT_URI, code},
    support::{Answer, DEPLOYMENT, ORG, TestEmulator},
};

const DEPLOYMENTS: &str = "/api/v2/webdeployments/deployments";
const CONFIGURATIONS: &str = "/api/v2/webdeployments/configurations";
const INTEGRATIONS: &str = "/api/v2/integrations";
const CREDENTIALS: &str = "/api/v2/integrations/credentials";
const EXCHANGE: &str = "/api/v2/webdeployments/token/oauthcodegrantjwtexchange";

async fn ask(emulator: &TestEmulator, method: &str, path: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {}", emulator.token("emulator-client", "emulator-secret").await);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    emulator.client.send(method, path, &headers, body.to_string()).await
}

/// It has to go well.
async fn done(emulator: &TestEmulator, method: &str, path: &str, body: Value) -> Value {
    let answer = ask(emulator, method, path, body).await;
    assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text);
    answer.json()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A configuration with one published version.
async fn published(emulator: &TestEmulator, body: Value) -> String {
    let id = text(&done(emulator, "POST", CONFIGURATIONS, body).await["id"]);
    let path = format!("{CONFIGURATIONS}/{id}/versions/draft/publish");
    assert_eq!(done(emulator, "POST", &path, json!({})).await["version"], "1");
    id
}

async fn config_json(emulator: &TestEmulator, deployment: &str) -> Answer {
    emulator.client.get(&format!("/webdeployments/v1/deployments/{deployment}/config.json"), None).await
}

#[tokio::test]
async fn a_deployment_lives_as_terraform_makes_it() {
    let emulator = TestEmulator::start().await;
    let conversations = json!({ "conversationClear": { "enabled": true }, "showAgentTypingIndicator": true,
        "sessionDurationSeconds": 3600 });
    let written = json!({ "name": "shop", "languages": ["de", "en-us"], "defaultLanguage": "en-us",
        "messenger": { "enabled": true, "apps": { "conversations": conversations },
            "launcherButton": { "visibility": "Off", "displayType": "Text" } },
        "supportCenter": { "enabled": true }, "id": "mine", "status": "Deleting" });
    let made = done(&emulator, "POST", CONFIGURATIONS, written).await;
    assert_eq!((&made["version"], &made["status"]), (&json!("DRAFT"), &json!("Pending")));
    let configuration = text(&made["id"]);
    let draft = format!("{CONFIGURATIONS}/{configuration}/versions/draft");
    assert_eq!(done(&emulator, "GET", &draft, json!({})).await["status"], "Active");
    let reference = |version: &str| json!({ "id": configuration, "version": version });
    let wanted =
        json!({ "name": "Shop", "allowedDomains": ["shop.example.test"], "configuration": reference("1") });
    assert_eq!(ask(&emulator, "POST", DEPLOYMENTS, wanted.clone()).await.status, 404, "nothing is published");
    let first = done(&emulator, "POST", &format!("{draft}/publish"), json!({})).await;
    assert_eq!((&first["version"], &first["languages"]), (&json!("1"), &json!(["de", "en-us"])));

    let made = done(&emulator, "POST", DEPLOYMENTS, wanted.clone()).await;
    assert_eq!((&made["status"], &made["allowAllDomains"]), (&json!("Pending"), &json!(false)));
    let deployment = text(&made["id"]);
    assert!(text(&made["snippet"]).contains(&deployment));
    let one = format!("{DEPLOYMENTS}/{deployment}");
    assert_eq!(done(&emulator, "GET", &one, json!({})).await["status"], "Active");

    let config = config_json(&emulator, &deployment).await.json();
    assert_snapshot!(config, @r##"{"apiEndpoint":"http://emulator.test","auth":{"allowSessionUpgrade":false,"enabled":false},"defaultLanguage":"en-us","headlessMode":{"enabled":false},"id":"0bcad51b-46cc-41fc-a52d-484f96614ebe","journeyEvents":{"enabled":false},"languages":["de","en-us"],"messenger":{"apps":{"conversations":{"autoStart":{"enabled":false},"conversationClear":{"enabled":true},"conversationDisconnect":{"enabled":false,"type":"Send"},"enabled":true,"humanize":{"enabled":false},"markdown":{"enabled":false},"messagingEndpoint":"ws://emulator.test","notifications":{"enabled":false,"notificationContentType":"ExcludeMessagesContent"},"sessionDurationSeconds":3600,"showAgentTypingIndicator":true,"showUserTypingIndicator":false}},"enabled":true,"fileUpload":{"enableAttachments":false,"modes":[]},"homeScreen":{"enabled":false},"launcherButton":{"displayType":"Text","visibility":"Off"},"sessionPersistenceType":"AcrossSubdomains","styles":{"primaryColor":"#0165A7"}},"position":{"alignment":"Auto","bottomSpace":12,"sideSpace":20},"status":"Active","supportCenter":{"enabled":true},"version":"1"}"##);
    let socket = emulator.upgrade(&format!("/v1?deploymentId={deployment}")).await;
    assert!(socket.is_ok(), "guests can come in: {:?}", socket.err());
    let strange = [("origin", "https://evil.test")];
    let refused = crate::support::Socket::open(
        &emulator.client.base,
        &format!("/v1?deploymentId={deployment}"),
        &strange,
    )
    .await;
    assert_eq!(refused.err().unwrap().0, 403);

    // another version is what the deployment gets when it is given it
    let next = json!({ "name": "shop", "messenger": { "styles": { "primaryColor": "#ff0000" } } });
    done(&emulator, "PUT", &draft, next).await;
    assert_eq!(done(&emulator, "POST", &format!("{draft}/publish"), json!({})).await["version"], "2");
    assert_eq!(config_json(&emulator, &deployment).await.json()["version"], "1");
    let mut wanted = wanted;
    wanted["configuration"] = reference("2");
    done(&emulator, "PUT", &one, wanted.clone()).await;
    let config = config_json(&emulator, &deployment).await.json();
    assert_eq!(
        (&config["version"], &config["messenger"]["styles"]["primaryColor"]),
        (&json!("2"), &json!("#ff0000"))
    );
    assert_eq!(config["supportCenter"], Value::Null);
    let versions =
        done(&emulator, "GET", &format!("{CONFIGURATIONS}/{configuration}/versions"), json!({})).await;
    let names: Vec<_> =
        versions["entities"].as_array().unwrap().iter().map(|one| text(&one["version"])).collect();
    assert_eq!(names, ["DRAFT", "2", "1"]);

    // switched off, then gone
    wanted["status"] = "Inactive".into();
    done(&emulator, "PUT", &one, wanted).await;
    assert_eq!(emulator.upgrade(&format!("/v1?deploymentId={deployment}")).await.err().unwrap().0, 403);
    let used = ask(&emulator, "DELETE", &format!("{CONFIGURATIONS}/{configuration}"), json!({})).await;
    assert_eq!((used.status, &used.json()["code"]), (409, &json!("resource.conflict")));
    assert_eq!(ask(&emulator, "DELETE", &one, json!({})).await.status, 204);
    assert_eq!(ask(&emulator, "GET", &one, json!({})).await.status, 404);
    assert_eq!(config_json(&emulator, &deployment).await.status, 403);
    assert_eq!(
        ask(&emulator, "DELETE", &format!("{CONFIGURATIONS}/{configuration}"), json!({})).await.status,
        204
    );
    assert_eq!(ask(&emulator, "GET", &draft, json!({})).await.status, 404);
}

#[tokio::test]
async fn what_a_scenario_has_is_there_too_and_can_be_given_another_configuration() {
    let emulator = TestEmulator::start().await;
    let one = format!("{DEPLOYMENTS}/{DEPLOYMENT}");
    let shown = done(&emulator, "GET", &one, json!({})).await;
    assert_snapshot!(serde_json::to_string_pretty(&shown).unwrap(), @r#"
    {
      "allowAllDomains": true,
      "allowedDomains": [],
      "configuration": {
        "id": "099bb80c-03bc-4e64-a411-3e0ad1c71d0d",
        "name": "messaging configuration",
        "selfUri": "/api/v2/webdeployments/configurations/099bb80c-03bc-4e64-a411-3e0ad1c71d0d/versions/1",
        "version": "1"
      },
      "dateCreated": "2026-01-02T03:04:05.000Z",
      "dateModified": "2026-01-02T03:04:05.000Z",
      "flow": {
        "id": "31971447-dfbc-46c5-a1c9-79d0fee09fad",
        "name": "echo",
        "selfUri": "/api/v2/flows/31971447-dfbc-46c5-a1c9-79d0fee09fad"
      },
      "id": "00000000-0000-4000-8000-0000000000cc",
      "name": "messaging",
      "selfUri": "/api/v2/webdeployments/deployments/00000000-0000-4000-8000-0000000000cc",
      "snippet": "<script type=\"text/javascript\" charset=\"utf-8\">\n(function (g, e, n, es, ys) {\ng['_genesysJs'] = e; g[e] = g[e] || function () { (g[e].q = g[e].q || []).push(arguments) };\ng[e].t = 1 * new Date(); g[e].c = es; ys = document.createElement('script');\nys.async = 1; ys.src = n; ys.charset = 'utf-8'; document.head.appendChild(ys);\n})(window, 'Genesys', 'http://emulator.test/genesys-bootstrap/genesys.min.js', {\nenvironment: 'http://emulator.test',\ndeploymentId: '00000000-0000-4000-8000-0000000000cc'\n});\n</script>",
      "status": "Active",
      "supportedContent": {
        "id": "f763dc9a-5c2e-4a7b-a3ae-00b199ba4887",
        "name": "Default",
        "selfUri": "/api/v2/conversations/messaging/supportedcontent/f763dc9a-5c2e-4a7b-a3ae-00b199ba4887"
      }
    }
    "#);
    let active = done(&emulator, "GET", &format!("{one}/configurations"), json!({})).await;
    assert_snapshot!(serde_json::to_string_pretty(&active["configurationVersion"]).unwrap(), @r##"
    {
      "authenticationSettings": {
        "allowSessionUpgrade": true,
        "enabled": true,
        "integrationId": "a5c94f8a-520d-4908-b2da-0a2018a912af"
      },
      "customI18nLabels": [],
      "dateCreated": "2026-01-02T03:04:05.000Z",
      "dateModified": "2026-01-02T03:04:05.000Z",
      "datePublished": "2026-01-02T03:04:05.000Z",
      "defaultLanguage": "en-us",
      "headlessMode": {
        "enabled": false
      },
      "id": "099bb80c-03bc-4e64-a411-3e0ad1c71d0d",
      "journeyEvents": {
        "enabled": false
      },
      "languages": [
        "en-us"
      ],
      "messenger": {
        "apps": {
          "conversations": {
            "autoStart": {
              "enabled": false
            },
            "conversationClear": {
              "enabled": true
            },
            "conversationDisconnect": {
              "enabled": true,
              "type": "ReadOnly"
            },
            "enabled": true,
            "humanize": {
              "enabled": false
            },
            "markdown": {
              "enabled": true
            },
            "notifications": {
              "enabled": true,
              "notificationContentType": "IncludeMessagesContent"
            },
            "sessionDurationSeconds": 259200,
            "showAgentTypingIndicator": true,
            "showUserTypingIndicator": true
          }
        },
        "enabled": true,
        "fileUpload": {
          "enableAttachments": true,
          "modes": [
            {
              "fileTypes": [
                "image/jpeg",
                "image/gif",
                "image/png"
              ],
              "maxFileSizeKB": 10240
            }
          ]
        },
        "homeScreen": {
          "enabled": false
        },
        "launcherButton": {
          "visibility": "On"
        },
        "sessionPersistenceType": "AcrossSubdomains",
        "styles": {
          "primaryColor": "#0165A7"
        }
      },
      "name": "messaging configuration",
      "position": {
        "alignment": "Auto",
        "bottomSpace": 12,
        "sideSpace": 20
      },
      "selfUri": "/api/v2/webdeployments/configurations/099bb80c-03bc-4e64-a411-3e0ad1c71d0d/versions/1",
      "status": "Active",
      "version": "1"
    }
    "##);

    // what was only renamed does what it did before
    let before = config_json(&emulator, DEPLOYMENT).await.text;
    let configuration =
        json!({ "id": shown["configuration"]["id"], "version": shown["configuration"]["version"] });
    let renamed = json!({ "name": "Renamed", "allowAllDomains": true, "configuration": configuration });
    assert_eq!(done(&emulator, "PUT", &one, renamed.clone()).await["name"], "Renamed");
    assert_eq!(config_json(&emulator, DEPLOYMENT).await.text, before);

    let id = published(&emulator, json!({ "name": "bare" })).await;
    let flow = text(&shown["flow"]["id"]);
    let bare =
        json!({ "name": "Bare", "configuration": { "id": id, "version": "1" }, "flow": { "id": flow } });
    done(&emulator, "PUT", &one, bare).await;
    let config = config_json(&emulator, DEPLOYMENT).await.json();
    assert_eq!(config["messenger"]["apps"]["conversations"]["conversationDisconnect"]["enabled"], false);
    assert_eq!(config["auth"]["enabled"], false);
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "session-token-0123456789").await;
    let listed = done(&emulator, "GET", &format!("{DEPLOYMENTS}?expand=Configuration"), json!({})).await;
    let names: Vec<_> =
        listed["entities"].as_array().unwrap().iter().map(|one| &one["configuration"]["name"]).collect();
    assert_eq!(listed["total"], names.len());
    assert!(names.contains(&&json!("bare")), "{names:?}");
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_name() {
    let emulator = TestEmulator::start().await;
    let id = published(&emulator, json!({ "name": "c" })).await;
    let reference = json!({ "id": id, "version": "1" });
    let mut said = String::new();
    let with = |member: &str, value: Value| {
        let mut body = json!({ "name": "d", "configuration": reference });
        body[member] = value;
        body
    };
    for body in [
        json!([]),
        json!({ "configuration": reference }),
        json!({ "name": "d" }),
        with("configuration", json!("c")),
        with("configuration", json!({ "id": id })),
        with("configuration", json!({ "id": id, "version": "DRAFT" })),
        with("configuration", json!({ "id": "none", "version": "1" })),
        with("allowedDomains", json!("shop.example.test")),
        with("allowAllDomains", json!("yes")),
        with("flow", json!({ "id": "none" })),
        with("supportedContent", json!({ "id": "none" })),
        with("status", json!("Gone")),
        with("pushIntegrations", json!([{ "provider": "ADM" }])),
    ] {
        let answer = ask(&emulator, "POST", DEPLOYMENTS, body).await;
        said += &format!(
            "{} {}: {}\n",
            answer.status,
            text(&answer.json()["code"]),
            text(&answer.json()["message"])
        );
    }
    for body in [
        json!({}),
        json!({ "name": " " }),
        json!({ "name": "c", "languages": "de" }),
        json!({ "name": "c", "languages": ["de"], "defaultLanguage": "en-us" }),
        json!({ "name": "c", "messenger": { "apps": { "conversations": { "sessionDurationSeconds": 0 } } } }),
        json!({ "name": "c", "position": { "alignment": "Top" } }),
        json!({ "name": "c", "authenticationSettings": { "enabled": true } }),
    ] {
        let answer = ask(&emulator, "POST", CONFIGURATIONS, body).await;
        said += &format!(
            "{} {}: {}\n",
            answer.status,
            text(&answer.json()["code"]),
            text(&answer.json()["message"])
        );
    }
    for query in ["?pageSize=0", "?after=none", "?expand=Everything"] {
        let answer = ask(&emulator, "GET", &format!("{DEPLOYMENTS}{query}"), json!({})).await;
        said += &format!("{query}: {} {}\n", answer.status, text(&answer.json()["message"]));
    }
    assert_snapshot!(said.replace(&id, "{configuration}"), @r#"
    400 bad.request: The body is not a JSON object
    400 constraint.validation: name is missing
    400 constraint.validation: configuration is missing
    400 bad.request: configuration is not an object
    400 constraint.validation: configuration.version is missing
    404 not.found: there is no published version DRAFT of configuration {configuration}
    404 not.found: there is no configuration none
    400 bad.request: allowedDomains is not a list of texts
    400 bad.request: allowAllDomains is not true or false
    400 bad.flow.id: there is no inbound message flow none
    404 scp.id.not.found: there is no supported content profile none
    400 bad.request: status is not Active or Inactive
    400 bad.request: pushIntegrations.0.provider is not APNS or FCM
    400 bad.request: the configuration cannot be read: missing field `name`
    400 bad.request: name is not a name
    400 bad.request: the configuration cannot be read: invalid type: string "de", expected a sequence
    400 bad.request: defaultLanguage is not one of `languages`
    400 bad.request: messenger.apps.conversations.sessionDurationSeconds is not 1 to 259200
    400 bad.request: the configuration cannot be read: unknown variant `Top`, expected one of `Auto`, `Left`, `Right`
    400 bad.request: authenticationSettings.integrationId is not the id of an integration
    ?pageSize=0: 400 Value [0] is not valid for its query parameter.
    ?after=none: 400 Value [none] is not valid for its query parameter.
    ?expand=Everything: 400 Value [Everything] is not valid for its query parameter.
    "#);
}

#[tokio::test]
async fn listings_go_on_behind_a_cursor() {
    let emulator = TestEmulator::start().await;
    let (mut path, mut seen, mut pages) = (format!("{DEPLOYMENTS}?pageSize=2"), Vec::new(), Vec::new());
    loop {
        let page = done(&emulator, "GET", &path, json!({})).await;
        let entities = page["entities"].as_array().unwrap();
        seen.extend(entities.iter().map(|one| text(&one["id"])));
        pages.push(entities.len());
        let Some(next) = page["nextUri"].as_str() else {
            let back = done(&emulator, "GET", page["previousUri"].as_str().unwrap(), json!({})).await;
            assert_eq!(text(&back["entities"][1]["id"]), seen[seen.len() - entities.len() - 1]);
            break;
        };
        path = next.to_owned();
    }
    let all = done(&emulator, "GET", DEPLOYMENTS, json!({})).await;
    let all: Vec<_> = all["entities"].as_array().unwrap().iter().map(|one| text(&one["id"])).collect();
    assert_eq!((seen, pages), (all, vec![2, 2]));
}

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
    for path in [DEPLOYMENTS, CONFIGURATIONS, INTEGRATIONS, CREDENTIALS] {
        let answer = emulator.client.get(path, Some(&token)).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (403, &json!("missing.any.permissions")),
            "{path}"
        );
        assert_eq!(emulator.client.get(path, None).await.status, 401);
    }
}
