// The official JavaScript SDK with tokens that speak for a user: codes with a secret and with PKCE, refresh, an implicit
// token, a SAML assertion; and as an administrator: OAuth clients from the first to the last day.

import platformClient from 'purecloud-platform-client-v2';

import { base, report, sentBack } from './program.mjs';

const { hostname, port } = new URL(base);
const sdk = platformClient.ApiClient.instance;
sdk.setGateway({ host: hostname, protocol: 'http', port: Number(port) });
// the refresh is done by hand here
sdk.config.refresh_access_token = false;
const [tokens, oauth, authorization] = [
  new platformClient.TokensApi(),
  new platformClient.OAuthApi(),
  new platformClient.AuthorizationApi(),
];

const users = { id: 'emulator-code-client', secret: 'emulator-code-secret' };
const redirectUri = 'http://localhost:3000/callback';

/** Where a browser comes back to that the client has sent to sign in. */
function signedIn(more) {
  const query = new URLSearchParams({ client_id: users.id, redirect_uri: redirectUri, response_type: 'code', ...more });
  return sentBack(`${base}/oauth/authorize?&${query}`);
}

/** What the SDK rejects with: the answer's body, or for a log-in the error of its HTTP library. */
async function rejected(promise) {
  const error = await promise.then(
    () => Promise.reject(new Error('it was not rejected')),
    (error) => error,
  );
  const body = error.response?.data ?? error;
  return [error.response?.status ?? body.status, body.error ?? body.code, body.error_description ?? body.message].join(' ');
}

/** Who the token speaks for, and what it may. */
async function whose() {
  const [me, subject] = [await tokens.getTokensMe(), await authorization.getAuthorizationSubjectsMe()];
  return [me.OAuthClient.authorizedGrantType, subject.name, ...subject.grants.map(({ role }) => role.name)].join(', ');
}

const facts = {};

// a code and the secret; the next token by the refresh token
const back = await signedIn({ state: 'a b' });
facts.cameBack = `${back.origin}${back.pathname} ${[...back.searchParams.keys()]} ${back.searchParams.get('state')}`;
const code = back.searchParams.get('code');
const given = { ...(await sdk.loginCodeAuthorizationGrant(users.id, users.secret, code, redirectUri)) };
facts.byCode = await whose();
facts.lifetime = Math.round((given.tokenExpiryTime - Date.now()) / 60_000);
const next = { ...(await sdk.refreshCodeAuthorizationGrant(users.id, users.secret, given.refreshToken)) };
facts.byRefresh = [await whose(), next.accessToken !== given.accessToken, next.refreshToken === given.refreshToken];
facts.codeAgain = await rejected(sdk.loginCodeAuthorizationGrant(users.id, users.secret, code, redirectUri));
facts.afterThat = await rejected(tokens.getTokensMe());

// PKCE, with the SDK's own verifier
const verifier = sdk.generatePKCECodeVerifier(128);
const challenge = { code_challenge: await sdk.computePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
const [first, second] = [await signedIn(challenge), await signedIn(challenge)].map((url) => url.searchParams.get('code'));
facts.wrongVerifier = await rejected(sdk.authorizePKCEGrant(users.id, sdk.generatePKCECodeVerifier(128), first, redirectUri));
await sdk.authorizePKCEGrant(users.id, verifier, second, redirectUri);
facts.byPkce = await whose();

// the user administrates clients
const roles = (await authorization.getAuthorizationRoles({ name: 'Employee' })).entities;
const home = await authorization.getAuthorizationDivisionsHome();
const application = {
  name: 'Nightly report',
  authorizedGrantType: 'CLIENT-CREDENTIALS',
  accessTokenValiditySeconds: 600,
  roleDivisions: [{ roleId: roles[0].id, divisionId: home.id }],
};
const made = await oauth.postOauthClients(application);
facts.made = [made.name, made.state, made.createdBy.selfUri, typeof made.secret];
facts.listed = (await oauth.getOauthClients()).entities.some(({ id }) => id === made.id);
facts.withoutRoles = await rejected(oauth.postOauthClients({ ...application, roleDivisions: [] }));
facts.tooEarly = await rejected(oauth.deleteOauthClient(made.id));
const administrator = sdk.authData.accessToken;
const renewed = await oauth.postOauthClientSecret(made.id);
facts.oldSecret = await rejected(sdk.loginClientCredentialsGrant(made.id, made.secret));
await sdk.loginClientCredentialsGrant(made.id, renewed.secret);
facts.asApplication = await whose();
facts.withoutRight = await rejected(oauth.getOauthClients());
sdk.setAccessToken(administrator);
facts.renamed = (await oauth.putOauthClient(made.id, { ...application, name: 'Weekly report', state: 'inactive' })).name;
facts.switchedOff = await rejected(sdk.loginClientCredentialsGrant(made.id, renewed.secret));
sdk.setAccessToken(administrator);
await oauth.deleteOauthClient(made.id);
facts.gone = await rejected(oauth.getOauthClient(made.id));
const summary = await oauth.getOauthClientUsageSummary(users.id);
const usage = await oauth.getOauthClientUsageQueryResult(summary.executionId, users.id);
facts.used = usage.results.find(({ templateUri, httpMethod }) => templateUri === '/api/v2/tokens/me' && httpMethod === 'GET').status200;

// two more kinds of clients that the user makes: an implicit one, and one for SAML
const implicit = await oauth.postOauthClients({ name: 'Page', authorizedGrantType: 'TOKEN', scope: ['user-basic-info'], registeredRedirectUri: [redirectUri] });
const asked = { client_id: implicit.id, response_type: 'token', login_hint: 'agent@emulated.test', prompt: 'login' };
const query = new URLSearchParams({ ...asked, redirect_uri: redirectUri });
const page = await fetch(`${base}/oauth/authorize?${query}`);
facts.page = [page.status, (await page.text()).includes('Sign in as Emulated Agent')];
const form = new URLSearchParams({ request: query.toString(), person: 'agent@emulated.test' });
const sent = await fetch(`${base}/oauth/login?client_id=${implicit.id}`, { method: 'POST', body: form, redirect: 'manual' });
const fragment = new URLSearchParams(new URL(sent.headers.get('location')).hash.slice(1));
sdk.setAccessToken(fragment.get('access_token'));
facts.implicit = [fragment.get('token_type'), fragment.get('expires_in'), (await tokens.getTokensMe()).authorizedScope];
facts.narrow = await rejected(oauth.getOauthClients());
sdk.setAccessToken(administrator);

const saml = await oauth.postOauthClients({ name: 'Portal', authorizedGrantType: 'SAML2-BEARER', scope: ['all'] });
const [from, until] = [-60_000, 60_000].map((away) => new Date(Date.now() + away).toISOString());
const assertion = `<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0"><Issuer>https://idp.example.test</Issuer>
<Subject><NameID>agent@emulated.test</NameID></Subject><Conditions NotBefore="${from}" NotOnOrAfter="${until}">
<AudienceRestriction><Audience>https://login.mypurecloud.com/saml</Audience></AudienceRestriction></Conditions></Assertion>`;
const asBase64 = (text) => Buffer.from(text).toString('base64');
await sdk.loginSaml2BearerGrant(saml.id, saml.secret, 'Emulated Org', asBase64(assertion));
facts.bySaml = await whose();
facts.samlForOthers = await rejected(
  sdk.loginSaml2BearerGrant(saml.id, saml.secret, 'Emulated Org', asBase64(assertion.replace('agent@', 'nobody@'))),
);

// a web deployment, from its configuration to its end
const web = new platformClient.WebDeploymentsApi();
const languages = { languages: ['en-us'], defaultLanguage: 'en-us' };
const draft = { name: 'Shop', ...languages, messenger: { enabled: true } };
const configuration = await web.postWebdeploymentsConfigurations(draft);
const version = await web.postWebdeploymentsConfigurationVersionsDraftPublish(configuration.id);
const wanted = { name: 'Shop', configuration: { id: configuration.id, version: version.version }, allowAllDomains: true };
const deployment = await web.postWebdeploymentsDeployments(wanted);
const read = await web.getWebdeploymentsDeployment(deployment.id);
const document = await fetch(`${base}/webdeployments/v1/deployments/${deployment.id}/config.json`);
const changed = await web.putWebdeploymentsDeployment(deployment.id, { ...read, name: 'Shop two' });
const all = await web.getWebdeploymentsDeployments();
await web.deleteWebdeploymentsDeployment(deployment.id);
facts.deployment = {
  version: version.version,
  status: read.status,
  inUse: document.status,
  renamed: changed.name,
  listed: all.entities.some(({ id }) => id === deployment.id),
  gone: await rejected(web.getWebdeploymentsDeployment(deployment.id)),
};

// all tokens of the user end
sdk.setAccessToken(administrator);
await tokens.deleteToken('00000000-0000-4000-8000-0000000000bb');
facts.ended = await rejected(tokens.getTokensMe());

report(facts);
