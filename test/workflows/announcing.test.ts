import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingEvent } from '../../domain/outgoing-events.ts';
import type { OrderBench } from '../support/order-bench.ts';
import { COMMANDS, startOrderBench } from '../support/order-bench.ts';
import { startTestServer } from '../support/temporal.ts';

/** Of an order that is authorized and captured with a subscriber: two more than without (test/e2e/cost.test.ts). */
const EVENTS_MAX = 20;

let env: TestWorkflowEnvironment;
let bench: OrderBench;
/** Every attempt to hand events over, and how many more of an order's attempts lose their answer. */
const attempts: OutgoingEvent[] = [];
const lost = new Map<string, number>();

beforeAll(async () => {
  env = await startTestServer();
  bench = await startOrderBench(env, {
    async publishEvents(events: readonly OutgoingEvent[]) {
      attempts.push(...events);
      const [first] = events;
      const left = lost.get(first?.order.id ?? '') ?? 0;
      if (left === 0) return;
      lost.set(first?.order.id ?? '', left - 1);
      throw ApplicationFailure.retryable('the answer was lost');
    },
  });
});
afterAll(async () => {
  await bench?.stop();
  await env?.teardown();
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

  it('hands them over again under the same ids when the answer is lost', async () => {
    lost.set('answer-lost', 3);
    const order = await bench.create('answer-lost', { announced: true });
    await order.command('capture-1', COMMANDS.capture);
    const [first, ...later] = told('answer-lost');
    expect(first).toBe('evt_answer-lost~1 order.authorized');
    expect(later.slice(0, 3)).toEqual([first, first, first]);
    expect(later.slice(3)).toEqual(['evt_answer-lost~2 order.captured']);
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
