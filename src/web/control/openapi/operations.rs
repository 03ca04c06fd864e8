//! What can be asked of the admin API: a line for each method of each route.

use serde_json::{Value, json};

use super::super::{
    by_hand::{DisconnectBody, TypingBody, WordsBody},
    clock::Change,
    conversations, events, journal, journal_query,
    orgs::NewOrgBody,
    person_tokens::Wanted as PersonTokenBody,
};
use crate::{
    faults::{effect::rotate_keys::RotateKeys, fault::Fault},
    journal::expectation::Expectation,
    ops::verify::Verification,
    scenario::{described::Writer, traced::wanted},
};

/// What is about an emulator as a whole, or about one of its orgs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum About {
    Emulator,
    /// Served for the default org, and below `/orgs/{org}` for another.
    Org,
}

/// A body that is sent.
pub enum Sent {
    /// JSON of this schema.
    Json(Value),
    /// YAML or JSON.
    Yaml,
}

/// What is answered when all is well.
pub enum Answered {
    /// Nothing.
    Empty,
    /// JSON: the name of a schema of `answers`.
    Json(&'static str),
    /// Text of this kind.
    Text(&'static str),
    /// Server-sent events.
    Events,
}

/// One operation.
pub struct Operation {
    pub about: About,
    pub method: &'static str,
    pub path: &'static str,
    pub id: &'static str,
    pub summary: &'static str,
    pub filters: Vec<&'static str>,
    pub sent: Option<Sent>,
    pub status: u16,
    pub answered: Answered,
}

impl Operation {
    fn filtered(mut self, filters: &[&'static str]) -> Self {
        self.filters = filters.to_vec();
        self
    }

    fn sent(mut self, schema: Value) -> Self {
        self.sent = Some(Sent::Json(schema));
        self
    }

    fn creates(mut self) -> Self {
        self.status = 201;
        self
    }
}

fn op(
    about: About,
    (method, path): (&'static str, &'static str),
    id: &'static str,
    summary: &'static str,
    answered: Answered,
) -> Operation {
    let status = if matches!(answered, Answered::Empty) { 204 } else { 200 };
    Operation { about, method, path, id, summary, filters: Vec::new(), sent: None, status, answered }
}

/// All operations. Schemas of what is sent are those of the types that read it.
pub fn all(writer: &mut Writer) -> Vec<Operation> {
    use About::{Emulator, Org};
    use Answered::{Empty, Events, Json, Text};

    let fault = writer.schema(wanted::<Fault>);
    let faults = json!({ "oneOf": [fault, { "type": "array", "items": fault }] });
    let new_org = writer.schema(wanted::<NewOrgBody>);
    let change = writer.schema(wanted::<Change>);
    let rotation = writer.schema(wanted::<RotateKeys>);
    let words = writer.schema(wanted::<WordsBody>);
    let typing = writer.schema(wanted::<TypingBody>);
    let disconnect = writer.schema(wanted::<DisconnectBody>);
    let person = writer.schema(wanted::<PersonTokenBody>);
    let verification = writer.schema(wanted::<Verification>);
    let expectation = writer.schema(wanted::<Expectation>);
    let several = json!({ "type": "array", "items": expectation });
    let verifications = json!({ "oneOf": [verification, several, expectation] });
    let apply = Operation {
        sent: Some(Sent::Yaml),
        ..op(
            Org,
            ("post", "/scenarios/apply"),
            "applyScenario",
            "Makes orgs anew from a scenario: a built-in one by its name, or YAML or JSON",
            Json("Applied"),
        )
    };
    vec![
        op(Emulator, ("get", "/health"), "health", "Does it live?", Json("Status")),
        op(Emulator, ("get", "/ready"), "ready", "Does it take requests?", Json("Status")),
        op(Emulator, ("get", "/version"), "version", "Which program it is", Json("Version")),
        op(Emulator, ("get", "/metrics"), "metrics", "How things stand in all orgs, for Prometheus", Text("text/plain")),
        op(
            Emulator,
            ("get", "/ca.pem"),
            "certificateAuthority",
            "The certificate that clients have to trust when they speak TLS",
            Text("application/x-pem-file"),
        ),
        op(Emulator, ("get", "/openapi.json"), "openapi", "This document", Json("Document")),
        op(Emulator, ("get", "/orgs"), "listOrgs", "All orgs", Json("Orgs")),
        op(
            Emulator,
            ("post", "/orgs"),
            "createOrg",
            "A copy of the scenario's first org, with ids and secrets of its own",
            Json("Org"),
        )
        .sent(new_org)
        .creates(),
        op(Emulator, ("get", "/orgs/{org}"), "getOrg", "One org", Json("Org")),
        op(Emulator, ("delete", "/orgs/{org}"), "deleteOrg", "Takes an org away", Empty),
        op(Emulator, ("get", "/scenarios"), "listScenarios", "The built-in scenarios", Json("Scenarios")),
        apply,
        op(Org, ("get", "/faults"), "listFaults", "All faults, with their counters", Json("Faults")),
        op(Org, ("post", "/faults"), "addFaults", "Sets one or several more, all or none", Json("Ids"))
            .sent(faults.clone())
            .creates(),
        op(Org, ("put", "/faults"), "replaceFaults", "Sets these in the place of all", Json("Ids"))
            .sent(faults),
        op(Org, ("delete", "/faults"), "clearFaults", "Takes all away", Empty),
        op(Org, ("get", "/faults/{id}"), "getFault", "One fault, with its counters", Json("ShownFault")),
        op(Org, ("delete", "/faults/{id}"), "deleteFault", "Takes one away", Empty),
        op(Org, ("get", "/clock"), "getClock", "The org's time", Json("Clock")),
        op(
            Org,
            ("put", "/clock"),
            "changeClock",
            "Moves it; the answer comes when everything due has been done",
            Json("Clock"),
        )
        .sent(change),
        op(Org, ("get", "/keys"), "listKeys", "The key rings", Json("Rings")),
        op(
            Org,
            ("post", "/keys/{ring}/rotate"),
            "rotateKeys",
            "Brings in the next key of a ring",
            Json("Rings"),
        )
        .sent(rotation),
        op(Org, ("get", "/contacts"), "listContacts", "Whom the platform knows outside", Json("Contacts"))
            .filtered(&["after", "limit"]),
        op(
            Org,
            ("get", "/conversations"),
            "listConversations",
            "In the order of beginning",
            Json("Conversations"),
        )
        .filtered(&conversations::PARAMETERS),
        op(
            Org,
            ("get", "/conversations/{id}"),
            "getConversation",
            "One, with its messages",
            Json("Conversation"),
        ),
        op(
            Org,
            ("post", "/conversations/{id}/messages"),
            "say",
            "The agent or the bot says something, by hand",
            Json("Message"),
        )
        .sent(words)
        .creates(),
        op(
            Org,
            ("post", "/conversations/{id}/typing"),
            "showTyping",
            "Shows the guest that somebody types",
            Empty,
        )
        .sent(typing),
        op(
            Org,
            ("post", "/conversations/{id}/disconnect"),
            "disconnect",
            "Ends the conversation",
            Json("Conversation"),
        )
        .sent(disconnect),
        op(Org, ("get", "/events"), "streamEvents", "What happens, as server-sent events", Events)
            .filtered(&events::PARAMETERS),
        op(
            Org,
            ("get", "/journal"),
            "listJournal",
            "Entries in the order of closing, or an HTTP Archive of them; values by name are filters, too: header.<name>, body.<way> …",
            Json("JournalOrArchive"),
        )
            .filtered(&journal_query::parameters(&journal::PARAMETERS)),
        op(Org, ("delete", "/journal"), "clearJournal", "Forgets everything", Empty),
        op(Org, ("get", "/journal/stream"), "streamJournal", "Entries as they close, as server-sent events", Events)
            .filtered(&journal_query::parameters(&journal::OF_STREAM)),
        op(
            Org,
            ("get", "/journal/{n}"),
            "getJournalEntry",
            "The entry of a visit (7), of a frame (7.3), of a correlation id or of a tracing id",
            Json("JournalEntry"),
        ),
        op(
            Org,
            ("post", "/verify"),
            "verify",
            "Did it happen as it was to? 409 when something did not; it waits for what is to come",
            Json("Verified"),
        )
        .sent(verifications),
        op(
            Org,
            ("get", "/findings"),
            "listFindings",
            "What the journal shows of clients' habits that will hurt",
            Json("Findings"),
        )
        .filtered(&["severity"]),
        op(
            Org,
            ("get", "/explain/{id}"),
            "explain",
            "Why something was answered as it was: by number, correlation id or tracing id, or the last",
            Json("Explanation"),
        ),
        op(
            Org,
            ("get", "/integrations"),
            "listIntegrations",
            "How identity providers are trusted, and what was fetched",
            Json("Integrations"),
        ),
        op(
            Org,
            ("post", "/integrations/{name}/flush"),
            "flushIntegration",
            "Forgets what was fetched",
            Json("Integrations"),
        ),
        op(
            Org,
            ("post", "/person-tokens"),
            "makePersonToken",
            "The JWT of somebody who has signed in",
            Json("PersonToken"),
        )
        .sent(person)
        .creates(),
        op(Org, ("get", "/state"), "getState", "A snapshot of the org; it holds secrets", Json("State")),
        op(Org, ("put", "/state"), "putState", "Puts a snapshot back", Json("Org"))
            .sent(json!({ "$ref": "#/$defs/State" })),
        op(Org, ("post", "/reset"), "reset", "Back to the first moment of the scenario", Json("Org")),
    ]
}
