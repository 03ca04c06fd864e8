//! What known clients send, each in its own shape: where custom attributes are, what correlates, which members are left
//! out and which are sent that nobody needs. All of it is taken.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{TOKEN, raw::Raw};
use crate::support::{
    DEPLOYMENT, TestEmulator,
    files::{PNG, put},
    socket::checked,
};

/// Of all clients: lines of what is done and the frame, as [`filled`] takes it.
pub const ALL: &[&str] = &[KOTLIN, OLD_KOTLIN, JAVA, OVOTECH, BOTIUM, BROWSER, SAMPLES];

const KOTLIN: &str = r#"
configure: {"token":"$token","deploymentId":"$deployment","startNew":false,"journeyContext":{"customer":{"id":"$token","idType":"cookie"},"customerSession":{"id":"","type":"web"},"triggeringAction":{"id":"a-1","actionMap":{"id":"m-1","version":1.0}}},"tracingId":"t","action":"configureSession"}
2.15 configure: {"token":"$token","deploymentId":"$deployment","startNew":false,"journeyContext":{"customer":{"id":"c-1","idType":"cookie"},"customerSession":{"id":"s-1","type":"app"}},"tracingId":"t","action":"configureSession"}
auto-start: {"token":"$token","message":{"events":[{"eventType":"Presence","presence":{"type":"Join"}}],"channel":{"metadata":{"customAttributes":{"plan":"gold"}}},"type":"Event"},"tracingId":"t","action":"onMessage"}
text: {"token":"$token","message":{"text":"Hi","channel":{"metadata":{"customAttributes":{"plan":"gold"}}},"type":"Text"},"tracingId":"t","action":"onMessage"}
quick reply: {"token":"$token","message":{"text":"","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"Red","payload":"RED","type":"QuickReply","originatingMessageId":"o-1"}}],"type":"Text"},"tracingId":"t","action":"onMessage"}
postback: {"token":"$token","message":{"text":"Book","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"Book","payload":"BOOK","type":"Button"}}],"type":"Structured"},"tracingId":"t","action":"onMessage"}
time slot: {"token":"$token","message":{"text":"","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"8 o'clock","payload":"2026-07-02T08:00:00.000Z","type":"DatePicker","originatingMessageId":"o-2"}}],"type":"Text"},"tracingId":"t","action":"onMessage"}
list picker: {"token":"$token","message":{"text":"","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"Oslo","payload":"OSLO","type":"ListPicker","originatingMessageId":"o-3"}},{"contentType":"ButtonResponse","buttonResponse":{"text":"Bergen","payload":"BERGEN","type":"ListPicker","originatingMessageId":"o-3"}}],"type":"Structured"},"tracingId":"t","action":"onMessage"}
typing: {"token":"$token","message":{"events":[{"eventType":"Typing","typing":{"type":"On"}}],"type":"Event"},"tracingId":"t","action":"onMessage"}
health check: {"token":"$token","tracingId":"SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=","message":{"text":"ping","type":"Text"},"action":"echo"}
announce: {"token":"$token","attachmentId":"4f1b9a52-0000-4000-8000-000000000001","fileName":"bill.png","fileType":"image/png","fileSize":21,"errorsAsJson":true,"tracingId":"t","action":"onAttachment"}
fetch: {"token":"$token","attachmentId":"$file","tracingId":"t","action":"getAttachment"}
text with a file: {"token":"$token","message":{"text":"My bill","content":[{"contentType":"Attachment","attachment":{"id":"$file"}}],"type":"Text"},"tracingId":"t","action":"onMessage"}
announce: {"token":"$token","attachmentId":"4f1b9a52-0000-4000-8000-000000000002","fileName":"note.bin","fileType":"application/octet-stream","fileSize":21,"errorsAsJson":true,"tracingId":"t","action":"onAttachment"}
take back: {"token":"$token","attachmentId":"$file","tracingId":"t","action":"deleteAttachment"}
JWT: {"token":"$token","tracingId":"t","action":"getJwt"}
close: {"token":"$token","closeAllConnections":true,"tracingId":"t","action":"closeSession"}
start new: {"token":"$token","deploymentId":"$deployment","startNew":true,"journeyContext":{"customer":{"id":"$token","idType":"cookie"},"customerSession":{"id":"","type":"web"}},"tracingId":"t","action":"configureSession"}
sign in: {"token":"$token","deploymentId":"$deployment","startNew":false,"journeyContext":{"customer":{"id":"$token","idType":"cookie"},"customerSession":{"id":"","type":"web"}},"data":{"code":"$jwt"},"tracingId":"t","action":"configureAuthenticatedSession"}
2.15 sign in: {"token":"$token","deploymentId":"$deployment","startNew":false,"data":{"code":"$jwt"},"tracingId":"t","action":"configureAuthenticatedSession"}
clear: {"token":"$token","message":{"events":[{"eventType":"Presence","presence":{"type":"Clear"}}],"type":"Event"},"tracingId":"t","action":"onMessage"}
"#;

/// Nothing correlates but what comes back of `metadata`.
const OLD_KOTLIN: &str = r#"
configure: {"token":"$token","deploymentId":"$deployment","startNew":false,"journeyContext":{"customer":{"id":"$token","idType":"cookie"},"customerSession":{"id":"","type":"web"}},"action":"configureSession"}
text: {"token":"$token","message":{"text":"Hi","metadata":{"customMessageId":"c-1"},"channel":{"metadata":{"customAttributes":{"plan":"gold"}}},"type":"Text"},"action":"onMessage"}
health check: {"token":"$token","message":{"text":"ping","metadata":{"customMessageId":"SGVhbHRoQ2hlY2tNZXNzYWdlSWQ="},"type":"Text"},"action":"echo"}
announce: {"token":"$token","attachmentId":"4f1b9a52-0000-4000-8000-000000000001","fileName":"bill.png","fileType":"image/png","fileSize":21,"errorsAsJson":true,"action":"onAttachment"}
JWT: {"token":"$token","action":"getJwt"}
"#;

/// Custom attributes stand beside the message, and the platform names the files.
const JAVA: &str = r#"
configuration: {"action":"getConfiguration","token":"$token","deploymentId":"$deployment","tracingId":"t"}
configure: {"action":"configureSession","token":"$token","deploymentId":"$deployment","tracingId":"t"}
start new, with all of the schema: {"action":"configureSession","token":"$token","deploymentId":"$deployment","startNew":true,"resumeToken":"r-1","journeyContext":{"customer":{"id":"c-1","idType":"cookie"},"customerSession":{"id":"s-1","type":"web"},"triggeringAction":{"id":"a-1","actionMap":{"id":"m-1","version":1}}},"tracingId":"t"}
text: {"action":"onMessage","token":"$token","message":{"type":"Text","text":"Hi"},"channel":{"metadata":{"customAttributes":{"plan":"gold"}}},"time":"2026-01-02T03:04:05.000Z","tracingId":"t"}
join: {"action":"onMessage","token":"$token","message":{"type":"Event","events":[{"eventType":"Presence","presence":{"type":"Join"}}]},"tracingId":"t"}
typing: {"action":"onMessage","token":"$token","message":{"type":"Event","events":[{"eventType":"Typing","typing":{"type":"On","duration":5000}}]},"tracingId":"t"}
health check: {"action":"echo","token":"$token","message":{"type":"Text","text":"ping"},"tracingId":"t"}
announce: {"action":"onAttachment","token":"$token","fileName":"bill.png","fileType":"image/png","fileSize":21,"tracingId":"t"}
fetch: {"action":"getAttachment","token":"$token","attachmentId":"$file","tracingId":"t"}
take back: {"action":"deleteAttachment","token":"$token","attachmentId":"$file","tracingId":"t"}
JWT: {"action":"getJwt","token":"$token","tracingId":"t"}
close: {"action":"closeSession","token":"$token","closeAllConnections":false,"tracingId":"t"}
"#;

const OVOTECH: &str = r#"
configure: {"action":"configureSession","deploymentId":"$deployment","token":"$token"}
text: {"action":"onMessage","token":"$token","message":{"type":"Text","text":"hi"},"channel":{"metadata":{"customAttributes":{"IsAutomatedTest":"true"}}}}
text without attributes: {"action":"onMessage","token":"$token","message":{"type":"Text","text":"hi"}}
"#;

const BOTIUM: &str = r#"
configure: {"action":"configureSession","deploymentId":"$deployment","token":"$token"}
text: {"action":"onMessage","token":"$token","message":{"type":"Text","text":"hi","channel":{"metadata":{"customAttributes":{"plan":"gold"}}}}}
quick reply: {"action":"onMessage","token":"$token","message":{"type":"Text","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"Red","payload":"RED","type":"QuickReply"}}]}}
announce: {"action":"onAttachment","token":"$token","fileName":"bill.png","fileType":"image/png","fileSize":21}
file: {"action":"onMessage","token":"$token","message":{"type":"Text","content":[{"contentType":"Attachment","attachment":{"id":"$file"}}]}}
"#;

/// `metadata` is what it finds its own messages by, also in the history.
const BROWSER: &str = r#"
configure: {"action":"configureSession","token":"$token","deploymentId":"$deployment","journeyContext":{"customer":{"id":"c-1","idType":"cookie"},"customerSession":{"id":"s-1","type":"web"}},"tracingId":"t"}
auto-start: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Event","events":[{"eventType":"Presence","presence":{"type":"Join"}}],"metadata":{"id":"m-1"},"channel":{"metadata":{"customAttributes":{"plan":"gold"}}}}}
text: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Text","text":"Hi","metadata":{"id":"m-2"}}}
typing: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Event","events":[{"eventType":"Typing","typing":{"type":"On"}}],"metadata":{"id":"m-3"}}}
quick reply: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Structured","text":"Red","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"Red","payload":"RED","type":"QuickReply"}}],"metadata":{"id":"m-4"}}}
postback: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Structured","text":"Book","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"Book","payload":"BOOK","type":"Button"}}],"metadata":{"id":"m-5"}}}
time slot: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Structured","content":[{"contentType":"ButtonResponse","buttonResponse":{"text":"8 o'clock","payload":"2026-07-02T08:00:00.000Z","type":"DatePicker"}}],"metadata":{"id":"m-6","parentMessageId":"p-1"}}}
list picker: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Structured","text":"Oslo, Bergen","content":[{"contentType":"ButtonResponse","buttonResponse":{"id":"1","text":"Oslo","payload":"OSLO","type":"ListPicker","originatingMessageId":"p-2"}},{"contentType":"ButtonResponse","buttonResponse":{"id":"2","text":"Bergen","payload":"BERGEN","type":"ListPicker","originatingMessageId":"p-2"}}],"metadata":{"id":"m-7","parentMessageId":"p-2"}}}
form: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Structured","text":"Sent","content":[{"contentType":"Form","form":{"originatingMessageId":"p-3","cannedResponseId":"r-1","response":[{"id":"1","component":{"contentType":"ButtonResponse","buttonResponse":{"type":"Form","text":"Name","payload":"Ann"}}}]}}],"metadata":{"id":"m-8","parentMessageId":"p-3"}}}
announce: {"action":"onAttachment","token":"$token","tracingId":"t","fileName":"bill.png","fileType":"image/png","fileSize":21}
file alone: {"action":"onMessage","token":"$token","tracingId":"t","message":{"content":[{"contentType":"Attachment","attachment":{"id":"$file"}}],"metadata":{"id":"m-9"}}}
co-browsing accepted: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Event","events":[{"eventType":"CoBrowse","coBrowse":{"type":"OfferingAccepted","sessionId":"s-1","sessionJoinToken":"j-1"}}]}}
video refused: {"action":"onMessage","token":"$token","tracingId":"t","message":{"type":"Event","events":[{"eventType":"Video","video":{"type":"OfferingRejected","offeringId":"o-1","jwt":"j-1"}}]}}
JWT: {"action":"getJwt","token":"$token","tracingId":"t"}
sign in: {"action":"configureAuthenticatedSession","token":"$token","deploymentId":"$deployment","data":{"code":"$jwt"},"tracingId":"t"}
"#;

/// Widgets that people copy, and small clients.
const SAMPLES: &str = r#"
configure, with attributes where none belong: {"action":"configureSession","deploymentId":"$deployment","token":"$token","data":{"customAttributes":{"plan":"gold"}}}
health check: {"action":"echo","message":{"type":"Text","text":"ping"}}
text with an id: {"action":"onMessage","token":"$token","message":{"id":"m-1","type":"Text","text":"Hi"}}
label of a quick reply: {"action":"onMessage","token":"$token","message":{"type":"Text","text":"Red"}}
announce: {"action":"onAttachment","token":"$token","fileName":"bill.png","fileType":"image/png","fileSize":21}
file beside the message: {"action":"onMessage","token":"$token","attachmentIds":["$file"],"message":{"type":"Text"}}
"#;

/// A frame in short. `mine` is what the client correlates by.
fn told(frame: &Value, mine: Option<&Value>) -> String {
    let mut words = vec![frame["class"].as_str().unwrap().to_owned(), frame["code"].to_string()];
    if let Some(tracing_id) = frame.get("tracingId") {
        assert_eq!(Some(tracing_id), mine, "{frame}");
        words.push("traced".to_owned());
    }
    let body = &frame["body"];
    if frame["class"] == "StructuredMessage" {
        words.push(body["type"].as_str().unwrap().to_owned());
        words.extend(body.get("text").map(Value::to_string));
        let kinds = body["content"].as_array().into_iter().flatten().map(|block| &block["contentType"]);
        words.extend(kinds.map(|kind| kind.as_str().unwrap().to_owned()));
        let client =
            |name: &&String| !["correlationId", "durationSeconds", "expirationDate"].contains(&&***name);
        let metadata = body["metadata"].as_object().unwrap().iter().filter(|(name, _)| client(name));
        words.extend(metadata.map(|(name, value)| format!("{name}={}", value.as_str().unwrap())));
    }
    words.join(" ")
}

/// What is done, and the frame.
pub fn lines(shapes: &str) -> impl Iterator<Item = (&str, &str)> {
    shapes.trim().lines().map(|line| line.split_once(": ").unwrap())
}

/// A frame about the session of these tests, a file, and somebody who has signed in.
pub fn filled(shape: &str, file: &str, jwt: &str) -> String {
    let names = [("$token", TOKEN), ("$deployment", DEPLOYMENT), ("$file", file), ("$jwt", jwt)];
    names.iter().fold(shape.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// All that is answered up to now.
async fn heard(raw: &mut Raw, mine: Option<&Value>) -> Vec<(String, Value)> {
    raw.say(r#"{"action":"nothing","tracingId":"the end"}"#).await;
    let mut all = Vec::new();
    loop {
        let frame = checked(&raw.text().await);
        if frame["tracingId"] == "the end" {
            return all;
        }
        all.push((told(&frame, mine), frame));
    }
}

/// Plays what a client sends on one connection. What it announces is uploaded at once.
async fn played(shapes: &str) -> String {
    let emulator = TestEmulator::unlimited().await;
    let person = json!({ "deploymentId": DEPLOYMENT, "person": { "subject": "user-alice" } });
    let person = emulator.client.admin("POST", "/person-tokens", Some(&person)).await.json();
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    let (mut all, mut file) = (Vec::new(), String::new());
    for (what, shape) in lines(shapes) {
        let frame = filled(shape, &file, person["jwt"].as_str().unwrap());
        let mine = serde_json::from_str::<Value>(&frame).unwrap().get("tracingId").cloned();
        raw.say(&frame).await;
        let mut answers = heard(&mut raw, mine.as_ref()).await;
        let presigned =
            answers.iter().find(|(_, frame)| frame["body"]["headers"]["x-amz-tagging"].is_string());
        if let Some((_, presigned)) = presigned.cloned() {
            file = presigned["body"]["attachmentId"].as_str().unwrap().to_owned();
            put(&emulator, &presigned, PNG).await;
            answers.extend(heard(&mut raw, mine.as_ref()).await);
        }
        let answers: Vec<_> = answers.into_iter().map(|(answer, _)| answer).collect();
        let silent = String::from("(nothing)");
        all.push(format!("{what}: {}", if answers.is_empty() { silent } else { answers.join(", ") }));
    }
    all.join("\n")
}

#[tokio::test]
async fn the_mobile_sdk_from_2_11_on_correlates_by_tracing_id() {
    assert_snapshot!(played(KOTLIN).await, @r#"
    configure: SessionResponse 200 traced
    2.15 configure: SessionResponse 200 traced
    auto-start: StructuredMessage 200 traced Event
    text: StructuredMessage 200 traced Text "Hi"
    quick reply: StructuredMessage 200 traced Structured "Red" ButtonResponse
    postback: StructuredMessage 200 traced Structured "Book" ButtonResponse
    time slot: StructuredMessage 200 traced Structured "8 o'clock" ButtonResponse
    list picker: StructuredMessage 200 traced Structured "Oslo" ButtonResponse ButtonResponse
    typing: (nothing)
    health check: StructuredMessage 200 traced Text "ping"
    announce: PresignedUrlResponse 200 traced, UploadSuccessEvent 200 traced
    fetch: PresignedUrlResponse 200 traced
    text with a file: StructuredMessage 200 traced Text "My bill" Attachment
    announce: PresignedUrlResponse 200 traced, UploadSuccessEvent 200 traced
    take back: AttachmentDeletedResponse 200 traced
    JWT: JwtResponse 200 traced
    close: SessionResponse 200 traced
    start new: SessionResponse 200 traced
    sign in: StructuredMessage 200 Event authenticated=true, SessionResponse 200 traced
    2.15 sign in: SessionResponse 200 traced
    clear: StructuredMessage 200 traced Event authenticated=true, SessionClearedEvent 200, ConnectionClosedEvent 200
    "#);
}

#[tokio::test]
async fn the_mobile_sdk_up_to_2_9_correlates_by_its_metadata() {
    assert_snapshot!(played(OLD_KOTLIN).await, @r#"
    configure: SessionResponse 200
    text: StructuredMessage 200 Text "Hi" customMessageId=c-1
    health check: StructuredMessage 200 Text "ping" customMessageId=SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=
    announce: PresignedUrlResponse 200, UploadSuccessEvent 200
    JWT: JwtResponse 200
    "#);
}

#[tokio::test]
async fn the_java_sdk_lets_the_platform_name_its_files() {
    assert_snapshot!(played(JAVA).await, @r#"
    configuration: GetConfigurationResponse 200 traced
    configure: SessionResponse 200 traced
    start new, with all of the schema: SessionResponse 200 traced
    text: StructuredMessage 200 traced Text "Hi"
    join: StructuredMessage 200 traced Event
    typing: (nothing)
    health check: StructuredMessage 200 traced Text "ping"
    announce: PresignedUrlResponse 200 traced, UploadSuccessEvent 200 traced
    fetch: PresignedUrlResponse 200 traced
    take back: AttachmentDeletedResponse 200 traced
    JWT: JwtResponse 200 traced
    close: SessionResponse 200 traced
    "#);
}

#[tokio::test]
async fn the_web_messaging_tester_sends_the_least() {
    assert_snapshot!(played(OVOTECH).await, @r#"
    configure: SessionResponse 200
    text: StructuredMessage 200 Text "hi"
    text without attributes: StructuredMessage 200 Text "hi"
    "#);
}

#[tokio::test]
async fn the_botium_connector_sends_buttons_without_text() {
    assert_snapshot!(played(BOTIUM).await, @r#"
    configure: SessionResponse 200
    text: StructuredMessage 200 Text "hi"
    quick reply: StructuredMessage 200 Structured "Red" ButtonResponse
    announce: PresignedUrlResponse 200, UploadSuccessEvent 200
    file: StructuredMessage 200 Text Attachment
    "#);
}

#[tokio::test]
async fn the_messenger_in_browsers_gets_its_metadata_back() {
    assert_snapshot!(played(BROWSER).await, @r#"
    configure: SessionResponse 200 traced
    auto-start: StructuredMessage 200 traced Event id=m-1
    text: StructuredMessage 200 traced Text "Hi" id=m-2
    typing: (nothing)
    quick reply: StructuredMessage 200 traced Structured "Red" ButtonResponse id=m-4
    postback: StructuredMessage 200 traced Structured "Book" ButtonResponse id=m-5
    time slot: StructuredMessage 200 traced Structured "8 o'clock" ButtonResponse id=m-6 parentMessageId=p-1
    list picker: StructuredMessage 200 traced Structured "Oslo, Bergen" ButtonResponse ButtonResponse id=m-7 parentMessageId=p-2
    form: StructuredMessage 200 traced Structured "Sent" Form id=m-8 parentMessageId=p-3
    announce: PresignedUrlResponse 200 traced, UploadSuccessEvent 200 traced
    file alone: StructuredMessage 200 traced Text Attachment id=m-9
    co-browsing accepted: string 400 traced
    video refused: string 400 traced
    JWT: JwtResponse 200 traced
    sign in: StructuredMessage 200 Event authenticated=true, SessionResponse 200 traced
    "#);
}

#[tokio::test]
async fn sample_widgets_leave_out_what_others_send() {
    assert_snapshot!(played(SAMPLES).await, @r#"
    configure, with attributes where none belong: SessionResponse 200
    health check: StructuredMessage 200 Text "ping"
    text with an id: StructuredMessage 200 Text "Hi"
    label of a quick reply: StructuredMessage 200 Text "Red"
    announce: PresignedUrlResponse 200, UploadSuccessEvent 200
    file beside the message: StructuredMessage 200 Text Attachment
    "#);
}
