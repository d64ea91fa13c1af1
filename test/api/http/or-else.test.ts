import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import type { Backend } from '../../../api/backend/backend.ts';
import { checkDestination } from '../../../api/orders/check-destination.ts';
import { connectionError } from '../../support/stripe-errors.ts';
import { ACCOUNT } from '../fixtures.ts';
import { serveApp } from '../serve-app.ts';

interface Line {
  readonly msg: string;
  readonly err?: { readonly stack: string };
}

const lines: Line[] = [];
const logger = pino({ level: 'warn' }, { write: (line) => lines.push(JSON.parse(line)) });

beforeEach(() => {
  lines.length = 0;
});

it('the log says why Temporal could not be asked for its workers', async () => {
  const app = await serveApp({ logger });
  await app.call('GET', '/readyz');
  await app.stop();
  const line = lines.find(({ msg }) => /workers failed/.test(msg));
  expect(line?.err?.stack).toMatch(/Error/);
});

/** What the check of an order's account gives where reading the account fails so. */
function checkedWhere(failure: Error) {
  const unread = () => Promise.reject(failure);
  const backend = { logger, directory: { platform: unread, connected: unread } } as unknown as Backend;
  return checkDestination(backend, 'order-1', { connectedAccount: ACCOUNT, onBehalfOf: false, suffix: '' });
}

it('a bug lets no order go on unchecked', async () => {
  await expect(checkedWhere(new TypeError('facts is undefined'))).rejects.toThrow('facts is undefined');
});

it('the log says why an order’s account was not checked', async () => {
  expect(await checkedWhere(connectionError('Stripe is out of reach'))).toBeNull();
  expect(lines).toMatchObject([{ msg: expect.stringMatching(ACCOUNT) }]);
  expect(lines[0]?.err?.stack).toMatch(/Stripe is out of reach/);
});
