//! Who is admitted to the messaging socket, and leaving it.

use super::{
    access::{AccessError, count},
    connections::Socket,
    cx::Cx,
    events,
    handshake::{self, Visitor},
    org::Org,
    time::Due,
};
use crate::{
    base::ids::ConnectionId,
    domain::{
        deployment::{DeploymentStatus, HandshakeRefusal},
        visit::Refusal,
    },
    events::event::What,
    store::org_state::BucketKey,
};

/// Why an upgrade is refused.
#[derive(Debug, thiserror::Error)]
pub enum UpgradeError {
    /// No deployment, an unknown one, or one that is switched off.
    #[error("the deployment is not there")]
    Deployment,
    /// The page may not.
    #[error("the origin is not allowed")]
    Origin,
    /// The guest token is missing or foreign, or the deployment always says so.
    #[error("forbidden")]
    Forbidden,
    /// The guest token is ours and not good.
    #[error("unauthorized: {0}")]
    Unauthorized(&'static str),
    /// The same, and a fresh nonce for the next JWT.
    #[error("{error}, with a challenge")]
    Challenged {
        /// The nonce.
        nonce: String,
        /// Why.
        error: Box<UpgradeError>,
    },
    /// Too many sockets were opened at the deployment.
    #[error(transparent)]
    Limited(#[from] AccessError),
}

/// What an upgrade request brings.
#[derive(Clone, Debug, Default)]
pub struct Upgrade {
    /// `deploymentId`.
    pub deployment: Option<String>,
    /// `Origin`.
    pub origin: Option<String>,
    /// A JWT, however it was presented.
    pub credential: Option<String>,
    /// What there is instead of a bearer token, in words.
    pub no_bearer: &'static str,
}

/// Admits a socket. From then on the visit's number is the connection's.
pub async fn admit(cx: &Cx, upgrade: &Upgrade) -> Result<ConnectionId, UpgradeError> {
    let refuse = |refusal: Refusal, error: UpgradeError| {
        cx.refuse(refusal);
        Err(error)
    };
    let wanted = upgrade.deployment.as_deref().unwrap_or_default();
    let Some(deployment) = cx.state(|state| state.deployments.get(wanted).cloned()) else {
        let refusal = Refusal::new("deployment.unknown", "There is no such deployment in this org");
        return refuse(refusal.seen(wanted), UpgradeError::Deployment);
    };
    if deployment.status != DeploymentStatus::Active {
        return refuse(
            Refusal::new("deployment.inactive", "The deployment is inactive"),
            UpgradeError::Deployment,
        );
    }
    if !deployment.admits_origin(upgrade.origin.as_deref()) {
        let allowed = deployment.allowed_domains.clone().unwrap_or_default().join(" ");
        let refusal = Refusal::new("origin.not_allowed", "The page's host is not an allowed domain");
        let seen = upgrade.origin.clone().unwrap_or_default();
        return refuse(refusal.expected(allowed).seen(seen), UpgradeError::Origin);
    }
    let visitor = match handshake::identify(cx, &deployment, upgrade.credential.as_deref()).await {
        Ok(visitor) => visitor,
        Err(wrong) => {
            let by_cause = deployment.handshake_refusal == HandshakeRefusal::ByCause;
            let reason = wrong.reason().filter(|_| by_cause);
            let error = reason.map_or(UpgradeError::Forbidden, UpgradeError::Unauthorized);
            let nonce = handshake::challenge(cx, &deployment);
            let mut refusal = wrong.refusal();
            if upgrade.credential.is_none() {
                refusal.seen.get_or_insert_with(|| upgrade.no_bearer.to_owned());
            }
            return refuse(
                refusal,
                match nonce {
                    Some(nonce) => UpgradeError::Challenged { nonce, error: Box::new(error) },
                    None => error,
                },
            );
        }
    };
    count(cx, BucketKey::Connect(deployment.id.clone()), |limits| limits.connect)?;
    let id = ConnectionId(cx.cause.visit_number());
    let (mut client, mut person) = (None, None);
    let (guest, expires) = match visitor {
        Visitor::Anyone => (None, None),
        Visitor::Client(proved) => {
            client = Some(proved.client().clone());
            (None, Some(proved.token.expires))
        }
        Visitor::Guest(guest) => {
            let expires = guest.expires;
            (Some(guest), Some(expires))
        }
        Visitor::Person(one, expires) => {
            person = Some(one);
            (None, Some(expires))
        }
    };
    let expiry = expires.map(|at| cx.org.clock.arm(at, cx.cause, Due::TokenExpired(id)));
    if let Some(guest) = &guest {
        cx.journal(|draft| draft.subject().guest = Some(guest.id.clone()));
    }
    cx.org.cell(|cell| {
        let known = guest.as_ref().and_then(|guest| cell.state.guests.get(&guest.id));
        let client = known.and_then(|guest| guest.client.clone()).or(client);
        let mut socket = Socket::new(deployment.id.clone(), guest, client);
        (socket.expiry, socket.expires, socket.person) = (expiry, expires, person);
        cell.events.push(cx.now(), events::of_connection(id, &socket), What::ConnectionOpened);
        cell.open(id, socket);
    });
    Ok(id)
}

/// A socket is closed.
pub fn leave(org: &Org, connection: ConnectionId) {
    let gone = org.cell(|cell| {
        let gone = cell.sockets.remove(connection)?;
        let about = events::of_connection(connection, &gone);
        cell.events.push(org.clock.now(), about, What::ConnectionClosed);
        Some(gone)
    });
    let timers = gone.iter().flat_map(|socket| {
        let windows = socket.windows.values().filter_map(|window| window.timer());
        socket.expiry.into_iter().chain(windows)
    });
    for timer in timers {
        org.clock.disarm(timer);
    }
}
