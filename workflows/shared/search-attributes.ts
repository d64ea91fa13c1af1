import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Need } from '../../domain/orders/needs.ts';
import { dateOf } from './time.ts';

/** Search attributes, by the names that contract/search-attributes.ts registers. */
export const ORDER_STATUS = defineSearchAttributeKey('OrderStatus', SearchAttributeType.KEYWORD);
export const ACCOUNT_STATUS = defineSearchAttributeKey('AccountStatus', SearchAttributeType.KEYWORD);
export const ACCOUNT_DIGEST = defineSearchAttributeKey('AccountDigest', SearchAttributeType.INT);
export const CONNECTED_ACCOUNT = defineSearchAttributeKey('ConnectedAccount', SearchAttributeType.KEYWORD);
export const CUSTOMER = defineSearchAttributeKey('Customer', SearchAttributeType.KEYWORD);
export const NEEDS_ATTENTION = defineSearchAttributeKey('NeedsAttention', SearchAttributeType.BOOL);
export const ATTENTION_CODE = defineSearchAttributeKey('AttentionCode', SearchAttributeType.KEYWORD);
export const ATTENTION_SINCE = defineSearchAttributeKey('AttentionSince', SearchAttributeType.DATETIME);
export const AWAITS_STRIPE = defineSearchAttributeKey('AwaitsStripe', SearchAttributeType.KEYWORD_LIST);
export const PENDING_SINCE = defineSearchAttributeKey('PendingSince', SearchAttributeType.DATETIME);
export const PAYMENT_INTENT = defineSearchAttributeKey('PaymentIntent', SearchAttributeType.KEYWORD);
export const METADATA_DIGESTS = defineSearchAttributeKey('MetadataDigests', SearchAttributeType.KEYWORD_LIST);
export const CAPTURE_BEFORE = defineSearchAttributeKey('CaptureBefore', SearchAttributeType.DATETIME);
export const AMOUNT = defineSearchAttributeKey('Amount', SearchAttributeType.DOUBLE);
export const CURRENCY = defineSearchAttributeKey('Currency', SearchAttributeType.KEYWORD);
export const AMOUNT_CAPTURED = defineSearchAttributeKey('AmountCaptured', SearchAttributeType.INT);
export const AMOUNT_REFUNDED = defineSearchAttributeKey('AmountRefunded', SearchAttributeType.INT);
export const PAYOUT_STATUS = defineSearchAttributeKey('PayoutStatus', SearchAttributeType.KEYWORD);
export const DISPUTE_STATUS = defineSearchAttributeKey('DisputeStatus', SearchAttributeType.KEYWORD);

/** What asks for somebody, and since when. */
export type Asks = Pick<Need, 'code' | 'since'>;

/** Lists what needs attention; null: nobody has to look. */
export function needAttributes(need: Asks | null): readonly SearchAttributeUpdatePair[] {
  return [
    { key: NEEDS_ATTENTION, value: need !== null },
    { key: ATTENTION_CODE, value: need?.code ?? null },
    { key: ATTENTION_SINCE, value: need && dateOf(need.since) },
  ];
}
