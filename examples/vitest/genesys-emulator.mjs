// `test` with `org`: an org of genesys-emulator of its own for each test, which is verified when the test has passed and
// taken away in any case. Copy this file. `genesys-emulator exec -- vitest run` starts the emulator.

import { test as base } from 'vitest';

const { GENESYS_EMULATOR_ADMIN_URL: adminUrl, GENESYS_EMULATOR_ADMIN_TOKEN: adminToken } = process.env;

/** A call of the admin API. What is wrong becomes an error with the words of the emulator. */
async function admin(method, path, body) {
  if (!adminUrl) throw new Error('there is no emulator; run the tests by `genesys-emulator exec -- vitest run`');
  const headers = { 'Content-Type': 'application/json' };
  if (adminToken) headers.Authorization = `Bearer ${adminToken}`;
  const answer = await fetch(`${adminUrl}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  const value = text ? JSON.parse(text) : undefined;
  if (!answer.ok) throw Object.assign(new Error(`${value.title}: ${value.detail}`), { problem: value });
  return value;
}

/** An org of a test. `url` is what the code under test takes as base URL. */
class Org {
  constructor({ id, url, clientId, clientSecret, deploymentId, ids }) {
    Object.assign(this, { id, url, clientId, clientSecret, deploymentId, ids });
  }

  /** A call of the admin API about this org. */
  call(method, path, body) {
    return admin(method, `/orgs/${this.id}${path}`, body);
  }

  /** Makes something go wrong; the verification fails if it never does. */
  async fault(fault) {
    return (await this.call('POST', '/faults', fault)).ids[0];
  }

  /** Moves the org's time; what is due by then has been done. */
  advance(by) {
    return this.call('PUT', '/clock', { advance: by });
  }

  /** What happened. */
  async journal(filters = {}) {
    return (await this.call('GET', `/journal?${new URLSearchParams(filters)}`)).entities;
  }

  /** What is expected has happened, and every fault that was set has fired. With neither there is nothing to verify. */
  async verify(...expect) {
    const faults = (await this.call('GET', '/faults')).entities;
    if (expect.length || faults.length) await this.call('POST', '/verify', { expect });
  }
}

export const test = base.extend({
  org: async ({ task }, use) => {
    const org = new Org(await admin('POST', '/orgs', { name: task.name, ttl: '10m' }));
    try {
      await use(org);
      if (task.result?.state !== 'fail') await org.verify();
    } finally {
      await org.call('DELETE', '');
    }
  },
});
