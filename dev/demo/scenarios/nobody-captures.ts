import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { until } from '../until.ts';
import { sale } from './sale.ts';

const WINDOW_SECONDS = 2;
/** The window, the second after which the order looks, and a busy machine. */
const NOTICED_WITHIN_MS = 15_000;

/** Nobody asks for anything: Stripe lets the authorization go, and the order finds out by its own timer. */
export const nobodyCaptures: Scenario = {
  name: 'nobody-captures',
  title: "nobody captures: canceled at the window's end",
  expected: {
    customer: usd(0),
    platform: usd(0),
    connected: usd(0),
    stripe: usd(0),
    facts: { 'status first': 'authorized', status: 'expired', 'cents capturable still': 0 },
  },
  async play(stage) {
    const { api, sandbox, step } = stage;
    step(`authorize 10.00, to be captured within ${WINDOW_SECONDS} s (a week with a real Visa card)`);
    const authorized = await sandbox.withCaptureWindow(WINDOW_SECONDS, () => api.createOrder(sale(stage)));
    step('wait for the end of the window');
    const order = await until('the order is over', NOTICED_WITHIN_MS, async () => {
      const now = await api.order(authorized.id);
      return now.status === 'authorized' ? undefined : now;
    });
    return {
      orders: [order],
      facts: {
        'status first': authorized.status,
        status: order.status,
        'cents capturable still': order.amount_capturable,
      },
    };
  },
};
