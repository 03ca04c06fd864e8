//! What can be written down of an external contact.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::person::Person;
use crate::base::document;

/// A telephone number, in the vendor's members.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PhoneNumber {
    /// As people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// Behind a switchboard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<i64>,
    /// Does it take text messages?
    #[serde(rename = "acceptsSMS", skip_serializing_if = "Option::is_none")]
    pub accepts_sms: Option<bool>,
    /// As somebody typed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_input: Option<String>,
    /// As E.164 writes it, with `+`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e164: Option<String>,
    /// ISO 3166.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
}

impl PhoneNumber {
    fn texts(&self) -> impl Iterator<Item = &str> {
        [&self.e164, &self.display, &self.user_input].into_iter().flatten().map(String::as_str)
    }
}

/// A postal address.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContactAddress {
    /// First line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address1: Option<String>,
    /// Second line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Part of the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// ISO 3166.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
}

macro_rules! details {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        /// What can be written down of a contact, in the vendor's members.
        #[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        pub struct Details {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)*
        }

        impl Details {
            /// Takes from others what is not known here.
            pub fn fill(&mut self, others: &Self) {
                $(if self.$field.is_none() { self.$field.clone_from(&others.$field); })*
            }
        }
    };
}

details! {
    /// Given name.
    first_name: String,
    /// Middle name.
    middle_name: String,
    /// Family name.
    last_name: String,
    /// `Dr.` and the like.
    salutation: String,
    /// What somebody is at work.
    title: String,
    /// At work.
    work_phone: PhoneNumber,
    /// On the way.
    cell_phone: PhoneNumber,
    /// At home.
    home_phone: PhoneNumber,
    /// Elsewhere.
    other_phone: PhoneNumber,
    /// At work.
    work_email: String,
    /// At home.
    personal_email: String,
    /// Elsewhere.
    other_email: String,
    /// Where somebody lives or works.
    address: ContactAddress,
    /// Does the contact not want to be asked for its opinion?
    survey_opt_out: bool,
    /// Where another system shows the contact.
    external_system_url: String,
    /// Whatever an org's own schema asks for.
    custom_fields: Map<String, Value>,
}

impl Details {
    /// As they say in the token of somebody who has signed in.
    pub fn of(person: &Person) -> Self {
        Self {
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            personal_email: person.email.clone(),
            ..Self::default()
        }
    }

    /// The member that cannot be right, and why.
    pub fn wrong(&self) -> Option<(&'static str, &'static str)> {
        let emails = [
            ("workEmail", &self.work_email),
            ("personalEmail", &self.personal_email),
            ("otherEmail", &self.other_email),
        ];
        let phones = [
            ("workPhone", &self.work_phone),
            ("cellPhone", &self.cell_phone),
            ("homePhone", &self.home_phone),
            ("otherPhone", &self.other_phone),
        ];
        let is_email =
            |text: &str| text.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty());
        let is_e164 = |text: &str| {
            text.strip_prefix('+').is_some_and(|rest| {
                (2..=15).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_digit())
            })
        };
        let email = emails.iter().find(|(_, email)| email.as_deref().is_some_and(|email| !is_email(email)));
        let number = |phone: &Option<PhoneNumber>| phone.as_ref().and_then(|phone| phone.e164.clone());
        let phone = phones.iter().find(|(_, phone)| number(phone).is_some_and(|number| !is_e164(&number)));
        email
            .map(|(name, _)| (*name, "is no address with `@`"))
            .or_else(|| phone.map(|(name, _)| (*name, "has an `e164` that is not `+` and up to 15 digits")))
    }

    /// Does a name, address or number have this text in it? `wanted` is in lower case.
    pub fn mention(&self, wanted: &str) -> bool {
        let name = [&self.first_name, &self.middle_name, &self.last_name].map(|name| name.as_deref());
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let texts = [&self.title, &self.work_email, &self.personal_email, &self.other_email];
        let texts = texts.into_iter().flatten().map(String::as_str);
        let phones = [&self.work_phone, &self.cell_phone, &self.home_phone, &self.other_phone];
        let phones = phones.into_iter().flatten().flat_map(PhoneNumber::texts);
        std::iter::once(name.as_str())
            .chain(texts)
            .chain(phones)
            .any(|text| text.to_lowercase().contains(wanted))
    }
}

/// One change of a contact's details.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub enum ChangeAction {
    /// Writes it where nothing is.
    UpdateIfEmpty,
    /// Writes it over what is there.
    UpdateIfExists,
    /// Writes it.
    Update,
    /// Takes it away.
    Remove,
    /// Adds to a list.
    AppendToCollection,
    /// Takes out of a list.
    RemoveFromCollection,
}

impl Details {
    /// Changes one member by its name. Answers in words what is wrong.
    pub fn change(&mut self, field: &str, action: ChangeAction, value: Option<Value>) -> Result<(), String> {
        let written = |details: &Self| match serde_json::to_value(details) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        let mut members = written(self);
        let is_there = members.contains_key(field);
        let writes = match action {
            ChangeAction::Update => true,
            ChangeAction::UpdateIfEmpty => !is_there,
            ChangeAction::UpdateIfExists => is_there,
            ChangeAction::Remove => false,
            ChangeAction::AppendToCollection | ChangeAction::RemoveFromCollection => {
                return Err(format!("{field} is not a collection"));
            }
        };
        let value = match (action, value) {
            (ChangeAction::Remove, _) => Value::Null,
            (_, Some(value)) => value,
            (_, None) => return Err(format!("the change of {field} has no value")),
        };
        // whether the name and the type are right can be seen even where nothing is written
        members.insert(field.to_owned(), value.clone());
        let changed: Self = document::from_value(&Value::Object(members))
            .map_err(|_| format!("the value of {field} is of another type"))?;
        if value.is_null() {
            let known = Self::default();
            if !is_there && !known.has_member(field) {
                return Err(format!("{field} is not a field that can be changed"));
            }
        } else if !written(&changed).contains_key(field) {
            return Err(format!("{field} is not a field that can be changed"));
        }
        if writes || action == ChangeAction::Remove {
            *self = changed;
        }
        Ok(())
    }

    /// Is there a member of this name? A probe of each type finds out.
    fn has_member(&self, field: &str) -> bool {
        [Value::String(String::new()), Value::Bool(false), Value::Object(Map::new())].into_iter().any(
            |probe| {
                let members = Map::from_iter([(field.to_owned(), probe)]);
                document::from_value::<Self>(&Value::Object(members)).is_ok_and(|details| details != *self)
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(action: ChangeAction, field: &str, value: Value) -> Result<Value, String> {
        let mut details: Details = serde_json::from_value(json!({ "firstName": "Ann" })).unwrap();
        details.change(field, action, Some(value))?;
        Ok(serde_json::to_value(&details).unwrap())
    }

    #[test]
    fn a_change_writes_where_its_action_says() {
        use ChangeAction::{Remove, Update, UpdateIfEmpty, UpdateIfExists};
        for (action, field, value, expected) in [
            (Update, "title", json!("Dr"), json!({ "firstName": "Ann", "title": "Dr" })),
            (UpdateIfEmpty, "firstName", json!("Eve"), json!({ "firstName": "Ann" })),
            (UpdateIfExists, "firstName", json!("Eve"), json!({ "firstName": "Eve" })),
            (UpdateIfExists, "lastName", json!("Adams"), json!({ "firstName": "Ann" })),
            (Remove, "firstName", json!(null), json!({})),
            (Remove, "lastName", json!(null), json!({ "firstName": "Ann" })),
        ] {
            assert_eq!(changed(action, field, value), Ok(expected), "{action:?} {field}");
        }
    }

    #[test]
    fn a_change_that_cannot_be_meant_says_what_is_wrong() {
        use ChangeAction::{AppendToCollection, Remove, Update, UpdateIfExists};
        for (action, field, value, wrong) in [
            (Update, "shoe", json!(42), "shoe is not a field that can be changed"),
            (UpdateIfExists, "shoe", json!(42), "shoe is not a field that can be changed"),
            (Remove, "shoe", json!(null), "shoe is not a field that can be changed"),
            (Update, "title", json!(7), "the value of title is of another type"),
            (AppendToCollection, "title", json!("Dr"), "title is not a collection"),
        ] {
            assert_eq!(changed(action, field, value), Err(wrong.to_owned()), "{action:?} {field}");
        }
    }
}
