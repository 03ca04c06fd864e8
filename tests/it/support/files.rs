//! Files of web messaging, as clients send them.

use serde_json::{Value, json};

use super::{Answer, Socket, TestEmulator, emulator::PUBLIC_URL};

/// The smallest thing that begins like a PNG image.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and the rest";

/// The path of an absolute URL.
pub fn path(url: &Value) -> String {
    url.as_str().unwrap().strip_prefix(PUBLIC_URL).unwrap().to_owned()
}

/// An action about a file, and what is answered.
pub async fn act(socket: &mut Socket, action: &str, token: &str, members: Value) -> Value {
    let mut frame = json!({ "action": action, "token": token, "tracingId": "t" });
    frame.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    socket.send(frame).await;
    socket.next().await
}

/// `onAttachment` with a drawn id.
pub async fn announce(socket: &mut Socket, token: &str, name: &str, mime: &str, size: usize) -> Value {
    act(socket, "onAttachment", token, json!({ "fileName": name, "fileType": mime, "fileSize": size })).await
}

/// The upload that a `PresignedUrlResponse` asks for.
pub async fn put(emulator: &TestEmulator, presigned: &Value, bytes: impl Into<Vec<u8>>) -> Answer {
    let headers = presigned["body"]["headers"].as_object().unwrap();
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    emulator.client.send("PUT", &path(&presigned["body"]["url"]), &headers, bytes.into()).await
}

/// Announces and uploads a file. Answers its id and the frame that tells what became of it.
pub async fn upload(
    emulator: &TestEmulator,
    socket: &mut Socket,
    token: &str,
    name: &str,
    mime: &str,
    bytes: &[u8],
) -> (String, Value) {
    let presigned = announce(socket, token, name, mime, bytes.len()).await;
    assert_eq!(presigned["class"], "PresignedUrlResponse", "{presigned}");
    assert_eq!(put(emulator, &presigned, bytes).await.status, 200);
    let id = presigned["body"]["attachmentId"].as_str().unwrap().to_owned();
    (id, socket.next().await)
}

/// `onMessage` that shows these files.
pub async fn show(socket: &mut Socket, token: &str, text: Option<&str>, ids: &[&str]) -> Value {
    let content: Vec<_> =
        ids.iter().map(|id| json!({ "contentType": "Attachment", "attachment": { "id": id } })).collect();
    let mut message = json!({ "content": content });
    if let Some(text) = text {
        message["text"] = text.into();
        message["type"] = "Text".into();
    }
    act(socket, "onMessage", token, json!({ "message": message })).await
}
