"""What programs share: the base URL comes as the first argument, and what takes too long says where it stands."""

import faulthandler
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

faulthandler.dump_traceback_later(60, exit=True)
base = sys.argv[1].rstrip("/")


def admin(method, path, body=None):
    """A call to the admin API."""
    request = urllib.request.Request(
        f"{base}/__admin{path}",
        method=method,
        data=body and json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Stay(urllib.request.HTTPRedirectHandler):
    """A browser whose way back nobody follows."""

    def redirect_request(self, *_):
        return None


def code(client, redirect_uri, **more):
    """The code with which a browser comes back."""
    query = {"client_id": client, "redirect_uri": redirect_uri, "response_type": "code", **more}
    try:
        urllib.request.build_opener(Stay).open(f"{base}/oauth/authorize?{urllib.parse.urlencode(query)}")
    except urllib.error.HTTPError as sent:
        location = urllib.parse.urlparse(sent.headers["Location"])
        return urllib.parse.parse_qs(location.query)["code"][0]
