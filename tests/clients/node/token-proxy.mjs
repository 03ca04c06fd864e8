// A small token proxy: an access token, with it a guest token, and its verification by the published key.
// It is run with both generations of axios, and with every way to present client credentials.

import axiosNow from 'axios';
import axiosOld from 'axios-0.27';
import { importJWK, jwtVerify } from 'jose';

import { base, guestClient, report } from './program.mjs';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** RFC 6749 section 2.3.1, to the letter: everything but letters and digits is encoded. */
const encoded = (text) =>
  text.replace(/[^A-Za-z0-9]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

const waysToLogIn = {
  inBody: ({ id, secret }) => [{ client_id: id, client_secret: secret }, {}],
  basicRaw: ({ id, secret }) => [{}, { auth: { username: id, password: secret } }],
  basicEncoded: ({ id, secret }) => [{}, { auth: { username: encoded(id), password: encoded(secret) } }],
};

class TokenProxy {
  constructor(http, logIn) {
    this.http = http;
    this.logIn = logIn;
  }

  async accessToken() {
    const [credentials, options] = this.logIn(guestClient);
    const body = { grant_type: 'client_credentials', ...credentials };
    const { data } = await this.http.post(`${base}/oauth/token`, body, { headers: form, ...options });
    return data;
  }

  async guestToken(visitor) {
    const { access_token: bearer } = await this.accessToken();
    const body = {
      name: visitor.name,
      email: visitor.email ?? null,
      customAttributes: { sourcePage: visitor.page, sessionTimestamp: new Date().toISOString() },
    };
    const headers = { Authorization: `Bearer ${bearer}`, Accept: 'application/json' };
    const { data } = await this.http.post(`${base}/api/v2/webchat/guest`, body, { headers });
    return data;
  }

  async verified(token) {
    const { data: jwk } = await this.http.get(`${base}/api/v2/oauth/publickey`);
    const key = await importJWK(jwk, 'RS256');
    return jwtVerify(token, key, { issuer: base, audience: base });
  }
}

// what each combination saw, and by which combinations it was seen: one entry when all saw the same
const seen = new Map();
const guests = new Set();
for (const [generation, http] of Object.entries({ 'axios 0.27.2': axiosOld, 'axios 1': axiosNow })) {
  for (const [way, logIn] of Object.entries(waysToLogIn)) {
    const proxy = new TokenProxy(http, logIn);
    const access = await proxy.accessToken();
    const guest = await proxy.guestToken({ name: 'Ann', page: 'https://shop.example.test/' });
    const { payload, protectedHeader } = await proxy.verified(guest.access_token);
    guests.add(payload.webchat.guestId);
    const facts = JSON.stringify({
      accessToken: `${access.token_type} for ${access.expires_in} s`,
      guestToken: `${guest.token_type} for ${guest.expires_in} s, ${payload.exp - payload.iat} s by its claims`,
      signed: `${protectedHeader.alg} by ${protectedHeader.kid}`,
      oneGuest: payload.sub === payload.webchat.guestId && payload.sub === guest.guestId,
      name: payload.webchat.name,
      page: payload.webchat.customAttributes.sourcePage,
      permissions: payload.permissions.join(' '),
    });
    seen.set(facts, [...(seen.get(facts) ?? []), `${generation}, ${way}`]);
  }
}
report({ seen: [...seen].map(([facts, by]) => ({ by, facts: JSON.parse(facts) })), guests: [...guests] });
