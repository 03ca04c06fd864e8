//! Users that were made by the API sign in, are given what queues have, and are no more when they were deleted.

use serde_json::{Value, json};

use super::{USERS, text};
use crate::{
    agent::{Desk, MESSAGES},
    login::{authorize, sign_in},
};

#[tokio::test]
async fn a_user_that_was_made_signs_in_by_its_address_and_its_user_name_and_stands_on_the_page() {
    let desk = Desk::start().await;
    let ada = desk.new_user("Ada").await;
    let renamed = json!({ "version": 1, "username": "ada.a" });
    desk.done("PATCH", text(&ada, "selfUri"), renamed, 200).await;
    for hint in ["ada@example.test", "ADA.A", text(&ada, "id")] {
        let own = sign_in(&desk.emulator, hint).await;
        let me = desk.ask_as(&own, "GET", "/api/v2/users/me", "").await.json();
        assert_eq!(me["id"], ada["id"], "{hint}");
    }
    let page = authorize(&desk.emulator, &[("prompt", "login")]).await.text;
    assert!(page.contains(text(&ada, "id")), "{page}");
    let off = json!({ "version": 2, "state": "inactive" });
    desk.done("PATCH", text(&ada, "selfUri"), off, 200).await;
    let page = authorize(&desk.emulator, &[("login_hint", "ada@example.test")]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(!page.text.contains(text(&ada, "id")), "{}", page.text);
}

#[tokio::test]
async fn tokens_and_channels_of_a_user_end_with_it_and_do_not_come_back_with_it() {
    let mut desk = Desk::start().await;
    let admin = desk.token.clone();
    for (method, body, back) in [
        ("DELETE", Value::Null, json!({ "version": 2, "state": "active" })),
        ("PATCH", json!({ "version": 3, "state": "inactive" }), json!({ "version": 4, "state": "active" })),
    ] {
        let path = if method == "DELETE" {
            text(&desk.new_user("Ada").await, "selfUri").to_owned()
        } else {
            let all = desk.done("GET", USERS, Value::Null, 200).await.json();
            text(&all["entities"][0], "selfUri").to_owned()
        };
        desk.token = sign_in(&desk.emulator, "ada@example.test").await;
        let mut channel = desk.listen(&[]).await;
        let own = std::mem::replace(&mut desk.token, admin.clone());
        desk.done(method, &path, body, 200).await;
        let told = channel.next_raw().await;
        assert!(told.contains(r#""topicName":"v2.system.token_revoked."#), "{told}");
        assert!(channel.closed().await.is_some());
        assert_eq!(desk.ask_as(&own, "GET", "/api/v2/users/me", "").await.status, 401);
        desk.done("PATCH", &path, back, 200).await;
        assert_eq!(desk.ask_as(&own, "GET", "/api/v2/users/me", "").await.status, 401);
    }
}

#[tokio::test]
async fn a_user_that_was_made_is_offered_what_its_queue_has_and_others_are_when_it_is_deleted() {
    let desk = Desk::start().await;
    let ada = desk.new_user("Ada").await;
    let queues = desk.done("GET", "/api/v2/routing/queues", Value::Null, 200).await.json();
    let members = format!("{}/members", text(&queues["entities"][0], "selfUri"));
    desk.undescribed("POST", &members, json!([{ "id": ada["id"] }]), 204).await;
    let on = format!("{}/routingstatus", text(&ada, "selfUri"));
    desk.done("PUT", &on, json!({ "status": "IDLE" }), 200).await;
    let (_guest, id) = desk.guest().await;
    assert_eq!(desk.participant(&id, "agent").await["user"]["id"], ada["id"]);
    desk.on_queue(true).await;
    desk.done("DELETE", text(&ada, "selfUri"), Value::Null, 200).await;
    assert_eq!(desk.participant(&id, "agent").await["user"]["id"], crate::agent::AGENT);
    let known = desk.done("GET", &format!("{MESSAGES}/{id}"), Value::Null, 200).await.text;
    assert!(known.contains(r#""name":"Ada""#), "{known}");
    desk.done("GET", &on, Value::Null, 404).await;
}
