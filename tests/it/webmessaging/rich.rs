//! Everything that a bot can show, as the strictest client needs it: on the socket, and the same in the history.

use insta::assert_snapshot;
use serde_json::json;

use super::{TOKEN, session};
use crate::support::TestEmulator;

const BOT: &str = r#"
world:
  orgs:
    - deployments: { messaging: { bot: rich } }
      bots:
        rich:
          rules:
            - text: typing
              reply: { typing: 2500ms }
            - text: bye
              reply: { disconnect: {} }
            - text: everything
              reply:
                - say: "Hello {text}"
                - quickReplies:
                    text: Pick
                    options:
                      - { text: Red, payload: RED }
                      - { text: Blue, payload: BLUE, image: "https://img.example.test/blue.png" }
                - card: &card
                    title: "Oslo, {text}"
                    description: 3 nights
                    image: https://img.example.test/oslo.png
                    defaultAction: { type: Link, text: "", url: https://shop.example.test/oslo }
                    actions:
                      - { type: Postback, text: Book, payload: BOOK }
                - carousel: [ *card, { title: Bergen, description: 2 nights, actions: [] } ]
                - datePicker:
                    title: Call back
                    subtitle: 30 minutes
                    availableTimes: [ { dateTime: "2026-01-03T08:00:00.000Z", duration: 1800 } ]
                - listPicker:
                    id: list
                    sections:
                      - title: Fruit
                        multipleSelection: true
                        items: [ { id: a, title: Apple, subtitle: green }, { id: p, title: Pear } ]
                    receivedMessage: { header: Choose, title: Fruit, buttonLabel: Open }
                    replyMessage: { title: You chose }
                - form:
                    cannedResponseId: 11111111-2222-4333-8444-555555555555
                    introduction: { title: About you, buttonText: Begin }
                    formPages:
                      - title: Name
                        pageComponents: [ { formComponentType: Input, id: name, input: { title: Name } } ]
                    showSummary: true
"#;

#[tokio::test]
async fn every_kind_of_message_is_the_same_on_the_socket_and_in_the_history() {
    let emulator = TestEmulator::yaml(BOT).await;
    let mut socket = session(&emulator, TOKEN).await;
    for text in ["typing", "everything", "bye"] {
        socket.say(TOKEN, text).await;
        emulator.advance("1ms").await;
    }
    let mut bodies = Vec::new();
    for _ in 0..12 {
        let frame = socket.next_text().await;
        let (_, body) = frame.split_once(r#","body":"#).unwrap();
        bodies.push(body.strip_suffix('}').unwrap().to_owned());
    }
    bodies.retain(|body| body.contains("Outbound"));
    assert_snapshot!(bodies.join("\n"), @r#"
{"id":"33ae5468dd2e2a39de6261ba65b9b15f","type":"Event","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.001Z"},"events":[{"eventType":"Typing","typing":{"type":"On","duration":2500}}],"originatingEntity":"Bot","metadata":{"correlationId":"a2c7813d-d93e-4cc4-a7ca-f3790cfd8229"}}
{"id":"63666c265a31ceb3cdd2cde856225185","type":"Text","text":"Hello everything","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.003Z"},"originatingEntity":"Bot","metadata":{"correlationId":"ff81b28d-87da-4d88-9773-2bb2d1ae2f63"}}
{"id":"ec8eb29196760ac0ba46d8957366b8bb","type":"Structured","text":"Pick","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.004Z"},"content":[{"contentType":"QuickReply","quickReply":{"text":"Red","payload":"RED","action":"Message"}},{"contentType":"QuickReply","quickReply":{"text":"Blue","payload":"BLUE","image":"https://img.example.test/blue.png","action":"Message"}}],"originatingEntity":"Bot","metadata":{"correlationId":"1a24b36c-5f9f-4d9a-bdfc-0b9f651b0d7f"}}
{"id":"e1f4198b09c7acf44c0a3386eb3e4d9a","type":"Structured","text":"Oslo, everything","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.005Z"},"content":[{"contentType":"Card","card":{"title":"Oslo, everything","description":"3 nights","image":"https://img.example.test/oslo.png","defaultAction":{"type":"Link","text":"","url":"https://shop.example.test/oslo"},"actions":[{"type":"Postback","text":"Book","payload":"BOOK"}]}}],"originatingEntity":"Bot","metadata":{"correlationId":"1945d480-150c-4a89-adb3-b7bf055f7e69"}}
{"id":"83aeabf061bc38c94f721cfd4610bfe3","type":"Structured","text":"Oslo, everything","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.006Z"},"content":[{"contentType":"Carousel","carousel":{"cards":[{"title":"Oslo, everything","description":"3 nights","image":"https://img.example.test/oslo.png","defaultAction":{"type":"Link","text":"","url":"https://shop.example.test/oslo"},"actions":[{"type":"Postback","text":"Book","payload":"BOOK"}]},{"title":"Bergen","description":"2 nights","actions":[]}]}}],"originatingEntity":"Bot","metadata":{"correlationId":"410b061d-303e-4a27-b6e1-75cceea5ba03"}}
{"id":"886d7038d1424c7849543e49f31c1835","type":"Structured","text":"Call back","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.007Z"},"content":[{"contentType":"DatePicker","datePicker":{"title":"Call back","subtitle":"30 minutes","availableTimes":[{"dateTime":"2026-01-03T08:00:00.000Z","duration":1800}]}}],"originatingEntity":"Bot","metadata":{"correlationId":"2eafa789-e3a5-42d3-bc29-517d18425a30"}}
{"id":"15d0ee2ee11ab98ad85fc7679fc69190","type":"Structured","text":"Fruit","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.008Z"},"content":[{"contentType":"ListPicker","listPicker":{"id":"list","sections":[{"title":"Fruit","multipleSelection":true,"items":[{"id":"a","title":"Apple","subtitle":"green"},{"id":"p","title":"Pear"}]}],"receivedMessage":{"header":"Choose","title":"Fruit","buttonLabel":"Open"},"replyMessage":{"title":"You chose"}}}],"originatingEntity":"Bot","metadata":{"correlationId":"602b661b-5210-4a1b-88ec-f26f7670f46e"}}
{"id":"506ec0232eb6616f6a207a34db6b3f6a","type":"Structured","text":"About you","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.009Z"},"content":[{"contentType":"Form","form":{"cannedResponseId":"11111111-2222-4333-8444-555555555555","introduction":{"title":"About you","buttonText":"Begin"},"formPages":[{"title":"Name","pageComponents":[{"formComponentType":"Input","id":"name","input":{"title":"Name"}}]}],"showSummary":true}}],"originatingEntity":"Bot","metadata":{"correlationId":"dcb7b8f7-fd64-4911-8e49-d53fa05543c6"}}
{"id":"284232723cf8ed0203fb30fdf6a24578","type":"Event","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.011Z"},"events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}],"originatingEntity":"Bot","metadata":{"correlationId":"161f6d2e-5019-4463-bb10-615a2dfde82e","readOnly":"true"}}
"#);

    socket.send(json!({ "action": "getJwt", "token": TOKEN })).await;
    let jwt = socket.next().await["body"]["jwt"].as_str().unwrap().to_owned();
    let page = emulator.client.get("/api/v2/webmessaging/messages", Some(&jwt)).await.text;
    let (typing, kept): (Vec<_>, Vec<_>) = bodies.iter().partition(|body| body.contains("Typing"));
    assert_eq!((typing.len(), kept.len()), (1, 8));
    assert!(!page.contains("Typing"), "typing is in no history");
    let places: Vec<_> = kept.iter().rev().map(|body| page.find(body.as_str()).unwrap()).collect();
    assert!(places.is_sorted(), "newest first");
}
