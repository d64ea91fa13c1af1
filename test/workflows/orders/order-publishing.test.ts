import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import { memoryQuery } from '../../../contract/orders.ts';
import { announce, nothingPublished } from '../../../domain/outgoing-events/announce.ts';
import { orderEvents } from '../../../domain/outgoing-events/order-events.ts';
import type { OutgoingEvent } from '../../../domain/outgoing-events/outgoing-event.ts';
import { facts, NOW, orderIn } from '../../support/builders.ts';
import { COMMANDS, useOrderBench, WITHIN } from '../../support/order-bench.ts';

/** Of an order that is authorized and captured with a subscriber: two more than without (test/e2e/cost.test.ts). */
const EVENTS_MAX = 20;

/** As many as an order keeps, and more than one attempt hands over. */
const WAITING = 200;

/** Every attempt to hand events over, and how many more of an order's attempts lose their answer. */
const attempts: OutgoingEvent[] = [];
const lost = new Map<string, number>();
/** By what the number of an order's first event is taken. */
const taken = new Map<string, 'earlier_object' | 'lost_task'>();
/** What an order's attempts that lose no answer wait for. */
const held = new Map<string, Promise<void>>();

const bench = useOrderBench({
  activities: {
    async publishEvents(events: readonly OutgoingEvent[]) {
      attempts.push(...events);
      const [first] = events;
      const left = lost.get(first?.data.id ?? '') ?? 0;
      const by = taken.get(first?.data.id ?? '');
      if (by && first?.data.sequence === 1) return { index: 0, by };
      if (left === 0) return held.get(first?.data.id ?? '');
      lost.set(first?.data.id ?? '', left - 1);
      throw ApplicationFailure.retryable('the answer was lost');
    },
  },
});

const told = (order: string) =>
  attempts.filter((event) => event.data.id === order).map(({ id, type }) => `${id} ${type}`);

describe.concurrent('an order with a subscriber', () => {
  it('hands its events over within its own two workflow tasks, for one history event each', async () => {
    const order = await bench.create('announced', { announced: true });
    await order.command('capture-1', COMMANDS.capture);
    expect(told('announced')).toEqual([
      'evt_order~announced~1 order.authorized',
      'evt_order~announced~2 order.captured',
    ]);
    const events = await order.events();
    expect(events.filter((event) => event.workflowTaskCompletedEventAttributes)).toHaveLength(2);
    expect(events.length).toBeLessThanOrEqual(EVENTS_MAX);
  });

  it('carries out its commands while they cannot be handed over, and hands all of them over later', async () => {
    lost.set('answer-lost', Number.POSITIVE_INFINITY);
    const order = await bench.create('answer-lost', { announced: true });
    const { state: captured } = await order.command('capture-1', COMMANDS.capture);
    expect(captured.payment.status).toBe('captured');
    const { state: refunded } = await order.command('refund-1', COMMANDS.refund);
    expect(refunded.refunds).toHaveLength(1);
    lost.set('answer-lost', 1);
    const all = ['1 order.authorized', '2 order.captured', '3 order.refunded'];
    const ids = all.map((one) => `evt_order~answer-lost~${one}`);
    // Once in vain, and once for good.
    await vi.waitFor(async () => {
      expect((await order.handle.query(memoryQuery)).published.unpublished).toBeNull();
    }, WITHIN);
    expect(told('answer-lost').slice(-6)).toEqual([...ids, ...ids]);
    await order.command('transfer-1', { ...COMMANDS.transfer, amount: 1 });
    expect(told('answer-lost').at(-1)).toBe('evt_order~answer-lost~4 order.transfer_created');
    expect(told('answer-lost').at(-2)).toBe(ids[2]);
  });

  it('carries out a command while they are being handed over', async () => {
    lost.set('slow-news', 1);
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    held.set('slow-news', answered);
    const order = await bench.create('slow-news', { announced: true });
    await vi.waitFor(() => expect(told('slow-news')).toHaveLength(2), WITHIN);
    const { state: captured } = await order.command('capture-1', COMMANDS.capture);
    expect(captured.payment.status).toBe('captured');
    // Its own event waits behind the one that is on its way.
    expect(told('slow-news')).toHaveLength(2);
    answer();
    await vi.waitFor(async () => {
      expect((await order.handle.query(memoryQuery)).published.unpublished).toBeNull();
    }, WITHIN);
    expect(told('slow-news').slice(2)).toEqual(['evt_order~slow-news~2 order.captured']);
  });

  it.each([
    ['lost_task' as const, 'the next number', (sequence: number) => expect(sequence).toBe(2)],
    ['earlier_object' as const, 'seconds', (sequence: number) => expect(sequence).toBeGreaterThan(1e9)],
  ])('numbers an event whose number is taken by (%s) anew, from %s', async (by, _, isRight) => {
    const id = by.replaceAll('_', '-');
    taken.set(id, by);
    const order = await bench.create(id, { announced: true });
    await vi.waitFor(async () => {
      expect((await order.handle.query(memoryQuery)).published.unpublished).toBeNull();
    }, WITHIN);
    const [first, again] = attempts.filter(({ data }) => data.id === id);
    expect(again).toMatchObject({
      type: 'order.authorized',
      data: { ...first?.data, sequence: expect.any(Number) },
    });
    const { sequence } = again?.data ?? { sequence: 0 };
    isRight(sequence);
    expect(again?.id).toBe(`evt_order~${id}~${sequence}`);
    await order.command('capture-1', COMMANDS.capture);
    expect(told(id).at(-1)).toBe(`evt_order~${id}~${sequence + 1} order.captured`);
  });

  it('drops none, however many wait: later changes are found once there is room', async () => {
    const { payment } = bench.stripe.of('flooded');
    bench.stripe.of('flooded').payment = facts('succeeded', { paymentIntent: payment.paymentIntent });
    const before = await bench.create('flooded-before', { terms: { captureMethod: 'automatic' } });
    const memory = await before.handle.query(memoryQuery);
    const captured = announce(
      orderEvents(false),
      nothingPublished(orderEvents(false), true, 1),
      orderIn('succeeded'),
      NOW,
    );
    const waiting = Array.from({ length: WAITING }, (_, n) =>
      captured.events.map((event) => ({
        ...event,
        id: `evt_order~flooded~w${n}`,
        data: { ...event.data, id: 'flooded' },
      })),
    ).flat();
    const unpublished = { events: waiting, tries: 1, againAt: 0 };
    lost.set('flooded', 1);
    const order = await bench.create('flooded', {
      announced: true,
      adopted: true,
      commandId: 'cmd_flooded',
      memory: { ...memory, published: { ...captured.published, unpublished } },
    });
    await order.command('refund-1', { ...COMMANDS.refund, amount: 1 });
    await vi.waitFor(async () => {
      expect((await order.handle.query(memoryQuery)).published.unpublished).toBeNull();
    }, WITHIN);
    expect(told('flooded')).toEqual(expect.arrayContaining(waiting.map(({ id, type }) => `${id} ${type}`)));
    expect(told('flooded').at(-1)).toMatch(/order\.refunded$/);
  });

  it('does not end before they are handed over', async () => {
    lost.set('ends', 2);
    const order = await bench.create('ends', { announced: true });
    await order.command('cancel-1', COMMANDS.cancel);
    await order.handle.result();
    expect(new Set(told('ends'))).toEqual(
      new Set(['evt_order~ends~1 order.authorized', 'evt_order~ends~2 order.canceled']),
    );
    expect(lost.get('ends')).toBe(0);
  });

  it('waits for its next attempt to hand them over where it is time to close, and then closes', async () => {
    lost.set('closes', 1);
    const order = await bench.create('closes', {
      announced: true,
      terms: { captureMethod: 'automatic' },
      policy: { openMs: 1 },
    });
    await order.handle.result();
    expect(told('closes')).toEqual([
      'evt_order~closes~1 order.captured',
      'evt_order~closes~1 order.captured',
    ]);
    const failedTasks = (await order.events()).filter((event) => event.workflowTaskFailedEventAttributes);
    expect(failedTasks).toEqual([]);
  });

  it('numbers its events above those of an earlier run that Temporal has forgotten', async () => {
    await bench.create('taken-over', { announced: true, adopted: true });
    const [only, ...rest] = attempts.filter(({ data }) => data.id === 'taken-over');
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ type: 'order.adopted' });
    expect(only?.data.sequence).toBeGreaterThan(1_000_000_000);
  });

  it('publishes nothing if Stripe refused to create it, and everything that one read shows', async () => {
    const { stripe } = bench;
    stripe.of('never-made').steps.push({
      answer: {
        type: 'refused',
        stripeRequestId: null,
        payment: null,
        problem: { code: 'stripe_refused', detail: 'No.' },
      },
    });
    await bench.create('never-made', { announced: true });
    expect(told('never-made')).toEqual([]);
  });

  it('publishes nothing without a subscriber, and then only what is new', async () => {
    const order = await bench.create('unheard');
    expect(told('unheard')).toEqual([]);
    await order.handle.signal('announce');
    await order.command('capture-1', COMMANDS.capture);
    expect(told('unheard')).toEqual(['evt_order~unheard~2 order.captured']);
  });
});
