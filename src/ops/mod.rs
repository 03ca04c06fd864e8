//! Floor 3: what can be done. Verbs, no HTTP; each takes [`cx::Cx`] first.
//!
//! [`app`] is one emulator, [`directory`] its orgs, [`org`] one of them, [`cx`] one visit to that, [`host`] what is left
//! of it while its socket is open. [`oauth`], [`guest`] and [`keys`] issue and publish, [`access`], `access_jwt`,
//! [`guest_token`] and [`person_token`] judge, [`fitting`] says whether faults fit an org, [`idp`] signs people in, [`way_back`] says where they may be sent then, [`params`] what they come with, [`visitor`] who stands there,
//! [`admission`], [`limits`], [`messaging`], [`step`], [`participants`], [`history`], [`attachments`] and [`uploads`] are
//! the messaging socket, [`push_devices`] who is told of it, [`conversations`] the other side of it by hand, [`events`]
//! what is told to those who wait, [`journal`] reads what has happened, [`findings`] what that shows of clients' habits, [`connections`] what is open, [`sockets`] what comes over it, [`outgoing`] and
//! [`window`] what goes, [`channels`], [`channel_sockets`] and `notifications` who is told what happens in the org, [`outbox`] what waits to be written, [`oauth_clients`], [`usage`], [`tokens`], [`roles`] and [`divisions`] are what administrators do, [`external_contacts`] and [`external_sources`] are whom
//! applications know outside, [`data_actions`] what flows ask about them, [`time`] what happens when it is due,
//! [`timeline`] what a scenario lets happen by itself, [`orgs`] makes and resets orgs, [`snapshot`] takes and puts back
//! all that an org remembers, [`communications`] is what agents do by the API, [`open_messaging`], [`open_integrations`] and `webhooks` are people whom other applications talk to, [`cached_media`] what these have named, [`supported_content`] and [`messaging_settings`] what messages may have and what is done with them, [`routing`] is queues and wrap-up codes, [`queue_members`] is who takes what they have, [`organization`] is what the org says of itself, [`user_about`] what is known of its users by what they do, [`users`] who works for it, [`stations`] what they take calls at, [`user_status`] where they are, [`gate`] is what becomes of connections before an org can be known, [`verify`] says whether all happened as it was to.

pub mod access;
mod access_jwt;
pub mod admission;
mod advice;
pub mod app;
pub mod asked;
pub mod attachments;
pub mod cached_media;
pub mod channel_sockets;
pub mod channels;
pub mod communications;
pub mod connections;
pub mod conversations;
pub mod cx;
pub mod data_actions;
mod devices;
mod directory;
pub mod divisions;
pub mod events;
pub mod exchange;
pub mod explain;
pub mod external_contacts;
pub mod external_sources;
pub mod fetch;
pub mod findings;
pub mod fitting;
mod forge;
pub mod gate;
pub mod guest;
pub mod guest_token;
pub mod handshake;
pub mod history;
pub mod host;
pub mod idp;
pub mod integrations;
pub mod journal;
pub mod keys;
pub mod limits;
pub mod messaging;
pub mod messaging_settings;
pub mod metrics;
mod notifications;
pub mod oauth;
pub mod oauth_clients;
pub mod open_integrations;
pub mod open_messaging;
pub mod org;
pub mod org_error;
pub mod organization;
pub mod orgs;
pub mod outbox;
mod outgoing;
pub mod params;
mod participants;
pub mod person_token;
pub mod push_devices;
pub mod queue_members;
pub mod relying_party;
pub mod roles;
pub mod routing;
pub mod signed_data;
pub mod snapshot;
pub mod sockets;
mod standing;
pub mod stations;
mod step;
pub mod supported_content;
pub mod time;
mod timeline;
pub mod tokens;
mod trace;
pub mod uploads;
pub mod usage;
pub mod user_about;
pub mod user_status;
pub mod users;
pub mod verify;
pub mod visitor;
pub mod way_back;
pub mod web_chat;
pub mod web_configurations;
pub mod web_deployments;
mod webhooks;
mod window;
