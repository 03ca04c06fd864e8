// Every wrong token by name, as jose sees it: guest tokens, the token of the socket, tokens of people, and ID tokens.

import { once } from 'node:events';

import { createRemoteJWKSet, jwtVerify } from 'jose';
import WebSocket from 'ws';

import { base, guestClient, messagingDeployment, report, sentBack } from './program.mjs';

const modes = `expired not_yet_valid exp_missing exp_in_ms wrong_iss wrong_aud sub_missing permissions_missing
  webchat_missing guest_id_missing bad_signature kid_unknown alg_none hs256_confusion revoked wrong_region truncated
  oversized clock_skew`.split(/\s+/);

async function answered(answer) {
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.detail ?? body.message), { status: answer.status });
  return body;
}
const admin = async (method, path, body) =>
  answered(await fetch(`${base}/__admin${path}`, { method, body: JSON.stringify(body) }));

const credentials = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: guestClient.id,
  client_secret: guestClient.secret,
});
const access = (await answered(await fetch(`${base}/oauth/token`, { method: 'POST', body: credentials }))).access_token;

const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/v1?deploymentId=${messagingDeployment}`);
await once(socket, 'open');
async function ask(frame) {
  socket.send(JSON.stringify({ token: 'wrong-tokens', ...frame }));
  return JSON.parse((await once(socket, 'message'))[0].toString());
}
await ask({ action: 'configureSession', deploymentId: messagingDeployment });

const platform = createRemoteJWKSet(new URL(`${base}/.well-known/jwks.json`));
const provider = createRemoteJWKSet(new URL(`${base}/idp/main/jwks`));
const signIn = new URLSearchParams({
  client_id: 'messenger',
  redirect_uri: 'http://localhost:3000/callback',
  response_type: 'id_token',
  scope: 'openid',
  nonce: 'n-1',
  prompt: 'none',
  login_hint: 'alice',
});

const kinds = {
  guest: {
    keys: platform,
    names: { issuer: base, audience: base },
    async make() {
      const headers = { authorization: `Bearer ${access}` };
      const answer = await fetch(`${base}/api/v2/webchat/guest`, { method: 'POST', headers, body: '{}' });
      return (await answered(answer)).access_token;
    },
  },
  messaging: {
    keys: platform,
    names: { issuer: base, audience: 'webmessaging' },
    make: async () => (await ask({ action: 'getJwt' })).body.jwt,
  },
  person: {
    keys: platform,
    names: { issuer: base, audience: 'webmessaging-authenticated' },
    make: async (mode) => (await admin('POST', '/person-tokens', { person: { subject: 'alice' }, mode })).jwt,
  },
  id: {
    keys: provider,
    names: { issuer: `${base}/idp/main`, audience: 'messenger' },
    async make() {
      const back = await sentBack(`${base}/idp/main/authorize?${signIn}`);
      return new URLSearchParams(back.hash.slice(1)).get('id_token');
    },
  },
};

/** What jose says of a token that is wrong in this mode. */
async function seen(name, mode) {
  const { keys, names, make } = kinds[name];
  let token;
  try {
    const effect = { claims: { token: name, mode } };
    await admin('PUT', '/faults', name === 'person' ? [] : [{ id: 'wrong', effect }]);
    token = await make(mode);
  } catch (error) {
    // a redirect that carries an ID token which is too long does not even arrive
    if (error.cause?.code === 'UND_ERR_HEADERS_OVERFLOW') return error.cause.code;
    if (error.status !== 400) throw error;
    return '-';
  }
  try {
    await jwtVerify(token, keys, { ...names, requiredClaims: ['exp', 'sub'] });
    return 'accepted';
  } catch (error) {
    return [error.code, error.claim].filter(Boolean).join(' ');
  }
}

const facts = {};
for (const mode of modes) {
  const row = [];
  for (const name of Object.keys(kinds)) row.push(`${name} ${await seen(name, mode)}`);
  facts[mode] = row.join(' | ');
}
socket.close();
report(facts);
