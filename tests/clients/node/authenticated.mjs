// openid-client signs somebody in with PKCE, the platform exchanges the code, and ws opens an authenticated socket.

import { randomUUID } from 'node:crypto';

import axios from 'axios';
import * as oidc from 'openid-client';
import WebSocket from 'ws';

import { base, messagingDeployment, report, sentBack } from './program.mjs';

const redirectUri = 'http://localhost:3000/callback';
const tokens = `${base}/api/v2/webdeployments/token`;
const any = { validateStatus: () => true };
const facts = {};

const issuer = new URL(`${base}/idp/main`);
const config = await oidc.discovery(issuer, 'messenger', undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] });

/** A code of the person's, its verifier and its nonce, as a page has them after the redirect. */
async function signIn() {
  const [codeVerifier, nonce, state] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce(), oidc.randomState()];
  const challenge = { code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier), code_challenge_method: 'S256' };
  const who = { redirect_uri: redirectUri, prompt: 'none', login_hint: 'alice', scope: 'openid profile' };
  const url = oidc.buildAuthorizationUrl(config, { ...who, ...challenge, nonce, state });
  const back = await sentBack(url);
  if (back.searchParams.get('state') !== state) throw new Error('another state came back');
  return { code: back.searchParams.get('code'), redirectUri, codeVerifier, nonce };
}

const exchange = (oauth) => axios.post(`${tokens}/oauthcodegrantjwtexchange`, { deploymentId: messagingDeployment, oauth }, any);
const short = ({ status, data }) => `${status} ${data.details?.[0]?.errorCode ?? Object.keys(data)}`;

const oauth = await signIn();
const exchanged = await exchange(oauth);
facts.exchange = short(exchanged);
facts.sameCodeAgain = short(await exchange(oauth));
facts.otherNonce = short(await exchange({ ...(await signIn()), nonce: oidc.randomNonce() }));
facts.otherVerifier = short(await exchange({ ...(await signIn()), codeVerifier: oidc.randomPKCECodeVerifier() }));
const refreshed = await axios.post(`${tokens}/refresh`, { refreshToken: exchanged.data.refreshToken }, any);
facts.refresh = short(refreshed);

const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/v1?deploymentId=${messagingDeployment}`);
const [arrived, waiting] = [[], []];
socket.on('message', (data) => {
  const frame = JSON.parse(data.toString());
  waiting.length ? waiting.shift()(frame) : arrived.push(frame);
});
const next = () => (arrived.length ? arrived.shift() : new Promise((resolve) => waiting.push(resolve)));
await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));

const token = randomUUID();
const send = (frame) => socket.send(JSON.stringify({ token, ...frame }));
send({ action: 'configureAuthenticatedSession', deploymentId: messagingDeployment, data: { code: refreshed.data.jwt } });
const configured = await next();
facts.session = { class: configured.class, code: configured.code, isNew: configured.body.newSession };
send({ action: 'onMessage', message: { type: 'Text', text: 'It is me' } });
const { body } = await next();
facts.said = `${body.text}, authenticated: ${body.metadata.authenticated}`;
await next();
send({ action: 'configureSession', deploymentId: messagingDeployment });
facts.downgrade = (await next()).code;

const headers = { Authorization: `bearer ${refreshed.data.jwt}` };
facts.signOut = (await axios.delete(`${tokens}/revoke`, { ...any, headers })).status;
facts.told = (await next()).class;
facts.refreshAfterwards = short(await axios.post(`${tokens}/refresh`, { refreshToken: exchanged.data.refreshToken }, any));
await new Promise((resolve) => {
  socket.once('close', resolve);
  socket.close(1000);
});
report(facts);
