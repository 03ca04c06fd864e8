//! The vendor's error codes that any endpoint may answer, with their status and message.

/// A row: code, status, message. `{0}` stands for the value in question.
type Row = (&'static str, u16, &'static str);

const CODES: &[Row] = &[
    ("bad.request", 400, "The request could not be understood by the server due to malformed syntax."),
    ("invalid.date", 400, "Dates must be specified as ISO-8601 strings."),
    ("invalid.query.param.value", 400, "Value [{0}] is not valid for its query parameter."),
    ("invalid.property", 400, "Value [{0}] is not a valid property for this object."),
    ("invalid.value", 400, "Value [{0}] is not valid for its field."),
    ("constraint.validation", 400, "{0}"),
    ("parameters.missing", 400, "A required parameter is missing: {0}"),
    ("not.a.user", 400, "This request requires a user context. Client credentials cannot be used."),
    ("not.a.client", 400, "This request requires an application context. User tokens cannot be used."),
    ("authentication.required", 401, "No authentication bearer token specified in authorization header."),
    ("bad.credentials", 401, "Invalid login credentials."),
    ("ip.not.authorized", 401, "Requests originating from this IP address are not authorized."),
    ("credentials.expired", 401, "The guest's credentials have expired."),
    ("not.authorized", 403, "You are not authorized to perform the requested action."),
    (
        "missing.any.permissions",
        403,
        "Unable to perform the requested action. You must have at least one of the following permissions \
         assigned: [{0}]",
    ),
    (
        "missing.permissions",
        403,
        "Unable to perform the requested action. You are missing the following permission(s): [{0}]",
    ),
    (
        "missing.division.permission",
        403,
        "Unable to perform the requested action. You are missing a division permission.",
    ),
    (
        "missing.any.division.permissions",
        403,
        "Unable to perform the requested action. You are missing a division permission.",
    ),
    ("app.not.authorized.for.scope", 403, "App not authorized to use scope {0}"),
    ("authz.policy.denied", 403, "A security policy of the organization denied the requested action."),
    ("origin.not.allowed", 403, "The origin is not allowed."),
    ("not.found", 404, "The requested resource was not found."),
    ("session.not.found", 404, "The session was not found."),
    ("session.expired", 404, "The session has expired."),
    ("client.timeout", 408, "The client did not produce a request within the server timeout limit."),
    ("request.conflict", 409, "The request conflicts with the current state of the resource."),
    ("general.conflict", 409, "The request conflicts with the current state of the resource."),
    ("request.entity.too.large", 413, "The request is over the size limit. Maximum bytes: {0}"),
    ("unsupported.media.type", 415, "Unsupported media type."),
    (
        "too.many.requests.retry.after",
        429,
        "Rate limit exceeded the maximum. Retry the request in [{0}] seconds",
    ),
    ("too.many.requests", 429, "Rate limit exceeded the maximum."),
    ("internal.server.error", 500, "The server encountered an unexpected condition."),
    ("service.unavailable", 503, "Service Unavailable - The server is currently unavailable."),
    ("request.timeout", 504, "The request timed out."),
    ("authentication.request.timeout", 504, "The authentication request timed out."),
    // of tokens and OAuth clients
    ("max.idle.token.timeout.exceeded", 400, "{0}"),
    ("bad.client.role", 400, "{0}"),
    ("bad.client.state", 400, "{0}"),
    ("bad.grant.type", 400, "{0}"),
    ("grant.type.required", 400, "{0}"),
    ("missing.client.scope", 400, "{0}"),
    ("missing.client.roles", 400, "{0}"),
    ("auth.invalid.scope", 400, "{0}"),
    ("auth.too.many.clients", 400, "{0}"),
    ("cannot.delete.client", 400, "{0}"),
    ("client.not.found", 404, "{0}"),
    // of roles and divisions
    ("general.bad.request", 400, "{0}"),
    ("max.roles.exceeded", 400, "{0}"),
    ("max.role.ids", 400, "{0}"),
    ("division.name.invalid", 400, "{0}"),
    ("max.length.exceeded", 400, "{0}"),
    ("max.scopes.exceeded", 400, "{0}"),
    ("missing.permission.param", 400, "{0}"),
    ("precondition.failure", 400, "{0}"),
    ("resource.already.exists", 409, "{0}"),
    // of web deployments
    ("bad.flow.id", 400, "{0}"),
    ("resource.limit.exceeded", 400, "{0}"),
    ("scp.id.not.found", 404, "{0}"),
    ("resource.conflict", 409, "{0}"),
    // of integrations
    ("max.integrations.reached", 400, "{0}"),
    ("version.conflict", 409, "{0}"),
    // of push devices
    ("invalid.path.parameter", 400, "{0}"),
    ("request.body.empty", 400, "The request has no body."),
    ("required.fields.missing", 400, "Required fields are missing: {0}"),
    ("update.fields.missing", 400, "There is no field to update."),
    ("field.value.invalid", 400, "The value of field {0} is not valid."),
    ("feature.toggle.disabled", 403, "The feature is not enabled."),
    ("deployment.not.found", 404, "The deployment was not found."),
    ("device.not.found", 404, "No device is registered for this token."),
    ("device.already.registered", 409, "A device is registered for this token already."),
    ("contacts.stitching.error", 500, "The contact could not be stitched."),
    ("device.registration.failure", 500, "The device could not be registered."),
    ("device.update.failure", 500, "The device could not be updated."),
    ("device.delete.failure", 500, "The device could not be deleted."),
    // of notification channels
    ("notification.invalid.topic", 400, "{0}"),
    ("notification.subscription.too.many.subscriptions", 400, "{0}"),
    ("notification.unauthorized.topic", 403, "{0}"),
    // of users
    ("invalid.password", 400, "{0}"),
    ("max.role.assignments.exceeded", 400, "{0}"),
    ("max.user.ids", 400, "{0}"),
    ("edgeconfiguser.userdoesnotexist", 404, "{0}"),
    ("general.resource.not.found", 404, "{0}"),
    ("userservice.station.notfound", 404, "{0}"),
    ("userservice.stationalreadyassociated", 409, "{0}"),
    ("userservice.stationalreadyhasdefaultuser", 409, "{0}"),
    ("presence.not.authorized.update.other.user.presence", 403, "{0}"),
    ("presenceservice.usernotfound", 404, "{0}"),
    ("resource.not.found", 404, "{0}"),
    // of conversations
    ("communication.state.required", 400, "{0}"),
    ("conversation.error.conversation.disconnected", 400, "{0}"),
    ("conversation.error.participant.no.active.conversations", 400, "{0}"),
    ("conversation.error.unexpected.parking.state", 400, "{0}"),
    ("conversation.error.wrapup.code.required", 400, "{0}"),
    ("conversation.participant.update.invalid", 400, "{0}"),
    ("conversations.error.queue.not.found", 400, "{0}"),
    ("conversations.error.transfer.not.connected", 400, "{0}"),
    ("max.length.exceeded", 400, "{0}"),
    ("missing.wrapup.code", 400, "{0}"),
    ("conversation.error.forbidden.not.active.participant", 403, "{0}"),
    ("conversation.error.conversation.not.found", 404, "{0}"),
    ("conversation.error.not.conversation.participant", 404, "{0}"),
    ("conversation.error.participant.not.found", 404, "{0}"),
    // of web chats
    ("chat.deployment.bad.auth", 400, "{0}"),
    ("chat.deployment.disabled", 400, "{0}"),
    ("chat.deployment.require.auth", 400, "{0}"),
    ("chat.error.bad.request", 400, "{0}"),
    ("chat.error.conversation.state", 400, "{0}"),
    ("chat.error.createconversationrequest.routingtarget", 400, "{0}"),
    ("chat.error.invalid.flow", 400, "{0}"),
    ("chat.error.invalid.queue", 400, "{0}"),
    ("chat.error.member.state", 400, "{0}"),
    ("chat.error.notnull.createconversationmessagerequest.body", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.journeycontext.customer", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.journeycontext.customer.customerid", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.journeycontext.customer.customeridtype", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.journeycontext.customersession.sessionid", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.journeycontext.customersession.sessionidtype", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.journeycontext.triggeringaction.actionid", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.journeycontext.triggeringaction.actionmapid", 400, "{0}"),
    (
        "chat.error.notnull.createconversationrequest.journeycontext.triggeringaction.actionmapversion",
        400,
        "{0}",
    ),
    ("chat.error.notnull.createconversationrequest.memberinfo.displayname", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.provider", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.queueid", 400, "{0}"),
    ("chat.error.notnull.createconversationrequest.routingtarget", 400, "{0}"),
    ("chat.error.pattern.createconversationrequest.deploymentid", 400, "{0}"),
    ("chat.error.queue.not.found", 400, "{0}"),
    ("conversations.error.transfer.same.party", 400, "{0}"),
    ("chat.error.not.found", 404, "{0}"),
    ("maximum.deployments.exceeded", 409, "{0}"),
    ("too.many.deployments", 409, "{0}"),
    ("caht.error", 500, "The chat service encountered an unexpected condition."),
    ("chat.error", 500, "The chat service encountered an unexpected condition."),
    ("chat.error.internal", 500, "The chat service encountered an unexpected condition."),
    ("chat.error.service.unavailable", 503, "The chat service is currently unavailable."),
    ("chat.error.service.timeout", 504, "The chat service timed out."),
    ("active.conversation", 400, "{0}"),
    ("conversation.error.monitor.own.conversation", 400, "{0}"),
    ("invalid.phone.number", 400, "{0}"),
    ("invalid.whatsapp.address", 400, "{0}"),
    ("queue.address.required", 400, "{0}"),
    ("queue.membership.required", 400, "{0}"),
    ("too.many.monitors", 400, "{0}"),
    // of what messages may have
    ("invalid.media.type", 400, "{0}"),
    ("invalid.messaging.setting", 400, "{0}"),
    ("invalid.supported.content", 400, "{0}"),
    ("invalid.threading.window.timeout", 400, "{0}"),
    ("maximum.supported.content.media.types.exceeded", 400, "{0}"),
    ("maximum.supported.content.profiles.exceeded", 400, "{0}"),
    ("supported.content.id.required", 400, "{0}"),
    ("supported.content.in.use", 400, "{0}"),
    // of open messaging
    ("invalid.integration", 400, "{0}"),
    ("invalid.outbound.webhook.url", 400, "{0}"),
    ("missing.open.channel.date", 400, "channel.time is missing."),
    ("missing.required.field.value", 400, "{0}"),
    ("notification.webhook.signature.secret.token.longer.than.15.characters", 400, "{0}"),
    ("too.many.webhook.headers", 400, "{0}"),
    // of queues and wrap-up codes
    ("active.queue", 400, "{0}"),
    ("duplicate.name", 400, "{0}"),
    ("invalid.name", 400, "{0}"),
    ("queue.limit.exceeded", 400, "{0}"),
    // of external contacts
    ("invalid.operation.type", 400, "{0} is not an operation. Expected Claim or Release."),
    ("promotion.of.curated.contact.failed", 400, "The contact is curated already."),
    ("conversation.association.communication.id.required", 400, "communicationId is required."),
    ("entity.not.found", 404, "The requested entity was not found."),
    ("identifier.cannot.be.released", 404, "The contact does not have this identifier."),
    ("identifier.claim.conflict", 409, "The identifier is claimed by another contact."),
    ("identifier.entity.missing", 409, "The contact of this identifier is missing."),
    ("external.source.exists", 409, "An external source of this name exists."),
    ("max.external.source.limit.reached", 409, "There are too many external sources."),
    ("validation.failed", 422, "{0}"),
    ("identifier.cannot.be.claimed", 422, "{0}"),
];

/// Status and message of a code, or `None` for one that the vendor does not have.
pub fn of(code: &str) -> Option<(u16, &'static str)> {
    CODES.iter().find(|(known, ..)| *known == code).map(|(_, status, message)| (*status, *message))
}

/// The message of a code when there is no value to put into it.
pub fn message(code: &str) -> Option<String> {
    of(code).map(|(_, message)| message.replace("{0}", "").trim_end().to_owned())
}

/// The first code with this status, which is the one that says least.
pub fn for_status(status: u16) -> Option<&'static str> {
    CODES.iter().find(|(_, known, _)| *known == status).map(|(code, ..)| *code)
}

/// All codes.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CODES.iter().map(|(code, ..)| *code)
}
