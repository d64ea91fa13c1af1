import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OUTGOING_EVENT_WORKFLOW } from '../../contract/outgoing-events.ts';
import { NEEDS_ATTENTION } from '../../contract/search-attribute-keys.ts';
import type { Received, Receiver } from '../../dev/event-receiver.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import { announce, nothingPublished } from '../../domain/outgoing-events/announce.ts';
import {
  EVENT_SUBSCRIPTIONS_WORKFLOW_ID,
  outgoingEventWorkflowId,
} from '../../domain/outgoing-events/event-ids.ts';
import { orderEvents } from '../../domain/outgoing-events/order-events.ts';
import { SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { NOW, orderIn } from '../support/builders.ts';
import type { Waybill } from '../support/waybill.ts';
import { EVENTS, request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, WITHIN } from './support.ts';

let waybill: Waybill;
let receivers: Receiver[] = [];
beforeAll(async () => {
  waybill = await startWaybill();
});
afterEach(async () => {
  // Behind a backlog it may be refused at first.
  const subscriptions = await vi.waitFor(async () => {
    const { status, body } = await request(waybill, 'GET', '/v1/event_subscriptions');
    expect(status).toBe(200);
    return body.data as { id: string }[];
  }, WITHIN);
  for (const { id } of subscriptions) await request(waybill, 'DELETE', `/v1/event_subscriptions/${id}`);
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  receivers = [];
});
afterAll(() => waybill?.stop());

async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  receivers.push(started);
  return started;
}

async function subscribe(url: string, body: Record<string, unknown> = {}) {
  const answer = await request(waybill, 'POST', '/v1/event_subscriptions', { body: { url, ...body } });
  expect(answer.status).toBe(201);
  return answer.body as { id: string; secret: string };
}

async function delivered(id: string, within = WITHIN): Promise<void> {
  await vi.waitFor(async () => {
    const { body } = await request(waybill, 'GET', `/v1/events/${id}`);
    expect(body.deliveries).toMatchObject([{ status: 'delivered' }]);
  }, within);
}

const typesOf = (received: readonly Received[], order: string): string[] =>
  received.map(({ body }) => JSON.parse(body)).flatMap(({ type, data }) => (data.id === order ? [type] : []));

describe('a subscriber', () => {
  it('gets an order’s events in sequence, signed by Standard Webhooks', async () => {
    const { url, received } = await receiver();
    const { secret } = await subscribe(url);
    await createOrder(waybill, { id: 'told', transfer_amount: 500 });
    await request(waybill, 'POST', '/v1/orders/told/capture');
    const { body: order } = await request(waybill, 'POST', '/v1/orders/told/refunds', {
      body: { amount: 100 },
    });
    await request(waybill, 'POST', '/v1/orders/told/transfers', { body: { amount: 5, description: 'more' } });
    const expected = ['order.authorized', 'order.captured', 'order.refunded', 'order.transfer_created'];
    await vi.waitFor(() => expect(typesOf(received, 'told')).toEqual(expected), WITHIN);

    const webhook = new Webhook(secret);
    const told = received.map(({ headers, body }) => webhook.verify(body, headers as Record<string, string>));
    expect(told.filter((one) => (one as { data: { id: string } }).data.id === 'told')[2]).toMatchObject({
      type: 'order.refunded',
      timestamp: expect.stringMatching(/Z$/),
      data: {
        id: 'told',
        object: 'order',
        status: 'captured',
        amount_refunded: 100,
        subject: order.refunds[0].id,
        sequence: 3,
      },
    });
    await vi.waitFor(async () => {
      const { body: list } = await request(waybill, 'GET', '/v1/events?order=told&limit=2', { as: 'read' });
      expect(list).toMatchObject({
        has_more: true,
        data: [
          { id: 'evt_order~told~4', type: 'order.transfer_created', deliveries: [{ status: 'delivered' }] },
          { id: 'evt_order~told~3' },
        ],
      });
    }, WITHIN);
    const { body: refunds } = await request(waybill, 'GET', '/v1/events?order=told&type=order.refunded');
    expect(refunds.data.map(({ id }: { id: string }) => id)).toEqual(['evt_order~told~3']);
  });

  it('gets only the types it asked for, also of orders that are older than it', async () => {
    await createOrder(waybill, { id: 'before' });
    const { url, received } = await receiver();
    await subscribe(url, { events: ['order.canceled'] });
    await vi.waitFor(async () => {
      const { published } = await waybill.env.client.workflow.getHandle('order/before').query<{
        published: { wanted: boolean };
      }>('memory');
      expect(published.wanted).toBe(true);
    }, WITHIN);
    await request(waybill, 'POST', '/v1/orders/before/cancel');
    await vi.waitFor(() => expect(typesOf(received, 'before')).toEqual(['order.canceled']), WITHIN);
  });

  it('gets an event again, under the same id, until it takes it', async () => {
    const { url, received, answers } = await receiver();
    await subscribe(url);
    const before = received.length;
    answers.push(500, 'never', 503);
    await createOrder(waybill, { id: 'again', capture_method: 'automatic' });
    await delivered('evt_order~again~1');
    const ids = received.slice(before).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(Array.from({ length: 4 }, () => 'evt_order~again~1'));
  });

  it('gets what happens to an authorization, and when everything is settled', async () => {
    const { url, received } = await receiver();
    await subscribe(url);
    await control(waybill, 'settings', { multicapture: true, incremental_authorization: true });
    const asked = { request_multicapture: true, request_incremental_authorization: true };
    await createOrder(waybill, { id: 'parts', ...asked });
    for (const [command, body] of [
      ['increment', { amount: 1500 }],
      ['capture', { amount: 300, final: false }],
      ['capture', {}],
    ] as const) {
      const { status } = await request(waybill, 'POST', `/v1/orders/parts/${command}`, { body });
      expect(status).toBe(200);
    }
    const expected = ['authorized', 'authorization_updated', 'partially_captured', 'captured'];
    await vi.waitFor(
      () => expect(typesOf(received, 'parts')).toEqual(expected.map((type) => `order.${type}`)),
      WITHIN,
    );
    await createOrder(waybill, { id: 'async', capture_method: 'automatic_async' });
    await vi.waitFor(
      () => expect(typesOf(received, 'async')).toEqual(['order.captured', 'order.completed']),
      WITHIN,
    );
    const told = received.map(({ body }) => JSON.parse(body).data).filter(({ id }) => id === 'async');
    expect(told.map(({ complete }) => complete)).toEqual([false, true]);
  });

  it('has an event’s retries counted from its own first failure, not from its wait for the event before', async () => {
    const { url, answers, received } = await receiver();
    await subscribe(url);
    // The first event takes four of these while the second waits for it.
    answers.push(500, 500, 500, 204, ...Array.from({ length: 30 }, () => 500));
    await createOrder(waybill, { id: 'waited' });
    await request(waybill, 'POST', '/v1/orders/waited/capture');
    const second = waybill.env.client.workflow.getHandle(outgoingEventWorkflowId('evt_order~waited~2'));
    await vi.waitFor(async () => {
      const [pending] = (await second.describe()).raw.pendingActivities ?? [];
      const posts = received.filter(({ headers }) => headers['webhook-id'] === 'evt_order~waited~2').length;
      expect(posts).toBeGreaterThan(0);
      expect(pending?.attempt).toBe(posts + 1);
    }, WITHIN);
  });

  it('is not held up by another receiver that never answers', async () => {
    const [slow, fast] = [await receiver(), await receiver()];
    const { id: toSlow } = await subscribe(slow.url);
    const { id: toFast } = await subscribe(fast.url);
    const backlog = 400;
    slow.answers.push(...Array.from({ length: backlog }, () => 'never' as const));
    const [event] = announce(
      orderEvents(false),
      nothingPublished(orderEvents(false), true, 0),
      orderIn('succeeded', {}, { id: 'beside' }),
      NOW,
    ).events;
    await waybill.env.client.workflow.start(OUTGOING_EVENT_WORKFLOW, {
      workflowId: outgoingEventWorkflowId('evt_order~beside~1'),
      taskQueue: 'waybill',
      args: [
        {
          event,
          subscriptions: [...Array.from({ length: backlog }, () => toSlow), toFast],
          giveUpAfterMs: 60_000,
        },
      ],
    });
    await vi.waitFor(() => expect(typesOf(fast.received, 'beside')).toHaveLength(1), WITHIN);
    expect(slow.received.length).toBeLessThan(backlog / 2);
  });

  it.each<[string, (to: Receiver) => 302 | 404 | 410 | { redirectTo: string }]>([
    ['that redirects', ({ port }) => ({ redirectTo: `http://127.0.0.1:${port}/elsewhere` })],
    ['that does not know the path', () => 404],
    ['that says it is gone', () => 410],
  ])(
    '%s is disabled with attention once its events are given up, and enabled by an operator',
    async (_, answer) => {
      const to = await receiver();
      const { id } = await subscribe(to.url);
      to.answers.push(...Array.from({ length: 50 }, () => answer(to)));
      await createOrder(waybill, { capture_method: 'automatic' });
      const subscription = async () => {
        const { body } = await request(waybill, 'GET', '/v1/event_subscriptions');
        return body.data.find((one: { id: string }) => one.id === id);
      };
      await vi.waitFor(async () => {
        const shown = await subscription();
        // On a busy machine an event may be given up before its first attempt has ended.
        if (shown.disabled?.reason.includes('timeout')) {
          await request(waybill, 'POST', `/v1/event_subscriptions/${id}/enable`);
          await createOrder(waybill, { capture_method: 'automatic' });
        }
        expect(shown).toMatchObject({
          status: 'disabled',
          disabled: { reason: expect.stringMatching(/answered \d{3}/) },
        });
      }, WITHIN);
      const hub = waybill.env.client.workflow.getHandle(EVENT_SUBSCRIPTIONS_WORKFLOW_ID);
      expect((await hub.describe()).typedSearchAttributes.get(NEEDS_ATTENTION)).toBe(true);
      expect(await request(waybill, 'POST', `/v1/event_subscriptions/${id}/enable`)).toMatchObject({
        body: { status: 'enabled', disabled: null },
      });
      expect((await hub.describe()).typedSearchAttributes.get(NEEDS_ATTENTION)).toBe(false);
      expect(to.received.every(({ headers }) => headers['webhook-id'])).toBe(true);
    },
  );

  it('that is disabled finds missed events in the list, and gets them once it is enabled', async () => {
    const to = await receiver();
    const { id } = await subscribe(to.url);
    // The first is still being tried when it is disabled.
    to.answers.push(500, ...Array.from({ length: 20 }, () => 410));
    await createOrder(waybill, { id: 'tried', capture_method: 'automatic' });
    await createOrder(waybill, { id: 'refused', capture_method: 'automatic' });
    const { disabled } = await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', '/v1/event_subscriptions');
      expect(body.data[0].disabled).not.toBeNull();
      return body.data[0];
    }, WITHIN);
    await createOrder(waybill, { id: 'missed', capture_method: 'automatic' });
    const since = new Date(Date.parse(disabled.at) - EVENTS.giveUpAfterMs).toISOString();
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', `/v1/events?created[gte]=${since}`);
      const missed = body.data.flatMap((event: { id: string; deliveries: Record<string, string>[] }) =>
        event.deliveries
          .filter(({ subscription, status }) => subscription === id && /failed|skipped/.test(`${status}`))
          .map(() => event.id),
      );
      expect(missed).toEqual(['evt_order~missed~1', 'evt_order~refused~1', 'evt_order~tried~1']);
    }, WITHIN);
    to.answers.length = 0;
    const replay = (body: object) =>
      request(waybill, 'POST', '/v1/events/evt_order~missed~1/replay', { body });
    for (const body of [{}, { subscription: id }]) {
      expect(await replay(body)).toMatchObject({ status: 409, body: { param: 'subscription' } });
    }
    await request(waybill, 'POST', `/v1/event_subscriptions/${id}/enable`);
    expect(await replay({ subscription: id })).toMatchObject({ status: 202 });
    await vi.waitFor(() => expect(typesOf(to.received, 'missed')).toEqual(['order.captured']), WITHIN);
  });

  it('gets an event again when an operator asks for it, once for each key', async () => {
    const { url, received } = await receiver();
    await subscribe(url);
    await createOrder(waybill, { id: 'replayed', capture_method: 'automatic' });
    await vi.waitFor(() => expect(typesOf(received, 'replayed')).toHaveLength(1), WITHIN);
    // As a client does where no worker answers in time.
    const replay = (key: string, body: object = {}) =>
      vi.waitFor(async () => {
        const path = '/v1/events/evt_order~replayed~1/replay';
        const answer = await request(waybill, 'POST', path, { key, body });
        expect(answer.status).not.toBe(503);
        return answer;
      }, WITHIN);
    for (const [key, isRepeat] of [
      ['replay-1', null],
      ['replay-1', 'true'],
      ['replay-2', null],
    ] as const) {
      const answer = await replay(key);
      expect(answer).toMatchObject({ status: 202, body: { id: 'evt_order~replayed~1' } });
      expect(answer.headers.get('Idempotent-Replayed')).toBe(isRepeat);
    }
    const nobody = { subscription: 'wes_0123456789abcdef01234567' };
    expect(await replay('replay-1', nobody)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await replay('replay-3', nobody)).toMatchObject({ status: 404, body: { param: 'subscription' } });
    const { id: other } = await subscribe((await receiver()).url);
    const atOnce = await Promise.all([{}, { subscription: other }].map((body) => replay('replay-4', body)));
    expect(atOnce.map(({ status }) => status).toSorted()).toEqual([202, 422]);
    await request(waybill, 'DELETE', `/v1/event_subscriptions/${other}`);
    await vi.waitFor(() => expect(typesOf(received, 'replayed').length).toBeGreaterThanOrEqual(3), WITHIN);
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', '/v1/events?order=replayed');
      expect(body.data).toHaveLength(1);
    }, WITHIN);
  });

  it('finds both signatures while its secret is rotated, or only the new one if it asks for that', async () => {
    const { url, received } = await receiver();
    const { id, secret: old } = await subscribe(url);
    const rotate = async (seconds: number): Promise<string> => {
      const { body } = await request(waybill, 'POST', `/v1/event_subscriptions/${id}/rotate_secret`, {
        body: { overlap_seconds: seconds },
      });
      return body.secret;
    };
    const verifiedBy = async (order: string, secrets: readonly string[]): Promise<boolean[]> => {
      await createOrder(waybill, { id: order, capture_method: 'automatic' });
      await vi.waitFor(() => expect(typesOf(received, order)).toHaveLength(1), WITHIN);
      const { headers, body } = received.find((one) => one.body.includes(`"${order}"`)) as Received;
      return secrets.map((secret) => {
        try {
          return Boolean(new Webhook(secret).verify(body, headers as Record<string, string>));
        } catch {
          return false;
        }
      });
    };
    const second = await rotate(60);
    expect(await verifiedBy('rotating', [old, second])).toEqual([true, true]);
    const third = await rotate(0);
    expect(await verifiedBy('rotated', [old, second, third])).toEqual([false, false, true]);
    const { body } = await request(waybill, 'GET', '/v1/event_subscriptions');
    expect(JSON.stringify(body)).not.toContain('whsec_');
  });
});

describe('a subscription', () => {
  it('is answered once every process knows of it, also those that have just read that there is none', async () => {
    const elsewhere = new SubscriptionDirectory(waybill.env.client);
    expect(await elsewhere.list()).toEqual([]);
    const { url } = await receiver();
    const { id } = await subscribe(url);
    expect(await elsewhere.list()).toMatchObject([{ id }]);
  });

  it('is created once for a key, and not for another URL', async () => {
    const make = (url: string) =>
      request(waybill, 'POST', '/v1/event_subscriptions', { body: { url }, key: 'one-subscription' });
    const first = await make('https://example.com/hook');
    const again = await make('https://example.com/hook');
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await make('https://example.com/other')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it.each([
    ['over plain HTTP', { url: 'http://example.com/' }, 'url'],
    ['to a metadata service', { url: 'https://169.254.169.254/latest' }, 'url'],
    ['to a private network', { url: 'https://10.0.0.1/' }, 'url'],
    ['to a mapped address', { url: 'https://[::ffff:192.168.0.1]/' }, 'url'],
    ['to a unique local address', { url: 'https://[fd00::1]/' }, 'url'],
    ['to a private network in octal', { url: 'https://012.0.0.1/' }, 'url'],
    ['to a metadata service in hexadecimal', { url: 'https://0xa9fea9fe/' }, 'url'],
    ['to a private network as one number', { url: 'https://167772161/' }, 'url'],
    ['with a password', { url: 'https://a:b@example.com/' }, 'url'],
    ['to no URL', { url: 'example' }, 'url'],
    ['for an unknown event', { url: 'https://example.com/', events: ['order.sent'] }, 'events[0]'],
    ['for nothing', { url: 'https://example.com/', events: [] }, 'events'],
  ])('%s is refused', async (_, body, param) => {
    expect(await request(waybill, 'POST', '/v1/event_subscriptions', { body })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param },
    });
  });

  it('that does not exist cannot be changed, and only operators may change one', async () => {
    const id = 'wes_0123456789abcdef01234567';
    for (const [method, path] of [
      ['DELETE', ''],
      ['POST', '/enable'],
      ['POST', '/rotate_secret'],
    ] as const) {
      const url = `/v1/event_subscriptions/${id}${path}`;
      expect(await request(waybill, method, url)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await request(waybill, method, url, { as: 'service' })).toMatchObject({ status: 403 });
    }
    expect(await request(waybill, 'GET', '/v1/events/evt_order~none~1')).toMatchObject({ status: 404 });
  });
});
