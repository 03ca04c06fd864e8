// oidc-client-ts as pages use it: a public client with PKCE, a session that is known again, refresh and sign-out.

import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from 'oidc-client-ts';

import { addProviders, base, outcome, report, sentBack } from './program.mjs';

await addProviders();
const client = new OidcClient({
  authority: `${base}/idp/main`,
  client_id: 'page',
  redirect_uri: 'http://localhost:3000/callback',
  post_logout_redirect_uri: 'http://localhost:3000/bye',
  response_type: 'code',
  scope: 'openid profile offline_access',
  loadUserInfo: true,
  stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
});

/** Signs in with these parameters; `browser` keeps cookies. */
async function signIn(more, browser) {
  const request = await client.createSigninRequest({ state: { page: '/checkout' }, nonce: 'n-1', ...more });
  return client.processSigninResponse((await sentBack(request.url, browser)).href);
}

const browser = {};
const first = await signIn({ prompt: 'none', login_hint: 'bob' }, browser);
const again = await signIn({ prompt: 'none' }, browser);
const refreshed = await client.useRefreshToken({ state: first });
const signOut = await client.createSignoutRequest({ id_token_hint: first.id_token, state: { done: true } });
const bye = await sentBack(signOut.url, browser);
const signedOut = await client.processSignoutResponse(bye.href);

report({
  first: { name: first.profile.name, scope: first.scope, state: first.userState },
  again: { sub: again.profile.sub, sameSession: again.profile.sid === first.profile.sid },
  refreshed: { sub: refreshed.profile.sub, another: refreshed.access_token !== first.access_token },
  signedOut: { at: bye.origin + bye.pathname, state: signedOut.userState },
  afterwards: await outcome(signIn({ prompt: 'none' }, browser)),
});
