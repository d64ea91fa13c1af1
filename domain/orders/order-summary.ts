import type { Need } from './needs.ts';
import { needOfOrder } from './needs.ts';
import type { Order } from './order.ts';
import { orderAmount } from './order.ts';

/**
 * What a list shows of an order and no search attribute holds. In the memo of its workflow from the start, so that a list is
 * answered without asking the workflow. What an order has none of is left out.
 */
export interface OrderSummary {
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  readonly livemode: boolean;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; absent: when its workflow's run started. */
  readonly createdAt?: number;
  readonly need?: Need;
}

/** `startedAt`: when the workflow's run started, in milliseconds since the epoch; null: it is not the first run. */
export function orderSummary(order: Order, startedAt: number | null): OrderSummary {
  const { terms, livemode, createdAt } = order;
  const { currency, description, metadata } = terms;
  const need = needOfOrder(order);
  return {
    amount: orderAmount(order),
    currency,
    livemode,
    ...(description === null ? {} : { description }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(createdAt === startedAt ? {} : { createdAt }),
    ...(need ? { need } : {}),
  };
}
