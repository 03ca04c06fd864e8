// A token proxy as it should be: it hands guest tokens to browsers, and keeps the client's secret to itself.
//
//   GENESYS_URL=http://127.0.0.1:4363 CLIENT_ID=… CLIENT_SECRET=… PORT=8080 node correct.mjs
//
// POST /guest-token {"name":…} answers a guest token, POST /verify {"jwt":…} says whether one is good.

import { createPublicKey, randomInt, verify as verifySignature } from 'node:crypto';
import { createServer } from 'node:http';

const { GENESYS_URL, CLIENT_ID, CLIENT_SECRET, PORT = '0' } = process.env;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Calls that may be repeated wait as long as they are told, else longer each time, and never all equally long.
async function call(path, options, attempt = 0) {
  const response = await fetch(GENESYS_URL + path, options);
  const mayPass = response.status === 429 || response.status >= 500;
  if (!mayPass || attempt === 4) return response;
  const asked = Number(response.headers.get('retry-after'));
  const wait = asked > 0 ? asked * 1000 + randomInt(500) : 250 * 2 ** attempt + randomInt(250);
  await response.body?.cancel();
  await sleep(wait);
  return call(path, options, attempt + 1);
}

// One access token for all, fetched once, and again before its end.
let access = null;

async function fetchAccess() {
  const basic = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64');
  const response = await call('/oauth/token', {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  if (!response.ok) throw new Error(`no access token: ${response.status}`);
  const { access_token, expires_in } = await response.json();
  return { token: access_token, until: Date.now() + expires_in * 800 };
}

async function accessToken() {
  const current = await access?.catch(() => null);
  if (!current || Date.now() >= current.until) {
    // whoever comes meanwhile waits for the same fetch
    if (!access || current === (await access.catch(() => null))) access = fetchAccess();
  }
  return (await access).token;
}

async function guestToken(guest) {
  const token = await accessToken();
  return call('/api/v2/webchat/guest', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(guest),
  });
}

// The key set is kept, and fetched again when a token names a key that is not in it; at most once in half a minute.
let keys = { byId: new Map(), fetched: 0, pending: null };

async function key(kid) {
  if (!keys.byId.has(kid) && Date.now() - keys.fetched > 30_000) {
    keys.pending ??= fetchKeys().finally(() => { keys.pending = null; });
    await keys.pending;
  }
  return keys.byId.get(kid);
}

async function fetchKeys() {
  const response = await call('/.well-known/jwks.json', {});
  const { keys: set } = await response.json();
  keys.byId = new Map(set.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
  keys.fetched = Date.now();
}

async function isGood(jwt) {
  const [header, payload, signature] = jwt.split('.');
  const decoded = (part) => JSON.parse(Buffer.from(part, 'base64url'));
  const { alg, kid } = decoded(header);
  if (alg !== 'RS256') return false;
  const publicKey = await key(kid);
  if (!publicKey) return false;
  const signed = Buffer.from(`${header}.${payload}`);
  const fits = verifySignature('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'));
  return fits && decoded(payload).exp > Date.now() / 1000;
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text || '{}');
}

const server = createServer(async (request, response) => {
  const answer = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  try {
    const given = await body(request);
    if (request.url === '/guest-token') {
      const made = await guestToken({ name: given.name, guestId: given.guestId });
      answer(made.status, await made.json());
    } else if (request.url === '/verify') {
      answer(200, { good: await isGood(given.jwt) });
    } else {
      answer(404, {});
    }
  } catch (error) {
    answer(502, { error: error.message });
  }
});

server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
