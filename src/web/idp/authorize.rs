//! `/authorize`: where clients send people.

use axum::response::Response;
use http::StatusCode;

use super::{
    error,
    form::{Form, Query, Remembered, remember},
};
use crate::{
    domain::identity_provider::EndUser,
    ops::{
        idp::{
            At,
            authorize::{self, Granted, Outcome, Page},
            request::AuthorizationError,
        },
        visitor::Visitor,
        way_back::Untrusted,
    },
    web::{
        page,
        redirect::{back, encoded},
    },
};

/// By a link.
pub async fn get(at: At, Remembered(secret): Remembered, Query(params): Query) -> Response {
    let outcome = authorize::authorize(&at, &params, secret.as_deref(), Visitor::Sent).await;
    answered(&at, outcome, StatusCode::FOUND)
}

/// By a form.
pub async fn post(at: At, Remembered(secret): Remembered, Form { params, .. }: Form) -> Response {
    let outcome = authorize::authorize(&at, &params, secret.as_deref(), Visitor::Sent).await;
    answered(&at, outcome, StatusCode::SEE_OTHER)
}

/// The page, or the way back with this status.
pub fn answered(at: &At, outcome: Result<Outcome, Untrusted>, status: StatusCode) -> Response {
    match outcome {
        Err(untrusted) => page::untrusted(&untrusted),
        Ok(Outcome::Ask(asked)) => ask(&asked),
        Ok(Outcome::Answer { to, result, cookie }) => {
            let mut response = back(&to, &fields(result, to.state.as_deref()), status);
            if let Some(cookie) = cookie {
                remember(response.headers_mut(), at, Some(&cookie));
            }
            response
        }
    }
}

fn ask(asked: &Page) -> Response {
    let people = asked.people.iter().map(|person| (person.name.as_str(), person.shown()));
    page::sign_in(&page::SignIn {
        client: &asked.client,
        action: "login",
        request: &encoded(&asked.request),
        wrong: asked.wrong.then_some("Wrong user name or password."),
        refused: asked.wrong,
        signed_in: asked.signed_in.as_deref().map(EndUser::shown),
        people: people.collect(),
        by_password: Some(asked.hint.as_deref().unwrap_or_default()),
    })
}

/// What the client reads, in this order.
fn fields(result: Result<Granted, AuthorizationError>, state: Option<&str>) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    match result {
        Ok(Granted { code, access_token, id_token, scopes }) => {
            fields.extend(code.map(|code| ("code", code)));
            if let Some((token, expires_in)) = access_token {
                fields.push(("access_token", token));
                fields.push(("token_type", "Bearer".to_owned()));
                fields.push(("expires_in", expires_in.to_string()));
                fields.push(("scope", scopes.join(" ")));
            }
            fields.extend(id_token.map(|token| ("id_token", token)));
        }
        Err(error) => {
            fields.push(("error", error::code(&error).to_owned()));
            fields.push(("error_description", error.to_string()));
        }
    }
    fields.extend(state.map(|state| ("state", state.to_owned())));
    fields
}
