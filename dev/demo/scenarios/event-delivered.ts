import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
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
    try {
      stage.step('subscribe to order.captured');
      const { id, secret } = await stage.api.subscribe(receiver.url, ['order.captured']);
      const order = await sold(stage);
      stage.step('the receiver refuses once, and gets it again');
      const [first, second] = await until('the event is taken', DELIVERED_WITHIN_MS, async () => {
        const mine = receiver.got.filter(({ body }) => JSON.parse(body).data.id === order.id);
        return mine.length >= 2 ? mine : undefined;
      });
      await stage.api.unsubscribe(id);
      const event = new Webhook(secret).verify(second?.body ?? '', second?.headers ?? {});
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
      receiver.stop();
    }
  },
};

/** Refuses the first event that it gets. */
async function startReceiver() {
  const got: { body: string; headers: Record<string, string> }[] = [];
  const server = createServer(async (request, response) => {
    got.push({ body: await text(request), headers: request.headers as Record<string, string> });
    response.writeHead(got.length === 1 ? 503 : 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/`, got, stop };
}
