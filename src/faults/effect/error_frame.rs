//! `error_frame`: an error of any code instead of a frame, or before it.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    faults::{
        point::Point,
        verdict::{Answer, FrameVerdict, Verdict},
        when::When,
    },
};

/// Is the frame dealt with?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// No: its action is not done, or it is not sent. Faults behind this one are not asked.
    #[default]
    Instead,
    /// Yes, after the error.
    Before,
}

/// A `string` error with its code and words; 429 is a `TooManyRequestsErrorMessage`, as the platform has it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ErrorFrame {
    /// HTTP-like, or one of the 4xxx codes: 1 to 9999.
    code: u16,
    /// The words. Default: the platform's for an HTTP status, else `Error <code>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Of 429: `retryAfter`, in whole seconds. Default 1 s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<Span>,
    /// Instead of the frame, or before it. Default `instead`.
    #[serde(default)]
    mode: Mode,
}

impl Power for ErrorFrame {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if !(1..=9999).contains(&self.code) {
            return Err(format!("`code` {} is not between 1 and 9999", self.code));
        }
        if self.retry_after.is_some() && self.code != 429 {
            return Err("`retryAfter` is of code 429".into());
        }
        Ok(())
    }

    fn ends(&self) -> bool {
        self.mode == Mode::Instead
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        let (message, retry_after) = (self.message.clone(), self.retry_after);
        let answer = Answer { status: self.code, message, retry_after, ..Answer::default() };
        Some(match self.mode {
            Mode::Instead => Verdict::Answer(answer),
            Mode::Before => Verdict::Frame(FrameVerdict::Precede(answer)),
        })
    }
}
