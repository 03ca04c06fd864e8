// A token proxy as guides show it: it works on the first day. It fetches an access token for each guest and the key for
// each token that it verifies, and tries again at once.
//
//   GENESYS_URL=http://127.0.0.1:4363 CLIENT_ID=… CLIENT_SECRET=… PORT=8080 node naive.mjs

import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { createServer } from 'node:http';

const { GENESYS_URL, CLIENT_ID, CLIENT_SECRET, PORT = '0' } = process.env;

async function accessToken() {
  const response = await fetch(`${GENESYS_URL}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=client_credentials&client_id=${CLIENT_ID}&client_secret=${CLIENT_SECRET}`,
  });
  return (await response.json()).access_token;
}

async function guestToken(guest) {
  const token = await accessToken();
  const ask = () => fetch(`${GENESYS_URL}/api/v2/webchat/guest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(guest),
  });
  const response = await ask();
  return response.status === 429 ? ask() : response;
}

async function isGood(jwt) {
  const jwk = await (await fetch(`${GENESYS_URL}/api/v2/oauth/publickey`)).json();
  const [header, payload, signature] = jwt.split('.');
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  return verifySignature('RSA-SHA256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text || '{}');
}

const server = createServer(async (request, response) => {
  const given = await body(request);
  const answer = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (request.url === '/guest-token') {
    const made = await guestToken(given);
    answer(made.status, await made.json());
  } else {
    answer(200, { good: await isGood(given.jwt) });
  }
});

server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
