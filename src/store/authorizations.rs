//! What the identity providers of an org, or its own login, granted: sign-ins, codes, tokens.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::org_state::TokenKey;
use crate::{
    base::{codec::base64url, ids::ClientId, table::Table, time::Timestamp},
    domain::{
        authorization::{Authorization, BadCode, Code, Grants, IdpToken, Presence, SignIn, TokenUse},
        identity_provider::EndUser,
    },
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
pub struct Granted<A> {
    authorization: Arc<A>,
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
pub struct Live<'a, A = Authorization> {
    /// The key of what was granted.
    pub granted: TokenKey,
    /// What was granted.
    pub authorization: &'a Arc<A>,
    /// The token.
    pub token: &'a mut IdpToken,
}

/// Why a code is not redeemed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unredeemed {
    /// Nothing is known of it, or what it was given for was taken back.
    Dead(Dead),
    /// It is not good for the request.
    Bad(BadCode),
}

/// `sid` of the session that this secret opens.
fn sid(secret: TokenKey) -> String {
    base64url(&Sha256::digest(secret.text())[..16])
}

/// The tables: what was granted as an `A`, to people who are a `P`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorizations<A = Authorization, P = EndUser> {
    /// Who has signed in, by `sid`.
    sign_ins: Table<String, SignIn<P>>,
    granted: Table<TokenKey, Granted<A>>,
    /// Codes.
    pub codes: Table<TokenKey, Given<Code>>,
    tokens: Table<TokenKey, Given<IdpToken>>,
    /// The nonce of the newest ID token, by provider and client.
    pub last_nonces: Table<(String, ClientId), String>,
}

impl<A, P> Default for Authorizations<A, P> {
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

impl<A: Grants, P> Authorizations<A, P> {
    /// Read from somewhere else: it is bounded.
    pub fn hold(&mut self) {
        self.sign_ins.hold(SIGN_INS);
        self.granted.hold(GRANTED);
        self.codes.hold(GRANTED);
        self.tokens.hold(TOKENS);
        self.last_nonces.hold(CLIENTS);
    }

    /// Grants something. Answers whether something old had to go for it.
    pub fn grant(&mut self, key: TokenKey, authorization: Arc<A>) -> bool {
        self.granted.insert(key, Granted { authorization, revoked: false }).is_some()
    }

    /// Takes back what was granted, hence all codes and tokens for it.
    pub fn revoke(&mut self, key: &TokenKey) {
        if let Some(granted) = self.granted.get_mut(key) {
            granted.revoked = true;
        }
    }

    /// What was granted by this provider under this key, unless it was taken back.
    pub fn granted(&self, key: &TokenKey, provider: &str) -> Result<&Arc<A>, Dead> {
        match self.granted.get(key) {
            Some(granted) if granted.authorization.provider() != provider => Err(Dead::Unknown),
            Some(granted) if granted.revoked => Err(Dead::Revoked),
            Some(granted) => Ok(&granted.authorization),
            None => Err(Dead::Unknown),
        }
    }

    /// All that was granted and not taken back.
    pub fn all_granted(&self) -> impl Iterator<Item = &Arc<A>> {
        self.granted.iter().filter(|(_, row)| !row.revoked).map(|(_, row)| &row.authorization)
    }

    /// Takes back what was granted, as far as it is meant.
    pub fn revoke_those(&mut self, is_meant: impl Fn(&A) -> bool) {
        self.granted.for_each(|_, row| row.revoked |= is_meant(&row.authorization));
    }

    /// Signs somebody in, in the browser that keeps this secret. Answers whether an old sign-in had to go for it, too.
    pub fn sign_in(
        &mut self,
        secret: TokenKey,
        provider: &str,
        person: Arc<P>,
        since: Timestamp,
    ) -> (Presence<P>, bool) {
        let sid = sid(secret);
        let row = SignIn { provider: provider.to_owned(), person: Arc::clone(&person), since, over: false };
        let forgot = self.sign_ins.insert(sid.clone(), row).is_some();
        (Presence { person, since, sid }, forgot)
    }

    /// Who has signed in in the browser that keeps this secret.
    pub fn signed_in(&self, secret: TokenKey, provider: &str) -> Option<Presence<P>> {
        let sid = sid(secret);
        let sign_in = self.sign_ins.get(&sid)?;
        let holds = !sign_in.over && sign_in.provider == provider;
        holds.then(|| Presence { person: Arc::clone(&sign_in.person), since: sign_in.since, sid })
    }

    /// Signs somebody out.
    pub fn sign_out(&mut self, sid: &str, provider: &str) {
        if let Some(sign_in) = self.sign_ins.get_mut(sid).filter(|sign_in| sign_in.provider == provider) {
            sign_in.over = true;
        }
    }

    /// Signs people out everywhere, as far as they are meant.
    pub fn sign_out_those(&mut self, is_meant: impl Fn(&P) -> bool) {
        self.sign_ins.for_each(|_, sign_in| sign_in.over |= is_meant(&sign_in.person));
    }

    /// Redeems a code that is good. Whoever brings one again takes back all that was given for it.
    pub fn redeem(
        &mut self,
        key: &TokenKey,
        provider: &str,
        judge: impl FnOnce(&Code, &A) -> Result<(), BadCode>,
    ) -> Result<(TokenKey, Arc<A>), Unredeemed> {
        let Given { granted, value: code } =
            self.codes.get(key).ok_or(Unredeemed::Dead(Dead::Unknown))?.clone();
        let authorization = Arc::clone(self.granted(&granted, provider).map_err(Unredeemed::Dead)?);
        if let Err(bad) = judge(&code, &authorization) {
            if bad == BadCode::Used {
                self.revoke(&granted);
            }
            return Err(Unredeemed::Bad(bad));
        }
        if let Some(row) = self.codes.get_mut(key) {
            row.value.used = true;
        }
        Ok((granted, authorization))
    }

    /// Takes in a refresh token that is accepted. If each works once, whoever brings one again takes back all that goes
    /// back to the same sign-in.
    pub fn renew<E: From<Dead>>(
        &mut self,
        key: &TokenKey,
        provider: &str,
        (rotates, now): (bool, Timestamp),
        accept: impl FnOnce(&A, &IdpToken) -> Result<(), E>,
    ) -> Result<(TokenKey, Arc<A>, Vec<String>), E> {
        match self.live(key, TokenUse::Refresh, provider, now) {
            Ok(live) => {
                accept(live.authorization, live.token)?;
                live.token.revoked |= rotates;
                Ok((live.granted, Arc::clone(live.authorization), live.token.scopes.clone()))
            }
            Err(dead) => {
                if let (true, Dead::Revoked, Some(granted)) =
                    (rotates, dead, self.granted_for(key, TokenUse::Refresh))
                {
                    self.revoke(&granted);
                }
                Err(dead.into())
            }
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
    ) -> Result<Live<'_, A>, Dead> {
        let Given { granted, value: token } = self
            .tokens
            .get_mut(key)
            .filter(|token| token.value.token_use == token_use)
            .ok_or(Dead::Unknown)?;
        let row = self.granted.get(granted).filter(|row| row.authorization.provider() == provider);
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
