// A suite whose tests run side by side in one emulator: `genesys-emulator exec -- npx vitest run`.

import { describe } from 'vitest';

import { test } from './genesys-emulator.mjs';
import { Guests } from './guests.mjs';

/** The code under test; where it would wait, the org's time passes instead. */
const guestsOf = (org) =>
  new Guests(org.url, org.clientId, org.clientSecret, (seconds) => org.advance(`${seconds}s`));

/** A limit on guests, which the verification wants to see bite. */
const limited = (org, more = {}) =>
  org.fault({
    when: { path: '/api/v2/webchat/guest' },
    effect: { respond: { code: 'too.many.requests.retry.after', retryAfter: '5s' } },
    ...more,
  });

describe('guests', () => {
  for (let n = 0; n < 40; n += 1) {
    test(`many do not meet, ${n}`, async ({ org, expect }) => {
      const guests = guestsOf(org);
      await guests.create(`Ann ${n}`);
      await guests.create(`Bob ${n}`);
      const asked = (await org.journal()).map(({ target }) => target);
      expect(asked).toEqual(['/oauth/token', '/api/v2/webchat/guest', '/api/v2/webchat/guest']);
    });
  }

  test('a limit is waited out', async ({ org, expect }) => {
    await limited(org, { schedule: { first: 2 } });
    await guestsOf(org).create('Ann');
    const statuses = (await org.journal({ target: '/api/v2/webchat/guest' })).map(({ status }) => status);
    expect(statuses).toEqual([429, 429, 200]);
  });

  test('a limit that stays is told', async ({ org, expect }) => {
    await limited(org);
    await expect(guestsOf(org).create('Ann')).rejects.toThrow('429');
  });

  test('a token that has expired is renewed once', async ({ org, expect }) => {
    const guests = guestsOf(org);
    await guests.create('Ann');
    await org.advance('25h');
    await guests.create('Bob');
    await org.verify({ match: { path: '/oauth/token' }, times: 2 });
  });
});
