"""The official Python SDK, moved here by its `host` setting; it waits out a 429 by itself."""

import json
import time

import PureCloudPlatformClientV2 as P
from program import admin, base
from PureCloudPlatformClientV2.rest import ApiException

P.configuration.host = base


def rejected(call):
    """What the SDK raises."""
    try:
        return {"returned": str(call())}
    except ApiException as error:
        body, correlation = json.loads(error.body), error.headers["ININ-Correlation-Id"]
        correlated = len(correlation) == 36 and body.pop("contextId", correlation) == correlation
        return {"status": error.status, "correlated": correlated, "body": body}


def tokens_of(client_id, secret):
    """The tokens API, logged in."""
    return P.TokensApi(P.api_client.ApiClient().get_client_credentials_token(client_id, secret))


tokens = tokens_of("emulator-guest-client", "emulator-guest-secret")
me = tokens.get_tokens_me()

limited = {
    "when": {"path": "/api/v2/tokens/me"},
    "schedule": {"first": 1},
    "effect": {"respond": {"code": "too.many.requests.retry.after", "retryAfter": "1s"}},
}
admin("POST", "/faults", limited)
started = time.monotonic()
again = tokens.get_tokens_me()
waited = time.monotonic() - started
asked = admin("GET", "/journal?limit=1000")["entities"]

tokens.delete_tokens_me()
print(
    json.dumps(
        {
            "organization": {"id": me.organization.id, "name": me.organization.name},
            "client": me.o_auth_client.id,
            "afterALimit": {"sameAnswer": again.to_dict() == me.to_dict(), "waited": waited >= 1},
            "asked": [f"{entry['method']} {entry['target']} {entry['status']}" for entry in asked],
            "afterLogOut": rejected(tokens.get_tokens_me),
            "wrongSecret": rejected(lambda: tokens_of("emulator-guest-client", "wrong")),
        }
    )
)
