// openid-client with PKCE and no page, and everything else that it knows of a provider; jose verifies what comes of it.

import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';

import { addProviders, base, outcome, report, sentBack } from './program.mjs';

await addProviders();
const redirectUri = 'http://localhost:3000/callback';

/** A client of this provider, by its discovery document. */
async function discovered(provider, authentication, change = () => {}) {
  const issuer = new URL(`${base}/idp/${provider}`);
  const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks, change];
  return oidc.discovery(issuer, 'messenger', 'messenger-secret', authentication, { execute });
}

/** What the sign-in page would ask is asked of nobody. */
const quiet = { redirect_uri: redirectUri, prompt: 'none', login_hint: 'alice' };

/** The code flow with everything that can be checked. */
async function signIn(config, scope, more = {}) {
  const [verifier, nonce, state] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce(), oidc.randomState()];
  const challenge = { code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  const asked = { ...quiet, ...challenge, scope, nonce, state, max_age: '60', ...more };
  const url = oidc.buildAuthorizationUrl(config, asked);
  const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, maxAge: 60 };
  return oidc.authorizationCodeGrant(config, await sentBack(url), checks);
}

const facts = { algorithms: {} };
const config = await discovered('main', oidc.ClientSecretBasic('messenger-secret'));
const tokens = await signIn(config, 'openid profile email offline_access');
const claims = tokens.claims();
facts.claims = { aud: claims.aud, email: claims.email, name: claims.name, sub: claims.sub };
facts.tokens = { type: tokens.token_type, expiresIn: tokens.expires_in, scope: tokens.scope };
facts.userInfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);

const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
facts.refreshed = { sameSession: refreshed.claims().sid === claims.sid, another: refreshed.access_token !== tokens.access_token };
const own = await oidc.clientCredentialsGrant(config, { scope: 'orders:read' });
facts.own = { scope: own.scope, idToken: own.id_token ?? 'none' };

const active = async (token) => (await oidc.tokenIntrospection(config, token)).active;
facts.introspected = { access: await active(tokens.access_token), refresh: await active(tokens.refresh_token), nonsense: await active('x') };
await oidc.tokenRevocation(config, tokens.refresh_token);
facts.afterRevocation = {
  access: await active(refreshed.access_token),
  refreshed: await outcome(oidc.refreshTokenGrant(config, tokens.refresh_token)),
  userInfo: await outcome(oidc.fetchUserInfo(config, tokens.access_token, claims.sub)),
};
const bye = { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'http://localhost:3000/bye', state: 's' };
facts.signedOut = (await sentBack(oidc.buildEndSessionUrl(config, bye))).href;

const wrong = await discovered('main', oidc.ClientSecretPost('wrong'));
facts.wrongSecret = await outcome(oidc.clientCredentialsGrant(wrong));
facts.nobody = await outcome(signIn(config, 'openid', { login_hint: 'nobody' }));

const implicit = await discovered('main', oidc.ClientSecretPost('messenger-secret'), oidc.useIdTokenResponseType);
const nonce = oidc.randomNonce();
const implicitUrl = oidc.buildAuthorizationUrl(implicit, { ...quiet, scope: 'openid', nonce });
facts.implicit = (await oidc.implicitAuthentication(implicit, await sentBack(implicitUrl), nonce)).sub;

const hybrid = await discovered('main', oidc.ClientSecretPost('messenger-secret'), oidc.useCodeIdTokenResponseType);
const hybridUrl = oidc.buildAuthorizationUrl(hybrid, { ...quiet, scope: 'openid', nonce });
const both = await oidc.authorizationCodeGrant(hybrid, await sentBack(hybridUrl), { expectedNonce: nonce });
facts.hybrid = both.claims().sub;

for (const provider of ['main', 'curve']) {
  const issuer = `${base}/idp/${provider}`;
  const { id_token } = await signIn(await discovered(provider, oidc.ClientSecretPost('messenger-secret')), 'openid');
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const verified = await jwtVerify(id_token, keys, { issuer, audience: 'messenger' });
  facts.algorithms[provider] = `${decodeProtectedHeader(id_token).alg} of ${verified.payload.sub}`;
}
report(facts);
