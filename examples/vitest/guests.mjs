// The code under test: makes guests for a web chat, as a backend does. It keeps its access token while it lives, renews it
// once when it is refused, and waits as long as it is told when it asked too often.

const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export class Guests {
  #token;

  constructor(baseUrl, clientId, clientSecret, sleep = wait) {
    Object.assign(this, { baseUrl, clientId, clientSecret, sleep });
  }

  async #accessToken() {
    if (!this.#token) {
      const basic = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64');
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const answer = await fetch(`${this.baseUrl}/oauth/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${basic}` },
        body,
      });
      if (!answer.ok) throw new Error(`no access token: ${answer.status}`);
      this.#token = (await answer.json()).access_token;
    }
    return this.#token;
  }

  /** The guest's JWT. */
  async create(name, attempts = 3) {
    for (let left = attempts; ; left -= 1) {
      const headers = { Authorization: `Bearer ${await this.#accessToken()}`, 'Content-Type': 'application/json' };
      const body = JSON.stringify({ name, email: null });
      const answer = await fetch(`${this.baseUrl}/api/v2/webchat/guest`, { method: 'POST', headers, body });
      if (answer.ok) return (await answer.json()).access_token;
      if (left === 1 || ![401, 429].includes(answer.status)) throw new Error(`no guest: ${answer.status}`);
      if (answer.status === 401) this.#token = undefined;
      else await this.sleep(Number(answer.headers.get('Retry-After')));
    }
  }
}
