//! `GET /api/v2/users/me`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::text;
use crate::{
    agent::{AGENT, Desk},
    webchat::Guest,
};

const ME: &str = "/api/v2/users/me";

#[tokio::test]
async fn a_user_is_told_who_it_is_and_an_application_that_it_is_none() {
    let mut desk = Desk::of_agent().await;
    let me = desk.done("GET", ME, Value::Null, 200).await;
    assert_snapshot!(me.text, @r#"{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","division":{"id":"e3b75d5c-39cc-45e0-b40b-f170c324fa6e","name":"Home","selfUri":"/api/v2/authorization/divisions/e3b75d5c-39cc-45e0-b40b-f170c324fa6e"},"chat":{"jabberId":"00000000-0000-4000-8000-0000000000bb@emulated-org.orgspan.com"},"email":"agent@emulated.test","primaryContactInfo":[{"address":"agent@emulated.test","mediaType":"EMAIL","type":"PRIMARY"}],"addresses":[],"state":"active","username":"agent@emulated.test","images":[],"version":1,"acdAutoAnswer":false,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"}"#);
    assert_eq!(desk.done("GET", &format!("/api/v2/users/{AGENT}"), Value::Null, 200).await.json(), me.json());
    desk.token = desk.emulator.token("emulator-client", "emulator-secret").await;
    assert_eq!(desk.done("GET", ME, Value::Null, 400).await.json()["code"], "not.a.user");
    assert_eq!(desk.emulator.last_refusal().await["rule"], "token.no_user");
}

/// Each `expand` that is published, whatever its letter case, brings the member of that name and nothing else.
#[tokio::test]
async fn what_is_asked_for_comes_along() {
    let desk = Desk::of_agent().await;
    let usual = desk.done("GET", ME, Value::Null, 200).await.json();
    let mut said = String::new();
    for name in [
        "routingStatus",
        "presence",
        "conversationSummary",
        "outOfOffice",
        "geolocation",
        "station",
        "lasttokenissued",
        "groups",
        "profileSkills",
        "certifications",
        "locations",
        "skills",
        "languages",
        "languagePreference",
        "date",
        "geolocationsettings",
        "organization",
        "divisionedpresencedefinitions",
        "locationdefinitions",
        "orgproducts",
        "favorites",
        "superiors",
        "directreports",
        "adjacents",
        "routingskills",
        "fieldconfigs",
        "trustors",
        "autoanswersettings",
        "integrationPresence",
        "team",
        "workPlanBidRanks",
        "externalContactsSettings",
        "customAttributes",
        "employerInfo",
        "biography",
        "dateLastLogin",
        "dateWelcomeSent",
        "logCapture",
        "routinglanguages",
        "nonsense",
    ] {
        let me = desk.done("GET", &format!("{ME}?expand={name}"), Value::Null, 200).await.json();
        let new = me.as_object().unwrap().iter().filter(|(member, _)| usual.get(member).is_none());
        let new: Vec<_> = new.map(|(member, value)| format!("{member}={value}")).collect();
        said += &format!("{name}: {}\n", new.join(" "));
    }
    assert_snapshot!(said, @r#"
    routingStatus: routingStatus={"status":"OFF_QUEUE","userId":"00000000-0000-4000-8000-0000000000bb"}
    presence: presence={"message":"","presenceDefinition":{"id":"ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5","selfUri":"/api/v2/presencedefinitions/ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5","systemPresence":"Offline"},"primary":true,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb/presences/purecloud","source":"PURECLOUD"}
    conversationSummary: conversationSummary={"call":{"contactCenter":{"active":0,"acw":0},"enterprise":{"active":0,"acw":0}},"callback":{"contactCenter":{"active":0,"acw":0},"enterprise":{"active":0,"acw":0}},"chat":{"contactCenter":{"active":0,"acw":0},"enterprise":{"active":0,"acw":0}},"email":{"contactCenter":{"active":0,"acw":0},"enterprise":{"active":0,"acw":0}},"message":{"contactCenter":{"active":0,"acw":0},"enterprise":{"active":0,"acw":0}},"socialExpression":{"contactCenter":{"active":0,"acw":0},"enterprise":{"active":0,"acw":0}},"userId":"00000000-0000-4000-8000-0000000000bb","video":{"contactCenter":{"active":0,"acw":0},"enterprise":{"active":0,"acw":0}}}
    outOfOffice: outOfOffice={"active":false,"indefinite":false,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb/outofoffice","user":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1}}
    geolocation: geolocation={"locations":[],"primary":false}
    station: station={"associatedStation":{"associatedDate":"2026-01-02T03:04:05.000Z","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1},"defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1},"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","type":"inin_webrtc_softphone","webRtcCallAppearances":1},"defaultStation":{"associatedDate":"2026-01-02T03:04:05.000Z","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1},"defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1},"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","type":"inin_webrtc_softphone","webRtcCallAppearances":1},"effectiveStation":{"associatedDate":"2026-01-02T03:04:05.000Z","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1},"defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1},"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","type":"inin_webrtc_softphone","webRtcCallAppearances":1},"lastAssociatedStation":{"associatedDate":"2026-01-02T03:04:05.000Z","associatedUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1},"defaultUser":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","version":1},"id":"fce383ae-b678-425f-8c37-5027225b1251","name":"Emulated Agent","type":"inin_webrtc_softphone","webRtcCallAppearances":1}}
    lasttokenissued: lastTokenIssued={"dateIssued":"2026-01-02T03:04:05.000Z"}
    groups: groups=[]
    profileSkills: profileSkills=[]
    certifications: certifications=[]
    locations: locations=[]
    skills: skills=[]
    languages: languages=[]
    languagePreference: languagePreference="en-us"
    date: date={"currentDate":"2026-01-02T03:04:05.000Z"}
    geolocationsettings: geolocationSettings={"enabled":false}
    organization: organization={"defaultCountryCode":"US","defaultLanguage":"en-us","domain":"emulated-org.mypurecloud.com","features":{},"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org","productPlatform":"GenesysCloud","selfUri":"/api/v2/organizations/00000000-0000-4000-8000-0000000000aa","state":"active","version":1,"voicemailEnabled":false}
    divisionedpresencedefinitions: divisionedPresenceDefinitions=[]
    locationdefinitions: locationDefinitions=[]
    orgproducts: orgProducts=[{"id":"engage3"}]
    favorites: favorites=[]
    superiors: superiors=[]
    directreports: directReports=[]
    adjacents: adjacents={"directReports":[],"siblings":[],"superiors":[]}
    routingskills: routingSkills=[]
    fieldconfigs: fieldConfigs={}
    trustors: trustors=[]
    autoanswersettings: autoAnswerSettings={"settings":{}}
    integrationPresence: 
    team: 
    workPlanBidRanks: 
    externalContactsSettings: 
    customAttributes: 
    employerInfo: 
    biography: 
    dateLastLogin: 
    dateWelcomeSent: 
    logCapture: 
    routinglanguages: 
    nonsense:
    "#);
    let all = desk
        .done(
            "GET",
            &format!("{ME}?expand=authorization,TOKEN,presencedefinitions,orgauthorization"),
            Value::Null,
            200,
        )
        .await
        .json();
    let roles: Vec<_> =
        all["authorization"]["roles"].as_array().unwrap().iter().map(|one| text(one, "name")).collect();
    assert_eq!(roles, ["Master Admin", "Employee"]);
    assert_eq!(all["authorization"]["permissions"][0], "*");
    assert_eq!(all["token"]["OAuthClient"]["id"], "emulator-code-client");
    assert_eq!(all["presenceDefinitions"].as_array().unwrap().len(), 9);
    assert_eq!(all["orgAuthorization"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn conversations_and_colleagues_are_counted() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let summary = || async {
        let me = desk.done("GET", &format!("{ME}?expand=conversationSummary"), Value::Null, 200).await.json();
        me["conversationSummary"]["message"]["contactCenter"].to_string()
    };
    assert_eq!(summary().await, r#"{"active":0,"acw":0}"#);
    desk.taken(&id).await;
    assert_eq!(summary().await, r#"{"active":1,"acw":0}"#);
    let chat = Guest::comes(&desk).await;
    let _chat = chat.hears(&desk).await;
    chat.answered(&desk).await;
    let me = desk.done("GET", &format!("{ME}?expand=conversationSummary"), Value::Null, 200).await.json();
    assert_eq!(me["conversationSummary"]["chat"]["contactCenter"].to_string(), r#"{"active":1,"acw":0}"#);
    assert_eq!(summary().await, r#"{"active":1,"acw":0}"#);
    for name in ["Ada", "Bob"] {
        let user = desk.new_user(name).await;
        desk.done("PATCH", text(&user, "selfUri"), json!({ "version": 1, "manager": AGENT }), 200).await;
    }
    let me = desk.done("GET", &format!("{ME}?expand=directreports"), Value::Null, 200).await.json();
    let mut names: Vec<_> =
        me["directReports"].as_array().unwrap().iter().map(|one| text(one, "name")).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ada", "Bob"]);
}
