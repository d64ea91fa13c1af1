import type { StripeOperation } from '../../contract/operations.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import { workflowNow } from '../shared/time.ts';
import type { CommandRecord } from './command-record.ts';
import type { Progress } from './perform.ts';

/** Shows an operation as pending while it runs. `run`: reports how far it has come. */
export async function whilePending<T>(
  record: CommandRecord,
  { operation, operationId }: Pick<StripeOperation, 'operation' | 'operationId'>,
  command: CommandEnvelope,
  run: (progress: Progress) => Promise<T>,
): Promise<T> {
  let pending: PendingOperation = { operation, operationId, since: workflowNow(), failure: null };
  const show = (change: Partial<PendingOperation>) => {
    pending = { ...pending, ...change };
    record.showPending(pending);
  };
  show({});
  try {
    return await run({
      onDelay: (failure) => {
        const { code, message, stripeRequestId } = failure;
        const detail = `${code}: ${message} It is being retried.`;
        record.note({ type: 'stripe_call', name: operation, cause: command, detail, stripeRequestId });
        show({ failure });
        record.whenDelayed();
      },
      onWait: (nextAttemptAt) => show({ nextAttemptAt }),
    });
  } finally {
    record.showPending(null);
  }
}
