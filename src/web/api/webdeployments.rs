//! `/api/v2/webdeployments/token`: tokens of people who have signed in to a deployment.

use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::error::{bad_credentials, from_access, of_code, plain};
use crate::{
    base::codec::json_wrong,
    domain::visit::Refusal,
    ops::{
        access::{AccessError, bearer},
        cx::Cx,
        exchange::{self, ExchangeError, Presented},
        person_token::{self, PersonTokenError},
    },
    web::{answer, extract::Authorization},
};

/// `WebDeploymentsOAuthExchangeRequest`. What else clients send, such as `journeyContext`, is passed over.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "an object")]
struct ExchangeRequest {
    deployment_id: Option<String>,
    oauth: Option<OAuth>,
}

/// `WebDeploymentsOAuthRequestParameters`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "an object")]
struct OAuth {
    code: Option<String>,
    id_token: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    nonce: Option<String>,
    max_age: Option<i64>,
    iss: Option<String>,
}

/// `WebDeploymentsRefreshJWTRequest`; one client leaves the deployment out.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "an object")]
struct RefreshRequest {
    refresh_token: Option<String>,
    deployment_id: Option<String>,
}

/// `WebDeploymentsAuthorizationResponse`, and `SignedData` when there is no refresh token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Authorized {
    jwt: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// The body, or what is wrong with it.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, String> {
    let wrong = |error| format!("The body cannot be read: {}", json_wrong(&error));
    serde_json::from_slice(body).map_err(wrong)
}

fn unreadable(cx: &Cx, words: &str) -> Response {
    cx.refuse(Refusal::new("body.unreadable", words).expected("a JSON object"));
    plain(cx, 400, Some("bad.request"), Some(words))
}

fn refused(cx: &Cx, error: &ExchangeError) -> Response {
    let refusal = exchange::refusal(error);
    let word = refusal.rule;
    cx.refuse(refusal);
    match error {
        ExchangeError::Missing(name) => of_code(cx, "parameters.missing", name),
        ExchangeError::NoDeployment => of_code(cx, "not.found", ""),
        ExchangeError::Sign(_) => of_code(cx, "service.unavailable", ""),
        ExchangeError::NotEnabled | ExchangeError::Refused(_) | ExchangeError::BadRefreshToken => {
            bad_credentials(cx, word)
        }
    }
}

/// What the provider gave, for a JWT of the platform.
pub async fn post_exchange(cx: Cx, body: Bytes) -> Result<Response, Response> {
    let request: ExchangeRequest = read(&body).map_err(|words| unreadable(&cx, &words))?;
    let OAuth { code, id_token, redirect_uri, code_verifier, nonce, max_age, iss } =
        request.oauth.unwrap_or_default();
    if let Some(seconds) = max_age.filter(|seconds| *seconds < 0) {
        return Err(unreadable(&cx, &format!("oauth.maxAge is {seconds}, expected seconds")));
    }
    // an app that has no code sends an empty one
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let presented = Presented {
        deployment: given(request.deployment_id),
        code: given(code),
        id_token: given(id_token),
        redirect_uri: given(redirect_uri),
        verifier: given(code_verifier),
        nonce: given(nonce),
        max_age,
        issuer: given(iss),
    };
    let exchanged = exchange::exchange(&cx, &presented).await.map_err(|error| refused(&cx, &error))?;
    let body = Authorized { jwt: exchanged.jwt, refresh_token: exchanged.refresh_token };
    Ok(answer::json(StatusCode::OK, &body))
}

/// A fresh JWT.
pub async fn post_refresh(cx: Cx, body: Bytes) -> Result<Response, Response> {
    let request: RefreshRequest = read(&body).map_err(|words| unreadable(&cx, &words))?;
    let (token, deployment) = (request.refresh_token.as_deref(), request.deployment_id.as_deref());
    let jwt = exchange::refresh(&cx, token, deployment).await.map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Authorized { jwt, refresh_token: None }))
}

/// Signs the owner of the token out, on every socket.
pub async fn revoke(cx: Cx, authorization: Authorization) -> Response {
    let signed_in = match person_token::verify(&cx, bearer(authorization.text())).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            let rule = error.reason().unwrap_or("person_token.refused");
            let refusal = Refusal::new(rule, error.to_string());
            cx.refuse(refusal.expected("the JWT of somebody who has signed in, as bearer token"));
            return match (error.reason(), error) {
                (Some(reason), _) => bad_credentials(&cx, reason),
                (None, PersonTokenError::Missing) => from_access(&cx, &AccessError::Missing),
                (None, _) => from_access(&cx, &AccessError::Bad),
            };
        }
    };
    cx.journal(|draft| draft.subject().deployment = Some(signed_in.deployment.clone()));
    person_token::sign_out(&cx, signed_in);
    answer::empty(StatusCode::NO_CONTENT)
}
