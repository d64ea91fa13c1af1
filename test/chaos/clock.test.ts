import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { control, createOrder, sandboxRequests, unbalanced } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request, SECRET_KEY } from '../support/waybill.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WITHIN = { timeout: 90_000, interval: 200 };

const folder = mkdtempSync(join(tmpdir(), 'waybill-clock-'));
const clockFile = join(folder, 'off-by-ms');
const setClock = (offByMs: number) => writeFileSync(clockFile, String(offByMs));

let stack: Stack;
let stripe: ReturnType<typeof createStripeClient>;
let at: { readonly apiUrl: string; readonly sandboxUrl: string };
beforeAll(async () => {
  ensureBuilt();
  setClock(0);
  const preload = pathToFileURL(join(projectRoot, 'test/support/shifted-clock.mjs')).href;
  const env = {
    LOG_LEVEL: 'fatal',
    CLOCK_FILE: clockFile,
    NODE_OPTIONS: `--import=${preload}`,
    WAYBILL_SYNC_SECONDS: '1',
  };
  stack = await startStack({ fresh: true, env });
  stripe = createStripeClient({ secretKey: SECRET_KEY, apiBase: stack.urls.sandbox });
  at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true });
});

const path = (id: string) => `/v1/orders/${id}`;
const post = (to: string, body: object, key: string) => request(at, 'POST', to, { body, key });

async function expectOnce(): Promise<void> {
  const requests = await sandboxRequests(at);
  const keys = requests
    .filter(({ method, status, replayed }) => method === 'POST' && status === 200 && !replayed)
    .map(({ idempotency_key: key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(await unbalanced(at)).toEqual([]);
}

it.each([
  ['ten minutes fast', 10 * MINUTE_MS],
  ['ten minutes slow', -10 * MINUTE_MS],
  ['two days fast', 2 * DAY_MS],
  ['two days slow', -2 * DAY_MS],
])(
  'with a clock that is %s, payments and refunds are made, once, and changes elsewhere are seen',
  async (name, offByMs) => {
    setClock(offByMs);
    const { body: diagnosis } = await request(at, 'GET', '/v1/diagnostics');
    expect(diagnosis.checks).toContainEqual(
      expect.objectContaining({ check: 'Stripe clock', state: 'warning' }),
    );
    const id = name.replaceAll(' ', '-');
    expect(await createOrder(at, { id }, { key: id })).toMatchObject({ status: 201 });
    expect(await post(`${path(id)}/capture`, {}, `capture-${id}`)).toMatchObject({ status: 200 });
    expect(await post(`${path(id)}/refunds`, { amount: 300 }, `refund-${id}`)).toMatchObject({
      status: 200,
      body: { amount_refunded: 300 },
    });
    const { body } = await request(at, 'GET', path(id));
    await stripe.refunds.create({ charge: body.latest_charge, amount: 100 });
    await vi.waitFor(async () => {
      expect((await request(at, 'GET', path(id))).body).toMatchObject({ amount_refunded: 400 });
    }, WITHIN);
    await expectOnce();
  },
);

it('a clock that jumps while orders are on their way pays none of them twice', async () => {
  const jumps = [10 * MINUTE_MS, -10 * MINUTE_MS, 2 * DAY_MS, -2 * DAY_MS, 0];
  for (const [round, offByMs] of jumps.entries()) {
    const match = { method: 'POST', path: '/v1/payment_intents', nth: 1 };
    await control(at, 'faults', { match, effect: { drop: true, when: 'after' } });
    const ids = Array.from({ length: 4 }, (_, n) => `jump-${round}-${n}`);
    const asked = ids.map((id) => createOrder(at, { id }, { key: id }));
    setClock(offByMs);
    await Promise.allSettled(asked);
    await vi.waitFor(async () => {
      for (const id of ids)
        expect((await request(at, 'GET', path(id))).body).toMatchObject({ status: 'authorized' });
    }, WITHIN);
  }
  await expectOnce();
});
