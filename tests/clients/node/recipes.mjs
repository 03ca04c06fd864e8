// Every line of JavaScript that `genesys-emulator env --format json` has, which comes as second argument: it is run, and
// what it makes is used.

import { readFileSync, rmSync } from 'node:fs';

import axios from 'axios';
import { createRemoteJWKSet } from 'jose';
import jwksClient from 'jwks-rsa';
import { UserManager } from 'oidc-client-ts';
import * as client from 'openid-client';
import guestChat from 'purecloud-guest-chat-client';
import platformClient from 'purecloud-platform-client-v2';
import WebSocket from 'ws';

import { report } from './program.mjs';

const file = process.argv[3];
const { variables, recipes } = JSON.parse(readFileSync(file, 'utf8'));
rmSync(file);

const known = {
  axios,
  createRemoteJWKSet,
  jwksClient,
  UserManager,
  client,
  guestChat,
  platformClient,
  WebSocket,
  clientId: 'messenger',
  clientSecret: 'messenger-secret',
  redirectUri: 'http://localhost:3000/callback',
};
const AsyncFunction = (async () => {}).constructor;
const made = (code) => new AsyncFunction(...Object.keys(known), `return ${code};`)(...Object.values(known));

const [id, secret] = [variables.GENESYS_EMULATOR_CLIENT_ID, variables.GENESYS_EMULATOR_CLIENT_SECRET];
const keySet = async () => (await fetch(`${variables.GENESYS_EMULATOR_URL}/.well-known/jwks.json`)).json();
const kid = (await keySet()).keys[0].kid;

/** What shows that a client found its way. A client without a proof here fails the program. */
const proofs = {
  axios: async (http) => (await http.post('/oauth/token', 'grant_type=client_credentials', { auth: { username: id, password: secret } })).status,
  'purecloud-guest-chat-client': async () => {
    const wish = {
      organizationId: variables.GENESYS_EMULATOR_ORG_ID,
      routingTarget: { targetType: 'QUEUE', targetAddress: 'Chat Queue' },
      memberInfo: { displayName: 'Jo' },
    };
    return (await new guestChat.WebChatApi().postWebchatGuestConversations(wish)).member.displayName;
  },
  'purecloud-platform-client-v2': async () => {
    await platformClient.ApiClient.instance.loginClientCredentialsGrant(id, secret);
    return (await new platformClient.OrganizationApi().getOrganizationsMe()).name;
  },
  ws: async (socket) => {
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    const deploymentId = variables.GENESYS_EMULATOR_DEPLOYMENT_ID;
    socket.send(JSON.stringify({ action: 'configureSession', deploymentId, token: 'recipe' }));
    const frame = await new Promise((resolve) => socket.on('message', (data) => resolve(JSON.parse(data))));
    socket.close();
    return `${frame.class} ${frame.code}`;
  },
  jose: async (keys) => (await keys({ alg: 'RS256', kid })).type,
  'jwks-rsa': async (keys) => (await keys.getSigningKey(kid)).kid === kid,
  'openid-client': async (config) => config.serverMetadata().issuer === variables.GENESYS_EMULATOR_IDP_URL,
  'oidc-client-ts': async (manager) => (await manager.metadataService.getIssuer()) === variables.GENESYS_EMULATOR_IDP_URL,
};

const facts = {};
for (const recipe of recipes.filter(({ language }) => language === 'JavaScript')) {
  facts[recipe.client] = await proofs[recipe.client](await made(recipe.code));
}
report(facts);
