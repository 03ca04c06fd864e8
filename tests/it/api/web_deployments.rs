//! `/api/v2/webdeployments`, as administrators and Terraform use it.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Answer, DEPLOYMENT, TestEmulator};

pub const DEPLOYMENTS: &str = "/api/v2/webdeployments/deployments";
pub const CONFIGURATIONS: &str = "/api/v2/webdeployments/configurations";
pub const EXCHANGE: &str = "/api/v2/webdeployments/token/oauthcodegrantjwtexchange";

pub async fn ask(emulator: &TestEmulator, method: &str, path: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {}", emulator.token("emulator-client", "emulator-secret").await);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    emulator.client.send(method, path, &headers, body.to_string()).await
}

/// It has to go well.
pub async fn done(emulator: &TestEmulator, method: &str, path: &str, body: Value) -> Value {
    let answer = ask(emulator, method, path, body).await;
    assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text);
    answer.json()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A configuration with one published version.
pub async fn published(emulator: &TestEmulator, body: Value) -> String {
    let id = text(&done(emulator, "POST", CONFIGURATIONS, body).await["id"]);
    let path = format!("{CONFIGURATIONS}/{id}/versions/draft/publish");
    assert_eq!(done(emulator, "POST", &path, json!({})).await["version"], "1");
    id
}

pub async fn config_json(emulator: &TestEmulator, deployment: &str) -> Answer {
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
    400 bad.request: the configuration cannot be read: invalid type: string "de", expected a list
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
