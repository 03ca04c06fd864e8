//! What the identity providers of an org granted: sign-ins, codes, tokens.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::org_state::TokenKey;
use crate::{
    base::{ids::ClientId, table::Table, time::Timestamp},
    domain::authorization::{Authorization, Code, IdpToken, SignIn, TokenUse},
};

/// People who have signed in.
const SIGN_INS: usize = 20_000;
/// What was granted, each with one code at the most.
const GRANTED: usize = 20_000;
/// Clients whose last nonce is kept.
const CLIENTS: usize = 1_000;
/// Live access and refresh tokens.
const TOKENS: usize = 50_000;

/// Something that was granted, and whether it still is.
#[derive(Clone, Serialize, Deserialize)]
pub struct Granted {
    authorization: Arc<Authorization>,
    revoked: bool,
}

/// A code or token and what it was given for.
#[derive(Clone, Serialize, Deserialize)]
pub struct Given<T> {
    /// The key of what was granted.
    pub granted: TokenKey,
    /// The code or token.
    pub value: T,
}

/// Why a code or token is worth nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Dead {
    /// This provider never issued it, or has long forgotten it.
    #[error("was never issued here, or is long forgotten")]
    Unknown,
    /// It was taken back.
    #[error("was revoked")]
    Revoked,
    /// Its time is over.
    #[error("expired at {0}")]
    Expired(Timestamp),
}

/// A token that is worth something.
pub struct Live<'a> {
    /// The key of what was granted.
    pub granted: TokenKey,
    /// What was granted.
    pub authorization: &'a Arc<Authorization>,
    /// The token.
    pub token: &'a mut IdpToken,
}

/// The tables.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorizations {
    /// Who has signed in, by `sid`.
    pub sign_ins: Table<String, SignIn>,
    granted: Table<TokenKey, Granted>,
    /// Codes.
    pub codes: Table<TokenKey, Given<Code>>,
    tokens: Table<TokenKey, Given<IdpToken>>,
    /// The nonce of the newest ID token, by provider and client.
    pub last_nonces: Table<(String, ClientId), String>,
}

impl Default for Authorizations {
    fn default() -> Self {
        Self {
            sign_ins: Table::bounded(SIGN_INS),
            granted: Table::bounded(GRANTED),
            codes: Table::bounded(GRANTED),
            tokens: Table::bounded(TOKENS),
            last_nonces: Table::bounded(CLIENTS),
        }
    }
}

impl Authorizations {
    /// Read from somewhere else: it is bounded.
    pub fn hold(&mut self) {
        self.sign_ins.hold(SIGN_INS);
        self.granted.hold(GRANTED);
        self.codes.hold(GRANTED);
        self.tokens.hold(TOKENS);
        self.last_nonces.hold(CLIENTS);
    }

    /// Grants something. Answers whether something old had to go for it.
    pub fn grant(&mut self, key: TokenKey, authorization: Arc<Authorization>) -> bool {
        self.granted.insert(key, Granted { authorization, revoked: false }).is_some()
    }

    /// Takes back what was granted, hence all codes and tokens for it.
    pub fn revoke(&mut self, key: &TokenKey) {
        if let Some(granted) = self.granted.get_mut(key) {
            granted.revoked = true;
        }
    }

    /// What was granted by this provider under this key, unless it was taken back.
    pub fn granted(&self, key: &TokenKey, provider: &str) -> Result<&Arc<Authorization>, Dead> {
        match self.granted.get(key) {
            Some(granted) if granted.authorization.provider != provider => Err(Dead::Unknown),
            Some(granted) if granted.revoked => Err(Dead::Revoked),
            Some(granted) => Ok(&granted.authorization),
            None => Err(Dead::Unknown),
        }
    }

    /// Issues a token. Answers whether an old one had to go for it.
    pub fn issue(&mut self, key: TokenKey, granted: TokenKey, token: IdpToken) -> bool {
        self.tokens.insert(key, Given { granted, value: token }).is_some()
    }

    /// The key of what a token of this use was given for, whether it still lives or not.
    pub fn granted_for(&self, key: &TokenKey, token_use: TokenUse) -> Option<TokenKey> {
        let token = self.tokens.get(key).filter(|token| token.value.token_use == token_use);
        token.map(|token| token.granted)
    }

    /// A token of this provider that lives.
    pub fn live(
        &mut self,
        key: &TokenKey,
        token_use: TokenUse,
        provider: &str,
        now: Timestamp,
    ) -> Result<Live<'_>, Dead> {
        let Given { granted, value: token } = self
            .tokens
            .get_mut(key)
            .filter(|token| token.value.token_use == token_use)
            .ok_or(Dead::Unknown)?;
        let row = self.granted.get(granted).filter(|row| row.authorization.provider == provider);
        let row = row.ok_or(Dead::Unknown)?;
        if row.revoked || token.revoked {
            return Err(Dead::Revoked);
        }
        if now >= token.expires {
            return Err(Dead::Expired(token.expires));
        }
        Ok(Live { granted: *granted, authorization: &row.authorization, token })
    }
}
