"""The official Python SDK with tokens that speak for a user: a code with the secret, the refresh when the token is over,
PKCE; and an OAuth client that is made, used and ended."""

import json
import time

import PureCloudPlatformClientV2 as P
from program import admin, base
from program import code as code_of
from PureCloudPlatformClientV2.rest import ApiException

P.configuration.host = base
CLIENT, SECRET = "emulator-code-client", "emulator-code-secret"
REDIRECT_URI = "http://localhost:3000/callback"


def code(**more):
    """The code with which a browser comes back."""
    return code_of(CLIENT, REDIRECT_URI, **more)


def rejected(call):
    """What the SDK raises, in short."""
    try:
        return {"returned": str(call())}
    except ApiException as error:
        body = json.loads(error.body)
        return f"{error.status} {body.get('error', body.get('code'))}"


def whose(client):
    """Who the token speaks for, by the roles."""
    subject = P.AuthorizationApi(client).get_authorization_subjects_me()
    return ", ".join([subject.name, *(grant.role.name for grant in subject.grants)])


facts = {}

# a code and the secret
spent = code()
user, given = P.api_client.ApiClient().get_code_authorization_token(CLIENT, SECRET, spent, REDIRECT_URI)
facts["byCode"] = whose(user)
facts["given"] = sorted(given)

# the token is over, and the SDK refreshes it by itself in the middle of a call
admin("PUT", "/clock", {"advance": "25h"})
before, asked = user.access_token, len(admin("GET", "/journal?limit=1000")["entities"])
facts["afterItsEnd"] = P.TokensApi(user).get_tokens_me().o_auth_client.id
facts["refreshed"] = user.access_token != before
asked = admin("GET", "/journal?limit=1000")["entities"][asked:]
facts["asked"] = [f"{entry['method']} {entry['target']} {entry['status']}" for entry in asked]

# by hand
by_hand, again = P.api_client.ApiClient().refresh_code_authorization_token(CLIENT, SECRET, given["refresh_token"])
facts["byRefresh"] = [whose(by_hand), sorted(again)]
facts["codeAgain"] = rejected(
    lambda: P.api_client.ApiClient().get_code_authorization_token(CLIENT, SECRET, spent, REDIRECT_URI)
)

# PKCE
api = P.api_client.ApiClient()
verifier = api.generate_pkce_code_verifier(64)
challenge = api.compute_pkce_code_challenge(verifier)
pkce, _ = api.get_pkce_token(
    CLIENT, verifier, code(code_challenge=challenge, code_challenge_method="S256"), REDIRECT_URI
)
facts["byPkce"] = whose(pkce)

# the user makes an OAuth client, waits out a limit, and ends it again
oauth, roles = P.OAuthApi(pkce), P.AuthorizationApi(pkce)
role = roles.get_authorization_roles(name="Employee").entities[0]
held = P.RoleDivision()
held.role_id, held.division_id = role.id, "*"
wanted = P.OAuthClientRequest()
wanted.name, wanted.authorized_grant_type, wanted.role_divisions = "Report", "CLIENT-CREDENTIALS", [held]
made = oauth.post_oauth_clients(wanted)
application = P.api_client.ApiClient().get_client_credentials_token(made.id, made.secret)
facts["asApplication"] = whose(application)
facts["withoutRight"] = rejected(P.OAuthApi(application).get_oauth_clients)
limited = {
    "when": {"method": "GET", "path": "/api/v2/oauth/clients"},
    "schedule": {"first": 1},
    "effect": {"respond": {"code": "too.many.requests.retry.after", "retryAfter": "1s"}},
}
admin("POST", "/faults", limited)
started = time.monotonic()
facts["listedAfterALimit"] = [one.name for one in oauth.get_oauth_clients().entities if one.id == made.id]
facts["waited"] = time.monotonic() - started >= 1
wanted.state = "inactive"
oauth.put_oauth_client(made.id, wanted)
oauth.delete_oauth_client(made.id)
facts["gone"] = rejected(lambda: oauth.get_oauth_client(made.id))
facts["itsToken"] = rejected(lambda: P.TokensApi(application).get_tokens_me())

# a web deployment, from its configuration to its end
web = P.WebDeploymentsApi(pkce)
draft = P.WebDeploymentConfigurationVersion()
draft.name, draft.languages, draft.default_language = "Shop", ["en-us"], "en-us"
configuration = web.post_webdeployments_configurations(draft)
version = web.post_webdeployments_configuration_versions_draft_publish(configuration.id)
deployment = P.WebDeployment()
deployment.name, deployment.allow_all_domains = "Shop", True
deployment.configuration = P.WebDeploymentConfigurationVersionEntityRef()
deployment.configuration.id, deployment.configuration.version = configuration.id, version.version
deployment = web.post_webdeployments_deployments(deployment)
deployment.name = "Shop two"
renamed = web.put_webdeployments_deployment(deployment.id, deployment).name
web.delete_webdeployments_deployment(deployment.id)
gone = rejected(lambda: web.get_webdeployments_deployment(deployment.id))
facts["deployment"] = [version.version, deployment.status, renamed, gone]

print(json.dumps(facts))
