"""Every wrong token by name, as PyJWT sees it: guest tokens, tokens of people, and ID tokens."""

import faulthandler
import json
import sys
import urllib.parse

import jwt
import requests

faulthandler.dump_traceback_later(60, exit=True)
base = sys.argv[1].rstrip("/")
http = requests.Session()

MODES = """expired not_yet_valid exp_missing exp_in_ms wrong_iss wrong_aud sub_missing permissions_missing
webchat_missing guest_id_missing bad_signature kid_unknown alg_none hs256_confusion revoked wrong_region truncated
oversized clock_skew""".split()


def admin(method, path, body):
    """A call to the admin API."""
    answer = http.request(method, f"{base}/__admin{path}", json=body)
    answer.raise_for_status()
    return answer.json()


credentials = {
    "grant_type": "client_credentials",
    "client_id": "emulator-guest-client",
    "client_secret": "emulator-guest-secret",
}
access = http.post(f"{base}/oauth/token", data=credentials).json()["access_token"]


def guest(_):
    """A guest token."""
    bearer = {"Authorization": f"Bearer {access}"}
    return http.post(f"{base}/api/v2/webchat/guest", json={}, headers=bearer).json()["access_token"]


def person(mode):
    """The token of somebody who has signed in, made by hand."""
    return admin("POST", "/person-tokens", {"person": {"subject": "alice"}, "mode": mode})["jwt"]


def id_token(_):
    """An ID token, by the implicit flow and without a page."""
    asked = {
        "client_id": "messenger",
        "redirect_uri": "http://localhost:3000/callback",
        "response_type": "id_token",
        "scope": "openid",
        "nonce": "n-1",
        "prompt": "none",
        "login_hint": "alice",
    }
    answer = http.get(f"{base}/idp/main/authorize", params=asked, allow_redirects=False)
    fragment = urllib.parse.urlparse(answer.headers["location"]).fragment
    return urllib.parse.parse_qs(fragment)["id_token"][0]


platform = jwt.PyJWKClient(f"{base}/.well-known/jwks.json")
provider = jwt.PyJWKClient(f"{base}/idp/main/jwks")
KINDS = {
    "guest": (guest, platform, {"issuer": base, "audience": base}),
    "person": (person, platform, {"issuer": base, "audience": "webmessaging-authenticated"}),
    "id": (id_token, provider, {"issuer": f"{base}/idp/main", "audience": "messenger"}),
}


def seen(name, mode):
    """What PyJWT says of a token that is wrong in this mode."""
    make, keys, names = KINDS[name]
    fault = {"id": "wrong", "effect": {"claims": {"token": name, "mode": mode}}}
    try:
        admin("PUT", "/faults", [] if name == "person" else [fault])
        token = make(mode)
    except requests.HTTPError as error:
        if error.response.status_code != 400:
            raise
        return "-"
    try:
        key = keys.get_signing_key_from_jwt(token)
        jwt.decode(token, key, ["RS256"], options={"require": ["exp", "sub"]}, **names)
        return "accepted"
    except jwt.PyJWTError as error:
        return type(error).__name__


facts = {mode: " | ".join(f"{name} {seen(name, mode)}" for name in KINDS) for mode in MODES}
print(json.dumps(facts))
