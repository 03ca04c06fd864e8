//! The admin API, `/__admin`.

mod broken_scenarios;
mod by_hand;
mod clock;
mod conversations;
mod cors;
mod events;
mod explain;
mod faults;
mod guard;
mod health;
mod journal;
mod journal_archive;
mod journal_bounds;
mod journal_filters;
mod journal_stream;
mod keys;
mod metrics;
mod orgs;
mod orgs_apart;
mod out_of_reach;
mod places;
mod reset;
mod scenario_list;
mod scenarios;
mod state;
mod wrong_types;

use serde_json::{Value, json};

use crate::support::{Answer, TestEmulator, client::Client};

/// An org made at run time, with a client that uses its `url`.
pub struct Other {
    pub id: String,
    pub client: Client,
    pub made: Value,
}

impl Other {
    pub async fn make(emulator: &TestEmulator, body: Value) -> Self {
        let answer = emulator.client.admin("POST", "/orgs", Some(&body)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let made = answer.json();
        let id = made["id"].as_str().unwrap().to_owned();
        let client = Client::new(format!("{}/@{id}", emulator.base()));
        Self { id, client, made }
    }

    /// An access token of its main client.
    pub async fn token(&self) -> String {
        let (id, secret) = (self.text("clientId"), self.text("clientSecret"));
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let answer = self.client.post_form("/oauth/token", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A guest token for somebody called Ann.
    pub async fn guest(&self, token: &str) -> Answer {
        let body = json!({ "name": "Ann" });
        self.client.post("/api/v2/webchat/guest", Some(token), &body).await
    }

    pub fn text(&self, member: &str) -> &str {
        self.made[member].as_str().unwrap()
    }

    /// A call to the admin API about this org.
    pub async fn admin(
        &self,
        emulator: &TestEmulator,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let path = format!("/orgs/{}{path}", self.id);
        emulator.client.admin(method, &path, body).await
    }
}

/// Status, field and detail of a problem.
pub fn told(answer: &Answer) -> String {
    let problem = answer.json();
    let field = problem.get("field").and_then(Value::as_str).unwrap_or("-");
    format!("{} {field}: {}", answer.status, problem["detail"].as_str().unwrap())
}
