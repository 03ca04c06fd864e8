use std::{collections::BTreeMap, thread};

use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    domain::visit::{Claimed, Surface},
    faults::verdict::Verdict,
};

/// What a request of this client is answered with; nothing if it passes.
fn asked(engine: &Mutex<Engine>, client: usize) -> Option<u16> {
    let claimed = Claimed { client: Some(format!("client-{client}").into()), ..Claimed::default() };
    let facts = Facts {
        surface: Surface::Api,
        method: "GET",
        path: "/x",
        query: None,
        server_name: None,
        headers: None,
        body: b"",
        claimed: &claimed,
        frame: None,
        required: "",
        token: None,
        sockets: None,
        standing: None,
        now: Timestamp::default(),
    };
    let draws = DrawKey::new(7, "org");
    let rulings = engine.lock().decide(Point::Request, Phase::Before, &facts, &draws);
    rulings.into_iter().find_map(|ruling| match ruling.verdict {
        Verdict::Answer(answer) => Some(answer.status),
        _ => None,
    })
}

/// The answers of several clients that ask at the same time, each so often: by client, in its own order.
fn asked_at_once(fault: &serde_json::Value, clients: usize, times: usize) -> Vec<Vec<Option<u16>>> {
    let fault: Fault = serde_json::from_value(fault.clone()).unwrap();
    let engine = Mutex::new(Engine::of_one(fault, Timestamp::default()).unwrap());
    thread::scope(|scope| {
        let engine = &engine;
        let some = |client| scope.spawn(move || (0..times).map(|_| asked(engine, client)).collect());
        let all: Vec<_> = (0..clients).map(some).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

fn counted(answers: &[Vec<Option<u16>>]) -> BTreeMap<Option<u16>, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers.iter().flatten() {
        *counts.entry(*answer).or_insert(0) += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn each_step_of_a_plan_is_consumed_exactly_once_at_any_concurrency(
        steps in proptest::collection::vec((any::<bool>(), 1_u32..4), 1..12),
        clients in 1_usize..9,
        times in 1_usize..12,
    ) {
        prop_assume!(steps.iter().any(|(bites, _)| *bites));
        let mut left = clients * times;
        let mut expected = BTreeMap::new();
        let mut plan = Vec::new();
        for (nth, (bites, lasting)) in steps.iter().enumerate() {
            let status = 400 + nth as u16;
            plan.push(match bites {
                true => json!({ "respond": { "status": status }, "times": lasting }),
                false => json!({ "ok": lasting }),
            });
            let here = left.min(*lasting as usize);
            left -= here;
            if here > 0 {
                *expected.entry(bites.then_some(status)).or_insert(0) += here;
            }
        }
        if left > 0 {
            *expected.entry(None).or_insert(0) += left;
        }
        let answers = asked_at_once(&json!({ "id": "f", "plan": plan }), clients, times);
        prop_assert_eq!(counted(&answers), expected);
    }

    #[test]
    fn counts_are_exact_at_any_concurrency(
        skip in 0_u64..20,
        which in 0..3_usize,
        count in 1_u64..9,
        clients in 1_usize..9,
        times in 1_usize..12,
    ) {
        let name = ["first", "nth", "every"][which];
        let schedule = json!({ "skip": skip, name: count });
        let fault = json!({ "id": "f", "schedule": schedule, "effect": { "respond": { "status": 503 } } });
        let asked = (clients * times) as u64;
        let counting = asked.saturating_sub(skip);
        let expected = [counting.min(count), u64::from(counting >= count), counting / count][which];
        let bitten = asked_at_once(&fault, clients, times).iter().flatten().flatten().count() as u64;
        prop_assert_eq!(bitten, expected);
    }

    #[test]
    fn chance_decides_the_nth_match_of_a_client_alike_at_any_concurrency(
        chance in 0.0..=1.0_f64,
        clients in 1_usize..9,
        times in 1_usize..12,
    ) {
        let schedule = json!({ "chance": chance });
        let fault = json!({ "id": "f", "schedule": schedule, "effect": { "respond": { "status": 503 } } });
        let at_once = asked_at_once(&fault, clients, times);
        for (client, seen) in at_once.iter().enumerate() {
            let parsed: Fault = serde_json::from_value(fault.clone()).unwrap();
            let alone = Mutex::new(Engine::of_one(parsed, Timestamp::default()).unwrap());
            let expected: Vec<_> = (0..times).map(|_| asked(&alone, client)).collect();
            prop_assert_eq!(seen, &expected);
        }
    }
}
