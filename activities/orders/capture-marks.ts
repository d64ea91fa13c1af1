import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { CaptureOperation } from '../../contract/operations.ts';
import { METADATA_KEYS_MAX } from '../../domain/ids.ts';
import { CAPTURE_MARKS } from '../../domain/orders/metadata.ts';

/**
 * 54 bits. Stripe captures a payment up to 50 times (docs.stripe.com/payments/multicapture): as many marks with a space between
 * them fit into the 500 characters of a metadata value.
 */
const MARK_LENGTH = 9;

function markOf({ operationId }: CaptureOperation): string {
  return createHash('sha256').update(operationId).digest('base64url').slice(0, MARK_LENGTH);
}

/** Whether this capture took effect: by its mark, or by the amount where the payment has no room for one. */
export function hasCapture(operation: CaptureOperation, intent: Stripe.PaymentIntent): boolean {
  if (hasRoom(intent)) return marksIn(intent).includes(markOf(operation));
  return intent.amount_received === operation.amountCapturedBefore + operation.amount;
}

/** What leaves the mark together with the capture. */
export function withMark(
  operation: CaptureOperation,
  intent: Stripe.PaymentIntent,
): Stripe.PaymentIntentCaptureParams {
  if (!hasRoom(intent)) return {};
  return { metadata: { [CAPTURE_MARKS]: [...marksIn(intent), markOf(operation)].join(' ') } };
}

function marksIn({ metadata }: Stripe.PaymentIntent): string[] {
  return metadata[CAPTURE_MARKS]?.split(' ') ?? [];
}

/** Only a payment that was adopted can have none. */
function hasRoom({ metadata }: Stripe.PaymentIntent): boolean {
  return CAPTURE_MARKS in metadata || Object.keys(metadata).length < METADATA_KEYS_MAX;
}
