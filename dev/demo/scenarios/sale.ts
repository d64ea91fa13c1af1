import type { OrderResource } from '../../../api/orders/order-schema.ts';
import type { Stage } from '../scenario.ts';

/** The order of the worked example: 10.00, and the platform keeps 1.23. */
export function sale({ accounts }: Stage) {
  return {
    amount: 1000,
    currency: 'usd',
    token: 'tok_visa',
    connected_account: accounts.us,
    application_fee_amount: 123,
  } as const;
}

/** The same, charged and captured at once. */
export function sold(stage: Stage): Promise<OrderResource> {
  stage.step('charge 10.00; 1.23 of it is the platform’s');
  return stage.api.createOrder({ ...sale(stage), capture_method: 'automatic' });
}
