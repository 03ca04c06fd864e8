"""Orgs of genesys-emulator for tests. Copy this file and conftest.py; nothing but the standard library is used."""

import json
import urllib.error
import urllib.parse
import urllib.request


class Emulator:
    """A running emulator, by the URL of its admin API."""

    def __init__(self, admin_url, admin_token=None):
        self.admin_url = admin_url.rstrip("/")
        self.admin_token = admin_token

    def call(self, method, path, body=None):
        """The answer's JSON; what is wrong becomes an AssertionError with the words of the emulator."""
        headers = {"Content-Type": "application/json"}
        if self.admin_token:
            headers["Authorization"] = f"Bearer {self.admin_token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.admin_url}{path}", data, headers, method=method)
        # the emulator is never behind a proxy
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(json.load(error)) from None
        return json.loads(text) if text else None

    def create_org(self, **members):
        """A copy of the scenario's first org that nobody else sees: name, scenario, seed, clock, ttl."""
        return Org(self, self.call("POST", "/orgs", members))


class Refused(AssertionError):
    """What the admin API did not do."""

    def __init__(self, problem):
        super().__init__(f"{problem['title']}: {problem['detail']}")
        self.problem = problem


class Org:
    """An org of a test. `url` is what the code under test takes as base URL."""

    def __init__(self, emulator, members):
        self.emulator = emulator
        self.id = members["id"]
        self.url = members["url"]
        self.client = members["clientId"], members["clientSecret"]
        self.deployment_id = members["deploymentId"]
        self.ids = members["ids"]

    def call(self, method, path, body=None):
        """A call of the admin API about this org."""
        return self.emulator.call(method, f"/orgs/{self.id}{path}", body)

    def fault(self, **fault):
        """Makes something go wrong; the verification fails if it never does."""
        return self.call("POST", "/faults", fault)["ids"][0]

    def advance(self, by):
        """Moves the org's time; what is due by then has been done."""
        return self.call("PUT", "/clock", {"advance": by})

    def journal(self, **filters):
        """What happened."""
        return self.call("GET", f"/journal?{urllib.parse.urlencode(filters)}")["entities"]

    def verify(self, *expect):
        """What is expected has happened, and every fault that was set has fired; what differs is told as in the
        emulator's own words. With neither there is nothing to verify."""
        if expect or self.call("GET", "/faults")["entities"]:
            self.call("POST", "/verify", {"expect": list(expect)})

    def delete(self):
        """Takes it away."""
        self.call("DELETE", "")
