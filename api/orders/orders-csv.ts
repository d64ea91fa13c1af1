import type { UnreadableResource } from '../http/common.ts';
import type { OrderSummaryResource } from './order-schema.ts';

export const ORDER_COLUMNS = [
  'id',
  'created',
  'status',
  'currency',
  'amount',
  'amount_captured',
  'amount_refunded',
  'connected_account',
  'customer',
  'payment_intent',
  'capture_before',
  'needs_attention',
  'description',
  'metadata',
] as const;

type OrderRow = Readonly<Record<(typeof ORDER_COLUMNS)[number], string | number | null>>;

/** An item of a list as a row of a table; amounts in minor units. Of one that cannot be read little is known. */
export function orderRow(item: OrderSummaryResource | UnreadableResource): OrderRow {
  if ('unreadable' in item) {
    const { id, created, status, connected_account, attention_code } = item;
    const known = { id, created, status, connected_account, needs_attention: attention_code };
    return { ...NOTHING_KNOWN, ...known };
  }
  const { needs_attention: need, metadata, object: _, livemode: __, ...columns } = item;
  const hasMetadata = Object.keys(metadata).length > 0;
  return {
    ...columns,
    needs_attention: need?.code ?? null,
    metadata: hasMetadata ? JSON.stringify(metadata) : null,
  };
}

const NOTHING_KNOWN = Object.fromEntries(ORDER_COLUMNS.map((column) => [column, null])) as OrderRow;
