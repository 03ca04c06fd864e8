//! Every operation of the published API that is served here wants the scopes and permissions that are published.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use super::{CONTRACT, Desk};
use crate::support::TestEmulator;

/// Where the operations are.
const OURS: &[&str] = &[
    "/api/v2/conversations",
    "/api/v2/notifications/",
    "/api/v2/presencedefinitions",
    "/api/v2/routing/",
    "/api/v2/organizations/",
    "/api/v2/stations",
    "/api/v2/systempresences",
    "/api/v2/users",
    "/api/v2/webchat/deployments",
    "/api/v2/webchat/settings",
];

#[tokio::test]
async fn every_operation_wants_what_is_published() {
    let Some(contract) = &*CONTRACT else { return };
    let emulator = TestEmulator::yaml(
        "name: c\nworld: { orgs: [{ scopeChecks: all, clients: { \
         noscope: { id: noscope, secret: noscope, permissions: ['*'] }, \
         nopermission: { id: nopermission, secret: nopermission, scopes: ['*'] } } }] }",
    )
    .await;
    let desk = Desk::at(emulator).await;
    let noscope = desk.emulator.token("noscope", "noscope").await;
    let nopermission = desk.emulator.token("nopermission", "nopermission").await;
    let (mut unserved, mut wrong) = (String::new(), String::new());
    let paths = contract.0["paths"].as_object().unwrap();
    for (path, operations) in paths.iter().filter(|(path, _)| OURS.iter().any(|ours| path.starts_with(ours)))
    {
        let concrete: Vec<_> =
            path.split('/').map(|one| if one.starts_with('{') { "x" } else { one }).collect();
        let concrete = concrete.join("/");
        for (method, operation) in operations.as_object().unwrap() {
            let method = method.to_uppercase();
            let bearer = format!("Bearer {noscope}");
            let answer =
                desk.emulator.client.send(&method, &concrete, &[("authorization", &bearer)], "").await;
            if answer.status == 501 || answer.status == 405 {
                unserved += &format!("{method} {path}\n");
                continue;
            }
            let scopes: Vec<_> =
                operation["scopes"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
            let asked = scopes.iter().any(|scope| {
                answer.text.ends_with(&format!(
                    "\"scope\":\"{scope}\"}},\"contextId\":\"{}\",\"details\":[],\"errors\":[]}}",
                    answer.header("inin-correlation-id")
                ))
            });
            if answer.status != 403 || method != "HEAD" && !asked {
                wrong += &format!("{method} {path}: {scopes:?}: {}\n", answer.text);
            }
            let wanted: BTreeSet<_> = operation["permissions"]["permissions"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| one.as_str().unwrap().to_owned())
                .collect();
            let answer = desk.ask_as(&nopermission, &method, &concrete, "").await;
            let told = if method == "HEAD" || answer.status < 400 { "" } else { answer.text.as_str() };
            let missing = told.split_once("assigned: [").and_then(|(_, rest)| rest.split_once(']'));
            let missing: BTreeSet<_> =
                missing.into_iter().flat_map(|(list, _)| list.split(", ")).map(str::to_owned).collect();
            if missing != wanted {
                wrong += &format!("{method} {path}: {wanted:?}: {}\n", answer.text);
            }
        }
    }
    assert_eq!(wrong, "");
    assert_snapshot!(unserved, @"
    ");
}
