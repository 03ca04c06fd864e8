//! `/api/v2/webdeployments/deployments`: where guests come in, as administrators see it.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde_json::{Map, Value, json};

use super::{
    body::Body,
    cursors,
    listing::values,
    request::{Refused, admitted, admitted_with_all, bad_parameter},
    supported_content::{PROFILES, media_types},
    web_configurations::{self, CONFIGURATIONS, READ, WRITE, refused, user, who},
};
use crate::{
    base::ids::UserId,
    domain::deployment::DeploymentStatus,
    ops::{
        cx::Cx,
        supported_content,
        web_configurations::AdministrationError,
        web_deployments::{self as ops, Administered, Resolution, Said},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

/// Where deployments are.
const DEPLOYMENTS: &str = "/api/v2/webdeployments/deployments";
const VIEW: &[&str] = &["webDeployments:deployment:view"];
const ADD: &[&str] = &["webDeployments:deployment:add"];
const EDIT: &[&str] = &["webDeployments:deployment:edit"];
const DELETE: &[&str] = &["webDeployments:deployment:delete"];
const VIEW_RESOLUTION: &[&str] =
    &["webDeployments:deployment:view", "webDeployments:identityResolution:view"];
const EDIT_RESOLUTION: &[&str] =
    &["webDeployments:deployment:edit", "webDeployments:identityResolution:edit"];
/// What may be told in whole instead of by its id.
const EXPANDS: [&str; 3] = ["configuration", "supportedcontent", "identityresolution"];

/// What a page has to contain so that the Messenger is on it.
fn snippet(id: &str, base: &str) -> String {
    format!(
        "<script type=\"text/javascript\" charset=\"utf-8\">\n\
         (function (g, e, n, es, ys) {{\n\
         g['_genesysJs'] = e; g[e] = g[e] || function () {{ (g[e].q = g[e].q || []).push(arguments) }};\n\
         g[e].t = 1 * new Date(); g[e].c = es; ys = document.createElement('script');\n\
         ys.async = 1; ys.src = n; ys.charset = 'utf-8'; document.head.appendChild(ys);\n\
         }})(window, 'Genesys', '{base}/genesys-bootstrap/genesys.min.js', {{\n\
         environment: '{base}',\n\
         deploymentId: '{id}'\n\
         }});\n\
         </script>"
    )
}

/// `WebDeployment`, or with what is to be told in whole.
fn body(cx: &Cx, one: &Administered, status: Option<&str>, expand: &[String]) -> Value {
    let Administered { deployment, record, version, flow } = one;
    let id = deployment.id.as_str();
    let wants = |what: &str| expand.iter().any(|one| one.eq_ignore_ascii_case(what));
    let configuration = match version.as_ref().filter(|_| wants("configuration")) {
        Some(version) => web_configurations::body(&record.configuration, version, "Active"),
        None => json!({
            "id": record.configuration,
            "name": version.as_ref().and_then(|version| version.written.get("name")),
            "version": record.version,
            "selfUri": format!("{CONFIGURATIONS}/{}/versions/{}", record.configuration, record.version),
        }),
    };
    let domains = deployment.allowed_domains.as_ref();
    let mut body = json!({
        "id": id,
        "name": deployment.name,
        "allowAllDomains": domains.is_none(),
        "allowedDomains": domains.cloned().unwrap_or_default(),
        "snippet": snippet(id, &cx.base),
        "dateCreated": record.created,
        "dateModified": record.modified,
        "status": status.map_or_else(|| json!(deployment.status), Value::from),
        "configuration": configuration,
        "supportedContent": supported_content(cx, record.supported_content.as_ref(), wants("supportedcontent")),
        "selfUri": format!("{DEPLOYMENTS}/{id}"),
    });
    let optional = [
        ("description", record.description.clone().map(Value::from)),
        ("pushIntegrations", record.push_integrations.clone()),
        (
            "flow",
            flow.as_ref().map(
                |(id, name)| json!({ "id": id, "name": name, "selfUri": format!("/api/v2/flows/{id}") }),
            ),
        ),
        ("lastModifiedUser", record.by.as_ref().map(user)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            body[name] = value;
        }
    }
    body
}

/// The profile that a deployment names, or else the default; in whole, if that is wanted.
fn supported_content(cx: &Cx, id: Option<&String>, whole: bool) -> Value {
    let profile = supported_content::meant_by(cx, id);
    let uri = format!("{PROFILES}/{}", profile.id);
    let mut body = json!({ "id": profile.id, "name": profile.name, "selfUri": uri });
    if whole {
        body["mediaTypes"] = json!(media_types(&profile));
    }
    body
}

fn expands(cx: &Cx, uri: &Uri) -> Result<Vec<String>, Refused> {
    let wanted = values(uri, "expand");
    match wanted.iter().find(|one| !EXPANDS.contains(&one.to_ascii_lowercase().as_str())) {
        Some(strange) => {
            let expected = "Configuration, SupportedContent or identityresolution";
            Err(bad_parameter(cx, "expand", strange, expected).into())
        }
        None => Ok(wanted),
    }
}

/// What is said of one. What is read-only is passed over.
fn said(cx: &Cx, bytes: &[u8], by: Option<UserId>) -> Result<Said, Refused> {
    let body = Body::read(cx, bytes)?;
    let name = body.required("name", "constraint.validation")?.to_owned();
    let configuration = body.object("configuration")?;
    let configuration =
        configuration.ok_or_else(|| body.refused("constraint.validation", "configuration is missing"))?;
    let version = configuration.required("version", "constraint.validation")?.to_owned();
    let configuration = (configuration.required("id", "constraint.validation")?.to_owned(), version);
    let all = body.flag("allowAllDomains")?;
    let domains = body.texts("allowedDomains")?;
    let domains = domains.map(|all| all.into_iter().map(str::to_owned).collect::<Vec<_>>());
    let allowed_domains = match (all, domains) {
        (Some(true), _) | (None, None) => None,
        (_, domains) => Some(domains.unwrap_or_default()),
    };
    let reference = |name: &str| -> Result<Option<String>, Refused> {
        body.object(name)?
            .map(|object| object.required("id", "constraint.validation").map(str::to_owned))
            .transpose()
    };
    let status = match body.text("status")? {
        None | Some("Pending") => None,
        Some("Active") => Some(DeploymentStatus::Active),
        Some("Inactive") => Some(DeploymentStatus::Inactive),
        Some(_) => return Err(body.wrong("status", "Active or Inactive").into()),
    };
    Ok(Said {
        name,
        description: body.text("description")?.map(str::to_owned),
        allowed_domains,
        configuration,
        flow: reference("flow")?,
        supported_content: reference("supportedContent")?,
        push_integrations: push_integrations(&body)?,
        status,
        by,
    })
}

/// `PushIntegration`s.
fn push_integrations(body: &Body<'_>) -> Result<Option<Value>, Refused> {
    let Some(all) = body.objects("pushIntegrations")? else { return Ok(None) };
    for one in &all {
        if one.text("provider")?.is_some_and(|provider| !["APNS", "FCM"].contains(&provider)) {
            return Err(one.wrong("provider", "APNS or FCM").into());
        }
    }
    Ok(Some(all.iter().map(|one| Value::Object(one.members().clone())).collect()))
}

/// A page of them.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let expand = expands(&cx, &uri)?;
    let all = ops::all(&cx);
    let all = all.iter().map(|one| (one.deployment.id.to_string(), body(&cx, one, None, &expand))).collect();
    cursors::page(&cx, DEPLOYMENTS, &uri, all)
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, bytes: Bytes) -> Result<Response, Refused> {
    let by = who(&admitted(&cx, &authorization, WRITE, ADD).await?);
    let said = said(&cx, &bytes, by)?;
    let made = ops::put(&cx, None, &said).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &body(&cx, &made, Some("Pending"), &[])))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let expand = expands(&cx, &uri)?;
    let one = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    // here a configuration is told by its id, whatever is wanted
    let expand: Vec<_> =
        expand.into_iter().filter(|one| !one.eq_ignore_ascii_case("configuration")).collect();
    Ok(answer::json(StatusCode::OK, &body(&cx, &one, None, &expand)))
}

/// Changes one.
pub async fn put(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let by = who(&admitted(&cx, &authorization, WRITE, EDIT).await?);
    let said = said(&cx, &bytes, by)?;
    let made = ops::put(&cx, Some(&id), &said).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &body(&cx, &made, Some("Pending"), &[])))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::delete(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// The configuration that it has, and itself.
pub async fn configurations(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let one = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    let version = one.version.as_ref().ok_or_else(|| {
        refused(&cx, &AdministrationError::Unknown("configuration", one.record.configuration.clone()))
    })?;
    let active = json!({
        "configurationVersion": web_configurations::body(&one.record.configuration, version, "Active"),
        "deployment": body(&cx, &one, None, &[]),
    });
    Ok(answer::json(StatusCode::OK, &active))
}

/// `DeploymentIdentityResolutionConfig`.
fn resolution(id: &str, said: &Resolution) -> Value {
    let mut body = Map::new();
    body.insert("resolveIdentities".to_owned(), said.resolves.into());
    if let Some(source) = &said.external_source {
        let uri = format!("/api/v2/externalcontacts/externalsources/{source}");
        body.insert("externalSource".to_owned(), json!({ "id": source, "selfUri": uri }));
    }
    let automerge = json!({ "authenticatedWebMessaging": said.merges, "webTracking": said.merges_visitors });
    body.insert("automerge".to_owned(), automerge);
    body.insert("selfUri".to_owned(), format!("{DEPLOYMENTS}/{id}/identityresolution").into());
    Value::Object(body)
}

/// What signing in does with contacts.
pub async fn get_resolution(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted_with_all(&cx, &authorization, READ, VIEW_RESOLUTION).await?;
    let said = ops::resolution(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &resolution(&id, &said)))
}

/// Says what it does.
pub async fn put_resolution(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    bytes: Bytes,
) -> Result<Response, Refused> {
    admitted_with_all(&cx, &authorization, WRITE, EDIT_RESOLUTION).await?;
    let body = Body::read(&cx, &bytes)?;
    let resolves = body.flag("resolveIdentities")?;
    let resolves =
        resolves.ok_or_else(|| body.refused("general.bad.request", "resolveIdentities is missing"))?;
    let source = body.object("externalSource")?;
    let external_source =
        source.map(|source| source.required("id", "general.bad.request").map(str::to_owned)).transpose()?;
    let automerge = body.object("automerge")?;
    let flag = |name: &str| -> Result<bool, Refused> {
        Ok(automerge.as_ref().map(|merge| merge.flag(name)).transpose()?.flatten().unwrap_or(false))
    };
    let wanted = Resolution {
        resolves,
        external_source,
        merges: flag("authenticatedWebMessaging")?,
        merges_visitors: flag("webTracking")?,
    };
    ops::resolve(&cx, &id, &wanted).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &resolution(&id, &wanted)))
}
