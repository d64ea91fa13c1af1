import type { OrderResource } from '../../../api/orders/order-schema.ts';
import type { PayoutResource } from '../../../api/payouts/payout-schema.ts';
import type { Stage } from '../scenario.ts';
import { until } from '../until.ts';
import { sale } from './sale.ts';

/** Two looks of the workflow, should its webhook be lost. */
const NOTICED_WITHIN_MS = 20_000;

/** A sale by a card whose money is available at once: 8.77 on the payee's balance. */
export function earned(stage: Stage): Promise<OrderResource> {
  stage.step('charge 10.00 by a card whose money is available at once; 1.23 of it is the platform’s');
  return stage.api.createOrder({
    ...sale(stage),
    token: 'tok_bypassPending',
    connected_account: stage.accounts.payee,
    capture_method: 'automatic',
  });
}

/** The payout once it has come that far. */
export function payoutIn(
  { api }: Stage,
  payout: PayoutResource,
  status: PayoutResource['status'],
): Promise<PayoutResource> {
  return until(`payout ${payout.id} is ${status}`, NOTICED_WITHIN_MS, async () => {
    const now = await api.payout(payout);
    return now.status === status ? now : undefined;
  });
}
