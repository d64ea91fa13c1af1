import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import type { AuthorizeOperation } from '../../contract/operations.ts';
import type { Write } from '../../sandbox/core/journal.ts';
import { Journal } from '../../sandbox/core/journal.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { createSandbox, DEFAULT_PLATFORM_KEY, SEEDED_ACCOUNTS } from '../../sandbox/index.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { progress } from '../../worker/heartbeats.ts';
import { NOW, terms } from '../support/builders.ts';

const OTHERS = 50_000;
const dataDir = mkdtempSync(join(tmpdir(), 'waybill-busy-'));
const nobody = new Client({ connection: Connection.lazy({ address: '127.0.0.1:9' }) });

let sandbox: Sandbox;

function authorization(orderId: string, operationId: string): AuthorizeOperation {
  const agreed = terms({
    id: orderId,
    connectedAccount: SEEDED_ACCOUNTS.usCustom,
    applicationFeeAmount: null,
    source: { customer: null, method: { type: 'payment_method', id: 'pm_card_visa' } },
  });
  const base = { orderId, operationId, generation: 0, requestedAt: NOW, requestHash: 'hash' };
  return { ...base, operation: 'authorize', terms: agreed };
}

async function start() {
  sandbox = createSandbox({ seed: 1, now: NOW, dataDir });
  const { url } = await sandbox.listen(0);
  const stripe = createStripeClient({ secretKey: DEFAULT_PLATFORM_KEY, apiBase: url });
  const limits = { taskQueue: 'waybill', accountLimits: {} };
  const deps = { temporal: nobody, clientId: null, stripe, progress, now: () => NOW, ...limits };
  activities = createActivities({ ...deps, lookBeforeCreate: true });
  blind = createActivities({ ...deps, lookBeforeCreate: false });
}

/** Other orders' payments, copied from one that was made: asking for each would take minutes. */
function makeBusy(): void {
  const journal = new Journal(dataDir);
  const rows = new Map<string, Write>();
  for (const writes of journal.read()) for (const write of writes) rows.set(`${write[0]} ${write[1]}`, write);
  const copied = [...rows.values()].filter(([table]) => table === 'payment_intent' || table === 'charge');
  for (let count = 0; count < OTHERS; count++) {
    const text = JSON.stringify(copied).replaceAll('model', `other-${count}`);
    journal.append(JSON.parse(text.replaceAll(/"(pi|ch)_(\w+)"/g, `"$1_$2${count}"`)) as Write[]);
  }
  journal.close();
}

let activities: ReturnType<typeof createActivities>;
let blind: typeof activities;
beforeAll(async () => {
  await start();
  await activities.authorize(authorization('model', 'cmd_model'));
  await sandbox.close();
  makeBusy();
  await start();
  await activities.authorize(authorization('lost', 'cmd_lost'));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(dataDir, { recursive: true });
});

let before: number;
beforeEach(() => {
  before = sandbox.requests().length;
});
const calls = () =>
  sandbox
    .requests()
    .slice(before)
    .map(({ method, path }) => `${method} ${path}`);

it('among 50,000 payments of other orders a lost authorization is found by one list', async () => {
  expect(await activities.findEffect(authorization('other-49999', 'cmd_other-49999'))).toMatchObject({
    type: 'payment',
    payment: { status: 'requires_capture' },
  });
  expect(calls()).toEqual(['GET /v1/charges', expect.stringMatching(/^GET \/v1\/payment_intents\/pi_/)]);
});

it('that there is none is known by one list as well', async () => {
  expect(await activities.findEffect(authorization('none', 'cmd_none'))).toBeNull();
  expect(calls()).toEqual(['GET /v1/charges']);
});

it('an authorization whose answer was lost is not asked for again', async () => {
  expect(await activities.authorize(authorization('lost', 'cmd_lost'))).toMatchObject({
    type: 'adopted',
    adopted: { payment: { status: 'requires_capture' } },
  });
  expect(calls().filter((call) => call.startsWith('POST'))).toEqual([]);
});

it('a new authorization costs one list more, unless that was switched off', async () => {
  await activities.authorize(authorization('new', 'cmd_new'));
  expect(calls()).toEqual(['GET /v1/charges', 'POST /v1/payment_intents']);
  before = sandbox.requests().length;
  await blind.authorize(authorization('unseen', 'cmd_unseen'));
  expect(calls()).toEqual(['POST /v1/payment_intents']);
});

it('another request for the same order is refused', async () => {
  const other = { ...authorization('lost', 'cmd_other'), requestHash: 'another' };
  expect(await activities.authorize(other)).toMatchObject({
    type: 'refused',
    problem: { code: 'order_exists', param: 'id' },
  });
  expect(calls()).toEqual(['GET /v1/charges']);
});
