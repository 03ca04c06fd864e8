//! `config.json` and `domains.json` of a deployment.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Answer, DEPLOYMENT, RESTRICTED_DEPLOYMENT, TestEmulator};

async fn get(emulator: &TestEmulator, deployment: &str, file: &str) -> Answer {
    let path = format!("/webdeployments/v1/deployments/{deployment}/{file}");
    let answer = emulator.client.get(&path, None).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*", "even on errors");
    answer
}

#[tokio::test]
async fn the_configuration_has_its_full_shape() {
    let emulator = TestEmulator::start().await;
    let answer = get(&emulator, DEPLOYMENT, "config.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "max-age=60");
    assert_snapshot!(answer.text, @r##"{"id":"00000000-0000-4000-8000-0000000000cc","version":"1","headlessMode":{"enabled":false},"languages":["en-us"],"defaultLanguage":"en-us","apiEndpoint":"http://emulator.test","messenger":{"enabled":true,"apps":{"conversations":{"enabled":true,"messagingEndpoint":"ws://emulator.test","showAgentTypingIndicator":true,"showUserTypingIndicator":true,"autoStart":{"enabled":false},"markdown":{"enabled":true},"conversationDisconnect":{"enabled":true,"type":"ReadOnly"},"conversationClear":{"enabled":true},"humanize":{"enabled":false},"notifications":{"enabled":true,"notificationContentType":"IncludeMessagesContent"},"sessionDurationSeconds":259200}},"styles":{"primaryColor":"#0165A7"},"launcherButton":{"visibility":"On","displayType":"Icon"},"fileUpload":{"enableAttachments":true,"modes":[{"fileTypes":["*/*"],"maxFileSizeKB":10240}]},"homeScreen":{"enabled":false},"sessionPersistenceType":"AcrossSubdomains"},"position":{"alignment":"Auto","sideSpace":20,"bottomSpace":12},"journeyEvents":{"enabled":false},"auth":{"enabled":true,"allowSessionUpgrade":true},"status":"Active"}"##);
}

#[tokio::test]
async fn the_domains_are_all_or_a_list() {
    let emulator = TestEmulator::start().await;
    let answer = get(&emulator, DEPLOYMENT, "domains.json").await;
    assert_eq!(answer.status, 200);
    assert_snapshot!(answer.text, @r#"{"allowAllDomains":true,"allowedDomains":[]}"#);
    assert_snapshot!(get(&emulator, RESTRICTED_DEPLOYMENT, "domains.json").await.text, @r#"{"allowAllDomains":false,"allowedDomains":["shop.example.test"]}"#);
}

const OTHERS: &str = r#"
name: others
world:
  orgs:
    - deployments:
        off: { id: off, status: Inactive }
        closed: { id: closed, allowedDomains: [] }
        plain:
          id: plain
          version: "7"
          conversationDisconnect: Disabled
          conversationClear: false
          typingIndicators: false
          autoStart: true
          attachments: { types: [] }
          sessionDuration: 15m
          primaryColor: '#ff0000'
          languages: [de, en-us]
        dressed:
          id: dressed
          languages: [de, en-us]
          notifications: ExcludeMessagesContent
          messenger:
            headless: true
            markdown: false
            humanize: { name: Robo, avatarUrl: https://img.example.test/robo.png }
            launcherButton: OnDemand
            homeScreen: true
            position: { alignment: Left, sideSpace: 0 }
            sessionPersistence: DomainOrSubdomainOnly
            journeyEvents: true
            labels: { de: { MessengerLauncherButtonText: Frag uns, PushNotificationTitle: Neues } }
        send:
          id: send
          notifications: Disabled
          messenger: { humanize: { name: Robo } }
          conversationDisconnect: Send
          attachments: { types: [image/png, image/gif], maxSizeKb: 512 }
"#;

#[tokio::test]
async fn an_inactive_deployment_says_so_and_a_closed_one_allows_nobody() {
    let emulator = TestEmulator::yaml(OTHERS).await;
    let answer = get(&emulator, "off", "config.json").await;
    assert_eq!((answer.status, &answer.json()["status"]), (200, &"Inactive".into()));
    assert_eq!(get(&emulator, DEPLOYMENT, "config.json").await.json()["status"], "Active");
    assert_snapshot!(get(&emulator, "closed", "domains.json").await.text, @r#"{"allowAllDomains":false,"allowedDomains":[]}"#);
}

#[tokio::test]
async fn every_setting_of_a_deployment_shows() {
    let emulator = TestEmulator::yaml(OTHERS).await;
    assert_snapshot!(get(&emulator, "plain", "config.json").await.text, @r##"{"id":"plain","version":"7","headlessMode":{"enabled":false},"languages":["de","en-us"],"defaultLanguage":"de","apiEndpoint":"http://emulator.test","messenger":{"enabled":true,"apps":{"conversations":{"enabled":true,"messagingEndpoint":"ws://emulator.test","showAgentTypingIndicator":false,"showUserTypingIndicator":false,"autoStart":{"enabled":true},"markdown":{"enabled":true},"conversationDisconnect":{"enabled":false,"type":"Send"},"conversationClear":{"enabled":false},"humanize":{"enabled":false},"notifications":{"enabled":true,"notificationContentType":"IncludeMessagesContent"},"sessionDurationSeconds":900}},"styles":{"primaryColor":"#ff0000"},"launcherButton":{"visibility":"On","displayType":"Icon"},"fileUpload":{"enableAttachments":false,"modes":[]},"homeScreen":{"enabled":false},"sessionPersistenceType":"AcrossSubdomains"},"position":{"alignment":"Auto","sideSpace":20,"bottomSpace":12},"journeyEvents":{"enabled":false},"auth":{"enabled":false,"allowSessionUpgrade":false},"status":"Active"}"##);
    let send = get(&emulator, "send", "config.json").await.json();
    assert_snapshot!(send["messenger"]["fileUpload"], @r#"{"enableAttachments":true,"modes":[{"fileTypes":["image/png","image/gif"],"maxFileSizeKB":512}]}"#);
    assert_snapshot!(send["messenger"]["apps"]["conversations"]["conversationDisconnect"], @r#"{"enabled":true,"type":"Send"}"#);
}

#[tokio::test]
async fn every_setting_of_the_messenger_shows() {
    let emulator = TestEmulator::yaml(OTHERS).await;
    assert_snapshot!(get(&emulator, "dressed", "config.json").await.text, @r##"{"id":"dressed","version":"1","headlessMode":{"enabled":true},"languages":["de","en-us"],"defaultLanguage":"de","customI18nLabels":[{"language":"de","localizedLabels":[{"key":"PushNotificationTitle","value":"Neues"},{"key":"MessengerLauncherButtonText","value":"Frag uns"}]}],"apiEndpoint":"http://emulator.test","messenger":{"enabled":true,"apps":{"conversations":{"enabled":true,"messagingEndpoint":"ws://emulator.test","showAgentTypingIndicator":true,"showUserTypingIndicator":true,"autoStart":{"enabled":false},"markdown":{"enabled":false},"conversationDisconnect":{"enabled":true,"type":"ReadOnly"},"conversationClear":{"enabled":true},"humanize":{"enabled":true,"bot":{"name":"Robo","avatarUrl":"https://img.example.test/robo.png"}},"notifications":{"enabled":true,"notificationContentType":"ExcludeMessagesContent"},"sessionDurationSeconds":259200}},"styles":{"primaryColor":"#0165A7"},"launcherButton":{"visibility":"OnDemand","displayType":"Icon"},"fileUpload":{"enableAttachments":true,"modes":[{"fileTypes":["*/*"],"maxFileSizeKB":10240}]},"homeScreen":{"enabled":true},"sessionPersistenceType":"DomainOrSubdomainOnly"},"position":{"alignment":"Left","sideSpace":0,"bottomSpace":12},"journeyEvents":{"enabled":true},"auth":{"enabled":false,"allowSessionUpgrade":false},"status":"Active"}"##);
    let conversations =
        &get(&emulator, "send", "config.json").await.json()["messenger"]["apps"]["conversations"];
    assert_snapshot!(conversations["humanize"], @r#"{"bot":{"name":"Robo"},"enabled":true}"#);
    assert_snapshot!(conversations["notifications"], @r#"{"enabled":false,"notificationContentType":"ExcludeMessagesContent"}"#);
}

#[tokio::test]
async fn the_labels_of_a_language_are_a_file_of_their_own_where_there_are_any() {
    let emulator = TestEmulator::yaml(OTHERS).await;
    let labels = get(&emulator, "dressed", "de.json").await;
    assert_eq!((labels.status, labels.header("content-type")), (200, "application/json"));
    assert_snapshot!(labels.text, @r#"{"PushNotificationTitle":"Neues","MessengerLauncherButtonText":"Frag uns"}"#);
    for (deployment, file, rule) in [
        ("dressed", "en-us.json", "file.unknown"),
        ("dressed", "de", "file.unknown"),
        ("dressed", "%ff.json", "file.unknown"),
        ("plain", "de.json", "file.unknown"),
        ("nowhere", "de.json", "deployment.unknown"),
    ] {
        assert_eq!(get(&emulator, deployment, file).await.status, 403, "{deployment} {file}");
        assert_eq!(emulator.last_refusal().await["rule"], rule);
    }
}

#[tokio::test]
async fn nothing_is_null() {
    fn without_null(value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::Array(items) => items.iter().all(without_null),
            Value::Object(members) => members.values().all(without_null),
            _ => true,
        }
    }
    let emulator = TestEmulator::yaml(OTHERS).await;
    for deployment in [DEPLOYMENT, RESTRICTED_DEPLOYMENT, "off", "closed", "plain", "dressed", "send"] {
        for file in ["config.json", "domains.json"] {
            let answer = get(&emulator, deployment, file).await;
            assert_eq!(answer.status, 200);
            assert!(without_null(&answer.json()), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn an_unknown_deployment_is_forbidden_not_missing() {
    let emulator = TestEmulator::start().await;
    let unknown = "00000000-0000-4000-8000-000000000000";
    let answer = get(&emulator, unknown, "config.json").await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("content-type"), "application/xml");
    assert_snapshot!(answer.text, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>
    "#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"There is no such deployment in this org","rule":"deployment.unknown","seen":"00000000-0000-4000-8000-000000000000"}"#);
    for (id, file) in [(unknown, "domains.json"), ("%ff", "config.json"), ("%ff", "domains.json")] {
        let other = get(&emulator, id, file).await;
        assert_eq!((other.status, &other.text), (403, &answer.text), "{id} {file}");
        assert_eq!(emulator.last_refusal().await["rule"], "deployment.unknown");
    }
}

#[tokio::test]
async fn the_urls_in_it_keep_the_orgs_prefix() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&serde_json::json!({}))).await.json();
    let (org, deployment) = (made["id"].as_str().unwrap(), made["deploymentId"].as_str().unwrap());
    let path = format!("/@{org}/webdeployments/v1/deployments/{deployment}/config.json");
    let config = emulator.client.get(&path, None).await.json();
    assert_eq!(config["apiEndpoint"], format!("http://emulator.test/@{org}"));
    assert_eq!(
        config["messenger"]["apps"]["conversations"]["messagingEndpoint"],
        format!("ws://emulator.test/@{org}")
    );
    // without the prefix the deployment finds its org by itself
    assert_eq!(get(&emulator, deployment, "config.json").await.status, 200);
}

#[tokio::test]
async fn the_configuration_follows_the_scenario_that_is_applied() {
    let emulator = TestEmulator::start().await;
    let color = async || {
        get(&emulator, DEPLOYMENT, "config.json").await.json()["messenger"]["styles"]["primaryColor"].clone()
    };
    assert_eq!(color().await, "#0165A7");
    let deployments = serde_json::json!({ "messaging": { "primaryColor": "#ff0000" } });
    let world = serde_json::json!({ "world": { "orgs": [{ "deployments": deployments }] } });
    assert_eq!(emulator.client.admin("POST", "/scenarios/apply", Some(&world)).await.status, 200);
    assert_eq!(color().await, "#ff0000");
}

#[tokio::test]
async fn the_pages_for_signing_in_and_out_are_told_where_there_are_any() {
    let emulator = TestEmulator::yaml(
        "name: pages\nworld: { orgs: [{ deployments: { messaging: { auth: { \
         loginUrl: 'https://shop.test/login', logoutUrl: 'https://shop.test/logout' } } } }] }",
    )
    .await;
    let config: Value = get(&emulator, DEPLOYMENT, "config.json").await.json();
    assert_snapshot!(config["auth"], @r#"{"allowSessionUpgrade":true,"enabled":true,"loginUrl":"https://shop.test/login","logoutUrl":"https://shop.test/logout"}"#);
}
