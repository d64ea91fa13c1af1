import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { vi } from 'vitest';
import type { OutgoingEvent } from '../../domain/outgoing-events.ts';
import { announce, nothingAnnounced } from '../../domain/outgoing-events.ts';
import type { Findings } from '../../domain/reconciliation.ts';
import { foundOfTransaction, NOTHING_FOUND } from '../../domain/reconciliation.ts';
import { RECONCILIATION_WORKFLOW, reconciledSignal, reconciliationQuery } from '../../workflows/messages.ts';
import { dispute, facts, NOW, orderIn } from './builders.ts';
import type { OrderBench, OrderUnderTest } from './order-bench.ts';
import { COMMANDS, IMPATIENT, resolve, WITHIN } from './order-bench.ts';
import { declinedLeaving, refused } from './scripted-stripe.ts';
import { payTransfer } from './transfer-bench.ts';

/** The server to record on: so few events make an order continue as new. */
export const RECORDING_SERVER = ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=60'];

const card = { type: 'payment_method', id: 'pm_card_mastercard' } as const;
const automatic = { terms: { captureMethod: 'automatic' } } as const;

/** Subscribers take every event but those of the order `event-refused`. */
export const TAKES_EVENTS = {
  publishEvents: async () => undefined,
  async deliverEvent({ event }: { event: OutgoingEvent }) {
    if (event.order.id === 'event-refused')
      throw ApplicationFailure.nonRetryable('answered 410', 'EventEndpointGone');
    return { status: 'delivered', detail: 'answered 204' };
  },
  disableSubscription: async () => undefined,
  announceOpenOrders: async () => undefined,
};

/** Delivers an order's first event. */
async function deliver({ client, taskQueue }: OrderBench, id: string): Promise<WorkflowHandle> {
  const order = orderIn('succeeded', {}, { id });
  const [event] = announce(nothingAnnounced(true, 0), order, NOW, false).events;
  const handle = await client.workflow.start('outgoingEvent', {
    workflowId: `outgoing-event/${event?.id}`,
    taskQueue,
    args: [{ event, subscriptions: ['wes_1', 'wes_2'], giveUpAfterMs: 60_000 }],
  });
  await handle.result();
  return handle;
}

/** One order or transfer of each kind, taken to where its history shows what it is there for. */
export const FLOWS: Readonly<Record<string, (bench: OrderBench, id: string) => Promise<WorkflowHandle>>> = {
  async captured(bench, id) {
    const order = await bench.create(id);
    await order.command('capture-1', COMMANDS.capture);
    return order.handle;
  },
  async 'answer-lost'(bench, id) {
    const order = await bench.create(id);
    order.stripe.steps.push({ lost: 'after' });
    await order.command('capture-1', COMMANDS.capture);
    return order.handle;
  },
  async 'refunded-in-parts'(bench, id) {
    const order = await bench.create(id);
    await order.command('capture-1', { ...COMMANDS.capture, amount: 600 });
    await order.command('refund-1', { ...COMMANDS.refund, amount: 100, reverseTransfer: true });
    await order.command('transfer-1', COMMANDS.transfer);
    await order.command('refund-2', COMMANDS.refund);
    return order.handle;
  },
  async adopted(bench, id) {
    const paid = bench.stripe.of(id);
    paid.payment = facts('succeeded', { paymentIntent: paid.payment.paymentIntent });
    const order = await bench.create(id, { adopted: true });
    await order.command('refund-1', COMMANDS.refund);
    return order.handle;
  },
  async announced(bench, id) {
    const order = await bench.create(id, { announced: true });
    await order.command('capture-1', COMMANDS.capture);
    return order.handle;
  },
  'event-delivered': (bench) => deliver(bench, 'event-delivered'),
  'event-refused': (bench) => deliver(bench, 'event-refused'),
  async 'declined-then-confirmed'(bench, id) {
    const waiting = bench.stripe.of(id);
    waiting.steps.push({ answer: declinedLeaving(waiting.payment) });
    const order = await bench.create(id);
    await order.command('confirm-1', { kind: 'confirm', method: card });
    return order.handle;
  },
  async canceled(bench, id) {
    const order = await bench.create(id);
    await order.command('cancel-1', COMMANDS.cancel);
    return ended(order);
  },
  async refused(bench, id) {
    bench.stripe.of(id).steps.push({ answer: refused });
    return ended(await bench.create(id));
  },
  async 'stuck-then-retried'(bench, id) {
    const order = await bench.create(id);
    order.stripe.steps.push({ attention: 'api_key_expired' });
    await order.command('capture-1', COMMANDS.capture);
    await order.command('resolve-1', resolve('mark_done', 'pi_wrong'));
    await order.command('resolve-2', resolve('retry_with_new_key'));
    return order.handle;
  },
  async 'outage-then-abandoned'(bench, id) {
    const order = await bench.create(id, IMPATIENT);
    order.stripe.down = true;
    await order.command('cancel-1', COMMANDS.cancel);
    order.stripe.down = false;
    await order.command('resolve-1', resolve('abandon'));
    return order.handle;
  },
  async 'steered-by-signals'(bench, id) {
    const order = await bench.create(id);
    await order.handle.signal('capture', { requestId: 'ticket-1', amount: '5' });
    await order.handle.signal('capture', { requestId: 'ticket-2', amount: 500 });
    await order.handle.signal('stripeEvent', { eventId: 'evt_1', eventType: 'charge.updated' });
    await vi.waitFor(async () => {
      if ((await order.known('sig_ticket-2'))?.outcome !== 'done' || order.stripe.reads === 0)
        throw new Error();
    }, WITHIN);
    return order.handle;
  },
  async expired(bench, id) {
    const order = await bench.create(id, { captureWindowMs: 500 });
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('canceled', { paymentIntent, cancellationReason: 'automatic' });
    return ended(order);
  },
  async reauthorized(bench, id) {
    const terms = { onCaptureExpiry: 'reauthorize', source: { customer: 'cus_1', method: null } } as const;
    const order = await bench.create(id, { terms, captureWindowMs: 1_000 });
    await vi.waitFor(async () => {
      if ((await order.order()).captureWindow.cycle === 0) throw new Error();
    }, WITHIN);
    await order.command('capture-1', COMMANDS.capture);
    return order.handle;
  },
  async 'lost-dispute-recovered'(bench, id) {
    const order = await bench.create(id, {
      terms: { captureMethod: 'automatic', onDisputeLost: 'recover' },
    });
    order.stripe.disputes = [dispute()];
    await order.handle.signal('stripeEvent', { eventId: 'evt_1', eventType: 'charge.dispute.created' });
    await vi.waitFor(async () => {
      if ((await order.order()).disputes.length === 0) throw new Error();
    }, WITHIN);
    await order.command('accept-1', { kind: 'accept_dispute' });
    await vi.waitFor(async () => {
      if ((await order.order()).recoveries[0]?.status !== 'recovered') throw new Error();
    }, WITHIN);
    return order.handle;
  },
  async unpaid(bench, id) {
    const waiting = bench.stripe.of(id);
    waiting.steps.push({ answer: declinedLeaving(waiting.payment) });
    return ended(await bench.create(id, { policy: { abandonAfterMs: 500 } }));
  },
  async closed(bench, id) {
    return ended(await bench.create(id, { ...automatic, policy: { openMs: 500 } }));
  },
  async continued(bench, id) {
    const { command, handle } = await bench.create(id, automatic);
    for (let n = 0; n < 8; n++) await command(`refund-${n}`, { ...COMMANDS.refund, amount: 1 });
    return handle;
  },
  async 'transfer-paid'(bench, id) {
    return ended(await payTransfer(bench, id));
  },
  async 'transfer-stuck'(bench, id) {
    bench.stripe.of(id).steps.push({ attention: 'balance_unavailable' });
    const transfer = await payTransfer(bench, id);
    await transfer.decide('resolve-1', resolve('abandon'));
    return ended(transfer);
  },
  async reconciliation({ client, taskQueue }, id) {
    const options = { workflowId: id, taskQueue, args: [], signal: reconciledSignal };
    const report = (to: number, findings: Findings) => ({ from: NOW, to, findings });
    const [differing, well] = [report(NOW, ONE_DIFFERENCE), report(NOW + 1, NOTHING_FOUND)];
    const handle = await client.workflow.signalWithStart(RECONCILIATION_WORKFLOW, {
      ...options,
      signalArgs: [differing],
    });
    await handle.query(reconciliationQuery);
    await handle.signal(reconciledSignal, well);
    await handle.query(reconciliationQuery);
    return handle;
  },
};

const ONE_DIFFERENCE = foundOfTransaction(
  { id: 'txn_1', type: 'charge', currency: 'usd', net: 941, createdAt: NOW },
  { standing: 'unexplained', code: 'foreign_payment', orderId: null },
  { expectedSince: NOW },
);

async function ended({ handle }: Pick<OrderUnderTest, 'handle'>): Promise<WorkflowHandle> {
  await handle.result().catch(() => undefined);
  return handle;
}

type History = temporal.api.history.v1.IHistory;

/** Every run of that workflow, the first one first. */
export async function historiesOf(
  { client }: OrderBench,
  { workflowId }: WorkflowHandle,
): Promise<History[]> {
  const histories: History[] = [];
  const latest = client.workflow.getHandle(workflowId);
  for (let { runId } = await latest.describe(); runId; ) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.unshift(history);
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  }
  return histories;
}

/** How workers name themselves: `4711@some-machine`. */
const PROCESS_AT_HOST = /\b\d+@[A-Za-z0-9_.-]*/g;

/** Keeps a history as a file, without what would tell of the machine that it was recorded on. */
export async function keepHistory(folder: string, name: string, history: History): Promise<void> {
  const json = historyToJSON(history).replaceAll(PROCESS_AT_HOST, 'recorder');
  const told = JSON.parse(json, (key, value: unknown) => (key === 'stackTrace' ? '' : value));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(told, null, 1)}\n`);
}
