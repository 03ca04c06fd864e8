use super::TOKEN;
use crate::{
    idp::exchange::exchange_code,
    support::{DEPLOYMENT, Socket, TestEmulator},
    webmessaging::{
        authenticated::configure,
        devices::{contacts, history},
    },
};

/// A device on which Alice signs in by herself.
async fn device(emulator: &TestEmulator, token: &str) -> Socket {
    let given = exchange_code(emulator).await.json();
    let mut socket = emulator.socket(DEPLOYMENT).await;
    configure(&mut socket, DEPLOYMENT, token, given["jwt"].as_str().unwrap()).await;
    socket
}

#[tokio::test]
async fn what_is_said_on_one_device_is_heard_and_read_on_the_other() {
    let emulator = TestEmulator::scenario("two-devices-one-history").await;
    let mut phone = device(&emulator, TOKEN).await;
    phone.say(TOKEN, "from the phone").await;
    phone.next().await;
    let mut desk = device(&emulator, "t-2").await;
    emulator.advance("200ms").await;
    for socket in [&mut phone, &mut desk] {
        assert_eq!(socket.next().await["body"]["text"], "You said: from the phone");
    }
    desk.say("t-2", "from the desk").await;
    assert_eq!(phone.next().await["body"]["text"], "from the desk");
    let read = history(&emulator, &mut phone, TOKEN).await;
    assert_eq!(read, ["from the desk", "You said: from the phone", "from the phone"]);
    assert_eq!(contacts(&emulator).await, "Identified user-alice conversations: 1 into:  from: ");
}
