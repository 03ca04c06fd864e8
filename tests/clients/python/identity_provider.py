"""Authlib signs in with PKCE and without a page, PyJWT verifies what comes of it."""

import faulthandler
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

import jwt
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

faulthandler.dump_traceback_later(60, exit=True)
base = sys.argv[1].rstrip("/")
REDIRECT_URI = "http://localhost:3000/callback"


def admin(path, body):
    """A call to the admin API."""
    request = urllib.request.Request(f"{base}/__admin{path}", data=json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def discovered(provider):
    """The provider's discovery document."""
    with urllib.request.urlopen(f"{base}/idp/{provider}/.well-known/openid-configuration") as answer:
        return json.load(answer)


def outcome(call):
    """What came of it, in short."""
    try:
        return f"accepted: {call()}"
    except OAuthError as error:
        return f"rejected: {error.error}"
    except jwt.PyJWTError as error:
        return f"rejected: {type(error).__name__}"


class Client:
    """A client of one provider."""

    def __init__(self, provider, method="client_secret_basic", secret="messenger-secret"):
        self.document = discovered(provider)
        self.keys = jwt.PyJWKClient(self.document["jwks_uri"])
        self.session = OAuth2Session(
            "messenger",
            secret,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            scope="openid email offline_access",
            redirect_uri=REDIRECT_URI,
            code_challenge_method="S256",
        )

    def sign_in(self):
        """The code flow; the tokens."""
        verifier = generate_token(48)
        more = {"prompt": "none", "login_hint": "alice", "nonce": "n-1", "code_verifier": verifier}
        endpoint = self.document["authorization_endpoint"]
        url, _ = self.session.create_authorization_url(endpoint, **more)
        location = self.session.get(url, allow_redirects=False, withhold_token=True).headers["location"]
        return self.session.fetch_token(
            self.document["token_endpoint"], authorization_response=location, code_verifier=verifier
        )

    def verified(self, id_token):
        """The claims, if everything is right."""
        key = self.keys.get_signing_key_from_jwt(id_token)
        algorithms = self.document["id_token_signing_alg_values_supported"]
        issuer = self.document["issuer"]
        return jwt.decode(id_token, key, algorithms, audience="messenger", issuer=issuer)


provider = {"people": {"alice": {}}, "clients": {"messenger": {"secret": "messenger-secret", "redirectUris": ["http://localhost"]}}}
providers = {"curve": {**provider, "algorithm": "ES256"}}
admin("/scenarios/apply", {"name": "curve", "world": {"orgs": [{"identityProviders": providers}]}})

facts = {}
for name, method in [("main", "client_secret_basic"), ("main", "client_secret_post"), ("curve", "client_secret_basic")]:
    tokens = Client(name, method).sign_in()
    claims = Client(name).verified(tokens["id_token"])
    algorithm = jwt.get_unverified_header(tokens["id_token"])["alg"]
    facts[f"{name} {method}"] = f"{algorithm} of {claims['sub']} with {claims['nonce']}"

client = Client("main")
tokens = client.sign_in()
facts["claims"] = sorted(client.verified(tokens["id_token"]))
facts["userInfo"] = client.session.get(client.document["userinfo_endpoint"]).json()
refreshed = client.session.refresh_token(client.document["token_endpoint"], tokens["refresh_token"])
facts["refreshed"] = client.verified(refreshed["id_token"])["sub"]
introspected = client.session.introspect_token(client.document["introspection_endpoint"], tokens["access_token"])
facts["introspected"] = introspected.json()["username"]
revoked = client.session.revoke_token(client.document["revocation_endpoint"], tokens["refresh_token"])
facts["revoked"] = revoked.status_code
again = lambda: client.session.refresh_token(client.document["token_endpoint"], tokens["refresh_token"])
facts["afterRevocation"] = outcome(again)
facts["wrongSecret"] = outcome(Client("main", secret="wrong").sign_in)

admin("/faults", {"effect": {"claims": {"token": "id", "mode": "wrong_iss"}}})
facts["wrongIssuer"] = outcome(lambda: client.verified(Client("main").sign_in()["id_token"]))
print(json.dumps(facts))
