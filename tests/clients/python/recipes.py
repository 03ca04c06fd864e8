"""Every line of Python that `genesys-emulator env --format json` has, which comes as second argument: it is run, and what
it makes is used."""

import faulthandler
import json
import os
import sys
import urllib.request

import jwt
import PureCloudPlatformClientV2
from authlib.integrations.requests_client import OAuth2Session

faulthandler.dump_traceback_later(60, exit=True)
with open(sys.argv[2], encoding="utf-8") as file:
    told = json.load(file)
os.remove(sys.argv[2])
variables = told["variables"]
client = variables["GENESYS_EMULATOR_CLIENT_ID"], variables["GENESYS_EMULATOR_CLIENT_SECRET"]

known = {
    "jwt": jwt,
    "PureCloudPlatformClientV2": PureCloudPlatformClientV2,
    "OAuth2Session": OAuth2Session,
    "client_id": "messenger",
    "client_secret": "messenger-secret",
}


def made(code):
    """What the line makes; nothing if it sets something."""
    try:
        return eval(compile(code, "recipe", "eval"), known)
    except SyntaxError:
        exec(compile(code, "recipe", "exec"), known)
        return None


def organization(_):
    """By the SDK."""
    api = PureCloudPlatformClientV2.api_client.ApiClient().get_client_credentials_token(*client)
    return PureCloudPlatformClientV2.OrganizationApi(api).get_organizations_me().name


def key(keys):
    """Is the key there that the emulator publishes?"""
    with urllib.request.urlopen(f"{variables['GENESYS_EMULATOR_URL']}/.well-known/jwks.json") as answer:
        kid = json.load(answer)["keys"][0]["kid"]
    return keys.get_signing_key(kid).key_id == kid


def token(session):
    """Without a person."""
    return session.fetch_token(grant_type="client_credentials")["token_type"]


# what shows that a client found its way; a client without a proof here fails the program
proofs = {"PureCloudPlatformClientV2": organization, "PyJWT": key, "Authlib": token}
print(
    json.dumps(
        {
            recipe["client"]: proofs[recipe["client"]](made(recipe["code"]))
            for recipe in told["recipes"]
            if recipe["language"] == "Python"
        }
    )
)
