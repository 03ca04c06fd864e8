//! What people have before their eyes: the SDK in a page of a browser, an agent's window beside a guest's.

use genesys_emulator::Emulator;

use super::{Runtime, facts_with, must, reach::is_there};

#[tokio::test]
async fn the_javascript_sdk_signs_in_administrates_and_listens_in_a_page_of_another_origin() {
    if !is_there("chromium", "--version") {
        return;
    }
    let browser = |_: &str| vec!["/usr/bin/chromium".to_owned()];
    let Some(facts) = facts_with(Runtime::Node, "sdk-in-a-page.mjs", browser).await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    byPkce: {"accessToken":"string","left":"","sentBackWith":["code","state"],"state":"a b"}
    byPopup: {"client":"emulator-code-client","state":"c d"}
    clients: {"deleted":204,"gone":[404,"client.not.found",true],"limits":["inin-correlation-id","inin-ratelimit-allowed","inin-ratelimit-count","inin-ratelimit-reset"],"more":1,"tooEarly":[400,"cannot.delete.client",true]}
    implicit: {"accessToken":"string","left":"","sentBackWith":["access_token","expires_in","state","token_type"],"state":"a b"}
    scope: ["user-basic-info"]
    told: "v2.users.00000000-0000-4000-8000-0000000000bb.presence: BUSY"
    withoutCors: ["Network Error","read"]
    "#);
}

#[tokio::test]
async fn an_agent_with_the_sdk_and_a_guest_with_a_socket_see_one_conversation_and_strangers_none() {
    let (runtime, program) = (Runtime::Node, "two-windows.mjs");
    if !runtime.is_ready(program) {
        return;
    }
    let emulator = Emulator::builder().start().await.unwrap();
    let url = emulator.url();
    let run = move || {
        runtime.install();
        must(runtime.command(program).arg(url))
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    insta::assert_snapshot!(output, @"
               the guest sees                                      the agent sees
    09:00:00.0 a new session
    09:00:00.0                                                     I am ON_QUEUE
    09:00:01.0 I say “agent”
    09:00:01.2 the bot says “Someone will be with you shortly.”
    09:00:01.2                                                     customer: connected
    09:00:01.2                                                     customer says “agent”
    09:00:01.2                                                     workflow: disconnected
    09:00:01.2                                                     workflow says “Someone will be with you shortly.”
    09:00:01.2                                                     acd: connected
    09:00:01.2                                                     agent: alerting
    09:00:02.0                                                     agent: connected
    09:00:02.0                                                     acd: disconnected
    09:00:03.0 Emulated Agent is typing …
    09:00:04.0 Emulated Agent says “Hello! What can I do for you?”
    09:00:04.0                                                     agent says “Hello! What can I do for you?”
    09:00:05.0                                                     the guest is typing …
    09:00:06.0 I say “Where is my parcel?”
    09:00:06.0                                                     customer says “Where is my parcel?”
    09:00:07.0 Emulated Agent says “It comes today.”
    09:00:07.0                                                     agent says “It comes today.”
    09:00:08.0 Emulated Agent: Presence Disconnect
    09:00:08.0                                                     customer: disconnected
    09:00:08.0                                                     agent: disconnected

    5 of 5 messages are in both windows, by the same ids.
    The agent wrapped up: Parcel, On its way.
    An agent of another org gets 404 404 404 404 404, and 0 conversations.
    ");
}
