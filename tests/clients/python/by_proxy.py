"""Clients with constant hosts: requests by the variables of a proxy, the official SDK by settings of its own."""

import json
import os

import program  # noqa: F401  (says where it stands if it takes too long)
import PureCloudPlatformClientV2 as P
import requests

API = "https://api.mypurecloud.com"
form = {"grant_type": "client_credentials"}
token = requests.post(f"{API}/oauth/token", form, auth=("emulator-client", "emulator-secret")).json()
me = requests.get(
    f"{API}/api/v2/organizations/me", headers={"Authorization": f"Bearer {token['access_token']}"}
).json()
try:
    stray = str(requests.get("https://example.com/").status_code)
except requests.exceptions.ProxyError as error:
    stray = str(error.args[0].reason).rsplit("'")[-2]

# the SDK looks at no variables
P.configuration.proxy = os.environ["HTTPS_PROXY"]
P.configuration.ssl_ca_cert = os.environ["REQUESTS_CA_BUNDLE"]
P.configuration.host = P.PureCloudRegionHosts.eu_west_1.get_api_host()
client = P.api_client.ApiClient().get_client_credentials_token("emulator-client", "emulator-secret")
organization = P.OrganizationApi(client).get_organizations_me()
print(json.dumps({"requests": me["name"], "sdk": organization.name, "stray": stray}))
