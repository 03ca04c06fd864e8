//! `/person-tokens`: the JWT of somebody who has signed in, for tests that need one without an identity provider.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{
    body::Json,
    error::Problem,
    subject::{Base, TheApp, TheOrg},
};
use crate::{
    base::{
        ids::DeploymentId,
        time::{Span, Timestamp},
    },
    domain::{claim_attributes, person::Person},
    faults::{effect::claims::ClaimsMode, point::TokenKind},
    ops::person_token::{self, Order},
    web::answer,
};

/// Whom it is for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Wanted {
    /// Default: the org's first deployment that authenticates.
    deployment_id: Option<DeploymentId>,
    /// Who signs in.
    person: Person,
    /// Default 30 minutes.
    #[serde(default = "lifetime")]
    lifetime: Span,
    /// How the token is wrong, as the fault `claims` calls it. Default: not at all.
    mode: Option<ClaimsMode>,
}

fn lifetime() -> Span {
    person_token::LIFETIME
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    jwt: String,
    deployment_id: DeploymentId,
    expires: Timestamp,
}

/// Makes one.
pub async fn make(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    Base(base): Base,
    Json(wanted): Json<Wanted>,
) -> Result<Response, Problem> {
    let Wanted { deployment_id, person, lifetime, mode } = wanted;
    if let Some(Err(wrong)) = mode.map(|mode| mode.check(TokenKind::Messaging)) {
        return Err(Problem::field("mode", wrong));
    }
    if person.subject.is_empty() {
        return Err(Problem::field("person.subject", "it is empty"));
    }
    if let Some(wrong) = claim_attributes::wrong(&person.attributes) {
        return Err(Problem::field("person.attributes", wrong));
    }
    let found = org.state(|state| {
        let mut all = state.deployments.values();
        let found = match &deployment_id {
            Some(id) => state.deployments.get(id),
            None => all.find(|deployment| deployment.authentication),
        };
        found.cloned()
    });
    let Some(deployment) = found else {
        let words = deployment_id.map_or_else(
            || "no deployment of this org has `auth.enabled`".to_owned(),
            |id| format!("there is no deployment {id} in this org"),
        );
        return Err(Problem::field("deploymentId", words));
    };
    if !deployment.authentication {
        let words = format!("deployment {} has `auth.enabled` off", deployment.id);
        return Err(Problem::field("deploymentId", words));
    }
    let (jti, modes) = (person_token::next_id(&org), mode.as_slice());
    let order = Order { jti, deployment: &deployment.id, person, lifetime, modes };
    let (jwt, expires) = person_token::issue(&app, &org, &base, order)
        .await
        .map_err(|error| Problem::new(500, "The token could not be signed", error.to_string()))?;
    let made = Made { jwt, deployment_id: deployment.id.clone(), expires };
    Ok(answer::json(StatusCode::CREATED, &made))
}
