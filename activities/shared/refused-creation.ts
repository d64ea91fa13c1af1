import type { OperationOutcome } from '../../contract/operations.ts';
import type { CreationStamp, OperationStamp } from '../../domain/commands/operation-stamp.ts';
import { refusalOfCreation } from '../../domain/orders/effects.ts';

/** The outcome of {@link refusalOfCreation}. */
export function refusedCreation(
  operation: OperationStamp & CreationStamp,
  metadata: Readonly<Record<string, string>> | undefined,
  noun: Parameters<typeof refusalOfCreation>[2],
): Extract<OperationOutcome, { type: 'refused' }> | null {
  const why = refusalOfCreation(operation, metadata ?? {}, noun);
  return why && { type: 'refused', problem: why, payment: null, stripeRequestId: null };
}
