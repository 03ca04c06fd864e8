use super::{TOKEN, say, session};
use crate::{
    idp::exchange::exchange_code,
    support::{DEPLOYMENT, TestEmulator},
    webmessaging::{
        authenticated::{authenticated, configure},
        devices::contacts,
    },
};

#[tokio::test]
async fn one_person_is_two_contacts_with_a_conversation_each_and_they_are_never_one() {
    let emulator = TestEmulator::scenario("ghost-conversation").await;
    let mut early = session(&emulator).await;
    say(&mut early, "I cannot wait for the sign-in").await;
    let jwt = exchange_code(&emulator).await.json()["jwt"].as_str().unwrap().to_owned();
    let mut late = emulator.socket(DEPLOYMENT).await;
    configure(&mut late, DEPLOYMENT, "t-2", &jwt).await;
    late.say("t-2", "now it is me").await;
    late.next().await;
    let two = "Ephemeral nobody conversations: 1 into:  from: \n\
               Identified user-alice conversations: 1 into:  from: ";
    assert_eq!(contacts(&emulator).await, two);

    // even when the first tab signs in at last, nobody merges what it said before
    early.send(authenticated(DEPLOYMENT, TOKEN, &jwt)).await;
    while early.next().await["class"] != "SessionResponse" {}
    assert_eq!(contacts(&emulator).await, two);
}

#[tokio::test]
async fn in_the_default_world_the_ghost_is_merged_when_its_tab_signs_in() {
    let emulator = TestEmulator::start().await;
    let mut early = session(&emulator).await;
    say(&mut early, "I cannot wait for the sign-in").await;
    let jwt = exchange_code(&emulator).await.json()["jwt"].as_str().unwrap().to_owned();
    early.send(authenticated(DEPLOYMENT, TOKEN, &jwt)).await;
    while early.next().await["class"] != "SessionResponse" {}
    assert_eq!(
        contacts(&emulator).await,
        "Ephemeral nobody conversations: 0 into: 1 from: \n\
         Identified user-alice conversations: 1 into:  from: 0"
    );
}
