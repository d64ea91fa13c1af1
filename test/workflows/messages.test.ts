import { WorkflowUpdateFailedError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import { COMMAND_REFUSED } from '../../domain/errors.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { envelope, facts } from '../support/builders.ts';
import type { OrderUnderTest } from '../support/order-bench.ts';
import { COMMANDS, useOrderBench, WITHIN } from '../support/order-bench.ts';

const bench = useOrderBench();

/** What a hand may type by mistake in Temporal's UI or CLI. */
const NONSENSE: readonly unknown[][] = [
  [],
  [null],
  ['all of it'],
  [[]],
  [{}],
  [{ request_id: 7 }],
  [{ command_id: 7, eventId: {}, eventType: 7 }],
];

const STARTED_WITH_INPUT = [
  'order',
  'account',
  'payout',
  'specialCaseTransfer',
  'outgoingEvent',
  'eventReplay',
  'stripeEvent',
  'reconcile',
  'dayBook',
  'webhookTest',
];

/** Without any input each makes one round. */
const STARTED_WITH_ROUNDS = ['sync', 'syncAccounts', 'syncPayouts', 'resume'];

const STARTED = [
  ...STARTED_WITH_INPUT.map((type) => [type, NONSENSE] as const),
  ...STARTED_WITH_ROUNDS.map((type) => [type, NONSENSE.filter((args) => args.length > 0)] as const),
];

describe.concurrent.each(STARTED)(
  'a workflow of type %s that a hand starts with nonsense',
  (type, nonsense) => {
    it.each(nonsense)('fails with the name of the field: %j', async (...args) => {
      const handle = await bench.client.workflow.start(type, {
        workflowId: `nonsense/${type}/${JSON.stringify(args)}`,
        taskQueue: bench.taskQueue,
        args: args as [unknown],
      });
      await expect(handle.result()).rejects.toMatchObject({
        cause: { type: COMMAND_REFUSED, details: [{ code: 'invalid_request', param: expect.any(String) }] },
      });
    });
  },
);

it('a copy of an order’s workflow, started by hand, fails before it asks Stripe for anything', async () => {
  const order = await bench.create('copied');
  await order.command('capture-1', COMMANDS.capture);
  const { calls } = order.stripe;
  const before = calls.length;
  const [started] = await order.events();
  const input = started?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const args = input.map((payload) => defaultPayloadConverter.fromPayload(payload));
  const copy = await bench.client.workflow.start('order', {
    workflowId: 'a0b1c2d3',
    taskQueue: bench.taskQueue,
    args: args as [unknown],
  });
  await expect(copy.result()).rejects.toMatchObject({
    cause: {
      type: COMMAND_REFUSED,
      message: expect.stringContaining('that of the workflow order/copied, and this one is a0b1c2d3'),
      details: [{ code: 'invalid_request', param: 'terms.id' }],
    },
  });
  expect(calls).toHaveLength(before);
});

function sendUpdate({ handle }: OrderUnderTest, name: string, args: readonly unknown[]): Promise<unknown> {
  return handle.executeUpdate<unknown, [unknown]>(name, { args: args as [unknown] });
}

async function expectHealthy(order: OrderUnderTest): Promise<void> {
  expect((await order.command('healthy', COMMANDS.capture)).result.outcome).toBe('done');
  const failed = (await order.events()).filter((event) => event.workflowTaskFailedEventAttributes);
  expect(failed).toEqual([]);
}

describe('a bad signal', () => {
  it.each(['capture', 'cancel', 'refund', 'transfer', 'resolve', 'stripeEvent', 'unheard_of'])(
    '%s never fails the workflow, whatever is in it',
    async (name) => {
      const order = await bench.create(`signal-${name}`);
      for (const args of NONSENSE) await order.handle.signal<unknown[]>(name, ...args);
      await expectHealthy(order);
      const { entries } = await order.timeline();
      const told = entries.filter((entry) => entry.name === `${name} refused`);
      expect(told).toHaveLength(name === 'unheard_of' ? 0 : NONSENSE.length);
    },
  );

  it('is in the timeline, with what is wrong about it and who sent it', async () => {
    const order = await bench.create('told');
    await order.handle.signal('refund', { request_id: 'a', amount: '5' });
    await order.handle.signal('refund', { request_id: 'b', actor: 'ada' });
    const { entries } = await order.timeline();
    expect(entries.slice(-2)).toMatchObject([
      {
        name: 'refund refused',
        actor: 'temporal',
        detail: 'actor is required. amount must be a number, not a string.',
      },
      {
        name: 'refund refused',
        actor: 'ada (via temporal)',
        cause: 'sig_b',
        detail: expect.stringContaining('authorized'),
      },
    ]);
  });
});

describe('a bad update', () => {
  it.each(['authorize', 'confirm', 'capture', 'cancel', 'refund', 'transfer', 'resolve'])(
    '%s is rejected, whatever is in it',
    async (name) => {
      const order = await bench.create(`update-${name}`);
      for (const args of NONSENSE) {
        const update = sendUpdate(order, name, args);
        await expect(update).rejects.toThrow(WorkflowUpdateFailedError);
      }
      await expectHealthy(order);
    },
  );

  it.each([0, -5, 1.5, '5'])('with the amount %j is rejected', async (amount) => {
    const order = await bench.create(`amount-${amount}`);
    const args = [messageOf(envelope('capture-1'), { amount })];
    const update = sendUpdate(order, 'capture', args);
    await expect(update).rejects.toThrow(WorkflowUpdateFailedError);
    await expectHealthy(order);
  });
});

describe('a command with every field that it may have', () => {
  it.each<OrderCommandBody>([
    { kind: 'confirm', payment_method: 'pm_card_visa' },
    { kind: 'confirm', token: 'tok_visa' },
    { kind: 'increment', amount: 2_000, reason: 'a tip' },
    { kind: 'refund', amount: 1, reverse_transfer: true, refund_application_fee: true, reason: 'duplicate' },
    { kind: 'transfer', amount: 1, destination: 'acct_seller', description: 'bonus', reason: 'fast' },
    { kind: 'reverse_transfer', transfer: 'tr_1', amount: 1, reason: 'paid twice' },
    { kind: 'submit_evidence', dispute: 'dp_1', fields: ['receipt'], submit: true, reason: 'it arrived' },
    { kind: 'accept_dispute', dispute: 'dp_1', reason: 'it was broken' },
    { kind: 'resolve', action: 'mark_done', stripe_id: 're_1', reason: 'seen' },
  ])('is understood by the workflow: $kind', async (body) => {
    const order = await bench.create(`whole-${body.kind}-${Object.keys(body).length}-${'token' in body}`);
    const { result } = await order.command('whole', body);
    expect(result.problem?.code).toMatch(/^(state_conflict|not_found)$/);
  });
});

describe('a good signal', () => {
  it('is carried out once, though it is sent twice and together with its update', async () => {
    const order = await bench.create('good-signal', { terms: { captureMethod: 'automatic' } });
    const body = { request_id: 'ticket-4711', amount: 500, reverse_transfer: true, actor: 'ada' };
    await order.handle.signal('refund', body);
    await order.handle.signal('refund', body);
    await sendUpdate(order, 'refund', [body]);
    expect(await order.known('sig_ticket-4711')).toMatchObject({
      outcome: 'done',
      requestId: 'ticket-4711',
    });
    expect(order.stripe.calls.slice(1)).toMatchObject([
      { operation: 'refund', operationId: 'sig_ticket-4711', amount: 500, reverseTransfer: true },
    ]);
    const { entries } = await order.timeline();
    expect(entries.filter(({ cause }) => cause === 'sig_ticket-4711')).toMatchObject([
      { type: 'command', name: 'refund', actor: 'ada (via temporal)' },
      { type: 'stripe_call', name: 'refund', actor: 'ada (via temporal)', detail: 'succeeded' },
    ]);
  });
});

describe('a request id that was used before', () => {
  const [capture, refund] = [
    { request_id: 't-1', actor: 'ada' },
    { request_id: 't-1', actor: 'ada', amount: 500 },
  ];

  it('of a signal is refused for another command, where everybody sees it', async () => {
    const order = await bench.create('reused-by-signal');
    await order.handle.signal('capture', capture);
    await vi.waitFor(async () => expect((await order.order()).payment.status).toBe('captured'), WITHIN);
    await order.handle.signal('refund', refund);
    await vi.waitFor(async () => {
      expect((await order.timeline()).entries.at(-1)).toMatchObject({
        name: 'refund refused',
        actor: 'ada (via temporal)',
        detail: 'The request_id t-1 was used before for another request.',
      });
    }, WITHIN);
    expect((await order.order()).refunds).toEqual([]);
  });

  it('of an update is refused for another command, and the same one gets its first answer', async () => {
    const order = await bench.create('reused-by-update');
    const first = await sendUpdate(order, 'capture', [capture]);
    await expect(sendUpdate(order, 'refund', [refund])).rejects.toMatchObject({
      cause: { type: COMMAND_REFUSED, details: [{ code: 'idempotency_key_reused', param: 'request_id' }] },
    });
    expect(await sendUpdate(order, 'capture', [capture])).toEqual(first);
    expect(order.stripe.calls).toMatchObject([{}, { operation: 'capture' }]);
  });

  it('is not what the next decision is sent with: the payload to copy is new after each', async () => {
    const order = await bench.create('pasted-again');
    order.stripe.steps.push({ attention: 'api_key_expired' }, { attention: 'api_key_expired' });
    await order.command('capture-1', COMMANDS.capture);
    const payload = async () => {
      const { currentDetails = '' } = await order.handle.query<{ currentDetails?: string }, []>(
        '__temporal_workflow_metadata',
      );
      return JSON.parse(/`(\{.*\})`/.exec(currentDetails)?.[1] ?? 'null');
    };
    const first = await payload();
    expect(first).toMatchObject({ action: 'retry' });
    await order.handle.signal('resolve', first);
    await vi.waitFor(async () => expect((await payload()).request_id).not.toBe(first.request_id), WITHIN);
    expect((await order.order()).attention).not.toBeNull();
    await order.handle.signal('resolve', await payload());
    await vi.waitFor(async () => expect((await order.order()).payment.status).toBe('captured'), WITHIN);
  });
});

describe('the reason of a command', () => {
  it('is in the timeline, and not in what Stripe is asked', async () => {
    const order = await bench.create('reasoned');
    const body = { request_id: 'ticket-1', actor: 'ada', reason: 'all of it is shipped' };
    await order.handle.signal('capture', body);
    await vi.waitFor(async () => expect((await order.order()).payment.status).toBe('captured'), WITHIN);
    expect((await order.timeline()).entries).toContainEqual(
      expect.objectContaining({
        type: 'command',
        name: 'capture',
        actor: 'ada (via temporal)',
        detail: body.reason,
      }),
    );
    expect(order.stripe.calls).toMatchObject([{}, { operation: 'capture' }]);
    expect(JSON.stringify(order.stripe.calls)).not.toContain(body.reason);
  });
});

describe('a signal that something happened at Stripe', () => {
  it('leads to one read of the payment for each event', async () => {
    const order = await bench.create('signaled');
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('succeeded', { paymentIntent });
    const event = { eventId: 'evt_1', eventType: 'payment_intent.succeeded' };
    await order.handle.signal(stripeEventSignal, event);
    await order.handle.signal(stripeEventSignal, event);
    await vi.waitFor(async () => expect((await order.order()).payment.status).toBe('captured'), WITHIN);
    expect(order.stripe.reads).toBe(1);
  });

  it('whose read contradicts the known state changes only the timeline', async () => {
    const order = await bench.create('contradicted', { terms: { captureMethod: 'automatic' } });
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('canceled', { paymentIntent });
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'payment_intent.canceled' });
    await vi.waitFor(async () => {
      expect((await order.timeline()).entries.at(-1)).toMatchObject({ type: 'event', name: 'contradiction' });
    }, WITHIN);
    expect((await order.order()).payment.status).toBe('captured');
  });

  it('for a canceled payment does not end an order with a stuck capture, which still waits for an operator', async () => {
    const order = await bench.create('canceled-while-stuck');
    order.stripe.steps.push({ attention: 'api_key_expired' });
    await order.command('capture-1', COMMANDS.capture);
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('canceled', { paymentIntent, cancellationReason: 'automatic' });
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'payment_intent.canceled' });
    await vi.waitFor(async () => expect((await order.order()).payment.status).toBe('expired'), WITHIN);
    expect((await order.handle.describe()).status.name).toBe('RUNNING');
    const abandon = { kind: 'resolve', action: 'abandon', reason: 'expired' } as const;
    expect((await order.command('resolve-1', abandon)).result.outcome).toBe('done');
    expect(await order.handle.result()).toMatchObject({ payment: { status: 'expired' }, attention: null });
  });
});
