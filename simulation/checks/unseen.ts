import { openNotices } from '../../domain/orders/notices.ts';
import type { Order } from '../../domain/orders/order.ts';
import { paymentIntentOf } from '../../domain/orders/order.ts';
import { pendingRecoveries } from '../../domain/orders/recovery.ts';
import type { Execution } from '../temporal/execution.ts';
import type { World } from '../world/world.ts';

/** What happened to an order's money that a person has to know, and that nobody was asked about; null: nothing. */
export function unseen({ platform }: World, order: Order, { isOpen, status }: Execution): string | null {
  if (!isOpen && status !== 'FAILED') {
    if (openNotices(order.notices).length > 0) return 'it has ended, and still asks for somebody';
    if (pendingRecoveries(order).length > 0) return 'it has ended before a recovery';
  }
  const { store } = platform.world;
  const asked = new Set(order.notices.map(({ subject }) => subject));
  for (const charge of store.ids('charge', 'payment_intent', paymentIntentOf(order) ?? '')) {
    const { failure_balance_transaction: taken } = store.get('charge', charge) ?? {};
    if (taken !== undefined && !asked.has(charge)) return `${charge} was taken back, and nobody was asked`;
    for (const id of store.ids('dispute', 'charge', charge)) {
      const dispute = store.get('dispute', id);
      if (dispute?.status.endsWith('needs_response') && !asked.has(id))
        return `${id} wants evidence, and nobody was asked`;
    }
    for (const id of store.ids('refund', 'charge', charge)) {
      const refund = store.get('refund', id);
      const isWaiting = store.get('waiting_refund', id) !== undefined;
      if ((refund?.status === 'failed' || isWaiting) && !asked.has(id))
        return `${id} has not reached the customer, and nobody was asked`;
    }
  }
  return null;
}
