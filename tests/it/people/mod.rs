//! Who works for the org: users, what they hold and take calls at, and the org itself.

mod divisions;
mod me;
mod members;
mod organization;
mod rights;
mod signing_in;
mod stations;
mod users;

use serde_json::{Value, json};

use crate::agent::Desk;

const USERS: &str = "/api/v2/users";

impl Desk {
    /// The id of the home division.
    pub async fn home(&self) -> String {
        let home = self.undescribed("GET", "/api/v2/authorization/divisions/home", Value::Null, 200).await;
        home.json()["id"].as_str().unwrap().to_owned()
    }

    /// A new user of this name.
    pub async fn new_user(&self, name: &str) -> Value {
        let email = format!("{}@example.test", name.to_lowercase());
        let body = json!({ "name": name, "email": email, "divisionId": self.home().await });
        self.done("POST", USERS, body, 200).await.json()
    }
}

/// A member of an answer that is a text.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// Somebody of another org who may do everything there.
pub async fn of_another_org(desk: &Desk) -> String {
    let other = desk.emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    desk.emulator.token(text(&other, "clientId"), text(&other, "clientSecret")).await
}
