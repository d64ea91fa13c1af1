import type { OrderResource } from '../../../api/orders/order-schema.ts';
import { problemOf } from '../api-client.ts';
import type { Stage } from '../scenario.ts';
import { until } from '../until.ts';
import { sale } from './sale.ts';

/** A webhook, the order's reading of Stripe, and a busy machine. */
const NOTICED_WITHIN_MS = 15_000;

/** Waits until the order shows what is looked for. */
export function untilOrder(
  { api }: Stage,
  { id }: OrderResource,
  isSo: (order: OrderResource) => boolean,
): Promise<OrderResource> {
  return until('the order knows', NOTICED_WITHIN_MS, async () => {
    const now = await api.order(id);
    return isSo(now) ? now : undefined;
  });
}

/** The usual sale, taken back by the customer's bank; a refund in addition is refused. */
export async function disputed(stage: Stage, onDisputeLost: 'recover' | 'bear' = 'bear') {
  const { api, sandbox, step } = stage;
  step('charge 10.00');
  const terms = { capture_method: 'automatic', on_dispute_lost: onDisputeLost } as const;
  const sold = await api.createOrder({ ...sale(stage), ...terms });
  step('the customer’s bank takes it back');
  await sandbox.dispute(sold.latest_charge ?? '');
  const order = await untilOrder(stage, sold, ({ dispute }) => dispute !== null);
  const refused = await problemOf(api.refund(order));
  return { order, refundRefused: refused.status };
}
