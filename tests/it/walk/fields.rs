//! Every field of a scenario file changes what is seen: two worlds that differ in it alone, and in both of them the same is
//! done.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use genesys_emulator::{Emulator, laboratory::transcript};
use tokio::task::JoinSet;

use super::{fields, root, texts, tours::TOURS};
use crate::support::{TestEmulator, emulator::PUBLIC_URL, scenario};

/// A row: what is done, the field, and two worlds.
struct Row {
    tour: &'static str,
    field: &'static str,
    one: &'static str,
    other: &'static str,
}

fn rows() -> Vec<Row> {
    let rows = include_str!("fields.table").lines().map(|line| {
        let [tour, field, one, other] = line.split(" | ").map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let tour = TOURS.iter().find(|(name, _)| *name == tour).unwrap_or_else(|| panic!("{line}")).1;
        Row { tour, field, one, other }
    });
    rows.collect()
}

/// Parts of worlds that several rows have.
fn written_out(world: &str, key: &str) -> String {
    let client = "identityProviders: { main: { clients: { genesys-cloud-web-messaging: { public: true, redirectUris: [http://localhost] } } } }";
    let person =
        format!("{client}, deployments: {{ authenticated: {{ identityProvider: main, subject: known }} }}");
    let trust = "integrations: { other: { provider: main, clientId: another } }";
    let mut world = world.replace("<client>", client).replace("<person>", &person);
    world = world.replace("<trust>", trust).replace("<key>", key);
    world = world.replace("<another key>", "'-----BEGIN PUBLIC KEY-----'");
    if let Some((before, rest)) = world.clone().split_once("<action") {
        let (more, after) = rest.split_once('>').unwrap();
        let mut action: BTreeMap<&str, &str> = [("id", "a"), ("externalSource", "s")].into();
        action.extend(more.split(", ").filter_map(|member| member.split_once(": ")));
        let members: Vec<_> = action.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let sources = "externalSources: { s: { id: s }, t: { id: t, active: false } }";
        world = format!("{before}{sources}, dataActions: {{ x: {{ {} }} }}{after}", members.join(", "));
    }
    world
}

/// All that is said when this is done in a world.
async fn said(world: &str, tour: &str) -> String {
    let steps = tour.lines().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "      {line}");
        text
    });
    let text = format!("name: tour\nworld: {{ orgs: [ {world} ] }}\nscripts:\n  tour:\n    steps:{steps}");
    let file = scenario::file(&text);
    let like = Emulator::builder().public_url(PUBLIC_URL).seed(1);
    let (address, said) = match transcript(scenario::path(&file), like).await {
        Ok(said) => said,
        Err(error) => panic!("{world}: {error}"),
    };
    said.replace(&address, "(address)")
}

/// Fields that a test of their own is about, because they take more than a world and a client.
const TESTS: &[(&str, &str)] =
    &[("Deployment.strictIssuer", "a_strict_deployment_wants_tokens_issued_under_its_very_own_name")];

#[test]
fn every_field_has_a_row() {
    let known: BTreeSet<_> = fields().into_iter().map(|(shape, field)| format!("{shape}.{field}")).collect();
    let rows = rows().into_iter().map(|row| row.field).chain(TESTS.iter().map(|(field, _)| *field));
    let rows: BTreeSet<_> = rows.map(str::to_owned).collect();
    assert!(known.len() > 100);
    assert_eq!(known.difference(&rows).collect::<Vec<_>>(), [""; 0], "fields that nobody looks at");
    assert_eq!(rows.difference(&known).collect::<Vec<_>>(), [""; 0], "rows about no field");
    let tests = texts(&root().join("tests/it/webmessaging"));
    assert!(TESTS.iter().all(|(_, test)| tests.contains(&format!("fn {test}("))), "{TESTS:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_changes_what_is_seen() {
    let rows = rows();
    let key =
        TestEmulator::start().await.client.get("/idp/main/jwks", None).await.json()["keys"][0].to_string();
    let mut worlds: BTreeSet<(&str, &str)> = rows.iter().map(|row| (row.one, row.tour)).collect();
    worlds.extend(rows.iter().map(|row| (row.other, row.tour)));
    // what differs does so because of the field: the same world says the same
    worlds.extend(TOURS.iter().flat_map(|(_, tour)| [("{}", *tour), ("{ }", tour)]));
    let mut under_way = JoinSet::new();
    for (world, tour) in worlds {
        let written = written_out(world, &key);
        under_way.spawn(async move { ((world, tour), said(&written, tour).await) });
    }
    let all: BTreeMap<_, _> = under_way.join_all().await.into_iter().collect();
    let same = rows.iter().filter(|row| all[&(row.one, row.tour)] == all[&(row.other, row.tour)]);
    let fields: Vec<_> = same.map(|row| row.field).collect();
    assert_eq!(fields, [""; 0], "these change nothing that is seen");
    for (name, tour) in TOURS {
        let (usual, again) = (&all[&("{}", *tour)], &all[&("{ }", *tour)]);
        assert!(usual == again, "{name} is not the same twice");
        let whole = usual.starts_with("tour: None") || *name == "HANDSHAKE";
        assert!(whole, "{name} does not come to its end:\n{usual}");
    }
}
