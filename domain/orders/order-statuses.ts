import type { OrderStatus } from './order.ts';

export const ORDER_STATUSES = [
  'pending',
  'requires_payment_method',
  'requires_action',
  'processing',
  'authorized',
  'captured',
  'refunded',
  'canceled',
  'expired',
] as const satisfies readonly OrderStatus[];
