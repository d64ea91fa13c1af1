import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEventActivities } from '../../../activities/stripe-events/events.ts';
import type { FeedCursor } from '../../../domain/stripe-events/event-lists.ts';
import { createStripeClient } from '../../../stripe/client.ts';
import { NOW } from '../../support/builders.ts';
import { POLICY } from '../../support/waybill.ts';

/** Stripe's list of events, newest first. */
let events: readonly { id: string; type: string }[];
let server: Server;
beforeEach(async () => {
  server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', url: '/v1/events', ...pageOf(request.url ?? '') }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => server.close());

/** As Stripe gives it: behind an event the newer ones next to it, or the older ones. */
function pageOf(url: string) {
  const { searchParams: asked } = new URL(url, 'http://stripe');
  const types = [...asked].flatMap(([name, value]) => (name.startsWith('types[') ? [value] : []));
  const listed = events.filter(({ type }) => types.includes(type));
  const at = (name: string) => listed.findIndex(({ id }) => id === asked.get(name));
  const limit = Number(asked.get('limit'));
  if (asked.has('ending_before')) {
    const newer = listed.slice(0, at('ending_before'));
    return { data: newer.slice(-limit), has_more: newer.length > limit };
  }
  const older = listed.slice(asked.has('starting_after') ? at('starting_after') + 1 : 0);
  return { data: older.slice(0, limit), has_more: older.length > limit };
}

/** An echo of our own request. */
function echo(id: number, type: string, orderId: string) {
  return {
    id: `evt_${id}`,
    object: 'event',
    type,
    created: NOW / 1_000 + id,
    livemode: false,
    request: { id: `req_${id}`, idempotency_key: 'waybill:order:capture:1' },
    data: { object: { id: 'pi_1', object: 'payment_intent', metadata: { waybill_order: orderId } } },
  };
}

/** Orders that show one status after the other, each time somebody looks; what was asked of them. */
async function feed(statuses: readonly string[]) {
  const asked: string[] = [];
  const left = [...statuses];
  const getHandle = (workflowId: string) => ({
    describe: async () => {
      asked.push(`describe ${workflowId}`);
      const status = left.shift() ?? statuses.at(-1);
      return { status: { name: 'RUNNING' }, typedSearchAttributes: { get: () => status } };
    },
    signal: async (_: unknown, { eventType }: { eventType: string }) => {
      asked.push(`signal ${workflowId} ${eventType}`);
    },
  });
  const { port } = server.address() as AddressInfo;
  const { feedEvents } = createEventActivities({
    stripe: createStripeClient({ secretKey: 'sk_test_1', apiBase: `http://127.0.0.1:${port}` }),
    temporal: { workflow: { getHandle } } as unknown as Client,
    taskQueue: 'none',
    livemode: false,
    policy: { ...POLICY, onDisputeLost: 'bear' },
    subscriptions: { list: async () => [] },
    now: () => NOW,
  });
  let cursor: FeedCursor | null = null;
  for (let isNewRound = true, hasMore = true; hasMore; isNewRound = false)
    ({ cursor, hasMore } = await feedEvents({ cursor, isNewRound }));
  return asked;
}

it('an order is looked at once for all the echoes of one page that it has shown', async () => {
  events = [
    echo(4, 'charge.updated', 'a'),
    echo(3, 'payment_intent.succeeded', 'a'),
    echo(2, 'payment_intent.succeeded', 'b'),
    echo(1, 'payment_intent.amount_capturable_updated', 'a'),
  ];
  expect(await feed(['captured'])).toEqual(['describe order/a', 'describe order/b']);
});

it('and again where what it showed does not cover a later one', async () => {
  events = [
    echo(2, 'payment_intent.succeeded', 'a'),
    echo(1, 'payment_intent.amount_capturable_updated', 'a'),
  ];
  expect(await feed(['authorized', 'authorized'])).toEqual([
    'describe order/a',
    'describe order/a',
    'signal order/a payment_intent.succeeded',
  ]);
});

/** One made by somebody else. */
function news(id: number) {
  return { ...echo(id, 'charge.refunded', `${id}`), request: null };
}

it('a first look finds all that has happened in the last minutes, and is through with it', async () => {
  events = Array.from({ length: 250 }, (_, n) => news(250 - n));
  const asked = await feed(['captured']);
  expect(asked.filter((what) => what.startsWith('signal'))).toEqual(
    Array.from({ length: 250 }, (_, n) => `signal order/${n + 1} charge.refunded`),
  );
});

it('a first look goes back no further than the page that has what is ten minutes old', async () => {
  events = Array.from({ length: 250 }, (_, n) => ({ ...news(250 - n), created: NOW / 1_000 - 10 * n }));
  const asked = await feed(['captured']);
  expect(asked.filter((what) => what.startsWith('signal'))).toHaveLength(100);
});
