//! Files that a scenario or a call of the admin API writes down, for the bot or a human to send.

use serde::{Deserialize, Serialize};

use super::{
    attachment::{Announcement, Refused},
    signature,
};
use crate::base::codec::from_base64;

/// A file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "FileShape", into = "FileShape")]
pub struct File {
    /// Its name, with an extension.
    pub name: String,
    /// MIME type.
    pub mime: String,
    written: Written,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Written {
    Text(String),
    Base64(String),
}

/// A file as it is written: exactly one of `text` and `base64`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FileShape {
    file_name: String,
    file_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl TryFrom<FileShape> for File {
    type Error = String;

    fn try_from(shape: FileShape) -> Result<Self, String> {
        let FileShape { file_name: name, file_type: mime, text, base64 } = shape;
        // in a file of many lines it stands in many lines
        let base64 = base64.map(|text| text.split_ascii_whitespace().collect::<String>());
        let written = match (text, base64) {
            (Some(text), None) => Written::Text(text),
            (None, Some(base64)) if from_base64(&base64).is_some() => Written::Base64(base64),
            (None, Some(_)) => return Err("`base64` is not base64 (RFC 4648 section 4)".to_owned()),
            _ => return Err("a file has exactly one of `text` and `base64`".to_owned()),
        };
        let file = Self { name, mime, written };
        file.check().map_err(|refused| refused.text)?;
        Ok(file)
    }
}

impl From<File> for FileShape {
    fn from(file: File) -> Self {
        let (text, base64) = match file.written {
            Written::Text(text) => (Some(text), None),
            Written::Base64(base64) => (None, Some(base64)),
        };
        Self { file_name: file.name, file_type: file.mime, text, base64 }
    }
}

impl File {
    /// Could an agent send it?
    fn check(&self) -> Result<(), Refused> {
        let bytes = self.bytes();
        let (name, mime, size) = (self.name.clone(), self.mime.clone(), bytes.len() as u64);
        Announcement { name, mime, size }.check_for_agents()?;
        signature::check(&self.mime, &bytes)
    }

    /// What is in it.
    pub fn bytes(&self) -> Vec<u8> {
        match &self.written {
            Written::Text(text) => text.clone().into_bytes(),
            Written::Base64(base64) => from_base64(base64).unwrap_or_default(),
        }
    }
}
