import { Webhook } from 'standardwebhooks';
import { startReceiver } from '../../event-receiver.ts';
import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { until } from '../until.ts';
import { sold } from './sale.ts';

const DELIVERED_WITHIN_MS = 20_000;

/** A backend service need not poll: it gets signed events, and those that it missed come again. */
export const eventDelivered: Scenario = {
  name: 'event-delivered',
  title: 'a subscriber gets a signed event of a sale, at the second attempt',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { event: 'order.captured', 'attempts under one id': 2, 'signature is good': 'yes' },
  },
  async play(stage) {
    const receiver = await startReceiver();
    receiver.answers.push(503);
    try {
      stage.step('subscribe to order.captured');
      const { id, secret } = await stage.api.subscribe(receiver.url, ['order.captured']);
      const order = await sold(stage);
      stage.step('the receiver refuses once, and gets it again');
      const [first, second] = await until('the event is taken', DELIVERED_WITHIN_MS, async () => {
        const mine = receiver.received.filter(({ body }) => JSON.parse(body).data.id === order.id);
        return mine.length >= 2 ? mine : undefined;
      });
      await stage.api.unsubscribe(id);
      const event = new Webhook(secret).verify(
        second?.body ?? '',
        (second?.headers ?? {}) as Record<string, string>,
      );
      const ids = new Set([first, second].map((one) => one?.headers['webhook-id']));
      return {
        orders: [order],
        facts: {
          event: (event as { type: string }).type,
          'attempts under one id': ids.size === 1 ? 2 : 0,
          'signature is good': 'yes',
        },
      };
    } finally {
      await receiver.stop();
    }
  },
};
