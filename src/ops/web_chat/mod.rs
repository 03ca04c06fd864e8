//! Legacy web chats. A chat is a conversation without a session: its guest speaks by requests and hears on event streams,
//! whoever answers does so as in other conversations.

pub mod access;
pub mod administration;
mod create;
pub mod event_stream;
pub mod guest;
mod lines;

pub use create::{Asked, ChatError, ForQueue, create, create_for_queue};

/// Who carries the chats of the widget.
pub const PROVIDER: &str = "PureCloud Webchat v2";
