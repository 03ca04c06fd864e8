// Verifiers that keep the key set, before and after the signing key is gone: the ones that remember reject what fresh
// ones accept, and the other way round.

import axios from 'axios';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import jwksRsa from 'jwks-rsa';

import { base, guestClient, outcome, report } from './program.mjs';

const jwksUri = `${base}/.well-known/jwks.json`;
const day = 24 * 60 * 60 * 1000;

const joseVerifier = () => {
  const keys = createRemoteJWKSet(new URL(jwksUri), { cacheMaxAge: day, cooldownDuration: day });
  return async (token) => (await jwtVerify(token, keys, { issuer: base, audience: base })).protectedHeader.kid;
};
const jwksRsaVerifier = () => {
  const keys = jwksRsa({ jwksUri, cache: true, cacheMaxAge: day, rateLimit: true, jwksRequestsPerMinute: 1 });
  return async (token) => (await keys.getSigningKey(decodeProtectedHeader(token).kid)).kid;
};

async function guestToken() {
  const credentials = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: guestClient.id,
    client_secret: guestClient.secret,
  });
  const access = (await axios.post(`${base}/oauth/token`, credentials)).data.access_token;
  const headers = { Authorization: `Bearer ${access}` };
  return (await axios.post(`${base}/api/v2/webchat/guest`, { name: 'Ann' }, { headers })).data.access_token;
}

const caching = joseVerifier();
const cachingToo = jwksRsaVerifier();
const old = await guestToken();
const before = { jose: await outcome(caching(old)), 'jwks-rsa': await outcome(cachingToo(old)) };

await axios.post(`${base}/__admin/keys/platform/rotate`, { mode: 'hard' });
const fresh = await guestToken();

report({
  before,
  signedNow: decodeProtectedHeader(fresh).kid,
  newToken: {
    caching: { jose: await outcome(caching(fresh)), 'jwks-rsa': await outcome(cachingToo(fresh)) },
    fresh: { jose: await outcome(joseVerifier()(fresh)), 'jwks-rsa': await outcome(jwksRsaVerifier()(fresh)) },
  },
  oldToken: {
    caching: { jose: await outcome(caching(old)), 'jwks-rsa': await outcome(cachingToo(old)) },
    fresh: { jose: await outcome(joseVerifier()(old)), 'jwks-rsa': await outcome(jwksRsaVerifier()(old)) },
  },
});
