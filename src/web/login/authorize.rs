//! `/oauth/authorize` and `/authorize`: where clients send users; and `/oauth/login`, what those do on the page.

use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};

use super::error;
use crate::{
    ops::{
        cx::Cx,
        oauth::authorize::{self, Answer, NotAuthorized, Outcome, Page},
        params::Params,
        visitor::Visitor,
    },
    web::{
        cookie, page,
        redirect::{back, encoded},
    },
};

/// The cookie in which a browser keeps who has signed in.
pub const COOKIE: &str = "login_session";

/// By a link.
pub async fn get(cx: Cx, uri: Uri, headers: HeaderMap) -> Response {
    let params = Params::parse(uri.query().unwrap_or_default());
    answered(&cx, &uri, &headers, &params, Visitor::Sent).await
}

/// By a form.
pub async fn post(cx: Cx, uri: Uri, headers: HeaderMap, body: String) -> Response {
    answered(&cx, &uri, &headers, &Params::parse(&body), Visitor::Sent).await
}

/// What somebody does on the page; with it comes the request that the page was shown for.
pub async fn login(cx: Cx, uri: Uri, headers: HeaderMap, body: String) -> Response {
    let form = Params::parse(&body);
    let request = Params::parse(form.get("request").unwrap_or_default());
    answered(&cx, &uri, &headers, &request, Visitor::of(&form)).await
}

async fn answered(cx: &Cx, uri: &Uri, headers: &HeaderMap, params: &Params, visitor: Visitor) -> Response {
    let status = if matches!(visitor, Visitor::Sent) { StatusCode::FOUND } else { StatusCode::SEE_OTHER };
    let secret = cookie::remembered(headers, COOKIE);
    match authorize::authorize(cx, params, secret.as_deref(), visitor).await {
        Err(why) => page::untrusted(&why),
        Ok(Outcome::Ask(asked)) => ask(uri, &asked),
        Ok(Outcome::Answer { to, result, cookie }) => {
            let mut fields = fields(result);
            fields.extend(to.state.clone().map(|state| ("state", state)));
            let mut response = back(&to, &fields, status);
            if let Some(secret) = cookie {
                cookie::remember(response.headers_mut(), COOKIE, &cx.base, Some(&secret));
            }
            response
        }
    }
}

fn ask(uri: &Uri, asked: &Page) -> Response {
    let request = encoded(&asked.request);
    let folder = if uri.path().starts_with("/oauth/") { "" } else { "oauth/" };
    // the client names the org where the address does not
    let action = format!("{folder}login?{}", encoded(&[("client_id", asked.client.id.to_string())]));
    let people = asked.users.iter().map(|user| (user.id.as_str(), user.name.as_str()));
    page::sign_in(&page::SignIn {
        client: &asked.client.name,
        action: &action,
        request: &request,
        wrong: asked.wrong.as_deref(),
        refused: asked.refused,
        signed_in: asked.signed_in.as_ref().map(|user| user.name.as_str()),
        people: people.collect(),
        by_password: None,
    })
}

/// What the client reads, in this order.
fn fields(result: Result<Answer, NotAuthorized>) -> Vec<(&'static str, String)> {
    match result {
        Ok(Answer::Code(code)) => vec![("code", code)],
        Ok(Answer::Token(token, expires_in)) => vec![
            ("access_token", token),
            ("expires_in", expires_in.to_string()),
            ("token_type", "bearer".to_owned()),
        ],
        Err(error) => vec![
            ("error", error::not_authorized(&error).to_owned()),
            ("error_description", error.to_string()),
        ],
    }
}
