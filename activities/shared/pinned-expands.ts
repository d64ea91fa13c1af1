import type { OrderOperation } from '../../contract/operations.ts';
import { expandsOf } from '../../domain/commands/stripe-expands.ts';

/**
 * What an operation's answer expands: pinned by the workflow that asked first. Another list under the same idempotency
 * key would be another request to Stripe.
 */
export function pinnedExpands({ operation, expand }: Pick<OrderOperation, 'operation' | 'expand'>): string[] {
  return [...(expand ?? expandsOf(operation))];
}
