// Clients that know nothing but a region: the official SDK, a library for sockets that ignores proxies, and fetch.

import platformClient from 'purecloud-platform-client-v2';
import WebSocket from 'ws';

import { messagingDeployment, report } from './program.mjs';

const region = 'mypurecloud.de';
const facts = {};

const sdk = platformClient.ApiClient.instance;
sdk.setEnvironment(platformClient.PureCloudRegionHosts.eu_central_1);
await sdk.loginClientCredentialsGrant('emulator-client', 'emulator-secret');
const { name } = await new platformClient.OrganizationApi().getOrganizationsMe();
facts.sdk = name;

const answer = await fetch(`https://login.${region}/.well-known/openid-configuration`);
facts.fetch = (await answer.json()).issuer;

const socket = new WebSocket(`wss://webmessaging.${region}/v1?deploymentId=${messagingDeployment}`);
const frame = await new Promise((resolve, reject) => {
  socket.once('error', reject);
  socket.once('open', () =>
    socket.send(
      JSON.stringify({ action: 'configureSession', deploymentId: messagingDeployment, token: crypto.randomUUID() }),
    ),
  );
  socket.once('message', (text) => resolve(JSON.parse(text)));
});
facts.socket = `${frame.class} ${frame.code}`;
facts.certificate = socket._socket.getPeerCertificate().subjectaltname;
socket.close();
report(facts);
