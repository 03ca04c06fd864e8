"""The code under test: makes guests for a web chat, as a backend does. It keeps its access token while it lives, renews it
once when it is refused, and waits as long as it is told when it asked too often."""

import base64
import json
import time
import urllib.error
import urllib.request


class Guests:
    """Guests of an org at `base_url`."""

    def __init__(self, base_url, client, sleep=time.sleep):
        self.base_url = base_url
        self.client = client
        self.sleep = sleep
        self.token = None

    def _post(self, path, content_type, authorization, body):
        headers = {"Content-Type": content_type, "Authorization": authorization}
        request = urllib.request.Request(f"{self.base_url}{path}", body, headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.load(answer)

    def _access_token(self):
        if self.token is None:
            basic = base64.b64encode(":".join(self.client).encode()).decode()
            form = "application/x-www-form-urlencoded"
            answer = self._post("/oauth/token", form, f"Basic {basic}", b"grant_type=client_credentials")
            self.token = answer["access_token"]
        return self.token

    def create(self, name, attempts=3):
        """The guest's JWT."""
        body = json.dumps({"name": name, "email": None}).encode()
        while True:
            attempts -= 1
            try:
                authorization = f"Bearer {self._access_token()}"
                answer = self._post("/api/v2/webchat/guest", "application/json", authorization, body)
                return answer["access_token"]
            except urllib.error.HTTPError as error:
                with error:
                    if attempts == 0 or error.code not in (401, 429):
                        raise
                if error.code == 401:
                    self.token = None
                else:
                    self.sleep(int(error.headers["Retry-After"]))
