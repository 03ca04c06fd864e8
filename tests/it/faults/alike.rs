//! The same seed makes the same decisions, however many ask at once.

use std::collections::BTreeMap;

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{TestEmulator, client::Client};

/// An emulator whose API is unavailable three times in ten.
async fn by_chance() -> TestEmulator {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "respond": { "status": 503 } });
    let fault =
        json!({ "id": "f", "when": { "surface": "api" }, "schedule": { "chance": 0.3 }, "effect": effect });
    emulator.fault(fault).await;
    emulator
}

/// One request of this client. Was it bitten?
async fn bitten(client: &Client, name: usize) -> bool {
    client.send("GET", &format!("/api/v2/x?client_id=client-{name}"), &[], "").await.status == 503
}

const CLIENTS: usize = 64;
const REQUESTS: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_nth_request_of_a_client_is_decided_alike_at_concurrency_1_and_64() {
    let emulator = by_chance().await;
    let mut one_by_one = BTreeMap::<usize, Vec<bool>>::new();
    for _ in 0..REQUESTS {
        for name in 0..CLIENTS {
            one_by_one.entry(name).or_default().push(bitten(&emulator.client, name).await);
        }
    }
    let emulator = by_chance().await;
    let mut clients = JoinSet::new();
    for name in 0..CLIENTS {
        let client = emulator.client.clone();
        clients.spawn(async move {
            let mut seen = Vec::new();
            for _ in 0..REQUESTS {
                seen.push(bitten(&client, name).await);
            }
            (name, seen)
        });
    }
    let at_once: BTreeMap<_, _> = clients.join_all().await.into_iter().collect();
    assert_eq!(one_by_one, at_once);
    let distinct: std::collections::BTreeSet<_> = at_once.values().collect();
    assert!(distinct.len() > CLIENTS / 2, "clients draw apart");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_client_that_asks_64_times_at_once_is_bitten_as_often_as_one_after_the_other() {
    let emulator = by_chance().await;
    let mut one_by_one = 0;
    for _ in 0..CLIENTS {
        one_by_one += u32::from(bitten(&emulator.client, 0).await);
    }
    let emulator = by_chance().await;
    let mut requests = JoinSet::new();
    for _ in 0..CLIENTS {
        let client = emulator.client.clone();
        requests.spawn(async move { bitten(&client, 0).await });
    }
    let at_once = requests.join_all().await.into_iter().filter(|bitten| *bitten).count();
    assert_eq!(at_once, one_by_one as usize);
}

#[tokio::test]
async fn three_in_ten_of_a_thousand_are_about_three_hundred_and_the_same_ones_each_time() {
    let thousand = async || {
        let emulator = by_chance().await;
        let mut seen = Vec::new();
        for nth in 0..1_000 {
            if bitten(&emulator.client, 0).await {
                seen.push(nth);
            }
        }
        seen
    };
    let (once, again) = (thousand().await, thousand().await);
    assert_eq!(once, again);
    assert!((255..=345).contains(&once.len()), "{}", once.len());
    let longest = once.windows(2).map(|two| two[1] - two[0]).max();
    assert!(longest < Some(40), "they are spread: {longest:?}");
}
