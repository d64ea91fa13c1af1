import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import { memoryQuery } from '../../../contract/orders.ts';
import type { OutgoingEvent } from '../../../domain/outgoing-events/outgoing-event.ts';
import { announce, nothingPublished } from '../../../domain/outgoing-events/outgoing-events.ts';
import { facts, NOW, orderIn } from '../../support/builders.ts';
import { COMMANDS, useOrderBench, WITHIN } from '../../support/order-bench.ts';

/** Of an order that is authorized and captured with a subscriber: two more than without (test/e2e/cost.test.ts). */
const EVENTS_MAX = 20;

/** As many as an order keeps, and more than one attempt hands over. */
const WAITING = 200;

/** Every attempt to hand events over, and how many more of an order's attempts lose their answer. */
const attempts: OutgoingEvent[] = [];
const lost = new Map<string, number>();
/** What an order's attempts that lose no answer wait for. */
const held = new Map<string, Promise<void>>();

const bench = useOrderBench({
  activities: {
    async publishEvents(events: readonly OutgoingEvent[]) {
      attempts.push(...events);
      const [first] = events;
      const left = lost.get(first?.order.id ?? '') ?? 0;
      if (left === 0) return held.get(first?.order.id ?? '');
      lost.set(first?.order.id ?? '', left - 1);
      throw ApplicationFailure.retryable('the answer was lost');
    },
  },
});

const told = (order: string) =>
  attempts.filter((event) => event.order.id === order).map(({ id, type }) => `${id} ${type}`);

describe.concurrent('an order that somebody wants to be told of', () => {
  it('hands its events over within its own two workflow tasks, for one history event each', async () => {
    const order = await bench.create('announced', { announced: true });
    await order.command('capture-1', COMMANDS.capture);
    expect(told('announced')).toEqual(['evt_announced~1 order.authorized', 'evt_announced~2 order.captured']);
    const events = await order.events();
    expect(events.filter((event) => event.workflowTaskCompletedEventAttributes)).toHaveLength(2);
    expect(events.length).toBeLessThanOrEqual(EVENTS_MAX);
  });

  it('carries out its commands while they cannot be handed over, and hands all of them over later', async () => {
    lost.set('answer-lost', Number.POSITIVE_INFINITY);
    const order = await bench.create('answer-lost', { announced: true });
    const { order: captured } = await order.command('capture-1', COMMANDS.capture);
    expect(captured.payment.status).toBe('captured');
    const { order: refunded } = await order.command('refund-1', COMMANDS.refund);
    expect(refunded.refunds).toHaveLength(1);
    lost.set('answer-lost', 1);
    const all = ['1 order.authorized', '2 order.captured', '3 order.refunded'];
    const ids = all.map((one) => `evt_answer-lost~${one}`);
    // Once in vain, and once for good.
    await vi.waitFor(async () => {
      expect((await order.handle.query(memoryQuery)).announced.unpublished).toBeNull();
    }, WITHIN);
    expect(told('answer-lost').slice(-6)).toEqual([...ids, ...ids]);
    await order.command('transfer-1', { ...COMMANDS.transfer, amount: 1 });
    expect(told('answer-lost').at(-1)).toBe('evt_answer-lost~4 order.transfer_created');
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
    const { order: captured } = await order.command('capture-1', COMMANDS.capture);
    expect(captured.payment.status).toBe('captured');
    // Its own event waits behind the one that is on its way.
    expect(told('slow-news')).toHaveLength(2);
    answer();
    await vi.waitFor(async () => {
      expect((await order.handle.query(memoryQuery)).announced.unpublished).toBeNull();
    }, WITHIN);
    expect(told('slow-news').slice(2)).toEqual(['evt_slow-news~2 order.captured']);
  });

  it('drops none, however many wait: what happens beyond that is found once there is room', async () => {
    const { payment } = bench.stripe.of('flooded');
    bench.stripe.of('flooded').payment = facts('succeeded', { paymentIntent: payment.paymentIntent });
    const before = await bench.create('flooded-before', { terms: { captureMethod: 'automatic' } });
    const memory = await before.handle.query(memoryQuery);
    const captured = announce(nothingPublished(true, 1), orderIn('succeeded'), NOW, false);
    const waiting = Array.from({ length: WAITING }, (_, n) =>
      captured.events.map((event) => ({
        ...event,
        id: `evt_flooded~w${n}`,
        order: { ...event.order, id: 'flooded' },
      })),
    ).flat();
    const unpublished = { events: waiting, tries: 1, againAt: 0 };
    lost.set('flooded', 1);
    const order = await bench.create('flooded', {
      announced: true,
      adopted: true,
      commandId: 'cmd_flooded',
      memory: { ...memory, announced: { ...captured.announced, unpublished } },
    });
    await order.command('refund-1', { ...COMMANDS.refund, amount: 1 });
    await vi.waitFor(async () => {
      expect((await order.handle.query(memoryQuery)).announced.unpublished).toBeNull();
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
      new Set(['evt_ends~1 order.authorized', 'evt_ends~2 order.canceled']),
    );
    expect(lost.get('ends')).toBe(0);
  });

  it('numbers its events beyond those of an earlier life that nobody remembers', async () => {
    await bench.create('taken-over', { announced: true, adopted: true });
    const [only, ...rest] = attempts.filter(({ order }) => order.id === 'taken-over');
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ type: 'order.adopted' });
    expect(only?.order.sequence).toBeGreaterThan(1_000_000_000);
  });

  it('tells nothing that Stripe refused to create, and all that comes with one reading', async () => {
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

  it('says nothing while nobody wants to be told, and then only what is new', async () => {
    const order = await bench.create('unheard');
    expect(told('unheard')).toEqual([]);
    await order.handle.signal('announce');
    await order.command('capture-1', COMMANDS.capture);
    expect(told('unheard')).toEqual(['evt_unheard~2 order.captured']);
  });
});
