import type { Client } from '@temporalio/client';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { EvenPacer } from '../../../activities/shared/even-pacer.ts';
import { resumeAwaiting } from '../../../activities/stripe-events/resume.ts';

/** Temporal with so many orders that wait with a capture; those that are signaled go on, or (`stuck`) do not. */
class Waiting {
  readonly left: Set<string>;
  readonly batches: number[] = [];
  #batch = 0;
  readonly #isStuck: (id: string) => boolean;

  constructor(count: number, isStuck: (id: string) => boolean) {
    this.left = new Set(Array.from({ length: count }, (_, n) => `order/${n}`));
    this.#isStuck = isStuck;
  }

  readonly client = {
    workflow: {
      list: () => this.#list(),
      count: async (query: string) => {
        if (!query.includes('WorkflowId IN')) return { count: this.left.size };
        if (this.#batch > 0) this.batches.push(this.#batch);
        this.#batch = 0;
        return {
          count: [...query.matchAll(/'(order\/\d+)'/g)].filter(([, id = '']) => this.left.has(id)).length,
        };
      },
      getHandle: (id: string) => ({
        signal: async () => {
          this.#batch += 1;
          if (!this.#isStuck(id)) this.left.delete(id);
        },
      }),
    },
  } as unknown as Client;

  listed = 0;

  async *#list() {
    this.listed += 1;
    for (const workflowId of this.left)
      yield { workflowId, typedSearchAttributes: { get: () => ['capture'] } };
  }
}

function resume(waiting: Waiting, ofStripe: () => Promise<object> = async () => ({})) {
  const { signal } = new AbortController();
  const stripe = { events: { list: ofStripe } } as unknown as Stripe;
  return resumeAwaiting({ stripe, temporal: waiting.client, pace: new EvenPacer(10_000, signal), signal });
}

describe.concurrent('a pass over what waits for Stripe', () => {
  it('takes twice as many each time, up to a limit, as long as they go on', async () => {
    const waiting = new Waiting(300, () => false);
    expect(await resume(waiting)).toEqual({ waiting: 300, resumed: 300 });
    expect(waiting.batches).toEqual([2, 4, 8, 16, 32, 64, 64, 64, 46]);
    expect(waiting.left.size).toBe(0);
  });

  it('lists none of it as long as Stripe does not answer', async () => {
    const waiting = new Waiting(300, () => false);
    const away = async () => {
      throw new Stripe.errors.StripeConnectionError({ message: 'no answer' } as never);
    };
    expect(await resume(waiting, away)).toEqual({ waiting: 300, resumed: 0 });
    expect(waiting.listed).toBe(0);
  });

  it('is not stopped by a few that stay stuck', async () => {
    const waiting = new Waiting(100, (id) => id === 'order/7');
    expect(await resume(waiting)).toEqual({ waiting: 100, resumed: 100 });
    expect([...waiting.left]).toEqual(['order/7']);
  });

  it('ends with its first two where both stay stuck', async () => {
    const waiting = new Waiting(100, () => true);
    expect(await resume(waiting)).toEqual({ waiting: 100, resumed: 2 });
  });
});
