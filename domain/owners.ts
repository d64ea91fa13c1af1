import type { Metadata, OperationIdentity } from './ids.ts';
import { isMadeBy, marksOf } from './ids.ts';

/** Metadata keys that name what a Stripe object belongs to. */
const OWNERS = ['waybill_order', 'waybill_payout', 'waybill_account'] as const;

/** Whether it is another operation's, which made it or was given it, or of another object altogether, such as a payment that was adopted. */
export function isMadeByAnother(operation: OperationIdentity, metadata: Metadata): boolean {
  if (metadata?.waybill_operation !== undefined) return !isMadeBy(operation, metadata);
  const marks = marksOf(operation);
  return OWNERS.some((owner) => metadata?.[owner] !== undefined && metadata[owner] !== marks[owner]);
}

/** Whose a Stripe object is, for people. */
export function ownerIn(metadata: Metadata): string {
  const owner = OWNERS.map((name) => metadata?.[name]).find((id) => id !== undefined);
  const operation = metadata?.waybill_operation;
  return operation === undefined
    ? `that of ${owner}`
    : `the effect of ${operation} of ${owner ?? 'another object'}`;
}
