//! `/orgs`: making, showing, taking away.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Other, told};
use crate::support::{DEPLOYMENT, ORG, Socket, TestEmulator};

#[tokio::test]
async fn the_default_org_is_listed_with_all_its_ids_by_local_name() {
    let emulator = TestEmulator::start().await;
    let listed = emulator.client.admin("GET", "/orgs", None).await;
    assert_snapshot!(listed.text, @r#"{"entities":[{"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org","url":"http://emulator.test/@00000000-0000-4000-8000-0000000000aa","clientId":"emulator-client","clientSecret":"emulator-secret","deploymentId":"00000000-0000-4000-8000-0000000000cc","seed":1,"now":"2026-01-02T03:04:05.000Z","ids":{"chatDeployments.chat":"00000000-0000-4000-8000-0000000000cf","clients.code":"emulator-code-client","clients.guest":"emulator-guest-client","clients.main":"emulator-client","clients.nopermission":"emulator-nopermission-client","clients.readonly":"emulator-readonly-client","deployments.authenticated":"00000000-0000-4000-8000-0000000000cd","deployments.guestToken":"00000000-0000-4000-8000-0000000000cb","deployments.messaging":"00000000-0000-4000-8000-0000000000cc","deployments.restricted":"00000000-0000-4000-8000-0000000000ce","divisions.home":"e3b75d5c-39cc-45e0-b40b-f170c324fa6e","queues.chat":"51590013-993c-4a0c-a5ec-ba62ff147112","roles.admin":"ac25ca10-9c55-4326-929e-67d55a06f413","roles.employee":"bad5dd1a-35b9-4f25-b289-cb26d46d35d4","users.agent":"00000000-0000-4000-8000-0000000000bb"}}],"next":null,"default":"00000000-0000-4000-8000-0000000000aa"}"#);
    let one = emulator.client.admin("GET", &format!("/orgs/{ORG}"), None).await;
    assert_eq!(one.json(), listed.json()["entities"][0]);
}

#[tokio::test]
async fn a_new_org_is_a_copy_of_the_first_with_ids_and_secrets_of_its_own() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.admin("POST", "/orgs", None).await;
    assert_eq!(answer.status, 201);
    assert_snapshot!(answer.text, @r#"{"id":"329a6d06-4645-4c24-8d12-2e671e5b3b4b","name":"Emulated Org","url":"http://emulator.test/@329a6d06-4645-4c24-8d12-2e671e5b3b4b","clientId":"c7d6bf3f-4f4e-4b17-8e13-bb0fbe5d67c4","clientSecret":"66b7812997198b86b27f650cc6fc7ee5dd6acd83ee30d232","deploymentId":"345cc306-563c-4083-8eac-b672a5d74523","seed":1,"now":"2026-01-02T03:04:05.000Z","ids":{"chatDeployments.chat":"4d49485d-f847-459f-8c3d-d2c3ea7df7bc","clients.code":"23095eec-255f-49ce-a2c5-59af870e1980","clients.guest":"9d6456c9-d147-4fac-b963-10e331c1fbcf","clients.main":"c7d6bf3f-4f4e-4b17-8e13-bb0fbe5d67c4","clients.nopermission":"78f4e2ff-ea58-44a9-b337-7880c2c5cbbd","clients.readonly":"71d9221d-4021-4367-b079-17faff231b53","deployments.authenticated":"a1b48e5b-5afb-49ef-bcf3-21e25beab1ae","deployments.guestToken":"f5204f02-931b-41f4-9aa7-a07469f868a2","deployments.messaging":"345cc306-563c-4083-8eac-b672a5d74523","deployments.restricted":"b346f665-7659-4c17-937b-9bfd51431948","divisions.home":"d332d24e-0317-4746-83e1-d408a76f8f8c","queues.chat":"86ea84bc-55ed-419f-a8f1-72f0824dd8e4","roles.admin":"aa9c6672-eccb-4584-87fc-b010b0d7f512","roles.employee":"f28671a7-74f0-452b-baed-d6366a9e839b","users.agent":"eed970fd-6490-496b-ac96-8e0a02250204"}}"#);
    let default = emulator.client.admin("GET", &format!("/orgs/{ORG}"), None).await.json();
    let made = answer.json();
    for (name, id) in default["ids"].as_object().unwrap() {
        assert_ne!(&made["ids"][name], id, "{name}");
    }
    let second = emulator.client.admin("POST", "/orgs", None).await.json();
    assert_ne!(second["clientSecret"], made["clientSecret"]);
}

#[tokio::test]
async fn name_scenario_seed_and_clock_are_as_asked() {
    let emulator = TestEmulator::start().await;
    let asked = json!({ "name": "Blue", "scenario": "respond", "seed": 9, "clock": "2030-05-06T07:08:09Z", "ttl": "1h" });
    let blue = Other::make(&emulator, asked).await;
    assert_eq!((blue.text("name"), blue.text("now")), ("Blue", "2030-05-06T07:08:09.000Z"));
    let faults = blue.admin(&emulator, "GET", "/faults", None).await.json();
    assert_eq!(faults["entities"][0]["id"], "respond");
    let token = blue.token().await;
    let refused = blue.guest(&token).await;
    assert_eq!((refused.status, refused.header("date")), (503, "Mon, 06 May 2030 07:08:09 GMT"));
    let me = blue.client.get("/api/v2/tokens/me", Some(&token)).await.json();
    assert_eq!(me["organization"], json!({ "id": blue.id, "name": "Blue" }));
    assert_eq!(emulator.journal("").await, [] as [Value; 0], "the default org saw nothing of it");
}

#[tokio::test]
async fn its_url_works_for_token_guest_keys_and_socket() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    assert_eq!(org.text("url"), format!("http://emulator.test/@{}", org.id));
    let token = org.token().await;
    let made = org.guest(&token).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let jwt = made.json()["access_token"].as_str().unwrap().to_owned();
    let claims: Value = jsonwebtoken::dangerous::insecure_decode(&jwt).map(|token| token.claims).unwrap();
    assert_eq!((&claims["iss"], &claims["orgId"]), (&json!(org.text("url")), &json!(org.id)));
    let jwks = org.client.get("/.well-known/jwks.json", None).await.json();
    let kid = jsonwebtoken::decode_header(&jwt).unwrap().kid.unwrap();
    assert_eq!(jwks["keys"][0]["kid"], kid);
    let deployment = org.made["ids"]["deployments.guestToken"].as_str().unwrap();
    let target = format!("/v1?deploymentId={deployment}&token={jwt}");
    let mut socket = Socket::open(&org.client.base, &target, &[]).await.unwrap();
    let answer = socket.configure(deployment, "t-1").await;
    assert_eq!(answer["body"]["connected"], true);
}

#[tokio::test]
async fn without_the_prefix_it_is_found_by_client_token_deployment_or_host() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let (id, secret, deployment) = (org.text("clientId"), org.text("clientSecret"), org.text("deploymentId"));
    let token = emulator.token(id, secret).await;
    let me = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(me.json()["organization"]["id"], org.id);
    let config = format!("/webdeployments/v1/deployments/{deployment}/config.json");
    assert_eq!(emulator.client.get(&config, None).await.status, 200);
    assert!(emulator.upgrade(&format!("/v1?deploymentId={deployment}")).await.is_ok());
    let host = format!("{}.localhost", org.id);
    let of_host = emulator.client.send("GET", "/.well-known/jwks.json", &[("host", &host)], "").await;
    let of_prefix = org.client.get("/.well-known/jwks.json", None).await;
    assert_eq!(of_host.text, of_prefix.text);
    let entries = org.admin(&emulator, "GET", "/journal", None).await.json();
    assert_eq!(entries["entities"].as_array().unwrap().len(), 6);
    assert!(emulator.journal("").await.is_empty());
}

#[tokio::test]
async fn an_org_that_is_taken_away_closes_its_sockets_and_is_gone() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let token = org.token().await;
    let target = format!("/v1?deploymentId={}", org.text("deploymentId"));
    let mut socket = Socket::open(&org.client.base, &target, &[]).await.unwrap();
    let gone = org.admin(&emulator, "DELETE", "", None).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(u16::from(socket.closed().await.unwrap().code), 1001);
    let again = org.admin(&emulator, "DELETE", "", None).await;
    assert_eq!(told(&again), format!("404 -: There is no org {}", org.id));
    assert_eq!(org.admin(&emulator, "GET", "/faults", None).await.status, 404);
    let answer = org.client.try_send("GET", "/.well-known/jwks.json", &[], "").await.unwrap();
    assert_eq!(told(&answer), format!("404 -: There is no org {}; POST /__admin/orgs makes one", org.id));
    let me = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!((me.status, &me.json()["code"]), (401, &json!("bad.credentials")));
}

#[tokio::test]
async fn an_org_with_a_ttl_goes_by_itself() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({ "ttl": "1ms" })).await;
    let stays = Other::make(&emulator, json!({ "ttl": "1h" })).await;
    for _ in 0..100_000 {
        if org.admin(&emulator, "GET", "", None).await.status == 404 {
            assert_eq!(stays.admin(&emulator, "GET", "", None).await.status, 200);
            return;
        }
    }
    panic!("it is still there");
}

#[tokio::test]
async fn what_cannot_be_made_is_explained() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for body in [
        json!({ "nam": "Blue" }),
        json!({ "clock": "tomorrow" }),
        json!({ "ttl": "soon" }),
        json!({ "seed": "seven" }),
        json!({ "scenario": "respnd" }),
        json!({ "scenario": "/etc/hostname" }),
        json!(["Blue"]),
    ] {
        let answer = emulator.client.admin("POST", "/orgs", Some(&body)).await;
        said.push_str(&told(&answer));
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    400 nam: unknown field `nam`, expected one of `name`, `scenario`, `seed`, `clock`, `ttl` at line 1 column 6; did you mean `name`?
    400 clock: `tomorrow` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z at line 1 column 19
    400 ttl: `soon` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds at line 1 column 13
    400 seed: invalid type: string "seven", expected a whole number that is not negative at line 1 column 15
    404 -: there is no scenario `respnd`, neither built in nor as a file; did you mean `respond`?
    404 -: there is no scenario `/etc/hostname`, neither built in nor as a file; `default` is the built-in world
    400 -: a list came, expected an object
    "#);
    let broken = emulator.client.try_send("POST", "/__admin/orgs", &[], "{\"name\":").await.unwrap();
    assert_snapshot!(broken.text, @r#"{"type":"about:blank","title":"A member is not as expected","status":400,"detail":"EOF while parsing a value at line 1 column 8","field":"name"}"#);
    let listed = emulator.client.admin("GET", "/orgs", None).await.json();
    assert_eq!(listed["entities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_emulator_without_orgs_says_so_until_one_is_made() {
    let emulator = TestEmulator::yaml("include: []\n").await;
    let nobody = emulator.client.try_send("GET", "/.well-known/jwks.json", &[], "").await.unwrap();
    assert_snapshot!(nobody.text, @r#"{"type":"about:blank","title":"No org","status":404,"detail":"The scenario has no org, so nothing can be answered"}"#);
    assert_eq!(told(&emulator.client.admin("GET", "/clock", None).await), "404 -: There is no org at all");
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({ "scenario": "default" }))).await;
    assert_eq!(made.status, 201);
    assert_ne!(made.json()["deploymentId"], DEPLOYMENT);
}

#[tokio::test]
async fn no_org_inherits_the_place_of_the_default_one() {
    let emulator = TestEmulator::start().await;
    assert_eq!(emulator.client.admin("POST", "/orgs", None).await.status, 201);
    assert_eq!(emulator.client.admin("DELETE", &format!("/orgs/{ORG}"), None).await.status, 204);
    let answer = emulator.client.try_send("GET", "/api/v2/oauth/publickey", &[], "").await.unwrap();
    assert_eq!((answer.status, answer.json()["title"].clone()), (404, json!("No org")));
}
