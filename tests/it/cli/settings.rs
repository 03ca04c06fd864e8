//! Flags and variables of `serve`.

use serde_json::{Value, json};

use super::Run;
use crate::support::{client::Client, scenario};

async fn now(emulator: &Run) -> String {
    let clock = emulator.client.admin("GET", "/clock", None).await.json();
    clock["now"].as_str().unwrap().to_owned()
}

#[test]
fn a_flag_comes_before_its_variable_and_a_variable_before_the_default() {
    let variable = [("GENESYS_EMULATOR_SEED", "7")];
    assert_eq!(Run::start(&[], &[]).ready["seed"], 1);
    assert_eq!(Run::start(&[], &variable).ready["seed"], 7);
    assert_eq!(Run::start(&["--seed", "8"], &variable).ready["seed"], 8);
}

#[tokio::test]
async fn every_setting_can_be_a_variable() {
    let emulator = Run::start(
        &["serve"],
        &[
            ("GENESYS_EMULATOR_LISTEN", "127.0.0.1:0"),
            ("GENESYS_EMULATOR_SCENARIO", "respond,delay"),
            ("GENESYS_EMULATOR_CLOCK", "2030-01-01T00:00:00Z"),
            ("GENESYS_EMULATOR_CLOCK_RATE", "0"),
            ("GENESYS_EMULATOR_LOG_FORMAT", "text"),
        ],
    );
    assert_eq!(now(&emulator).await, "2030-01-01T00:00:00.000Z");
    let faults = emulator.client.admin("GET", "/faults", None).await.json();
    let ids: Vec<_> = faults["entities"].as_array().unwrap().iter().map(|fault| &fault["id"]).collect();
    assert_eq!(ids, ["respond", "delay"]);
    let (_, _, logs) = emulator.stopped();
    assert!(logs.contains(" INFO ready url="), "{logs}");
}

#[test]
fn an_unknown_variable_is_a_warning_with_the_nearest_known_one() {
    let variables = [
        ("GENESYS_EMULATOR_SEDE", "7"),
        ("GENESYS_EMULATOR_PORT_4363_TCP", "tcp://10.0.0.1:4363"),
        ("GENESYS_EMULATOR_CLIENT_SECRET", "is exported, hence known"),
    ];
    let emulator = Run::start(&[], &variables);
    assert_eq!(emulator.ready["seed"], 1);
    let (_, _, logs) = emulator.stopped();
    let warnings: Vec<Value> = logs
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["level"] == "WARN")
        .map(|line| line["fields"].clone())
        .collect();
    let unknown = |name: &str| json!({ "message": "unknown variable, not used", "variable": name });
    let mut mistyped = unknown("GENESYS_EMULATOR_SEDE");
    mistyped["did_you_mean"] = json!("GENESYS_EMULATOR_SEED");
    assert!(warnings.contains(&mistyped), "{warnings:?}");
    assert!(warnings.contains(&unknown("GENESYS_EMULATOR_PORT_4363_TCP")), "{warnings:?}");
    assert_eq!(warnings.len(), 2);
}

#[tokio::test]
async fn a_second_address_serves_the_admin_api_alone() {
    let emulator = Run::start(&["--admin-listen", "127.0.0.1:0"], &[]);
    let admin = emulator.ready["admin"].as_str().unwrap();
    let base = admin.strip_suffix("/__admin").unwrap();
    assert_ne!(base, emulator.client.base);
    let second = Client::new(base.to_owned());
    assert_eq!(second.admin("GET", "/health", None).await.status, 200);
    let made = second.admin("POST", "/orgs", None).await.json();
    let expected = format!("{}/@{}", emulator.client.base, made["id"].as_str().unwrap());
    assert_eq!(made["url"], expected, "what it made is served by the first address");
    for path in ["/.well-known/jwks.json", "/oauth/token", "/"] {
        let answer = second.try_send("GET", path, &[], "").await.unwrap();
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (404, "application/problem+json"),
            "{path}"
        );
    }
    assert_eq!(emulator.client.get("/.well-known/jwks.json", None).await.status, 200);
    assert_eq!(
        emulator.client.admin("GET", "/journal", None).await.json()["entities"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_clock_that_starts_somewhere_goes_on_unless_its_rate_is_zero() {
    let start = "2030-01-01T00:00:00Z";
    let frozen = Run::start(&["--clock", start, "--clock-rate", "0"], &[]);
    assert_eq!(now(&frozen).await, "2030-01-01T00:00:00.000Z");
    assert_eq!(now(&frozen).await, "2030-01-01T00:00:00.000Z");
    let running = Run::start(&["--clock", start, "--clock-rate", "1000"], &[]);
    let first = now(&running).await;
    let second = now(&running).await;
    assert!(first.starts_with("2030-01-01T") && first < second, "{first} {second}");
    let system = Run::start(&["--clock", "system"], &[]);
    assert!(now(&system).await.as_str() > "2026-01-01");
}

#[tokio::test]
async fn random_seeds_differ_and_the_ready_line_names_them() {
    let (one, two) = (Run::start(&["--seed", "random"], &[]), Run::start(&["--seed", "random"], &[]));
    assert_ne!(one.ready["seed"], two.ready["seed"]);
    let again = Run::start(&["--seed", &one.ready["seed"].to_string()], &[]);
    let keys = async |run: &Run| run.client.get("/.well-known/jwks.json", None).await.text;
    assert_eq!(keys(&one).await, keys(&again).await);
    assert_ne!(keys(&one).await, keys(&two).await);
}

#[test]
fn the_log_format_can_be_chosen() {
    let (_, _, text) = Run::start(&["--log-format", "text"], &[]).stopped();
    assert!(text.lines().all(|line| line.contains(" INFO ") && !line.starts_with('{')), "{text}");
    assert!(!text.contains('\u{1b}'), "no colours where there is no terminal");
    let (_, _, json) = Run::start(&["--log-format", "json"], &[]).stopped();
    assert!(json.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{json}");
}

#[tokio::test]
async fn limits_can_be_switched_off() {
    let emulator = Run::start(&["--limits", "off"], &[]);
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    for _ in 0..301 {
        assert_eq!(emulator.client.post_form("/oauth/token", form).await.status, 200);
    }
}

#[tokio::test]
async fn further_hosts_can_be_allowed_to_use_the_admin_api_from_pages() {
    let emulator =
        Run::start(&["--allowed-host", "dev.example.test", "--allowed-host", "ci.example.test"], &[]);
    let asked = async |host: &str| {
        let origin = format!("http://{host}");
        let headers = [("host", "localhost:4363"), ("origin", origin.as_str())];
        let answer = emulator.client.try_send("GET", "/__admin/orgs", &headers, "").await.unwrap();
        (answer.status, answer.header("access-control-allow-origin") == origin)
    };
    let told =
        [asked("dev.example.test").await, asked("CI.example.test").await, asked("evil.example.test").await];
    assert_eq!(told, [(200, true), (200, true), (403, false)]);
}

#[tokio::test]
async fn a_public_url_is_told_in_the_ready_line_and_to_clients() {
    let mut emulator = Run::start(&["--public-url", "http://emulator:4363/"], &[]);
    assert_eq!(emulator.ready["url"], "http://emulator:4363");
    emulator.stderr_until("ready");
}

#[tokio::test]
async fn requests_may_ask_for_faults_unless_that_is_switched_off() {
    for (flag, status) in [("on", 418), ("off", 501)] {
        let emulator = Run::start(&["--inject", flag], &[]);
        let headers = [("x-emulator-inject", "418")];
        let answer = emulator.client.try_send("GET", "/api/v2/x", &headers, "").await.unwrap();
        assert_eq!(answer.status, status, "--inject {flag}");
    }
}

#[tokio::test]
async fn fetches_can_be_confined_to_this_machine() {
    let yaml = "world: { orgs: [{ integrations: { main: { discoveryUri: 'http://192.0.2.1/x' } } }] }";
    let file = scenario::file(yaml);
    let emulator = Run::start(&["--fetch", "loopback", "--scenario", scenario::path(&file)], &[]);
    let oauth = json!({ "code": "c", "redirectUri": "http://localhost/cb" });
    let body = json!({ "deploymentId": crate::support::DEPLOYMENT, "oauth": oauth });
    let path = "/api/v2/webdeployments/token/oauthcodegrantjwtexchange";
    assert_eq!(emulator.client.post(path, None, &body).await.status, 401);
    let journal = emulator.client.admin("GET", "/journal", None).await.text;
    assert!(journal.contains("fetches are confined to loopback"), "{journal}");
}
