import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cancelOrder, captureOrder, getOrder, refundOrder, startOrder } from '../../client/src/temporal.ts';
import { REQUEST_REFUSED } from '../../contract/order-requests.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { DESTINATION } from '../e2e/support.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

const SALE = {
  amount: 1000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  connected_account: DESTINATION,
  application_fee_amount: 123,
} as const;

it('starts an order with nothing but a Temporal client, as the API would', async () => {
  const sender = { requestId: 'cart-1', actor: 'shop' };
  const order = await startOrder(waybill.env.client, { id: 'native-1', ...SALE }, sender);
  expect(order).toMatchObject({ id: 'native-1', status: 'authorized', settlement: { country: 'US' } });
  expect((await request(waybill, 'GET', '/v1/orders/native-1')).body).toMatchObject({
    ...order,
    pending: null,
  });
  const { body } = await request(waybill, 'GET', '/v1/orders/native-1/timeline');
  expect(JSON.stringify(body)).toContain('shop (via temporal)');
});

it('charges once, however often the same request comes, and refuses another one under its id', async () => {
  const start = (amount: number) =>
    startOrder(waybill.env.client, { ...SALE, amount }, { requestId: 'cart-2', actor: 'shop' });
  const [first, second] = await Promise.all([start(1000), start(1000)]);
  expect(second.id).toBe(first.id);
  expect((await start(1000)).payment_intent).toBe(first.payment_intent);
  const other = await start(2000).catch((error) => error);
  expect(other).toMatchObject({ name: 'WaybillProblem', code: 'idempotency_key_reused' });
});

it('refuses another request under its id also while the first is on its way', async () => {
  const start = (amount: number) =>
    startOrder(waybill.env.client, { ...SALE, amount }, { requestId: 'cart-9', actor: 'shop' });
  const ended = await Promise.allSettled([start(1000), start(2000)]);
  expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { name: 'WaybillProblem', code: 'idempotency_key_reused' },
  });
});

it.each([
  [
    { ...SALE, amount: 10.5 },
    { status: 400, code: 'invalid_request', problem: { param: 'amount' } },
  ],
  [
    { ...SALE, application_fee_amount: 2000 },
    { status: 422, code: 'money_rule' },
  ],
  [
    { ...SALE, payment_method: 'pm_card_chargeDeclined' },
    { status: 402, code: 'card_declined' },
  ],
])('throws what the API would answer: %#', async (body, problem) => {
  const sender = { requestId: `refused-${problem.code}`, actor: 'shop' };
  const error = await startOrder(waybill.env.client, body, sender).catch((thrown) => thrown);
  expect(error).toMatchObject(problem);
});

it('captures and refunds once, however often the same request comes', async () => {
  const { client } = waybill.env;
  const sender = (requestId: string) => ({ requestId, actor: 'shop' });
  const { id } = await startOrder(client, SALE, sender('cart-4'));
  const captured = await captureOrder(client, id, { amount: 800 }, sender('ship-4'));
  expect(captured).toMatchObject({ id, status: 'captured', amount_captured: 800 });
  const refund = () => refundOrder(client, id, { amount: 300, reverse_transfer: true }, sender('return-4'));
  await Promise.all([refund(), refund()]);
  expect(await refund()).toMatchObject({ amount_refunded: 300 });
  const { body } = await request(waybill, 'GET', `/v1/orders/${id}/timeline`);
  expect(JSON.stringify(body)).toContain('shop (via temporal)');
});

it('cancels, and throws what the API would answer to a command', async () => {
  const { client } = waybill.env;
  const sender = (requestId: string) => ({ requestId, actor: 'shop' });
  const { id } = await startOrder(client, SALE, sender('cart-5'));
  expect(await cancelOrder(client, id, {}, sender('stop-5'))).toMatchObject({ status: 'canceled' });
  await expect(captureOrder(client, id, {}, sender('ship-5'))).rejects.toMatchObject({
    name: 'WaybillProblem',
    status: 409,
  });
  const wrong = refundOrder(client, id, { amount: 1.5 }, sender('return-5'));
  await expect(wrong).rejects.toMatchObject({ status: 400, problem: { param: 'amount' } });
  await expect(captureOrder(client, 'nowhere', {}, sender('ship-6'))).rejects.toMatchObject({ status: 404 });
});

const LONG = 'x'.repeat(1_000);
const NO_REQUESTS: readonly unknown[][] = [
  [],
  [null],
  ['all of it'],
  [[]],
  [{}],
  [{ request_id: 7, actor: { toString: 5 }, id: { toString: 5 }, command: 5 }],
  [{ request_id: LONG, actor: LONG, id: LONG, command: LONG }],
  [{ request_id: 'half', actor: '\ud83c'.repeat(100), id: '\0'.repeat(100), command: '\ud83c'.repeat(100) }],
];

it.each(['startOrder', 'commandOrder', 'readOrder'])(
  'a %s whose input makes no sense ends as refused, and fails no workflow task',
  async (type) => {
    for (const [n, args] of NO_REQUESTS.entries()) {
      const handle = await waybill.env.client.workflow.start(type, {
        taskQueue: 'waybill',
        workflowId: `nonsense/${type}/${n}`,
        args: args as unknown[],
      });
      await expect(handle.result(), `${n}`).rejects.toMatchObject({
        cause: { cause: { type: REQUEST_REFUSED, details: [{ code: 'invalid_request' }] } },
      });
      const { events } = await handle.fetchHistory();
      expect(events?.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
    }
  },
);

it('reads an order as the API shows it, and says when there is none', async () => {
  const sender = { requestId: 'cart-3', actor: 'shop' };
  const { id } = await startOrder(waybill.env.client, SALE, sender);
  const { body } = await request(waybill, 'GET', `/v1/orders/${id}`);
  expect(await getOrder(waybill.env.client, id)).toEqual(body);
  await expect(getOrder(waybill.env.client, 'nowhere')).rejects.toMatchObject({ code: 'not_found' });
});

const document = readFileSync(join(projectRoot, 'docs', 'temporal-clients.md'), 'utf8');
/** Each update of an order's workflow that the document names, with the argument that it prints. */
const updates = [...document.matchAll(/^\| `(\w+)` \| `(\{.*\})` \|$/gm)].map(
  ([, name = '', argument = '']) => [name, JSON.parse(argument)] as const,
);

it('the document names every update that another SDK may send, with an argument that is taken', () => {
  const taken = Object.values(ORDER_COMMANDS).filter(
    ({ update, isSignal }) => isSignal || update === 'confirm',
  );
  expect(updates.map(([name]) => name).sort()).toEqual(taken.map(({ update }) => update).sort());
  const refusals = updates.map(
    ([name, argument]) => taken.find(({ update }) => update === name)?.fromUpdate(argument).refusal,
  );
  expect(refusals.filter((refusal) => refusal !== null)).toEqual([]);
});

it('an update takes effect with the argument that the document prints, once however often it is sent', async () => {
  const { client } = waybill.env;
  const argumentOf = Object.fromEntries(updates);
  const { id } = await startOrder(client, SALE, { requestId: 'cart-6', actor: 'shop' });
  const handle = client.workflow.getHandle(`order/${id}`);
  const send = (name: string) => handle.executeUpdate(name, { args: [argumentOf[name]] });
  for (const name of ['update', 'capture', 'refund', 'refund']) await send(name);
  expect(await getOrder(client, id)).toMatchObject({
    amount_captured: 800,
    amount_refunded: 300,
    metadata: { cart: '4711' },
  });
  await expect(send('cancel')).resolves.toMatchObject({ result: { problem: { code: 'state_conflict' } } });
});

it('works as docs/temporal-clients.md shows it', async () => {
  const run = promisify(execFile);
  await run(process.execPath, [join(projectRoot, 'dev', 'run.mjs'), 'packages']);
  const [, sample = ''] = /```js\n([\s\S]*?)```/.exec(document) ?? [];
  expect(sample.split('\n').length).toBeLessThanOrEqual(31);
  const folder = mkdtempSync(join(projectRoot, 'client', 'dist', 'test-'));
  writeFileSync(join(folder, 'sample.mjs'), sample);
  const { address, env } = { address: waybill.env.address, env: process.env };
  const settings = {
    ...env,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: waybill.env.namespace ?? 'default',
  };
  const sell = (...args: readonly string[]) =>
    run(process.execPath, [join(folder, 'sample.mjs'), ...args], { env: settings });
  expect((await sell('cart-7', '1000')).stdout).toMatch(/^cart-7 authorized platform/);
  expect((await sell('cart-7', '1000')).stdout).toMatch(/^cart-7 authorized platform/);
  expect((await sell('cart-8', '1')).stdout).toContain('refused money_rule');
  rmSync(folder, { recursive: true });
});
