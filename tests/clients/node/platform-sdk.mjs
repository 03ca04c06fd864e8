// The official JavaScript SDK, moved here by its own gateway setting.

import axios from 'axios';
import platformClient from 'purecloud-platform-client-v2';

import { base, guestClient, readonlyClient, report } from './program.mjs';

const { hostname, port } = new URL(base);
const gateway = { host: hostname, protocol: 'http', port: Number(port) };

const sdk = platformClient.ApiClient.instance;
sdk.setGateway(gateway);
const tokens = new platformClient.TokensApi();

/** What the SDK rejects with: an extended answer, or for a log-in the error of its HTTP library. */
async function rejected(promise) {
  const error = await promise.then(
    () => Promise.reject(new Error('it was not rejected')),
    (error) => error,
  );
  const { status, headers, body = error.response.data } = error.response ?? error;
  const { contextId = headers['inin-correlation-id'], ...rest } = body;
  const correlated = contextId.length === 36 && contextId === headers['inin-correlation-id'];
  return { status, correlated, retryAfter: headers['retry-after'], body: rest };
}

/** The guest API, which the SDK has no method for. */
const makeGuest = () => {
  const json = ['application/json'];
  return sdk.callApi('/api/v2/webchat/guest', 'POST', {}, {}, {}, {}, { name: 'Ann' }, ['PureCloud OAuth'], json, json);
};

const { accessToken, tokenExpiryTime } = await sdk.loginClientCredentialsGrant(guestClient.id, guestClient.secret);
const me = await tokens.getTokensMe();
const lifetime = Math.round((tokenExpiryTime - Date.now()) / 60_000);
const guest = await makeGuest();

// from here on with headers
sdk.setReturnExtendedResponses(true);
const facts = {
  loggedIn: `${typeof accessToken}, for ${lifetime} minutes`,
  organization: me.organization,
  client: me.OAuthClient.id,
  guestToken: guest.token_type,
  limits: Object.entries((await tokens.getTokensMe()).headers)
    .filter(([name]) => name.startsWith('inin-ratelimit-'))
    .map(([name]) => name)
    .sort(),
};

const organizations = new platformClient.OrganizationApi();
facts.country = (await organizations.getOrganizationsMe()).body.defaultCountryCode;
facts.notServed = await rejected(organizations.getOrganizationsLimitsDocs());

await axios.post(`${base}/__admin/faults`, {
  when: { path: '/api/v2/tokens/me' },
  schedule: { first: 1 },
  effect: { respond: { code: 'too.many.requests.retry.after', retryAfter: '7s' } },
});
facts.tooOften = await rejected(tokens.getTokensMe());

await tokens.deleteTokensMe();
facts.afterLogOut = await rejected(tokens.getTokensMe());
facts.wrongSecret = await rejected(sdk.loginClientCredentialsGrant(guestClient.id, 'wrong'));

await sdk.loginClientCredentialsGrant(readonlyClient.id, readonlyClient.secret);
facts.withoutScope = await rejected(makeGuest());

report(facts);
