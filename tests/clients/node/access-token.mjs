// Access tokens that are JWTs: jose verifies one by the published keys, and the scopes in it decide who gets a socket.

import { once } from 'node:events';

import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import WebSocket from 'ws';

import { base, outcome, report } from './program.mjs';

const requiredScopes = ['digital:read', 'interaction:write', 'webphone:use'];
const client = (id, scopes) => ({ id, secret: `${id}-secret`, scopes });
const org = {
  accessTokens: 'jwt',
  clients: { phone: client('phone', requiredScopes), chat: client('chat', ['digital:read']) },
  deployments: { phone: { id: 'phone', requiredScopes } },
};
const scenario = { name: 'phones', world: { orgs: [org] } };
const applied = await fetch(`${base}/__admin/scenarios/apply`, { method: 'POST', body: JSON.stringify(scenario) });
if (!applied.ok) throw new Error(await applied.text());

async function accessToken(id) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: `${id}-secret` });
  return (await (await fetch(`${base}/oauth/token`, { method: 'POST', body })).json()).access_token;
}

const keys = createRemoteJWKSet(new URL(`${base}/.well-known/jwks.json`));
async function verified(token, audience = base) {
  const { payload } = await jwtVerify(token, keys, { issuer: base, audience, typ: 'at+jwt' });
  return `${payload.client_id} for ${payload.exp - payload.iat} s`;
}

async function upgraded(token) {
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/v1?deploymentId=phone&token=${token}`);
  try {
    await once(socket, 'open');
    return 'open';
  } catch (error) {
    return error.message;
  } finally {
    socket.terminate();
  }
}

const me = (token, method = 'GET') =>
  fetch(`${base}/api/v2/tokens/me`, { method, headers: { authorization: `Bearer ${token}` } });

const [phone, chat] = [await accessToken('phone'), await accessToken('chat')];
const facts = {
  claims: Object.keys(decodeJwt(phone)).sort(),
  mayRead: [decodeJwt(phone), decodeJwt(chat)].map((claims) => claims.scope.includes('digital:read')),
  verified: await outcome(verified(phone)),
  otherAudience: await outcome(verified(phone, 'https://elsewhere.test')),
  client: (await (await me(phone)).json()).OAuthClient.id,
  sockets: { phone: await upgraded(phone), chat: await upgraded(chat) },
  revoked: (await me(phone, 'DELETE')).status,
};
facts.afterwards = { api: (await me(phone)).status, socket: await upgraded(phone), jose: await outcome(verified(phone)) };
report(facts);
