import { defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributeName } from './search-attributes.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

export const ORDER_STATUS = keyOf('OrderStatus');
export const ACCOUNT_STATUS = keyOf('AccountStatus');
export const ACCOUNT_DIGEST = keyOf('AccountDigest');
export const CONNECTED_ACCOUNT = keyOf('ConnectedAccount');
export const CUSTOMER = keyOf('Customer');
export const NEEDS_ATTENTION = keyOf('NeedsAttention');
export const ATTENTION_CODE = keyOf('AttentionCode');
export const ATTENTION_SINCE = keyOf('AttentionSince');
export const AWAITS_STRIPE = keyOf('AwaitsStripe');
export const PENDING_SINCE = keyOf('PendingSince');
export const PAYMENT_INTENT = keyOf('PaymentIntent');
export const METADATA_DIGESTS = keyOf('MetadataDigests');
export const CAPTURE_BEFORE = keyOf('CaptureBefore');
export const AMOUNT = keyOf('Amount');
export const CURRENCY = keyOf('Currency');
export const AMOUNT_CAPTURED = keyOf('AmountCaptured');
export const AMOUNT_REFUNDED = keyOf('AmountRefunded');
export const PAYOUT_STATUS = keyOf('PayoutStatus');
export const DISPUTE_STATUS = keyOf('DisputeStatus');
export const EVENT_TYPE = keyOf('EventType');

function keyOf<Name extends SearchAttributeName>(name: Name) {
  return defineSearchAttributeKey(name, SEARCH_ATTRIBUTES[name]);
}
