//! Whatever the admin API can do, a command can.

use std::{
    collections::BTreeSet,
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use super::{Run, binary};
use crate::support::{DEPLOYMENT, Socket, described, scenario};

/// Hands connections on, and notes what is asked.
fn recorder(to: String) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut server = TcpStream::connect(&to).unwrap();
            let (mut from, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || {
                let _ = io::copy(&mut from, &mut back);
                let _ = back.shutdown(Shutdown::Both);
            });
            let noted = Arc::clone(&noted);
            thread::spawn(move || {
                let mut head = vec![0; 4_096];
                let read = client.read(&mut head).unwrap_or_default();
                let line =
                    String::from_utf8_lossy(&head[..read]).lines().next().unwrap_or_default().to_owned();
                noted.lock().unwrap().push(line);
                let _ = server.write_all(&head[..read]);
                let _ = io::copy(&mut client, &mut server);
            });
        }
    });
    (address, asked)
}

#[tokio::test]
async fn every_operation_of_the_admin_api_has_a_command() {
    let emulator = Run::start(&["--clock-rate", "0"], &[]);
    let mut socket =
        Socket::open(&emulator.client.base, &format!("/v1?deploymentId={DEPLOYMENT}"), &[]).await.unwrap();
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "Hello").await;
    socket.next().await;
    let made = emulator.client.admin("POST", "/orgs", None).await.json();
    let org = made["id"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let state = state.to_str().unwrap();
    let own = scenario::file("name: own\n");
    let fault = "{ id: one, effect: { reset: {} }, when: { path: /nowhere } }";
    let (address, asked) = recorder(emulator.address().to_owned());
    for command in [
        &["health"][..],
        &["ready"],
        &["version"],
        &["metrics"],
        &["ca"],
        &["openapi"],
        &["orgs", "list"],
        &["orgs", "create"],
        &["orgs", "get"],
        &["orgs", "rm", org],
        &["scenarios", "list"],
        &["faults", "add", fault],
        &["faults", "list"],
        &["faults", "get", "one"],
        &["faults", "rm", "one"],
        &["faults", "replace", fault],
        &["faults", "clear"],
        &["clock", "get"],
        &["clock", "freeze"],
        &["keys", "list"],
        &["keys", "rotate"],
        &["contacts"],
        &["conversations", "list"],
        &["conversations", "get", "last"],
        &["conversations", "say", "last", "Hello"],
        &["conversations", "typing", "last"],
        &["conversations", "disconnect", "last"],
        &["events", "--no-follow"],
        &["journal", "list"],
        &["journal", "get", "1"],
        &["journal", "stream", "--no-follow"],
        &["verify", "{ match: { surface: webmessaging }, times: { atLeast: 1 } }"],
        &["findings"],
        &["explain", "1"],
        &["journal", "clear"],
        &["integrations", "list"],
        &["integrations", "flush", "main"],
        &["person-token", "alice"],
        &["state", "save", state],
        &["state", "restore", state],
        &["reset"],
        &["scenarios", "apply", scenario::path(&own)],
    ] {
        let output = binary().args(["ctl", "--url", &address]).args(command).output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let asked = asked.lock().unwrap();
    let of_line = |line: &String| {
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        (method.to_owned(), described::template(path).unwrap_or_else(|| panic!("{line} is not described")))
    };
    let asked: BTreeSet<_> = asked.iter().map(of_line).collect();
    let missing: Vec<_> = described::operations().into_iter().filter(|one| !asked.contains(one)).collect();
    assert_eq!(missing, []);
}
