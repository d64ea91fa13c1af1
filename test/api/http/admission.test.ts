import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Backend } from '../../../api/backend/backend.ts';
import { Admission } from '../../../api/http/admission.ts';
import type { Endpoint } from '../../../api/http/endpoint.ts';
import { errorHandler } from '../../../api/http/error-handler.ts';
import { mount } from '../../../api/http/mount.ts';
import { adoptOrder } from '../../../api/orders/adopt-order.ts';
import { createOrder } from '../../../api/orders/create-order.ts';
import { createPayout } from '../../../api/payouts/create-payout.ts';
import { createTransfer } from '../../../api/transfers/create-transfer.ts';
import { WITHIN } from '../../support/within.ts';

let server: Server;
let held: (() => void)[] = [];
beforeAll(async () => {
  /** It begins as in the API, and then waits. */
  const waiting = (of: (backend: Backend) => Endpoint): Endpoint => ({
    ...of({} as Backend),
    role: 'open',
    handle: () =>
      new Promise((resolve) => {
        held.push(() => resolve({ status: 200, body: {} }));
      }),
  });
  const app = express();
  mount(app, [createOrder, adoptOrder, createTransfer, createPayout].map(waiting), {
    stripeReads: { spend() {} } as never,
    // Three quarters of the places are for starts, and half of these for one account.
    admission: new Admission({ commandsMax: 8, isBehind: () => false, countShed: () => {} }),
    confine: async (_scope, _endpoint, { body }) => body,
  });
  app.use(errorHandler(pino({ level: 'silent' }), async () => false));
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server?.close());

const money = { amount: 500, currency: 'usd' };
const STARTS: Record<string, (account: string) => [string, object]> = {
  orders: (account: string) => [
    '/v1/orders',
    { ...money, connected_account: account, payment_method: 'pm_card_visa' },
  ],
  transfers: (account: string) => ['/v1/transfers', { ...money, destination: account, description: 'Bonus' }],
  payouts: (account: string) => [`/v1/accounts/${account}/payouts`, { ...money, destination: 'ba_1' }],
};

function post(path: string, body: object): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'k' },
    body: JSON.stringify(body),
  });
}

it.each(Object.entries(STARTS))('%s of one account leave places to those of others', async (_, start) => {
  const ask = (account: string) => post(...start(account));
  held = [];
  const first = [ask('acct_busy'), ask('acct_busy'), ask('acct_busy')];
  await expect.poll(() => held.length, WITHIN).toBe(3);
  const fourth = await ask('acct_busy');
  expect([fourth.status, await fourth.json()]).toMatchObject([429, { code: 'overloaded' }]);
  const other = ask('acct_other');
  await expect.poll(() => held.length, WITHIN).toBe(4);
  for (const answer of held) answer();
  const statuses = (await Promise.all([...first, other])).map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 200, 200]);
});

it('payments that are taken over leave places to commands of what exists', async () => {
  const adopt = (n: number) => post(`/v1/orders/order-${n}/adopt`, { payment_intent: `pi_${n}` });
  held = [];
  const first = [1, 2, 3, 4, 5, 6].map(adopt);
  await expect.poll(() => held.length, WITHIN).toBe(6);
  let seventh: number | null = null;
  void adopt(7).then(({ status }) => {
    seventh = status;
  });
  await expect.poll(() => seventh !== null || held.length > 6, WITHIN).toBe(true);
  for (const answer of held) answer();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(seventh).toBe(429);
});
