"""What programs share: the base URL comes as the first argument, and what takes too long says where it stands."""

import faulthandler
import json
import sys
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
