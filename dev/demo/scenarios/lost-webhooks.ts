import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { until } from '../until.ts';
import { sale } from './sale.ts';

/** The demo looks for missed events every other second; and a busy machine. */
const NOTICED_WITHIN_MS = 15_000;

/** Somebody captures past Waybill, and Stripe's webhooks of it are lost: the list of events still has it. */
export const lostWebhooks: Scenario = {
  name: 'lost-webhooks',
  title: 'captured in the Dashboard, and every webhook of it lost',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { 'status first': 'authorized', 'webhooks of the capture lost': 1, status: 'captured' },
  },
  async play(stage) {
    const { api, sandbox, step } = stage;
    const type = 'payment_intent.succeeded';
    const lostBefore = await sandbox.webhooksLost(type);
    step('authorize 10.00; from here on no webhook arrives');
    const [authorized, order] = await sandbox.withWebhooksLost(async () => {
      const first = await api.createOrder(sale(stage));
      step('somebody captures it in Stripe’s Dashboard');
      await sandbox.captureInDashboard(first.payment_intent ?? '');
      step('wait until the feed of events reaches the order');
      const last = await until('the order is captured', NOTICED_WITHIN_MS, async () => {
        const now = await api.order(first.id);
        return now.status === 'authorized' ? undefined : now;
      });
      return [first, last] as const;
    });
    return {
      orders: [order],
      facts: {
        'status first': authorized.status,
        'webhooks of the capture lost': (await sandbox.webhooksLost(type)) - lostBefore,
        status: order.status,
      },
    };
  },
};
