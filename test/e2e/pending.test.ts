import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, WITHIN } from './support.ts';

const execute = promisify(execFile);

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 120_000 });
});
afterEach(() => stripeIsBack());
afterAll(() => waybill?.stop());

const NOT_WAITING = { headers: { prefer: 'wait=0' } };

function stripeLosesAnswersOf(path: string): Promise<void> {
  return control(waybill, 'faults', {
    match: { method: 'POST', path, times: 1_000 },
    effect: { status: 429 },
  });
}

async function stripeIsBack(): Promise<void> {
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
}

async function shows(path: string, expected: object): Promise<void> {
  await vi.waitFor(
    async () => expect((await request(waybill, 'GET', path)).body).toMatchObject(expected),
    WITHIN,
  );
}

/** Ids of a list's objects of which an operation is being retried. */
async function pendingIn(path: string, seconds = 0): Promise<string[]> {
  const { status, body } = await request(waybill, 'GET', `${path}?pending_for%5Bgte%5D=${seconds}`);
  expect(status).toBe(200);
  return body.data.map(({ id }: { id: string }) => id);
}

/** Workflows that Temporal finds by the query of `waybill links` for what is pending too long. */
async function foundByLink(minutes: number): Promise<string[]> {
  const bin = join(projectRoot, 'cli', 'bin', 'waybill.mjs');
  const { stdout } = await execute(process.execPath, [bin, 'links', '--pending', `${minutes}`, '--json']);
  const views: { name: string; query: string }[] = JSON.parse(stdout).data;
  const view = views.find(({ name }) => name === `pending for ${minutes} minutes`);
  const found: string[] = [];
  for await (const { workflowId } of waybill.env.client.workflow.list({ query: view?.query ?? '' }))
    found.push(workflowId);
  return found;
}

const RETRIED = {
  since: expect.any(String),
  last_error: { code: 'rate_limit', message: expect.any(String) },
};

it.each([
  ['capture', '/v1/payment_intents/*/capture', 'capture', {}, { status: 'captured' }],
  ['refund', '/v1/refunds', 'refunds', { capture_method: 'automatic' }, { amount_refunded: 1000 }],
])(
  'a %s that is being retried shows in the order, its timeline, Temporal and the list',
  async (operation, path, command, how, done) => {
    const { id } = (await createOrder(waybill, how)).body;
    await stripeLosesAnswersOf(path);
    const asked = await request(waybill, 'POST', `/v1/orders/${id}/${command}`, NOT_WAITING);
    expect(asked.status).toBe(202);

    await shows(`/v1/orders/${id}`, {
      complete: false,
      needs_attention: null,
      pending: {
        ...RETRIED,
        operation,
        attempt: expect.toSatisfy((attempt) => attempt >= 3),
        next_attempt_at: expect.any(String),
      },
    });
    await vi.waitFor(async () => expect(await pendingIn('/v1/orders')).toEqual([id]), WITHIN);
    expect(await pendingIn('/v1/orders', 3_600)).toEqual([]);
    expect(await foundByLink(0)).toEqual([orderWorkflowId(id)]);
    expect(await foundByLink(60)).toEqual([]);
    const timeline = (await request(waybill, 'GET', `/v1/orders/${id}/timeline`)).body.data;
    expect(timeline.at(-1)).toMatchObject({
      name: operation,
      detail: expect.stringContaining('being retried'),
    });
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
    expect(await handle.query<string>('__temporal_workflow_metadata')).toMatchObject({
      currentDetails: expect.stringContaining(`**Pending: ${operation}**`),
    });

    await stripeIsBack();
    await shows(`/v1/orders/${id}`, { ...done, complete: true, pending: null });
    await vi.waitFor(async () => expect(await pendingIn('/v1/orders')).toEqual([]), WITHIN);
  },
);

it('a transfer without an order and a payout show that they are being retried', async () => {
  await stripeLosesAnswersOf('/v1/transfers');
  const transfer = await request(waybill, 'POST', '/v1/transfers', {
    body: { id: 'slow', amount: 100, currency: 'usd', destination: DESTINATION, description: 'goodwill' },
    ...NOT_WAITING,
  });
  expect(transfer.status).toBe(202);
  await shows('/v1/transfers/slow', { status: 'pending', pending: { ...RETRIED, operation: 'transfer' } });
  await vi.waitFor(async () => expect(await pendingIn('/v1/transfers')).toEqual(['slow']), WITHIN);
  await stripeIsBack();
  await shows('/v1/transfers/slow', { pending: null });

  await stripeLosesAnswersOf('/v1/payouts');
  const payouts = `/v1/accounts/${DESTINATION}/payouts`;
  const { body } = await request(waybill, 'POST', payouts, {
    body: { amount: 100, currency: 'usd' },
    ...NOT_WAITING,
  });
  await shows(`${payouts}/${body.id}`, { pending: { ...RETRIED, operation: 'payout' } });
  await vi.waitFor(async () => expect(await pendingIn('/v1/payouts')).toEqual([body.id]), WITHIN);
});

it('an account whose command is being retried shows it', async () => {
  await stripeLosesAnswersOf(`/v1/accounts/${DESTINATION}`);
  await request(waybill, 'POST', `/v1/accounts/${DESTINATION}`, {
    body: { metadata: { shop: '17' } },
    ...NOT_WAITING,
  });
  await shows(`/v1/accounts/${DESTINATION}`, { pending: { ...RETRIED, operation: 'update_account' } });
  await stripeIsBack();
  await shows(`/v1/accounts/${DESTINATION}`, { pending: null });
});

it('a command that was answered 202 and is refused later leaves its refusal in the timeline', async () => {
  const { id } = (await createOrder(waybill)).body;
  await stripeLosesAnswersOf('/v1/payment_intents/*/cancel');
  await request(waybill, 'POST', `/v1/orders/${id}/cancel`, NOT_WAITING);
  const capture = await request(waybill, 'POST', `/v1/orders/${id}/capture`, NOT_WAITING);
  expect(capture.status).toBe(202);
  await stripeIsBack();
  await shows(`/v1/orders/${id}`, { status: 'canceled', complete: true });
  const timeline = (await request(waybill, 'GET', `/v1/orders/${id}/timeline`)).body.data;
  expect(timeline.at(-1)).toMatchObject({
    type: 'command',
    name: 'capture refused',
    actor: 'dev_ops',
    detail: expect.stringContaining('canceled'),
  });
});

it('an order that waits for its customer is not complete', async () => {
  const declined = await createOrder(waybill, { id: 'declined', payment_method: 'pm_card_chargeDeclined' });
  expect(declined.status).toBe(402);
  await shows('/v1/orders/declined', { status: 'requires_payment_method', complete: false });
});
