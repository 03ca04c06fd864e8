//! Executes the data actions of a scenario.

use serde_json::Value;

use super::{
    cx::Cx,
    external_contacts::{self, ContactError, Named},
};
use crate::{
    base::{codec::json_wrong, document},
    domain::{contact::Contact, contact_details::Details, contact_identifier::IdentifierType},
};

/// Why an action is not executed.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// There is none of this id.
    #[error("there is no data action of this id")]
    Unknown,
    /// The input lacks what the action asks for.
    #[error("{0}")]
    NoInput(String),
    /// What is to be written down of a new contact is of another type.
    #[error("the input cannot be written down: {0}")]
    Input(String),
    /// The contact cannot be found or written.
    #[error(transparent)]
    Contact(#[from] ContactError),
}

/// What an action answers.
pub struct Executed {
    /// Whose the id is.
    pub contact: Contact,
    /// The id.
    pub external_id: String,
    /// Was the contact written down for it just now?
    pub created: bool,
}

/// Finds the contact of a foreign id, or writes one down, with what else the input says of it.
pub fn execute(cx: &Cx, id: &str, input: Value) -> Result<Executed, ActionError> {
    let action = cx.state(|state| state.data_actions.get(id).cloned()).ok_or(ActionError::Unknown)?;
    cx.journal(|draft| draft.note(format!("data action {}", action.name)));
    let external_id = match input.get(&action.input) {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(ActionError::NoInput(action.input.clone())),
    };
    let named = Named {
        kind: IdentifierType::ExternalId,
        value: external_id.clone(),
        source: Some(action.source.clone()),
    };
    match external_contacts::lookup(cx, named.clone()) {
        Ok(contact) => Ok(Executed { contact, external_id, created: false }),
        Err(ContactError::NoMatch | ContactError::Forgotten) if action.create => {
            let details: Details =
                document::from_value(&input).map_err(|wrong| ActionError::Input(json_wrong(&wrong)))?;
            let contact = external_contacts::create(cx, details, vec![named])?;
            Ok(Executed { contact, external_id, created: true })
        }
        Err(error) => Err(error.into()),
    }
}
