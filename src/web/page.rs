//! Pages for people: plain HTML, nothing from elsewhere, everything escaped.

use axum::response::Response;
use http::StatusCode;

use super::answer;
use crate::ops::way_back::Untrusted;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}\
    button,input{font:inherit;padding:.4rem .6rem;margin:.2rem 0;width:100%;box-sizing:border-box}\
    .wrong{color:#a00}";

/// Text as HTML shows it, in content and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{content}</body>\n</html>\n"
    );
    answer::bytes(status, "text/html; charset=utf-8", html)
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escaped(name), escaped(value))
}

fn button(name: &str, value: &str, label: &str) -> String {
    format!("<button name=\"{name}\" value=\"{}\">{}</button>\n", escaped(value), escaped(label))
}

/// What stands on a sign-in page.
pub struct SignIn<'a> {
    /// Who asks.
    pub client: &'a str,
    /// Where its forms go.
    pub action: &'a str,
    /// What its forms send along.
    pub request: &'a str,
    /// What is wrong.
    pub wrong: Option<&'a str>,
    /// Was somebody refused for it?
    pub refused: bool,
    /// Who has signed in already and may go on.
    pub signed_in: Option<&'a str>,
    /// Who can sign in: values and names.
    pub people: Vec<(&'a str, &'a str)>,
    /// The user name that may be meant, where people have passwords.
    pub by_password: Option<&'a str>,
}

/// The sign-in page. Each way of leaving it has a form of its own, so that the return key means the password.
pub fn sign_in(asked: &SignIn<'_>) -> Response {
    let action = escaped(asked.action);
    let form = |content: String| {
        format!(
            "<form method=\"post\" action=\"{action}\">{}\n{content}</form>\n",
            hidden("request", asked.request)
        )
    };
    let mut content = format!("<p>{} wants to know who you are.</p>\n", escaped(asked.client));
    if let Some(wrong) = asked.wrong {
        content += &format!("<p class=\"wrong\">{}</p>\n", escaped(wrong));
    }
    if let Some(name) = asked.signed_in {
        content += &form(button("continue", "yes", &format!("Continue as {name}")));
    }
    if !asked.people.is_empty() {
        let buttons =
            asked.people.iter().map(|(value, name)| button("person", value, &format!("Sign in as {name}")));
        content += &form(buttons.collect());
    }
    if let Some(hint) = asked.by_password {
        let hint = escaped(hint);
        content += &form(format!(
            "<label>User name <input name=\"username\" value=\"{hint}\" autocomplete=\"username\" required></label>\n\
             <label>Password <input name=\"password\" type=\"password\" autocomplete=\"current-password\"></label>\n\
             <button>Sign in</button>\n"
        ));
    }
    content += &form(button("cancel", "yes", "Cancel"));
    let status = if asked.refused { StatusCode::FORBIDDEN } else { StatusCode::OK };
    page(status, "Sign in", &content)
}

/// A form that sends itself to where the client waits.
pub fn form_post(to: &str, fields: &[(&'static str, String)]) -> Response {
    let fields: String = fields.iter().map(|(name, value)| hidden(name, value) + "\n").collect();
    let content = format!(
        "<form method=\"post\" action=\"{}\">\n{fields}<button>Continue</button>\n</form>\n\
         <script>document.forms[0].submit()</script>\n",
        escaped(to)
    );
    page(StatusCode::OK, "Back to where you came from", &content)
}

/// Something is wrong, and there is no client that could be told.
pub fn error(what: &str, more: Option<&str>) -> Response {
    let more = more.map(|more| format!("<p>{}</p>\n", escaped(more))).unwrap_or_default();
    let content = format!("<p class=\"wrong\">{}</p>\n{more}", escaped(what));
    page(StatusCode::BAD_REQUEST, "This does not work", &content)
}

/// The person has signed out.
pub fn signed_out() -> Response {
    page(StatusCode::OK, "Signed out", "<p>You have signed out.</p>\n")
}

/// What people are told when nobody can be sent back.
pub fn untrusted(why: &Untrusted) -> Response {
    let registered = match why {
        Untrusted::RedirectUri { registered, .. } => Some(format!("Registered: {registered}")),
        _ => None,
    };
    error(&why.to_string(), registered.as_deref())
}
