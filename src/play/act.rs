//! What each word of a step does.

use serde_json::{Value, json};

use super::{
    curl,
    http::Request,
    player::{Came, Player, waits},
    sign_in,
    socket::{self, ClientSocket},
    verify::{self, Wanted},
};
use crate::{
    base::{
        codec::{base64, from_base64},
        time::Timestamp,
        way::plain,
    },
    scenario::{
        step::{SignIn, Step, Verb, request_line},
        template::{fill, fill_text},
    },
};

/// A step that is ready to be done.
pub(super) struct Doing {
    /// In a few words.
    pub did: String,
    /// The same from a shell.
    pub curl: Option<String>,
    what: What,
}

enum What {
    Http(Request),
    Admin(Request),
    Open(String, Request),
    Send(String, String),
    Hear(String),
    Close(String),
    SignIn(sign_in::Asked),
    Verify(String),
    Set,
}

/// Everything filled in.
pub(super) fn doing(player: &mut Player<'_>, step: &Step) -> Result<Doing, String> {
    let verb = step.verb()?;
    let names = &player.names;
    let text = |text: &str| fill_text(text, names);
    let socket = match &step.socket {
        Some(name) => text(name)?,
        None if matches!(verb, Verb::Open(_)) => "socket".to_owned(),
        None => player.last.clone(),
    };
    let base = format!("http://{}", player.stage.address);
    let (did, curl, what) = match verb {
        Verb::Http(line) => {
            let (method, target) = request_line(line)?;
            let request = request(player, step, method, &local(&text(target)?))?;
            let path = request.target.split('?').next().unwrap_or_default();
            (format!("{method} {path}"), Some(curl::request(&base, &request)), What::Http(request))
        }
        Verb::Admin(line) => {
            let (method, path) = request_line(line)?;
            let path = text(path)?;
            let request = request(player, step, method, &format!("/__admin{path}"))?;
            let did = format!("{method} {}", request.target.split('?').next().unwrap_or_default());
            let curl = Some(curl::request(&base, &request));
            (did, curl, What::Admin(player.stage.with_token(request)))
        }
        Verb::Open(target) => {
            let request = request(player, step, "GET", &local(&text(target)?))?;
            let path = request.target.split('?').next().unwrap_or_default();
            (
                format!("open {socket} {path}"),
                Some(curl::socket(&base, &request)),
                What::Open(socket, request),
            )
        }
        Verb::Send(frame) => {
            let frame = fill(frame, names)?;
            let word = frame["action"].as_str().unwrap_or("a text");
            (format!("send {word}"), Some(curl::frame(&frame)), What::Send(socket.clone(), plain(&frame)))
        }
        Verb::Expect => ("listen".to_owned(), None, What::Hear(socket)),
        Verb::Close(name) => {
            let name = text(name)?;
            (format!("close {name}"), None, What::Close(name))
        }
        Verb::SignIn(sign_in) => {
            player.sign_ins += 1;
            let filled = filled(sign_in, &player.names)?;
            let person = filled.person.clone().unwrap_or_default();
            let asked = sign_in::ask(&filled, player.sign_ins);
            let curl = Some(curl::request(&base, &asked.request));
            (format!("sign {person} in"), curl, What::SignIn(asked))
        }
        Verb::Clock(change) => {
            let change = fill(change, names)?;
            let mut request = Request::new("PUT", "/__admin/clock").with_json(&change);
            let curl = Some(curl::request(&base, &request));
            request = player.stage.with_token(request);
            (format!("clock {}", words(&change)), curl, What::Admin(request))
        }
        Verb::Verify(token) => ("verify".to_owned(), None, What::Verify(text(token)?)),
        Verb::Set(set) => {
            let list: Vec<_> = set.keys().map(String::as_str).collect();
            (format!("remember {}", list.join(", ")), None, What::Set)
        }
    };
    Ok(Doing { did, curl, what })
}

/// Does it.
pub(super) async fn act(player: &mut Player<'_>, step: &Step, doing: Doing) -> Result<Came, String> {
    Ok(match doing.what {
        What::Http(request) => answered(player.stage.ask(request, step.timeout).await),
        What::Admin(request) => answered(player.stage.ask(request, None).await),
        What::Open(name, request) => {
            let (told, opened) = open(player, &request).await;
            if let Some(socket) = opened {
                player.sockets.insert(name.clone(), socket);
                player.last = name;
            }
            Came { words: words_of(&told), told, usual: json!({ "status": 101 }) }
        }
        What::Send(name, frame) => {
            let socket = player.sockets.get_mut(&name).ok_or_else(|| no_socket(&name))?;
            socket.send(frame).await;
            player.last.clone_from(&name);
            match waits(&step.verb()?, step) {
                true => hear(player, step, &name).await?,
                false => Came { told: json!({}), words: String::new(), usual: Value::Null },
            }
        }
        What::Hear(name) => {
            player.last.clone_from(&name);
            hear(player, step, &name).await?
        }
        What::Close(name) => {
            let socket = player.sockets.remove(&name).ok_or_else(|| no_socket(&name))?;
            socket.close().await;
            Came { told: json!({}), words: String::new(), usual: Value::Null }
        }
        What::SignIn(asked) => {
            let answer = player.stage.ask(asked.request.clone(), None).await;
            let told = asked.came_back(&answer);
            let words = words_of(&told);
            Came { told, words, usual: json!({ "error": { "present": false }, "status": { "atMost": 399 } }) }
        }
        What::Verify(token) => {
            let told = judged(player, step, &token).await?;
            let words = told["reason"].as_str().unwrap_or("valid").to_owned();
            Came { told, words, usual: json!({ "valid": true }) }
        }
        What::Set => {
            if let Verb::Set(set) = step.verb()? {
                for (name, value) in set {
                    let value = fill(value, &player.names)?;
                    player.names.insert(name.clone(), value);
                }
            }
            Came { told: json!({}), words: String::new(), usual: Value::Null }
        }
    })
}

fn no_socket(name: &str) -> String {
    format!("no socket is called `{name}`; `open` opens one")
}

fn answered(told: Value) -> Came {
    let usual = json!({ "error": { "present": false }, "status": { "atMost": 399 } });
    Came { words: words_of(&told), told, usual }
}

/// An answer in a few words.
fn words_of(told: &Value) -> String {
    let status = told.get("status").map(plain);
    let error = told.get("error").map(plain);
    [status, error].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Opens a socket, and lets time pass while the upgrade waits for it.
async fn open(player: &Player<'_>, request: &Request) -> (Value, Option<ClientSocket>) {
    let mut opening = std::pin::pin!(socket::open(&player.stage.address, request));
    loop {
        let glance = std::time::Duration::from_millis(4);
        if let Some(opened) = crate::base::clock::wall::timeout(glance, &mut opening).await {
            return opened;
        }
        if let Some(at) = player.stage.now().await.ok().and_then(|now| now.awaited) {
            player.stage.move_to(at).await;
        }
    }
}

/// What a step that waits for frames hears.
async fn hear(player: &mut Player<'_>, step: &Step, name: &str) -> Result<Came, String> {
    if !player.sockets.contains_key(name) {
        return Err(no_socket(name));
    }
    let nothing = || json!("nothing");
    let told = match &step.expect {
        Some(Value::Array(wanted)) => {
            let mut came = Vec::new();
            for _ in wanted {
                match player.next(name, step.within).await {
                    Some(frame) => came.push(frame),
                    None => break,
                }
            }
            Value::Array(came)
        }
        Some(Value::String(word)) if word == "nothing" => player.heard(name).await.unwrap_or_else(nothing),
        _ => player.next(name, step.within).await.unwrap_or_else(nothing),
    };
    Ok(Came { words: frame_words(&told), told, usual: Value::Null })
}

fn frame_words(frame: &Value) -> String {
    match frame {
        Value::Array(frames) => frames.iter().map(frame_words).collect::<Vec<_>>().join(", "),
        Value::Object(_) => {
            let text = frame["body"]["text"].as_str().or(frame["body"].as_str());
            let said = text.map(|text| format!(" \u{201c}{text}\u{201d}")).unwrap_or_default();
            let code = frame.get("code").filter(|code| **code != 200).map(|code| format!(" {code}"));
            match frame.get("closed") {
                Some(closed) => format!("closed {}", closed["code"]),
                None => format!(
                    "{}{}{said}",
                    frame["class"].as_str().unwrap_or("something"),
                    code.unwrap_or_default()
                ),
            }
        }
        other => plain(other),
    }
}

async fn judged(player: &Player<'_>, step: &Step, token: &str) -> Result<Value, String> {
    let names = &player.names;
    let keys = fill(step.keys.as_ref().unwrap_or(&Value::Null), names)?;
    let text = |text: &Option<String>| text.as_ref().map(|text| fill_text(text, names)).transpose();
    let (issuer, audience) = (text(&step.issuer)?, text(&step.audience)?);
    let now = player.stage.now().await.map(|now| Timestamp::seconds(now.now))?;
    Ok(verify::verify(token, &Wanted { keys: &keys, issuer, audience, now }))
}

/// An absolute URL leads to the stage, whatever its host.
fn local(target: &str) -> String {
    let absolute = target.split_once("://").filter(|(scheme, _)| !scheme.contains('/'));
    match absolute.map(|(_, rest)| rest.find('/').map_or("/", |at| &rest[at..])) {
        Some(path) => path.to_owned(),
        None => target.to_owned(),
    }
}

fn request(player: &Player<'_>, step: &Step, method: &str, target: &str) -> Result<Request, String> {
    let names = &player.names;
    let pairs = |map: &std::collections::BTreeMap<String, Value>| {
        let filled = map.iter().map(|(name, value)| Ok((name.clone(), plain(&fill(value, names)?))));
        filled.collect::<Result<Vec<_>, String>>()
    };
    let encoded =
        |pairs: Vec<_>| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mut target = target.to_owned();
    if let Some(query) = &step.query {
        let mark = if target.contains('?') { '&' } else { '?' };
        target = format!("{target}{mark}{}", encoded(pairs(query)?));
    }
    let mut request = Request::new(method, &target);
    if let Some(headers) = &step.headers {
        match fill(headers, names)? {
            Value::Object(headers) => {
                request.headers.extend(headers.iter().map(|(name, value)| (name.clone(), plain(value))));
            }
            other => return Err(format!("`headers` is an object, and not {other}")),
        }
    }
    if let Some(client) = &step.client {
        let local = fill_text(client, names)?;
        let known = &names["clients"][&local];
        let (Some(id), Some(secret)) = (known["id"].as_str(), known["secret"].as_str()) else {
            let all = names["clients"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
            return Err(crate::scenario::template::unknown(&local, all));
        };
        request =
            request.with("authorization", format!("Basic {}", base64(format!("{id}:{secret}").as_bytes())));
    }
    if let Some(bearer) = &step.bearer {
        request = request.with("authorization", format!("Bearer {}", fill_text(bearer, names)?));
    }
    if let Some(json) = &step.json {
        request = request.with_json(&fill(json, names)?);
    }
    if let Some(form) = &step.form {
        request.body = encoded(pairs(form)?).into_bytes();
        request = request.with("content-type", "application/x-www-form-urlencoded");
    }
    if let Some(text) = &step.text {
        request.body = fill_text(text, names)?.into_bytes();
    }
    if let Some(bytes) = &step.base64 {
        let text = fill_text(bytes, names)?;
        request.body = from_base64(&text).ok_or_else(|| format!("`{text}` is no base64"))?;
    }
    Ok(request)
}

fn filled(sign_in: &SignIn, names: &crate::scenario::template::Names) -> Result<SignIn, String> {
    let text = |text: &Option<String>| text.as_ref().map(|text| fill_text(text, names)).transpose();
    let with = sign_in.with.iter().map(|(name, value)| Ok((name.clone(), fill(value, names)?)));
    Ok(SignIn {
        person: text(&sign_in.person)?,
        user: text(&sign_in.user)?,
        provider: text(&sign_in.provider)?,
        client: text(&sign_in.client)?,
        redirect_uri: text(&sign_in.redirect_uri)?,
        scope: text(&sign_in.scope)?,
        response_type: text(&sign_in.response_type)?,
        nonce: text(&sign_in.nonce)?,
        with: with.collect::<Result<_, String>>()?,
    })
}

fn words(change: &Value) -> String {
    let one = change.as_object().and_then(|members| members.iter().next());
    one.map(|(word, value)| format!("{word} {}", plain(value))).unwrap_or_default()
}
