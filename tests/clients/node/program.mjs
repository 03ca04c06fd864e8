// What all programs share: the base URL comes as the first argument, one JSON line of facts goes out.

if (process.argv.length < 3) {
  console.error(`usage: node ${process.argv[1]} BASE_URL`);
  process.exit(2);
}

const limit = 60;
setTimeout(() => {
  console.error(`still not done after ${limit} s`);
  process.exit(1);
}, limit * 1000).unref();

/** Where the emulator is, such as http://127.0.0.1:4363. */
export const base = process.argv[2].replace(/\/+$/, '');

export const guestClient = { id: 'emulator-guest-client', secret: 'emulator-guest-secret' };
export const readonlyClient = { id: 'emulator-readonly-client', secret: 'emulator-readonly-secret' };
export const messagingDeployment = '00000000-0000-4000-8000-0000000000cc';

/** Chromium that says nothing of its own accord. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The program's result: what it saw, and nothing that a port or the time of day changes. */
export function report(facts) {
  console.log(JSON.stringify(facts));
}

/** What came of it: a text, or in short what went wrong. */
export async function outcome(promise) {
  try {
    return `accepted: ${await promise}`;
  } catch (error) {
    return `rejected: ${error.error ?? error.code ?? error.name}`;
  }
}

/** A second provider that signs by ES256, and a client without a secret at the first. */
export async function addProviders() {
  const redirectUris = ['http://localhost'];
  const messenger = { secret: 'messenger-secret', redirectUris };
  const identityProviders = {
    main: { clients: { page: { public: true, redirectUris } } },
    curve: { algorithm: 'ES256', people: { alice: {} }, clients: { messenger } },
  };
  const scenario = { name: 'providers', world: { orgs: [{ identityProviders }] } };
  const answer = await fetch(`${base}/__admin/scenarios/apply`, { method: 'POST', body: JSON.stringify(scenario) });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Where a browser is sent from this URL. It keeps its cookie in `browser`. */
export async function sentBack(url, browser = {}) {
  const headers = browser.cookie ? { cookie: browser.cookie } : {};
  const answer = await fetch(url, { headers, redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie');
  if (cookie) browser.cookie = cookie.split(';')[0];
  if (!answer.headers.has('location')) throw new Error(`${answer.status}: ${await answer.text()}`);
  return new URL(answer.headers.get('location'));
}
