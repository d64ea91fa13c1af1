import { expect, it, vi } from 'vitest';
import type { OrderInput } from '../../contract/orders.ts';
import { memoryQuery, ORDER_WORKFLOW } from '../../contract/orders.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { facts } from '../support/builders.ts';
import type { OrderUnderTest } from '../support/order-bench.ts';
import { COMMAND_ID, COMMANDS, resolve, useOrderBench, WITHIN } from '../support/order-bench.ts';
import { continuingAfter } from '../support/server-args.ts';
import { payTransfer } from '../support/transfer-bench.ts';

/** So few events that an order continues as new after a few commands. */
const EVENTS = 40;

const bench = useOrderBench({ serverArgs: continuingAfter(EVENTS) });

async function runOf({ handle }: OrderUnderTest): Promise<string> {
  return (await bench.client.workflow.getHandle(handle.workflowId).describe()).runId;
}

/** Gives back a cent at a time until another run carries the order. */
async function refundUntilContinued(order: OrderUnderTest): Promise<number> {
  const first = await runOf(order);
  let refunds = 0;
  while ((await runOf(order)) === first && refunds < EVENTS) {
    refunds += 1;
    const answer = await order.command(`refund-${refunds}`, { ...COMMANDS.refund, amount: 1 });
    expect(answer.result.outcome).toBe('done');
  }
  return refunds;
}

it('keeps the order, its timeline and its commands, and answers an earlier command’s repeat without a second effect', async () => {
  const order = await bench.create('long', { terms: { captureMethod: 'automatic' } });
  const refunds = await refundUntilContinued(order);
  expect(refunds).toBeLessThan(EVENTS);
  expect((await order.order()).refunds).toHaveLength(refunds);

  const { entries } = await order.timeline();
  expect(entries[0]).toMatchObject({ type: 'command', name: 'authorize', cause: COMMAND_ID });
  expect(entries.filter(({ name, type }) => type === 'command' && name === 'refund')).toHaveLength(refunds);

  const repeated = await order.command('refund-1', { ...COMMANDS.refund, amount: 1 });
  expect(repeated).toMatchObject({ result: { outcome: 'done' }, state: { refunds: { length: refunds } } });
  expect(await order.known(COMMAND_ID)).toMatchObject({ outcome: 'done' });

  const next = await order.command('refund-next', { ...COMMANDS.refund, amount: 1 });
  expect(next.state.refunds).toHaveLength(refunds + 1);
  expect(order.stripe.calls.filter(({ operation }) => operation === 'authorize')).toHaveLength(1);
});

it('carries the memory of a closed order in its state, and no longer in its input', async () => {
  const before = await bench.create('closed', { terms: { captureMethod: 'automatic' } });
  const memory = await before.handle.query(memoryQuery);
  bench.stripe.of('reopened').payment = facts('succeeded', { paymentIntent: 'pi_reopened' });
  const order = await bench.create('reopened', { adopted: true, memory, commandId: 'cmd_reopen' });
  await refundUntilContinued(order);
  const [input] = await argumentsOf(order.handle.workflowId);
  expect(input).toMatchObject({ adopt: { paymentIntent: 'pi_reopened', memory: null } });
  const { entries } = await order.timeline();
  expect(entries.slice(0, memory.timeline.entries.length)).toEqual(memory.timeline.entries);
});

it('keeps what is stuck, and an operator can resolve it in the next run', async () => {
  const order = await bench.create('long-stuck');
  order.stripe.steps.push({ attention: 'api_key_expired' });
  const stuck = await order.command('capture-1', COMMANDS.capture);
  const first = await runOf(order);
  let tries = 0;
  while ((await runOf(order)) === first && tries < EVENTS) {
    tries += 1;
    const wrong = await order.command(`resolve-${tries}`, resolve('mark_done', 'pi_wrong'));
    expect(wrong.result.outcome).toBe('refused');
  }
  expect(tries).toBeLessThan(EVENTS);
  expect((await order.order()).attention).toEqual(stuck.state.attention);
  const resolved = await order.command('resolve-last', resolve('retry'));
  expect(resolved).toMatchObject({ result: { outcome: 'done' }, state: { payment: { status: 'captured' } } });
  expect(await order.known('capture-1')).toMatchObject({ outcome: 'done' });
});

it('loses no command of a burst: each has its effect once, across runs', async () => {
  const order = await bench.create('burst', { terms: { captureMethod: 'automatic' } });
  const first = await runOf(order);
  const ids = Array.from({ length: 30 }, (_, n) => `ticket-${n}`);
  await Promise.all(
    ids.map((request_id) => order.handle.signal('refund', { request_id, actor: 'ada', amount: 1 })),
  );
  await vi.waitFor(async () => expect((await order.order()).refunds).toHaveLength(30), WITHIN);
  expect(order.stripe.runningMax).toBe(1);
  await refundUntilContinued(order);
  expect(await runOf(order)).not.toBe(first);
  expect(new Set(order.stripe.effects.keys()).size).toBe((await order.order()).refunds.length + 1);
});

it('keeps a stuck transfer with no order, which is paid once in the next run', async () => {
  bench.stripe.of('bonus').steps.push({ attention: 'balance_unavailable' });
  const transfer = await payTransfer(bench, 'bonus');
  const latest = () => bench.client.workflow.getHandle(transfer.handle.workflowId).describe();
  const { runId } = await latest();
  let tries = 0;
  while ((await latest()).runId === runId && tries < EVENTS) {
    tries += 1;
    const wrong = await transfer.decide(`resolve-${tries}`, resolve('mark_done', 'tr_wrong'));
    expect(wrong.result.outcome).toBe('refused');
  }
  expect(tries).toBeLessThan(EVENTS);
  const paid = await transfer.decide('resolve-last', resolve('retry'));
  expect(paid).toMatchObject({ result: { outcome: 'done' }, state: { status: 'paid', attention: null } });
  expect(transfer.stripe.effects.size).toBe(1);
  expect(await transfer.handle.result()).toEqual(paid.state);
});

it('waits for a worker that knows its version when a later release carried it over, and loses nothing', async () => {
  const earlier = await bench.create('rolled-back', { terms: { captureMethod: 'automatic' } });
  await refundUntilContinued(earlier);
  const before = await argumentsOf(earlier.handle.workflowId);
  await earlier.handle.terminate();
  const newer = [before[0], { ...(before[1] as object), version: 2 }] as [OrderInput, object];
  const order = await bench.client.workflow.start<(input: OrderInput, carried: object) => Promise<unknown>>(
    ORDER_WORKFLOW,
    { workflowId: orderWorkflowId('rolled-back'), taskQueue: bench.taskQueue, args: newer },
  );
  await vi.waitFor(async () => {
    const { events } = await order.fetchHistory();
    const failed = events?.find((event) => event.workflowTaskFailedEventAttributes);
    expect(failed?.workflowTaskFailedEventAttributes?.failure?.message).toBe(
      'The snapshot "order" has version 2; this worker knows 1 to 1. Deploy the release that wrote it, or a later one.',
    );
  }, WITHIN);
  expect((await order.describe()).status.name).toBe('RUNNING');
  await order.terminate();
});

/** What the latest run of a workflow was started with. */
async function argumentsOf(workflowId: string): Promise<unknown[]> {
  const { events } = await bench.client.workflow.getHandle(workflowId).fetchHistory();
  const { payloads } = events?.[0]?.workflowExecutionStartedEventAttributes?.input ?? {};
  return (payloads ?? []).map(({ data }) => JSON.parse(Buffer.from(data ?? '').toString()));
}
