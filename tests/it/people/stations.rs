//! Stations, and who uses which.

use insta::assert_snapshot;
use serde_json::Value;

use super::{of_another_org, text};
use crate::agent::{AGENT, Desk};

const STATIONS: &str = "/api/v2/stations";

fn of_user(user: &str, rest: &str) -> String {
    format!("/api/v2/users/{user}/station{rest}")
}

#[tokio::test]
async fn every_user_has_a_station_in_its_browser_and_uses_it() {
    let desk = Desk::of_agent().await;
    let all = desk.done("GET", STATIONS, Value::Null, 200).await;
    assert_snapshot!(all.text, @r#"{"entities":[{"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","status":"ASSOCIATED","userId":"00000000-0000-4000-8000-0000000000bb","webRtcUserId":"00000000-0000-4000-8000-0000000000bb","type":"inin_webrtc_softphone","lineAppearanceId":"329a2be4-fded-4cd8-a1a3-dbdfdf32c039","webRtcMediaDscp":46,"webRtcPersistentEnabled":false,"webRtcForceTurn":false,"webRtcCallAppearances":1,"webRtcRequireMediaHelper":false,"selfUri":"/api/v2/stations/fce383ae-b678-425f-8c37-5027225b1251"}],"pageSize":25,"pageNumber":1,"total":1,"pageCount":1,"firstUri":"/api/v2/stations?pageSize=25&pageNumber=1","selfUri":"/api/v2/stations?pageSize=25&pageNumber=1","lastUri":"/api/v2/stations?pageSize=25&pageNumber=1"}"#);
    let id = text(&all.json()["entities"][0], "id").to_owned();
    let one = desk.done("GET", &format!("{STATIONS}/{id}"), Value::Null, 200).await.json();
    assert_eq!(one, all.json()["entities"][0]);
    let own = desk.done("GET", &of_user(AGENT, ""), Value::Null, 200).await;
    assert_snapshot!(own.text, @r#"{"associatedStation":{"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","type":"inin_webrtc_softphone","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"associatedDate":"2026-01-02T03:04:05.000Z","defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"webRtcCallAppearances":1},"effectiveStation":{"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","type":"inin_webrtc_softphone","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"associatedDate":"2026-01-02T03:04:05.000Z","defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"webRtcCallAppearances":1},"defaultStation":{"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","type":"inin_webrtc_softphone","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"associatedDate":"2026-01-02T03:04:05.000Z","defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"webRtcCallAppearances":1},"lastAssociatedStation":{"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","type":"inin_webrtc_softphone","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"associatedDate":"2026-01-02T03:04:05.000Z","defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"webRtcCallAppearances":1}}"#);
    let me = desk.done("GET", "/api/v2/users/me?expand=station", Value::Null, 200).await.json();
    assert_eq!(me["station"], own.json());
    let ada = desk.new_user("Ada").await;
    let own = desk.done("GET", &of_user(text(&ada, "id"), ""), Value::Null, 200).await.json();
    assert_eq!(own["effectiveStation"]["name"], "Ada");
    desk.done("DELETE", text(&ada, "selfUri"), Value::Null, 200).await;
    assert_eq!(desk.done("GET", STATIONS, Value::Null, 200).await.json()["total"], 1);
}

#[tokio::test]
async fn who_uses_a_station_changes_and_its_topic_tells() {
    let desk = Desk::of_agent().await;
    let all = desk.done("GET", STATIONS, Value::Null, 200).await.json();
    let id = text(&all["entities"][0], "id").to_owned();
    let mut channel = desk.listen(&[&format!("v2.users.{AGENT}.station")]).await;
    let effective = || async {
        let own = desk.done("GET", &of_user(AGENT, ""), Value::Null, 200).await.json();
        [own["associatedStation"]["id"] == id.as_str(), own["effectiveStation"]["id"] == id.as_str()]
    };
    desk.done("DELETE", &of_user(AGENT, "/associatedstation"), Value::Null, 202).await;
    assert_snapshot!(channel.next_raw().await.replace(&id, "STATION"), @r#"{"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.station","version":"2","eventBody":{"effectiveStation":{"id":"STATION","name":"Emulated Agent","type":"inin_webrtc_softphone","defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"webRtcCallAppearances":1},"defaultStation":{"id":"STATION","name":"Emulated Agent","type":"inin_webrtc_softphone","defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"webRtcCallAppearances":1},"lastAssociatedStation":{"id":"STATION","name":"Emulated Agent","type":"inin_webrtc_softphone","defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"webRtcCallAppearances":1}},"metadata":{"CorrelationId":"d349b073-af26-46d5-8816-a2471f10612a","action":"Disassociated"}}"#);
    // it is still the one that is meant when nobody says otherwise
    assert_eq!(effective().await, [false, true]);
    desk.done("DELETE", &of_user(AGENT, "/defaultstation"), Value::Null, 202).await;
    assert_eq!(effective().await, [false, false]);
    desk.done("PUT", &of_user(AGENT, &format!("/associatedstation/{id}")), Value::Null, 202).await;
    assert_snapshot!(channel.next_raw().await.replace(&id, "STATION"), @r#"{"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.station","version":"2","eventBody":{"associatedStation":{"id":"STATION","name":"Emulated Agent","type":"inin_webrtc_softphone","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"associatedDate":"2026-01-02T03:04:05.000Z","webRtcCallAppearances":1},"effectiveStation":{"id":"STATION","name":"Emulated Agent","type":"inin_webrtc_softphone","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"associatedDate":"2026-01-02T03:04:05.000Z","webRtcCallAppearances":1},"lastAssociatedStation":{"id":"STATION","name":"Emulated Agent","type":"inin_webrtc_softphone","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"associatedDate":"2026-01-02T03:04:05.000Z","webRtcCallAppearances":1}},"metadata":{"CorrelationId":"b7dcb5d3-f54b-43e1-b522-dc0d22587eae","action":"Associated"}}"#);
    // nothing has changed, and nothing is told
    desk.done("PUT", &of_user(AGENT, &format!("/associatedstation/{id}")), Value::Null, 202).await;
    desk.done("DELETE", &format!("{STATIONS}/{id}/associateduser"), Value::Null, 200).await;
    let told: Value = serde_json::from_str(&channel.next_raw().await).unwrap();
    assert_eq!(told["metadata"]["action"], "Disassociated");
    desk.done("DELETE", &format!("{STATIONS}/{id}/associateduser"), Value::Null, 200).await;
    desk.done("PUT", &of_user(AGENT, &format!("/defaultstation/{id}")), Value::Null, 202).await;
    assert_eq!(effective().await, [false, true]);
    let ada = desk.new_user("Ada").await;
    let of_ada = |rest: &str| of_user(text(&ada, "id"), rest);
    desk.done("PUT", &of_ada(&format!("/associatedstation/{id}")), Value::Null, 202).await;
    // somebody else uses the agent's own
    assert_eq!(effective().await, [false, false]);
    for (path, code) in [
        (of_user(AGENT, &format!("/associatedstation/{id}")), "userservice.stationalreadyassociated"),
        (of_ada(&format!("/defaultstation/{id}")), "userservice.stationalreadyhasdefaultuser"),
    ] {
        assert_eq!(desk.done("PUT", &path, Value::Null, 409).await.json()["code"], code);
    }
    desk.done("DELETE", text(&ada, "selfUri"), Value::Null, 200).await;
    assert_eq!(effective().await, [false, true]);
}

#[tokio::test]
async fn stations_are_listed_by_pages_sorted_and_left_out() {
    let desk = Desk::start().await;
    let ada = desk.new_user("Ada").await;
    desk.new_user("Bob").await;
    desk.done("DELETE", &of_user(text(&ada, "id"), "/associatedstation"), Value::Null, 202).await;
    let all = desk.done("GET", STATIONS, Value::Null, 200).await.json();
    let (id, line) = (text(&all["entities"][1], "id"), text(&all["entities"][1], "lineAppearanceId"));
    let mut said = String::new();
    for query in [
        "sortBy=name&sortOrder=desc".to_owned(),
        "sortBy=status".to_owned(),
        "name=*ob".to_owned(),
        "userSelectable=true".to_owned(),
        "userSelectable=false".to_owned(),
        format!("webRtcUserId={AGENT}"),
        format!("id={id}"),
        format!("lineAppearanceId={line}"),
        "pageSize=1&pageNumber=3".to_owned(),
    ] {
        let page = desk.done("GET", &format!("{STATIONS}?{query}"), Value::Null, 200).await.json();
        let names: Vec<_> =
            page["entities"].as_array().unwrap().iter().map(|one| text(one, "name")).collect();
        said +=
            &format!("{}: {names:?} of {}\n", query.replace(id, "ID").replace(line, "LINE"), page["total"]);
    }
    assert_snapshot!(said, @r#"
    sortBy=name&sortOrder=desc: ["Emulated Agent", "Bob", "Ada"] of 3
    sortBy=status: ["Bob", "Emulated Agent", "Ada"] of 3
    name=*ob: ["Bob"] of 1
    userSelectable=true: ["Ada"] of 1
    userSelectable=false: ["Bob", "Emulated Agent"] of 2
    webRtcUserId=00000000-0000-4000-8000-0000000000bb: ["Emulated Agent"] of 1
    id=ID: ["Bob"] of 1
    lineAppearanceId=LINE: ["Bob"] of 1
    pageSize=1&pageNumber=3: ["Emulated Agent"] of 3
    "#);
    for query in ["pageSize=x", "pageNumber=0", "sortBy=age", "userSelectable=perhaps"] {
        desk.done("GET", &format!("{STATIONS}?{query}"), Value::Null, 400).await;
    }
}

#[tokio::test]
async fn stations_and_users_that_are_not_there_are_told_by_the_code_of_each_endpoint() {
    let mut desk = Desk::start().await;
    let all = desk.done("GET", STATIONS, Value::Null, 200).await.json();
    let id = text(&all["entities"][0], "id").to_owned();
    let mut said = String::new();
    let other = of_another_org(&desk).await;
    for foreign in [false, true] {
        let (station, user) = if foreign { (id.as_str(), AGENT) } else { ("x", "x") };
        for (method, path) in [
            ("GET", format!("{STATIONS}/{station}")),
            ("DELETE", format!("{STATIONS}/{station}/associateduser")),
            ("GET", of_user(user, "")),
            ("DELETE", of_user(user, "/associatedstation")),
            ("DELETE", of_user(user, "/defaultstation")),
            ("PUT", of_user(user, &format!("/associatedstation/{station}"))),
            ("PUT", of_user(user, &format!("/defaultstation/{station}"))),
        ] {
            let answer = desk.done(method, &path, Value::Null, 404).await.json();
            if !foreign {
                said += &format!("{method} {path} {}\n", answer["code"]);
            }
        }
        for rest in ["/associatedstation/x", "/defaultstation/x"] {
            if !foreign {
                let answer = desk.done("PUT", &of_user(AGENT, rest), Value::Null, 404).await.json();
                said += &format!("{rest} {}\n", answer["code"]);
            }
        }
        desk.token.clone_from(&other);
    }
    assert_snapshot!(said, @r#"
    GET /api/v2/stations/x "general.resource.not.found"
    DELETE /api/v2/stations/x/associateduser "not.found"
    GET /api/v2/users/x/station "not.found"
    DELETE /api/v2/users/x/station/associatedstation "edgeconfiguser.userdoesnotexist"
    DELETE /api/v2/users/x/station/defaultstation "not.found"
    PUT /api/v2/users/x/station/associatedstation/x "not.found"
    PUT /api/v2/users/x/station/defaultstation/x "not.found"
    /associatedstation/x "userservice.station.notfound"
    /defaultstation/x "userservice.station.notfound"
    "#);
    let desk = Desk::start().await;
    desk.done("DELETE", &of_user(AGENT, "/associatedstation"), Value::Null, 202).await;
    let none = desk.done("DELETE", &of_user(AGENT, "/associatedstation"), Value::Null, 400).await.json();
    assert_eq!(none["code"], "general.bad.request");
}
