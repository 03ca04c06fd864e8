// The browser build of the official JavaScript SDK in a page of Chromium: the page is of another origin than the emulator,
// so the browser lets through only what it is allowed to by headers. The path to Chromium comes as second argument.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { chromium } from 'playwright-core';

import { base, browserFlags, report } from './program.mjs';

const folder = new URL('node_modules/purecloud-platform-client-v2/', import.meta.url);
const { browser: build } = JSON.parse(readFileSync(new URL('package.json', folder)));
const { hostname, port } = new URL(base);

/** What the page does by itself: /LOGIN/CLIENT signs in by that method of the SDK, before and after it was sent away. */
const own = `
  const platformClient = require('platformClient');
  const sdk = platformClient.ApiClient.instance;
  sdk.setGateway({ host: '${hostname}', protocol: 'http', port: ${port} });
  const [, login, clientId] = location.pathname.split('/');
  const prompt = new URLSearchParams(location.search).get('prompt');
  const arrived = location.search + location.hash;
  const sentBackWith = [...arrived.matchAll(/[?&#]?(\\w+)=/g)].map(([, name]) => name).sort();
  sdk[login](clientId, location.origin + location.pathname, { state: 'a b', prompt })
    .then(({ state, accessToken }) => ({ state, accessToken: typeof accessToken, sentBackWith, left: location.search + location.hash }))
    .catch((error) => ({ error: error.message }))
    .then((signedIn) => (window.signedIn = signedIn));
`;
const files = {
  '/sdk.js': ['text/javascript', readFileSync(new URL(build, folder))],
  '/own.js': ['text/javascript', own],
};
const page = ['text/html', '<!doctype html><title>An application</title><script src="/sdk.js"></script><script src="/own.js"></script>'];
// where a window comes back to that the SDK has opened: it hands on what it got
const popup = `<script>
  const { search, hash } = location;
  opener.postMessage({ name: 'gc_auth_popup', type: 'message', search, hash }, location.origin);
</script>`;
const server = createServer(({ url }, answer) => {
  const [type, content] = files[url] ?? (url.startsWith('/popup') ? ['text/html', popup] : page);
  answer.writeHead(url === '/favicon.ico' ? 404 : 200, { 'content-type': type }).end(content);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://localhost:${server.address().port}`;

const browser = await chromium.launch({ executablePath: process.argv[3], args: browserFlags });
const facts = {};
try {
  const window = await browser.newPage();
  const signedIn = async () => (await window.waitForFunction(() => globalThis.signedIn)).jsonValue();

  // sent away with a challenge, and back with a code, which the SDK exchanges from the page
  await window.goto(`${origin}/loginPKCEGrant/emulator-code-client`);
  facts.byPkce = await signedIn();

  // as an administrator; what goes wrong can be read from the other origin, too
  facts.clients = await window.evaluate(async () => {
    const oauth = new platformClient.OAuthApi();
    const refusal = ({ status, body, headers }) => [status, body.code, headers['inin-correlation-id'] === body.contextId];
    const before = (await oauth.getOauthClients()).entities.length;
    const wanted = { name: 'Page', authorizedGrantType: 'TOKEN', scope: ['oauth'], registeredRedirectUri: ['http://localhost'] };
    const made = await oauth.postOauthClients(wanted);
    const after = (await oauth.getOauthClients()).entities.length;
    sdk.setReturnExtendedResponses(true);
    const tooEarly = await oauth.deleteOauthClient(made.id).catch(refusal);
    const limits = Object.keys((await oauth.getOauthClient(made.id)).headers).filter((name) => name.startsWith('inin-'));
    await oauth.putOauthClient(made.id, { ...wanted, state: 'inactive' });
    const deleted = (await oauth.deleteOauthClient(made.id)).status;
    const gone = await oauth.getOauthClient(made.id).catch(refusal);
    sdk.setReturnExtendedResponses(false);
    return { more: after - before, tooEarly, limits: limits.sort(), deleted, gone };
  });

  // without the headers the browser keeps the answer from the page
  const fault = { id: 'silent', when: { path: '/api/v2/oauth/clients' }, effect: { deny_cors: {} } };
  await fetch(`${base}/__admin/faults`, { method: 'POST', body: JSON.stringify(fault) });
  const list = () => window.evaluate(() => new platformClient.OAuthApi().getOauthClients().then(() => 'read', ({ message }) => message));
  facts.withoutCors = [await list()];
  await fetch(`${base}/__admin/faults/silent`, { method: 'DELETE' });
  facts.withoutCors.push(await list());

  // a channel, whose socket the page opens
  facts.told = await window.evaluate(async () => {
    const agent = (await new platformClient.AuthorizationApi().getAuthorizationSubjectsMe()).id;
    const notifications = new platformClient.NotificationsApi();
    const channel = await notifications.postNotificationsChannels();
    await notifications.postNotificationsChannelSubscriptions(channel.id, [{ id: `v2.users.${agent}.presence` }]);
    const socket = new WebSocket(channel.connectUri);
    await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
    const told = new Promise((resolve) => (socket.onmessage = ({ data }) => resolve(JSON.parse(data))));
    const busy = { presenceDefinition: { systemPresence: 'BUSY' } };
    await new platformClient.PresenceApi().patchUserPresencesPurecloud(agent, busy);
    const { topicName, eventBody } = await told;
    socket.close();
    return `${topicName}: ${eventBody.presenceDefinition.systemPresence}`;
  });

  // an implicit client that the page has made; the sign-in page is asked for, and its button pressed
  const implicit = await window.evaluate(async () => {
    const wanted = { name: 'Implicit', authorizedGrantType: 'TOKEN', scope: ['user-basic-info'], registeredRedirectUri: ['http://localhost'] };
    const { id } = await new platformClient.OAuthApi().postOauthClients(wanted);
    sdk.clearAccessToken();
    return id;
  });
  await window.goto(`${origin}/loginImplicitGrant/${implicit}?prompt=login`);
  await window.getByRole('button', { name: 'Continue as Emulated Agent' }).click();
  await window.waitForURL(`${origin}/**`);
  facts.implicit = await signedIn();
  facts.scope = await window.evaluate(async () => (await new platformClient.TokensApi().getTokensMe()).authorizedScope);

  // the same in a window that the SDK opens, which can reach the one that opened it
  facts.byPopup = await window.evaluate(async () => {
    sdk.clearAccessToken();
    const how = { state: 'c d', authPopupConfiguration: { usePopup: true } };
    const { state } = await sdk.loginPKCEGrant('emulator-code-client', `${location.origin}/popup`, how);
    return { state, client: (await new platformClient.TokensApi().getTokensMe()).OAuthClient.id };
  });
} finally {
  await browser.close();
  server.close();
}
report(facts);
