//! `/api/v2/oauth/clients/{clientId}/usage`: counted from what was really asked.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::oauth_clients::Admin;
use crate::login::text;

const USAGE: &str = "/api/v2/oauth/clients/emulator-guest-client/usage";

async fn results(admin: &Admin, executed: &Value) -> Value {
    let answer = admin.get(text(executed, "resultsUri")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// A day and a bit of use: two guests, one of them shown, a call that is refused; one more the day after.
async fn used() -> Admin {
    let admin = Admin::start().await;
    let token = admin.emulator.guest_client_token().await;
    for name in ["Ann", "Bea"] {
        let guest = json!({ "name": name });
        admin.emulator.client.post("/api/v2/webchat/guest", Some(&token), &guest).await;
    }
    admin.emulator.client.get("/api/v2/webchat/guest/guest-1", Some(&token)).await;
    admin.emulator.client.get("/api/v2/oauth/clients", Some(&token)).await;
    admin.emulator.advance("24h").await;
    let token = admin.emulator.guest_client_token().await;
    admin.emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    admin
}

#[tokio::test]
async fn a_summary_has_a_row_for_each_day_route_and_method() {
    let admin = used().await.again().await;
    let executed = admin.get(&format!("{USAGE}/summary?days=7")).await.json();
    assert_snapshot!(executed, @r#"{"executionId":"cd55dddb-f765-4339-b0e1-8fbd260bc1ef","resultsUri":"/api/v2/oauth/clients/emulator-guest-client/usage/query/results/cd55dddb-f765-4339-b0e1-8fbd260bc1ef"}"#);
    assert_snapshot!(results(&admin, &executed).await, @r#"{"queryStatus":"Complete","results":[{"clientId":"emulator-guest-client","clientName":"Least privilege for guest tokens","date":"2026-01-02T00:00:00.000Z","httpMethod":"GET","requests":1,"status200":0,"status300":0,"status400":1,"status429":0,"status500":0,"templateUri":"/api/v2/oauth/clients"},{"clientId":"emulator-guest-client","clientName":"Least privilege for guest tokens","date":"2026-01-02T00:00:00.000Z","httpMethod":"POST","requests":2,"status200":2,"status300":0,"status400":0,"status429":0,"status500":0,"templateUri":"/api/v2/webchat/guest"},{"clientId":"emulator-guest-client","clientName":"Least privilege for guest tokens","date":"2026-01-02T00:00:00.000Z","httpMethod":"GET","requests":1,"status200":0,"status300":0,"status400":1,"status429":0,"status500":0,"templateUri":"/api/v2/webchat/guest/{id}"},{"clientId":"emulator-guest-client","clientName":"Least privilege for guest tokens","date":"2026-01-03T00:00:00.000Z","httpMethod":"GET","requests":1,"status200":1,"status300":0,"status400":0,"status429":0,"status500":0,"templateUri":"/api/v2/tokens/me"}]}"#);
    let today = admin.get(&format!("{USAGE}/summary?days=1")).await.json();
    assert_eq!(results(&admin, &today).await["results"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_query_counts_what_it_asks_for() {
    let admin = used().await.again().await;
    let interval = "2026-01-01T00:00:00Z/2026-02-01T00:00:00Z";
    let asked = async |query: Value| {
        let executed = admin.ask("POST", &format!("{USAGE}/query"), query).await;
        assert_eq!(executed.status, 200, "{}", executed.text);
        results(&admin, &executed.json()).await["results"].clone()
    };
    assert_snapshot!(asked(json!({ "interval": interval })).await, @r#"[{"date":"2026-01-01T00:00:00.000Z","requests":5,"status200":3,"status300":0,"status400":2,"status429":0,"status500":0}]"#);
    let by_month = json!({ "interval": interval, "granularity": "Month", "metrics": ["Requests", "Status400"], "groupBy": ["OAuthClientId", "OrganizationId", "HttpMethod"] });
    assert_snapshot!(asked(by_month).await, @r#"[{"clientId":"emulator-guest-client","clientName":"Least privilege for guest tokens","date":"2026-01-01T00:00:00.000Z","httpMethod":"GET","organizationId":"00000000-0000-4000-8000-0000000000aa","requests":3,"status400":2},{"clientId":"emulator-guest-client","clientName":"Least privilege for guest tokens","date":"2026-01-01T00:00:00.000Z","httpMethod":"POST","organizationId":"00000000-0000-4000-8000-0000000000aa","requests":2,"status400":0}]"#);
    let by_day = json!({ "interval": interval, "granularity": "Day", "metrics": ["Status200"] });
    assert_snapshot!(asked(by_day).await, @r#"[{"date":"2026-01-02T00:00:00.000Z","status200":2},{"date":"2026-01-03T00:00:00.000Z","status200":1}]"#);
    let none = json!({ "interval": "2025-01-01T00:00:00Z/2026-01-01T00:00:00Z" });
    assert_eq!(asked(none).await, json!([]));
}

#[tokio::test]
async fn what_cannot_be_asked_is_named() {
    let admin = Admin::start().await;
    let query = format!("{USAGE}/query");
    let interval = json!("2026-01-01T00:00:00Z/2026-01-02T00:00:00Z");
    assert_snapshot!(admin.refused("POST", &query, json!({})).await, @"400 constraint.validation interval is missing");
    assert_snapshot!(admin.refused("POST", &query, json!({ "interval": "today" })).await, @"400 bad.request interval is not two times of ISO 8601 with / between, the earlier one first");
    let back = json!("2026-01-02T00:00:00Z/2026-01-01T00:00:00Z");
    assert_snapshot!(admin.refused("POST", &query, json!({ "interval": back })).await, @"400 bad.request interval is not two times of ISO 8601 with / between, the earlier one first");
    assert_snapshot!(admin.refused("POST", &query, json!({ "interval": interval, "granularity": "Hour" })).await, @"400 bad.request granularity is not Day, Week or Month");
    assert_snapshot!(admin.refused("POST", &query, json!({ "interval": interval, "metrics": ["Shoes"] })).await, @"400 bad.request metrics is not a list of Status200, Status300, Status400, Status500, Status429 and Requests");
    assert_snapshot!(admin.refused("POST", &query, json!({ "interval": interval, "groupBy": "HttpMethod" })).await, @"400 bad.request groupBy is not a list of texts");
    assert_snapshot!(admin.refused("GET", &format!("{USAGE}/summary?days=0"), Value::Null).await, @"400 invalid.query.param.value Value [0] is not valid for its query parameter.");
    assert_snapshot!(admin.refused("GET", "/api/v2/oauth/clients/nobody/usage/summary", Value::Null).await, @"404 not.found The requested resource was not found.");
    assert_snapshot!(admin.refused("GET", &format!("{USAGE}/query/results/x"), Value::Null).await, @"404 not.found The requested resource was not found.");
    // an execution is of its client
    let executed = admin.get(&format!("{USAGE}/summary")).await.json();
    let id = text(&executed, "executionId");
    let other = format!("/api/v2/oauth/clients/emulator-client/usage/query/results/{id}");
    assert_eq!(admin.get(&other).await.status, 404);
}
