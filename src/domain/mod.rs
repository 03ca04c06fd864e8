//! Floor 1: what there is. Nouns and their rules; nothing here waits, reads or writes.
//!
//! Read [`org`] and [`client`] for who exists, [`scope`], [`permission`], [`role`] and [`quota`] for who may what, [`usage`] for what clients did, [`token`] and [`access_claims`] for what they
//! prove it with, [`registered`] for what all tokens claim alike,
//! [`guest`] and [`guest_token`] for the guide's guests, [`deployment`], [`session`], [`message`], [`content`],
//! [`attachment`], [`signature`], [`mod@file`], [`bot`], [`conversation`] and [`participant`] for web messaging, [`identity_provider`],
//! [`authentication_request`], [`authorization`] and [`saml`] for the sign-in of people, [`keyring`] and [`rotation`] for the keys of all issuers,
//! [`contact`], [`contact_details`] and [`contact_identifier`] for whom the platform knows outside, [`claim_attributes`] and [`data_action`] for what flows are told of them, [`station`], [`user_status`], [`communication`], [`watched`], [`queue`] and [`shown`] for what users are about, [`open_messaging`] for whom applications talk to, [`supported_content`], [`messaging_setting`] and [`cached_media`] for what messages may have, [`channel`], [`topic`], [`detail_event`] and [`notification`] for who is told what happens, [`certificate`] for what servers show, and [`visit`] for how one request is seen by everything that looks at it.

pub mod access_claims;
pub mod attachment;
pub mod authentication_request;
pub mod authorization;
pub mod bot;
pub mod cached_media;
pub mod certificate;
pub mod channel;
pub mod claim_attributes;
pub mod client;
pub mod communication;
pub mod contact;
pub mod contact_details;
pub mod contact_identifier;
pub mod content;
pub mod conversation;
pub mod data_action;
pub mod deployment;
pub mod detail_event;
pub mod exchange;
pub mod file;
pub mod frame;
pub mod guest;
pub mod guest_token;
pub mod handshake;
pub mod id_token;
pub mod identity_provider;
pub mod keyring;
pub mod message;
pub mod messaging_setting;
pub mod messenger;
pub mod notification;
pub mod open_messaging;
pub mod org;
pub mod participant;
pub mod permission;
pub mod person;
pub mod pkce;
pub mod push_device;
pub mod queue;
pub mod quota;
pub mod redirect_uri;
pub mod region;
pub mod registered;
pub mod relying_party;
pub mod role;
pub mod rotation;
pub mod saml;
pub mod scope;
pub mod session;
pub mod shown;
pub mod signature;
pub mod signed_claims;
pub mod station;
pub mod supported_content;
pub mod token;
pub mod topic;
pub mod trace_context;
pub mod usage;
pub mod user;
pub mod user_status;
pub mod vendor_error;
pub mod visit;
pub mod watched;
pub mod web_chat;
pub mod web_configuration;
pub mod web_configuration_written;
