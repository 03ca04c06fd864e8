//! `/conversations/{id}/messages`, `/typing`, `/disconnect`: the agent's or bot's side, by hand.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::Path, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    body::Json,
    conversations::ConversationView,
    error::Problem,
    subject::{TheApp, TheOrg},
};
use crate::{
    base::time::Span,
    domain::{
        content::{Card, DatePicker, Form, ListPicker, QuickReply, Rich},
        file::File,
        message::{Originator, Persona},
    },
    ops::conversations::{self, Shown, Words},
    web::{answer, webmessaging::message_body::MessageBody},
};

type Names = Path<BTreeMap<String, String>>;

fn id(Path(names): &Names) -> &str {
    names.get("id").map(String::as_str).unwrap_or_default()
}

/// What is said: a text, one of the other things, or both.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct WordsBody {
    text: Option<String>,
    from: Option<Persona>,
    originating_entity: Originator,
    quick_replies: Option<Vec<QuickReply>>,
    card: Option<Card>,
    carousel: Option<Vec<Card>>,
    date_picker: Option<DatePicker>,
    list_picker: Option<ListPicker>,
    form: Option<Form>,
    attachment: Option<File>,
}

impl WordsBody {
    fn words(self) -> Result<Words, Problem> {
        let rich = [
            self.quick_replies.map(Rich::QuickReplies),
            self.card.map(Rich::Card),
            self.carousel.map(Rich::Carousel),
            self.date_picker.map(Rich::DatePicker),
            self.list_picker.map(Rich::ListPicker),
            self.form.map(Rich::Form),
        ];
        let mut rich = rich.into_iter().flatten();
        let shown = match (rich.next(), rich.next(), self.attachment) {
            (None, _, None) => Shown::Nothing,
            (None, _, Some(file)) => Shown::File(file),
            (Some(rich), None, None) => {
                rich.check().map_err(|wrong| Problem::new(400, "There is nothing to show", wrong))?;
                Shown::Rich(Arc::new(rich))
            }
            _ => {
                let detail = "a message shows at most one of quickReplies, card, carousel, datePicker, \
                              listPicker, form, attachment";
                return Err(Problem::new(400, "Too much to show", detail));
            }
        };
        let text = self.text.filter(|text| !text.is_empty());
        if text.is_none() && matches!(shown, Shown::Nothing) {
            return Err(Problem::field("text", "a message has a text or something to show"));
        }
        Ok(Words { text, shown, from: self.from, originator: self.originating_entity })
    }
}

/// Says something to the guest. Answers the message as clients see it.
pub async fn speak(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    names: Names,
    Json(body): Json<WordsBody>,
) -> Result<Response, Problem> {
    let message = conversations::speak(&app, &org, id(&names), body.words()?)?;
    Ok(answer::json(StatusCode::CREATED, &MessageBody::of(&message)))
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize)]
enum Typing {
    #[default]
    On,
    Off,
}

/// What the guest sees of somebody who types.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct TypingBody {
    #[serde(rename = "type")]
    kind: Typing,
    duration: Option<Span>,
    from: Option<Persona>,
}

/// Shows the guest that somebody types.
pub async fn types(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    names: Names,
    Json(body): Json<TypingBody>,
) -> Result<Response, Problem> {
    let on = body.kind == Typing::On;
    if !on && body.duration.is_some() {
        return Err(Problem::field("duration", "whoever types no more does so for no time"));
    }
    conversations::types(&app, &org, id(&names), body.from, on, body.duration)?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// Who ends the conversation.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DisconnectBody {
    from: Option<Persona>,
}

/// Ends the conversation. Answers it as it is then.
pub async fn disconnect(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    names: Names,
    Json(body): Json<DisconnectBody>,
) -> Result<Response, Problem> {
    let conversation = conversations::disconnect(&app, &org, id(&names), body.from)?;
    Ok(answer::json(StatusCode::OK, &ConversationView::whole(&conversation)))
}
