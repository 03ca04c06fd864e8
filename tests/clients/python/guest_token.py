"""A guest token, verified by PyJWT with the key that its `kid` names."""

import faulthandler
import json
import sys
import urllib.parse
import urllib.request

import jwt

faulthandler.dump_traceback_later(60, exit=True)
base = sys.argv[1].rstrip("/")


def post(path, body, headers):
    """An answer's JSON."""
    request = urllib.request.Request(f"{base}{path}", data=body, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def guest_token():
    """By an access token of the least-privilege client."""
    credentials = {
        "grant_type": "client_credentials",
        "client_id": "emulator-guest-client",
        "client_secret": "emulator-guest-secret",
    }
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    access = post("/oauth/token", urllib.parse.urlencode(credentials).encode(), form)["access_token"]
    headers = {"Authorization": f"Bearer {access}", "Content-Type": "application/json"}
    return post("/api/v2/webchat/guest", b'{"name": "Ann"}', headers)["access_token"]


def outcome(call):
    """What came of it, in short."""
    try:
        return f"accepted: {call()['webchat']['name']}"
    except jwt.PyJWTError as error:
        return f"rejected: {type(error).__name__}"


def verified(keys, token, audience=base):
    """The claims, if everything is right."""
    return jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], audience=audience, issuer=base)


def new_client():
    """One that has not seen any key."""
    return jwt.PyJWKClient(f"{base}/.well-known/jwks.json")


keys = new_client()
old = guest_token()
facts = {
    "kid": jwt.get_unverified_header(old)["kid"],
    "claims": sorted(verified(keys, old)),
    "otherAudience": outcome(lambda: verified(keys, old, "https://elsewhere.test")),
}

post("/__admin/keys/platform/rotate", b'{"mode": "hard"}', {"Content-Type": "application/json"})
new = guest_token()
facts["afterRotation"] = {
    "kid": jwt.get_unverified_header(new)["kid"],
    "newToken": {"caching": outcome(lambda: verified(keys, new)), "fresh": outcome(lambda: verified(new_client(), new))},
    "oldToken": {"caching": outcome(lambda: verified(keys, old)), "fresh": outcome(lambda: verified(new_client(), old))},
}
print(json.dumps(facts))
