import { refusalOfCreation } from '../domain/effects.ts';
import type { CreationStamp, OperationStamp } from '../domain/operation-stamp.ts';
import type { OperationOutcome } from '../domain/operations.ts';

/** The outcome of {@link refusalOfCreation}. */
export function refusedCreation(
  operation: OperationStamp & CreationStamp,
  metadata: Readonly<Record<string, string>> | undefined,
  noun: Parameters<typeof refusalOfCreation>[2],
): Extract<OperationOutcome, { type: 'refused' }> | null {
  const why = refusalOfCreation(operation, metadata ?? {}, noun);
  return why && { type: 'refused', problem: why, payment: null, stripeRequestId: null };
}
