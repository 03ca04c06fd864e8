//! Things that are made, read, changed and taken away: JSON objects in a map, and nothing else.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hyper::StatusCode;
use serde_json::{Map, Value};

use super::json;

/// Where they are.
pub const THINGS: &str = "/things";

/// How many were made, and those that are left.
type Things = Arc<Mutex<(u64, BTreeMap<String, Value>)>>;

/// The routes.
pub fn routes() -> Router {
    Router::new()
        .route(THINGS, post(make))
        .route("/things/{id}", get(read).put(change).delete(remove))
        .with_state(Things::default())
}

fn lock(things: &Things) -> MutexGuard<'_, (u64, BTreeMap<String, Value>)> {
    things.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was sent, under this id.
fn named(id: &str, body: &[u8]) -> Option<Value> {
    let mut thing: Map<String, Value> = serde_json::from_slice(body).ok()?;
    thing.insert("id".to_owned(), id.into());
    Some(thing.into())
}

fn shown(thing: &Value) -> Response {
    json(serde_json::to_vec(thing).unwrap_or_default())
}

async fn make(State(things): State<Things>, body: Bytes) -> Response {
    let id = {
        let mut things = lock(&things);
        things.0 += 1;
        format!("00000000-0000-4000-8000-{:012x}", things.0)
    };
    let Some(thing) = named(&id, &body) else { return StatusCode::BAD_REQUEST.into_response() };
    let answer = shown(&thing);
    lock(&things).1.insert(id, thing);
    answer
}

async fn read(State(things): State<Things>, Path(id): Path<String>) -> Response {
    let thing = lock(&things).1.get(&id).cloned();
    thing.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |thing| shown(&thing))
}

async fn change(State(things): State<Things>, Path(id): Path<String>, body: Bytes) -> Response {
    let Some(thing) = named(&id, &body) else { return StatusCode::BAD_REQUEST.into_response() };
    let answer = shown(&thing);
    match lock(&things).1.get_mut(&id) {
        Some(known) => *known = thing,
        None => return StatusCode::NOT_FOUND.into_response(),
    }
    answer
}

async fn remove(State(things): State<Things>, Path(id): Path<String>) -> StatusCode {
    match lock(&things).1.remove(&id) {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::NOT_FOUND,
    }
}
