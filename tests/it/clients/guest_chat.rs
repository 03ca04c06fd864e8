//! The vendor's client of legacy web chats.

use super::{Runtime, facts};

#[tokio::test]
async fn the_guest_chat_client_has_a_whole_chat_in_its_older_and_its_latest_version() {
    let Some(facts) = facts(Runtime::Node, "guest-chat.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    13.2.0: {"closed":1000,"echoed":true,"fields":{"plan":"gold"},"heard":["member-change customer CONNECTED","message customer member-join","member-change ? CONNECTED","message ? member-join","member-change ? ALERTING","member-change agent CONNECTED","message agent member-join","message acd member-leave","member-change acd DISCONNECTED","message customer standard Grüße 👋","typing-indicator agent","message agent standard Hello","typing-indicator customer","message customer member-leave","member-change customer DISCONNECTED","message agent member-leave","member-change agent DISCONNECTED"],"lines":["CUSTOMER: Grüße 👋","AGENT: Hello"],"refused":"authentication.required","requests":0}
    8.1.3: {"closed":1000,"echoed":true,"fields":{"plan":"gold"},"heard":["member-change customer CONNECTED","message customer member-join","member-change ? CONNECTED","message ? member-join","member-change ? ALERTING","member-change agent CONNECTED","message agent member-join","message acd member-leave","member-change acd DISCONNECTED","message customer standard Grüße 👋","typing-indicator agent","message agent standard Hello","typing-indicator customer","message customer member-leave","member-change customer DISCONNECTED","message agent member-leave","member-change agent DISCONNECTED"],"lines":["CUSTOMER: Grüße 👋","AGENT: Hello"],"refused":"chat.error.conversation.state","requests":0}
    "#);
}
