import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import type { Backend } from '../../../api/backend/backend.ts';
import { checkDestination } from '../../../api/orders/check-destination.ts';
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

it('the log says why an order’s account was not checked', async () => {
  const unread = () => Promise.reject(new Error('Stripe is out of reach'));
  const backend = { logger, directory: { platform: unread, connected: unread } } as unknown as Backend;
  const merchant = await checkDestination(backend, 'order-1', {
    connectedAccount: ACCOUNT,
    onBehalfOf: false,
    suffix: '',
  });
  expect(merchant).toBeNull();
  expect(lines).toMatchObject([{ msg: expect.stringMatching(ACCOUNT) }]);
  expect(lines[0]?.err?.stack).toMatch(/Stripe is out of reach/);
});
