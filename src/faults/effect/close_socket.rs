//! `close_socket`: ends a socket when a frame comes or goes.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{Ending, Verdict},
    when::When,
};

/// How a TCP connection ends without a close frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tcp {
    /// In order.
    Fin,
    /// With a reset.
    Reset,
}

impl From<Tcp> for Ending {
    fn from(tcp: Tcp) -> Self {
        match tcp {
            Tcp::Fin => Self::Close,
            Tcp::Reset => Self::Reset,
        }
    }
}

/// With a close frame, or without one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CloseSocket {
    /// Close code (RFC 6455 section 7.4): any that may stand in a close frame. 1005 is a close frame without a code,
    /// which clients report as 1005; 1006 is what they report after `tcp`. Default 1011.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    /// Close reason, 123 bytes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// No close frame: the TCP connection just ends, in order or with a reset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tcp: Option<Tcp>,
}

impl Power for CloseSocket {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if self.tcp.is_some() && (self.code.is_some() || self.reason.is_some()) {
            return Err("with `tcp` there is no close frame, hence neither `code` nor `reason`".into());
        }
        let code = self.code.unwrap_or(1011);
        match code {
            1000..=1003 | 1007..=1014 | 3000..=4999 => {}
            1005 if self.reason.is_none() => {}
            1005 => return Err("1005 is a close frame without a code, hence without `reason`".into()),
            1006 => {
                return Err("1006 is an end without a close frame; write `tcp: fin` or `tcp: reset`".into());
            }
            _ => return Err(format!("`code` {code} cannot stand in a close frame")),
        }
        if self.reason.as_ref().is_some_and(|reason| reason.len() > 123) {
            return Err("`reason` is longer than 123 bytes".into());
        }
        Ok(())
    }

    fn ends(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(match self.tcp {
            Some(tcp) => Verdict::Drop(tcp.into()),
            None => Verdict::Close {
                code: self.code.unwrap_or(1011),
                reason: self.reason.clone().unwrap_or_default(),
            },
        })
    }
}
