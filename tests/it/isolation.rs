//! Two hundred orgs side by side, each with a fault, a clock and a key of its own.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    control::Other,
    support::{Socket, TestEmulator},
};

const ORGS: usize = 200;

/// What one org saw of itself.
struct Seen {
    nth: usize,
    org: Other,
    kid: String,
    token: String,
}

/// Makes an org, gives it a fault and a clock that no other has, and plays its story.
async fn live(emulator: Arc<TestEmulator>, nth: usize) -> Seen {
    let org = Other::make(&emulator, json!({ "name": format!("Org {nth}"), "seed": nth })).await;
    let fault = json!({
        "id": format!("fault-{nth}"),
        "when": { "path": "/api/v2/broken" },
        "effect": { "respond": { "status": 400 + nth, "body": format!("only in {nth}") } },
    });
    assert_eq!(org.admin(&emulator, "POST", "/faults", Some(&fault)).await.status, 201);
    let hours = json!({ "advance": format!("{nth}h") });
    org.admin(&emulator, "PUT", "/clock", Some(&hours)).await;
    for _ in 0..nth % 3 {
        org.admin(&emulator, "POST", "/keys/platform/rotate", None).await;
    }
    let broken = org.client.get("/api/v2/broken", None).await;
    assert_eq!(
        (broken.status as usize, broken.text, broken.headers["x-emulator-fault"].clone()),
        (400 + nth, format!("only in {nth}"), format!("fault-{nth}"))
    );
    let token = org.token().await;
    let made = org.guest(&token).await;
    assert_eq!((made.status, made.header("x-emulator-fault")), (200, ""));
    let jwt = made.json()["access_token"].as_str().unwrap().to_owned();
    let kid = jsonwebtoken::decode_header(&jwt).unwrap().kid.unwrap();
    let published = org.client.get("/api/v2/oauth/publickey", None).await.json();
    assert_eq!(published["kid"], kid);
    let deployment = org.made["ids"]["deployments.guestToken"].as_str().unwrap();
    let target = format!("/v1?deploymentId={deployment}&token={jwt}");
    let mut socket = Socket::open(&org.client.base, &target, &[]).await.unwrap();
    socket.configure(deployment, "one and the same session token").await;
    socket.say("one and the same session token", &format!("I am {nth}")).await;
    assert_eq!(socket.next().await["body"]["text"], format!("I am {nth}"));
    org.admin(&emulator, "PUT", "/clock", Some(&json!({ "advance": "1s" }))).await;
    assert_eq!(socket.next().await["body"]["text"], format!("You said: I am {nth}"));
    Seen { nth, org, kid, token }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_orgs_in_parallel_see_nothing_of_one_another() {
    let emulator = Arc::new(TestEmulator::start().await);
    let mut lives = JoinSet::new();
    for nth in 0..ORGS {
        lives.spawn(live(Arc::clone(&emulator), nth));
    }
    let mut seen = lives.join_all().await;
    seen.sort_by_key(|one| one.nth);

    let kids: BTreeSet<_> = seen.iter().map(|one| &one.kid).collect();
    assert_eq!(kids.len(), ORGS, "every org has a key id of its own");
    for (one, next) in seen.iter().zip(seen.iter().cycle().skip(1)) {
        let refused = next.org.client.get("/api/v2/tokens/me", Some(&one.token)).await;
        assert_eq!(refused.status, 401, "a token of {} in {}", one.nth, next.nth);
        let faults = one.org.admin(&emulator, "GET", "/faults", None).await.json();
        let faults = faults["entities"].as_array().unwrap();
        assert_eq!(
            (faults.len(), &faults[0]["id"], &faults[0]["matched"]),
            (1, &json!(format!("fault-{}", one.nth)), &json!(1))
        );
        let clock = one.org.admin(&emulator, "GET", "/clock", None).await.json();
        let day = 2 + (3 + one.nth) / 24;
        let expected = match day {
            ..=31 => format!("2026-01-{day:02}T{:02}:04:06.000Z", (3 + one.nth) % 24),
            _ => unreachable!("200 hours are nine days"),
        };
        assert_eq!(clock["now"], expected, "{}", one.nth);
        let journal = one.org.admin(&emulator, "GET", "/journal", None).await.json();
        let entries = journal["entities"].as_array().unwrap();
        let broken = entries.iter().filter(|entry| entry["status"] == 400 + one.nth).count();
        let strange = entries.iter().flat_map(|entry| entry["faults"].as_array()).flatten();
        let strange: Vec<_> = strange.filter(|id| **id != format!("fault-{}", one.nth)).collect();
        assert_eq!((broken >= 1, strange), (true, vec![]));
        let foreign = entries.iter().filter(|entry| entry["refusal"]["rule"] == "of.another.org");
        assert_eq!(foreign.count(), usize::from(one.nth > 0), "only its neighbour's token came");
    }
    assert!(emulator.journal("").await.is_empty());
}
